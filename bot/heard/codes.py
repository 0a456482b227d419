"""An invitation's code, wherever in a message it stands."""

from __future__ import annotations

import re

from bot.domain.deeds import RedeemCode
from bot.domain.invitations import read_code

_IN_WORDS = re.compile(
    r"(?<![\w-])([0-9a-z]{3})[\s\-–—.]+([0-9a-z]{4})[\s\-–—.]+([0-9a-z]{4})(?![\w-])"
    r"|(?<![\w-])([0-9a-z]{11})(?![\w-])",
    re.IGNORECASE,
)


def code_in(text: str) -> RedeemCode | None:
    """Return the code that stands in the text; one that stands among other words has a figure in it. None where there is none."""
    whole = read_code(text)
    if whole is not None:
        return RedeemCode(*whole)
    for found in _IN_WORDS.finditer(text):
        code = read_code(found[0])
        if code is not None and any(one.isdigit() for one in found[0]):
            return RedeemCode(*code)
    return None
