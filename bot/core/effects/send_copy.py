"""Send somebody the copy of a record they may have: one encrypted file, or several, into their own room (R24).

What is filed is counted first, and divided; an earlier copy of the same record then goes from the chat. For each part a media
id is reserved and ledgered before a byte of it is uploaded; the zip is made in memory and touches no disk. Whether this person
may have it is asked again at the moment of sending. A second try that finds its media there already says so under the same
transaction id, as for a picture: nothing is sent twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.core.breaches import tell_managers
from bot.core.circles import circle_of
from bot.core.copy_contents import open_to, unnamed_to
from bot.core.transaction import Transaction
from bot.core.uses.not_shown import note_copy_not_sent
from bot.domain import rooms
from bot.domain.authority import hears
from bot.domain.consent import Disclosure
from bot.domain.copies import TAKEN_BACK, Copy, What, copy_key
from bot.domain.entries import HeldEntry, Unnamed
from bot.domain.errors import Permanent
from bot.domain.identifiers import CopyId, ImageId, MediaId, PatientId, PersonId
from bot.domain.intents import PrepareCopy, ReserveCopy, SendCopy
from bot.domain.parts import LARGEST_PART, MOST_PARTS, parts
from bot.domain.planned import Planned
from bot.domain.purposes import Purpose
from bot.domain.terms import Terms
from bot.ports import Rendition
from bot.words import about_rights, to_the_team
from bot.words.about_pictures import terms_in_copy

from .say import Said, find_and_say_no_more, note_where, posted, tell_refused
from .show_picture import PERHAPS_SHOWN, TRIED_BEFORE
from .world import World

Parts = list[tuple[str, ...]]
_UNREADABLE = frozenset({"damaged", "missing"})


async def prepare(world: World, intent: PrepareCopy) -> Parts | None:
    """Return what they may have, counted and divided; None for somebody who may have nothing any more."""
    if not await _may_have_it(world, intent.person_id, intent.patient_id):
        return None
    return parts(await _open_to(world, intent))


async def prepared(tx: Transaction, intent: PrepareCopy, found: Parts | None) -> None:
    own = rooms.own(intent.person_id)
    if found is None:
        return
    if not found or len(found) > MOST_PARTS:
        await tx.say(own, about_rights.NOTHING_TO_COPY if not found else about_rights.TOO_MUCH)
        return
    replaced = await _take_away_earlier(tx, intent)
    await tx.say(own, about_rights.copy_follows(len(found), tx.policy.keep_copy, replaced))
    for number, entry_ids in enumerate(found, 1):
        reserve = ReserveCopy(intent.person_id, intent.patient_id, entry_ids, number, len(found))
        await tx.plan(reserve, lane=own)


async def _take_away_earlier(tx: Transaction, intent: PrepareCopy) -> bool:
    """Erase the copies of this record that still lie in their chat, as one at a time is enough; return whether there were any."""
    room = await tx.rows.rooms.at(rooms.own(intent.person_id))
    said = await tx.rows.copies.in_room(room.id, What.POST) if room else []
    posts = [post for post in said if post.post_key.startswith(copy_key(intent.person_id, intent.patient_id))]
    media = await tx.rows.copies.of_posts([post.post_key for post in posts], what=What.FILE) if posts else []
    await tx.erase_now(*media, *posts)
    return bool(posts)


async def _record(tx: Transaction, intent: ReserveCopy) -> None:
    """Record who gets a copy as a disclosure like any other: should a photo prove to be filed wrongly, it is known who has it.

    It is recorded before the first byte could be sent, and after what had to be said first was said: that may have waited long.
    """
    images = {image.id for image in await tx.rows.images.of_patient(intent.patient_id)}
    disclosures = [
        Disclosure(tx.ids.new(), ImageId(entry_id), intent.person_id, "copy", Purpose.CARE, "R24", tx.now)
        for entry_id in intent.entry_ids
        if entry_id in images
    ]
    await tx.rows.disclosures.add(*disclosures)
    entries = len(intent.entry_ids)
    await tx.audit(intent.person_id, "copy.sent", intent.patient_id, entries=entries, images=len(disclosures))


async def reserve(world: World, intent: ReserveCopy) -> MediaId | None:
    """Return where the file is to lie; None for somebody who may have nothing any more: nobody got it then."""
    return await world.chat.reserve_media() if await _still_open(world, intent) else None


async def reserved(tx: Transaction, intent: ReserveCopy, mxc: MediaId | None) -> None:
    if mxc is None:
        await tx.say(rooms.own(intent.person_id), about_rights.not_your_copy(tx.policy.practice))
        return
    await _record(tx, intent)
    until, key = tx.now + tx.policy.keep_copy, copy_key(intent.person_id, intent.patient_id) + tx.ids.new()
    media = Copy(CopyId(tx.ids.new()), What.FILE, mxc=mxc, owner=tx.policy.bot_account, post_key=key, purge_after=until)
    post = Copy(CopyId(tx.ids.new()), What.POST, post_key=key, purge_after=until)
    await tx.rows.copies.add(media, post)
    send = SendCopy(
        intent.person_id, intent.patient_id, intent.entry_ids, intent.number, intent.of, mxc, media.id, post.id
    )
    await tx.plan(send, lane=rooms.own(intent.person_id))
    await tx.erase(media)


@dataclass(frozen=True, slots=True)
class Sent(Said):
    """What was sent. `entry_ids`: what of the record is in it, or may be, where a first try may have got through.

    `unreadable`: what could not be read, and is not in it.
    `too_much`: what that try sent may hold what they may not have any more.
    """

    entry_ids: tuple[str, ...] = ()
    too_much: bool = False
    unreadable: tuple[ImageId, ...] = ()


async def perform(world: World, intent: SendCopy, planned: Planned) -> Sent:
    """Ask what they may have before the file is made, and again once it is uploaded: a homeserver may take its time (R28)."""
    if await _is_taken_back(world, intent):
        return await _find_and_say_no_more(world, intent, planned)
    entry_ids = await _still_open(world, intent)
    content, was_tried, unreadable = await _content_or_words(world, intent, entry_ids)
    if await _is_taken_back(world, intent):
        return await _find_and_say_no_more(world, intent, planned)
    if not set(entry_ids) <= set(await _still_open(world, intent)):
        content = _words(about_rights.not_your_copy.english(world.policy.practice))
        entry_ids, unreadable = [], ()
    room, audience = await world.room_at(rooms.own(intent.person_id))
    try:
        said = await posted(world, room, content, audience, planned)
    except Permanent as why:
        if not was_tried:
            raise
        raise Permanent(f"{PERHAPS_SHOWN}{why.code}") from why
    if not was_tried:
        there = tuple(entry_id for entry_id in entry_ids if entry_id not in unreadable)
        return Sent(said.room_id, said.event_id, there, unreadable=unreadable)
    return Sent(said.room_id, said.event_id, intent.entry_ids, too_much=not set(intent.entry_ids) <= set(entry_ids))


async def _is_taken_back(world: World, intent: SendCopy) -> bool:
    async with world.journal.reading() as rows:
        return (await rows.copies.get(intent.copy_id)).because == TAKEN_BACK


async def _find_and_say_no_more(world: World, intent: SendCopy, planned: Planned) -> Sent:
    room, _ = await world.room_at(rooms.own(intent.person_id))
    said = await find_and_say_no_more(world, room, planned)
    may_have_come = intent.entry_ids if planned.attempts else ()
    return Sent(said.room_id, said.event_id, may_have_come)


async def _content_or_words(
    world: World, intent: SendCopy, entry_ids: Sequence[str]
) -> tuple[dict[str, Any], bool, tuple[ImageId, ...]]:
    """Return the file; or, where it may not or can't be sent now, a sentence under the same transaction id. Return also whether
    a first try had uploaded the file, and what could not be read.
    """
    if not entry_ids:
        return _words(about_rights.not_your_copy.english(world.policy.practice)), False, ()
    try:
        content, unreadable = await _content(world, intent, entry_ids)
        return content, False, unreadable
    except Permanent as lost:
        if lost.code not in TRIED_BEFORE:
            raise
        return _words(about_rights.COPY_INTERRUPTED), True, ()


def _words(text: str) -> dict[str, Any]:
    return {"msgtype": "m.text", "body": text}


async def _content(
    world: World, intent: SendCopy, entry_ids: Sequence[str]
) -> tuple[dict[str, Any], tuple[ImageId, ...]]:
    async with world.journal.reading() as rows:
        unnamed = await unnamed_to(rows, intent.person_id, intent.patient_id, world.today)
    async with world.in_flight.room_for(2 * LARGEST_PART):  # the files, and the zip made of them
        data, unreadable = await _bundle(world, intent.patient_id, entry_ids, unnamed)
        file = await world.chat.put(intent.mxc, data)
    name = "copy-of-the-record.zip" if intent.of == 1 else f"copy-of-the-record-{intent.number}-of-{intent.of}.zip"
    info = {"mimetype": "application/zip", "size": len(data)}
    return {"msgtype": "m.file", "body": name, "filename": name, "info": info, "file": file}, unreadable


async def _bundle(
    world: World, patient_id: PatientId, entry_ids: Sequence[str], unnamed: Unnamed
) -> tuple[bytes, tuple[ImageId, ...]]:
    """Return the zip, and what could not be read: a line stands in its place, and the rest comes."""
    of_others = unnamed.of_others.intersection(entry_ids)
    now = world.clock.now()
    try:
        return await world.record.bundle(patient_id, entry_ids, now, unnamed, await _cleaned(world, of_others)), ()
    except Permanent as lost:
        if lost.code not in _UNREADABLE:
            raise
        unreadable = [ImageId(entry_id) for entry_id in entry_ids if not await _can_be_read(world, entry_id)]
        if not unreadable:
            raise
    cleaned = await _cleaned(world, of_others - set(unreadable))
    instead: dict[str, Rendition] = dict.fromkeys(
        unreadable, Rendition(about_rights.NOT_READ.encode(), "text/plain", 0, 0)
    )
    return await world.record.bundle(patient_id, entry_ids, now, unnamed, {**cleaned, **instead}), tuple(unreadable)


async def _can_be_read(world: World, entry_id: str) -> bool:
    try:
        await world.record.content(entry_id)
    except Permanent as lost:
        if lost.code not in _UNREADABLE:
            raise
        return False
    return True


async def _cleaned(world: World, image_ids: Iterable[str]) -> dict[str, Rendition]:
    """Return photos without their metadata, as they stand in a copy; words where there can be no such photo (R19)."""
    cleaned = {}
    for image_id in image_ids:
        image = await world.image(ImageId(image_id))
        terms = Terms(image.ref, terms_in_copy(world.policy.practice, image.purpose or Purpose.CARE))
        try:
            cleaned[image_id] = await world.screener.clean_copy(await world.original(image), terms)
        except Permanent as lost:
            if lost.code != "not-viewable":
                raise
            cleaned[image_id] = Rendition(about_rights.NOT_CLEANED.encode(), "text/plain", 0, 0)
    return cleaned


async def _may_have_it(world: World, person_id: PersonId, patient_id: PatientId) -> bool:
    """Return whether they are still here and still hear of this patient: a child may have turned 18 since it was asked for."""
    async with world.journal.reading() as rows:
        return person_id in hears(await circle_of(rows, patient_id), world.today)


async def _open_to(world: World, intent: PrepareCopy | ReserveCopy | SendCopy) -> list[HeldEntry]:
    entries = await world.record.inventory(intent.patient_id)
    async with world.journal.reading() as rows:
        return await open_to(rows, intent.person_id, intent.patient_id, entries, world.today)


async def _still_open(world: World, intent: ReserveCopy | SendCopy) -> list[str]:
    """Return what they may have at this moment of what was counted."""
    return [entry.entry_id for entry in await _open_to(world, intent) if entry.entry_id in set(intent.entry_ids)]


async def settle(tx: Transaction, intent: SendCopy, sent: Sent) -> None:
    await note_where(tx, sent, intent.copy_id)
    copies = await tx.rows.copies.among((intent.copy_id, intent.media_copy_id))
    if sent.too_much or any(copy.because == TAKEN_BACK for copy in copies):
        await tx.hide_now(*copies)  # also what left while it was taken back
    if sent.too_much:
        await tx.say(rooms.own(intent.person_id), about_rights.COPY_INTERRUPTED)
    await note_copy_not_sent(intent.person_id, set(intent.entry_ids) - set(sent.entry_ids), tx)
    if sent.unreadable:
        images = await tx.rows.images.among(sent.unreadable)
        refs = [image.ref for image in images]
        await tx.say(rooms.own(intent.person_id), about_rights.not_in_your_copy(refs), image_id=images[0].id)
        text = to_the_team.not_readable(refs)
        await tell_managers(tx, text, images[0].id, (), text)


async def fail(tx: Transaction, intent: PrepareCopy | SendCopy, why: Permanent) -> None:
    own, code = rooms.own(intent.person_id), why.code.removeprefix(PERHAPS_SHOWN)
    if isinstance(intent, SendCopy) and code == why.code:
        await note_copy_not_sent(intent.person_id, intent.entry_ids, tx)
    if code.startswith("unsafe-room"):
        await tell_refused(tx, own, Permanent(code))
        return
    await tx.say(own, about_rights.COPY_FAILED)
    await tx.tell_practice(to_the_team.stuck(to_the_team.DOING[intent.kind], code))
