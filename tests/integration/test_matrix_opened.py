"""What a real homeserver shows of whether a message was opened, by whatever a person's app says of it."""

from __future__ import annotations

from typing import Any

from bot.core.effects.say import in_thread
from bot.domain.identifiers import EventId, RoomId
from tests.conftest import Peer
from tests.homeserver import Homeserver
from tests.integration.test_matrix_start import Bot, bot, make_bot
from tests.integration.test_matrix_talk import pinned, room_with, text
from tests.peer.driver import MatrixUser

__all__ = ["bot", "make_bot"]


async def reads(person: MatrixUser, room: str, event_id: str, kind: str = "m.read", **more: str) -> None:
    where = f"/_matrix/client/v3/rooms/{room}/receipt/{kind}/{event_id}"
    answer = await person.aio.http(method="POST", path=where, body=more)
    assert answer["status"] == 200, answer


async def test_a_receipt_on_it_or_on_what_follows_shows_it_and_a_private_one_does_not(
    homeserver: Homeserver, peer: Peer, bot: Bot
) -> None:
    sam = peer(homeserver.account("sam"))
    room = await room_with(bot, sam)

    async def says(words: str, **more: Any) -> EventId:
        content = {**text(words), **more}
        return await bot.matrix.send(RoomId(room), content, await pinned(sam), transaction_id=words)

    async def opened(event_id: EventId) -> bool:
        return await bot.matrix.is_opened(RoomId(room), event_id)

    first, second = await says("one"), await says("two")
    assert not await opened(first)
    await reads(sam, room, second, "m.read.private")
    assert not await opened(first) and not await opened(second)
    await reads(sam, room, first, thread_id="main")
    assert await opened(first) and not await opened(second)
    root, later = await says("three"), await says("four")
    in_it = await says("five", **in_thread(root))
    after = await says("six")
    await reads(sam, room, after, thread_id="main")
    assert await opened(root) and await opened(later) and not await opened(in_it), "a thread is read for itself"
    await reads(sam, room, in_it, thread_id=root)
    assert await opened(in_it)


async def test_a_reaction_or_anything_written_later_shows_it(homeserver: Homeserver, peer: Peer, bot: Bot) -> None:
    sam = peer(homeserver.account("sam"))
    room = await room_with(bot, sam)
    await sam.aio.send_text(room, "before")
    said = await bot.matrix.send(RoomId(room), text("hello"), await pinned(sam), transaction_id="hello")
    assert not await bot.matrix.is_opened(RoomId(room), said)
    await sam.aio.wait(room, event_id=said, utd=False)
    await sam.aio.react(room, said, "👍")
    assert await bot.matrix.is_opened(RoomId(room), said)
    again = await bot.matrix.send(RoomId(room), text("again"), await pinned(sam), transaction_id="again")
    assert not await bot.matrix.is_opened(RoomId(room), again)
    await sam.aio.send_text(room, "thank you")
    assert await bot.matrix.is_opened(RoomId(room), again)
