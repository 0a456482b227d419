"""Dispatch: one arrival, one handler, one commit. Who may be heard is settled here, before any handler runs.

Only a decrypted event whose sender is proved, and whose identity is the one pinned for that person, reaches a handler that
acts for a person (R15, R27). A rule's refusal rolls the decision back and answers in one sentence. A poison arrival is
quarantined, counted and audited; it is never tried for ever and never stops the next one.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.core.transaction import Transaction
from bot.core.who_reads import tell_of_alarm
from bot.domain import rooms
from bot.domain.arrivals import Arrival, ArrivalKind, Proof, storable
from bot.domain.authority import takes_part
from bot.domain.choices import Choice, chosen_in_words, is_late_no, named_in_words
from bot.domain.conversation import begins_anew
from bot.domain.errors import OutsideFailure, Refused
from bot.domain.identifiers import ChoiceId
from bot.domain.intents import Say
from bot.domain.message import Message
from bot.domain.people import Person, Role, Standing
from bot.domain.policy import Policy
from bot.domain.rooms import Room, RoomKind
from bot.domain.taking_part import heard_from
from bot.heard.staff import CommandRead, NotClear, Typed, read
from bot.ports import Clock, Commit, Conflict, Ids, Journal
from bot.words import phrases, to_the_team
from bot.words.about_commands import not_your_role
from bot.words.sentence import in_words

from .answers import asked_here, make_choice, refuse_spent
from .ear import heard_in_lobby, items_of, no_of, photos_replied_to, read_message, sounds_alarm, with_captions
from .house import Answer, ChatRequest, House, Request
from .reading import GALLERIES, is_edit, is_picture, is_verification, once_in, tapped_answer, words_of
from .unclear import what_to_write

log = logging.getLogger("consentry.dispatch")

CONFLICT_TRIES = 5
_OF_OTHERS = frozenset({"R15", "R29"})  # refused in the room of a case: it may be about somebody else


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
            room = await rows.rooms.known(arrival.room_id)
            if room is not None:
                if arrival.verdict.standing is Proof.SIGNED and room.kind is not RoomKind.LOBBY:
                    await _is_first(arrival, tx)  # it was decided, and so it was taken
                if refused.first:
                    await _say_at_once(room, refused.first, tx)
                    await _tell_of_alarm(arrival, tx)
                await tx.say(room.address, refused.said, private=room.kind is not RoomKind.LOBBY)
                if arrival.kind is ArrivalKind.MESSAGE and room.kind is RoomKind.CASE and refused.rule in _OF_OTHERS:
                    await tx.hide_message(arrival)  # it may be about somebody else than the room is
                elif room.kind is not RoomKind.LOBBY and arrival.kind is ArrivalKind.MESSAGE:
                    await tx.ledger_message(arrival)  # what was refused may name a patient or a reason all the same
            about = refused.about or arrival.event_id
            await tx.audit("bot", "refused", about, rule=refused.rule, sender=arrival.sender, event=arrival.event_id)
            await rows.handled(inbox_id)

    async def _quarantine(self, inbox_id: int, arrival: Arrival, poison: Exception) -> None:
        name = type(poison).__name__
        log.error("arrival %d quarantined: %s", inbox_id, name)
        async with self._journal.transaction() as rows:
            tx = self.transaction(rows)
            await tx.audit("bot", "quarantined", arrival.event_id, error=name, sender=arrival.sender)
            await tx.tell_practice(to_the_team.stuck("a message", "it could not be understood"))
            await rows.handled(inbox_id, quarantined=name)

    async def _route(self, arrival: Arrival, tx: Transaction) -> None:
        meet = {
            ArrivalKind.INVITED: self._house.invited,
            ArrivalKind.MEMBERSHIP: self._house.member,
            ArrivalKind.REDACTION: self._house.deleted,
            ArrivalKind.PLAINTEXT: self._house.verification if is_verification(arrival) else self._house.in_clear,
            ArrivalKind.TO_DEVICE: self._house.verification,
            ArrivalKind.MALFORMED: self._house.malformed,
            ArrivalKind.MESSAGE: self._heard,
        }.get(arrival.kind)
        if meet is None:
            await tx.audit("stranger", f"arrival.{arrival.kind.value}", arrival.event_id, sender=arrival.sender)
            return
        await meet(arrival, tx)

    async def _heard(self, arrival: Arrival, tx: Transaction) -> None:
        house = self._house
        room = await tx.rows.rooms.known(arrival.room_id)
        if room is None:
            await tx.audit("stranger", "arrival.elsewhere", arrival.event_id, sender=arrival.sender)
            return
        if arrival.verdict.standing is not Proof.SIGNED:
            await house.unproved(arrival, tx)
            return
        if is_verification(arrival):  # also of somebody who is paused: it is how they come back
            await house.verification(arrival, tx)
            return
        if room.kind is RoomKind.LOBBY:
            await house.lobby(await heard_in_lobby(arrival, tx), arrival, tx)
            return
        person = await tx.holder(arrival.sender)
        if person is None or person.standing is Standing.LEFT or not await _belongs(person, room, tx):
            await house.stranger(no_of(arrival), arrival, tx)
            return
        if person.standing is Standing.PAUSED or person.identity != arrival.verdict.identity:
            await house.identity_changed(no_of(arrival), arrival, tx)
            return
        if not await _is_first(arrival, tx):
            await tx.ledger_message(arrival)
            await tx.audit("bot", "message.sent-again", arrival.event_id, sender=arrival.sender)
            return
        heard = await _hear(person, tx)
        if room.kind is RoomKind.OWN and not await house.bereaved(heard, arrival, tx):
            return
        await self._answer(heard, room, arrival, tx)

    async def _answer(self, person: Person, room: Room, arrival: Arrival, tx: Transaction) -> None:
        request = read_message(person, room, arrival, tx)
        of_a_patient = room.kind is RoomKind.OWN and person.may_act_as(Role.PATIENT)
        first = await self._house.alarm(request, tx) if of_a_patient and sounds_alarm(request, tx) else None
        if first:
            await _say_at_once(room, first, tx)
        try:
            answer = await self._answered(request, tx)
        except Refused as refused:
            raise Refused(refused.said, refused.rule, refused.about, first) from refused
        if first and not tx.words_told and not _is_announced(request.content):
            await _tell_of_alarm(arrival, tx)
        if answer:
            await tx.say(room.address, answer)

    async def _answered(self, request: ChatRequest, tx: Transaction) -> Answer:
        arrival, content = request.arrival, request.content
        kind = content.get("msgtype")
        tapped = tapped_answer(arrival)
        if tapped is not None:
            return await self._tapped(tapped, request, tx)
        if is_edit(content):
            return await self._house.edited(request, tx)
        if arrival.type != "m.room.message" or not isinstance(kind, str):
            return await self._house.attachment(request, tx)
        if is_picture(content):
            (photo,) = await with_captions([request], request.person, tx)
            return await self._house.photo(photo, tx)
        if kind in GALLERIES:
            items = await with_captions(items_of(request, tx), request.person, tx)
            return await self._house.gallery(items, request, tx)
        if kind in {"m.text", "m.notice", "m.emote"}:
            return await self._said(request, tx)
        return await self._house.attachment(request, tx)

    async def _tapped(self, secret: str, request: Request, tx: Transaction) -> Answer:
        """An answer by poll: the secret inside the ciphertext decides, never what the event says it relates to."""
        if not secret:
            raise Refused(phrases.one_answer(), "R13")
        choice = await tx.rows.choices.known(ChoiceId(secret))
        if choice is None or choice.person_id != request.person.id:
            raise Refused(phrases.not_your_question(), "R13", about=choice.poll_id if choice else "")
        refuse_spent(choice, tx.now)
        return await self._choose(choice, request, tx)

    async def _choose(self, choice: Choice, request: Request, tx: Transaction) -> Answer:
        await make_choice(choice, request.person.id, tx)
        return await self._house.taps[choice.about](choice, request, tx)

    async def _said(self, request: ChatRequest, tx: Transaction) -> Answer:
        text = request.said.words
        about = await photos_replied_to(request, tx)
        typed = Typed(text, request.person.roles, request.room.kind, tx.today, about, content=request.content)
        asked = read(typed)
        if isinstance(asked, CommandRead) and (asked.marked or not request.person.is_staff):
            return await self._do(asked, typed, request, tx)
        if isinstance(asked, NotClear):
            raise Refused(await what_to_write(asked, typed, tx))
        choice = chosen_in_words(text, await asked_here(request, tx), tx.now)
        if choice is not None:
            return await self._choose(choice, request, tx)
        if text[-8:].strip(" .!,")[-4:].isdigit():
            every = await tx.rows.choices.of_person(request.person.id)
            named = named_in_words(text, every)
            refuse_spent(named, tx.now)
            if named is not None and is_late_no(named, tx.now):
                return await self._choose(named, request, tx)
        if asked is not None:
            return await self._do(asked, typed, request, tx)
        if request.room.kind is RoomKind.CASE:
            return await self._house.in_case(request, tx)
        return await self._house.words(request, tx)

    async def _do(self, asked: CommandRead, typed: Typed, request: Request, tx: Transaction) -> Answer:
        if not request.person.roles & asked.command.roles:
            raise Refused(not_your_role(asked.command))
        if request.room.kind not in asked.command.rooms:
            in_a_case = request.room.kind is RoomKind.CASE
            raise Refused(phrases.not_in_this_case() if in_a_case else phrases.not_in_this_room(), "R29")
        if isinstance(asked.deed, NotClear) and asked.deed.missaid is not None:
            raise Refused(asked.deed.missaid.said, asked.deed.missaid.rule)
        if isinstance(asked.deed, NotClear):
            raise Refused(await what_to_write(asked.deed, typed, tx))
        return await self._house.deeds[type(asked.deed)](asked.deed, request, tx)


async def _is_first(arrival: Arrival, tx: Transaction) -> bool:
    """Return whether it is to be decided: what a page sends again, because the answer to it was lost, is taken once.

    The homeserver knows a transaction's id for a day; a phone may sleep for longer.
    """
    once = once_in(arrival.content or {})
    return not once or await tx.rows.is_first(arrival.event_id, once)


async def _tell_of_alarm(arrival: Arrival, tx: Transaction) -> None:
    person = await tx.holder(arrival.sender)
    if person is not None:
        await tell_of_alarm(person, words_of(arrival.content or {}), tx)


def _is_announced(content: Mapping[str, Any]) -> bool:
    """Return whether it brings photos: the line that announces them has their captions."""
    return not is_edit(content) and (is_picture(content) or content.get("msgtype") in GALLERIES)


async def _say_at_once(room: Room, said: Message, tx: Transaction) -> None:
    """Say a fixed sentence about nobody: not in the room's own lane, where words that wait for a reader would hold it up."""
    await tx.plan(Say(room.address, in_words(said), open=True))


async def _belongs(person: Person, room: Room, tx: Transaction) -> bool:
    if room.kind is RoomKind.PRACTICE:
        return person.is_staff
    if room.kind is RoomKind.CASE:
        use = await tx.rows.uses.get(rooms.use_at(room.address))
        return bool(takes_part(use, person.as_if_active))
    return room.kind is RoomKind.OWN and room.address == rooms.own(person.id)


async def _hear(person: Person, tx: Transaction) -> Person:
    """Note that the person spoke; after a silence a new conversation begins."""
    now: datetime = tx.now
    anew = not person.is_professional and begins_anew(person.last_heard_at, now)
    return await tx.rows.people.save(heard_from(person, now, begins_anew=anew))
