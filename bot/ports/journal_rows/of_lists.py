"""Questions of the lists that people ask for: in an order, from a place in it, and never more than is shown at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol

from bot.domain.copies import CopyState
from bot.domain.identifiers import NO_IMAGE, NO_PATIENT, ImageId, PatientId, PersonId
from bot.domain.image import Image, State


@dataclass(frozen=True, slots=True)
class Place:
    """A place among images in the order in which they came."""

    at: datetime
    id: ImageId

    @classmethod
    def of(cls, image: Image) -> Place:
        return cls(image.received_at, image.id)


BEFORE_ALL = Place(datetime(1970, 1, 1, tzinfo=UTC), NO_IMAGE)
AFTER_ALL = Place(datetime(9999, 1, 1, tzinfo=UTC), NO_IMAGE)


@dataclass(frozen=True, slots=True)
class LastEntry:
    """When something was last entered in the record of a patient in which there is something to destroy one day."""

    patient_id: PatientId
    at: datetime
    born: date


@dataclass(frozen=True, slots=True)
class RecordPlace:
    """A place among records in the order of what `key` is: when the last entry was made, or when the patient was born."""

    key: date  # or a moment, which is one
    patient_id: PatientId = NO_PATIENT


FIRST_ENTERED = RecordPlace(BEFORE_ALL.at)
FIRST_BORN = RecordPlace(date(1, 1, 1))


class Lists(Protocol):
    async def waiting(self, after: Place, most: int) -> list[Image]:
        """Return images that are not safely filed, or that nobody has taken, the longest waiting first."""

    async def without_a_note(self, after: Place, most: int) -> list[Image]:
        """Return images from outside clinicians that have no note of the discussion yet (R5), the longest waiting first."""

    async def taken_by(self, person_id: PersonId, before: Place, most: int) -> list[Image]:
        """Return images that this person has taken and for which nothing waits any more, the newest first."""

    async def sent_by(self, sender_id: PersonId, before: Place, most: int) -> list[Image]:
        """Return what this person sent, the newest first."""

    async def of_patient(self, patient_id: PatientId, before: Place, most: int) -> list[Image]:
        """Return what belongs to this patient, the newest first."""

    async def records_of_grown_ups(self, entered_by: datetime, after: RecordPlace, most: int) -> list[LastEntry]:
        """Return records whose last entry was made by then, and not in childhood, the longest without one first."""

    async def records_of_children(
        self, entered_by: datetime, born_by: date, after: RecordPlace, most: int
    ) -> list[LastEntry]:
        """Return records whose last entry was made by then, and in childhood, of patients born by a day, the oldest first.

        Where the last entry was made within a day of the birthday on which somebody grows up, this includes it too.
        """

    async def images_in(self, states: Collection[State]) -> Mapping[State, int]:
        """Return how many images there are in each of these states that has any."""

    async def copies_in(self, state: CopyState, most: int) -> int:
        """Return how many copies are in this state, counting no further than `most`."""

    async def given_up(self) -> Mapping[tuple[str, str], int]:
        """Return how many intents a person must look at, by their kind and what went wrong."""

    async def failing(self, most: int) -> list[str]:
        """Return what went wrong with intents that are being tried again for the third time at least."""

    async def kept_in_chat(self, destinations: Collection[str], most: int) -> Mapping[str, int]:
        """Return of how many entries something is still in the chat because of a copy that does not get to one of these
        destinations before a person looks, by destination; count no further than `most`.
        """
