"""What the page may ask the homeserver: a closed list, in which there is one way to send."""

from __future__ import annotations

import pytest

from bot.page import is_passed_on

CLIENT = "/_matrix/client/v3"
ROOM = f"{CLIENT}/rooms/%21a%3Apractice.test"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", f"{CLIENT}/register"),
        ("GET", f"{CLIENT}/sync"),
        ("POST", f"{CLIENT}/keys/query"),
        ("PUT", f"{CLIENT}/sendToDevice/m.room.encrypted/m1.2"),
        ("PUT", f"{ROOM}/send/m.room.encrypted/0b0c8f1e-1"),
        ("PUT", f"{CLIENT}/rooms/!a:practice.test/send/m.room.encrypted/1"),
        ("POST", f"{ROOM}/receipt/m.read/%24abc"),
        ("GET", f"{ROOM}/messages"),
        ("POST", "/_matrix/media/v3/upload"),
        ("GET", "/_matrix/client/v1/media/download/practice.test/abc"),
    ],
)
def test_what_the_page_needs_is_passed_on(method: str, path: str) -> None:
    assert is_passed_on(method, path)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", f"{ROOM}/send/m.room.message/1"),
        ("PUT", f"{ROOM}/send/m.reaction/1"),
        ("PUT", f"{ROOM}/send/m.room%2Emessage/1"),
        ("PUT", f"{ROOM}/send/m.room.encrypted/../m.room.message/1"),
        ("PUT", f"{CLIENT}/rooms/%21a%2Fsend%2Fm.room.message%2F1/send/m.room.encrypted/1"),
        ("PUT", f"{CLIENT}/rooms/../send/m.room.encrypted/1"),
        ("PUT", f"{ROOM}/state/m.room.topic/"),
        ("PUT", f"{ROOM}/redact/%24e/1"),
        ("PUT", f"{CLIENT}/profile/@p:practice.test/displayname"),
        ("PUT", f"{CLIENT}/user/@p:practice.test/account_data/m.note"),
        ("PUT", f"{CLIENT}/sendToDevice/m.words/1"),
        ("POST", f"{CLIENT}/login"),
        ("POST", f"{ROOM}/messages"),
        ("POST", f"{ROOM}/receipt/m.read.private/%24abc"),
        ("POST", f"{ROOM}/receipt/m.fully_read/%24abc"),
        ("POST", f"{ROOM}/read_markers"),
        ("GET", f"{CLIENT}/publicRooms"),
        ("POST", f"{CLIENT}/account/password"),
        ("GET", "/_synapse/admin/v1/server_version"),
        ("DELETE", "/_synapse/admin/v1/media/practice.test/abc"),
        ("GET", "/_matrix/media/v3/upload"),
        ("GET", "/_matrix/media/v3/download/practice.test/abc"),
        ("GET", f"{CLIENT}/sync\n"),
        ("GET", f"/x{CLIENT}/sync"),
        ("GET", f"{CLIENT}/sync/.."),
    ],
)
def test_nothing_else_is(method: str, path: str) -> None:
    assert not is_passed_on(method, path)
