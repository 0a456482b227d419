"""For tests about images from colleagues: a practice with Dr Derm, who is not of it, and what people are asked and answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import text

from bot.domain.entries import EntryKind
from bot.domain.identifiers import NO_PATIENT, Account, PatientId
from bot.domain.image import Image
from bot.domain.policy import Policy
from storage.records.filed import FiledEntry
from tests.cases import polls_in, someone
from tests.practice import JPEG, POLICY, Practice, Snapshot, Someone, Staffed, open_practice, staffed, staffed_snapshot

LINE = "body 10421 1984-03-07 mine verbal today advice"
PDF = b"%PDF-1.7 a signed form " * 9
FILE, LEAVE, CHANGE = "File it", "Leave it with me", "Change something"

_with_derm: list[Snapshot] = []


@asynccontextmanager
async def with_derm(directory: Path, policy: Policy = POLICY) -> AsyncIterator[tuple[Practice, Staffed, Someone]]:
    """Kim, Dr Lee and Sam, and Dr Derm, an outside clinician."""

    async def enrol_derm(people: Staffed) -> None:
        await people.kim.writes('!enrol outside-clinician @derm:hs.test "Dr Derm"')
        derm = Someone(people.practice, Account("@derm:hs.test"), "DermIdentity")
        await derm.enrol(people.practice.last_code(people.kim.own_room))

    if not _with_derm:
        _with_derm.append(await Snapshot.of(enrol_derm, await staffed_snapshot()))
    async with _with_derm[0].opened(directory, policy) as people:
        yield people.practice, people, await someone(people.practice, "@derm:hs.test", "DermIdentity")


def asked(person: Someone) -> str:
    """The question of the latest poll."""
    return str(polls_in(person.practice, person.own_room)[-1]["question"]["body"])


def answers(person: Someone) -> list[str]:
    return [str(one["org.matrix.msc1767.text"]) for one in polls_in(person.practice, person.own_room)[-1]["answers"]]


@asynccontextmanager
async def with_device_checks(directory: Path) -> AsyncIterator[tuple[Practice, Staffed, Someone]]:
    """The same, where clinicians attest that their devices are safe, just enrolled."""
    async with open_practice(directory, replace(POLICY, device_check_months=6)) as practice:
        people = await staffed(practice)
        await people.kim.writes('!enrol outside-clinician @derm:hs.test "Dr Derm"')
        derm = Someone(practice, Account("@derm:hs.test"), "DermIdentity")
        await derm.enrol(practice.last_code(people.kim.own_room))
        yield practice, people, derm


async def sends_form(person: Someone, data: bytes = PDF, caption: str = "") -> None:
    await person.sends_photo(data, caption, msgtype="m.file", info={"mimetype": "application/pdf", "size": len(data)})


async def image_of(practice: Practice, data: bytes = JPEG) -> Image:
    (found,) = [image for image in await practice.images() if image.size == len(data) and not image.form_of]
    return found


async def entries_of(practice: Practice, kind: EntryKind, mrn: str = "10421") -> list[FiledEntry]:
    async with practice.journal.reading() as rows:
        patient = await rows.patients.first(mrn=mrn)
    return [
        entry
        for entry in await practice.record.entries(PatientId(patient.id) if patient else NO_PATIENT)
        if entry.kind is kind
    ]


async def audited(practice: Practice, action: str) -> int:
    async with practice.database.reading() as connection:
        found = await connection.execute(text("select count(*) from audit where action = :action"), {"action": action})
        return int(found.scalar_one())


def said(practice: Practice, room: str, words: str) -> int:
    """How often this was said in the room, the polls aside that repeat it."""
    return sum(words in post.body for post in practice.posts_in(room) if "msgtype" in post.content)
