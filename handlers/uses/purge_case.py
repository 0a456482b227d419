"""Purge the room of a case once it is closed and each recipient has said what becomes of their own copy (R5 binds them too).

Who never says holds it up for a time, not for ever.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.dispatch import Request
from bot.core.documents import disclose
from bot.core.polls import close_polls
from bot.core.transaction import Transaction
from bot.core.uses.end import say_it_ends
from bot.core.uses.judge import apply_use
from bot.core.uses.not_shown import stop_showing
from bot.domain import rooms
from bot.domain.choices import Choice
from bot.domain.consent import Disclosed
from bot.domain.copies import CopyState
from bot.domain.identifiers import UseId
from bot.domain.message import Message
from bot.domain.use import Closed, Use, UseState

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
    await _purge_room(use, tx)


async def _purge_room(use: Use, tx: Transaction) -> None:
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
