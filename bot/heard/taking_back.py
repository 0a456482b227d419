"""Words that ask to hold or take back a photo: stop, delete, the wrong one, do not use it (R34).

Nothing is destroyed for them: the photo is held and one tap is asked for. So a wish too many costs a tap, and a wish overheard
files what its sender wanted back.
"""

from __future__ import annotations

from .asking import is_asked
from .health import about_health
from .phrase_lists import any_of, words_of
from .plain import sentences
from .taking_back_signs import (
    AWAY,
    AWAY_ALL_THE_SAME,
    BY_MISTAKE,
    CONSENT_BACK,
    KEEPING_NOT,
    KEEPS,
    NOT_DELETED,
    NOT_MEANT,
    NOT_TO_USE,
    OTHERS_NOT,
    UNWANTED,
    WANTED,
    WRONG,
)

_REMOVES, _REFUSES = any_of(*AWAY), any_of(*NOT_TO_USE, *CONSENT_BACK)
_IS_WRONG = any_of(*WRONG)
_STOPS = words_of("stop stopp stopit halt basta quit unsubscribe arrete arretez parar pare")
_AROUND_STOP = words_of(
    """
    please oh no wait hang on ok just now it that this thanks thank you the can could i want to messaging texting me already right
    everything all contacting messages sir doctor at once immediately enough
    """
)


def takes_back(words: str) -> bool:
    """Return whether plain words ask that a photo is not kept or not used, or say that it was not meant to be sent."""
    return takes_away(words) or refuses_use(words) or is_wrong(words)


def takes_away(words: str) -> bool:
    """Return whether plain words ask to remove a photo. A question about doing so does not."""
    meant = [NOT_MEANT.without(clause) for clause in _said(words)]
    return any(_REMOVES.search(KEEPS.without(clause)) or AWAY_ALL_THE_SAME.search(clause) for clause in meant)


def refuses_use(words: str) -> bool:
    """Return whether plain words refuse that a photo is kept or used."""
    return (OTHERS_NOT.search(words) or _REFUSES.search(words)) and any(
        OTHERS_NOT.search(clause) or _REFUSES.search(NOT_MEANT.without(clause)) for clause in _said(words)
    )


def is_wrong(words: str) -> bool:
    """Return whether plain words say that a photo is the wrong one, or was sent by mistake."""
    if not (_IS_WRONG.search(words) or BY_MISTAKE.search(words)):
        return False
    meant = [NOT_MEANT.without(clause) for clause in _said(words)]
    return any(_IS_WRONG.search(clause) or (BY_MISTAKE.search(clause) and not about_health(clause)) for clause in meant)


def without_mistakes(words: str) -> str:
    """Return plain words without what says that a photo is the wrong one."""
    return _IS_WRONG.without(words)


def without_wishes(words: str) -> str:
    """Return plain words without what asks to take a photo back or not to use it, and what says that it is the wrong one."""
    left = without_mistakes(words)
    return left if keeps(left) else _REFUSES.without(_REMOVES.without(left))


def keeps(words: str) -> bool:
    """Return whether plain words ask that a photo is kept."""
    return any(
        KEEPS.search(KEEPING_NOT.without(clause))
        or NOT_DELETED.search(clause)
        or WANTED.search(UNWANTED.without(clause))
        for clause in _said(words)
    )


def says_stop(words: str) -> bool:
    """Return whether the whole message is "stop": it does not say of what."""
    said = {word for word in words.split() if not word.isdigit()} - {".", ",", "?", "yes"}  # "stop. yes 4821"
    return bool(said & _STOPS) and said <= _STOPS | _AROUND_STOP


def _said(words: str) -> list[str]:
    return [sentence for sentence in sentences(words) if not is_asked(sentence)]
