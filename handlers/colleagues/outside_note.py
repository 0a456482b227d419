"""The note that closes a case brought by an outside clinician: without it, reminders, then escalation (R5)."""

from __future__ import annotations

from bot.core.documents import lacks_note
from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.identifiers import ImageId
from bot.words import to_colleagues as words


async def remind(tx: Transaction, image_id: ImageId) -> None:
    """Remind the person who took it; while nobody has, the practice's room."""
    image = await tx.rows.images.get(image_id)
    if not await lacks_note(tx.rows, image):
        return
    address = rooms.own(image.taken_by) if image.taken_by else rooms.PRACTICE
    await tx.say(address, words.note_wanted(image.ref, again=False), image_id=image.id)
    await tx.remind("note-overdue", image.id, tx.policy.note_reminder)


async def escalate(tx: Transaction, image_id: ImageId) -> None:
    """Tell the managers, and again until the note is there."""
    image = await tx.rows.images.get(image_id)
    if not await lacks_note(tx.rows, image):
        return
    for manager in await tx.managers():
        await tx.say(rooms.own(manager.id), words.note_wanted(image.ref, again=True), image_id=image.id)
    await tx.audit("bot", "note.escalated", image.id)
    await tx.remind("note-overdue", image.id, tx.policy.note_reminder)
