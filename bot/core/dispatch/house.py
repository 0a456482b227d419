"""Everything that can be asked of the bot, as dispatch sees it: requests, commands, and the handlers for all that is none."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.core.transaction import Transaction
from bot.domain.arrivals import Arrival
from bot.domain.choices import Choice, TapAbout
from bot.domain.people import Person, Role
from bot.domain.reminders import Reminder
from bot.domain.rooms import Room, RoomKind


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody asks something of the bot. `argument` is what follows a command's name."""

    arrival: Arrival
    person: Person
    room: Room
    text: str
    argument: str = ""

    @property
    def content(self) -> dict[str, Any]:
        return self.arrival.content or {}


Handle = Callable[[Request, Transaction], Awaitable[str | None]]
Tap = Callable[[Choice, Request, Transaction], Awaitable[str | None]]
Meet = Callable[[Arrival, Transaction], Awaitable[None]]
Deadline = Callable[[Transaction, Any], Awaitable[None]]  # the id of what its reminder is about


class Takes(StrEnum):
    """What follows a command's name. Patients don't type commands: their words are one only when they fit exactly."""

    NOTHING = "nothing"
    REFERENCE = "reference"  # perhaps with words after it
    WORDS = "words"


OWN_ROOM = frozenset({RoomKind.OWN})
STAFF_ROOMS = frozenset({RoomKind.OWN, RoomKind.PRACTICE})
ANY_ROOM = frozenset(RoomKind)  # also where colleagues from elsewhere read


@dataclass(frozen=True, slots=True)
class Command:
    """A thing a person can ask for by name. `usage` teaches it in one line; `summary` says what it does.

    It is answered in `rooms` only: what stands in a room of a case, outside clinicians read.
    """

    name: str
    usage: str
    summary: str
    roles: frozenset[Role]
    handle: Handle
    takes: Takes = Takes.NOTHING
    rooms: frozenset[RoomKind] = STAFF_ROOMS


@dataclass(frozen=True, slots=True)
class House:
    """Every handler there is. `handlers/__init__.py` lists them."""

    commands: tuple[Command, ...]
    alarm: Callable[[Request, Transaction], Awaitable[str]]  # a sentence that is said before any other answer, or ""
    photo: Handle
    attachment: Handle
    edited: Handle
    words: Handle  # what is no command
    in_case: Handle  # words in a case room
    lobby: Meet  # a proved message in a lobby
    invited: Meet
    member: Meet
    deleted: Meet
    in_clear: Meet
    malformed: Meet
    unproved: Meet
    stranger: Meet
    identity_changed: Meet
    bereaved: Callable[[Person, Arrival, Transaction], Awaitable[bool]]  # after a death; whether the rest is heard
    verification: Meet  # part of a check by emoji
    taps: Mapping[TapAbout, Tap] = field(default_factory=dict)
    deadlines: Mapping[Reminder, Deadline] = field(default_factory=dict)
