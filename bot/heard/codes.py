"""An invitation's code, wherever in a message it stands. A day is none: "7th June 1984" has the shape of one."""

from __future__ import annotations

import re

from bot.domain.deeds import RedeemCode
from bot.domain.invitation_codes import looks_like_a_code, read_code

from .written_days import without_days

_IN_WORDS = re.compile(
    r"(?<![\w-])([0-9a-z]{3})[\s\-–—._]+([0-9a-z]{4})[\s\-–—._]+([0-9a-z]{4})(?![\w-])"
    r"|(?<![\w-])([0-9a-z]{11})(?![\w-])",
    re.IGNORECASE,
)
_PART = re.compile(r"\W*[0-9a-z]{3}[-–—][0-9a-z]{4}\W*$", re.IGNORECASE)


def code_in(text: str) -> RedeemCode | None:
    """Return the code that stands in the text, None where there is none. It has a figure in it: eleven letters are a word."""
    text = without_days(text).replace("_", "-")
    whole = read_code(text)
    if whole is not None and (looks_like_a_code(text) or any(sign.isdigit() for sign in text)):
        return RedeemCode(*whole)
    for found in _IN_WORDS.finditer(text):
        code = read_code(found[0])
        if code is not None and any(sign.isdigit() for sign in found[0]):
            return RedeemCode(*code)
    return None


def looks_like_part_of_a_code(text: str) -> bool:
    """Return whether the whole text is the first two groups of a code."""
    return bool(_PART.match(text)) and any(sign.isdigit() for sign in text)
