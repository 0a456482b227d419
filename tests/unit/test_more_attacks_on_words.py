"""The right person and the right record, attacked again: siblings, copies, lists, misfiled photos, a child's account."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.domain.entries import EntryKind
from bot.domain.image import Image
from bot.domain.people import Relation
from bot.operate.agreements.listing import Wanted, agreements
from tests.cases import TEACHING, Shared, shared_practice, taps
from tests.colleagues import FILE, LINE
from tests.households import answers_as, documents, enrolled, family, heard_with, latest_image, speaks_no_more, with_ann
from tests.practice import JPEG, Someone
from tests.unit.test_my_copy import files_sent, opened


async def siblings(shared: Shared) -> tuple[Someone, Image, Image]:
    """Ann answers for Mia and Tom, and sent a photo of each."""
    ann = await enrolled(shared, '!enrol patient 10423 "Mia Patel" 2015-12-01 parent "Ann Patel"', "ann", "Ann")
    await shared.kim.writes('!enrol patient 10424 "Tom Patel" 2013-12-01 parent "Ann Patel"')
    await ann.enrol(shared.practice.last_code(shared.kim.own_room))
    await ann.sends_photo(JPEG + b"mia")
    await ann.writes("1 Mia's rash")
    mias = await latest_image(shared)
    await ann.sends_photo(JPEG + b"tom")
    await ann.writes("2 Tom's burn")
    return ann, mias, await latest_image(shared)


async def names_in_copy(shared: Shared, reader: Someone, *words: str) -> list[str]:
    """The files of the reader's copy in which one of these words stands."""
    await reader.writes("my copy")
    archive = opened(shared, files_sent(shared, reader.own_room)[-1])
    return [name for name in archive.namelist() if any(one.encode() in archive.read(name) for one in words)]


# ---- a child's own account shows nowhere (R33a)


async def test_R33a_a_reply_to_a_mature_minor_stands_in_no_parents_copy(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, mia = await family(shared)
        anns = (await shared.practice.images())[-2]
        await speaks_no_more(ann)
        await shared.lee.writes(f"!reply {anns.ref} come alone")
        await answers_as(ann, "10423", Relation.PARENT)
        await taps(shared.lee, "Mia")
        assert heard_with(mia, "come alone")
        assert await names_in_copy(shared, ann, "come alone", '"to": "Mia') == []
        assert await names_in_copy(shared, mia, "come alone")


async def test_R33a_that_a_mature_minor_got_a_copy_stands_in_no_parents_list(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, mia = await family(shared)
        await ann.sends_photo(JPEG + b"third", caption="another")
        await mia.writes("my copy")
        assert files_sent(shared, mia.own_room)
        await ann.writes("my images")
        assert "another" in ann.last_heard and "got a copy" not in ann.last_heard
        await mia.writes("my images")
        assert "you got a copy" in mia.last_heard


async def test_R33a_the_trace_of_a_mature_minors_own_photo_is_their_own_too(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, mia = await family(shared)
        own = await latest_image(shared)
        await shared.lee.writes(f"!reply {own.ref} come alone")
        await mia.writes("can I have the pill")
        await shared.kim.writes(f"!refile {own.ref} 10421 1984-03-07")
        await taps(shared.kim, "Move")
        assert await names_in_copy(shared, ann, "come alone", "pill", own.ref) == []
        assert await names_in_copy(shared, mia, own.ref)


# ---- what was agreed to stands under whose it was (R30)


async def test_R30_what_was_agreed_to_for_a_brother_or_sister_stands_in_no_other_list(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, mias, _toms = await siblings(shared)
        await shared.lee.writes(TEACHING.format(ref=mias.ref))
        await taps(ann, "Yes")
        await taps(ann, "Yes, I am sure")
        await shared.kim.writes(f"!refile {mias.ref} 10424 2013-12-01")
        await taps(shared.kim, "Move")
        await ann.writes("my images")
        assert "agreed" not in ann.last_heard and "said yes" not in ann.last_heard
        await shared.kim.writes(f"!refile {mias.ref} 10423 2015-12-01")
        await taps(shared.kim, "Move")
        await ann.writes("my images")
        assert "you said yes" in ann.last_heard


async def test_R30_the_page_to_sign_off_says_of_whom_it_was_agreed_to(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, _ann):
        await shared.taught()
        for moved, ref in (("10422 1990-05-02", ""), ("10421 1984-03-07", ""), ("10422 1990-05-02", shared.image.ref)):
            await shared.practice.after(minutes=1)
            await shared.kim.writes(f"!refile {shared.image.ref} {moved}")
            await taps(shared.kim, "Move")
            async with shared.practice.journal.reading() as rows:
                assert await agreements(rows, Wanted(mrn="10422", ref=ref)) == []
                found = await agreements(rows, Wanted(mrn="10421", ref=ref))
            assert [(one.answer, one.patient.name) for one in found] == [
                ("implied by sending", "Sam Patel"),
                ("granted", "Sam Patel"),
            ]


async def test_R2_what_a_colleague_attests_is_not_said_to_be_implied(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.sends_photo(JPEG + b"lee", caption=LINE)
        await taps(shared.lee, FILE)
        await shared.derm.sends_photo(JPEG + b"derm", caption=LINE.replace("10421", "99999"))
        await taps(shared.derm, FILE)
        async with shared.practice.journal.reading() as rows:
            found = await agreements(rows, Wanted())
        assert [(one.answer, one.by, one.capacity) for one in found] == [
            ("implied by sending", "Sam Patel", "self"),
            ("attested, verbal", "Dr Lee", "the colleague who obtained it from the patient"),
        ], "Dr Derm's is of nobody who is known here"


# ---- words about one child are not filed under another (R15)


async def test_R15_words_that_name_a_photo_are_filed_under_that_photo(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, mias, toms = await siblings(shared)
        await ann.writes(f"{mias.ref} is much worse today")
        await ann.writes("his hurts less")
        assert [one.image_id for one in await documents(shared, kind=EntryKind.ANSWER)] == [mias.id, toms.id]
        assert heard_with(ann, f"passed that on to the team ({mias.ref}, of Mia Patel)")
        await ann.writes(f"{mias.ref} and {toms.ref} are both better")
        await ann.writes("IMG-9999 is better")
        assert heard_with(ann, "one at a time") and heard_with(ann, "I don't know IMG-9999")
        assert len(await documents(shared, kind=EntryKind.ANSWER)) == 2


def replies_to(event_id: str) -> dict[str, object]:
    return {"m.in_reply_to": {"event_id": event_id}}


def in_thread_of(event_id: str) -> dict[str, object]:
    latest = {"m.in_reply_to": {"event_id": "$the-latest-in-it"}, "is_falling_back": True}
    return {"rel_type": "m.thread", "event_id": event_id, **latest}


@pytest.mark.parametrize("relation", [replies_to, in_thread_of])
async def test_R15_a_reply_belongs_to_the_photo_it_replies_to(
    tmp_path: Path, relation: Callable[[str], dict[str, object]]
) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, mias, _toms = await siblings(shared)
        await shared.lee.writes(f"!reply {mias.ref} How is it today?")
        (post,) = [post for post in shared.practice.posts_in(ann.own_room) if "How is it today" in post.body]
        content = {"msgtype": "m.text", "body": "worse", "m.relates_to": relation(post.event_id)}
        await shared.practice.receive(ann.arrival(ann.own_room, content))
        await shared.practice.settle()
        (said,) = await documents(shared, kind=EntryKind.ANSWER)
        assert said.image_id == mias.id


async def test_R15_what_is_said_of_one_photo_is_no_reason_of_another(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.sends_photo(JPEG + b"3")
        await shared.sam.writes(f"{shared.image.ref} is worse")
        assert (await latest_image(shared)).reason == ""
        assert [one.image_id for one in await documents(shared, kind=EntryKind.ANSWER)] == [shared.image.id]
        await shared.sam.writes("a mole")
        assert (await latest_image(shared)).reason == "a mole"


async def test_R15_the_same_photo_sent_for_another_child_is_another_image(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, mias, _toms = await siblings(shared)
        await ann.sends_photo(JPEG + b"tom", caption="this one is Mia's knee")
        await ann.writes("1")
        image = await latest_image(shared)
        assert image.patient_id == mias.patient_id and image.in_record
        assert await documents(shared, kind=EntryKind.ANSWER) == []
