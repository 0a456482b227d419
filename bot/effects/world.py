"""What effects act upon: the ports, and reading the journal. Settling an outcome is a commit like any other."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bot.domain import rooms
from bot.domain.errors import OutsideFailure
from bot.domain.image import Image
from bot.domain.invitations import InvitationState
from bot.domain.people import STAFF_ROLES, Person, Standing
from bot.domain.policy import Policy
from bot.domain.rooms import Room, RoomKind
from bot.ports import (
    Audience,
    Chat,
    Clock,
    Commit,
    Journal,
    OutsideRegister,
    PatientRecord,
    Purger,
    QrPainter,
    Screener,
    Vault,
    Verifier,
)

from .in_flight import BytesInFlight


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
    in_flight: BytesInFlight = field(default_factory=BytesInFlight)

    async def image(self, image_id: str) -> Image:
        async with self.journal.reading() as rows:
            return await rows.images.get(image_id)

    async def original(self, image: Image) -> bytes:
        """The bytes as they came, from the vault or, once they are there, from the record."""
        return await (self.vault.open(image.sealed) if image.sealed else self.record.content(image.id))

    async def room_at(self, address: str) -> tuple[Room, Audience]:
        """The room of an address and who may read there. `OutsideFailure` while the room is not made yet."""
        room, audience = await self._room_at(address)
        return room, replace(audience, homeservers=self.policy.allowed_homeservers)

    async def _room_at(self, address: str) -> tuple[Room, Audience]:
        async with self.journal.reading() as rows:
            room = await rows.rooms.first(address=address)
            if room is None:
                raise OutsideFailure("no-room-yet")
            if room.kind is RoomKind.LOBBY:
                matched = await rows.invitations.first(matched_room=room.id, state=InvitationState.MATCHED)
                if matched is None:
                    return room, Audience({}, open=True)
                return room, Audience({matched.matched_by: matched.matched_identity}, passing=True)
            return room, Audience({one.account: _pin(one) for one in await _readers(room, rows)})


async def _readers(room: Room, rows: Commit) -> list[Person]:
    """Found by what they are here for: the practice may have thousands of patients."""
    if room.kind is RoomKind.PRACTICE:
        return await rows.people.find(roles=STAFF_ROLES)
    if room.kind is RoomKind.OWN:
        owner = await rows.people.find(id=room.person_id)
        return [one for one in owner if one.standing is not Standing.LEFT]
    use = await rows.uses.get(room.address.removeprefix(rooms.case("")))
    asked = await rows.people.find(id=use.asked_by)
    return [*asked, *await rows.people.find(account=use.recipients), *await rows.people.find(standing=Standing.LEFT)]


def _pin(person: Person) -> str:
    """Somebody whose identity changed stays in the room, and no device of theirs gets a room key.

    Nor does anybody who left: until they are put out, their being there keeps nobody else from hearing.
    """
    return person.identity if person.standing is Standing.ACTIVE else ""
