"""Media is erased when no event needs it: what was not read yet may show the same."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.arrivals import Arrival
from bot.domain.copies import Copy, What
from bot.domain.identifiers import Account
from bot.domain.image import HeldFor, State
from handlers.photos.media_named import media_of
from storage.sql.rows import TableRows
from tests.cases import taps
from tests.colleagues import LEAVE
from tests.media import comes, media, shown_again, with_caption
from tests.one_by_one import run_what_is_due
from tests.practice import JPEG, Practice, Someone, Staffed, locked, staffed_practice


async def time_passes(practice: Practice, **time: float) -> None:
    """As the inbox does it: what waited for too long is looked at."""
    practice.clock.move(timedelta(**time))
    await practice.inbox.tell_unreadable()
    await practice.settle()


# ---- an edit waits for what it edits


async def test_an_edit_read_before_the_key_of_its_photo_waits_for_it_and_goes_with_it(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, sam = people.practice, people.sam
        photo = sam.photo()
        edit, heard = with_caption(sam, photo, "rash"), len(sam.heard)
        await comes(practice, locked(photo), edit)
        await practice.after(seconds=50)
        assert media(photo) in practice.homeserver.media
        assert len(sam.heard) == heard and edit.event_id not in practice.homeserver.redacted, "nothing is decided yet"

        await practice.key_comes(photo)
        image = await practice.only_image()
        assert image.state is State.CAPTURED
        assert "don't follow edits" in "".join(sam.heard[heard:])
        await sam.writes("a rash")
        await practice.after(days=2)
        assert (await practice.only_image()).state is State.VERIFIED
        assert media(photo) not in practice.homeserver.media
        assert {photo.event_id, edit.event_id} <= practice.homeserver.redacted
        async with practice.journal.reading() as rows:
            copies = await rows.copies.find(image_id=image.id, event_id=[photo.event_id, edit.event_id])
        assert len(copies) == 4 and all(copy.receipted for copy in copies)


async def test_an_edit_waits_for_a_day_at_most(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, sam = people.practice, people.sam
        photo = sam.photo()
        edit = with_caption(sam, photo, "rash")
        await comes(practice, locked(photo), edit)
        await time_passes(practice, hours=23)
        assert edit.event_id not in practice.homeserver.redacted
        await time_passes(practice, hours=2)
        assert "don't follow edits" in sam.last_heard
        assert media(photo) not in practice.homeserver.media


async def test_a_deletion_that_came_before_the_key_of_its_photo_is_asked_about(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, sam = people.practice, people.sam
        photo = sam.photo(caption="rash")
        await comes(practice, locked(photo))
        await sam.deletes(photo)
        await practice.key_comes(photo)
        image = await practice.only_image()
        assert (image.state, image.held_for) == (State.HELD, HeldFor.SENDER_DELETED)
        assert "Should it be withdrawn" in sam.last_heard


async def test_an_edit_of_what_another_wrote_waits_for_nothing(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, sam, lee = people.practice, people.sam, people.lee
        theirs = sam.photo()
        await comes(practice, locked(theirs))
        words = {
            "msgtype": "m.text",
            "body": "x",
            "m.relates_to": {"rel_type": "m.replace", "event_id": theirs.event_id},
        }
        await comes(practice, lee.arrival(lee.own_room, words))
        assert "don't follow edits" in lee.last_heard


async def test_of_edits_that_wait_only_so_many_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.photos.edit.MOST_WAITING", 3)
    async with staffed_practice(tmp_path) as people:
        practice, sam = people.practice, people.sam
        photo = sam.photo()
        heard = len(sam.heard)
        await comes(practice, locked(photo), *(with_caption(sam, photo, f"rash {n}") for n in range(5)))
        assert len([said for said in sam.heard[heard:] if "don't follow edits" in said]) == 2


async def test_an_edit_that_overtook_its_photo_takes_nothing_from_it(tmp_path: Path) -> None:
    """From another homeserver they may come in any order."""
    async with staffed_practice(tmp_path) as people:
        practice, sam = people.practice, people.sam
        photo = sam.photo(caption="rash")
        await comes(practice, with_caption(sam, photo, "a rash"))
        await practice.after(minutes=2)
        await comes(practice, photo)
        assert (await practice.only_image()).state is State.VERIFIED
        await practice.after(hours=2)
        assert media(photo) not in practice.homeserver.media


# ---- what was not read yet may show the same


async def filed_with_another_unread(people: Staffed) -> tuple[Arrival, Arrival]:
    """A photo that is in the record, sent before another message whose key is late."""
    photo, unread = people.sam.photo(caption="rash"), people.sam.photo(JPEG + b"2")
    await comes(people.practice, locked(unread), photo)
    assert (await people.practice.only_image()).state is State.VERIFIED
    return photo, unread


async def test_while_an_event_of_its_sender_is_unread_media_stays_and_its_message_is_hidden(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice = people.practice
        photo, unread = await filed_with_another_unread(people)
        assert media(photo) in practice.homeserver.media
        assert photo.event_id in practice.homeserver.redacted, "hiding waits for nothing"
        await practice.key_comes(unread)
        await practice.after(minutes=6)
        assert media(photo) not in practice.homeserver.media
        first = (await practice.images())[0]
        async with practice.journal.reading() as rows:
            assert all(
                copy.receipted for copy in await rows.copies.find(image_id=first.id, what=[What.FILE, What.MESSAGE])
            )


async def test_media_waits_for_an_unread_event_for_a_day_at_most(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice = people.practice
        photo, _ = await filed_with_another_unread(people)
        await practice.after(hours=23)
        assert media(photo) in practice.homeserver.media
        await practice.after(hours=2)
        assert media(photo) not in practice.homeserver.media


async def test_an_unread_event_that_shows_a_filed_photo_again_is_answered_and_passed_on(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, sam = people.practice, people.sam
        photo = sam.photo(caption="rash")
        again = shown_again(sam, photo, body="it has got worse")
        await comes(practice, locked(again), photo)
        await practice.key_comes(again)
        assert f"I already have this photo as {(await practice.images())[0].ref}" in sam.last_heard
        await practice.after(hours=2)
        assert media(photo) not in practice.homeserver.media


async def test_an_unread_event_of_somebody_else_or_in_another_room_holds_nothing_back(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, sam, lee = people.practice, people.sam, people.lee
        elsewhere = sam.photo(room="!lobby")
        another = lee.photo()
        photo = sam.photo(caption="rash")
        await comes(practice, locked(elsewhere), locked(another), photo)
        assert media(photo) not in practice.homeserver.media


async def test_an_unread_event_of_a_stranger_keeps_no_photo_of_theirs(tmp_path: Path) -> None:
    """R6."""
    async with staffed_practice(tmp_path) as people:
        practice, sam = people.practice, people.sam
        eve = Someone(practice, Account("@eve:hs.test"), "EveIdentity")
        unread, photo = eve.photo(room=sam.own_room), eve.photo(room=sam.own_room)
        edit = with_caption(eve, unread, "rash")
        await comes(practice, locked(unread), photo, edit)
        assert {photo.event_id, edit.event_id} <= practice.homeserver.redacted
        assert not {media(photo), media(unread)} & practice.homeserver.media.keys()


async def test_a_withdrawn_photo_waits_for_no_unread_event(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, sam = people.practice, people.sam
        photo = sam.photo()
        await comes(practice, locked(sam.photo(JPEG + b"2")), photo)
        image = await practice.only_image()
        await sam.writes(f"withdraw {image.ref}")
        assert (await practice.only_image()).state is State.DISCARDED
        assert media(photo) not in practice.homeserver.media


async def test_a_filed_photo_that_is_withdrawn_waits_for_no_unread_event(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, sam = people.practice, people.sam
        photo, _ = await filed_with_another_unread(people)
        await sam.writes(f"withdraw {(await practice.only_image()).ref}")
        await practice.after(minutes=6)
        assert media(photo) not in practice.homeserver.media


async def test_a_photo_left_with_its_sender_waits_for_no_unread_event(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, lee = people.practice, people.lee
        photo = lee.photo()
        await comes(practice, locked(lee.photo(JPEG + b"2")), photo)
        await taps(lee, LEAVE)
        assert (await practice.only_image()).state is State.LEFT_WITH_SENDER
        assert media(photo) not in practice.homeserver.media


async def test_what_is_decided_later_in_the_queue_may_show_the_same(tmp_path: Path) -> None:
    """Read, but not decided yet: its sender is heard no faster than the pace."""
    async with staffed_practice(tmp_path) as people:
        practice, sam = people.practice, people.sam
        photo = sam.photo()
        await comes(
            practice, sam.arrival(sam.own_room, {"msgtype": "m.video", "body": "x", "file": {"url": media(photo)}})
        )
        assert media(photo) not in practice.homeserver.media
        photo = sam.photo()
        video = sam.arrival(sam.own_room, {"msgtype": "m.video", "body": "x", "file": {"url": media(photo)}})
        await practice.receive(video)
        await practice.inbox.drain()
        await practice.receive(photo)
        await run_what_is_due(practice.worker)
        assert media(photo) in practice.homeserver.media
        await practice.settle()
        assert (await practice.only_image()).state is State.CAPTURED


# ---- one event may name thousands of media ids


def names(number: int, photo: Arrival) -> dict[str, Any]:
    """The content of a photo that names as many more ids as fit into one event."""
    assert photo.content is not None
    invented = [f"mxc://hs.test/{number}-{n}" for n in range(2600)]
    return {"a": invented[:1300]} | photo.content | {"z": invented[1300:]}


async def test_of_one_event_twenty_media_ids_are_looked_at_and_the_practice_hears_once_a_day(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, sam = people.practice, people.sam
        team = await practice.practice_room()
        told = len(practice.seen_in(team))
        photos = [sam.photo(JPEG + bytes([n]), "rash") for n in range(2)]
        await practice.receive(*(sam.arrival(sam.own_room, names(n, photo)) for n, photo in enumerate(photos)))
        await practice.settle()
        assert [image.state for image in await practice.images()] == [State.VERIFIED] * 2
        assert len([mxc for mxc in practice.purger.erased if "/own" not in mxc]) == 2 * 20
        assert not practice.homeserver.media, "the photos themselves are among what is looked at"
        assert len([said for said in practice.seen_in(team)[told:] if "names more than 20" in said]) == 1
        assert await practice.audited("arrival.names-too-much") == 2


async def test_the_copies_of_a_message_are_loaded_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not once for each of them: with so many that took minutes."""
    loaded = 0
    find = TableRows.find

    async def counted(self: TableRows[Any], **equal: object) -> list[Any]:
        nonlocal loaded
        found = await find(self, **equal)
        loaded += len(found) if "event_id" in equal and found and isinstance(found[0], Copy) else 0
        return found

    monkeypatch.setattr(TableRows, "find", counted)
    async with staffed_practice(tmp_path) as people:
        photo = people.sam.photo(caption="rash")
        await people.practice.receive(people.sam.arrival(people.sam.own_room, names(0, photo)))
        await people.practice.settle()
        assert (await people.practice.only_image()).state is State.VERIFIED
    assert loaded <= 2 * 20


def test_the_photo_and_its_preview_are_the_first_media_named() -> None:
    first, preview = {"url": "mxc://a/photo"}, {"url": "mxc://a/preview"}
    content = {
        "a": [f"mxc://a/{n}" for n in range(99)],
        "file": first,
        "info": {"w": ["mxc://a/w"], "thumbnail_file": preview},
    }
    assert list(media_of(content))[:2] == [(What.FILE, "mxc://a/photo"), (What.THUMBNAIL, "mxc://a/preview")]
