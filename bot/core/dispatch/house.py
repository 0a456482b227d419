"""Everything that can be asked of the bot, as dispatch sees it: requests, who does each deed, and who meets all that is none."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.core.transaction import Transaction
from bot.domain.arrivals import Arrival
from bot.domain.choices import Choice, TapAbout
from bot.domain.message import Message
from bot.domain.people import Person
from bot.domain.reminders import Reminder
from bot.domain.rooms import Room


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody asks something of the bot. `place` is that of a picture in its message."""

    arrival: Arrival
    person: Person
    room: Room
    text: str
    content: Mapping[str, Any]
    place: int = 0


Answer = Message | None
Handle = Callable[[Request, Transaction], Awaitable[Answer]]
Do = Callable[[Any, Request, Transaction], Awaitable[Answer]]  # the deed that its type names
Tap = Callable[[Choice, Request, Transaction], Awaitable[Answer]]
Meet = Callable[[Arrival, Transaction], Awaitable[None]]
Deadline = Callable[[Transaction, Any], Awaitable[None]]  # the id of what its reminder is about


@dataclass(frozen=True, slots=True)
class House:
    """Every handler there is. `handlers/__init__.py` lists them."""

    deeds: Mapping[type, Do]
    alarm: Handle  # to whoever acts as a patient, before any other answer
    photo: Handle
    gallery: Handle
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
