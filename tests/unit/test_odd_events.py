"""What an app writes oddly: a field that is not needed sinks no photo, nobody is left without a word, nobody names the world."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from nio.crypto import OutboundGroupSession

from bot.domain.arrivals import Arrival, ArrivalKind
from bot.domain.identifiers import NO_ACCOUNT, Account, RoomId
from bot.domain.image import State
from bot.matrix.olm_machine import OlmMachine
from bot.matrix.store import KeyStore
from bot.matrix.timeline import read_event
from storage.journal.queue_rows import storable
from tests.practice import JPEG, Someone, staffed_practice

ODD: tuple[Any, ...] = (None, True, 7, -1, 2**70, 1.5, "", "x", "\ud83d", [], [7], {}, {"x": {"y": [None]}})
IN_INFO = (
    "w",
    "h",
    "size",
    "mimetype",
    "thumbnail_info",
    "thumbnail_file",
    "thumbnail_url",
    "xyz.amorgan.blurhash",
    "duration",
)
IN_CONTENT = (
    *("info", "m.mentions", "m.relates_to", "m.new_content", "format", "formatted_body", "url", "external_url"),
    *("org.matrix.msc1767.file", "org.matrix.msc3245.voice", "fi.mau.filtered"),
)
IN_FILE = ("mimetype", "size", "name")


def oddly(photo: Arrival) -> list[dict[str, Any]]:
    """The photo's content with one field that nobody needs replaced, each in each way."""
    assert photo.content is not None
    content = photo.content
    info, file = content["info"], content["file"]
    return [
        *(content | {name: odd} for name in IN_CONTENT for odd in ODD),
        *(content | {"info": info | {name: odd}} for name in IN_INFO for odd in ODD),
        *(content | {"file": file | {name: odd}} for name in IN_FILE for odd in ODD),
        *(
            content | {"m.relates_to": {"rel_type": "m.replace", "event_id": odd}}
            for odd in ODD
            if not isinstance(odd, str)
        ),
        *(content | {"m.relates_to": {"rel_type": odd, "event_id": "$x"}} for odd in ODD),
        *(content | {"m.relates_to": {"m.in_reply_to": odd}} for odd in ODD),
        *(content | {"body": odd, "filename": odd} for odd in ODD),
    ]


async def test_a_field_that_is_not_needed_sinks_no_photo(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, sam = people.practice, people.sam
        for number, content in enumerate(oddly(sam.photo())):
            data = JPEG + str(number).encode()
            mxc = f"mxc://hs.test/odd{number}"
            practice.homeserver.media[mxc], practice.homeserver.owners[mxc] = data, sam.account
            file = content["file"] | {"url": mxc, "sha256": hashlib.sha256(data).hexdigest()}
            await practice.receive(sam.arrival(sam.own_room, content | {"file": file}))
            practice.clock.move(timedelta(seconds=1))
            await practice.inbox.drain()
            images = await practice.images()
            assert len(images) == number + 1, f"not taken: {content}"
            assert images[-1].size >= 0
        assert await practice.audited("quarantined") == 0


@pytest.mark.parametrize(
    "mimetype", ["IMAGE/JPEG", "image/jpeg; charset=binary", "jpeg", " image/png", "Application/PDF", 7, ""]
)
async def test_a_photo_sent_as_a_file_of_an_odd_kind_is_taken(mimetype: object, tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo(caption="rash", msgtype="m.file", info={"mimetype": mimetype})
        assert (await people.practice.only_image()).state is State.VERIFIED


# ---- the same as it is read from the homeserver


@dataclass
class Room:
    """A room whose messages this machine can read."""

    machine: OlmMachine
    session: OutboundGroupSession

    def event(self, content: object, **more: Any) -> dict[str, Any]:
        payload = json.dumps({"room_id": "!r", "type": "m.room.message", "content": content})
        payload = re.sub(r'"(\d+) deep"', lambda found: "[" * int(found[1]) + "]" * int(found[1]), payload)
        encrypted = {
            "algorithm": "m.megolm.v1.aes-sha2",
            "session_id": self.session.id,
            "ciphertext": self.session.encrypt(payload),
        }
        event = {"event_id": "$e", "sender": "@sam:hs.test", "type": "m.room.encrypted", "origin_server_ts": 0}
        return event | {"content": encrypted} | more


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    store = KeyStore(tmp_path / "keys.db", bytes(32), Account("@bot:hs.test"), "DEVICE")
    machine = OlmMachine(store, Account("@bot:hs.test"), "DEVICE")
    session = machine.new_room_key()
    machine._olm.create_group_session("curve", "ed", RoomId("!r"), session.id, session.session_key)
    yield Room(machine, session)
    store.close()


def nested(depth: int) -> object:
    value: object = "x"
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("depth", [3, 63, 70, 400, 9000])
def test_what_is_nested_too_deep_is_left_out_and_the_rest_is_read(depth: int, room: Room) -> None:
    content = {
        "msgtype": "m.image",
        "body": "rash",
        "xyz.amorgan.blurhash": f"{depth} deep",
        "file": {"url": "mxc://a/b"},
    }
    read = read_event(room.machine, RoomId("!r"), room.event(content))
    assert read is not None and read.arrival.kind is ArrivalKind.MESSAGE
    assert read.arrival.content is not None and read.arrival.content["file"] == {"url": "mxc://a/b"}
    assert storable(read.arrival) == read.arrival, "it can be stored as it is"


@pytest.mark.parametrize(
    "more",
    [
        {"origin_server_ts": None},
        {"origin_server_ts": "yesterday"},
        {"origin_server_ts": 2**70},
        {"origin_server_ts": -(2**70)},
        {"origin_server_ts": 1.5},
        {"unsigned": []},
        {"unsigned": {"age": nested(400)}},
        {"state_key": None},
    ],
)
def test_a_field_around_the_ciphertext_that_is_not_needed_sinks_nothing(more: dict[str, Any], room: Room) -> None:
    read = read_event(room.machine, RoomId("!r"), room.event({"msgtype": "m.text", "body": "rash"}, **more))
    assert read is not None and read.arrival.kind is ArrivalKind.MESSAGE
    assert read.arrival.sent_at.tzinfo is not None


@pytest.mark.parametrize("odd", ODD)
def test_a_photo_with_any_odd_field_is_read_and_can_be_stored(odd: object, room: Room) -> None:
    content = {"msgtype": "m.image", "body": odd, "filename": odd, "info": odd, "m.mentions": odd, "m.relates_to": odd}
    read = read_event(room.machine, RoomId("!r"), room.event(content))
    assert read is not None and read.arrival.kind is ArrivalKind.MESSAGE
    assert storable(read.arrival).kind is ArrivalKind.MESSAGE


# ---- what is malformed all the same ends in a word to somebody, once a day


def malformed(who: Someone, room_id: str) -> Arrival:
    return who.arrival(room_id, {"error": "Malformed"}, ArrivalKind.MALFORMED)


async def test_who_sent_what_cannot_be_read_is_told_once_a_day(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, sam, lee = people.practice, people.sam, people.lee
        team = len(practice.seen_in(await practice.practice_room()))
        heard = len(sam.heard)
        for _ in range(3):
            await practice.receive(malformed(sam, sam.own_room), malformed(lee, ""))
            await practice.settle()
        assert ["send it again" in said for said in sam.heard[heard:]] == [True]
        assert "send it again" in lee.last_heard
        await practice.after(hours=24)
        await practice.receive(malformed(sam, sam.own_room))
        await practice.settle()
        assert ["send it again" in said for said in sam.heard[heard:]] == [True, True]
        assert len(practice.seen_in(await practice.practice_room())) == team
        assert await practice.audited("arrival.malformed") == 7


async def test_a_stranger_in_somebodys_room_hears_there_that_it_could_not_be_read(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, sam = people.practice, people.sam
        eve = Someone(practice, Account("@eve:hs.test"), "")
        heard = len(sam.heard)
        await practice.receive(malformed(eve, sam.own_room), malformed(eve, sam.own_room))
        await practice.settle()
        assert ["could not be read" in said for said in sam.heard[heard:]] == [True]


async def test_of_strangers_whose_messages_cannot_be_read_the_practice_hears_once_a_day(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice = people.practice
        team = await practice.practice_room()
        told = len(practice.seen_in(team))
        strangers = [Someone(practice, Account(f"@eve{number}:hs.test"), "") for number in range(4)]
        await practice.receive(
            *(malformed(eve, "") for eve in strangers), malformed(Someone(practice, NO_ACCOUNT, ""), "")
        )
        await practice.settle()
        assert ["could not be read" in said for said in practice.seen_in(team)[told:]] == [True]
