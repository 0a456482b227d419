"""One thing that was checked, and one that does not agree."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.domain.errors import OutsideFailure, Permanent


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing checked: what was seen, and what to do when it is not right.

    `ok` is True (seen to be right), False (seen to be wrong), or None: it cannot be known yet, or was chosen so. `risky` marks
    a choice, with nothing broken, by which something may be lost or left behind: it is said loudly.
    """

    name: str
    ok: bool | None
    what: str
    mend: str = ""
    risky: bool = False

    @staticmethod
    def risk(name: str, what: str, mend: str) -> Finding:
        return Finding(name, None, what, mend, risky=True)


Repair = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Deviation:
    """Something that does not agree. `repair` is None where only a person can mend it."""

    what: str
    lost: str
    mend: str
    repair: Repair | None = None


def told(failure: OutsideFailure) -> str:
    return str(failure).removeprefix(f"{failure.code}: ") if isinstance(failure, Permanent) else str(failure)
