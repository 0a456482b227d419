"""The whole story on real parts: enrolled, sent, filed, read back, purged, looked at, talked about.

Patient, clinician and reception use the independent client, which reads and writes for cross-signed devices only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.image import State
from bot.domain.screening import Hint
from bot.words.about_pictures import ITS_PLACE, TIPS
from tests.bot_process import PATIENT, Member, RunningPractice, practice_of, until
from tests.homeserver import Homeserver
from tests.photos import small

CAPTION = "itchy patch on my wrist, two days"
REFERENCE = r"IMG-[0-9A-Z]{4}"


@pytest.fixture(scope="module")
def practice(homeserver: Homeserver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPractice]:
    with practice_of(homeserver, tmp_path_factory.mktemp("story")) as practice:
        practice.enrol_sam()
        yield practice


@pytest.fixture
def sam(practice: RunningPractice) -> Member:
    return practice.sam


@pytest.fixture
def lee(practice: RunningPractice) -> Member:
    return practice.lee


def photo(tmp_path: Path, seed: int) -> Path:
    path = tmp_path / f"IMG_{seed}_left_arm.jpg"
    path.write_bytes(small(seed))
    return path


def state_of(member: Member, room: str) -> dict[str, dict[str, object]]:
    answer = member.app.http(method="GET", path=f"/_matrix/client/v3/rooms/{room}/state")
    return {event["type"]: event for event in answer["body"] if event["state_key"] == ""}


def test_no_name_is_said_in_the_lobby_and_the_bots_words_there_are_taken_back(
    practice: RunningPractice, sam: Member
) -> None:
    lobby = [event for event in sam.app.timeline(sam.lobby) if event["type"] == "m.room.message"]
    bodies = [str(event["content"].get("body", "")) for event in lobby]
    assert any(re.fullmatch(r"\w{3}-\w{4}-\w{4}", body) for body in bodies)
    assert not any("Patel" in body for body in bodies)
    sam.app.call("wait", room=sam.lobby, from_=practice.bot_account, redacted=True)


def test_everybody_has_a_room_of_their_own_that_only_the_bot_rules(practice: RunningPractice, sam: Member) -> None:
    state = state_of(sam, sam.room)
    assert state["m.room.encryption"]["content"] == {"algorithm": "m.megolm.v1.aes-sha2"}
    assert state["m.room.history_visibility"]["content"] == {"history_visibility": "invited"}
    assert state["m.room.guest_access"]["content"] == {"guest_access": "forbidden"}
    assert state["m.room.join_rules"]["content"] == {"join_rule": "invite"}
    assert state["m.room.create"]["sender"] == practice.bot_account
    levels = state["m.room.power_levels"]["content"]
    assert isinstance(levels, dict)
    assert levels.get("users", {}).get(sam.app.user_id, levels.get("users_default", 0)) == 0
    assert "Patel" not in str(state)
    members = sam.app.http(method="GET", path=f"/_matrix/client/v3/rooms/{sam.room}/joined_members")["body"]["joined"]
    assert set(members) == {practice.bot_account, sam.app.user_id}


def test_a_photo_with_a_caption_is_answered_once_filed_and_gone(
    practice: RunningPractice, sam: Member, lee: Member, tmp_path: Path
) -> None:
    picture = photo(tmp_path, 1)
    mark, team_mark = sam.app.mark(), lee.app.mark()
    sent = sam.app.send_image(sam.room, picture, caption=CAPTION, thumbnail=str(picture))
    media = sam.media_of(sent)
    answer = sam.hears("^I have your photo", after=mark)
    ref = re.search(REFERENCE, answer)
    assert ref is not None
    assert all(words in answer for words in (CAPTION, "your care, and for nothing else", f"correct {ref[0]}", "000"))
    news = lee.hears(f"New image {ref[0]}", after=team_mark, room=practice.team)
    assert CAPTION in news
    assert not any(word in news for word in ("Sam", "Patel", PATIENT[0]))
    sam.sees_redacted(sent)
    sam.sees_gone(*media)
    assert sam.app.server_event(sam.room, sent)["content"] == {}
    assert practice.image_of(sent).ref == ref[0]
    assert len(sam.heard(".", after=mark)) == 1
    assert len(lee.heard(ref[0], after=team_mark, room=practice.team)) == 1
    # What the file carried, and one tip, are put to the words she was answered with: she is rung once.
    line = f"{ITS_PLACE} {TIPS[Hint.SMALL]}"
    until(lambda: sam.shown_now(f"^I have your photo {ref[0]}") == f"{answer}\n{line}", "the line about the file")


def test_a_photo_without_words_is_one_question_and_then_the_reason_is_recorded_as_not_stated(
    practice: RunningPractice, sam: Member, tmp_path: Path
) -> None:
    mark = sam.app.mark()
    sent = sam.app.send_image(sam.room, photo(tmp_path, 2))
    sam.hears("What is the photo about", after=mark)
    practice.image_of(sent, State.CAPTURED)
    practice.later("16m")
    image = practice.image_of(sent)
    assert (image.reason_by, image.purpose) == ("unanswered", "care")
    assert "Reason not stated" in sam.hears(f"^I have your photo {image.ref}", after=mark)


def test_five_photos_in_a_row_are_one_question_and_one_answer(
    practice: RunningPractice, sam: Member, tmp_path: Path
) -> None:
    mark = sam.app.mark()
    sent = [sam.app.send_image(sam.room, photo(tmp_path, 10 + number)) for number in range(5)]
    sam.hears("What is the photo about", after=mark)
    for one in sent:
        practice.image_of(one, State.CAPTURED)
    sam.says("a mole that grew")
    images = [practice.image_of(one) for one in sent]
    assert {image.reason for image in images} == {"a mole that grew"}
    answer = sam.hears("^I have your photos", after=mark)
    assert all(image.ref in answer for image in images)
    assert len(sam.heard("What is the photo about", after=mark)) == 1
    assert len(sam.heard("I have your photo", after=mark)) == 1


def test_pictures_in_one_message_are_each_filed_and_gone(
    practice: RunningPractice, sam: Member, lee: Member, tmp_path: Path
) -> None:
    elsewhere = sam.app.create_dm(lee.app.user_id)  # the client sends no gallery itself: it uploads there
    uploads = [sam.app.send_image(elsewhere, photo(tmp_path, 20 + number)) for number in range(3)]
    items = [sam.app.event(upload)["content"] for upload in uploads]
    media = [mxc for upload in uploads for mxc in sam.media_of(upload)]
    mark = sam.app.mark()
    content = {
        "msgtype": "dm.filament.gallery",
        "body": CAPTION,
        "itemtypes": [item | {"itemtype": item["msgtype"]} for item in items],
    }
    sent = sam.app.call("send_event", room=sam.room, type="m.room.message", content=content)["event_id"]

    def told_of() -> set[str]:  # in one answer, or in more where one of them took long on its way
        answers = sam.heard("^I have your photo", after=mark)
        return {ref for answer in answers for ref in re.findall(REFERENCE, answer.partition("correct")[0])}

    until(lambda: len(told_of()) == 3, "each is answered", observed=told_of)
    sam.sees_redacted(sent)
    sam.sees_gone(*media)


def test_who_takes_it_is_shown_and_only_they_see_it_with_name_and_without_metadata(
    practice: RunningPractice, sam: Member, lee: Member, tmp_path: Path
) -> None:
    mark, lee_mark = sam.app.mark(), lee.app.mark()
    sent = sam.app.send_image(sam.room, photo(tmp_path, 3), caption="the spot beside the first")
    ref = practice.image_of(sent).ref
    lee.hears(f"New image {ref}", after=lee_mark, room=practice.team)
    lee.says(f"!mine {ref}", practice.team)
    lee.hears(f"{ref} is yours", after=lee_mark, room=practice.team)

    lee.says(f"!show {ref}")
    shown = lee.app.wait(lee.room, msgtype="m.image", after=lee_mark)
    caption = shown["content"]["body"]
    assert all(words in caption for words in (ref, "Sam Patel", "7 March 1984", PATIENT[0]))
    rendition = tmp_path / "rendition"
    lee.app.download(lee.room, shown["id"], rendition)
    data = rendition.read_bytes()
    assert data != small(3)
    assert not any(trace in data for trace in (b"Exif", b"GPS", b"Pomelo"))

    lee.says(f"!note {ref} dermatitis, no infection")
    lee.says(f"!reply {ref} use the cream twice a day")
    assert "Dr Lee" in sam.hears("use the cream twice a day", after=mark)
    sam.says("it itches less already")
    assert ref in lee.hears("it itches less already", after=lee_mark)
    sam.says("my images")
    held = sam.hears("Seen by", after=mark)
    assert f"{ref}," in held
    assert "Seen by Dr Lee" in held

    practice.later("32m")
    lee.sees_redacted(shown["id"])
    lee.sees_gone(shown["content"]["file"]["url"])


def test_what_nobody_takes_is_said_again_and_then_to_who_is_on_duty(
    practice: RunningPractice, sam: Member, lee: Member, tmp_path: Path
) -> None:
    lee_mark = lee.app.mark()
    ref = practice.image_of(sam.app.send_image(sam.room, photo(tmp_path, 4), caption="nobody looks")).ref
    lee.hears(f"New image.*{ref}", after=lee_mark, room=practice.team)
    practice.later("3h")
    lee.hears(f"Still waiting: {ref}", after=lee_mark, room=practice.team)
    practice.later("4h")
    lee.hears(f"on duty: {ref}", after=lee_mark)


def test_words_about_photos_leave_the_chat_after_their_time(
    practice: RunningPractice, sam: Member, lee: Member
) -> None:
    practice.later("60h")  # a reply stays twice as long as other words
    words = (CAPTION, "Patel", "use the cream", "dermatitis", "itches less", "a mole that grew", "nobody looks")

    def left() -> list[str]:
        bodies = [
            f"{event['sender']}: {event['content'].get('body')}"
            for member, room in ((sam, sam.room), (lee, lee.room), (lee, practice.team))
            for event in member.app.timeline(room)
            if not event["redacted"]
        ]
        return [body for body in bodies if any(word in body for word in words)]

    until(lambda: not left(), "no reason, reply, note or name in anybody's timeline", observed=left)


def test_the_record_is_read_by_the_command_line_when_the_bot_has_stopped(
    practice: RunningPractice, tmp_path: Path
) -> None:
    assert practice.bot.stop() == 0
    images = practice.images(state=State.VERIFIED)
    listed = practice.bot.command("record", "show", PATIENT[0])
    assert listed.returncode == 0, listed.stderr
    assert all(image.ref in listed.stdout for image in images)
    exported = practice.bot.command("record", "export", PATIENT[0], str(tmp_path / "folder"))
    assert exported.returncode == 0, exported.stderr
    originals = {path.read_bytes() for path in (tmp_path / "folder").rglob("*.jpg")}
    assert {small(seed) for seed in (1, 2, 3, 4, *range(10, 15), *range(20, 23))} == originals
    page = (tmp_path / "folder" / "index.html").read_text()
    assert all(words in page for words in (CAPTION, "dermatitis", "use the cream", "itches less", "Dr Lee"))
    audit = practice.bot.command("audit", "verify")
    assert audit.returncode == 0, audit.stderr
