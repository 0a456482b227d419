"""The independent client itself, so that a failure elsewhere is never its fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot_process import until
from tests.conftest import Peer
from tests.homeserver import Homeserver
from tests.peer.driver import DriverError


async def test_two_people_exchange_words_and_a_file_that_the_homeserver_cannot_read(
    homeserver: Homeserver, peer: Peer, tmp_path: Path
) -> None:
    sam, lee = peer(homeserver.account("sam")), peer(homeserver.account("lee"))
    room = await sam.aio.create_dm(lee.user_id)
    assert (await lee.aio.join(room))["encrypted"]
    await sam.aio.wait_member(room, lee.user_id)

    said = await sam.aio.send_text(room, "grüezi 👋")
    heard = await lee.aio.wait(room, from_=sam.user_id, body_regex="^grüezi")
    assert heard["id"] == said
    assert heard["shield"] == "none"
    assert "body" not in (await lee.aio.server_event(room, said))["content"]

    original = tmp_path / "note.txt"
    original.write_text("three days")
    sent = await sam.aio.send_file(room, original)
    await lee.aio.wait(room, event_id=sent, msgtype="m.file")
    await lee.aio.download(room, sent, tmp_path / "copy.txt")
    assert (tmp_path / "copy.txt").read_text() == "three days"


def test_a_device_its_owner_did_not_sign_is_shut_out(homeserver: Homeserver, peer: Peer) -> None:
    account = homeserver.account("sam")
    signed, lee = peer(account), peer(homeserver.account("lee"))
    room = signed.create_dm(lee.user_id)
    lee.join(room)
    signed.wait_member(room, lee.user_id)
    rogue = peer(account, strict=False, cross_signing=False)

    sent = rogue.send_text(room, "from unsigned")

    def why_not() -> str:
        lee.call("retry_decrypt", room=room)  # a first try may be before it knows of that device at all
        return str(lee.wait(room, event_id=sent, utd=True)["utd_code"])

    until(lambda: why_not() == "UNSIGNED_SENDER_DEVICE", "it is shut out for what it is", observed=why_not)


def test_a_refused_command_says_why(homeserver: Homeserver, peer: Peer) -> None:
    sam = peer(homeserver.account("sam"))
    with pytest.raises(DriverError, match="unknown room"):
        sam.send_text("!no:where", "x")
    with pytest.raises(DriverError, match="unknown command"):
        sam.call("nonsense")


def test_what_was_said_before_a_mark_is_not_new_however_late_an_app_hears_it(
    homeserver: Homeserver, peer: Peer
) -> None:
    sam, lee = peer(homeserver.account("sam")), peer(homeserver.account("lee"))
    room = sam.create_dm(lee.user_id)
    lee.join(room)
    sam.wait_member(room, lee.user_id)
    with lee.asleep():
        earlier = sam.send_text(room, "three days")
    mark = lee.mark()
    sam.edit(room, earlier, "three days, and a fever")
    later = sam.send_text(room, "three days ago")
    assert lee.wait(room, body_regex="three days", after=mark)["id"] == later, "nor is what puts it up to date"
    with pytest.raises(AssertionError, match="another app"):
        sam.wait(room, body_regex="three days", after=mark)
