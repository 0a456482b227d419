"""Several pictures in one message are each taken, as if each had come alone (MSC4274)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.core.dispatch import parts_of
from bot.domain.arrivals import Arrival
from bot.domain.copies import CopyState, What
from bot.domain.image import HeldFor, Image, State
from bot.domain.people import Relation
from bot.domain.purposes import NOT_STATED
from tests.cases import taps
from tests.colleagues import FILE, LINE
from tests.households import answers_as, with_ann
from tests.media import comes
from tests.practice import JPEG, Practice, Someone, Staffed, locked, staffed_practice

VIDEO = {"itemtype": "m.video", "body": "film.mp4", "info": {"mimetype": "video/mp4"}}


def item(who: Someone, number: int, caption: str = "", **more: Any) -> dict[str, Any]:
    """A picture of its own in a gallery, its media already uploaded."""
    content = dict(who.photo(JPEG + f"photo {number}".encode(), caption).content or {})
    return {**content, "itemtype": content.pop("msgtype"), **more}


def gallery(who: Someone, *items: dict[str, Any], caption: str = "", **more: Any) -> Arrival:
    return who.arrival(who.own_room, {"msgtype": "m.gallery", "body": caption, "itemtypes": list(items)} | more)


def three(who: Someone, caption: str = "", **more: Any) -> Arrival:
    return gallery(who, *(item(who, number) for number in range(3)), caption=caption, **more)


def media_in(arrival: Arrival) -> set[str]:
    assert arrival.content is not None
    return {each["file"]["url"] for each in arrival.content["itemtypes"] if "file" in each}


async def in_order(practice: Practice) -> list[Image]:
    return sorted(await practice.images(), key=lambda image: image.place)


async def copies_of(practice: Practice, image: Image) -> dict[What, CopyState]:
    async with practice.journal.reading() as rows:
        copies = await rows.copies.of_image(image.id)
    return {copy.what: copy.state for copy in copies if copy.what in {What.MESSAGE, What.FILE}}


async def sends(who: Someone, arrival: Arrival) -> list[str]:
    """Return what its sender hears."""
    before = len(who.heard)
    await comes(who.practice, arrival)
    return who.heard[before:]


# ---- taken


@pytest.mark.parametrize("msgtype", ["m.gallery", "dm.filament.gallery"])
async def test_R14_each_picture_is_filed_and_each_medium_erased(tmp_path: Path, msgtype: str) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, sent = people.practice, three(people.sam, "a rash on my foot", msgtype=msgtype)
        heard = await sends(people.sam, sent)
        images = await in_order(practice)
        assert [(image.state, image.place, image.reason) for image in images] == [
            (State.VERIFIED, place, "a rash on my foot") for place in range(3)
        ]
        assert len({image.sha256 for image in images}) == 3
        assert len(heard) == 1 and all(image.ref in heard[0] for image in images)
        await practice.after(hours=2)
        assert not media_in(sent) & practice.homeserver.media.keys()
        assert sent.event_id in practice.homeserver.redacted
        for image in images:
            assert await copies_of(practice, image) == {What.FILE: CopyState.GONE, What.MESSAGE: CopyState.HIDDEN}


async def test_R1_one_question_asks_what_all_of_them_are_about(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        heard = await sends(people.sam, three(people.sam))
        assert len([words for words in heard if "?" in words]) == 1
        await people.sam.writes("a rash")
        assert [image.reason for image in await people.practice.images()] == ["a rash"] * 3


async def test_R1_unanswered_all_of_them_are_for_care(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await comes(people.practice, three(people.sam))
        await people.practice.after(minutes=16)
        images = await people.practice.images()
        assert [(image.state, image.reason) for image in images] == [(State.VERIFIED, NOT_STATED)] * 3


async def test_R15_whose_they_are_is_asked_once_and_answered_for_all(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, ann):
        await shared.kim.writes('!enrol patient 10423 "Mia Patel" 2020-12-01 parent "Ann Patel"')
        await answers_as(ann, "10423", Relation.PARENT)
        heard = await sends(ann, three(ann))
        assert len([words for words in heard if words.startswith("Whose photo is it")]) == 1
        await ann.writes("2 rash")
        taken = [image for image in await shared.practice.images() if image.id != shared.image.id]
        assert [(image.state, image.reason) for image in taken] == [(State.VERIFIED, "rash")] * 3
        assert len({image.patient_id for image in taken}) == 1


async def test_a_caption_of_its_own_is_the_reason_for_that_one_alone(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sam = people.sam
        await comes(people.practice, gallery(sam, item(sam, 1), item(sam, 2, "a burn"), caption="a rash"))
        assert [image.reason for image in await in_order(people.practice)] == ["a rash", "a burn"]


async def test_R15_what_is_kept_as_proof_of_one_says_nothing_of_the_others_and_holds_no_key(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sam = people.sam
        await comes(people.practice, gallery(sam, item(sam, 1, "a rash"), item(sam, 2, "a burn")))
        first, second = await in_order(people.practice)
        assert "a burn" not in str(first.proof) and "a rash" not in str(second.proof)
        assert "attachment-secret" not in str((first.proof, second.proof))


async def test_R34_a_wish_to_have_them_back_holds_all_and_asks_once(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        heard = await sends(people.sam, three(people.sam, "wrong photos, please delete them"))
        images = await people.practice.images()
        assert {image.held_for for image in images} == {HeldFor.ASKED_BACK}
        assert (
            len([words for words in heard if "Which of these photos should be withdrawn?" in words]) == 2
        )  # and a poll


async def test_R34_alarm_words_under_one_picture_are_heard(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sam = people.sam
        heard = await sends(sam, gallery(sam, item(sam, 1), item(sam, 2, "I can't breathe")))
        assert people.practice.policy.emergency_text in heard


async def test_R2_a_colleague_attests_all_of_them_with_one_line_and_one_tap(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await comes(people.practice, three(people.lee, LINE))
        await taps(people.lee, FILE)
        images = await people.practice.images()
        assert [image.state for image in images] == [State.VERIFIED] * 3
        assert len({image.patient_id for image in images}) == 1


async def test_R15_a_colleagues_pictures_under_two_captions_share_no_statement(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        lee = people.lee
        await comes(people.practice, gallery(lee, item(lee, 1, LINE), item(lee, 2)))
        first, second = await in_order(people.practice)
        assert first.statement is not None and second.statement is None


async def test_R34_a_question_under_a_gallery_is_passed_on_once_and_is_no_reason(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        words = "should I be worried about this?"
        heard = await sends(people.sam, three(people.sam, words))
        assert {image.reason for image in await people.practice.images()} == {""}
        assert len([said for said in heard if "?" in said]) == 1
        team = people.practice.seen_in(await people.practice.practice_room())
        assert len([line for line in team if words in line]) == 1


async def test_R15_of_somebody_else_holds_all_of_them_and_is_answered_once(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        heard = await sends(people.sam, three(people.sam, "this is not me, it's my neighbour"))
        images = await people.practice.images()
        assert {image.held_for for image in images} == {HeldFor.SOMEBODY_ELSE}
        assert len(heard) == 1 and all(image.ref in heard[0] for image in images)


async def test_what_was_sent_to_the_team_is_kept_until_it_is_sent_to_the_bot(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, lee = people.practice, people.lee
        sent = three(lee, LINE)
        assert sent.content is not None
        await comes(practice, lee.arrival(await practice.practice_room(), sent.content))
        assert await practice.images() == [] and media_in(sent) <= practice.homeserver.media.keys()
        await comes(practice, sent)
        await taps(lee, FILE)
        await practice.after(hours=2)
        assert [image.state for image in await practice.images()] == [State.VERIFIED] * 3
        assert not media_in(sent) & practice.homeserver.media.keys()


async def test_R2_several_pictures_are_never_taken_for_the_form_that_is_waited_for(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, lee = people.practice, people.lee
        await comes(practice, lee.photo(JPEG, "body 10421 1984-03-07 mine written today advice"))
        await comes(practice, three(lee))
        assert [image.form_of for image in await practice.images()] == [""] * 4


# ---- what else is in it


async def test_what_is_no_picture_is_refused_once_and_takes_nothing_from_the_pictures(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sam, server = people.sam, people.practice.homeserver
        film = {**VIDEO, "file": {**item(sam, 9)["file"]}}
        in_clear = {"itemtype": "m.image", "body": "a.jpg", "url": "mxc://hs.test/clear"}
        sent = gallery(sam, film, item(sam, 1), VIDEO, in_clear, item(sam, 2), caption="a rash")
        heard = await sends(sam, sent)
        assert len([words for words in heard if "I can't take videos." in words]) == 1
        assert [image.state for image in await people.practice.images()] == [State.VERIFIED] * 2
        await people.practice.after(hours=2)
        assert not media_in(sent) & server.media.keys()
        assert sent.event_id in server.redacted


@pytest.mark.parametrize("items", [[], [VIDEO], ["x", None, 7], "none"])
async def test_a_gallery_without_a_picture_is_refused_and_nothing_stays(tmp_path: Path, items: Any) -> None:
    async with staffed_practice(tmp_path) as people:
        sent = gallery(people.sam, itemtypes=items, caption="a rash")
        heard = await sends(people.sam, sent)
        assert "Nothing was kept" in heard[-1]
        assert await people.practice.images() == [] and sent.event_id in people.practice.homeserver.redacted


async def test_of_two_hundred_pictures_ten_are_taken_and_of_the_rest_nothing_stays(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sam, practice = people.sam, people.practice
        sent = gallery(sam, *(item(sam, number) for number in range(200)), caption="a rash")
        await comes(practice, sent)
        assert any("first 10 photos" in words and "the other 190" in words for words in sam.heard)
        assert [image.state for image in await practice.images()] == [State.VERIFIED] * 10
        assert not media_in(sent) & practice.homeserver.media.keys()


@pytest.mark.parametrize("kind", ["m.image", "dm.filament.image"])
def test_an_item_is_read_as_the_message_it_would_be(kind: str) -> None:
    [part] = parts_of({"body": "my foot", "itemtypes": [{"itemtype": kind, "body": "a.jpg", "file": {"url": "u"}}]})
    assert part["msgtype"] == "m.image" and (part["body"], part["filename"]) == ("my foot", "a.jpg")


# ---- what becomes of its message (R17)


async def unfetched(people: Staffed) -> tuple[Arrival, str]:
    """Three pictures, of which the homeserver serves the last wrongly."""
    sent = three(people.sam, "a rash")
    assert sent.content is not None
    mxc = sent.content["itemtypes"][2]["file"]["url"]
    people.practice.homeserver.media[mxc] = b"something else"
    return sent, mxc


async def test_R17_the_message_goes_only_when_its_last_picture_is_safe(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice = people.practice
        sent, mxc = await unfetched(people)
        await comes(practice, sent)
        await practice.after(hours=3)
        first, second, third = await in_order(practice)
        assert [first.state, second.state, third.state] == [State.VERIFIED, State.VERIFIED, State.RECEIVED]
        assert await copies_of(practice, first) == {What.FILE: CopyState.GONE, What.MESSAGE: CopyState.KNOWN}
        assert sent.event_id not in practice.homeserver.redacted
        practice.homeserver.media[mxc] = JPEG + b"photo 2"
        await people.kim.writes(f"!retry {third.ref}")
        await practice.after(hours=3)
        assert (await practice.images())[2].state is State.VERIFIED
        assert sent.event_id in practice.homeserver.redacted and mxc not in practice.homeserver.media


async def test_R13_one_that_is_withdrawn_takes_nothing_from_the_others(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sam, practice = people.sam, people.practice
        sent = three(sam)
        await comes(practice, sent)
        first, *_ = await in_order(practice)
        await sam.writes(f"withdraw {first.ref}")
        await sam.writes("a rash")
        images = await in_order(practice)
        assert [image.state for image in images] == [State.DISCARDED, State.VERIFIED, State.VERIFIED]
        await practice.after(hours=2)
        assert not media_in(sent) & practice.homeserver.media.keys()
        assert sent.event_id in practice.homeserver.redacted


async def test_the_same_picture_twice_in_one_message_is_kept_once(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        once = item(people.sam, 1)
        sent = gallery(people.sam, once, once, caption="a rash")
        await comes(people.practice, sent)
        await people.practice.after(hours=2)
        first, second = await in_order(people.practice)
        assert first.state is State.VERIFIED and second.duplicate_of == first.id
        assert not media_in(sent) & people.practice.homeserver.media.keys()


# ---- again, edited, deleted, replied to


async def test_a_gallery_that_comes_again_changes_nothing(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sent = three(people.sam, "a rash")
        await comes(people.practice, sent)
        assert await sends(people.sam, sent) == []
        assert len(await people.practice.images()) == 3


async def test_one_whose_key_is_late_is_taken_when_it_comes(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sent = three(people.sam, "a rash")
        await comes(people.practice, locked(sent))
        await people.practice.key_comes(sent)
        assert [image.state for image in await people.practice.images()] == [State.VERIFIED] * 3


async def test_an_edit_brings_no_picture_and_goes_with_those_it_names(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sam, practice = people.sam, people.practice
        sent = three(sam)
        await comes(practice, sent)
        assert sent.content is not None
        relation = {"rel_type": "m.replace", "event_id": sent.event_id}
        new = sent.content | {"body": "a rash"}
        edit = sam.arrival(sam.own_room, new | {"m.new_content": new, "m.relates_to": relation})
        assert "I don't follow edits" in "".join(await sends(sam, edit))
        assert len(await practice.images()) == 3 and media_in(sent) <= practice.homeserver.media.keys()
        await sam.writes("a rash")
        await practice.after(days=2)
        assert [image.state for image in await practice.images()] == [State.VERIFIED] * 3
        assert {sent.event_id, edit.event_id} <= practice.homeserver.redacted
        assert not media_in(sent) & practice.homeserver.media.keys()


async def test_R15_after_an_edit_each_medium_is_still_known_as_its_own_pictures(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sam, practice = people.sam, people.practice
        sent = three(sam, "a rash")
        await comes(practice, sent)
        assert sent.content is not None
        relation = {"rel_type": "m.replace", "event_id": sent.event_id}
        edit = sam.arrival(sam.own_room, sent.content | {"m.new_content": sent.content, "m.relates_to": relation})
        await comes(practice, edit)
        for image, each in zip(await in_order(practice), sent.content["itemtypes"], strict=True):
            async with practice.journal.reading() as rows:
                assert {copy.image_id for copy in await rows.copies.find(mxc=each["file"]["url"])} == {image.id}


async def test_R17_an_edit_of_what_was_withdrawn_goes_too(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sam, practice = people.sam, people.practice
        sent = await sam.sends_photo()
        await sam.writes(f"withdraw {(await practice.only_image()).ref}")
        assert sent.content is not None
        relation = {"rel_type": "m.replace", "event_id": sent.event_id}
        edit = sam.arrival(sam.own_room, sent.content | {"m.new_content": sent.content, "m.relates_to": relation})
        await comes(practice, edit)
        await practice.after(hours=2)
        assert edit.event_id in practice.homeserver.redacted


@pytest.mark.parametrize("fetched", [True, False])
async def test_R13_a_deletion_asks_about_all_its_pictures_at_once(tmp_path: Path, fetched: bool) -> None:
    async with staffed_practice(tmp_path) as people:
        sam, practice = people.sam, people.practice
        sent = three(sam, "" if fetched else "a rash")
        await practice.receive(sent)
        if fetched:
            await practice.settle()
        before = len(sam.heard)
        await sam.deletes(sent)
        images = await in_order(practice)
        assert [image.state for image in images] == [State.HELD] * 3
        asked = [words for words in sam.heard[before:] if "withdrawn" in words]
        assert len(asked) == 2, asked  # in words, and by a poll
        assert all(image.ref in words for image in images for words in asked)
        await taps(sam, "All of them")
        assert [image.state for image in await practice.images()] == [State.DISCARDED] * 3


async def test_R13_what_may_stay_of_a_gallery_deleted_before_it_was_fetched_is_not_asked_about_again(
    tmp_path: Path,
) -> None:
    async with staffed_practice(tmp_path) as people:
        sam, practice = people.sam, people.practice
        sent, mxc = await unfetched(people)
        await comes(practice, sent)
        await sam.deletes(sent)
        await taps(sam, "No, keep it")
        practice.homeserver.media[mxc] = JPEG + b"photo 2"
        before = len(sam.heard)
        await practice.after(minutes=10)
        images = await in_order(practice)
        assert images[2].state is State.VERIFIED, images[2]
        assert not any("withdrawn" in words for words in sam.heard[before:])


async def test_R13_of_a_deleted_gallery_one_may_go_and_the_others_stay(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sam, practice = people.sam, people.practice
        sent = three(sam)
        await comes(practice, sent)
        await sam.deletes(sent)
        first, *_ = await in_order(practice)
        await taps(sam, first.ref)
        await sam.writes("a rash")
        await practice.after(minutes=20)
        assert [image.state for image in await in_order(practice)] == [State.DISCARDED, State.VERIFIED, State.VERIFIED]


async def test_R13_a_colleagues_deletion_asks_about_all_its_pictures_at_once(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        lee = people.lee
        sent = three(lee)
        await comes(people.practice, sent)
        before = len(lee.heard)
        await lee.deletes(sent)
        asked = [words for words in lee.heard[before:] if "withdrawn" in words]
        assert len(asked) == 2 and all(image.ref in asked[0] for image in await people.practice.images())
        await taps(lee, "All of them")
        assert [image.state for image in await people.practice.images()] == [State.DISCARDED] * 3


async def test_a_reply_to_a_gallery_needs_no_which_photo(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sam = people.sam
        sent = three(sam, "a rash")
        await comes(people.practice, sent)
        relation = {"m.in_reply_to": {"event_id": sent.event_id}}
        reply = sam.arrival(sam.own_room, {"msgtype": "m.text", "body": "it itches a lot", "m.relates_to": relation})
        heard = await sends(sam, reply)
        assert not any("Which photo" in words for words in heard)
        team = people.practice.seen_in(await people.practice.practice_room())
        assert any("it itches a lot" in words for words in team)
