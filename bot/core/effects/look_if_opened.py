"""Look if opened: ask the homeserver whether anything shows that a post was opened, and tell of it where nothing does.

Asking twice is safe. A homeserver that can't say shows nothing, and that is what is told.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.transaction import Transaction
from bot.core.unopened import post_of, tell_of_unopened
from bot.domain.copies import Copy
from bot.domain.document import Document
from bot.domain.errors import Permanent
from bot.domain.intents import LookIfOpened

from .world import World


@dataclass(frozen=True, slots=True)
class Unopened:
    """Nothing shows that it was opened; `words` is what it says, "" where the record does not give it."""

    words: str


async def perform(world: World, intent: LookIfOpened) -> Unopened | None:
    async with world.journal.reading() as rows:
        document = await rows.documents.known(intent.document_id)
        posts = await rows.copies.of_post(post_of(document)) if document is not None else []
    if document is None or await _shows_opened(world, posts):
        return None
    return Unopened(document.text or await _filed(world, document))


async def _shows_opened(world: World, posts: list[Copy]) -> bool:
    sent = next((post for post in posts if post.event_id), None)
    try:
        return sent is not None and await world.chat.is_opened(sent.room_id, sent.event_id)
    except Permanent:
        return False


async def _filed(world: World, document: Document) -> str:
    try:
        return (await world.record.content(document.id)).decode()
    except Permanent:
        return ""


async def settle(tx: Transaction, intent: LookIfOpened, found: Unopened | None) -> None:
    if found is not None:
        await tell_of_unopened(tx, intent.document_id, found.words)
