"""A staffed practice with a filed photo of Sam's rash and Dr Derm, an outside clinician: prepared once, opened in no time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.domain import rooms
from bot.domain.identifiers import Account, EventId
from bot.domain.image import Image
from bot.domain.policy import Policy
from bot.domain.use import Use
from tests.practice import POLICY, Practice, Snapshot, Someone, Staffed, staffed_snapshot

POLL = "org.matrix.msc3381.poll"
TEACHING = (
    '!use {ref} for education "registrar teaching, 12 March" seen by "registrars of the clinic" '
    "until 2027-03-31 recipient @derm:hs.test recognisable no"
)


@dataclass
class Shared:
    practice: Practice
    kim: Someone
    lee: Someone
    sam: Someone
    derm: Someone
    image: Image

    async def forwarded(self) -> str:
        """Advice was asked of Dr Derm: the room of the case."""
        await self.lee.writes(f"!forward {self.image.ref} @derm:hs.test is this a melanoma?")
        await taps(self.lee, "Yes")
        return await self.practice.room(rooms.case((await self.uses())[-1].id))

    async def taught(self) -> None:
        """Sam agreed to teaching, and Dr Derm has the picture."""
        await self.lee.writes(TEACHING.format(ref=self.image.ref))
        await taps(self.sam, "Yes")

    async def uses(self) -> list[Use]:
        async with self.practice.journal.reading() as rows:
            return await rows.uses.find()

    async def now(self) -> Image:
        async with self.practice.journal.reading() as rows:
            return await rows.images.get(self.image.id)


_shared: list[Snapshot] = []


@asynccontextmanager
async def shared_practice(directory: Path, policy: Policy = POLICY) -> AsyncIterator[Shared]:
    if not _shared:
        _shared.append(await Snapshot.of(_a_filed_photo, await staffed_snapshot()))
    async with _shared[0].opened(directory, policy) as people:
        practice = people.practice
        derm = await someone(practice, "@derm:hs.test", "DermIdentity")
        yield Shared(practice, people.kim, people.lee, people.sam, derm, await practice.only_image())


async def _a_filed_photo(people: Staffed) -> None:
    await people.kim.writes('!enrol outside-clinician @derm:hs.test "Dr Derm"')
    derm = Someone(people.practice, Account("@derm:hs.test"), "DermIdentity")
    await derm.enrol(people.practice.last_code(people.kim.own_room))
    await people.sam.sends_photo(caption="rash on my arm, three days")


async def someone(practice: Practice, account: str, identity: str) -> Someone:
    """Somebody enrolled, with their app."""
    async with practice.journal.reading() as rows:
        person = await rows.people.holder(Account(account))
    assert person is not None, f"nobody is {account}"
    return Someone(practice, Account(account), identity, await practice.room(rooms.own(person.id)))


def polls_in(practice: Practice, room_id: str) -> list[dict[str, Any]]:
    return [post.content[f"{POLL}.start"] for post in practice.posts_in(room_id) if f"{POLL}.start" in post.content]


def answer_id(practice: Practice, room_id: str, label: str) -> str:
    answers = polls_in(practice, room_id)[-1]["answers"]
    return str(next(a["id"] for a in answers if a["org.matrix.msc1767.text"].startswith(label)))


async def taps(person: Someone, label: str, *, room: str = "", secret: str = "") -> None:
    practice, where = person.practice, room or person.own_room
    chosen = secret or answer_id(practice, where, label)
    arrival = person.arrival(where, {f"{POLL}.response": {"answers": [chosen]}})
    await practice.receive(replace(arrival, type=f"{POLL}.response"))
    await practice.settle()


async def matches(person: Someone, ref: str, whose: str) -> None:
    """Say whose photo it is, and tap yes to the echo."""
    await person.writes(f"!match {ref} {whose}")
    await taps(person, "Yes")


def pictures_in(practice: Practice, room_id: str) -> list[EventId]:
    """The event ids of the pictures shown in a room."""
    return [p.event_id for p in practice.posts_in(room_id) if p.content.get("msgtype") == "m.image"]
