"""Everything that can be asked of the bot, as dispatch sees it: requests, who does each deed, and who meets all that is none."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.core.transaction import Transaction
from bot.domain.arrivals import Arrival, proof_of
from bot.domain.choices import Choice, TapAbout
from bot.domain.deeds import CaptionDeed, SaidInLobby, SayNo
from bot.domain.identifiers import EventId
from bot.domain.message import Message
from bot.domain.people import Person
from bot.domain.reminders import Reminder
from bot.domain.rooms import Room
from bot.domain.words_said import WordsSaid


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody asks something of the bot, in a chat or elsewhere; what is answered goes to `room`.

    `arrival` is the message that it came in, if it came in one: a copy to be accounted for, and what an answer rests on.
    `content` is what stands in it, and `said` is all that is read of its words: who does a deed reads none.
    """

    person: Person
    room: Room
    arrival: Arrival | None = None
    said: WordsSaid = field(default_factory=WordsSaid)

    @property
    def content(self) -> Mapping[str, Any]:
        return (self.arrival.content or {}) if self.arrival is not None else {}

    @property
    def event_id(self) -> EventId | None:
        return self.arrival.event_id if self.arrival is not None else None

    @property
    def proof(self) -> dict[str, object]:
        """Return what a no or a stop rests on, to be kept with it: the message, where there is one. A yes needs one."""
        return proof_of(self.arrival) if self.arrival is not None else {}


@dataclass(frozen=True, slots=True)
class ChatRequest(Request):
    """A request in a message, as whatever is taken out of one must be: pictures, an edit.

    `place` is that of a picture in it, and `caption` what a patient's words under it do.
    """

    arrival: Arrival
    place: int = 0
    caption: CaptionDeed | None = None


Answer = Message | None
Handle = Callable[[ChatRequest, Transaction], Awaitable[Answer]]
HandleItems = Callable[[Sequence[ChatRequest], ChatRequest, Transaction], Awaitable[Answer]]  # each, and the message
Do = Callable[[Any, Request, Transaction], Awaitable[Answer]]  # the deed that its type names
Tap = Callable[[Choice, Request, Transaction], Awaitable[Answer]]
Meet = Callable[[Arrival, Transaction], Awaitable[None]]
MeetUnknown = Callable[[SaidInLobby, Arrival, Transaction], Awaitable[None]]
MeetUnheard = Callable[[SayNo | None, Arrival, Transaction], Awaitable[None]]  # of whom nothing counts but a no
Deadline = Callable[[Transaction, Any], Awaitable[None]]  # the id of what its reminder is about


@dataclass(frozen=True, slots=True)
class House:
    """Every handler there is. `handlers/__init__.py` lists them."""

    deeds: Mapping[type, Do]
    alarm: Handle  # words of an alarm, of whoever acts as a patient: before any other answer
    photo: Handle
    gallery: HandleItems
    attachment: Handle
    edited: Handle
    words: Handle  # what is no command
    in_case: Handle  # words in a case room
    lobby: MeetUnknown  # a proved message in a lobby
    invited: Meet
    member: Meet
    deleted: Meet
    in_clear: Meet
    malformed: Meet
    unproved: Meet
    stranger: MeetUnheard
    identity_changed: MeetUnheard
    bereaved: Callable[[Person, Arrival, Transaction], Awaitable[bool]]  # after a death; whether the rest is heard
    verification: Meet  # part of a check by emoji
    taps: Mapping[TapAbout, Tap] = field(default_factory=dict)
    deadlines: Mapping[Reminder, Deadline] = field(default_factory=dict)
