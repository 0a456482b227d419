"""One thing that was checked."""

from __future__ import annotations

from dataclasses import dataclass

from ..domain.errors import OutsideFailure, Permanent


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing checked: what was seen, and what to do when it is not right."""

    name: str
    ok: bool | None
    what: str
    mend: str = ""


def told(failure: OutsideFailure) -> str:
    return str(failure).removeprefix(f"{failure.code}: ") if isinstance(failure, Permanent) else str(failure)
