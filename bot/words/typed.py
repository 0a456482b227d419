"""What only says how to type an answer: it stands in what is said, and a page, which has a button for it, leaves it out.
Nothing is marked so for which there may be no button there.

Its bounds are half characters, which nothing from outside can hold (`bot.matrix.foreign_json`) and nothing can store or send: words
can't leave with them.
"""

from __future__ import annotations

import re
from typing import Final

_BEGINS: Final = "\ud800"
_ENDS: Final = "\ud801"
_PART = re.compile(f"{_BEGINS}(.*?){_ENDS}", re.DOTALL)


def typed(words: str) -> str:
    """Mark a part of a sentence as one that only says how to type an answer."""
    return f"{_BEGINS}{words}{_ENDS}"


def taken_apart(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the whole text as everybody may read it, and the parts of it that only say how to type an answer."""
    return _PART.sub(r"\1", text), tuple(_PART.findall(text))
