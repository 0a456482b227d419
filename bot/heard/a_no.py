"""Words that are clearly a no, a stop or a withdrawal, of somebody who may not be heard at the moment (R28a)."""

from __future__ import annotations

from bot.domain.conversation import Open
from bot.domain.deeds import GiveAnswer, HoldPhoto, PlainAnswer, SayNo, SayStop
from bot.domain.references import references_in

from .patient import Written, deed_of
from .plain import plain

_STOPS = frozenset({"stop", "withdraw"})
_BEGINS = _STOPS | {"no"}
_BEFORE = frozenset({".", ",", "?", "please"})


def no_in(text: str) -> SayNo | None:
    """Return the no that these words are, None where they are none."""
    return SayNo(references_in(text), numbers_in(text), says_stop(text)) if says_no(text) else None


def says_no(text: str) -> bool:
    """Return whether it is one, as it would be heard of somebody who was asked. Too many are better than too few: only a pause
    follows from it."""
    first = next((word for word in plain(text).split() if word not in _BEFORE), "")
    deed = deed_of(Written(text, frozenset({Open.CONSENT})))
    refuses = isinstance(deed, GiveAnswer) and deed.answer is PlainAnswer.NO
    return first in _BEGINS or refuses or isinstance(deed, HoldPhoto | SayStop)


def says_stop(text: str) -> bool:
    """Return whether it takes something back, and does not only answer."""
    first = next((word for word in plain(text).split() if word not in _BEFORE), "")
    return first in _STOPS or isinstance(deed_of(Written(text)), HoldPhoto | SayStop)


def numbers_in(text: str) -> frozenset[str]:
    """Return the numbers of polls that the words name: "no 4821"."""
    words = (word.strip(".,!;:?") for word in text.split())
    return frozenset(word for word in words if len(word) == 4 and word.isdigit())
