"""The bot's staying up, attacked: by malformed, unsolicited, endless and lying messages. Afterwards it answers a good one."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import vodozemac
from aiohttp import web

from bot.matrix.homeserver_client import path
from tests.attackers import MEGOLM, OLM, Attacker
from tests.homeserver import Homeserver
from tests.live import Live, quiet_log, staffed_live
from tests.lying import Asked, renamed
from tests.patience import PATIENCE
from tests.photos import small

pytestmark = pytest.mark.asyncio(loop_scope="module")

FLOOD = int(os.environ.get("CONSENTRY_FLOOD", "2000"))


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def practice(homeserver: Homeserver, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Live]:
    async with staffed_live(homeserver, tmp_path_factory.mktemp("bot")) as live:
        yield live


@pytest_asyncio.fixture(loop_scope="module")
async def live(practice: Live) -> AsyncIterator[Live]:
    """The practice, and after the test the proof that it goes on."""
    with quiet_log("my images", "Patel"):
        yield practice
        await practice.well()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def mallory(practice: Live) -> AsyncIterator[Attacker]:
    """Somebody with an account, a device, and a chat with the bot."""
    attacker = await Attacker.logged_in(practice.homeserver.url, practice.homeserver.account("mallory"))
    keys = {"one_time_keys": attacker.one_time_keys(20)}
    await attacker.call("POST", path("keys", "upload"), keys)
    yield attacker
    await attacker.close()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def lobby(practice: Live, mallory: Attacker) -> str:
    """Mallory's chat with the bot, in which the bot has greeted."""
    return await chat_with(practice, mallory)


async def chat_with(live: Live, attacker: Attacker) -> str:
    mark = live.proxy.mark()
    wish = {"preset": "trusted_private_chat", "invite": [live.bot_account]}
    room = str((await attacker.call("POST", path("createRoom"), wish))["room_id"])
    await live.proxy.until(lambda: live.proxy.messages(room, mark))
    return room


def nested(depth: int) -> object:
    value: object = {}
    for _ in range(depth):
        value = [value]
    return value


async def test_malformed_messages_to_its_device_are_counted_and_stop_nothing(live: Live, mallory: Attacker) -> None:
    curve = live.bot.matrix._machine.curve25519
    bodies: list[tuple[str, Any]] = [
        ("m.room.encrypted", {}),
        ("m.room.encrypted", {"algorithm": OLM}),
        ("m.room.encrypted", {"algorithm": OLM, "sender_key": 7, "ciphertext": {curve: {"type": 0, "body": "AAAA"}}}),
        ("m.room.encrypted", {"algorithm": OLM, "sender_key": "x", "ciphertext": {curve: {"type": 0, "body": "%%"}}}),
        ("m.room.encrypted", {"algorithm": OLM, "sender_key": curve, "ciphertext": {curve: {"type": 1, "body": ""}}}),
        ("m.room.encrypted", {"algorithm": OLM, "sender_key": curve, "ciphertext": {curve: {"type": [], "body": 1}}}),
        ("m.room.encrypted", {"algorithm": OLM, "sender_key": curve, "ciphertext": {curve: None}}),
        ("m.room.encrypted", {"algorithm": OLM, "sender_key": curve, "ciphertext": [curve]}),
        ("m.room.encrypted", {"algorithm": OLM, "deep": nested(800)}),
        ("m.room_key", {"algorithm": MEGOLM, "room_id": live.sam.room}),
        ("m.forwarded_room_key", {"algorithm": MEGOLM, "room_id": live.sam.room, "session_key": "x"}),
        ("m.room_key_request", {"action": "request", "body": 1}),
        ("m.secret.request", {"name": "m.cross_signing.master", "action": "request", "request_id": "1"}),
        ("m.dummy", {}),
    ]
    before, mark = await live.audited("arrival.malformed"), live.proxy.mark()
    for kind, body in bodies:
        await mallory.to_device(live.bot_account, "*", kind, body)
    await live.becomes("arrival.malformed", before + 7)
    # A member's app may be sent, just then, the key of what it reads anyway.
    asked = {device for device in live.proxy.key_holders(mark) if device[0] == mallory.user_id}
    assert asked == set(), "nothing secret is sent to whoever asks"


async def test_a_message_under_a_one_time_key_that_nobody_has_is_set_aside(live: Live, mallory: Attacker) -> None:
    device = live.bot.matrix._machine.device_keys()
    unknown = vodozemac.Account().curve25519_key.to_base64()
    content = mallory.olm(device, unknown, {"type": "m.room_key", "content": {}})
    await mallory.to_device(live.bot_account, live.bot.matrix.device_id, "m.room.encrypted", content)
    await live.proxy.synced()


INSIDE = [
    "not json",
    "[]",
    '{"room_id":%ROOM%}',
    '{"room_id":%ROOM%,"type":"m.room.message","content":[]}',
    '{"room_id":%ROOM%,"type":"m.room.message","content":{"msgtype":"m.text","body":NaN}}',
    '{"room_id":%ROOM%,"type":"m.room.message","content":{"msgtype":"m.text","body":1e999}}',
    '{"room_id":%ROOM%,"type":"m.room.message","content":{"msgtype":"m.text","body":"\\ud800"}}',
    '{"room_id":%ROOM%,"type":"\\udfff","content":{"\\ud800":"\\udc00"}}',
    '{"room_id":%ROOM%,"type":"m.room.message","content":{"n":' + "9" * 5000 + "}}",
    '{"room_id":%ROOM%,"type":"m.room.message","content":' + "[" * 3000 + "]" * 3000 + "}",
    '{"room_id":%ROOM%,"type":"m.room.message","content":{"msgtype":"m.image","body":7,"file":[],"info":"x"}}',
    '{"room_id":%ROOM%,"type":"org.matrix.msc3381.poll.response","content":{"org.matrix.msc3381.poll.response":3}}',
    '{"room_id":%ROOM%,"type":"m.poll.response","content":{"m.selections":[{}]}}',
    '{"room_id":%ROOM%,"type":"m.room.message","content":{"msgtype":"m.text","body":"x","m.relates_to":[1]}}',
]

MEGOLM_BODIES: list[dict[str, Any]] = [
    {},
    {"algorithm": MEGOLM},
    {"algorithm": MEGOLM, "session_id": [], "ciphertext": "AAAA"},
    {"algorithm": MEGOLM, "session_id": "s", "ciphertext": 5},
    {"algorithm": MEGOLM, "session_id": "%SESSION%", "ciphertext": "AwgA"},
    {"algorithm": MEGOLM, "session_id": "%SESSION%", "ciphertext": "%%%"},
    {"algorithm": "org.example.rot13", "ciphertext": "x"},
]


async def test_nothing_that_a_ciphertext_holds_stops_the_bot(live: Live, mallory: Attacker, lobby: str) -> None:
    await mallory.give_room_key(live.bot_account, live.bot.matrix.device_id, lobby)
    for inside in INSIDE:
        ciphertext = mallory.group.encrypt(inside.replace("%ROOM%", json.dumps(lobby)).encode()).to_base64()
        content = {"algorithm": MEGOLM, "session_id": mallory.group.session_id, "ciphertext": ciphertext}
        await mallory.send(lobby, content)
        await live.proxy.synced(1)
        assert not live.running.done(), inside


async def test_malformed_megolm_stops_nothing(live: Live, mallory: Attacker, lobby: str) -> None:
    for content in MEGOLM_BODIES:
        await mallory.send(lobby, json.loads(json.dumps(content).replace("%SESSION%", mallory.group.session_id)))
        await live.proxy.synced(1)
        assert not live.running.done(), content


async def test_verifications_that_nobody_asked_for_stop_nothing(live: Live, mallory: Attacker) -> None:
    """Every step, in an order that makes no sense, from a stranger and in a patient's name."""
    steps: list[tuple[str, dict[str, Any]]] = [
        ("start", {"from_device": mallory.device_id, "method": "m.sas.v1"}),
        ("key", {"key": "x"}),
        ("mac", {"mac": {}, "keys": ""}),
        ("accept", {"commitment": 1}),
        ("done", {}),
        ("request", {"from_device": 7, "methods": "m.sas.v1", "timestamp": "now"}),
        ("ready", {"from_device": None}),
        ("cancel", {"code": [], "reason": nested(60)}),
        ("start", {"from_device": [], "method": {}, "hashes": 5}),
        ("unheard-of", {}),
    ]
    transactions: list[dict[str, Any]] = [{"transaction_id": "t"}, {"transaction_id": []}, {}]
    for step, body in steps:
        for transaction in transactions:
            await mallory.to_device(live.bot_account, "*", f"m.key.verification.{step}", body | transaction)
        message = {"type": f"m.key.verification.{step}", "sender": live.sam.app.user_id}
        live.proxy.inject_sync(to_device={"events": [{**message, "content": {**body, "transaction_id": "t"}}]})
    await live.proxy.synced()


async def test_one_time_keys_that_somebody_takes_are_there_again(live: Live, mallory: Attacker) -> None:
    wanted = {"one_time_keys": {live.bot_account: {live.bot.matrix.device_id: "signed_curve25519"}}}

    async def claim() -> dict[str, Any]:
        body = await mallory.call("POST", path("keys", "claim"), wanted)
        [key] = body["one_time_keys"][live.bot_account][live.bot.matrix.device_id].values()
        return dict(key)

    for _ in range(200):
        if (await claim()).get("fallback"):
            break
    await live.well()  # the next sync tells the bot
    async with asyncio.timeout(PATIENCE):
        while (await claim()).get("fallback"):
            await live.proxy.synced(1)


async def test_keys_that_cannot_be_claimed_delay_only_whom_they_concern(live: Live) -> None:
    newcomer = await Attacker.logged_in(live.homeserver.url, live.homeserver.account("newcomer"))
    await newcomer.call("POST", path("keys", "upload"), {"one_time_keys": newcomer.one_time_keys(5)})
    answers = iter([web.Response(status=502), web.json_response({"one_time_keys": 7})])

    async def no_keys(request: web.Request) -> web.StreamResponse | None:
        return next(answers, None) if request.path.endswith("/keys/claim") else None

    with live.proxy.failing(no_keys):
        joined = asyncio.create_task(chat_with(live, newcomer))
        await live.well()
        await joined
    await newcomer.close()


async def test_an_app_that_refuses_the_bot_is_told_once_and_of_known_people_only(live: Live, mallory: Attacker) -> None:
    mark = await live.kim.app.aio.mark()
    for _ in range(3):
        for sender in (mallory.user_id, live.sam.app.user_id):
            event = {"type": "m.room_key.withheld", "sender": sender, "content": {"code": "m.unverified"}}
            live.proxy.inject_sync(to_device={"events": [event]})
    await live.proxy.synced()
    told = await live.kim.app.aio.wait(live.team, body_regex="refuses", after=mark, utd=False)
    assert live.sam.app.user_id in told["content"]["body"]
    assert mallory.user_id not in told["content"]["body"]
    await live.kim.app.aio.absent(live.team, body_regex="refuses", after=told["seq"], timeout_s=0.5)


NONSENSE: list[dict[str, Any]] = [
    {"rooms": []},
    {"rooms": {"join": [1], "leave": "x", "invite": {"!r": None}}},
    {"rooms": {"join": {"!r": {"timeline": {"events": {"a": 1}, "limited": "yes"}}}}},
    {"rooms": {"join": {"!r": {"timeline": {"events": [None, 7, "x", [], {}, {"event_id": 1, "sender": []}]}}}}},
    {"rooms": {"invite": {"!r": {"invite_state": {"events": [{"type": "m.room.member"}]}}}}},
    {"to_device": {"events": 9}, "device_lists": {"changed": [1, None], "left": {}}},
    {"to_device": {"events": [None, {}, {"sender": 1}, {"sender": "@a:b", "type": []}]}},
    {"device_one_time_keys_count": [], "device_unused_fallback_key_types": "x"},
]


async def test_a_sync_full_of_nonsense_stops_nothing(live: Live) -> None:
    for parts in NONSENSE:
        live.proxy.inject_sync(**parts)
        await live.proxy.synced(1)
        assert not live.running.done(), parts


async def test_an_event_that_no_row_can_hold_is_set_aside(live: Live) -> None:
    before = await live.audited("arrival.malformed")
    live.proxy.inject(live.sam.room, {"event_id": "$\ud800", "sender": "@\udfff:x", "type": "m.room.message"})
    await live.becomes("arrival.malformed", before)


ANSWERS: dict[str, Callable[[], web.Response]] = {
    "an error": lambda: web.Response(status=500, text="oh"),
    "not found": lambda: web.json_response({"errcode": "M_NOT_FOUND"}, status=404),
    "forbidden": lambda: web.json_response({"errcode": "M_FORBIDDEN"}, status=403),
    "a web page": lambda: web.Response(text="<html>"),
    "nothing": web.Response,
    "a list": lambda: web.json_response([1]),
    "no token": lambda: web.json_response({"rooms": {}}),
    "a limit": lambda: web.json_response({"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 300}, status=429),
    "a token as long as a book": lambda: web.json_response({"next_batch": "x" * 500_000}),
    "more than can be read": lambda: web.Response(body=b'{"next_batch":"' + b"x" * 34_000_000 + b'"}'),
}


@pytest.mark.parametrize("answer", ANSWERS)
async def test_whatever_a_sync_answers_the_bot_asks_again(practice: Live, answer: str) -> None:
    live, answered = practice, 0

    async def once(request: web.Request) -> web.StreamResponse | None:
        nonlocal answered
        if not request.path.endswith("/sync") or answered:
            return None
        answered += 1
        return ANSWERS[answer]()

    with live.proxy.failing(once):
        live.proxy.inject_sync()
        await live.proxy.until(lambda: answered)
        await live.proxy.synced(1)


async def test_a_connection_that_breaks_in_the_middle_of_an_answer_is_asked_again(live: Live) -> None:
    broken = 0

    async def cut(request: web.Request) -> web.StreamResponse | None:
        nonlocal broken
        if not request.path.endswith("/sync") or broken:
            return None
        broken += 1
        response = web.StreamResponse(headers={"Content-Length": "1000", "Content-Type": "application/json"})
        await response.prepare(request)
        await response.write(b'{"next_batch":')
        assert request.transport is not None
        request.transport.close()
        return response

    with live.proxy.failing(cut):
        live.proxy.inject_sync()
        await live.proxy.until(lambda: broken)
        await live.proxy.synced(1)


async def _silence(_: web.StreamResponse) -> None:
    await asyncio.Event().wait()


async def _dripping(response: web.StreamResponse) -> None:
    while True:
        await response.write(b" ")
        await asyncio.sleep(0.05)


@pytest.mark.parametrize("body", [_silence, _dripping])
async def test_a_sync_that_hangs_is_given_up_and_asked_again(
    live: Live, monkeypatch: pytest.MonkeyPatch, body: Callable[[web.StreamResponse], Awaitable[None]]
) -> None:
    """Half open, or a byte now and then: as when a router forgot the connection."""
    given_up = asyncio.Event()

    async def hang(request: web.Request) -> web.StreamResponse | None:
        if not request.path.endswith("/sync") or given_up.is_set():
            return None
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            await body(response)
        finally:
            given_up.set()
        return response

    monkeypatch.setattr("bot.core.inbox.LONG_POLL", timedelta(seconds=0.2))
    monkeypatch.setattr("bot.matrix.feed._GRACE", 0.3)
    with live.proxy.failing(hang):
        live.proxy.inject_sync()  # ends the sync that is under way
        await asyncio.wait_for(given_up.wait(), PATIENCE)
        monkeypatch.undo()
        await live.proxy.synced(1)


GIGABYTE = 1 << 30


class _Pouring:
    """A gigabyte instead of an answer, so many times; how much was taken in all until the bot hung up."""

    def __init__(self, path: str, *, announced: bool, times: int = 1) -> None:
        self._path, self._announced, self._times = path, announced, times
        self.taken, self.ended = 0, 0

    async def __call__(self, request: web.Request) -> web.StreamResponse | None:
        if self._path not in request.path or self.ended == self._times:
            return None
        response = web.StreamResponse(headers={"Content-Length": str(GIGABYTE)} if self._announced else {})
        await response.prepare(request)
        piece = bytes(256 * 1024)
        try:
            for _ in range(GIGABYTE // len(piece)):
                await response.write(piece)
                self.taken += len(piece)
        finally:
            self.ended += 1
        return response


@pytest.mark.parametrize("announced", [True, False])
async def test_of_a_sync_of_a_gigabyte_only_so_much_is_read_and_it_is_asked_again(live: Live, announced: bool) -> None:
    pouring = _Pouring("/sync", announced=announced)
    with live.proxy.failing(pouring):
        live.proxy.inject_sync()
        await live.proxy.until(lambda: pouring.ended)
        await live.proxy.synced(1)
    assert pouring.taken < 64 * 1024 * 1024, "32 MiB, and what lies in buffers between the two"


@pytest.mark.parametrize("announced", [True, False])
async def test_of_a_photo_of_a_gigabyte_only_so_much_is_fetched_and_its_sender_is_told(
    live: Live, tmp_path: Path, announced: bool
) -> None:
    photo, mark = tmp_path / "photo.jpg", await live.sam.app.aio.mark()
    photo.write_bytes(small(1))
    pouring = _Pouring(
        "/media/download/", announced=announced, times=2
    )  # its app may have said too little: asked twice
    with live.proxy.failing(pouring):
        await live.sam.app.aio.send_image(live.sam.room, photo, caption="my arm")
        await live.sam.hears("larger than", after=mark)
    assert pouring.taken < 2 * live.config.images.max_bytes


async def test_who_sends_what_cannot_be_read_is_asked_for_the_key_and_then_told_to_send_again(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that comes to the bot's device from Sam is lost on its way, then no more."""
    monkeypatch.setattr("bot.core.inbox.PATIENCE_FOR_KEYS", timedelta(0))
    monkeypatch.setattr("bot.matrix.lost_keys.AGAIN_AFTER", timedelta(0))

    def lose(path: str, answer: Any) -> None:
        if path.endswith("/sync") and "to_device" in answer:
            events = answer["to_device"]["events"]
            answer["to_device"]["events"] = [one for one in events if one["sender"] != live.sam.app.user_id]

    mark, asked = await live.sam.app.aio.mark(), live.proxy.mark()
    await live.sam.app.aio.call("new_room_key", room=live.sam.room)
    with live.proxy.telling(lose):
        await live.sam.app.aio.send_text(live.sam.room, "help")
        await live.proxy.until(lambda: any("m.room_key_request" in one.path for one in live.proxy.asked[asked:]))
        await live.sam.hears("couldn't read your last message.*Please send it again", after=mark)
    mark = await live.sam.app.aio.mark()
    await live.sam.app.aio.send_text(live.sam.room, "my images")
    await live.sam.hears("We hold no images|IMG-", after=mark)


async def test_a_message_told_to_wait_is_sent_after_the_wait_and_once(live: Live) -> None:
    refused: list[float] = []
    message: list[str] = []

    async def limit(request: web.Request) -> web.StreamResponse | None:
        path = request.rel_url.raw_path
        if Asked(request.method, path, None).sent_to != live.sam.room or refused:
            return None
        refused.append(asyncio.get_running_loop().time())
        message.append(path)
        return web.json_response({"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 1500}, status=429)

    def tries() -> int:
        return sum(one.path in message for one in live.proxy.asked)

    with live.proxy.failing(limit):
        await live.sam.app.aio.send_text(live.sam.room, "my images")
        await live.proxy.until(lambda: tries() == 2)  # the refused one and the one that was taken
        assert asyncio.get_running_loop().time() - refused[0] >= 1.5
    await live.well()
    assert tries() == 2


async def test_a_flood_of_one_delays_nobody_else(live: Live, mallory: Attacker, lobby: str) -> None:
    """Ten thousand with `make flood`. Half of it arrives before Sam's message, half while it is answered."""
    template = {"sender": mallory.user_id, "origin_server_ts": 1, "type": "m.room.encrypted", "room_id": lobby}
    kinds: list[dict[str, Any]] = [
        {**template, "content": {"algorithm": MEGOLM, "session_id": "none", "ciphertext": "AAAA"}},
        {**template, "type": "m.room.message", "content": {"msgtype": "m.text", "body": "hello?"}},
        {**template, "content": {}},
        {**template, "type": "m.reaction", "content": {}},
    ]
    events = [renamed(kinds[number % len(kinds)], event_id=f"${secrets.token_hex(16)}") for number in range(FLOOD)]
    for start in range(0, FLOOD // 2, 100):
        live.proxy.inject(lobby, *events[start : start + 100])
    first = await live.well()
    for start in range(FLOOD // 2, FLOOD, 100):
        live.proxy.inject(lobby, *events[start : start + 100])
    second = await live.well()
    print(f"answered after {first:.2f} s and {second:.2f} s in a flood of {FLOOD}")
