"""What a homeserver and its users send: JSON, sync answers, events, keys, encrypted files, error answers."""

from __future__ import annotations

import asyncio
import base64
import json
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import vodozemac
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.arrivals import storable
from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.identifiers import Account, EventId, RoomId
from bot.matrix.device_lists import DeviceDirectory, parse_identity
from bot.matrix.encrypted_files import decrypt_attachment, encrypt_attachment, media_id
from bot.matrix.failures import failure
from bot.matrix.feed import SyncFeed
from bot.matrix.foreign_json import parse, too_deep
from bot.matrix.media import split_mxc
from bot.matrix.olm_machine import OLM, Malformed, OlmMachine
from bot.matrix.room_keys import RoomKeys
from bot.matrix.signatures import is_signed
from bot.matrix.store import KeyStore
from bot.matrix.timeline import read_event
from bot.matrix.trust import MEGOLM, require_safe, room_state, who_may_read
from bot.ports import Audience, UnsafeRoom
from tests.attackers import Attacker

from . import ANYTHING, NUMBER, TEXT, fuzzed, objects

BOT = Account("@bot:h")
B64 = st.sampled_from(["", "AAAA", "%%", "A", "=", base64.b64encode(bytes(32)).decode(), "Aw" * 40]) | TEXT


@pytest.fixture(scope="module")
def machine() -> Iterator[OlmMachine]:
    with tempfile.TemporaryDirectory() as directory:
        store = KeyStore(Path(directory) / "keys.db", bytes(32), BOT, "DEVICE")
        yield OlmMachine(store, BOT, "DEVICE")
        store.close()


@fuzzed()
@given(raw=st.binary(max_size=200) | TEXT | ANYTHING.map(json.dumps))
def test_any_bytes_are_some_json_or_none_and_what_was_read_can_be_written(raw: bytes | str) -> None:
    value = parse(raw)
    assert not too_deep(value)
    written = json.dumps(value, allow_nan=False)
    assert parse(written) == value
    written.encode()


@fuzzed(0.3)
@given(depth=st.integers(0, 30_000), shape=st.sampled_from(["[", '{"a":', '[{"a":[']), closed=st.booleans())
def test_no_depth_makes_reading_fail(depth: int, shape: str, closed: bool) -> None:
    closing = {"[": "]", '{"a":': "}", '[{"a":[': "]}]"}[shape]
    raw = shape * depth + "1" + (closing * depth if closed else "")
    value = parse(raw)
    assert value is None or too_deep(value) == (depth * len(closing) >= 64)


ENCRYPTED = objects(
    {
        "algorithm": st.sampled_from([OLM, MEGOLM]),
        "session_id": B64,
        "sender_key": B64,
        "device_id": TEXT,
        "ciphertext": B64 | st.fixed_dictionaries({"%ME%": objects({"type": st.sampled_from([0, 1, 2]), "body": B64})}),
    }
)
EVENT = objects(
    {
        "event_id": st.sampled_from(["$a", "$b"]),
        "sender": st.sampled_from(["@sam:h", "@eve:evil", BOT]),
        "type": st.sampled_from(
            ["m.room.encrypted", "m.room.message", "m.room.member", "m.room.redaction", "m.reaction", "m.room.create"]
        ),
        "content": ENCRYPTED
        | objects({"membership": st.sampled_from(["join", "leave"]), "redacts": st.just("$a"), "body": TEXT}),
        "state_key": st.sampled_from(["", BOT, "@sam:h"]),
        "redacts": st.just("$a"),
        "origin_server_ts": NUMBER,
        "unsigned": objects({"prev_content": st.just({"membership": "join"}), "redacted_because": st.just({})}),
        "room_id": st.just("!r"),
    }
)


def for_me(value: Any, machine: OlmMachine) -> Any:
    """As it comes over the wire, addressed to this device."""
    return parse(
        json.dumps(value)
        .replace("NaN", "0")
        .replace("-Infinity", "0")
        .replace("Infinity", "0")
        .replace("%ME%", machine.curve25519)
    )


@fuzzed()
@given(event=EVENT | ANYTHING)
def test_one_event_is_read_as_something_that_can_be_stored(event: Any, machine: OlmMachine) -> None:
    read = read_event(machine, RoomId("!r"), for_me(event, machine))
    if read is not None:
        arrival = storable(read.arrival)
        assert isinstance(arrival.event_id, str) and arrival.event_id
        json.dumps(arrival.content, ensure_ascii=False, allow_nan=False).encode()


@fuzzed()
@given(content=ENCRYPTED)
def test_a_key_message_is_opened_or_malformed(content: dict[str, Any], machine: OlmMachine) -> None:
    content = for_me(content, machine)
    for read in (
        lambda: machine.receive_to_device(Account("@eve:evil"), content),
        lambda: machine.open(RoomId("!r"), EventId("$e"), content),
    ):
        with suppress(Malformed):
            assert not read()


RIGHT_INSIDE = {
    "algorithm": st.just(MEGOLM),
    "room_id": st.just("!r"),
    "session_id": st.just("%SESSION%"),
    "session_key": st.sampled_from(["%SESSION_KEY%", "%EXPORTED%"]),
    "sender_key": st.sampled_from(["%CURVE%", "%ME%"]),
    "sender_claimed_ed25519_key": st.sampled_from(["%ED%", "%ANOTHER%"]),
    "forwarding_curve25519_key_chain": st.just([]),
}
INSIDE = st.tuples(
    st.fixed_dictionaries(RIGHT_INSIDE), st.dictionaries(st.sampled_from([*RIGHT_INSIDE]), B64 | ANYTHING, max_size=2)
).map(lambda both: both[0] | both[1])


@fuzzed()
@given(kind=st.sampled_from(["m.room_key", "m.forwarded_room_key", "m.dummy", ""]), content=INSIDE)
def test_what_an_olm_message_holds_is_a_key_of_whoever_encrypted_it_or_nothing(
    kind: str, content: Any, machine: OlmMachine
) -> None:
    eve = Attacker("@eve:evil", "E")
    inbound = vodozemac.InboundGroupSession(eve.group.session_key)
    exported = inbound.export_at(0)
    assert exported is not None
    text = json.dumps(for_me(content, machine))
    for word, meant in {
        "%SESSION%": eve.group.session_id,
        "%SESSION_KEY%": eve.group.session_key.to_base64(),
        "%EXPORTED%": exported.to_base64(),
        "%CURVE%": eve.curve25519,
        "%ED%": eve.ed25519,
        "%ANOTHER%": machine.ed25519,
    }.items():
        text = text.replace(word, meant)
    inside = eve.inside(BOT, machine.ed25519, kind, json.loads(text))
    [fallback] = [key["key"] for key in machine.fallback_key().values()]
    with suppress(Malformed):
        machine.receive_to_device(Account(eve.user_id), eve.olm(machine.device_keys(), fallback, inside))
    kept = machine._olm.rooms_sessions.get(eve.group.session_id)
    assert kept is None or (kept.sender_key, kept.ed25519) == (eve.curve25519, eve.ed25519)


PARTS = objects(
    {
        "next_batch": TEXT,
        "rooms": objects(
            {
                kind: st.dictionaries(
                    st.sampled_from(["!r", "!s", ""]) | TEXT,
                    objects(
                        {
                            "timeline": objects(
                                {"events": st.lists(EVENT, max_size=3), "limited": st.booleans(), "prev_batch": TEXT}
                            ),
                            "invite_state": objects({"events": st.lists(EVENT, max_size=2)}),
                        }
                    ),
                    max_size=2,
                )
                for kind in ("join", "leave", "invite")
            }
        ),
        "to_device": objects(
            {
                "events": st.lists(
                    objects(
                        {
                            "sender": st.just("@eve:evil"),
                            "type": st.sampled_from(
                                [
                                    "m.room.encrypted",
                                    "m.room_key.withheld",
                                    "m.key.verification.start",
                                    "m.room_key",
                                    "m.secret.send",
                                ]
                            ),
                            "content": ENCRYPTED | objects({"code": st.just("m.unverified"), "transaction_id": TEXT}),
                        }
                    ),
                    max_size=4,
                )
            }
        ),
        "device_lists": objects({"changed": st.lists(TEXT, max_size=2), "left": st.lists(TEXT, max_size=2)}),
        "device_one_time_keys_count": objects({"signed_curve25519": NUMBER}),
        "device_unused_fallback_key_types": st.lists(TEXT, max_size=2),
    }
)


class Homeserver:
    """Answers a sync with what was made up, and everything else with whatever was made up for that."""

    def __init__(self, sync: Any, rest: Any) -> None:
        self._sync, self._rest = sync, rest

    async def call(
        self, method: str, path: str, *, body: Any = None, query: Any = None, timeout: float = 0
    ) -> dict[str, Any]:
        answer = self._sync if path.endswith("/sync") else self._rest
        return answer if isinstance(answer, dict) else {}


@fuzzed(0.5)
@given(sync=PARTS, rest=ANYTHING, since=st.none() | st.just("t1"))
def test_a_sync_becomes_a_batch_that_can_be_stored_or_a_failure_of_the_world(
    sync: Any, rest: Any, since: str | None, machine: OlmMachine
) -> None:
    client: Any = Homeserver(for_me(sync, machine), for_me(rest, machine))
    feed = SyncFeed(client, machine._store, machine, DeviceDirectory(client), RoomKeys(client, machine))
    try:
        batch = asyncio.run(feed.next_batch(since, timedelta(0)))
    except OutsideFailure:
        return
    assert batch.token
    for arrival in batch.arrivals:
        json.dumps(storable(arrival).content, ensure_ascii=False, allow_nan=False).encode()


SIGNED = objects(
    {
        "signatures": objects({"@sam:h": objects({"ed25519:D": B64})}),
        "user_id": st.just("@sam:h"),
        "device_id": st.just("D"),
    }
)
KEYS = objects(
    {
        "device_keys": objects(
            {"@sam:h": objects({"D": SIGNED | objects({"keys": objects({"curve25519:D": B64, "ed25519:D": B64})})})}
        ),
        "master_keys": objects(
            {"@sam:h": objects({"user_id": st.just("@sam:h"), "usage": st.just(["master"]), "keys": ANYTHING})}
        ),
        "self_signing_keys": objects({"@sam:h": SIGNED}),
        "failures": objects({"h": st.just({})}),
    }
)


@fuzzed()
@given(body=KEYS, state=st.lists(EVENT, max_size=6), pinned=st.sampled_from(["", "master"]))
def test_what_a_homeserver_shows_of_devices_never_lets_one_read_that_nobody_signed(
    body: Any, state: Any, pinned: str
) -> None:
    identity = parse_identity(Account("@sam:h"), body)
    assert not any(device.signed for device in identity.devices), "no signature here is a good one"
    assert not is_signed(body, Account("@sam:h"), "D", "AAAA")
    room = room_state(event for event in state if isinstance(event, dict))
    audience = Audience({Account("@sam:h"): pinned})
    try:
        require_safe(room, audience, BOT)
        assert who_may_read(room, audience, {Account("@sam:h"): identity}, BOT) == frozenset()
    except (UnsafeRoom, OutsideFailure):
        pass


FILE = objects(
    {
        "url": st.sampled_from(["mxc://h/a", "mxc://h/../x", "mxc://h", "http://h/a"]),
        "v": st.just("v2"),
        "iv": B64,
        "key": objects({"kty": st.just("oct"), "alg": st.just("A256CTR"), "k": B64}),
        "hashes": objects({"sha256": B64}),
    }
)


@fuzzed()
@given(file=FILE, data=st.binary(max_size=100))
def test_a_description_of_a_file_opens_it_or_is_refused(file: Any, data: bytes) -> None:
    for read in (lambda: decrypt_attachment(file, data), lambda: split_mxc(media_id(file))):
        with suppress(Permanent):
            read()
    ciphertext, described = encrypt_attachment(data)
    assert decrypt_attachment(described, ciphertext) == data


@fuzzed()
@given(status=st.integers(100, 599), body=objects({"errcode": TEXT, "retry_after_ms": NUMBER}), header=st.none() | TEXT)
def test_every_answer_that_is_no_success_is_a_failure_with_a_wait_that_can_be_waited(
    status: int, body: Any, header: str | None
) -> None:
    meant = failure(status, body, header)
    assert meant.retry_after is None or timedelta(0) <= timedelta(seconds=meant.retry_after) <= timedelta(hours=3)
