"""The device check of clinicians: attested at enrolment and every few months; while it is overdue they get no images (R21).

They attest a password, no automatic upload to a cloud, an end-to-end encrypted platform, and remote wipe. Policy says how often,
and how long the question may stay unanswered before it blocks; zero months switches the check off.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime, timedelta
from enum import StrEnum


class Check(StrEnum):
    CURRENT = "current"
    DUE = "due"  # asked, and images still go
    OVERDUE = "overdue"


def check_of(due_at: datetime | None, months: int, grace: timedelta, at: datetime) -> Check:
    """Return how somebody's device check stands. `due_at` None: they were never asked, so it is due from now on."""
    if months == 0 or (due_at is not None and at < due_at):
        return Check.CURRENT
    if due_at is None or at < due_at + grace:
        return Check.DUE
    return Check.OVERDUE


def next_check(attested_at: datetime, months: int) -> datetime:
    """Return the same day that many months later, or the last day of a shorter month."""
    year, month = divmod(attested_at.month - 1 + months, 12)
    year, month = attested_at.year + year, month + 1
    return attested_at.replace(year=year, month=month, day=min(attested_at.day, monthrange(year, month)[1]))
