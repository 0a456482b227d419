"""What plain words say is so: what they deny, and what is long past, is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .phrase_lists import Phrases, any_of
from .plain import clauses

_DENIED = re.compile(
    r"(?<= )(?:no|not|nobody|noone|never|"
    r"without|denies|nor|dont have|doesnt have|didnt have|havent had|havent got|hasnt had|hasnt got|isnt"
    r"|arent|wasnt|werent|zero|nothing like|free of|rather than) (?!(?:sure|idea|certain|help|reply|answer|doctor|improvement) )"
    r"(?:(?!(?:and|but|now|then|because|though|however) )[^\W_]+ ){0,4}$"
)
_REACH = 120  # letters: a denial and four words after it
_PAST = any_of(
    "in|since 19*|200*|201*|2020|2021|2022|2023|2024",
    "years|decades|months ago",
    "last year|summer|winter|spring|autumn",
    "history of",
    "used to",
    "as a child|kid|baby|teenager|boy|girl",
    "when i was",
    "childhood",
)
_AGAIN = any_of("again|now|today|tonight|just|still|currently")


def standing(signs: Phrases, words: str) -> Iterator[str]:
    """Yield the signs that are neither denied nor long past."""
    return (sign for clause in clauses(words) if not is_past(clause) for sign in not_denied(signs, clause))


def not_denied(signs: Phrases, clause: str) -> Iterator[str]:
    """Yield the signs that stand in a clause with nothing before them that denies them."""
    return (clause[start:end].strip() for start, end in signs.spans(clause) if not is_denied(clause, start))


def is_denied(clause: str, at: int) -> bool:
    """Return whether what begins here is denied by what stands before it: "no sign of any fever"."""
    return bool(_DENIED.search(clause, max(0, at - _REACH), at))


def is_past(words: str) -> bool:
    """Return whether what is said here is long past. It takes nothing from what is said beside it."""
    return _PAST.search(words) and not _AGAIN.search(words)
