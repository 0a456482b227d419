"""What a photo's former patient read, heard and got of it is taken back, and is a breach, once (R15, R25, R30)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.breach import Breach
from bot.domain.copies import CopyState
from bot.domain.identifiers import Account, EventId
from bot.domain.image import HeldFor, Image, State
from tests.cases import TEACHING, Shared, taps
from tests.households import enrolled, heard_with, latest_image, moved_to_ann, with_ann
from tests.practice import JPEG, Practice, Someone
from tests.unit.test_parents_apart import copy_of

RESULT = "the biopsy shows a melanoma"


async def breaches(practice: Practice) -> list[Breach]:
    async with practice.journal.reading() as rows:
        return await rows.breaches.find()


def standing(someone: Someone, words: str) -> list[EventId]:
    """The posts with these words that are still there."""
    posts = someone.practice.posts_in(someone.own_room)
    redacted = someone.practice.homeserver.redacted
    return [post.event_id for post in posts if words in post.body and post.event_id not in redacted]


def zips_standing(someone: Someone) -> list[str]:
    """The files that are still there, or whose media is."""
    server = someone.practice.homeserver
    files = [post for post in someone.practice.posts_in(someone.own_room) if post.content.get("msgtype") == "m.file"]
    return [
        post.event_id
        for post in files
        if post.event_id not in server.redacted or post.content["file"]["url"] in server.media
    ]


async def moved(shared: Shared, image: Image, whose: str) -> None:
    await shared.kim.writes(f"!refile {image.ref} {whose}")
    await taps(shared.kim, "Move")


ANN, SAM = "10422 1990-05-02", "10421 1984-03-07"


async def of_a_colleague(shared: Shared) -> Image:
    """Dr Lee filed a photo of Ann under Sam's name."""
    line = "10421 1984-03-07 body mine verbal today melanoma of the scalp"
    await shared.lee.sends_photo(JPEG + b"lee", caption=line)
    await taps(shared.lee, "File it")
    return await latest_image(shared)


async def test_R15_a_reply_that_the_wrong_person_read_is_taken_back_and_is_a_breach(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, ann):
        await shared.lee.writes(f"!reply {shared.image.ref} {RESULT}")
        assert standing(shared.sam, RESULT)
        await moved_to_ann(shared)
        assert not standing(shared.sam, RESULT)
        (breach,) = await breaches(shared.practice)
        assert breach.closed_at is None and "Sam Patel" in breach.what and "a reply" in breach.what
        assert heard_with(shared.kim, f"{breach.ref}: {breach.what}"), "the manager hears, and the clock runs"
        assert "wrong record" in shared.sam.last_heard and "not about you" in shared.sam.last_heard
        assert not any("Ann" in words for words in shared.sam.heard), "R30: never whose"
        assert not heard_with(ann, RESULT)


async def test_R25_the_mover_reads_who_is_told_and_from_whom_it_is_taken_back(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, _):
        await shared.lee.writes(f"!reply {shared.image.ref} {RESULT}")
        await moved_to_ann(shared)
        (breach,) = await breaches(shared.practice)
        (told,) = heard_with(shared.kim, "is in the right record now")
        assert "Sam Patel" in told and breach.ref in told and "whoever saw it" not in told


async def test_R15_nobody_is_named_as_told_where_nobody_saw_it(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, _):
        await moved_to_ann(shared)
        assert await breaches(shared.practice) == [], "they knew what they sent themselves"
        assert "put right how" in shared.sam.last_heard


async def test_R15_the_copy_of_the_record_with_the_picture_goes_and_its_media_too(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, _):
        await shared.lee.writes(f"!reply {shared.image.ref} {RESULT}")
        await shared.sam.writes("my copy")
        assert zips_standing(shared.sam)
        await moved_to_ann(shared)
        await shared.practice.after(minutes=10)
        assert not zips_standing(shared.sam) and not standing(shared.sam, RESULT)
        (breach,) = await breaches(shared.practice)
        assert "a copy of the record" in breach.what and "a reply" in breach.what, "once, with all of it"
        assert heard_with(shared.sam, "a picture that is not yours")


async def test_R29_the_list_with_a_colleagues_photo_is_taken_back(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, _):
        image = await of_a_colleague(shared)
        await shared.sam.writes("my images")
        assert standing(shared.sam, image.ref)
        await moved(shared, image, ANN)
        assert not standing(shared.sam, "melanoma")
        (breach,) = await breaches(shared.practice)
        assert "Sam Patel" in breach.what and "“" not in breach.what, "what was read is not said once more"
        assert "not about you" in shared.sam.last_heard


async def test_R29_what_was_asked_of_the_wrong_person_is_taken_back(tmp_path: Path) -> None:
    """A question says what somebody who treats wants the picture for."""
    async with with_ann(tmp_path) as (shared, _):
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        assert standing(shared.sam, "registrar teaching")
        await moved_to_ann(shared)
        assert not standing(shared.sam, "registrar teaching")
        assert len(await breaches(shared.practice)) == 1


async def test_R13a_what_the_law_required_is_a_word_about_somebody_else_too(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, _):
        given = 'basis "subpoena 12" authority "Local Court" recipient "the registrar"'
        await shared.kim.writes(f"!required-by-law {shared.image.ref} {given}")
        assert standing(shared.sam, "subpoena 12")
        await moved_to_ann(shared)
        assert not standing(shared.sam, "subpoena 12")
        assert len(await breaches(shared.practice)) == 1


async def test_R15_what_is_right_for_its_reader_stays(tmp_path: Path) -> None:
    """Words about Sam's other photo, and what colleagues read in their own chats."""
    async with with_ann(tmp_path) as (shared, _):
        await shared.sam.sends_photo(JPEG + b"2", caption="knee")
        other = await latest_image(shared)
        await shared.lee.writes(f"!reply {other.ref} rest it")
        await shared.lee.writes(f"!show {shared.image.ref}")
        await moved_to_ann(shared)
        assert standing(shared.sam, "rest it")
        assert standing(shared.lee, shared.image.ref)
        assert await breaches(shared.practice) == []


async def test_R15_away_and_back_each_move_counts_what_was_read_since_the_one_before(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, ann):
        await shared.lee.writes(f"!reply {shared.image.ref} {RESULT}")
        await moved_to_ann(shared)
        await shared.practice.after(minutes=5)
        await shared.lee.writes(f"!reply {shared.image.ref} take the cream")
        await taps(shared.lee, "Ann Patel")
        await shared.practice.after(minutes=5)
        await moved(shared, shared.image, SAM)
        assert not standing(ann, "take the cream")
        await shared.practice.after(minutes=5)
        await moved(shared, shared.image, ANN)
        found = await breaches(shared.practice)
        assert ["Sam Patel" in breach.what for breach in found] == [True, False]
        assert "Ann Patel" in found[1].what


async def test_R17_what_was_taken_back_has_a_receipt(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, _):
        await shared.lee.writes(f"!reply {shared.image.ref} {RESULT}")
        (read,) = standing(shared.sam, RESULT)
        await moved_to_ann(shared)
        await shared.practice.after(days=10)
        async with shared.practice.journal.reading() as rows:
            (copy,) = await rows.copies.of_event(read)
        assert copy.state is CopyState.HIDDEN and copy.receipted


# ---- a code that reached the wrong person


async def john_reads(shared: Shared, john: Someone) -> None:
    """John was taken for Sam, and has read, and got, what is filed about Sam."""
    await shared.lee.writes(f"!reply {shared.image.ref} {RESULT}")
    await shared.kim.writes("!link 10421")
    await john.enrol(shared.practice.last_code(shared.kim.own_room))
    await shared.lee.writes("!confirm 10421")
    await taps(shared.lee, "Yes")
    await john.writes("my images")
    await shared.practice.after(minutes=1)
    await john.writes("my copy")
    if any("Whose" in words for words in john.heard[-2:]):
        await taps(john, "Sam")
    await shared.practice.after(minutes=1)
    assert standing(john, shared.image.ref) and zips_standing(john)


async def is_found_out(shared: Shared) -> None:
    await shared.kim.writes("!unlink 10421 @john:hs.test")
    await taps(shared.kim, "It was never theirs")
    await shared.practice.after(minutes=10)


@pytest.mark.parametrize("another", [False, True])
async def test_R25_what_a_code_gave_to_the_wrong_person_is_taken_back_and_is_a_breach(
    tmp_path: Path, another: bool
) -> None:
    """Also where they are somebody else's patient here, so that they stay."""
    async with with_ann(tmp_path) as (shared, _):
        john = Someone(shared.practice, Account("@john:hs.test"), "JohnIdentity")
        if another:
            john = await enrolled(shared, '!enrol patient 10440 "John Quill" 1980-01-01', "john", "John")
        await john_reads(shared, john)
        await is_found_out(shared)
        assert not standing(john, shared.image.ref) and not zips_standing(john)
        assert not standing(john, "Sam Patel"), "their name, and when they were born"
        (breach,) = await breaches(shared.practice)
        assert all(
            part in breach.what for part in ("@john:hs.test", "Sam Patel", shared.image.ref, "a copy of the record")
        )
        assert heard_with(shared.kim, f"recorded as {breach.ref}")
        assert standing(shared.sam, RESULT), "what Sam was told stays with Sam"


async def test_R25_who_received_nothing_but_what_they_sent_is_no_breach(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, _):
        john = Someone(shared.practice, Account("@john:hs.test"), "JohnIdentity")
        await shared.kim.writes("!link 10421")
        await john.enrol(shared.practice.last_code(shared.kim.own_room))
        await john.sends_photo(JPEG + b"john's", caption="my mole")
        await is_found_out(shared)
        assert await breaches(shared.practice) == []


async def test_R30_a_second_persons_no_holds_what_they_had_sent(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, _):
        john = Someone(shared.practice, Account("@john:hs.test"), "JohnIdentity")
        await shared.kim.writes("!link 10421")
        await john.enrol(shared.practice.last_code(shared.kim.own_room))
        await john.sends_photo(JPEG + b"john's", caption="my mole")
        image = await latest_image(shared)
        await shared.lee.writes("!confirm 10421")
        await taps(shared.lee, "No")
        held = await latest_image(shared)
        assert held.id == image.id and (held.state, held.held_for) == (State.HELD, HeldFor.SOMEBODY_ELSE)
        for staff in (shared.lee, shared.kim):
            assert heard_with(staff, f"They sent {image.ref}. Please say whom each shows")
        await shared.lee.writes(f"!forward {image.ref} @derm:hs.test is this a melanoma?")
        assert await shared.uses() == [], "nothing is implied by it"
        await shared.sam.writes("my images")
        assert "my mole" not in shared.sam.last_heard


async def test_R29_a_reply_that_was_taken_back_stands_in_no_later_copy(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, _):
        await shared.lee.writes(f"!reply {shared.image.ref} {RESULT}")
        await moved_to_ann(shared)
        copy = await copy_of(shared, shared.sam)
        assert copy and not [name for name, text in copy.items() if RESULT in text]
