"""`!close the summary`: file the discussion with the image, and ask each recipient about their own copy.

Only when they have answered does everything in the room go (`purge_case`).
"""

from __future__ import annotations

from bot.core.dispatch import Request
from bot.core.documents import write
from bot.core.one_patient import of_one_patient
from bot.core.polls import ask
from bot.core.transaction import Transaction
from bot.core.uses.end import recipients_of
from bot.core.uses.judge import apply_use
from bot.domain import rooms
from bot.domain.authority import takes_part
from bot.domain.entries import EntryKind
from bot.domain.errors import Refused
from bot.domain.identifiers import PersonId
from bot.domain.message import Message
from bot.domain.rooms import RoomKind
from bot.domain.staff_deeds import CloseCase
from bot.domain.use import Summarised, Use, UseState
from bot.words import about_uses, phrases
from handlers.uses.purge_case import end_case


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
