"""Close question: tell apps that what a post asks can't be answered any more, in the form they know for polls (MSC3381).

Closing twice is safe, as for Say. It says nothing about anybody. What is closed stands inside the ciphertext: a homeserver that
points the relation elsewhere closes no other question on a page.
"""

from __future__ import annotations

from typing import Any

from bot.core.transaction import Transaction
from bot.domain.errors import Permanent
from bot.domain.identifiers import EventId
from bot.domain.intents import CloseQuestion, EraseCopy
from bot.domain.marks import Mark, Meaning, marked
from bot.domain.planned import Planned
from bot.words import phrases

from . import say
from .ask import POLL, TEXT
from .say import Said
from .world import World, people_of

WORDS_CLOSED = "org.consentry.closed"  # of a type that apps show nothing of


async def perform(world: World, intent: CloseQuestion, planned: Planned) -> Said | None:
    """Return None where nothing was asked, or nobody who read it is left."""
    async with world.journal.reading() as rows:
        asked = await rows.copies.get(intent.asked)
        room = await rows.rooms.known(asked.room_id) if asked.event_id else None
        if room is None or not await people_of(room.address, rows):
            return None
        _, audience = await world.room_in(rows, room.address)
    kind = f"{POLL}.end" if intent.is_poll else WORDS_CLOSED
    return await say.posted(world, room, closed(asked.event_id, kind), audience, planned, kind)


def closed(event_id: EventId, kind: str) -> dict[str, Any]:
    """Return the content of the event that closes another."""
    about = {"m.relates_to": {"rel_type": "m.reference", "event_id": event_id}}
    words = {TEXT: phrases.QUESTION_CLOSED, "body": phrases.QUESTION_CLOSED}
    return {kind: {}, **words, **about, **marked(Mark(Meaning.QUESTION_CLOSED, asked=event_id))}


async def settle(tx: Transaction, intent: CloseQuestion, said: Said | None) -> None:
    if said is None:
        await tx.plan(EraseCopy(intent.copy_id))
    else:
        await say.note_where(tx, said, intent.copy_id)


async def fail(tx: Transaction, intent: CloseQuestion, why: Permanent) -> None:
    """Note it alone: nothing that anybody should have read is missing."""
    await tx.audit("bot", "close-question.refused", intent.asked, why=why.code)
    await tx.plan(EraseCopy(intent.copy_id))
