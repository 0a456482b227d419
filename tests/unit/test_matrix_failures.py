"""What an unsuccessful answer of the homeserver means, one line for each."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.errors import OutsideFailure, Permanent
from bot.matrix.failures import SignedOut, failure
from bot.matrix.homeserver_client import HomeserverClient, path


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (403, {"errcode": "M_FORBIDDEN"}, "forbidden"),
        (403, {}, "forbidden"),
        (404, {"errcode": "M_NOT_FOUND"}, "gone"),
        (401, {"errcode": "M_UNKNOWN_TOKEN"}, "signed-out"),
        (401, {"errcode": "M_UNKNOWN_TOKEN", "soft_logout": True}, "signed-out"),
        (409, {"errcode": "M_CANNOT_OVERWRITE_MEDIA"}, "already-uploaded"),
        (413, {}, "too-large"),
        (400, {"errcode": "M_BAD_JSON"}, "refused"),
    ],
)
def test_what_cannot_help_to_try_again(status: int, body: dict[str, Any], code: str) -> None:
    meant = failure(status, body)
    assert isinstance(meant, Permanent)
    assert meant.code == code
    assert isinstance(meant, SignedOut) == (code == "signed-out")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, {}),
        (502, {"errcode": "M_FORBIDDEN"}),
        (504, {"errcode": "M_NOT_YET_UPLOADED"}),
        (404, {}),
        (404, {"errcode": "M_UNRECOGNIZED"}),
        (429, {"errcode": "M_LIMIT_EXCEEDED"}),
    ],
)
def test_what_may_pass(status: int, body: dict[str, Any]) -> None:
    assert not isinstance(failure(status, body), Permanent)


def test_a_rate_limit_says_how_long() -> None:
    assert failure(429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 1500}).retry_after == 1.5
    assert failure(429, {}, "30").retry_after == 30
    assert failure(429, {"retry_after_ms": "soon"}, "Tue, 1 Jan").retry_after is None


def test_nothing_the_homeserver_wrote_is_repeated_but_its_error_code() -> None:
    meant = failure(400, {"errcode": "Sam Patel\n", "error": "rash on my arm"})
    assert str(meant) == "refused: HTTP 400"


async def test_a_homeserver_that_is_not_there_is_an_outside_failure_without_the_address() -> None:
    client = HomeserverClient("http://127.0.0.1:9", "token")
    try:
        with pytest.raises(OutsideFailure) as failed:
            await client.call("GET", path("rooms", "!secret-room", "state"))
    finally:
        await client.close()
    assert not isinstance(failed.value, Permanent)
    assert "secret-room" not in str(failed.value)


def test_an_id_cannot_reach_another_endpoint() -> None:
    assert path("rooms", "../../admin?x#y", "state") == "/_matrix/client/v3/rooms/..%2F..%2Fadmin%3Fx%23y/state"
