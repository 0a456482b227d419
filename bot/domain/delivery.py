"""One entry on its way to one destination: a row that waits, however long the place is away, until the copy is as sure as can be.

Written in the transaction that files the entry, so nothing is forgotten. Only what `delivery_events` lists changes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from .assurance import CopyForm, Level, Residue
from .consignment import copy_id
from .delivery_reasons import FOR_A_PERSON, LACKS_BESIDE, LOST, UNREAD, WITHHELD
from .identifiers import NO_PATIENT, DeliveryId, PatientId

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)  # due before anything that was tried
OPEN = frozenset({Level.WAITING, Level.UNKNOWN})


def lane_until_secured(entry_id: str) -> str:
    """Return the lane of what waits until the copies of an entry are as sure as they must be."""
    return f"secured:{entry_id}"


@dataclass(frozen=True, slots=True)
class Delivery:
    """`patient_id`: under whom a copy lies there, or is to. `towards`: under whom one was begun to be placed, and not noted.

    After a refusal `towards` says that something may lie there all the same. `due`: when to look at it next; None when there is
    nothing to do.
    """

    id: DeliveryId
    entry_id: str
    destination: str
    patient_id: PatientId
    since: datetime
    state: Level = Level.WAITING
    form: CopyForm = CopyForm.ORIGINAL
    ref: dict[str, str] | None = None  # None until a copy was placed
    sha256: str = ""  # of what was placed: a clean copy has its own
    towards: PatientId = NO_PATIENT
    tries: int = 0
    due: datetime | None = AT_ONCE
    why: str = ""
    residue: Residue | None = None  # set once the copy was to be removed
    version: int = 0

    def under(self, patient_id: PatientId) -> dict[str, str]:
        """Return how its place finds the copy under this patient, also one that was placed and never noted."""
        noted = (self.ref or {}) if patient_id == self.patient_id else {}
        return noted | {"id": copy_id(self.entry_id, patient_id, self.destination), "entry": self.entry_id}

    def astray(self, patient_id: PatientId) -> list[PatientId]:
        """Return under whom else, than whose the entry is now, a copy lies or may lie."""
        of = dict.fromkeys((self.patient_id, self.towards))
        return [other for other in of if other not in {NO_PATIENT, patient_id}]

    def in_a_receipt(self) -> dict[str, str]:
        """Return where the copy is and how sure that is, as a receipt keeps it (R35)."""
        return {"in": self.destination, "level": self.state.value, "of": self.form.value, "why": self.why}

    @property
    def is_withheld(self) -> bool:
        """Return whether it stays here on purpose, so that nothing waits for it."""
        return self.state is Level.REFUSED and self.why in WITHHELD

    def stands_as(self, before: Delivery) -> bool:
        """Return whether people were asked the same before: of the same patient's copy, for the same reason."""
        asked, now = ((one.patient_id, one.state, one.why) for one in (before, self))
        return before.needs_a_person and asked == now

    @property
    def may_lie_refused(self) -> bool:
        """Return whether it was refused, and something of it may lie there."""
        return self.state is Level.REFUSED and self.towards != NO_PATIENT

    def is_settled_under(self, patient_id: PatientId) -> bool:
        """Return whether a copy was placed under this patient and never looked for in vain: it stays, whatever is refused."""
        return self.ref is not None and self.patient_id == patient_id and self.why != LOST

    @property
    def lacks_beside(self) -> bool:
        """Return whether the copy is verified, and what programs read beside it is not there as it should be."""
        return self.state is Level.VERIFIED and self.why in LACKS_BESIDE

    @property
    def is_still_to_go(self) -> bool:
        """Return whether no copy was placed yet, and one is to be."""
        return self.state is Level.WAITING and self.ref is None and self.residue is None

    @property
    def is_there(self) -> bool:
        """Return whether a copy lies there, of which nothing bad is known."""
        return self.ref is not None and self.residue is None and not self.needs_a_person

    @property
    def is_as_it_should_be(self) -> bool:
        """Return whether it is as sure as can be, and complete."""
        return self.is_there and self.state not in OPEN and not self.why

    @property
    def was_asked_about(self) -> bool:
        """Return whether people may have been asked to look at it or at what it waits for."""
        return self.needs_a_person or self.why in LACKS_BESIDE or self.why == UNREAD

    @property
    def needs_a_person(self) -> bool:
        """Return whether nothing more comes of it by itself."""
        if self.state is Level.UNKNOWN:
            return self.why in FOR_A_PERSON
        return self.state is Level.REFUSED and not self.is_withheld
