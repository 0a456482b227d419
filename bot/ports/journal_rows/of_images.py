"""Questions about images, their copies, and the words that are filed with them."""

from __future__ import annotations

from collections.abc import Collection

from bot.domain.breach import Breach
from bot.domain.copies import Copy, CopyState, What
from bot.domain.document import Document, DocumentState
from bot.domain.entries import EntryKind
from bot.domain.identifiers import (
    Account,
    BreachId,
    CopyId,
    DocumentId,
    EventId,
    ImageId,
    LegalHoldId,
    MediaId,
    PatientId,
    PersonId,
    RoomId,
    UseId,
)
from bot.domain.image import HeldFor, Image, State
from bot.domain.retention_rules import Destruction, LegalHold
from bot.domain.screening import Screening

from .one_table import Rows, Several, given


class ImageRows(Rows[Image, ImageId]):
    async def with_ref(self, ref: str) -> Image | None:
        """Return the one that people call by this reference."""
        return await self._table.first(ref=ref)

    async def of_event(self, event_id: EventId, room_id: RoomId, sender_id: PersonId | None = None) -> list[Image]:
        """Return those that this message brought; of whatever sender unless one is named."""
        return await self._table.find(event_id=event_id, room_id=room_id, **given(sender_id=sender_id))

    async def of_patient(self, patient_id: PatientId) -> list[Image]:
        return await self._table.find(patient_id=patient_id)

    async def of_patients(self, patient_ids: Several[PatientId]) -> list[Image]:
        return await self._table.find(patient_id=list(patient_ids)) if patient_ids else []

    async def sent_by(
        self, sender_id: PersonId, states: Collection[State] | None = None, held_for: HeldFor | None = None
    ) -> list[Image]:
        """Return what this person sent, in all states unless some are named."""
        return await self._table.find(sender_id=sender_id, **given(state=states, held_for=held_for))

    async def sent_before(self, ids: Several[ImageId], sender_id: PersonId) -> list[Image]:
        """Return those of these that this person sent."""
        return await self._table.find(id=list(ids), sender_id=sender_id) if ids else []

    async def taken_by(self, person_id: PersonId) -> list[Image]:
        return await self._table.find(taken_by=person_id)

    async def in_states(self, states: Collection[State]) -> list[Image]:
        return await self._table.find(state=states)

    async def in_states_of_nobody(self, states: Collection[State]) -> list[Image]:
        """Return those in these states that nobody has taken."""
        return await self._table.find(state=states, taken_by="")

    async def held_for(self, held_for: HeldFor) -> list[Image]:
        return await self._table.find(state=State.HELD, held_for=held_for)

    async def with_digest(self, sha256: str, sender_id: PersonId | None = None) -> list[Image]:
        """Return those of the same bytes; of whatever sender unless one is named."""
        return await self._table.find(sha256=sha256, **given(sender_id=sender_id))

    async def forms_of(
        self,
        image_id: ImageId,
        *,
        patient_id: PatientId | None = None,
        state: State | None = None,
        held_for: HeldFor | None = None,
    ) -> list[Image]:
        """Return the signed consent forms that belong to an image."""
        return await self._table.find(form_of=image_id, **given(patient_id=patient_id, state=state, held_for=held_for))

    async def forms_of_any(self, image_ids: Several[ImageId]) -> list[Image]:
        return await self._table.find(form_of=list(image_ids)) if image_ids else []


class CopyRows(Rows[Copy, CopyId]):
    async def of_image(
        self, image_id: ImageId, *, state: CopyState | None = None, what: What | None = None
    ) -> list[Copy]:
        return await self._table.find(image_id=image_id, **given(state=state, what=what))

    async def of_images(self, image_ids: Several[ImageId], state: CopyState | None = None) -> list[Copy]:
        return await self._table.find(image_id=list(image_ids), **given(state=state)) if image_ids else []

    async def of_document(self, document_id: DocumentId, state: CopyState) -> list[Copy]:
        return await self._table.find(document_id=document_id, state=state)

    async def of_post(self, post_key: str, *, state: CopyState | None = None, what: What | None = None) -> list[Copy]:
        """Return what the bot said and showed in one post of its own."""
        return await self._table.find(post_key=post_key, **given(state=state, what=what))

    async def of_posts(
        self, post_keys: Several[str], *, state: CopyState | None = None, what: What | None = None
    ) -> list[Copy]:
        return await self._table.find(post_key=list(post_keys), **given(state=state, what=what)) if post_keys else []

    async def of_event(self, event_id: EventId, room_id: RoomId | None = None) -> list[Copy]:
        return await self._table.find(event_id=event_id, **given(room_id=room_id))

    async def naming_nothing(self, event_id: EventId) -> list[Copy]:
        """Return the message itself, where it is a copy of no image yet."""
        return await self._table.find(event_id=event_id, mxc="", image_id="")

    async def like(self, copy: Copy) -> list[Copy]:
        """Return those of the same message and media, in the same state."""
        return await self._table.find(event_id=copy.event_id, mxc=copy.mxc, state=copy.state)

    async def of_media(self, mxcs: Several[MediaId]) -> list[Copy]:
        return await self._table.find(mxc=list(mxcs)) if mxcs else []

    async def of_media_of(self, mxc: MediaId, account: Account) -> list[Copy]:
        """Return those of media that this account uploaded: another's can only be named."""
        return await self._table.find(mxc=mxc, owner=account)

    async def unclaimed(self, mxc: MediaId, account: Account) -> list[Copy]:
        """Return those of this account's media that belong to no image yet."""
        return await self._table.find(mxc=mxc, owner=account, image_id="", state=CopyState.KNOWN)

    async def in_room(self, room_id: RoomId, what: What | None = None) -> list[Copy]:
        """Return what is known to be in a room."""
        return await self._table.find(room_id=room_id, state=CopyState.KNOWN, **given(what=what))

    async def among_in_room(self, ids: Several[CopyId], room_id: RoomId) -> list[Copy]:
        return await self._table.find(id=list(ids), room_id=room_id) if ids else []

    async def with_digest(self, sha256: str) -> list[Copy]:
        """Return the pictures of these bytes that the bot showed."""
        return await self._table.find(sha256=sha256)

    async def in_state(self, state: CopyState) -> list[Copy]:
        return await self._table.find(state=state)


class DocumentRows(Rows[Document, DocumentId]):
    async def of_image(
        self,
        image_id: ImageId,
        *,
        states: Collection[DocumentState] | None = None,
        kind: EntryKind | None = None,
        author_id: PersonId | None = None,
        patient_ids: Several[PatientId] | None = None,
    ) -> list[Document]:
        return await self._table.find(
            image_id=image_id, **given(state=states, kind=kind, author_id=author_id, patient_id=patient_ids)
        )

    async def of_images(self, image_ids: Several[ImageId]) -> list[Document]:
        return await self._table.find(image_id=list(image_ids)) if image_ids else []

    async def of_patient(self, patient_id: PatientId, state: DocumentState | None = None) -> list[Document]:
        return await self._table.find(patient_id=patient_id, **given(state=state))

    async def in_state(self, state: DocumentState) -> list[Document]:
        return await self._table.find(state=state)


class ScreeningRows(Rows[Screening, ImageId]):
    """Screenings; their ids are those of the images."""


class BreachRows(Rows[Breach, BreachId]):
    async def with_ref(self, ref: str) -> Breach | None:
        return await self._table.first(ref=ref)

    async def of_image(self, image_id: ImageId) -> list[Breach]:
        return await self._table.find(image_id=image_id)

    async def of_images(self, image_ids: Several[ImageId]) -> list[Breach]:
        return await self._table.find(image_id=list(image_ids)) if image_ids else []

    async def of_uses(self, use_ids: Several[UseId]) -> list[Breach]:
        return await self._table.find(use_id=list(use_ids)) if use_ids else []

    async def open(self) -> list[Breach]:
        return await self._table.find(closed_at=None)


class LegalHoldRows(Rows[LegalHold, LegalHoldId]):
    async def of_image(self, image_id: ImageId) -> list[LegalHold]:
        return await self._table.find(image_id=image_id)

    async def standing(self) -> list[LegalHold]:
        """Return those that are not released."""
        return await self._table.find(released_at=None)

    async def standing_on_image(self, image_id: ImageId) -> list[LegalHold]:
        return await self._table.find(image_id=image_id, released_at=None)

    async def standing_on_records(self, patient_id: PatientId | None = None) -> list[LegalHold]:
        """Return those on whole records; of all patients unless one is named."""
        return await self._table.find(image_id="", released_at=None, **given(patient_id=patient_id))


class DestructionRows(Rows[Destruction, str]):
    async def of(self, subject_id: str) -> Destruction | None:
        return await self._table.first(subject_id=subject_id)

    async def of_any(self, subject_ids: Several[str]) -> list[Destruction]:
        return await self._table.find(subject_id=list(subject_ids)) if subject_ids else []

    async def undone_of_any(self, subject_ids: Several[str]) -> list[Destruction]:
        """Return the lines about these that are decided and not carried out."""
        return await self._table.find(subject_id=list(subject_ids), done_at=None) if subject_ids else []
