"""`!close the summary`: the discussion is filed with the image, the recipient's own copy is settled, the case room is purged.

The recipient is first offered a copy for their own record (R5 binds them too): stored or not needed, their answer is recorded,
and only then does everything in the room go.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.dispatch import Request
from bot.core.documents import disclose, write
from bot.core.one_patient import of_one_patient
from bot.core.polls import ask, close_polls
from bot.core.transaction import Transaction
from bot.core.uses.end import recipients_of, say_it_ends
from bot.core.uses.judge import apply_use
from bot.core.uses.not_shown import stop_showing
from bot.domain import rooms
from bot.domain.authority import takes_part
from bot.domain.choices import Choice
from bot.domain.consent import Disclosed
from bot.domain.copies import CopyState
from bot.domain.entries import EntryKind
from bot.domain.errors import Refused
from bot.domain.identifiers import PersonId, UseId
from bot.domain.message import Message
from bot.domain.rooms import RoomKind
from bot.domain.staff_deeds import CloseCase
from bot.domain.use import Closed, Summarised, Use, UseState
from bot.words import about_incidents, about_uses, phrases


async def close_case(deed: CloseCase, request: Request, tx: Transaction) -> Message | None:
    if request.room.kind is not RoomKind.CASE:
        raise Refused(about_uses.close_it_there())
    use = await tx.rows.uses.get(rooms.use_at(request.room.address))
    if request.person.id != use.asked_by:
        raise Refused(about_uses.not_yours_to_close())
    if use.summarised_at is not None:
        raise Refused(about_uses.being_closed())
    await of_one_patient(deed.summary, await tx.rows.images.among(use.image_ids), tx)
    await file_discussion(use, request.person.id, deed.summary, tx)
    await tx.ledger_message(request.arrival, image_id=use.image_ids[0])
    summarised = await apply_use(tx, use, Summarised(tx.now), request.person.id)
    advisers = await recipients_of(use, tx)
    here = [person for person in advisers if takes_part(use, person.as_if_active)]
    if not here or use.state is not UseState.RELEASED:
        await end_case(summarised, tx)
        return about_uses.case_filed_at_once() if use.state is UseState.RELEASED else about_uses.case_filed_after_all()
    for person in here:
        await ask(
            tx,
            person,
            about_uses.KEEP_A_COPY,
            [("stored", "Stored, in my own record"), ("declined", "Not needed")],
            about="own-copy",
            subject=use.id,
            lasts=tx.policy.case_reminder,
            image_id=use.image_ids[0],
            address=request.room.address,
        )
    await tx.remind("copy-unanswered", use.id, tx.policy.case_reminder)
    return about_uses.case_filed(tx.policy.case_reminder.days)


async def file_discussion(use: Use, author: PersonId, summary: str, tx: Transaction) -> None:
    """File the summary with the image, and the transcript where policy keeps one; the lines themselves are no longer kept."""
    said = await tx.rows.lines.of_use(use.id)
    names = {person.id: person.name for person in await tx.rows.people.among([line.person_id for line in said])}
    transcript = "\n".join(
        f"{phrases.moment(line.at, tx.policy.timezone)} {names.get(line.person_id, '?')}: {line.text}" for line in said
    )
    facts: dict[str, object] = {"discussion_with": list(use.recipients), "question": use.question}
    for image in await tx.rows.images.among(use.image_ids):
        await write(tx, EntryKind.NOTE, image, image.patient_id, author, summary, facts)
        if tx.policy.keep_transcripts and transcript:
            await write(tx, EntryKind.NOTE, image, image.patient_id, author, f"Transcript\n{transcript}", facts)


_OWN_COPY: Mapping[str, Disclosed] = {"stored": "own-copy-stored", "declined": "own-copy-declined"}


async def own_copy(choice: Choice, request: Request, tx: Transaction) -> Message | None:
    """Record that the recipient stored a copy, or needs none; with the last answer the room is purged."""
    use = await tx.rows.uses.get(UseId(choice.subject))
    for image in await tx.rows.images.among(use.image_ids):
        await disclose(tx, image, request.person, _OWN_COPY[choice.value], "R5", use.purpose)
    await tx.audit(request.person.id, f"own-copy.{choice.value}", use.id)
    await tx.ledger_message(request.arrival, image_id=use.image_ids[0])
    if not await tx.rows.choices.open_about(use.id):
        await end_case(use, tx)
    return None


async def end_case(use: Use, tx: Transaction) -> None:
    if use.state is UseState.RELEASED:
        await apply_use(tx, use, Closed(), "bot")
    await purge_case(use, tx)


async def purge_case(use: Use, tx: Transaction) -> None:
    """Erase everything in the case room that can be erased, now: pictures first, then what was said."""
    await stop_showing(rooms.case(use.id), tx)
    room = await say_it_ends(use, tx)
    if room is None:
        return
    images = list(use.image_ids)
    known = await tx.rows.copies.of_images(images, CopyState.KNOWN)
    in_room = [copy for copy in known if copy.room_id == room.id]
    posts = {copy.post_key for copy in in_room if copy.post_key}
    media = [copy for copy in known if copy.is_media and copy.post_key in posts]
    await tx.erase_now(*media, *(copy for copy in in_room if copy not in media))


async def copy_unanswered(tx: Transaction, use_id: UseId) -> None:
    """Purge the room of a recipient who never said, as it does not stay open for ever; this is noted as not answered."""
    use = await tx.rows.uses.get(use_id)
    if use.state is not UseState.RELEASED or use.summarised_at is None:
        return
    await tx.audit("bot", "own-copy.unanswered", use.id)
    await close_polls(tx, use.id)
    await end_case(use, tx)


async def still_open(tx: Transaction, use_id: UseId) -> None:
    """Remind people in the room that the case is not closed, and a week later the managers (R5).

    Remind whoever asked in their own chat where the case was stopped: the others may have left the room.
    """
    use = await tx.rows.uses.get(use_id)
    if not use.lacks_summary:
        return
    image = await tx.rows.images.get(use.image_ids[0])
    if use.state is UseState.RELEASED:
        await tx.say(rooms.case(use.id), about_uses.CASE_STILL_OPEN, image_id=image.id)
    else:
        text = f"{image.ref}: {about_incidents.FILE_THE_DISCUSSION}"
        await tx.say(rooms.own(use.asked_by), text, image_id=image.id)
    await tx.remind("case-overdue", use.id, tx.policy.case_reminder)


async def overdue(tx: Transaction, use_id: UseId) -> None:
    use = await tx.rows.uses.get(use_id)
    if not use.lacks_summary:
        return
    image = await tx.rows.images.get(use.image_ids[0])
    asker = await tx.person(use.asked_by)
    for manager in await tx.managers():
        await tx.say(rooms.own(manager.id), about_uses.case_overdue(asker.name, image), image_id=image.id)
    await tx.remind("case-overdue", use.id, tx.policy.case_reminder)
