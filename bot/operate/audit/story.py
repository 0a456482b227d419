"""What the audit log says about an image, a patient or a person, for people: who did what, when, in plain words (R27).

Changes nothing. An entry whose details were lawfully destroyed stays, and is told without them. Only what the log holds is told:
entries are taken at their word; `audit verify` says whether they can be.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.errors import Refused
from bot.domain.identifiers import AT_THE_COMPUTER, SETUP, PersonId
from bot.domain.image import Image
from bot.domain.people import Patient, Person, holder
from bot.domain.references import as_reference
from bot.operate.kept import Kept
from bot.ports import Commit
from bot.words import at_the_computer
from bot.words.audit_lines import BOT, COMPUTER, STRANGER, told
from storage.journal.audit_chain import Told, about


@dataclass(frozen=True, slots=True)
class StoryLine:
    at: datetime
    who: str
    what: str
    concerns: str  # reference of the image, or ""


@dataclass(frozen=True, slots=True)
class Story:
    title: str
    lines: tuple[StoryLine, ...]


async def story_of(kept: Kept, named: str) -> Story:
    """Tell the story of a reference, a record number or an account; raise `Refused` when `named` is none of them."""
    async with kept.journal.reading() as rows:
        people = {person.id: person for person in await rows.people.every()}
        image = await rows.images.with_ref(as_reference(named)) if as_reference(named) else None
        patient = await rows.patients.with_mrn(named)
        person = holder(
            [person for person in people.values() if person.account == named]
        )  # not the person who had the account before (R31)
        if image is not None and patient is None:
            title, subjects, actor = image.ref, await _of_images(rows, [image]), ""
        elif patient is not None:
            title, subjects, actor = f"{patient.name}, MRN {patient.mrn}", await _of_patient(rows, patient), ""
        elif person is not None:
            title, subjects, actor = f"{person.name}, {person.account}", {person.id: "", person.account: ""}, person.id
            subjects |= {image.id: image.ref for image in await rows.images.every()} if actor else {}
        else:
            raise Refused(at_the_computer.not_in_the_log())
    wanted = {person.id, person.account} if person is not None and actor else set(subjects)
    async with kept.database.reading() as connection:
        found = await about(connection, wanted, actor)
    return Story(title, tuple(_line(entry, people, subjects) for entry in found))


async def _of_images(rows: Commit, images: Iterable[Image]) -> dict[str, str]:
    """Map everything that an entry about these images may be about to the reference of the image it concerns."""
    subjects: dict[str, str] = {}
    refs = {image.id: image.ref for image in images}
    for image in images:
        subjects |= {image.id: image.ref, image.event_id: image.ref}
    ids = list(refs)
    for rows_of in (rows.documents, rows.copies, rows.breaches):
        found = await rows_of.of_images(ids)
        subjects |= {row.id: refs[row.image_id] for row in found}
    for use in await rows.uses_of(*ids):
        concerned = [refs[image_id] for image_id in use.image_ids if image_id in refs]
        subjects |= {use.id: concerned[0]} if concerned else {}
    for question in await rows.questions.every():
        concerned = [refs[image_id] for image_id in question.image_ids if image_id in refs]
        subjects |= {question.id: concerned[0]} if concerned else {}
    for choice in await rows.choices.about_any(subjects):
        subjects[choice.poll_id] = subjects[choice.subject]
    return subjects


async def _of_patient(rows: Commit, patient: Patient) -> dict[str, str]:
    images = await rows.images.of_patient(patient.id)
    words = await rows.documents.of_patient(patient.id)
    return {patient.id: ""} | {document.id: "" for document in words} | await _of_images(rows, images)


def _line(one: Told, people: dict[PersonId, Person], subjects: dict[str, str]) -> StoryLine:
    who = {"bot": BOT, SETUP: BOT, AT_THE_COMPUTER: COMPUTER}.get(one.actor, STRANGER)
    actor = people.get(PersonId(one.actor))
    if actor is not None:
        who = f"{actor.name} ({', '.join(sorted(role.value for role in actor.roles))})"
    return StoryLine(one.at, who, told(one.action, one.details), subjects.get(one.subject, ""))
