"""Remind of a case that nobody closed: those in its room, or whoever asked, and a week later the managers (R5)."""

from __future__ import annotations

from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.identifiers import UseId
from bot.domain.use import UseState
from bot.words import about_incidents, about_uses


async def remind(tx: Transaction, use_id: UseId) -> None:
    """Remind people in the room; where the case was stopped, whoever asked, in their own chat: the others may have left."""
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


async def tell_managers(tx: Transaction, use_id: UseId) -> None:
    use = await tx.rows.uses.get(use_id)
    if not use.lacks_summary:
        return
    image = await tx.rows.images.get(use.image_ids[0])
    asker = await tx.person(use.asked_by)
    for manager in await tx.managers():
        await tx.say(rooms.own(manager.id), about_uses.case_overdue(asker.name, image), image_id=image.id)
    await tx.remind("case-overdue", use.id, tx.policy.case_reminder)
