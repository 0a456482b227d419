"""Words that are clearly a no, a stop or a withdrawal, of somebody who may not be heard at the moment (R28a)."""

from __future__ import annotations

from bot.domain.conversation import NO
from bot.domain.references import as_reference

_BEGINS = NO | {"stop", "withdraw"}
_SAYS = ("withdraw", "stop using", "stop sharing", "don't use", "don’t use", "dont use", "do not use", "don't share")


def says_no(text: str) -> bool:
    """Whether it is one. Too many are better than too few: nothing but a pause follows from it."""
    words = " ".join(text.casefold().split())
    first = words.removeprefix("please ").split(" ")[0].strip(".,!;:")
    return first in _BEGINS or any(said in words for said in _SAYS)


def references_in(text: str) -> frozenset[str]:
    """The images that the words name, if any."""
    named = {as_reference(word.strip(".,!;:?")) for word in text.split() if word.casefold().startswith("img")}
    return frozenset(ref for ref in named if ref)


def numbers_in(text: str) -> frozenset[str]:
    """The numbers of polls that the words name: "no 4821"."""
    words = (word.strip(".,!;:?") for word in text.split())
    return frozenset(word for word in words if len(word) == 4 and word.isdigit())
