"""The rooms the bot is in, and the addresses that intents are sent to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from .identifiers import NO_PERSON, Address, PersonId, RoomId, UseId


class RoomKind(StrEnum):
    LOBBY = "lobby"  # made by somebody's app; only a code is served here
    OWN = "own"  # one person and the bot, made by the bot
    PRACTICE = "practice"  # the staff and the bot, made by the bot
    CASE = "case"  # the one who asks advice, those who give it, and the bot; made by the bot, for one use


@dataclass(frozen=True, slots=True)
class Room:
    """A room. `id` is the Matrix room id, `address` the name that intents use before it exists.

    `deserted`: the person whose own room it is has left it, and hears nothing until they come back.
    """

    id: RoomId
    kind: RoomKind
    address: Address
    person_id: PersonId = NO_PERSON
    deserted: bool = False
    version: int = 0


def deserted(room: Room) -> Room:
    """Return their own room as its person has left it."""
    return replace(room, deserted=True)


def come_back_to(room: Room) -> Room:
    return replace(room, deserted=False)


PRACTICE = Address("practice")


_OWN, _LOBBY, _CASE = "own:", "room:", "case:"


def own(person_id: PersonId) -> Address:
    return Address(_OWN + person_id)


def lobby(room_id: RoomId) -> Address:
    return Address(_LOBBY + room_id)


def case(use_id: UseId) -> Address:
    return Address(_CASE + use_id)


def is_own(address: str) -> bool:
    return address.startswith(_OWN)


def is_lobby(address: str) -> bool:
    return address.startswith(_LOBBY)


def is_case(address: str) -> bool:
    return address.startswith(_CASE)


def person_at(own: Address) -> PersonId:
    """Return the person whose own room this is."""
    return PersonId(own.removeprefix(_OWN))


def room_at(lobby: Address) -> RoomId:
    """Return the room that this lobby is."""
    return RoomId(lobby.removeprefix(_LOBBY))


def use_at(case: Address) -> UseId:
    """Return the use that this case is about."""
    return UseId(case.removeprefix(_CASE))
