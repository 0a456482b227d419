"""What effects act upon: the ports, and reading the journal. Settling an outcome is a commit like any other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date

from bot.domain import rooms
from bot.domain.authority import takes_part
from bot.domain.errors import OutsideFailure
from bot.domain.identifiers import Account, Address, ImageId
from bot.domain.image import Image
from bot.domain.people import Person, Standing
from bot.domain.policy import Policy
from bot.domain.rooms import Room, RoomKind
from bot.ports import (
    Audience,
    Chat,
    Clock,
    Commit,
    Copying,
    Journal,
    OutsideRegister,
    PatientRecord,
    Purger,
    QrPainter,
    Screener,
    Vault,
    Verifier,
)

MOST_IN_FLIGHT = 64_000_000  # bytes


class BytesInFlight:
    """A budget for the bytes of pictures that are in memory at once, however many intents are carried out together.

    A picture that would exceed it waits for those before it. A file larger than the whole budget goes alone.
    """

    def __init__(self, most: int = MOST_IN_FLIGHT) -> None:
        self._most = most
        self._free = most
        self._freed = asyncio.Condition()

    @asynccontextmanager
    async def room_for(self, size: int) -> AsyncIterator[None]:
        """Hold room for so many bytes. Never call it while holding room: two that wait for each other would wait for ever."""
        size = min(size, self._most)
        async with self._freed:
            await self._freed.wait_for(lambda: self._free >= size)
            self._free -= size
        try:
            yield
        finally:
            self._free += size
            async with self._freed:
                self._freed.notify_all()


@dataclass(frozen=True, slots=True)
class World:
    chat: Chat
    vault: Vault
    record: PatientRecord
    purger: Purger
    screener: Screener
    painter: QrPainter
    clock: Clock
    journal: Journal
    policy: Policy
    verifier: Verifier
    register: OutsideRegister
    further: Copying
    in_flight: BytesInFlight = field(default_factory=BytesInFlight)

    @property
    def today(self) -> date:
        """Return the date at the practice."""
        return self.clock.now().astimezone(self.policy.timezone).date()

    async def image(self, image_id: ImageId) -> Image:
        async with self.journal.reading() as rows:
            return await rows.images.get(image_id)

    async def original(self, image: Image) -> bytes:
        """Return the bytes as they came, from the vault or, once they are there, from the record."""
        return await (self.vault.open(image.sealed) if image.sealed else self.record.content(image.id))

    async def room_at(self, address: Address) -> tuple[Room, Audience]:
        """Return the room of an address and who may read there. `OutsideFailure` while the room is not made yet."""
        async with self.journal.reading() as rows:
            return await self.room_in(rows, address)

    async def room_in(self, rows: Commit, address: Address) -> tuple[Room, Audience]:
        """Return the same from the moment that `rows` reads."""
        room = await rows.rooms.at(address)
        if room is None:
            raise OutsideFailure("no-room-yet")
        audience = await _audience(room, rows)
        return room, replace(audience, homeservers=self.policy.allowed_homeservers)


async def _audience(room: Room, rows: Commit) -> Audience:
    if room.kind is RoomKind.LOBBY:
        matched = await rows.invitations.matched_in(room.id)
        if matched is None:
            return Audience({}, open=True)
        return Audience({matched.matched_by: matched.matched_identity}, passing=True)
    here = await people_of(room.address, rows)
    pins = dict.fromkeys(await _on_their_way_out(room, rows), "")
    return Audience(pins | {person.account: _pin(person) for person in here})


async def people_of(address: Address, rows: Commit) -> list[Person]:
    """Return the person whose room it is, or those who take part in it now (R28a).

    They are found by what they are here for: there may be thousands of patients.
    """
    if address == rooms.PRACTICE:
        found = await rows.people.staff()
    elif rooms.is_own(address):
        found = await rows.people.among([rooms.person_at(address)])
    else:
        use = await rows.uses.get(rooms.use_at(address))
        named = await rows.people.among([use.asked_by, *use.recipient_ids])
        found = [person for person in named if takes_part(use, person.as_if_active)]
    return [person for person in found if person.standing is not Standing.LEFT]


async def _on_their_way_out(room: Room, rows: Commit) -> set[Account]:
    """Return the accounts of those who left: until they are put out, their being there keeps nobody else from hearing."""
    if room.kind is RoomKind.OWN:
        return set()
    left = {person.account for person in await rows.people.standing(Standing.LEFT)}
    if room.kind is RoomKind.CASE:
        use = await rows.uses.get(rooms.use_at(room.address))
        left |= {person.account for person in await rows.people.among([use.asked_by, *use.recipient_ids])}
    return left


def _pin(person: Person) -> str:
    """Return the pinned identity; "" for somebody whose identity changed: they stay in the room, and no
    device of theirs gets a key.
    """
    return person.identity if person.standing is Standing.ACTIVE else ""
