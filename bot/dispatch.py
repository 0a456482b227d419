"""Dispatch: one arrival, one handler, one commit. Who may be heard is settled here, before any handler runs.

Only a decrypted event whose sender is proved, and whose identity is the one pinned for that person, reaches a handler that
acts for a person (R15, R27). A rule's refusal rolls the decision back and answers in one sentence. A poison arrival is
quarantined, counted and audited; it is never tried for ever and never stops the next one.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from .domain import rooms, wording, wording_practice, wording_uses
from .domain.arrivals import Arrival, ArrivalKind, storable
from .domain.arrivals import Standing as Proof
from .domain.choices import Choice, chosen_in_words, named_in_words
from .domain.conversation import begins_anew
from .domain.errors import OutsideFailure, Refused
from .domain.people import Person, Role, Standing
from .domain.policy import Policy
from .domain.rooms import Room, RoomKind
from .ports import Clock, Commit, Conflict, Ids, Journal
from .transaction import Transaction, as_reference

log = logging.getLogger("consentry.dispatch")

CONFLICT_TRIES = 5
VERIFICATION = "m.key.verification."


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


Answer = Callable[[Request, Transaction], Awaitable[str | None]]
Tap = Callable[[Choice, Request, Transaction], Awaitable[str | None]]
Meet = Callable[[Arrival, Transaction], Awaitable[None]]
Deadline = Callable[[Transaction, str], Awaitable[None]]


class Takes(StrEnum):
    """What follows a command's name. Patients don't type commands: their words are one only when they fit exactly."""

    NOTHING = "nothing"
    REFERENCE = "reference"  # perhaps with words after it
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Command:
    """A thing a person can ask for by name. `usage` teaches it in one line; `summary` says what it does."""

    name: str
    usage: str
    summary: str
    roles: frozenset[Role]
    handle: Answer
    takes: Takes = Takes.NOTHING


@dataclass(frozen=True, slots=True)
class House:
    """Every handler there is. `handlers/__init__.py` lists them."""

    commands: tuple[Command, ...]
    photo: Answer
    attachment: Answer
    edited: Answer
    words: Answer  # what is no command
    in_case: Answer  # words in a case room
    lobby: Meet  # a proved message in a lobby
    invited: Meet
    member: Meet
    deleted: Meet
    in_clear: Meet
    unproved: Meet
    stranger: Meet
    identity_changed: Meet
    verification: Meet  # part of a check by emoji
    taps: Mapping[str, Tap] = field(default_factory=dict)  # by Choice.about
    deadlines: Mapping[str, Deadline] = field(default_factory=dict)


class Dispatch:
    def __init__(self, journal: Journal, house: House, clock: Clock, ids: Ids, policy: Policy) -> None:
        self._journal = journal
        self._house = house
        self._clock = clock
        self._ids = ids
        self._policy = policy

    def transaction(self, rows: Commit) -> Transaction:
        return Transaction(rows, self._clock.now(), self._ids, self._policy)

    async def handle(self, inbox_id: int, arrival: Arrival) -> None:
        """Decide one arrival and mark it, in one commit. `OutsideFailure` (the disk, say) leaves it for later."""
        try:
            await self._decide(inbox_id, storable(arrival))
        except Refused as refused:
            await self._refuse(inbox_id, arrival, refused)
        except (OutsideFailure, Conflict):
            raise
        except Exception as poison:  # whatever it is, it must not stop the next arrival
            await self._quarantine(inbox_id, arrival, poison)

    async def _decide(self, inbox_id: int, arrival: Arrival) -> None:
        for attempt in range(CONFLICT_TRIES):
            try:
                async with self._journal.transaction() as rows:
                    await self._route(arrival, self.transaction(rows))
                    await rows.handled(inbox_id)
                return
            except Conflict:
                if attempt == CONFLICT_TRIES - 1:
                    raise

    async def _refuse(self, inbox_id: int, arrival: Arrival, refused: Refused) -> None:
        async with self._journal.transaction() as rows:
            tx = self.transaction(rows)
            room = await rows.rooms.first(id=arrival.room_id)
            if room is not None:
                await tx.say(room.address, refused.text, private=room.kind is not RoomKind.LOBBY)
                if room.kind is not RoomKind.LOBBY and arrival.kind is ArrivalKind.MESSAGE:
                    await tx.ledger_message(arrival)  # what was refused may name a patient or a reason all the same
            await tx.audit("bot", "refused", arrival.event_id, rule=refused.rule, sender=arrival.sender)
            await rows.handled(inbox_id)

    async def _quarantine(self, inbox_id: int, arrival: Arrival, poison: Exception) -> None:
        name = type(poison).__name__
        log.error("arrival %d quarantined: %s", inbox_id, name)
        async with self._journal.transaction() as rows:
            tx = self.transaction(rows)
            await tx.audit("bot", "quarantined", arrival.event_id, error=name, sender=arrival.sender)
            await tx.tell_practice(wording_practice.stuck("a message", "it could not be understood"))
            await rows.handled(inbox_id, quarantined=name)

    async def _route(self, arrival: Arrival, tx: Transaction) -> None:
        meet = {
            ArrivalKind.INVITED: self._house.invited,
            ArrivalKind.MEMBERSHIP: self._house.member,
            ArrivalKind.REDACTION: self._house.deleted,
            ArrivalKind.PLAINTEXT: self._house.verification if _is_verification(arrival) else self._house.in_clear,
            ArrivalKind.TO_DEVICE: self._house.verification,
            ArrivalKind.MESSAGE: self._heard,
        }.get(arrival.kind)
        if meet is None:
            await tx.audit("stranger", f"arrival.{arrival.kind.value}", arrival.event_id, sender=arrival.sender)
            return
        await meet(arrival, tx)

    async def _heard(self, arrival: Arrival, tx: Transaction) -> None:
        house = self._house
        room = await tx.rows.rooms.first(id=arrival.room_id)
        if room is None:
            await tx.audit("stranger", "arrival.elsewhere", arrival.event_id, sender=arrival.sender)
            return
        if arrival.verdict.standing is not Proof.SIGNED:
            await house.unproved(arrival, tx)
            return
        if _is_verification(arrival):  # also of somebody who is paused: it is how they come back
            await house.verification(arrival, tx)
            return
        if room.kind is RoomKind.LOBBY:
            await house.lobby(arrival, tx)
            return
        person = await tx.rows.people.first(account=arrival.sender)
        if person is None or person.standing is Standing.LEFT or not await _belongs(person, room, tx):
            await house.stranger(arrival, tx)
            return
        if person.standing is Standing.PAUSED or person.identity != arrival.verdict.identity:
            await house.identity_changed(arrival, tx)
            return
        await self._answer(await _hear(person, tx), room, arrival, tx)

    async def _answer(self, person: Person, room: Room, arrival: Arrival, tx: Transaction) -> None:
        content = arrival.content or {}
        text = content.get("body")
        text = text if isinstance(text, str) else ""
        kind = content.get("msgtype")
        request = Request(arrival, person, room, text)
        tapped = tapped_answer(arrival)
        if tapped is not None:
            answer = await self._tapped(tapped, request, tx)
        elif is_edit(content):
            answer = await self._house.edited(request, tx)
        elif arrival.type != "m.room.message" or not isinstance(kind, str):
            answer = await self._house.attachment(request, tx)
        elif kind == "m.image" or (kind == "m.file" and is_picture(content)):
            answer = await self._house.photo(request, tx)
        elif kind in {"m.text", "m.notice", "m.emote"}:
            answer = await self._said(request, tx)
        else:
            answer = await self._house.attachment(request, tx)
        if answer:
            await tx.say(room.address, answer)

    async def _tapped(self, secret: str, request: Request, tx: Transaction) -> str | None:
        """An answer by poll: the secret inside the ciphertext decides, never what the event says it relates to."""
        if not secret:
            raise Refused(wording.ONE_ANSWER, "R13")
        choice = await tx.rows.choices.first(id=secret)
        if choice is None or choice.person_id != request.person.id:
            await tx.audit(request.person.id, "choice.not-theirs", request.arrival.event_id)
            raise Refused(wording.NOT_YOUR_QUESTION, "R13")
        _refuse_spent(choice, tx.now)
        return await self._choose(choice, request, tx)

    async def _choose(self, choice: Choice, request: Request, tx: Transaction) -> str | None:
        for one in await tx.rows.choices.find(poll_id=choice.poll_id, used_at=None):
            await tx.rows.choices.save(replace(one, used_at=tx.now))
        await tx.audit(request.person.id, "choice.made", choice.poll_id, about=choice.about, value=choice.value)
        return await self._house.taps[choice.about](choice, request, tx)

    async def _said(self, request: Request, tx: Transaction) -> str | None:
        command, argument = self._command(request)
        if command is None:
            choice = chosen_in_words(request.text, await _asked_here(request, tx), tx.now)
            if choice is not None:
                return await self._choose(choice, request, tx)
            if request.text[-8:].strip(" .!,")[-4:].isdigit():
                every = await tx.rows.choices.find(person_id=request.person.id)
                _refuse_spent(named_in_words(request.text, every), tx.now)
            if request.room.kind is RoomKind.CASE:
                return await self._house.in_case(request, tx)
            if request.person.is_professional and request.text.startswith("!"):
                raise Refused(f"I don't know {request.text.split()[0][:20]}. !help shows what I can do.")
            return await self._house.words(request, tx)
        if not request.person.roles & command.roles:
            allowed = " or ".join(sorted(role.value for role in command.roles))
            raise Refused(f"That is for the {allowed}. Please ask one of them.")
        return await command.handle(replace(request, argument=argument), tx)

    def _command(self, request: Request) -> tuple[Command | None, str]:
        text = request.text.strip()
        staff = request.person.is_professional
        if staff:
            if not text.startswith("!"):
                return None, ""
            text = text[1:]
        meant: Command | None = None
        argument = ""
        for command in self._house.commands:
            for_staff_only = Role.PATIENT not in command.roles
            rest = _after_name(command, text)
            if rest is None or (for_staff_only and not staff) or not (staff or _fits(command, rest)):
                continue
            if meant is None or command.roles & request.person.roles:
                meant, argument = command, rest
        return meant, argument


def _after_name(command: Command, text: str) -> str | None:
    word, rest = text[: len(command.name)], text[len(command.name) :]
    if word.casefold() != command.name or (rest and not (rest[0].isspace() or rest[0] in ".!?:")):
        return None
    rest = rest.strip(" :\n\t") if rest.strip(" .!?:\n\t") else ""
    return rest.rstrip(".!?") if len(rest.split()) == 1 else rest


def _fits(command: Command, rest: str) -> bool:
    if command.takes is Takes.NOTHING:
        return not rest
    return not rest or bool(as_reference(rest.split(maxsplit=1)[0]))


def _is_verification(arrival: Arrival) -> bool:
    asked = arrival.type == "m.room.message" and (arrival.content or {}).get("msgtype") == f"{VERIFICATION}request"
    return asked or arrival.type.startswith(VERIFICATION)


def _refuse_spent(choice: Choice | None, at: datetime) -> None:
    """Once, and before it expires; by tap or in words (R13)."""
    if choice is None or (choice.used_at is None and at < choice.expires_at):
        return
    if (choice.used_at or at) >= choice.expires_at:
        raise Refused(wording.QUESTION_EXPIRED, "R13")
    consent = choice.about == "specific-consent"
    raise Refused(wording_uses.CONSENT_ANSWERED_ALREADY if consent else wording.ANSWERED_ALREADY, "R13")


def tapped_answer(arrival: Arrival) -> str | None:
    """The answer id of a poll response, in either form apps send; None for anything else."""
    content = arrival.content or {}
    if arrival.type == "org.matrix.msc3381.poll.response":
        answer = content.get(arrival.type)
        ids = answer.get("answers") if isinstance(answer, dict) else None
    elif arrival.type == "m.poll.response":
        ids = content.get("m.selections")
    else:
        return None
    return ids[0] if isinstance(ids, list) and len(ids) == 1 and isinstance(ids[0], str) else ""


def is_edit(content: Mapping[str, Any]) -> bool:
    relation = content.get("m.relates_to")
    return isinstance(relation, dict) and relation.get("rel_type") == "m.replace"


def is_picture(content: Mapping[str, Any]) -> bool:
    """A photo or scan sent as a file: named so by its sender's app. What it really is, its bytes decide at capture."""
    info = content.get("info")
    kind = info.get("mimetype") if isinstance(info, dict) else None
    return isinstance(kind, str) and (kind.startswith("image/") or kind in {"application/pdf", "application/dicom"})


async def _asked_here(request: Request, tx: Transaction) -> list[Choice]:
    """What words said here may answer. Where people talk to one another, a "yes" is meant for them."""
    mine = await tx.rows.choices.find(person_id=request.person.id, used_at=None)
    if request.room.kind is RoomKind.OWN:
        return mine
    return [choice for choice in mine if request.room.address == rooms.case(choice.subject)]


async def _belongs(person: Person, room: Room, tx: Transaction) -> bool:
    if room.kind is RoomKind.PRACTICE:
        return person.is_staff
    if room.kind is RoomKind.CASE:
        use = await tx.rows.uses.get(room.address.removeprefix(rooms.case("")))
        return person.id == use.asked_by or person.account in use.recipients
    return room.kind is RoomKind.OWN and room.address == rooms.own(person.id)


async def _hear(person: Person, tx: Transaction) -> Person:
    """Note that the person spoke; after a silence a new conversation begins."""
    now: datetime = tx.now
    anew = begins_anew(person.last_heard_at, now) and not person.is_professional
    return await tx.rows.people.save(replace(person, last_heard_at=now, notice_due=anew or person.notice_due))
