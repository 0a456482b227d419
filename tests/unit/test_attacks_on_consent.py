"""Consent and purge, attacked by words, repeats, edits and media named twice: nothing leaves, and nothing goes too early."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain import rooms
from bot.domain.image import HeldFor, State
from bot.domain.planned import Progress
from tests.cases import answer_id, pictures_in, shared_practice, taps
from tests.practice import JPEG, Practice, staffed_practice

OTHER = JPEG + b" another"


async def receipted(practice: Practice, mxc: str) -> list[str]:
    """What the ledger says of this media."""
    async with practice.journal.reading() as rows:
        return [copy.state.value for copy in await rows.copies.find(mxc=mxc)]


# ---- nothing leaves without the tap or the number that it needs (R7, R13)


@pytest.mark.parametrize("where", ["case", "practice", "own"])
async def test_a_yes_said_about_something_else_sends_no_image_anywhere(where: str, tmp_path: Path) -> None:
    """A clinician says "yes" to a colleague, while the bot waits for their word about another image."""
    async with shared_practice(tmp_path) as world:
        case = await world.forwarded()
        await world.sam.sends_photo(OTHER, caption="a mole")
        other = (await world.practice.images())[-1]
        await world.lee.writes(f"!forward {other.ref} @derm:hs.test is this one harmless?")
        said_in = {"case": case, "practice": await world.practice.room(rooms.PRACTICE), "own": world.lee.own_room}
        await world.lee.writes("yes", room=said_in[where])
        assert len(pictures_in(world.practice, case)) == 1
        assert [use.state.value for use in await world.uses()] == ["released", "asked"]
        await taps(world.lee, "Yes")
        assert (await world.uses())[-1].state.value == "released", "the tap still counts"


async def test_in_words_advice_needs_the_number_that_was_told(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as world:
        await world.lee.writes(f"!forward {world.image.ref} @derm:hs.test is this a melanoma?")
        async with world.practice.journal.reading() as rows:
            numbers = {choice.number for choice in await rows.choices.find(about="attest-related", used_at=None)}
        [number] = numbers - {""}
        assert f"“yes {number}”" in world.lee.heard[-2]
        await world.lee.writes(f"yes {number}")
        assert (await world.uses())[0].state.value == "released"


async def test_a_photo_its_sender_takes_back_is_shown_to_nobody_any_more(tmp_path: Path) -> None:
    """Also while its destruction waits behind a filing that is tried again (R13)."""
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo()
        image = await people.practice.only_image()
        shown = people.lee.arrival(people.lee.own_room, {"msgtype": "m.text", "body": f"!show {image.ref}"})
        async with people.practice.journal.transaction() as rows:
            await rows.images.save(replace(image, state=State.HELD, held_for=HeldFor.WITHDRAWAL))
        await people.practice.receive(shown)
        await people.practice.settle()
        assert "taken back" in people.lee.last_heard
        assert pictures_in(people.practice, people.lee.own_room) == []


async def test_taken_back_between_the_command_and_the_picture_nothing_is_shown(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo(caption="rash")
        image = await people.practice.only_image()
        await people.lee.writes(f"!show {image.ref}", settle=False)
        await people.practice.inbox.drain()
        async with people.practice.journal.transaction() as rows:
            await rows.images.save(replace(await rows.images.get(image.id), held_for=HeldFor.WITHDRAWAL))
        await people.practice.settle()
        assert pictures_in(people.practice, people.lee.own_room) == []


# ---- nothing goes before what it is a copy of is safely filed (R17)


async def test_media_sent_twice_stays_until_the_first_photo_is_verified(tmp_path: Path) -> None:
    """An app that forwards a photo names the same media again; the second is discarded, the first still waits."""
    async with staffed_practice(tmp_path) as people:
        first = people.sam.photo()
        assert first.content is not None
        mxc = first.content["file"]["url"]
        again = people.sam.arrival(people.sam.own_room, first.content)
        await people.practice.receive(first, again)
        await people.practice.settle()
        assert [image.state for image in await people.practice.images()] == [State.CAPTURED, State.DISCARDED]
        await people.practice.after(minutes=5)
        assert mxc in people.practice.homeserver.media
        await people.sam.writes("a rash")
        await people.practice.after(hours=2)
        assert (await people.practice.images())[0].state is State.VERIFIED
        assert mxc not in people.practice.homeserver.media
        assert {first.event_id, again.event_id} <= people.practice.homeserver.redacted
        assert await receipted(people.practice, mxc) == ["gone", "gone"]
        assert await people.practice.left(Progress.HELD) == []


@pytest.mark.parametrize("kind", ["m.video", "m.sticker"])
async def test_naming_a_photos_media_in_something_else_erases_nothing_early(kind: str, tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        first = people.sam.photo()
        assert first.content is not None
        mxc = first.content["file"]["url"]
        other = {"msgtype": kind, "body": "x", "file": {"url": mxc}}
        await people.practice.receive(people.sam.arrival(people.sam.own_room, other), first)
        await people.practice.settle()
        assert mxc in people.practice.homeserver.media
        await people.sam.writes("a rash")
        await people.practice.after(hours=2)
        assert mxc not in people.practice.homeserver.media


# ---- no "gone" while something of it is there (R17)

PLACES: dict[str, Any] = {
    "gallery": {
        "itemtypes": [{"itemtype": "m.image", "file": {"url": "%"}, "info": {"thumbnail_file": {"url": "%2"}}}]
    },
    "extensible": {"org.matrix.msc1767.file": {"url": "%"}, "m.thumbnail": [{"m.file": {"url": "%2"}}]},
    "new content": {"m.new_content": {"msgtype": "m.image", "file": {"url": "%"}, "info": {"thumbnail_url": "%2"}}},
}


@pytest.mark.parametrize("place", PLACES)
async def test_media_named_anywhere_in_a_message_is_accounted_for(place: str, tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        media = ["mxc://hs.test/hidden1", "mxc://hs.test/hidden2"]
        people.practice.homeserver.media |= dict.fromkeys(media, b"x")
        more = eval(repr(PLACES[place]).replace("%2", media[1]).replace("'%'", repr(media[0])))
        await people.sam.sends_photo(caption="rash", **more)
        await people.practice.after(hours=2)
        assert not set(media) & people.practice.homeserver.media.keys()
        assert (await people.practice.only_image()).state is State.VERIFIED


async def test_an_edit_is_no_new_photo_and_leaves_with_the_old_one(tmp_path: Path) -> None:
    """An app that edits a caption sends the photo's media again, as an edit."""
    async with staffed_practice(tmp_path) as people:
        first = await people.sam.sends_photo()
        assert first.content is not None
        file = first.content["file"]
        relation = {"rel_type": "m.replace", "event_id": first.event_id}
        new = {"msgtype": "m.image", "body": "rash", "filename": "photo.jpg", "file": file}
        edit = people.sam.arrival(people.sam.own_room, {**new, "m.new_content": new, "m.relates_to": relation})
        words = people.sam.arrival(
            people.sam.own_room, {"msgtype": "m.text", "body": "* Sam Patel has a rash", "m.relates_to": relation}
        )
        await people.practice.receive(edit, words)
        await people.practice.settle()
        assert "don't follow edits" in people.sam.last_heard
        assert (await people.practice.only_image()).state is State.CAPTURED
        assert file["url"] in people.practice.homeserver.media
        assert not {edit.event_id, words.event_id} & people.practice.homeserver.redacted
        await people.sam.writes("a rash")
        await people.practice.after(days=8)
        assert {first.event_id, edit.event_id, words.event_id} <= people.practice.homeserver.redacted
        assert file["url"] not in people.practice.homeserver.media


async def test_an_old_answer_decides_nothing_after_the_question_was_asked_anew(tmp_path: Path) -> None:
    """Each request for consent has secrets of its own: those of an earlier one open nothing (R12)."""
    async with shared_practice(tmp_path) as world:
        ask = '!use {ref} for education "teaching" seen by "registrars" until 2027-03-31 recipient @derm:hs.test recognisable no'
        await world.lee.writes(ask.format(ref=world.image.ref))
        old = answer_id(world.practice, world.sam.own_room, "Yes")
        await world.practice.after(**{"hours": world.practice.policy.consent_deadline / timedelta(hours=1) + 1})
        await world.lee.writes(ask.format(ref=world.image.ref))
        await taps(world.sam, "Yes", secret=old)
        assert [use.state.value for use in await world.uses()] == ["expired", "awaiting-consent"]
        assert pictures_in(world.practice, world.derm.own_room) == []


async def test_a_photo_that_waits_is_not_lost_with_the_phone_it_was_sent_from(tmp_path: Path) -> None:
    """What lies in the chat is taken back at once; media that was not even fetched yet is all there is of a photo (R17)."""
    async with staffed_practice(tmp_path) as people:
        photo = people.sam.photo()
        assert photo.content is not None
        await people.practice.receive(photo)
        await people.practice.inbox.drain()  # decided, not fetched yet
        await people.kim.writes("!lost @sam:hs.test")
        image = await people.practice.only_image()
        assert (image.state, image.held_for) == (State.HELD, HeldFor.IDENTITY_CHANGED)
        assert photo.event_id in people.practice.homeserver.redacted
        assert photo.content["file"]["url"] in people.practice.homeserver.media, "until a person has settled it"
