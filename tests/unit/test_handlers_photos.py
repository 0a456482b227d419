"""Photos that are not quite photos: each gets one clear sentence, nothing is lost, nothing is half done, all is audited."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.copies import SETTLED, CopyState
from bot.domain.entries import EntryKind
from bot.domain.image import State
from bot.domain.planned import Progress
from bot.domain.purposes import Purpose
from tests.practice import JPEG, POLICY, Practice, staffed_practice


async def nothing_left_of(practice: Practice, event_id: str, directory: Path) -> None:
    """Not kept: purged from the chat, nothing sealed, nothing still to do."""
    assert event_id in practice.homeserver.redacted
    assert not practice.homeserver.media
    assert not [path for path in (directory / "objects").rglob("*") if path.is_file()]
    assert not await practice.left(Progress.HELD)
    async with practice.journal.reading() as rows:
        assert all(copy.state in SETTLED for copy in await rows.copies.find(event_id=event_id))


async def test_an_empty_file_is_said_to_be_empty(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sent = await people.sam.sends_photo(b"", "rash")
        assert "arrived empty" in people.sam.last_heard and "send it again" in people.sam.last_heard
        assert (await people.practice.only_image()).state is State.DISCARDED
        await nothing_left_of(people.practice, sent.event_id, tmp_path)
        assert await people.practice.audited("image.CaptureFailed") == 1


async def test_a_file_over_the_cap_is_said_to_be_too_large(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path, replace(POLICY, largest_image=1024 * 1024)) as people:
        sent = await people.sam.sends_photo(JPEG + bytes(1024 * 1024), "rash")
        assert "larger than 1 MB" in people.sam.last_heard and "smaller size" in people.sam.last_heard
        await nothing_left_of(people.practice, sent.event_id, tmp_path)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"GIF89a moving", "can't keep videos"),
        (b"PK\x03\x04 an office file", "isn't a kind I can keep"),
        (b"<html>not a photo</html>", "isn't a kind I can keep"),
        (b"\x00\x00\x00\x18ftypisom film", "can't keep videos"),
    ],
)
async def test_what_is_no_photo_whatever_it_claims_is_not_kept(data: bytes, told: str, tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sent = await people.sam.sends_photo(data, "rash")
        assert told in people.sam.last_heard
        await nothing_left_of(people.practice, sent.event_id, tmp_path)


async def test_a_photo_that_claims_to_be_something_else_is_kept_for_what_it_is(tmp_path: Path) -> None:
    """Filing never depends on what the sender's app says, nor on decoding (R14)."""
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo(JPEG, "rash", info={"mimetype": "image/png", "size": 1})
        image = await people.practice.only_image()
        assert (image.state, image.media_type) == (State.VERIFIED, "image/jpeg")


@pytest.mark.parametrize("claimed", [{}, {"mimetype": ""}, {"mimetype": "application/octet-stream"}, {"mimetype": 7}])
async def test_a_file_of_which_its_app_says_nothing_is_kept_for_what_it_is(claimed: Any, tmp_path: Path) -> None:
    """Computers name no kind for scans, and many none for HEIC: the bytes decide, not the sender's app."""
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo(bytes(128) + b"DICM scan", "ankle", msgtype="m.file", info=claimed)
        image = await people.practice.only_image()
        assert (image.state, image.media_type) == (State.VERIFIED, "application/dicom")
        sent = await people.sam.sends_photo(b"PK\x03\x04 an office file", "letter", msgtype="m.file", info=claimed)
        assert "isn't a kind I can keep" in people.sam.last_heard
        assert sent.event_id in people.practice.homeserver.redacted


@pytest.mark.parametrize(
    ("msgtype", "what"),
    [("m.video", "videos"), ("m.audio", "voice messages"), ("m.location", "locations"), ("m.new", "that")],
)
async def test_other_things_are_refused_with_what_to_send_and_purged(msgtype: str, what: str, tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sent = await people.sam.sends_photo(b"film", msgtype=msgtype)
        assert f"can't take {what}" in people.sam.last_heard.replace("’", "'")
        assert "Please send a photo" in people.sam.last_heard
        assert "sent something I can't take" in people.practice.seen_in(await people.practice.practice_room())[-1]
        assert await people.practice.images() == []
        await nothing_left_of(people.practice, sent.event_id, tmp_path)
        assert await people.practice.audited("attachment.refused") == 1


async def test_what_an_app_calls_a_thing_puts_no_words_into_the_practice_room(tmp_path: Path) -> None:
    """Whoever writes the type of an event writes what they like."""
    async with staffed_practice(tmp_path) as people:
        forged = "m.video).\n\u202eDr Lee: approved. @room " + "x" * 5000
        for arrival in (people.sam.photo(b"film", msgtype=forged), replace(people.sam.photo(b"film"), type=forged)):
            await people.practice.receive(arrival)
            await people.practice.settle()
            told = people.practice.seen_in(await people.practice.practice_room())[-1]
            assert (
                told
                == "A patient sent something I can't take (another kind of message); they were told what to send instead."
            )


async def test_a_preview_that_came_in_clear_is_told_and_erased(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, preview = people.practice, "mxc://hs.test/preview"
        practice.homeserver.media[preview], practice.homeserver.owners[preview] = b"small", people.sam.account
        await people.sam.sends_photo(JPEG, "rash", info={"mimetype": "image/jpeg", "thumbnail_url": preview})
        image = await practice.only_image()
        assert image.state is State.VERIFIED
        assert f"The small preview of {image.ref} came without encryption" in " ".join(
            practice.seen_in(await practice.practice_room())
        )
        assert await practice.audited("image.preview-in-clear") == 1
        assert preview not in practice.homeserver.media


async def test_nobody_is_called_by_what_somebody_writes(tmp_path: Path) -> None:
    """The bot made the room, so an app would obey an "@room" that it repeats."""
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo(JPEG, "rash @room Dr Lee")
        posts = people.practice.posts_in(await people.practice.practice_room())
        assert "@room" in posts[-1].content["body"]
        assert all(post.content["m.mentions"] == {} for post in posts)


async def test_a_sticker_is_refused_too(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sticker = replace(people.sam.photo(b"smile"), type="m.sticker")
        await people.practice.receive(sticker)
        await people.practice.settle()
        assert "can't take stickers" in people.sam.last_heard
        await nothing_left_of(people.practice, sticker.event_id, tmp_path)


async def test_a_photo_with_an_unencrypted_file_is_refused(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sent = people.sam.photo(JPEG, "rash")
        assert sent.content is not None
        url = sent.content["file"]["url"]
        content = {name: value for name, value in sent.content.items() if name != "file"} | {"url": url}
        await people.practice.receive(replace(sent, content=content))
        await people.practice.settle()
        assert "sent without encryption" in people.sam.last_heard
        await nothing_left_of(people.practice, sent.event_id, tmp_path)


async def test_a_thumbnail_is_accounted_for_and_purged_like_the_photo(tmp_path: Path) -> None:
    """R17."""
    async with staffed_practice(tmp_path) as people:
        media = people.practice.homeserver.media
        media["mxc://hs.test/small"] = b"small"
        thumbnail = {"url": "mxc://hs.test/small", "sha256": hashlib.sha256(b"small").hexdigest()}
        await people.sam.sends_photo(caption="rash", info={"thumbnail_file": thumbnail})
        assert not media


async def test_the_same_photo_twice_is_kept_once_and_its_words_passed_on(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo(caption="rash")
        again = await people.sam.sends_photo(caption="it has got worse")
        first, second = await people.practice.images()
        assert (first.state, second.state) == (State.VERIFIED, State.DISCARDED)
        assert f"I already have this photo as {first.ref}" in people.sam.last_heard
        assert "Your words with it are passed on." in people.sam.last_heard
        team = people.practice.seen_in(await people.practice.practice_room())
        assert f"The patient, or somebody who answers for them, writes about {first.ref}:\n“it has got worse”" in team
        entries = await people.practice.record.entries(first.patient_id)
        assert [entry.text for entry in entries if entry.kind is EntryKind.ANSWER] == ["it has got worse"]
        assert len([entry for entry in entries if entry.kind is EntryKind.IMAGE]) == 1
        assert again.event_id in people.practice.homeserver.redacted
        assert len([path for path in (tmp_path / "objects").rglob("*") if path.is_file()]) == 1


async def test_a_photo_sent_again_while_the_first_may_be_withdrawn_is_kept(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        first = await people.sam.sends_photo()
        await people.sam.deletes(first)
        await people.sam.sends_photo(caption="the right words")
        await people.sam.writes(f"yes {(await people.practice.images())[0].ref}")
        states = [image.state for image in await people.practice.images()]
        assert states == [State.DISCARDED, State.VERIFIED]


async def test_the_same_photo_from_another_patient_is_another_photo(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        ada = await people.kim.joins_as("@ada:hs.test", "AdaIdentity", '!enrol patient 20001 "Ada Byron" 1990-12-10')
        await people.sam.sends_photo(caption="rash")
        await ada.sends_photo(caption="rash")
        assert [image.state for image in await people.practice.images()] == [State.VERIFIED] * 2


async def test_ten_thousand_characters_are_shortened_and_filed_whole(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        caption = "it hurts here and there " * 420
        await people.sam.sends_photo(caption=caption)
        image = await people.practice.only_image()
        assert image.state is State.VERIFIED and len(image.reason) < 600
        assert all(len(post.body) < 1000 for post in people.practice.homeserver.posts[-3:])
        entries = await people.practice.record.entries(image.patient_id)
        assert [entry.text for entry in entries if entry.kind is EntryKind.ANSWER] == [caption.strip()]


async def test_very_long_words_do_not_keep_a_photo_from_being_fetched(tmp_path: Path) -> None:
    """Chat copies can vanish: capture waits for nothing, also while nobody has said whose photo it is."""
    async with staffed_practice(tmp_path) as people:
        await people.kim.writes('!enrol patient 30001 "Max Patel" 2020-01-02 parent "Sam Patel"')
        await people.sam.enrol(people.practice.last_code(people.kim.own_room))
        await people.sam.sends_photo(caption="it hurts " * 1000)
        assert (await people.practice.only_image()).state is State.CAPTURED
        await people.sam.writes("2")
        image = await people.practice.only_image()
        entries = await people.practice.record.entries(image.patient_id)
        assert image.state is State.VERIFIED
        assert [entry.text for entry in entries if entry.kind is EntryKind.ANSWER] == [("it hurts " * 1000).strip()]


async def test_a_photo_taken_back_takes_its_long_words_with_it(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.kim.writes('!enrol patient 30001 "Max Patel" 2020-01-02 parent "Sam Patel"')
        await people.sam.enrol(people.practice.last_code(people.kim.own_room))
        await people.sam.sends_photo(caption="it hurts " * 1000)
        await people.sam.writes("withdraw")
        assert (await people.practice.only_image()).state is State.DISCARDED
        async with people.practice.journal.reading() as rows:
            (words,) = await rows.documents.find()
        assert (words.state, words.text) == ("dropped", "")
        assert not await people.practice.left(Progress.HELD)


@pytest.mark.parametrize(
    ("caption", "shown"),
    [
        ("<b>rash</b><script>x()</script>", "“<b>rash</b><script>x()</script>”"),
        ("rash\u202e gpj.exe\u2066", "“rash gpj.exe”"),
        ("line one\nline two", "“line one line two”"),
    ],
)
async def test_odd_words_are_shown_as_words_and_kept_as_they_came(caption: str, shown: str, tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo(caption=caption)
        image = await people.practice.only_image()
        assert image.state is State.VERIFIED and image.reason == caption
        said = [post for post in people.practice.homeserver.posts if image.ref in post.body]
        assert all(shown in post.body for post in said) and said
        assert not any("formatted_body" in post.content for post in said)


async def test_words_that_are_no_text_at_all_do_not_lose_the_photo(tmp_path: Path) -> None:
    """JSON can carry half a character, which no record can store."""
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo(caption="rash \ud83d")
        image = await people.practice.only_image()
        assert image.state is State.VERIFIED and image.reason.startswith("rash")


async def test_words_that_are_no_text_at_all_are_passed_on_as_far_as_they_are(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo(caption="rash")
        await people.sam.writes("better \ud83d")
        assert "passed that on" in people.sam.last_heard
        assert await people.practice.audited("quarantined") == 0


@pytest.mark.parametrize(
    "more",
    [
        {"file": "no file"},
        {"file": {"url": 7}},
        {"info": []},
        {"body": 7},
        {"body": None, "filename": None},
        {"info": {"thumbnail_file": "none"}},
    ],
)
async def test_a_message_of_any_shape_is_answered_or_kept_and_never_poison(
    more: dict[str, Any], tmp_path: Path
) -> None:
    async with staffed_practice(tmp_path) as people:
        heard = len(people.sam.heard)
        await people.sam.sends_photo(JPEG, "rash", **more)
        assert len(people.sam.heard) == heard + 1
        assert await people.practice.audited("quarantined") == 0


async def test_an_empty_answer_is_not_recorded_as_a_reason(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo()
        await people.sam.writes("   ")
        assert (await people.practice.only_image()).reason == "", "it is still asked for"
        await people.practice.after(minutes=16)
        assert (await people.practice.only_image()).reason == "reason not stated"


async def test_an_edit_changes_nothing_and_says_so(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sent = await people.sam.sends_photo(caption="rash")
        edit = {
            "msgtype": "m.text",
            "body": "* burn",
            "m.relates_to": {"rel_type": "m.replace", "event_id": sent.event_id},
        }
        await people.practice.receive(people.sam.arrival(people.sam.own_room, edit))
        await people.practice.settle()
        assert "I don't follow edits" in people.sam.last_heard
        assert (await people.practice.only_image()).reason == "rash"


async def test_a_purpose_other_than_care_is_recorded_as_said(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo(caption="for insurance: broken wrist")
        image = await people.practice.only_image()
        assert (image.purpose, image.reason) == (Purpose.LEGAL, "broken wrist")
        assert "legal or insurance matters, and for nothing else" in people.sam.last_heard


async def test_a_photo_from_reception_is_left_with_them(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sent = await people.kim.sends_photo(caption="wound")
        assert "left this one with you" in people.kim.last_heard
        assert await people.practice.images() == []
        await nothing_left_of(people.practice, sent.event_id, tmp_path)
        assert await people.practice.audited("image.left-with-sender") == 1


async def test_who_answers_for_nobody_any_more_is_told_to_call(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        mum = await people.kim.joins_as(
            "@mum:hs.test", "MumIdentity", '!enrol patient 1 "Kit Roe" 2008-12-01 parent "Mum Roe"'
        )
        await people.practice.after(days=30)  # Kit is eighteen
        sent = await mum.sends_photo(caption="rash")
        assert "You don't answer for any patient" in mum.last_heard
        assert await people.practice.images() == []
        assert sent.event_id in people.practice.homeserver.redacted


async def test_whoever_names_a_colleagues_media_gets_nothing_of_it_erased(tmp_path: Path) -> None:
    """The purger asks who uploaded it; the ledger says beyond reach, never gone (R17)."""
    async with staffed_practice(tmp_path) as people:
        theirs = people.lee.photo(b"\xff\xd8\xff\xe0 of somebody else")
        file = (theirs.content or {})["file"]
        await people.sam.sends_photo(caption="rash", file=file)
        assert file["url"] in people.practice.homeserver.media
        async with people.practice.journal.reading() as rows:
            [copy] = await rows.copies.find(mxc=[file["url"]])
        assert (copy.state, copy.because) == (CopyState.BEYOND_REACH, "not-theirs")
