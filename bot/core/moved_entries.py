"""Leave out of an entry that leaves what names the patient in whose record its photo lay by mistake (R15, R29, R30).

The record keeps all of it. A copy elsewhere is read by people whom nobody here knows, so it holds none, whoever reads there and
whether or not the right patient has an account. Where the photo lies is what the record says: the journal may be a moment behind.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.domain.authority import Circle
from bot.domain.consignment import Consignment
from bot.domain.delivery_reasons import ANOTHERS_WORDS
from bot.domain.document import Document
from bot.domain.entries import SOMEBODY_ELSE, EntryKind
from bot.domain.errors import Permanent
from bot.domain.identifiers import DocumentId, ImageId, PatientId
from bot.domain.image import Image
from bot.ports import Commit

from .circles import circle_of
from .copy_contents import of_a_stranger

_OF_THE_SENDER: Final = ("sent_by", "reason", "reason_stated_by")
_ENDED: Final = ("consent", "attestation")  # by the move, whoever sent it (R30)
_MEANT_FOR: Final = ("to", "capacity")
_OTHER_RECORD: Final = ("from", "to")  # in the trace of a move: opaque ids, which may be asked for elsewhere


async def without_another_patient(rows: Commit, leaving: Consignment) -> Consignment:
    """Return the entry as it may lie under its patient; `Permanent` where all of it is somebody else's."""
    if "moved" in leaving.facts:
        leaving = replace(leaving, facts=_without(leaving, *_OTHER_RECORD))
    document = await rows.documents.known(DocumentId(leaving.entry_id))
    known = await rows.images.known(document.image_id if document is not None else ImageId(leaving.entry_id))
    image = known and _as_it_lies(known, leaving.patient.patient_id)
    if image is None or not image.misfiled:
        return leaving
    if await rows.patients.known(image.patient_id) is None:
        raise Permanent("unknown-patient")  # nobody can say who is a stranger to them
    circle = await circle_of(rows, image.patient_id)
    if document is not None:
        if await _is_anothers(rows, circle, image, document):
            raise Permanent(ANOTHERS_WORDS)
        return _to_nobody_else(circle, leaving)
    leaving = replace(leaving, facts=_without(leaving, *_ENDED))
    if not of_a_stranger(circle, image):
        return leaving
    return replace(leaving, by=SOMEBODY_ELSE, facts=_without(leaving, *_OF_THE_SENDER))


def _as_it_lies(image: Image, patient_id: PatientId) -> Image:
    return replace(image, patient_id=patient_id, sent_for=image.sent_for or image.patient_id)


async def _is_anothers(rows: Commit, circle: Circle, image: Image, document: Document) -> bool:
    """Return whether it is what its sender wrote, or says who got the photo while it lay elsewhere, and is none of us."""
    if of_a_stranger(circle, image, document.author_id):
        return True
    if document.kind is not EntryKind.DISCLOSURE or document.author_id in {
        held.person_id for held in circle.authorities
    }:
        return False
    recipient = await rows.people.known(document.author_id)
    return recipient is None or not recipient.is_professional


def _to_nobody_else(circle: Circle, leaving: Consignment) -> Consignment:
    """Return a reply without whom it was meant for, where that is none of this patient's people: it reached nobody, and moved."""
    ours = {person.name for person in circle.people.values()}
    if leaving.kind is not EntryKind.REPLY or leaving.facts.get("to", "") in ours:
        return leaving
    return replace(leaving, facts=_without(leaving, *_MEANT_FOR))


def _without(leaving: Consignment, *names: str) -> dict[str, object]:
    return {name: fact for name, fact in leaving.facts.items() if name not in names}
