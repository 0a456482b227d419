"""A photo that is sent again: after it was refused elsewhere, after it was filed, while the first is on hold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.copies import CopyState
from bot.domain.entries import EntryKind
from bot.domain.image import HeldFor, State
from tests.cases import shared_practice, taps
from tests.colleagues import FILE, LINE
from tests.media import comes, media, shown_again
from tests.practice import JPEG, locked, staffed_practice
from tests.unit.test_parents_apart import two_parents

# ---- refused here, expected there


async def test_a_photo_refused_with_send_it_there_keeps_its_media_until_it_arrives(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, lee = people.practice, people.lee
        team = await practice.practice_room()
        refused = await lee.sends_photo(room=team)
        assert "Please send it there" in practice.seen_in(team)[-1]
        assert refused.event_id in practice.homeserver.redacted, "nobody there sees it any more"
        assert media(refused) in practice.homeserver.media
        await practice.after(minutes=50)
        await comes(practice, shown_again(lee, refused, room=lee.own_room, body=LINE))
        await practice.after(hours=3)
        assert (await practice.only_image()).state is State.CAPTURED
        assert media(refused) in practice.homeserver.media, "it is all there is, until it is filed"
        await taps(lee, FILE)
        await practice.after(hours=2)
        assert (await practice.only_image()).state is State.VERIFIED
        assert media(refused) not in practice.homeserver.media


async def test_what_was_refused_and_arrives_is_accounted_for_with_the_photo(tmp_path: Path) -> None:
    """R17."""
    async with staffed_practice(tmp_path) as people:
        practice, lee = people.practice, people.lee
        refused = await lee.sends_photo(room=await practice.practice_room())
        arrived = shown_again(lee, refused, room=lee.own_room, body=LINE)
        await comes(practice, arrived)
        await taps(lee, FILE)
        await practice.after(minutes=5)
        image = await practice.only_image()
        async with practice.journal.reading() as rows:
            copies = await rows.copies.find(image_id=image.id, event_id=[refused.event_id, arrived.event_id])
        assert len(copies) == 4 and all(copy.receipted for copy in copies)


async def test_what_never_arrives_there_is_erased_within_the_hour(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, lee = people.practice, people.lee
        refused = await lee.sends_photo(room=await practice.practice_room())
        await practice.after(minutes=61)
        assert media(refused) not in practice.homeserver.media
        async with practice.journal.reading() as rows:
            assert {copy.state for copy in await rows.copies.find(event_id=refused.event_id)} == {
                CopyState.GONE,
                CopyState.HIDDEN,
            }


async def test_what_arrives_there_and_cannot_be_read_yet_is_waited_for(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, lee = people.practice, people.lee
        refused = await lee.sends_photo(room=await practice.practice_room())
        arrives = shown_again(lee, refused, room=lee.own_room, body=LINE)
        await comes(practice, locked(arrives))
        await practice.after(hours=3)
        await practice.key_comes(arrives)
        assert (await practice.only_image()).state is State.CAPTURED


# ---- in the record already


@pytest.mark.parametrize("caption", ["", "it has got worse"])
async def test_a_photo_whose_media_is_in_the_record_is_known_there(caption: str, tmp_path: Path) -> None:
    """An app forwards the message of a photo that was filed: its media is gone by then."""
    async with staffed_practice(tmp_path) as people:
        practice, sam = people.practice, people.sam
        photo = await sam.sends_photo(caption="rash")
        assert media(photo) not in practice.homeserver.media
        heard = len(sam.heard)
        await comes(practice, shown_again(sam, photo, body=caption or "photo.jpg"))
        first = (await practice.images())[0]
        said = "".join(sam.heard[heard:])
        assert f"I already have this photo as {first.ref}" in said and "Nothing was kept" not in said
        answers = [one.text for one in await practice.record.entries(first.patient_id) if one.kind is EntryKind.ANSWER]
        assert answers == ([caption] if caption else [])


async def test_R15_forwarded_for_another_child_it_is_not_taken_for_the_first_childs(tmp_path: Path) -> None:
    """Its media went once it was filed for Mia: Ann is asked to send it again, and no word of Ben's stands in Mia's record."""
    async with staffed_practice(tmp_path) as people:
        practice = people.practice
        first = '!enrol patient 10430 "Mia Lee" 2019-05-01 parent "Ann Lee"'
        ann = await people.kim.joins_as("@ann:hs.test", "AnnIdentity", first)
        photo = await ann.sends_photo(caption="rash")
        mias = await practice.only_image()
        assert mias.state is State.VERIFIED and media(photo) not in practice.homeserver.media
        await people.kim.writes('!enrol patient 10431 "Ben Lee" 2021-05-01 parent "Ann Lee"')
        await ann.enrol(practice.last_code(people.kim.own_room))
        await comes(practice, shown_again(ann, photo, body="Ben's knee"))
        await ann.writes("2")
        for _ in range(10):  # it is asked for again, for some minutes
            await practice.after(minutes=1)
        assert "already have" not in "".join(ann.heard)
        assert "not on the server" in "".join(ann.heard)
        assert not [one for one in await practice.record.entries(mias.patient_id) if "Ben" in (one.text or "")]


async def test_a_photo_that_is_in_the_record_is_known_also_where_photos_are_not_taken(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, lee = people.practice, people.lee
        photo = await lee.sends_photo(caption=LINE)
        await taps(lee, FILE)
        team = await practice.practice_room()
        await comes(practice, shown_again(lee, photo, room=team))
        said = practice.seen_in(team)[-1]
        assert (
            f"I already have this photo as {(await practice.only_image()).ref}" in said and "kept nothing" not in said
        )


async def test_a_withdrawn_photo_shown_again_is_not_called_known(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, sam = people.practice, people.sam
        photo = await sam.sends_photo()
        await sam.writes(f"withdraw {(await practice.only_image()).ref}")
        await comes(practice, shown_again(sam, photo))
        for _ in range(10):  # it is asked for again, for some minutes
            await practice.after(minutes=1)
        assert "already have" not in "".join(sam.heard)
        assert "not on the server" in "".join(sam.heard)


async def test_media_of_another_is_nobodys_photo_by_naming_it(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, sam, lee = people.practice, people.sam, people.lee
        photo = await sam.sends_photo(caption="rash")
        await comes(practice, shown_again(lee, photo, room=lee.own_room))
        assert "already have" not in "".join(lee.heard)


# ---- the second sending of a photo on hold


async def test_a_photo_on_hold_that_is_sent_again_lives_on_when_the_first_is_discarded(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, sam, kim = people.practice, people.sam, people.kim
        await sam.sends_photo()
        first = await practice.only_image()
        async with practice.journal.transaction() as rows:
            await rows.images.save(replace(first, state=State.HELD, held_for=HeldFor.FILING_FAILED))
        await sam.sends_photo(caption="rash")
        await kim.writes(f"!discard {first.ref}")
        assert [image.state for image in await practice.images()] == [State.DISCARDED, State.VERIFIED]


async def test_a_colleagues_photo_not_attested_in_time_may_be_sent_again(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, lee = people.practice, people.lee
        await lee.sends_photo()
        await practice.after(days=8)
        assert (await practice.only_image()).held_for is HeldFor.UNATTESTED
        await lee.sends_photo(caption=LINE)
        await taps(lee, FILE)
        assert [image.state for image in await practice.images()] == [State.HELD, State.VERIFIED]


async def test_R15_what_its_sender_doubts_is_doubted_also_when_it_is_sent_again(tmp_path: Path) -> None:
    """A second sending must not file what the first was held for: whom it shows is for a person to say."""
    async with staffed_practice(tmp_path) as people:
        practice, sam = people.practice, people.sam
        await sam.sends_photo()
        await sam.writes("of somebody else")
        assert (await practice.only_image()).held_for is HeldFor.SOMEBODY_ELSE
        await sam.sends_photo(caption="rash")
        assert [image.held_for for image in await practice.images()] == [HeldFor.SOMEBODY_ELSE] * 2
        second = (await practice.images())[1]
        assert f"{second.ref} is on hold" in "".join(sam.heard)


# ---- erasing takes a photo out of every chat it was forwarded to or from


async def test_help_and_receipt_say_that_a_forwarded_photo_goes_from_the_other_chat_too(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.writes("help")
        assert "chat you forwarded it from" in people.sam.last_heard
        await people.sam.sends_photo(caption="rash")
        assert "chat you forwarded it from" in people.sam.last_heard
        image = await people.practice.only_image()
        [receipt] = [
            one for one in await people.practice.record.entries(image.patient_id) if one.kind is EntryKind.RECEIPT
        ]
        details = {copy["what"]: copy["detail"] for copy in receipt.facts["copies"]}
        assert "forwarded" in details["file"] and details["message"] == ""


# ---- sent by another of the patient's people


@pytest.mark.parametrize("told", [False, True])
async def test_R33a_what_the_other_parent_sent_before_is_answered_like_any_new_photo(
    tmp_path: Path, told: bool
) -> None:
    """That it is here already would say that the other parent sent it; and each needs a consent of their own (R1)."""
    async with shared_practice(tmp_path) as shared:
        ann, bob = await two_parents(shared, told=told)
        await bob.sends_photo(JPEG + b"of both", caption="bruise")
        await ann.sends_photo(JPEG + b"of both", caption="bruise")
        await shared.practice.after(minutes=5)
        first, second = [image for image in await shared.practice.images() if image.sha256 != shared.image.sha256]
        assert (first.sha256, first.state) == (second.sha256, second.state) and second.state is State.VERIFIED
        assert second.sender_id != first.sender_id and not second.duplicate_of
        assert first.ref not in ann.last_heard and second.ref in ann.last_heard
        assert ann.last_heard.replace(second.ref, "") == bob.last_heard.replace(first.ref, "")
