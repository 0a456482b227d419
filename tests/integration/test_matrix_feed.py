"""What arrives survives crashes, absences, forgery and malice: each event once, in order, with its verdict."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from bot.domain.arrivals import Arrival, ArrivalKind, Proof
from bot.domain.identifiers import Account, EventId, RoomId
from bot.matrix.homeserver_client import HomeserverClient, path
from bot.matrix.session import login
from tests.attackers import Attacker
from tests.conftest import Peer
from tests.homeserver import Homeserver
from tests.integration.test_matrix_start import Bot, bot, make_bot
from tests.integration.test_matrix_talk import room_of, room_with
from tests.patience import PATIENCE

__all__ = ["bot", "make_bot"]


async def test_what_was_read_but_not_committed_comes_again(homeserver: Homeserver, peer: Peer, bot: Bot) -> None:
    sam = peer(homeserver.account("sam"))
    room = await room_with(bot, sam)
    said = [await sam.aio.send_text(room, f"{number}") for number in range(3)]
    committed = bot.token
    await bot.read_until(lambda each: each.event_id == said[-1])

    await bot.stop()
    bot.token = committed
    await bot.start()
    again = [arrival for arrival in (await bot.read()).arrivals if arrival.event_id in said]
    assert [arrival.event_id for arrival in again] == said
    assert {arrival.verdict.standing for arrival in again} == {Proof.SIGNED}


async def test_a_crash_before_the_commit_loses_no_room_key(homeserver: Homeserver, peer: Peer, bot: Bot) -> None:
    sam = peer(homeserver.account("sam"))
    room = await room_with(bot, sam)
    said = await sam.aio.send_text(room, "under a new key")
    batch = await bot.read(keep_token=False)
    while said not in [arrival.event_id for arrival in batch.arrivals]:
        batch = await bot.read(keep_token=False)
    assert batch.new_room_keys

    await bot.stop()
    await bot.start()
    batch = await bot.read()
    [again] = [arrival for arrival in batch.arrivals if arrival.event_id == said]
    assert again.verdict.standing is Proof.SIGNED
    assert batch.new_room_keys, "the undecryptable ones of before the crash are still worth another try"
    assert bot.matrix._machine.take_wedged() == set(), "a key message that came twice is no broken session"


async def test_everything_sent_while_the_bot_was_down_arrives_in_order(
    homeserver: Homeserver, peer: Peer, bot: Bot
) -> None:
    sam = peer(homeserver.account("sam"))
    room = await room_with(bot, sam)
    await bot.stop()
    said = [await sam.aio.send_text(room, f"{number}") for number in range(130)]
    await bot.start()
    heard = [arrival for arrival in (await bot.read()).arrivals if arrival.kind is ArrivalKind.MESSAGE]
    assert [arrival.event_id for arrival in heard] == said
    assert {arrival.verdict.standing for arrival in heard} == {Proof.SIGNED}


async def test_the_same_ciphertext_under_another_event_id_is_replayed_also_after_a_restart(
    homeserver: Homeserver, peer: Peer, bot: Bot
) -> None:
    account = homeserver.account("sam")
    sam = peer(account)
    room = await room_with(bot, sam)
    said = await sam.aio.send_text(room, "yes")
    await bot.read_until(lambda each: each.event_id == said)
    await bot.stop()
    await bot.start()
    copy = await send_raw(sam, room, (await sam.aio.server_event(room, said))["content"])
    heard = await bot.read_until(lambda each: each.event_id == copy)
    assert heard.verdict.standing is Proof.REPLAYED


async def test_ciphertext_moved_to_another_room_is_known_by_it(homeserver: Homeserver, peer: Peer, bot: Bot) -> None:
    sam = peer(homeserver.account("sam"))
    room, other = await room_with(bot, sam), await room_with(bot, sam)
    said = await sam.aio.send_text(room, "yes")
    await bot.read_until(lambda each: each.event_id == said)
    moved = await send_raw(sam, other, (await sam.aio.server_event(room, said))["content"])
    heard = await bot.read_until(lambda each: each.event_id == moved)
    assert heard.verdict.standing is Proof.WRONG_ROOM


async def test_somebody_elses_ciphertext_is_not_ones_own_word(homeserver: Homeserver, peer: Peer, bot: Bot) -> None:
    sam, mallory = peer(homeserver.account("sam")), peer(homeserver.account("mallory"))
    room = await room_with(bot, sam, mallory)
    said = await mallory.aio.send_text(room, "I agree")
    content = (await mallory.aio.server_event(room, said))["content"]
    await mallory.aio.redact(room, said)  # so that the bot never sees these bytes under their true name
    forged = await send_raw(sam, room, content)  # what the homeserver could do: Mallory's bytes, Sam's name on them
    heard = await bot.read_until(lambda each: each.event_id == forged)
    assert heard.sender == sam.user_id
    assert heard.verdict.standing is Proof.UNKNOWN_DEVICE


async def test_a_relation_in_the_clear_is_not_part_of_what_was_said(
    homeserver: Homeserver, peer: Peer, bot: Bot
) -> None:
    sam = peer(homeserver.account("sam"))
    room = await room_with(bot, sam)
    key_shared = await sam.aio.send_text(room, "first")
    await bot.read_until(lambda each: each.event_id == key_shared)
    said = await sam.aio.send_text(room, "yes")
    content = (await sam.aio.server_event(room, said))["content"]
    pointed = {**content, "m.relates_to": {"m.in_reply_to": {"event_id": "$another-question"}}}
    moved = await send_raw(sam, room, pointed)
    heard = await bot.read_until(lambda each: each.event_id == moved)
    assert heard.content is not None
    assert "m.relates_to" not in heard.content


async def test_what_cannot_be_read_yet_is_kept_and_read_when_the_key_comes(
    homeserver: Homeserver, peer: Peer, bot: Bot
) -> None:
    sam = peer(homeserver.account("sam"))
    room = await room_with(bot, sam)
    said = await sam.aio.send_text(room, "early")
    receive = bot.matrix._feed._receive_to_device
    held: list[object] = []

    def hold(events: list[object]) -> Any:
        held.extend(events)
        return receive([])

    bot.matrix._feed._receive_to_device = hold
    early = await bot.read_until(lambda each: each.event_id == said)
    assert early.kind is ArrivalKind.UNDECRYPTABLE
    assert await bot.matrix.decrypt_again(early) is None
    assert receive(held).new_room_keys
    late = await bot.matrix.decrypt_again(early)
    assert late is not None
    assert (late.event_id, late.kind, late.verdict.standing) == (said, ArrivalKind.MESSAGE, Proof.SIGNED)
    assert late.content is not None
    assert late.content["body"] == "early"


async def test_a_room_key_that_was_lost_on_its_way_is_asked_for_and_given(
    homeserver: Homeserver, peer: Peer, bot: Bot
) -> None:
    sam = peer(homeserver.account("sam"))
    room = await room_with(bot, sam)
    said = await sam.aio.send_text(room, "lost?")
    receive = bot.matrix._feed._receive_to_device
    bot.matrix._feed._receive_to_device = lambda events: receive([])
    unread = await bot.read_until(lambda each: each.event_id == said)
    assert unread.kind is ArrivalKind.UNDECRYPTABLE
    bot.matrix._feed._receive_to_device = receive
    async with asyncio.timeout(PATIENCE):
        while not (await bot.read()).new_room_keys:
            pass
    read = await bot.matrix.decrypt_again(unread)
    assert read is not None and read.content is not None
    assert (read.verdict.standing, read.content["body"]) == (Proof.SIGNED, "lost?")


async def test_a_forwarded_key_counts_only_from_the_device_it_belongs_to(
    homeserver: Homeserver, peer: Peer, bot: Bot
) -> None:
    sam = peer(homeserver.account("sam"))
    room = await room_with(bot, sam)
    mallory = await Attacker.logged_in(homeserver.url, homeserver.account("mallory"))
    shown = await mallory.call("POST", path("keys", "query"), {"device_keys": {sam.user_id: []}})
    keys = shown["device_keys"][sam.user_id][sam.device_id]["keys"]
    sams = {kind: keys[f"{kind}:{sam.device_id}"] for kind in ("curve25519", "ed25519")}
    own = {"curve25519": mallory.curve25519, "ed25519": mallory.ed25519}
    for claimed in (sams, own | {"ed25519": sams["ed25519"]}, own):
        to = (bot.matrix.user_id, bot.matrix.device_id)
        content = await mallory.forwarded_key(*to, room, **claimed)
        await mallory.to_device(*to, "m.room.encrypted", content)
        batch = await bot.read()
        assert batch.new_room_keys == (claimed is own)
    opened = bot.matrix._machine.open(
        RoomId(room), EventId("$1"), mallory.megolm(room, {"msgtype": "m.text", "body": "x"})
    )
    assert opened is not None and opened.curve25519 == mallory.curve25519
    await mallory.close()


async def test_malformed_events_and_key_messages_stop_nothing(homeserver: Homeserver, peer: Peer, bot: Bot) -> None:
    mallory = peer(homeserver.account("mallory"))
    room = await room_with(bot, mallory)
    curve = bot.matrix._machine.curve25519
    olm = "m.olm.v1.curve25519-aes-sha2"
    bodies: list[tuple[str, Mapping[str, Any]]] = [
        ("m.room.encrypted", {}),
        ("m.room.encrypted", {"algorithm": olm}),
        ("m.room.encrypted", {"algorithm": olm, "sender_key": 7, "ciphertext": {curve: {"type": 0, "body": "AAAA"}}}),
        ("m.room.encrypted", {"algorithm": olm, "sender_key": "x", "ciphertext": {curve: {"type": 0, "body": "%%"}}}),
        ("m.room.encrypted", {"algorithm": olm, "sender_key": curve, "ciphertext": {curve: {"type": 1, "body": ""}}}),
        ("m.room.encrypted", {"algorithm": olm, "sender_key": curve, "ciphertext": {curve: {"type": "a", "body": 1}}}),
        ("m.room.encrypted", {"algorithm": olm, "deep": nested(800)}),
        ("m.room_key", {"algorithm": "m.megolm.v1.aes-sha2", "room_id": room}),
        ("m.room_key.withheld", {"code": ["m.unverified"]}),
        ("m.key.verification.start", {"from_device": mallory.device_id, "transaction_id": "t", "method": "m.sas.v1"}),
        ("m.key.verification.key", {"transaction_id": "t", "key": "x"}),
        ("m.key.verification.mac", {"transaction_id": "t"}),
        ("m.room_key_request", {"action": "request", "body": 1}),
    ]
    for number, (kind, body) in enumerate(bodies):
        await mallory.aio.http(
            method="PUT",
            path=f"/_matrix/client/v3/sendToDevice/{kind}/bad-{number}",
            body={"messages": {bot.matrix.user_id: {"*": body}}},
        )
    megolm = {"algorithm": "m.megolm.v1.aes-sha2", "session_id": "s", "ciphertext": 5}
    bad = [await send_raw(mallory, room, content) for content in ({}, megolm, {**megolm, "session_id": []})]
    last = await mallory.aio.send_text(room, "still there?")
    arrived: dict[str, Arrival] = {}
    while last not in arrived:
        arrived |= {arrival.event_id: arrival for arrival in (await bot.read()).arrivals}
    assert [arrived[event_id].kind for event_id in bad] == [ArrivalKind.MALFORMED] * 3
    assert arrived[bad[0]].content == {"error": "Malformed"}
    assert arrived[last].verdict.standing is Proof.SIGNED


async def test_a_message_nested_deeper_than_can_be_written_is_dropped(bot: Bot) -> None:
    deep = {"sender": "@mallory:h", "type": "m.room.encrypted", "content": {"algorithm": nested(5000)}}
    [dropped] = bot.matrix._feed._receive_to_device([deep]).arrivals
    assert dropped.kind is ArrivalKind.MALFORMED
    assert dropped.content == {"error": "Malformed"}


async def test_an_app_that_refuses_the_bots_device_is_named(homeserver: Homeserver, peer: Peer, bot: Bot) -> None:
    sam = peer(homeserver.account("sam"))
    await sam.aio.http(
        method="PUT",
        path="/_matrix/client/v3/sendToDevice/m.room_key.withheld/w-1",
        body={"messages": {bot.matrix.user_id: {bot.matrix.device_id: {"code": "m.unverified"}}}},
    )
    assert (await bot.read()).withheld_by == (sam.user_id,)


async def test_an_app_that_found_no_key_to_reach_the_bot_by_is_reached_from_here(
    homeserver: Homeserver, peer: Peer, bot: Bot
) -> None:
    sam = peer(homeserver.account("sam"))
    [phone] = (await bot.matrix._devices.identities([Account(sam.user_id)]))[Account(sam.user_id)].devices
    assert bot.matrix._machine.lacks_session(phone)
    withheld = {"code": "m.no_olm", "algorithm": "m.megolm.v1.aes-sha2", "sender_key": phone.curve25519}
    await sam.aio.http(
        method="PUT",
        path="/_matrix/client/v3/sendToDevice/m.room_key.withheld/w-2",
        body={"messages": {bot.matrix.user_id: {bot.matrix.device_id: withheld}}},
    )
    await bot.read()
    assert not bot.matrix._machine.lacks_session(phone)


async def test_a_deletion_a_departure_and_a_kick_are_heard(homeserver: Homeserver, peer: Peer, bot: Bot) -> None:
    sam = peer(homeserver.account("sam"))
    room = await room_with(bot, sam)
    said = await sam.aio.send_text(room, "oh")
    await sam.aio.redact(room, said)
    heard = await bot.read_until(lambda each: each.kind is ArrivalKind.REDACTION)
    assert (heard.target, heard.sender) == (said, sam.user_id)

    await sam.aio.leave(room=room)
    gone = await bot.read_until(lambda each: each.kind is ArrivalKind.MEMBERSHIP)
    assert (gone.target, gone.content) == (sam.user_id, {"membership": "leave"})

    theirs = await room_of(sam, bot)
    invited = await bot.read_until(lambda each: each.kind is ArrivalKind.INVITED)
    assert (invited.room_id, invited.sender) == (theirs, sam.user_id)
    await bot.matrix.join(RoomId(theirs))
    await bot.read()
    await sam.aio.http(
        method="POST", path=f"/_matrix/client/v3/rooms/{quote(theirs)}/kick", body={"user_id": bot.matrix.user_id}
    )
    kicked = await bot.read_until(lambda each: each.kind is ArrivalKind.MEMBERSHIP and each.room_id == theirs)
    assert (kicked.target, kicked.content) == (bot.matrix.user_id, {"membership": "leave"})


async def test_a_message_deleted_while_the_bot_was_down_is_only_a_deletion(
    homeserver: Homeserver, peer: Peer, bot: Bot
) -> None:
    sam = peer(homeserver.account("sam"))
    room = await room_with(bot, sam)
    said = await sam.aio.send_text(room, "oh")
    await sam.aio.redact(room, said)
    kinds = [arrival.kind for arrival in (await bot.read()).arrivals]
    assert kinds == [ArrivalKind.REDACTION]


async def test_drained_one_time_keys_are_replenished_and_a_fallback_is_there(
    homeserver: Homeserver, peer: Peer, bot: Bot
) -> None:
    account = homeserver.account("mallory")
    session = await login(homeserver.url, account.user_id, account.password)
    mallory = HomeserverClient(homeserver.url, session.access_token)
    wanted = {"one_time_keys": {bot.matrix.user_id: {bot.matrix.device_id: "signed_curve25519"}}}

    async def claim() -> dict[str, Any]:
        body = await mallory.call("POST", path("keys", "claim"), body=wanted)
        [key] = body["one_time_keys"][bot.matrix.user_id][bot.matrix.device_id].values()
        return dict(key)

    try:
        keys = [await claim() for _ in range(51)]
        assert [key.get("fallback", False) for key in keys] == [False] * 50 + [True]
        await bot.matrix.next_batch(bot.token, timedelta(0))
        assert not (await claim()).get("fallback", False)
    finally:
        await mallory.close()


def nested(depth: int) -> object:
    value: object = {}
    for _ in range(depth):
        value = [value]
    return value


async def send_raw(sender: Any, room: str, content: Mapping[str, Any]) -> str:
    """An m.room.encrypted event whose content was not made by this client."""
    answer = await sender.aio.http(
        method="PUT",
        path=f"/_matrix/client/v3/rooms/{quote(room)}/send/m.room.encrypted/{secrets.token_hex(8)}",
        body=content,
    )
    return str(answer["body"]["event_id"])
