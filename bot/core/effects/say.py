"""Say: post words into a room whose members are checked at the moment of sending.

Doing it twice is safe while the homeserver remembers the transaction id (per device, about 24 hours). Retries end well
before that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.core.documents import note_unread, tell_author
from bot.core.not_told import tell_not_told
from bot.core.transaction import Transaction
from bot.core.uses.still_allowed import still_allowed
from bot.core.who_may_hear import may_be_told, may_be_told_of
from bot.domain import rooms
from bot.domain.authority import Verdict
from bot.domain.copies import TAKEN_BACK, Copy, sent_as, taken_back
from bot.domain.errors import Permanent
from bot.domain.identifiers import NO_EVENT, Address, CopyId, EventId, PatientId, RoomId
from bot.domain.intents import EraseCopy, Hearing, LeaveRoom, Say, SayInClear
from bot.domain.marks import marked
from bot.domain.planned import Planned
from bot.domain.rooms import Room, RoomKind
from bot.ports import Audience, Commit, UnsafeRoom
from bot.words import greetings, phrases, to_the_team

from .world import World


@dataclass(frozen=True, slots=True)
class Said:
    room_id: RoomId
    event_id: EventId


@dataclass(frozen=True, slots=True)
class NotSaid:
    """The person who was to hear it may not any more (R28)."""

    verdict: Verdict
    instead: Said | None  # None: nothing at all


async def perform(world: World, intent: Say, planned: Planned) -> Said | NotSaid | None:
    to = await addressed(world, intent.address, intent.copy_ids, intent.hearing, intent.patient_ids)
    if to.verdict is None:
        return await find_and_say_no_more(world, to.room, planned)
    if not to.verdict:
        return await not_said(world, to.room, planned, to.verdict)
    audience = Audience({}, open=True) if intent.open else to.audience
    mark = marked(intent.mark)
    content: dict[str, Any] = {"msgtype": "m.text", "body": intent.text, **mark}
    if intent.edits:
        async with world.journal.reading() as rows:
            earlier = await rows.copies.get(intent.edits)
        if not earlier.event_id:
            return None
        if not earlier.stands_at(world.clock.now()):
            # A first try may have got through: this finds it, and says nothing to anybody.
            content, mark = {"msgtype": "m.text", "body": phrases.TAKEN_BACK}, {}
        content = {
            "msgtype": "m.text",
            "body": f"* {content['body']}",
            "m.new_content": content,
            "m.relates_to": {"rel_type": "m.replace", "event_id": earlier.event_id},
            **mark,
        }
    elif intent.thread and (root := await _stands(world, to.room, intent.thread)):
        content |= in_thread(root)
    return await posted(world, to.room, content, audience, planned)


async def _stands(world: World, room: Room, copy_id: CopyId) -> EventId:
    """Return the event of a post that people still see in this room, or ""."""
    async with world.journal.reading() as rows:
        posts = await rows.copies.among_in_room([copy_id], room.id)
    return next((post.event_id for post in posts if post.stands_at(world.clock.now())), NO_EVENT)


def in_thread(root: EventId) -> dict[str, Any]:
    """Place words in the thread of an event; apps that show no threads show them as a reply to it."""
    reply = {"m.in_reply_to": {"event_id": root}}
    return {"m.relates_to": {"rel_type": "m.thread", "event_id": root, "is_falling_back": True, **reply}}


async def posted(
    world: World,
    room: Room,
    content: Mapping[str, Any],
    audience: Audience,
    planned: Planned,
    event_type: str = "m.room.message",
) -> Said:
    """Send under the intent's transaction id; `Permanent("unsafe-room-…")`. It mentions nobody, whatever words it repeats."""
    content = {**content, "m.mentions": {}}
    try:
        event_id = await world.chat.send(room.id, content, audience, transaction_id=planned.id, event_type=event_type)
    except UnsafeRoom as unsafe:
        raise Permanent(f"unsafe-room-{unsafe.reason}") from unsafe
    return Said(room.id, event_id)


@dataclass(frozen=True, slots=True)
class SpokenTo:
    """Where words go, who reads them there, and whether they may hear them: all read in one moment.

    `verdict` is None for words that were taken back before they were known to be sent (`Transaction.cancel`).
    """

    room: Room
    audience: Audience
    verdict: Verdict | None


async def addressed(
    world: World, address: Address, copy_ids: Iterable[CopyId], hearing: Hearing, patient_ids: Sequence[PatientId]
) -> SpokenTo:
    """Look up who has this address, and ask again whether they may hear of the images and patients that words are about (R28)."""
    async with world.journal.reading() as rows:
        room, audience = await world.room_in(rows, address)
        posts = await _ledgered(rows, copy_ids)
        if any(post.because == TAKEN_BACK for post in posts):
            return SpokenTo(room, audience, None)
        verdict = await _may_be_said(world, rows, room, posts, hearing)
        if verdict and patient_ids:
            verdict = await may_be_told_of(rows, room.person_id, patient_ids, hearing, world.today)
        return SpokenTo(room, audience, verdict)


async def _ledgered(rows: Commit, copy_ids: Iterable[CopyId]) -> list[Copy]:
    """Return the ledger lines of a post. Raises `LookupError` where one is missing: nothing is sent that is not ledgered."""
    wanted = {copy_id for copy_id in copy_ids if copy_id}
    found = await rows.copies.among(wanted)
    if len(found) < len(wanted):
        raise LookupError("a post has no ledger line")
    return found


async def _may_be_said(world: World, rows: Commit, room: Room, posts: Sequence[Copy], hearing: Hearing) -> Verdict:
    if hearing == Hearing.USE:
        use = await rows.uses.get(rooms.use_at(room.address))
        images = await rows.images.among(use.image_ids)
        return await still_allowed(rows, use, images, use.recipient_ids, world.clock.now(), world.today)
    if room.kind is not RoomKind.OWN or not posts:
        return Verdict(True, "R28")
    person = await rows.people.get(room.person_id)
    about = [post.image_id for post in posts if post.image_id]
    images = await rows.images.among(about)
    return await may_be_told(rows, person, images, hearing, world.today)


async def find_and_say_no_more(world: World, room: Room, planned: Planned) -> Said:
    """Say a fixed sentence, under the same transaction id, in place of what may not be said any more.

    If a first try got through before the bot died, the homeserver answers with that message: so it is found,
    and erased (R13, R25).
    """
    content = {"msgtype": "m.text", "body": phrases.TAKEN_BACK}
    return await posted(world, room, content, Audience({}, open=True), planned)


async def not_said(world: World, room: Room, planned: Planned, verdict: Verdict) -> NotSaid:
    """Say a fixed sentence instead, which finds what a first try said; to somebody who left, say nothing at all."""
    left = verdict.because == "left"
    return NotSaid(verdict, None if left else await find_and_say_no_more(world, room, planned))


async def settle(tx: Transaction, intent: Say, said: Said | NotSaid | None) -> None:
    if isinstance(said, NotSaid):
        await note_not_said(tx, intent.address, intent.copy_ids, said)
    elif said is not None and intent.copy_ids:
        await note_where(tx, said, *intent.copy_ids)
    awaited = bool(intent.reply_id) or intent.hearing == Hearing.RECALL
    if awaited and (isinstance(said, NotSaid) or await _was_taken_back(tx, intent)):
        await _tell_not_heard(tx, intent)


async def _tell_not_heard(tx: Transaction, intent: Say) -> None:
    if intent.reply_id:
        await tell_author(tx, intent.reply_id, intent.address)
    if intent.hearing == Hearing.RECALL:
        await tell_not_told(tx, intent.address, intent.copy_ids)


async def _was_taken_back(tx: Transaction, intent: Say) -> bool:
    return any(copy.because == TAKEN_BACK for copy in await tx.rows.copies.among(intent.copy_ids))


async def note_not_said(tx: Transaction, address: Address, copy_ids: Iterable[CopyId], not_said: NotSaid) -> None:
    """Have what stands there instead go at once, and with it what a first try may have said."""
    verdict, copies = not_said.verdict, await tx.rows.copies.among(tuple(copy_ids))
    await tx.audit("bot", "say.not-said", address, rule=verdict.rule, why=verdict.because)
    for copy in copies:
        await tx.rows.copies.save(taken_back(copy, tx.now))
    if not_said.instead is not None:
        await note_where(tx, not_said.instead, *(copy.id for copy in copies))
    for copy in copies:
        await question_unsent(tx, copy.id)


async def note_where(tx: Transaction, said: Said, *copy_ids: CopyId) -> None:
    """Note the event of the ledgered post, and plan its end."""
    lane = f"end:{said.event_id}"  # one after another: once it is redacted, its other copies are settled without asking
    for copy in await tx.rows.copies.among(copy_ids):
        sent = await tx.rows.copies.save(sent_as(copy, said.room_id, said.event_id))
        await tx.plan(EraseCopy(copy.id), lane=lane, due=sent.purge_after)


async def fail(tx: Transaction, intent: Say, why: Permanent) -> None:
    await tell_refused(tx, intent.address, why)
    if intent.reply_id:
        await note_unread(tx, intent.reply_id)
    if intent.hearing == Hearing.RECALL:
        await tell_not_told(tx, intent.address, intent.copy_ids)
    for copy_id in intent.copy_ids:
        await question_unsent(tx, copy_id)


async def question_unsent(tx: Transaction, copy_id: CopyId) -> None:
    """Have `request_consent.unsent` see to a question that did not arrive: it is no basis for consent (R32)."""
    carried = await tx.rows.choices.carried_by(copy_id, "specific-consent") if copy_id else None
    if carried is not None:
        await tx.remind("consent-unsent", carried.id, timedelta(0))


async def tell_refused(tx: Transaction, address: Address, why: Permanent) -> None:
    """Note that nothing was sent. The practice hears of it, unless it is the practice's own room that can't be spoken in."""
    await tx.audit("bot", "say.refused", address, why=why.code)
    if address.startswith("room:"):
        if why.code == "unsafe-room-not-encrypted":
            await tx.plan(SayInClear(rooms.room_at(address)), lane=address)
        return
    if address != rooms.PRACTICE:
        await tx.tell_practice(to_the_team.stuck("a message to somebody", why.code))


async def perform_in_clear(world: World, intent: SayInClear, planned: Planned) -> None:
    try:
        await world.chat.send_in_clear(intent.room_id, greetings.NOT_ENCRYPTED_ROOM, transaction_id=planned.id)
    except UnsafeRoom as unsafe:
        raise Permanent(f"unsafe-room-{unsafe.reason}") from unsafe


async def settle_in_clear(tx: Transaction, intent: SayInClear, _said: None) -> None:
    await tx.plan(LeaveRoom(intent.room_id), lane=rooms.lobby(intent.room_id))


async def fail_in_clear(tx: Transaction, intent: SayInClear, why: Permanent) -> None:
    """Tell the person who wrote in clear that the room is encrypted and only their message was not; the bot stays."""
    await tx.audit("bot", "say-in-clear.refused", intent.room_id, why=why.code)
    if why.code == "unsafe-room-encrypted":
        await tx.say(rooms.lobby(intent.room_id), phrases.SENT_IN_CLEAR, open=True)
