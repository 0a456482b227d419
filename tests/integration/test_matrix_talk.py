"""Words and images between the bot and an independent client that reads and writes for signed devices only."""

from __future__ import annotations

import asyncio
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from bot.domain.arrivals import Arrival, ArrivalKind, Proof
from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.identifiers import Account, RoomId
from bot.matrix.homeserver_client import path
from bot.ports import Audience, NewRoom, UnsafeRoom
from tests.attackers import Attacker
from tests.conftest import Peer
from tests.homeserver import Homeserver
from tests.integration.test_matrix_start import Bot, bot, make_bot
from tests.patience import PATIENCE
from tests.peer.driver import MatrixUser

__all__ = ["bot", "make_bot"]


async def room_with(bot: Bot, *people: MatrixUser) -> str:
    """A room of the bot's making that these people have joined; the bot has read so far."""
    wish = NewRoom(secrets.token_hex(8), "Practice", tuple(Account(person.user_id) for person in people))
    room = await bot.matrix.create_room(wish)
    for person in people:
        await person.aio.join(room)

        def is_in(each: Arrival, who: str = person.user_id) -> bool:
            return each.target == who and joined(each)

        await bot.read_until(is_in)
    return room


async def room_of(person: MatrixUser, bot: Bot) -> str:
    """A room of this person's making, in which the invited bot has no power."""
    room = {"preset": "private_chat", "invite": [bot.matrix.user_id]}
    answer = await person.aio.http(method="POST", path="/_matrix/client/v3/createRoom", body=room)
    return str(answer["body"]["room_id"])


def joined(arrival: Arrival) -> bool:
    return arrival.kind is ArrivalKind.MEMBERSHIP and arrival.content == {"membership": "join"}


async def identity_of(person: MatrixUser) -> str:
    answer = await person.aio.http(
        method="POST", path="/_matrix/client/v3/keys/query", body={"device_keys": {person.user_id: []}}
    )
    [key] = answer["body"]["master_keys"][person.user_id]["keys"].values()
    return str(key)


async def pinned(*people: MatrixUser) -> Audience:
    return Audience({Account(person.user_id): await identity_of(person) for person in people})


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def text(words: str) -> dict[str, str]:
    return {"msgtype": "m.text", "body": words}


async def test_words_and_an_image_arrive_signed_by_the_sender(
    homeserver: Homeserver, peer: Peer, bot: Bot, tmp_path: Path
) -> None:
    sam = peer(homeserver.account("sam"))
    room = await room_with(bot, sam)
    said = await sam.aio.send_text(room, "three days")
    heard = await bot.read_until(lambda each: each.event_id == said)
    assert heard.kind is ArrivalKind.MESSAGE
    assert heard.content is not None
    assert heard.content["body"] == "three days"
    assert heard.verdict.standing is Proof.SIGNED
    assert heard.verdict.identity == await identity_of(sam)
    assert heard.verdict.device_id == sam.device_id

    photo = tmp_path / "rash.png"
    photo.write_bytes(PNG)
    sent = await sam.aio.send_image(room, photo, caption="my arm")
    seen = await bot.read_until(lambda each: each.event_id == sent)
    assert seen.verdict.standing is Proof.SIGNED
    assert seen.content is not None
    assert await bot.matrix.fetch(seen.content["file"], 1 << 20) == PNG


async def test_what_the_bot_says_is_read_by_a_strict_client_without_a_shield(
    homeserver: Homeserver, peer: Peer, bot: Bot, tmp_path: Path
) -> None:
    sam = peer(homeserver.account("sam"))
    room = await room_with(bot, sam)
    audience = await pinned(sam)
    sent = await bot.matrix.send(RoomId(room), text("thank you"), audience, transaction_id="say-1")
    heard = await sam.aio.wait(room, event_id=sent, utd=False)
    assert (heard["content"]["body"], heard["shield"]) == ("thank you", "none")
    assert set((await sam.aio.server_event(room, sent))["content"]) == {
        "algorithm",
        "ciphertext",
        "device_id",
        "sender_key",
        "session_id",
    }

    mxc = await bot.matrix.reserve_media()
    file = await bot.matrix.put(mxc, PNG)
    image = {"msgtype": "m.image", "body": "image", "file": file, "info": {"mimetype": "image/png", "size": len(PNG)}}
    shown = await bot.matrix.send(RoomId(room), image, audience, transaction_id="say-2")
    await sam.aio.wait(room, event_id=shown, utd=False)
    await sam.aio.download(room, shown, tmp_path / "copy.png")
    assert (tmp_path / "copy.png").read_bytes() == PNG


async def test_the_same_transaction_id_says_it_once(homeserver: Homeserver, peer: Peer, bot: Bot) -> None:
    sam = peer(homeserver.account("sam"))
    room = await room_with(bot, sam)
    audience = await pinned(sam)
    first = await bot.matrix.send(RoomId(room), text("once"), audience, transaction_id="intent-7")
    assert await bot.matrix.send(RoomId(room), text("once"), audience, transaction_id="intent-7") == first
    await bot.stop()
    await bot.start()
    assert await bot.matrix.send(RoomId(room), text("once"), audience, transaction_id="intent-7") == first


async def test_an_edit_replaces_what_was_said(homeserver: Homeserver, peer: Peer, bot: Bot) -> None:
    sam = peer(homeserver.account("sam"))
    room = await room_with(bot, sam)
    audience = await pinned(sam)
    first = await bot.matrix.send(RoomId(room), text("one photo"), audience, transaction_id="a")
    relation = {"rel_type": "m.replace", "event_id": first}
    edit = {**text("* two photos"), "m.new_content": text("two photos"), "m.relates_to": relation}
    second = await bot.matrix.send(RoomId(room), edit, audience, transaction_id="b")
    await sam.aio.wait(room, event_id=second, utd=False)
    async with asyncio.timeout(PATIENCE):
        while "edited_by" not in (shown := await sam.aio.event(first)):
            await asyncio.sleep(0.1)
    assert (shown["edited_by"], shown["new_content"]["body"]) == (second, "two photos")


async def test_sends_of_one_room_at_once_are_all_readable(homeserver: Homeserver, peer: Peer, bot: Bot) -> None:
    sam = peer(homeserver.account("sam"))
    room = await room_with(bot, sam)
    audience = await pinned(sam)
    sent = await asyncio.gather(
        *(
            bot.matrix.send(RoomId(room), text(f"{number}"), audience, transaction_id=f"n-{number}")
            for number in range(8)
        ),
        bot.read(),
    )
    for number, event_id in enumerate(sent[:-1]):
        assert (await sam.aio.wait(room, event_id=event_id, utd=False))["content"]["body"] == f"{number}"


async def test_words_without_encryption_are_marked(homeserver: Homeserver, peer: Peer, bot: Bot) -> None:
    sam = peer(homeserver.account("sam"))
    room = await room_with(bot, sam)
    sent = await sam.aio.http(
        method="PUT",
        path=f"/_matrix/client/v3/rooms/{quote(room)}/send/m.room.message/plain-1",
        body=text("in the clear"),
    )
    heard = await bot.read_until(lambda each: each.event_id == sent["body"]["event_id"])
    assert heard.kind is ArrivalKind.PLAINTEXT
    assert heard.verdict.standing is Proof.NONE


async def test_a_device_its_owner_did_not_sign_is_unsigned_and_gets_no_key(
    homeserver: Homeserver, peer: Peer, bot: Bot
) -> None:
    account = homeserver.account("sam")
    sam = peer(account)
    room = await room_with(bot, sam)
    audience = await pinned(sam)
    rogue = peer(account, strict=False, cross_signing=False)
    said = await rogue.aio.send_text(room, "it is me")
    heard = await bot.read_until(lambda each: each.event_id == said)
    assert heard.verdict.standing is Proof.UNSIGNED
    assert heard.verdict.identity == await identity_of(sam)

    sent = await bot.matrix.send(RoomId(room), text("for Sam's own phone"), audience, transaction_id="x")
    assert (await sam.aio.wait(room, event_id=sent, utd=False))["content"]["body"] == "for Sam's own phone"
    assert (await rogue.aio.wait(room, event_id=sent, utd=True))["utd"]


async def test_in_an_open_audience_every_device_reads(homeserver: Homeserver, peer: Peer, bot: Bot) -> None:
    sam = peer(homeserver.account("sam"), strict=False, cross_signing=False)
    room = await sam.aio.create_dm(bot.matrix.user_id)
    await bot.read_until(lambda each: each.kind is ArrivalKind.INVITED and each.room_id == room)
    await bot.matrix.join(room)
    await sam.aio.wait_member(room, bot.matrix.user_id)
    sent = await bot.matrix.send(room, text("which code?"), Audience({}, open=True), transaction_id="x")
    assert (await sam.aio.wait(room, event_id=sent, utd=False))["content"]["body"] == "which code?"


async def test_nothing_is_sent_where_somebody_else_is_or_was_asked_in(
    homeserver: Homeserver, peer: Peer, bot: Bot
) -> None:
    sam = peer(homeserver.account("sam"))
    other = homeserver.account("mallory")
    room = await room_with(bot, sam)
    audience = await pinned(sam)
    await bot.matrix.invite(RoomId(room), Account(other.user_id))
    with pytest.raises(UnsafeRoom) as refused:
        await bot.matrix.send(RoomId(room), text("x"), audience, transaction_id="x")
    assert (refused.value.reason, refused.value.who) == ("stranger", other.user_id)


async def test_nothing_is_sent_into_a_room_that_is_not_what_it_should_be(
    homeserver: Homeserver, peer: Peer, bot: Bot
) -> None:
    sam = peer(homeserver.account("sam"))
    audience = await pinned(sam)
    shared = await sam.aio.create_dm(bot.matrix.user_id)
    await bot.matrix.join(shared)
    with pytest.raises(UnsafeRoom, match="history-visible"):
        await bot.matrix.send(shared, text("x"), audience, transaction_id="x")

    await unencrypt(sam, shared)
    with pytest.raises(UnsafeRoom, match="not-encrypted"):
        await bot.matrix.send(shared, text("x"), Audience({}, open=True), transaction_id="x")


async def test_a_sentence_in_the_clear_goes_into_an_unencrypted_room_only(
    homeserver: Homeserver, peer: Peer, bot: Bot
) -> None:
    sam = peer(homeserver.account("sam"))
    room = await sam.aio.create_dm(bot.matrix.user_id)
    await bot.matrix.join(room)
    with pytest.raises(UnsafeRoom, match="encrypted"):
        await bot.matrix.send_in_clear(room, "Use an encrypted room.", transaction_id="a")
    await unencrypt(sam, room)
    await bot.matrix.send_in_clear(room, "Use an encrypted room.", transaction_id="a")
    assert (await sam.aio.wait(room, body_regex="^Use an"))["encrypted"] is False


async def unencrypt(owner: MatrixUser, room: str) -> None:
    """The homeserver of the tests encrypts every new room; this takes it back as far as a state event can."""
    await owner.aio.http(method="PUT", path=f"/_matrix/client/v3/rooms/{quote(room)}/state/m.room.encryption/", body={})


async def test_a_person_with_another_identity_than_pinned_gets_no_key(
    homeserver: Homeserver, peer: Peer, bot: Bot
) -> None:
    sam, lee = peer(homeserver.account("sam")), peer(homeserver.account("lee"))
    room = await room_with(bot, sam, lee)
    audience = Audience({Account(sam.user_id): await identity_of(sam), Account(lee.user_id): await identity_of(sam)})
    sent = await bot.matrix.send(RoomId(room), text("for Sam"), audience, transaction_id="x")
    assert (await sam.aio.wait(room, event_id=sent, utd=False))["content"]["body"] == "for Sam"
    assert (await lee.aio.wait(room, event_id=sent, utd=True))["utd"]


async def test_who_is_no_longer_allowed_cannot_read_what_follows(homeserver: Homeserver, peer: Peer, bot: Bot) -> None:
    sam, lee = peer(homeserver.account("sam")), peer(homeserver.account("lee"))
    room = await room_with(bot, sam, lee)
    both = await pinned(sam, lee)
    first = await bot.matrix.send(RoomId(room), text("both"), both, transaction_id="a")
    assert not (await lee.aio.wait(room, event_id=first, utd=False))["utd"]
    only_sam = Audience({**both.pins, Account(lee.user_id): ""})
    second = await bot.matrix.send(RoomId(room), text("Sam alone"), only_sam, transaction_id="b")
    assert (await sam.aio.wait(room, event_id=second, utd=False))["content"]["body"] == "Sam alone"
    assert (await lee.aio.wait(room, event_id=second, utd=True))["utd"]


async def test_a_member_who_joins_begins_a_new_session(homeserver: Homeserver, peer: Peer, bot: Bot) -> None:
    sam, lee = peer(homeserver.account("sam")), peer(homeserver.account("lee"))
    room = await room_with(bot, sam)
    sessions: list[str] = []
    for audience in (await pinned(sam), await pinned(sam), await pinned(sam, lee), await pinned(sam, lee)):
        if lee.user_id in audience.pins and len(sessions) == 2:
            await bot.matrix.invite(RoomId(room), Account(lee.user_id))
            await lee.aio.join(room)
        sent = await bot.matrix.send(RoomId(room), text("a word"), audience, transaction_id=secrets.token_hex(8))
        sessions.append((await sam.aio.server_event(room, sent))["content"]["session_id"])
    assert sessions[0] == sessions[1] != sessions[2] == sessions[3]
    assert (await lee.aio.wait(room, event_id=sent, utd=False))["content"]["body"] == "a word"


async def test_a_room_key_that_could_not_be_delivered_is_never_used(
    homeserver: Homeserver, peer: Peer, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    sam = peer(homeserver.account("sam"))
    room = await room_with(bot, sam)
    audience, client = await pinned(sam), bot.matrix._client
    call = client.call

    async def no_to_device(method: str, where: str, **rest: Any) -> dict[str, Any]:
        if "/sendToDevice/" in where:
            raise OutsideFailure("HTTP 502")
        return await call(method, where, **rest)

    with monkeypatch.context() as broken:
        broken.setattr(client, "call", no_to_device)
        for _ in range(2):
            with pytest.raises(OutsideFailure, match="502"):
                await bot.matrix.send(RoomId(room), text("lost?"), audience, transaction_id="x")
    sent = await bot.matrix.send(RoomId(room), text("not lost"), audience, transaction_id="x")
    assert (await sam.aio.wait(room, event_id=sent, utd=False))["content"]["body"] == "not lost"


async def test_a_device_without_keys_is_passed_over_and_reached_once_it_has_some(
    homeserver: Homeserver, peer: Peer, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    sam, lee = peer(homeserver.account("sam")), peer(homeserver.account("lee"))
    room = await room_with(bot, sam, lee)
    audience, client = await pinned(sam, lee), bot.matrix._client
    call = client.call

    async def no_keys_of_lee(method: str, where: str, **rest: Any) -> dict[str, Any]:
        answer = await call(method, where, **rest)
        if where.endswith("/keys/claim"):
            answer["one_time_keys"].pop(lee.user_id, None)
        return answer

    with monkeypatch.context() as drained:
        drained.setattr(client, "call", no_keys_of_lee)
        first = await bot.matrix.send(RoomId(room), text("first"), audience, transaction_id="a")
    assert not (await sam.aio.wait(room, event_id=first, utd=False))["utd"]
    assert (await lee.aio.wait(room, event_id=first, utd=True))["utd"]
    second = await bot.matrix.send(RoomId(room), text("second"), audience, transaction_id="b")
    assert (await lee.aio.wait(room, event_id=second, utd=False))["content"]["body"] == "second"
    assert (await lee.aio.wait(room, event_id=first, utd=False))["content"]["body"] == "first", (
        "what was missed comes too"
    )


async def test_a_device_that_began_anew_because_it_could_not_read_is_given_the_room_key_again(
    homeserver: Homeserver, peer: Peer, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    sam = peer(homeserver.account("sam"))
    lee = await Attacker.logged_in(homeserver.url, homeserver.account("lee"))
    await lee.call("POST", path("keys", "upload"), {"one_time_keys": lee.one_time_keys(5)})
    room = await room_with(bot, sam)
    await bot.matrix.invite(RoomId(room), Account(lee.user_id))
    await lee.call("POST", path("join", room), {})
    given: list[str] = []
    call = bot.matrix._client.call

    async def noted(method: str, where: str, **rest: Any) -> dict[str, Any]:
        given.extend(rest["body"]["messages"] if "/sendToDevice/" in where else ())
        return await call(method, where, **rest)

    monkeypatch.setattr(bot.matrix._client, "call", noted)
    everyone, sessions = Audience({}, open=True), set()
    for words in ("first", "second", "third"):
        given.clear()
        if words == "third":
            await lee.say_anew(bot.matrix.user_id, bot.matrix.device_id)
            await bot.read()
        sent = await bot.matrix.send(RoomId(room), text(words), everyone, transaction_id=words)
        sessions.add((await sam.aio.server_event(room, sent))["content"]["session_id"])
        assert (lee.user_id in given) is (words != "second")
    assert len(sessions) == 1
    await lee.say_anew(bot.matrix.user_id, bot.matrix.device_id)
    await bot.read()
    await bot.matrix.remove(RoomId(room), Account(lee.user_id))
    sent = await bot.matrix.send(RoomId(room), text("not for lee"), everyone, transaction_id="fourth")
    after = (await sam.aio.server_event(room, sent))["content"]["session_id"]
    assert after not in sessions, "who says that it could not read may have read all the same"
    await lee.close()


async def test_a_homeserver_that_is_away_is_an_outside_failure_and_then_all_goes_on(
    homeserver: Homeserver, peer: Peer, bot: Bot
) -> None:
    sam = peer(homeserver.account("sam"))
    room = await room_with(bot, sam)
    audience = await pinned(sam)
    async with homeserver.away():
        with pytest.raises(OutsideFailure) as failed:
            await bot.matrix.send(RoomId(room), text("x"), audience, transaction_id="x")
        assert not isinstance(failed.value, Permanent)
        with pytest.raises(OutsideFailure):
            await bot.read()
    sent = await bot.matrix.send(RoomId(room), text("back"), audience, transaction_id="x")
    assert (await sam.aio.wait(room, event_id=sent, utd=False))["content"]["body"] == "back"
