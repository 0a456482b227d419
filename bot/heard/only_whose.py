"""Words that say whose a photo is, and nothing else: “that photo is Leo's”, “sorry, I meant Leo”, “wrong one, it's Leo” (R15)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.spelling import folded

from .given_names import given_names_in

LONGEST = 200  # characters, far more than such words have


def only_whose(text: str, names: Sequence[str]) -> frozenset[int]:
    """Return the numbers of those listed whose the words say it is, by a given name; none where they say anything else."""
    found = _WHOSE.fullmatch(_one_line(text))
    return _whose(found, names) if found else frozenset()


def chosen_again(text: str, names: Sequence[str]) -> int:
    """Return the number of the one listed who is put in place of who was chosen: “sorry, 3”, “Leo”; 0 where nobody is."""
    line = _one_line(text)
    numbered, named = _NUMBER.fullmatch(line), _WHOSE.fullmatch(line) or _NAME_ALONE.fullmatch(line)
    if numbered:
        return int(numbered[1])
    who = _whose(named, names) if named else frozenset()
    return min(who) if len(who) == 1 else 0


def _one_line(text: str) -> str:
    return " ".join(text.split()) if len(text) <= LONGEST else ""


def _whose(found: re.Match[str], names: Sequence[str]) -> frozenset[int]:
    """Return whose name it is that was found: what stands behind the given name must be theirs too, and no "knee"."""
    name = next(filter(None, found.groups()), "")
    who = given_names_in(name, names)
    others = [word.removesuffix("'s").removesuffix("’s") for word in folded(name).split()[1:]]
    fits = len(who) == 1 and all(word in folded(names[number - 1]).split() for number in who[0] for word in others)
    return who[0] if fits else frozenset()


_TAKES_BACK = (
    r"(?:(?:so\s)?sorry|no|oh|oops|whoops|ah|ops|actually|wait|hang on|correction|my mistake|my bad|hi|hello|"
    r"(?:that['’]?s |that is |that was |it['’]?s )?(?:the )?wrong"
    r"(?: (?:one|child|kid|photo|picture|pic|person|name|number|patient))?)"
)
_BEFORE = rf"(?:{_TAKES_BACK}[\s.,:;!–—-]+)*"
_BEHIND = r"(?:[\s.,:;!–—-]+(?:sorry|please|pls|thanks|thank you|instead|actually|not (?:of |for )?[\w'’-]+))*\W*"
_NAME = r"(?:my (?:son |daughter )?)?([^\W\d_][\w'’-]*(?: [^\W\d_][\w'’-]*)??)(?: one| photo| picture| pic)?"
_IT = r"(?:(?:that|this|the|it)(?: last| first| other| new)?(?: photo| picture| pic| image| one)?)"
_IS = r"(?:['’]?s| is| was| shows| should be| should have been| is meant to be| was meant to be| belongs to| goes to)"
_FOR = r"(?: of| for| meant for| about| under| to)?"
_NOT_BUT = r"(?: not [\w'’-]+[\s,;–—-]+(?:but |it['’]?s |that['’]?s |it is |that is )?)?"
_WHOSE = re.compile(
    rf"{_BEFORE}(?:"
    rf"(?:{_IT}{_IS}|should be|meant to be){_NOT_BUT}{_FOR} ?{_NAME}"
    rf"|(?:i |we )?(?:meant|mean){_FOR} {_NAME}"
    rf"|(?:please )?(?:move|put|file|change|switch|give)(?: {_IT})?(?: to| under| for| with) {_NAME}"
    rf")(?: (?:record|file|name|notes))?{_BEHIND}",
    re.IGNORECASE,
)
_NAME_ALONE = re.compile(rf"{_BEFORE}{_NAME}{_BEHIND}", re.IGNORECASE)
_NUMBER = re.compile(
    rf"{_BEFORE}(?:(?:i |we )?meant |it['’]?s |it is )?(?:number |no\. ?|#)?\(?(\d{{1,2}})\)?{_BEHIND}", re.IGNORECASE
)
