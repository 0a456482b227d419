"""The key store: unreadable without its key, its owner's alone, and what must outlive a restart does."""

from __future__ import annotations

import logging
import secrets
from pathlib import Path
from typing import Any

import pytest
import vodozemac

from bot.domain.errors import Permanent
from bot.domain.identifiers import Account, EventId, RoomId
from bot.matrix.olm_machine import Malformed, OlmMachine
from bot.matrix.store import KeyStore
from tests.attackers import Attacker

KEY = bytes(range(32))
BOT = Account("@bot:practice.test")


def opened(directory: Path, key: bytes = KEY) -> KeyStore:
    return KeyStore(directory / "keys" / "store.db", key, BOT, "DEVICE")


def test_nothing_in_the_files_is_readable_and_they_are_the_owners_alone(tmp_path: Path) -> None:
    store = opened(tmp_path)
    machine = OlmMachine(store, BOT, "DEVICE")
    store.note_room("a-wish", RoomId("!a-room:practice.test"))
    files = [file for file in (tmp_path / "keys").iterdir() if file.suffix != ".lock"]
    kept = b"".join(file.read_bytes() for file in files)
    assert kept
    for word in (BOT, "DEVICE", "a-wish", "!a-room", machine.curve25519, machine.ed25519, "SQLite", "CREATE TABLE"):
        assert word.encode() not in kept
    assert {file.stat().st_mode & 0o077 for file in [tmp_path / "keys", *files]} == {0}
    store.close()


def test_another_key_opens_nothing_and_harms_nothing(tmp_path: Path) -> None:
    store = opened(tmp_path)
    fingerprint = OlmMachine(store, BOT, "DEVICE").ed25519
    store.close()
    with pytest.raises(Permanent) as refused:
        opened(tmp_path, secrets.token_bytes(32))
    assert refused.value.code == "wrong-key"
    store = opened(tmp_path)
    assert OlmMachine(store, BOT, "DEVICE").ed25519 == fingerprint
    store.close()


def test_a_second_opening_is_refused_until_the_first_is_closed(tmp_path: Path) -> None:
    store = opened(tmp_path)
    with pytest.raises(Permanent) as refused:
        opened(tmp_path)
    assert refused.value.code == "already-running"
    store.close()
    opened(tmp_path).close()


def test_a_message_index_stays_with_its_first_event(tmp_path: Path) -> None:
    store = opened(tmp_path)
    assert store.first_event_of("session", 4, EventId("$one")) == "$one"
    assert store.first_event_of("session", 5, EventId("$two")) == "$two"
    store.close()
    store = opened(tmp_path)
    assert store.first_event_of("session", 4, EventId("$another")) == "$one"
    assert store.first_event_of("session", 4, EventId("$one")) == "$one"
    store.close()


def test_a_commit_that_fails_keeps_nothing_of_it(tmp_path: Path) -> None:
    store = opened(tmp_path)
    with pytest.raises(ZeroDivisionError), store.commit():
        assert not store.seen_to_device(b"digest")
        raise ZeroDivisionError
    assert not store.seen_to_device(b"digest")
    assert store.seen_to_device(b"digest")
    store.close()


def test_published_keys_outlive_a_crash_before_the_answer(tmp_path: Path) -> None:
    store = opened(tmp_path)
    machine = OlmMachine(store, BOT, "DEVICE")
    about_to_upload = machine.one_time_keys(5)
    store.close()  # killed here: the homeserver may hold these keys
    store = opened(tmp_path)
    assert OlmMachine(store, BOT, "DEVICE").one_time_keys(5) == about_to_upload
    store.close()


def test_a_room_key_offered_by_another_does_not_replace_the_first(tmp_path: Path) -> None:
    store = opened(tmp_path)
    machine = OlmMachine(store, BOT, "DEVICE")
    session = machine.new_room_key()
    early = session.session_key
    content = machine.encrypt(session, {"room_id": "!r", "type": "m.x", "content": {}})
    late = session.session_key
    olm = machine._olm
    olm.create_group_session("sam", "sam-ed", RoomId("!r"), session.id, early)
    olm.create_group_session("mallory", "mallory-ed", RoomId("!r"), session.id, late)
    olm.create_group_session("sam", "sam-ed", RoomId("!r"), session.id, late)
    with pytest.raises(Malformed):
        olm.create_group_session("sam", "sam-ed", RoomId("!r"), "another-session", early)
    store.close()
    store = opened(tmp_path)
    inside = OlmMachine(store, BOT, "DEVICE").open(RoomId("!r"), EventId("$e"), content)
    assert inside is not None
    assert (inside.curve25519, inside.ed25519, inside.message_index) == ("sam", "sam-ed", 0)
    store.close()


def test_a_room_key_that_reaches_further_back_is_taken(tmp_path: Path) -> None:
    store = opened(tmp_path)
    machine = OlmMachine(store, BOT, "DEVICE")
    session = machine.new_room_key()
    early = session.session_key
    content = machine.encrypt(session, {"room_id": "!r", "type": "m.x", "content": {}})
    machine._olm.create_group_session("sam", "sam-ed", RoomId("!r"), session.id, session.session_key)
    assert machine.open(RoomId("!r"), EventId("$e"), content) is None
    machine._olm.create_group_session("sam", "sam-ed", RoomId("!r"), session.id, early)
    assert machine.open(RoomId("!r"), EventId("$e"), content) is not None
    store.close()


@pytest.mark.parametrize("payload", [{}, {"type": "m.x"}, {"type": 1, "content": {}}, {"type": "m.x", "content": []}])
def test_a_malformed_inside_is_malformed(tmp_path: Path, payload: dict[str, object]) -> None:
    store = opened(tmp_path)
    machine = OlmMachine(store, BOT, "DEVICE")
    session = machine.new_room_key()
    machine._olm.create_group_session("sam", "sam-ed", RoomId("!r"), session.id, session.session_key)
    with pytest.raises(Malformed):
        machine.open(RoomId("!r"), EventId("$e"), machine.encrypt(session, payload))
    store.close()


def test_nio_logs_nothing_anywhere(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = opened(tmp_path)
    OlmMachine(store, BOT, "DEVICE")
    with caplog.at_level(logging.DEBUG):
        for name in ("nio.events.misc", "nio.crypto.log", "peewee"):
            logging.getLogger(name).critical("the decrypted content")
        store.note_room("wish", RoomId("room"))
    assert caplog.records == []
    store.close()


def room_key_from(attacker: Attacker, machine: OlmMachine, one_time_key: str) -> dict[str, Any]:
    """The Olm message, under a session of its own, that brings the key of a new Megolm session."""
    attacker.group = vodozemac.GroupSession()
    content = attacker.of_group("!room", attacker.group.session_key.to_base64())
    inside = attacker.inside(BOT, machine.ed25519, "m.room_key", content)
    return attacker.olm(machine.device_keys(), one_time_key, inside)


def test_whoever_sends_keys_without_end_fills_nothing_and_takes_nobodys_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fallback key serves every sender, as often as they like."""
    monkeypatch.setattr("bot.matrix.olm_machine.MOST_SESSIONS", 4)
    monkeypatch.setattr("bot.matrix.olm_machine.MOST_ROOM_KEYS", 6)
    store = opened(tmp_path)
    machine = OlmMachine(store, BOT, "DEVICE")
    [fallback] = [key["key"] for key in machine.fallback_key().values()]
    sam, mallory = Attacker("@sam:h", "PHONE"), Attacker("@mallory:h", "M")
    assert machine.receive_to_device(Account(sam.user_id), room_key_from(sam, machine, fallback))
    for _ in range(10):
        assert machine.receive_to_device(Account(mallory.user_id), room_key_from(mallory, machine, fallback))
    said = [(one, one.megolm("!room", {"msgtype": "m.text", "body": "x"})) for one in (sam, mallory)]
    store.close()

    store = opened(tmp_path)
    machine = OlmMachine(store, BOT, "DEVICE")
    for one, content in said:
        read = machine.open(RoomId("!room"), EventId(f"${one.device_id}"), content)
        assert read is not None and read.curve25519 == one.curve25519
    counts = {
        table: [
            store._database.execute_sql(
                f"SELECT count(*) FROM {table} WHERE sender_key = ?", (one.curve25519,)
            ).fetchone()[0]
            for one, _ in said
        ]
        for table in ("olmsessions", "megolminboundsessions")
    }
    assert counts == {"olmsessions": [1, 4], "megolminboundsessions": [1, 6]}
    store.close()
