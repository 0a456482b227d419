"""Whether pictures may go to a clinician's device: its check is in time, and it was compared where policy wants (R21, R22)."""

from __future__ import annotations

from bot.domain.devices import Check, check_of
from bot.domain.people import Person

from .transaction import Transaction


def check(person: Person, tx: Transaction) -> Check:
    """Return whether the device check of this person is current, due or overdue; people who are not clinicians have none."""
    if not person.is_clinician:
        return Check.CURRENT
    return check_of(person.device_check_due, tx.policy.device_check_months, tx.policy.device_grace, tx.now)


def to_be_compared(person: Person, tx: Transaction) -> bool:
    """Return whether policy wants emoji compared with them before any image comes or goes, and nobody has done it yet (R22)."""
    return tx.policy.verify_clinicians and person.is_clinician and person.verified_at is None
