"""Rooms made on a real homeserver: once for each wish, and in the bot's power."""

from __future__ import annotations

import secrets
from typing import Any

import pytest

from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.identifiers import Account, RoomId
from bot.matrix.homeserver_client import path
from bot.ports import NewRoom
from tests.conftest import Peer
from tests.homeserver import Homeserver
from tests.integration.test_matrix_start import Bot, MakeBot, bot, make_bot
from tests.integration.test_matrix_talk import room_of, room_with

__all__ = ["bot", "make_bot"]


def wish() -> NewRoom:
    return NewRoom(secrets.token_hex(8), "Practice", ())


async def test_the_same_wish_gives_the_same_room(bot: Bot) -> None:
    wanted = wish()
    room = await bot.matrix.create_room(wanted)
    assert await bot.matrix.create_room(wanted) == room
    await bot.stop()
    await bot.start()
    assert await bot.matrix.create_room(wanted) == room
    assert await bot.matrix.create_room(wish()) != room


async def test_a_room_whose_making_was_cut_short_is_found_again(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted, client = wish(), bot.matrix._client
    call = client.call

    async def answer_lost(method: str, where: str, **rest: Any) -> dict[str, Any]:
        answer = await call(method, where, **rest)
        if where.endswith("/createRoom"):
            raise OutsideFailure("the answer was lost")
        return answer

    with monkeypatch.context() as cut:
        cut.setattr(client, "call", answer_lost)
        with pytest.raises(OutsideFailure):
            await bot.matrix.create_room(wanted)
    room = await bot.matrix.create_room(wanted)
    joined = await call("GET", path("joined_rooms"))
    assert joined["joined_rooms"] == [room]


async def test_a_room_is_encrypted_closed_and_in_the_bots_power(homeserver: Homeserver, peer: Peer, bot: Bot) -> None:
    sam = peer(homeserver.account("sam"))
    room = await room_with(bot, sam)
    state = {event["type"]: event["content"] for event in await bot.matrix._rooms.state(RoomId(room))}
    assert state["m.room.encryption"]["algorithm"] == "m.megolm.v1.aes-sha2"
    assert state["m.room.history_visibility"] == {"history_visibility": "invited"}
    assert state["m.room.guest_access"] == {"guest_access": "forbidden"}
    assert state["m.room.join_rules"] == {"join_rule": "invite"}
    for path_ in ("invite", "state/m.room.history_visibility"):
        answer = await sam.aio.http(
            method="POST" if path_ == "invite" else "PUT",
            path=f"/_matrix/client/v3/rooms/{room}/{path_}",
            body={"user_id": "@x:practice.test", "history_visibility": "shared"},
        )
        assert answer["status"] == 403
    said = await sam.aio.send_text(room, "oh")
    await bot.matrix.redact(RoomId(room), said, transaction_id="r-1")
    await bot.matrix.redact(RoomId(room), said, transaction_id="r-1")
    await bot.matrix.redact(RoomId(room), said, transaction_id="r-2")
    assert (await sam.aio.server_event(room, said))["content"] == {}


async def test_without_power_a_redaction_is_forbidden(homeserver: Homeserver, peer: Peer, bot: Bot) -> None:
    sam = peer(homeserver.account("sam"))
    theirs = await room_of(sam, bot)
    await bot.matrix.join(RoomId(theirs))
    await sam.aio.wait_member(theirs, bot.matrix.user_id)  # by then it knows, too, that the room is encrypted
    said = await sam.aio.send_text(theirs, "hello")
    with pytest.raises(Permanent) as refused:
        await bot.matrix.redact(RoomId(theirs), said, transaction_id="r")
    assert refused.value.code == "forbidden"


async def test_joining_inviting_and_leaving_twice_is_once(homeserver: Homeserver, peer: Peer, bot: Bot) -> None:
    sam = peer(homeserver.account("sam"))
    room = await room_with(bot, sam)
    await bot.matrix.invite(RoomId(room), Account(sam.user_id))
    await bot.matrix.join(RoomId(room))
    other = homeserver.account("kim")
    await bot.matrix.invite(RoomId(room), Account(other.user_id))
    await bot.matrix.invite(RoomId(room), Account(other.user_id))
    await bot.matrix.leave(RoomId(room))
    await bot.matrix.leave(RoomId(room))


async def test_who_was_banned_cannot_be_invited(homeserver: Homeserver, make_bot: MakeBot) -> None:
    bot = await make_bot()
    other = homeserver.account("kim")
    room = await bot.matrix.create_room(wish())
    await bot.matrix._client.call("POST", path("rooms", room, "ban"), body={"user_id": other.user_id})
    with pytest.raises(Permanent) as refused:
        await bot.matrix.invite(room, Account(other.user_id))
    assert refused.value.code == "forbidden"


async def test_somebody_put_out_of_a_room_is_out_and_asking_again_is_success(
    homeserver: Homeserver, peer: Peer, bot: Bot
) -> None:
    sam = peer(homeserver.account("sam"))
    room = await room_with(bot, sam)
    for _ in range(2):
        await bot.matrix.remove(RoomId(room), Account(sam.user_id))
        assert await bot.matrix._rooms._membership(RoomId(room), Account(sam.user_id)) == "leave"
    await bot.matrix.remove(RoomId(room), Account("@nobody:" + sam.user_id.partition(":")[2]))
