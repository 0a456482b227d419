"""JSON that somebody else wrote, and what is signed in it."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bot.domain.identifiers import Account
from bot.matrix.device_lists import parse_identity
from bot.matrix.foreign_json import as_object, parse, too_deep
from bot.matrix.signatures import is_signed, public_key, signature

SAM = Account("@sam:practice.test")


def test_a_depth_that_stops_the_parser_is_read_all_the_same() -> None:
    deep = '{"a":' + "[" * 3000 + "]" * 3000 + "}"
    before = sys.getrecursionlimit()
    with pytest.raises(RecursionError):
        json.loads(deep)
    assert too_deep(parse(deep))
    assert sys.getrecursionlimit() == before


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", "nul"])
def test_what_is_no_json_is_nothing(raw: bytes | str) -> None:
    assert parse(raw) is None


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 5000])
def test_a_number_that_could_not_be_written_again_is_nothing_and_spoils_nothing_around_it(number: str) -> None:
    """One such message, passed on by a homeserver that does not read what it carries, would end every sync."""
    for depth in (0, 3000):
        nested = "[" * depth + number + "]" * depth
        assert as_object(parse(f'{{"next_batch": "s1", "n": {nested}}}'))["next_batch"] == "s1"
    assert parse(f'{{"a": [{number}, 7]}}') == {"a": [None, 7]}


def test_bytes_that_are_no_text_are_replaced_where_they_stand() -> None:
    assert parse(b'{"a": "\xff\xed\xa0\x80x", "b": 1}') == {"a": "\ufffd" * 4 + "x", "b": 1}


def test_half_a_character_is_replaced_wherever_it_stands_and_whole_ones_are_kept() -> None:
    raw = r'{"\ud800": ["\uDFFF", {"b": "\ud83d\ude00"}], "c": "\ud800x"}'
    assert parse(raw) == {"?": ["?", {"b": "\N{GRINNING FACE}"}], "c": "?x"}
    deep = parse("[" * 3000 + r'"\ud800"' + "]" * 3000)
    for _ in range(3000):
        assert isinstance(deep, list)
        [deep] = deep
    assert deep == "?"


def test_an_honest_event_is_not_too_deep() -> None:
    assert not too_deep({"content": {"file": {"key": {"key_ops": ["encrypt"]}}}})


def person(*, device_signed: bool = True) -> tuple[dict[str, Any], Ed25519PrivateKey]:
    """A /keys/query answer as a homeserver gives it for one person with one device."""
    master, self_signing, device = (Ed25519PrivateKey.generate() for _ in range(3))
    device_keys: dict[str, Any] = {
        "user_id": SAM,
        "device_id": "PHONE",
        "keys": {"curve25519:PHONE": "curve", "ed25519:PHONE": public_key(device)},
    }
    signatures = {"ed25519:PHONE": signature(device_keys, device)}
    if device_signed:
        signatures[f"ed25519:{public_key(self_signing)}"] = signature(device_keys, self_signing)
    master_key = cross_signing_key("master", master)
    self_signing_key = cross_signing_key("self_signing", self_signing)
    by_master = {SAM: {f"ed25519:{public_key(master)}": signature(self_signing_key, master)}}
    return {
        "device_keys": {SAM: {"PHONE": {**device_keys, "signatures": {SAM: signatures}}}},
        "master_keys": {SAM: master_key},
        "self_signing_keys": {SAM: {**self_signing_key, "signatures": by_master}},
    }, master


def cross_signing_key(usage: str, key: Ed25519PrivateKey) -> dict[str, Any]:
    public = public_key(key)
    return {"user_id": SAM, "usage": [usage], "keys": {f"ed25519:{public}": public}}


def test_a_device_signed_by_its_owners_identity_is_signed() -> None:
    body, master = person()
    identity = parse_identity(SAM, body)
    assert identity.master == public_key(master)
    assert [device.signed for device in identity.devices] == [True]


def test_a_device_nobody_vouches_for_is_not() -> None:
    body, _ = person(device_signed=False)
    assert [device.signed for device in parse_identity(SAM, body).devices] == [False]


def test_a_self_signing_key_the_master_did_not_sign_vouches_for_nothing() -> None:
    body, _ = person()
    other, master = person()
    body["master_keys"] = other["master_keys"]
    identity = parse_identity(SAM, body)
    assert identity.master == public_key(master)
    assert [device.signed for device in identity.devices] == [False]


def test_a_device_that_did_not_sign_its_own_keys_does_not_exist() -> None:
    body, _ = person()
    body["device_keys"][SAM]["PHONE"]["keys"]["curve25519:PHONE"] = "put there by the homeserver"
    assert parse_identity(SAM, body).devices == ()


def test_a_device_of_another_person_does_not_exist() -> None:
    body, _ = person()
    body["device_keys"]["@kim:practice.test"] = body["device_keys"][SAM]
    assert parse_identity(Account("@kim:practice.test"), body).devices == ()


@pytest.mark.parametrize("broken", [None, 1, [], {}, {"keys": 1}, {"keys": {"ed25519:x": "y"}, "signatures": []}])
def test_malformed_keys_are_left_out(broken: object) -> None:
    body: dict[str, Any] = {
        "device_keys": {SAM: {"PHONE": broken}},
        "master_keys": {SAM: broken},
        "self_signing_keys": {SAM: broken},
    }
    identity = parse_identity(SAM, body)
    assert (identity.master, identity.devices) == ("", ())


def test_a_person_whose_homeserver_is_down_is_not_taken_for_one_without_devices() -> None:
    assert not parse_identity(SAM, {"failures": {"practice.test": {}}}).known
    assert parse_identity(SAM, {}).known


def test_a_changed_word_breaks_the_signature() -> None:
    key = Ed25519PrivateKey.generate()
    signed = {"a": 1, "signatures": {SAM: {"ed25519:K": signature({"a": 1}, key)}}}
    assert is_signed({**signed, "unsigned": {"age": 3}}, SAM, "K", public_key(key))
    assert not is_signed({**signed, "a": 2}, SAM, "K", public_key(key))
    assert not is_signed({**signed, "a": 1.5}, SAM, "K", public_key(key))
