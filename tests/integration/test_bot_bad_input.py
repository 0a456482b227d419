"""What only real parts can show of bad input: one clear sentence to the right person, nothing lost, nothing half done."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.domain.copies import CopyState
from bot.domain.image import State
from tests.bot_process import Member, RunningPractice, practice_of, until
from tests.homeserver import Homeserver
from tests.photos import small


@pytest.fixture(scope="module")
def practice(homeserver: Homeserver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPractice]:
    with practice_of(homeserver, tmp_path_factory.mktemp("bad-input")) as practice:
        practice.enrol_sam()
        yield practice


@pytest.fixture
def sam(practice: RunningPractice) -> Member:
    return practice.sam


@pytest.fixture
def lee(practice: RunningPractice) -> Member:
    return practice.lee


def picture(tmp_path: Path, seed: int) -> Path:
    path = tmp_path / f"photo-{seed}.jpg"
    path.write_bytes(small(seed))
    return path


def put_in_clear(member: Member, content: dict[str, Any]) -> str:
    """As a broken or hostile app would: past the app's own encryption."""
    path = f"/_matrix/client/v3/rooms/{member.room}/send/m.room.message/{secrets.token_hex(8)}"
    return str(member.app.http(method="PUT", path=path, body=content)["body"]["event_id"])


def test_in_an_unencrypted_room_the_bot_says_so_and_leaves(practice: RunningPractice) -> None:
    stranger = practice.app_of(practice.homeserver.account("eve"))
    room = stranger.http(method="POST", path="/_matrix/client/v3/createRoom", body={"preset": "private_chat"})["body"]
    where = f"/_matrix/client/v3/rooms/{room['room_id']}"
    # The homeserver encrypts every new room; who made it can still take that back.
    stranger.http(method="PUT", path=f"{where}/state/m.room.encryption/", body={})
    stranger.http(method="POST", path=f"{where}/invite", body={"user_id": practice.bot_account})
    stranger.wait(room["room_id"], from_=practice.bot_account, body_regex="This chat isn't encrypted", encrypted=False)
    stranger.wait_member(room["room_id"], practice.bot_account, membership="leave")


def test_words_in_clear_to_a_bot_that_meets_somebody_are_answered_and_alarm_nobody(practice: RunningPractice) -> None:
    eve = practice.member(practice.app_of(practice.homeserver.account("eve")), "")
    eve.room = eve.app.create_dm(practice.bot_account)
    eve.hears("code from your invitation")
    put_in_clear(eve, {"msgtype": "m.text", "body": "K7M-4QXD-9TRP"})
    eve.hears("came without encryption")


def test_words_in_clear_in_an_encrypted_room_change_nothing_and_are_answered(
    practice: RunningPractice, sam: Member, tmp_path: Path
) -> None:
    sent = sam.app.send_image(sam.room, picture(tmp_path, 1))
    mark = sam.app.mark()
    practice.image_of(sent, State.CAPTURED)
    put_in_clear(sam, {"msgtype": "m.text", "body": "for social media"})
    sam.hears("came without encryption", after=mark)
    assert practice.images(event_id=sent)[0].purpose is None
    sam.says("a burn")
    assert practice.image_of(sent).reason == "a burn"


def test_a_photo_in_clear_is_not_kept_and_its_media_is_erased(
    practice: RunningPractice, sam: Member, lee: Member, tmp_path: Path
) -> None:
    mark, team_mark = sam.app.mark(), lee.app.mark()
    sam.app.wait_member(sam.lobby, practice.bot_account, membership="leave")
    [mxc] = sam.media_of(sam.app.send_image(sam.lobby, picture(tmp_path, 2), plain=True))
    content = {"msgtype": "m.image", "body": "x.jpg", "url": mxc, "info": {"mimetype": "image/jpeg"}}
    sent = put_in_clear(sam, content)
    sam.hears("came without encryption", after=mark)
    lee.hears("came without encryption", after=team_mark, room=practice.team)
    sam.sees_redacted(sent)
    sam.sees_gone(mxc)
    assert practice.images(event_id=sent) == []


def test_an_encrypted_message_around_an_unencrypted_photo_is_not_kept(
    practice: RunningPractice, sam: Member, tmp_path: Path
) -> None:
    mark = sam.app.mark()
    sent = sam.app.send_image(sam.room, picture(tmp_path, 3), plain=True)
    [mxc] = sam.media_of(sent)
    sam.hears("was sent without encryption", after=mark)
    sam.sees_redacted(sent)
    sam.sees_gone(mxc)


def test_a_device_nobody_vouches_for_changes_nothing(practice: RunningPractice, sam: Member, tmp_path: Path) -> None:
    sent = sam.app.send_image(sam.room, picture(tmp_path, 4))
    practice.image_of(sent, State.CAPTURED)
    rogue = Member(practice.app_of(practice.accounts["sam"], cross_signing=False, strict=False), practice.bot_account)
    rogue.room, rogues, mark = sam.room, rogue.app.mark(), sam.app.mark()
    rogue.says("for social media")
    rogue_photo = rogue.app.send_image(sam.room, picture(tmp_path, 5), caption="not by Sam")
    sam.hears("from a device that isn't verified", after=mark)
    assert practice.images(event_id=rogue_photo) == []
    assert practice.images(event_id=sent)[0].purpose is None
    sam.says("a graze")
    assert practice.image_of(sent).reason == "a graze"
    # What is about somebody is unreadable on the device nobody vouches for.
    sam.hears("^I have your photo.*a graze", after=mark)
    until(
        lambda: any(
            e["utd"] for e in rogue.app.timeline(sam.room, after=rogues) if e["sender"] == practice.bot_account
        ),
        "the rogue device gets only an undecryptable event",
    )
    assert rogue.heard("a graze", after=rogues) == []
    rogue.app.logout()


@pytest.mark.parametrize(
    ("kind", "said"), [("m.video", "videos"), ("m.audio", "voice messages"), ("m.file", "this kind of file")]
)
def test_other_attachments_are_answered_told_and_erased(
    practice: RunningPractice, sam: Member, lee: Member, tmp_path: Path, kind: str, said: str
) -> None:
    mark, team_mark = sam.app.mark(), lee.app.mark()
    path = tmp_path / "attachment.bin"
    path.write_bytes(b"not a picture")
    sent = sam.app.send_file(sam.room, path, msgtype=kind, mimetype="application/zip")
    [mxc] = sam.media_of(sent)
    answer = sam.hears(f"I can't take {said}", after=mark)
    assert "Please send a photo" in answer
    lee.hears("A patient sent something I can't take", after=team_mark, room=practice.team)
    sam.sees_redacted(sent)
    sam.sees_gone(mxc)


@pytest.mark.parametrize(
    ("event_type", "content", "said"),
    [
        ("m.sticker", {"body": "wave", "url": "mxc://practice.test/none", "info": {}}, "stickers"),
        (
            "m.room.message",
            {"msgtype": "m.location", "body": "here", "geo_uri": "geo:-33.85,151.21"},
            "locations",
        ),
    ],
)
def test_stickers_and_places_are_answered_and_redacted(
    sam: Member, event_type: str, content: dict[str, Any], said: str
) -> None:
    mark = sam.app.mark()
    sent = sam.app.call("send_event", room=sam.room, type=event_type, content=content)["event_id"]
    sam.hears(f"I can't take {said}", after=mark)
    sam.sees_redacted(sent)


def test_an_empty_photo_is_answered_and_erased(practice: RunningPractice, sam: Member, tmp_path: Path) -> None:
    mark = sam.app.mark()
    empty = tmp_path / "empty.jpg"
    empty.write_bytes(b"")
    sent = sam.app.send_image(sam.room, empty, caption="empty", mimetype="image/jpeg")
    answer = sam.hears("arrived empty", after=mark)
    assert "Please send it again" in answer
    assert practice.image_of(sent, State.DISCARDED).discarded_because == "empty"
    sam.sees_redacted(sent)


def test_a_damaged_photo_stays_in_the_chat_until_its_sender_takes_it_back(
    practice: RunningPractice, sam: Member, tmp_path: Path
) -> None:
    sent = sam.app.send_image(sam.room, picture(tmp_path, 6), caption="damaged", corrupt_hash=True)
    [mxc] = sam.media_of(sent)
    ref = practice.image_of(sent, State.RECEIVED).ref
    mark = sam.app.mark()
    sam.says("my images")
    sam.hears(ref, after=mark)
    assert not sam.is_gone(mxc), "it is tried again, and nothing of it is erased meanwhile"
    sam.says(f"withdraw {ref}")
    practice.image_of(sent, State.DISCARDED)
    sam.sees_redacted(sent)
    sam.sees_gone(mxc)


def test_what_is_no_picture_whatever_its_name_is_not_kept(
    practice: RunningPractice, sam: Member, tmp_path: Path
) -> None:
    mark = sam.app.mark()
    program = tmp_path / "photo.jpg"
    program.write_bytes(b"\x7fELF" + bytes(500))
    sent = sam.app.send_image(sam.room, program, caption="rash", mimetype="image/jpeg")
    sam.hears("isn't a kind I can keep", after=mark)
    practice.image_of(sent, State.DISCARDED)
    sam.sees_redacted(sent)


def test_a_photo_whose_media_vanished_before_it_was_fetched_can_be_taken_back(
    practice: RunningPractice, sam: Member, tmp_path: Path
) -> None:
    practice.bot.kill()
    sent = sam.app.send_image(sam.room, picture(tmp_path, 7), caption="vanished")
    [mxc] = sam.media_of(sent)
    path = f"/_synapse/admin/v1/media/{mxc.removeprefix('mxc://')}"
    assert practice.homeserver.ask("DELETE", path, token=practice.homeserver.admin_token)[0] == 200
    practice.bot.start()
    sam.says(f"withdraw {practice.image_of(sent, State.RECEIVED).ref}")
    practice.image_of(sent, State.DISCARDED)
    sam.sees_redacted(sent)


def test_a_message_deleted_before_filing_is_asked_about_and_withdrawn_at_its_sender_s_word(
    practice: RunningPractice, sam: Member, lee: Member, tmp_path: Path
) -> None:
    mark, team_mark = sam.app.mark(), lee.app.mark()
    sent = sam.app.send_image(sam.room, picture(tmp_path, 8))
    [mxc] = sam.media_of(sent)
    image = practice.image_of(sent, State.CAPTURED)
    sam.app.redact(sam.room, sent)
    sam.hears(f"You deleted {image.ref}", after=mark)
    practice.image_of(sent, State.HELD)
    sam.says(f"yes {image.ref}")
    sam.hears(f"{image.ref} was withdrawn", after=mark)
    practice.image_of(sent, State.DISCARDED)
    sam.sees_gone(mxc)
    lee.hears(f"{image.ref}: not kept", after=team_mark, room=practice.team, edits=True)
    sealed = practice.home / "data" / "objects"
    until(lambda: not list(sealed.rglob(f"*{image.id}*")), "the sealed bytes are gone")


def test_a_message_deleted_before_filing_is_filed_when_its_sender_says_no(
    practice: RunningPractice, sam: Member, tmp_path: Path
) -> None:
    mark = sam.app.mark()
    sent = sam.app.send_image(sam.room, picture(tmp_path, 9))
    image = practice.image_of(sent, State.CAPTURED)
    sam.app.redact(sam.room, sent)
    sam.hears(f"You deleted {image.ref}", after=mark)
    sam.says("no")
    sam.says("a bite")
    assert practice.image_of(sent).reason == "a bite"


def test_a_message_deleted_while_the_bot_was_down_is_never_filed(
    practice: RunningPractice, sam: Member, tmp_path: Path
) -> None:
    practice.bot.kill()
    sent = sam.app.send_image(sam.room, picture(tmp_path, 10), caption="deleted at once")
    [mxc] = sam.media_of(sent)
    sam.app.redact(sam.room, sent)
    mark = sam.app.mark()
    sam.says("my images")
    practice.bot.start()
    sam.hears("in the record|We hold no images", after=mark)
    if not practice.images(event_id=sent):
        # A deleted event names no media any more, so that nobody here can know of it.
        assert not sam.is_gone(mxc)
        return
    # The homeserver had kept the answer to the bot's last question ready, from before the deletion.
    image = practice.image_of(sent, State.HELD)
    sam.says(f"yes {image.ref}")
    sam.hears(f"{image.ref} was withdrawn", after=mark)
    sam.sees_gone(mxc)


def test_a_message_deleted_after_filing_stays_and_its_sender_is_told_once(
    practice: RunningPractice, sam: Member, lee: Member, tmp_path: Path
) -> None:
    """The purge redacts at once, so only a purger that is away leaves time for it."""
    practice.purger.stop()
    try:
        mark = sam.app.mark()
        sent = sam.app.send_image(sam.room, picture(tmp_path, 11), caption="filed first")
        image = practice.image_of(sent)
        sam.app.redact(sam.room, sent)
        sam.hears(f"{image.ref} is already in the record", after=mark)
    finally:
        practice.purger.start()
    [mxc] = [copy.mxc for copy in practice.copies(image_id=image.id) if copy.mxc]
    sam.sees_gone(mxc)
    assert practice.image_of(sent).state is State.VERIFIED


def test_while_the_homeserver_is_away_nothing_is_lost(
    practice: RunningPractice, sam: Member, lee: Member, tmp_path: Path
) -> None:
    mark, lee_mark = sam.app.mark(), lee.app.mark()
    sent = sam.app.send_image(sam.room, picture(tmp_path, 12))
    image = practice.image_of(sent, State.CAPTURED)
    lee.hears(f"New image {image.ref}", after=lee_mark, room=practice.team)
    homeserver = practice.homeserver
    homeserver.stop()
    try:
        until(lambda: b"nothing can be received" in practice.bot.said(), "the bot notices")
        assert practice.bot.alive()
        assert practice.bot.stop() == 0
        practice.bot.launch()  # as after a power cut
        until(lambda: b"can't start at the moment" in practice.bot.said(), "the bot waits for its homeserver")
    finally:
        homeserver.start()
    sam.says("a cut")
    assert practice.image_of(sent).reason == "a cut"
    sam.sees_redacted(sent)
    sam.hears(f"^I have your photo {image.ref}", after=mark)
    assert not [copy for copy in practice.copies(image_id=image.id) if copy.state is CopyState.BEYOND_REACH]


def test_nothing_was_given_up(practice: RunningPractice) -> None:
    assert practice.intents("held") == []
