"""The right person, attacked from outside: names, lists, second people and old capacities that come back (R28–R33a)."""

from __future__ import annotations

import json
from pathlib import Path

from bot.domain.image import HeldFor, State
from bot.words.about_rights import NOTHING_HELD
from tests.cases import TEACHING, polls_in, shared_practice, taps
from tests.households import enrolled, family, heard_with, latest_image, moved_to_ann, with_ann
from tests.practice import JPEG
from tests.unit.test_my_copy import files_sent, opened
from tests.unit.test_two_people import desk_of, holds, linked, patient, person_of

# ---- two people (R33)


async def test_R33_who_decided_once_decides_no_more_when_capacity_is_taken_for_another(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await linked(shared, '!link 10421 decision-maker "Ann Patel"', "ann")
        await shared.lee.writes("!confirm 10421")
        await taps(shared.lee, "Yes")
        await shared.lee.writes("!capacity 10421 has")
        bob = await linked(shared, '!link 10421 decision-maker "Bob Patel"', "bob")
        await shared.lee.writes("!confirm 10421")
        await taps(shared.lee, "Yes")
        async with shared.practice.journal.reading() as rows:
            tx = shared.practice.dispatch.transaction(rows)
            able = await tx.answerers((await patient(shared.practice)).id)
        assert set(able) == {(await person_of(bob)).id}


async def test_R33_who_left_and_came_back_is_no_second_person_for_their_own_invitation(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        rita = await desk_of(shared)
        await linked(shared, "!link 10421", "too", rita)
        await shared.kim.writes("!leaves @rita:hs.test")
        again = await desk_of(shared)
        await again.writes("!confirm 10421")
        assert polls_in(shared.practice, again.own_room) == []


# ---- names and lists (R30, R33a)


async def test_R33a_no_parent_hears_of_what_a_childs_own_account_sent_before_a_clinician_let_it_in(
    tmp_path: Path,
) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await enrolled(shared, '!enrol patient 10423 "Mia Patel" 2010-12-01 parent "Ann Patel"', "ann", "Ann")
        mia = await enrolled(shared, "!link 10423 self", "mia", "Mia")
        before = len(ann.heard)
        await mia.sends_photo(JPEG + b"mia's", caption="nobody else's business")
        assert (await latest_image(shared)).state is State.HELD and len(ann.heard) == before
        await ann.writes("my images")
        assert ann.last_heard.startswith(NOTHING_HELD)


async def test_R30_whose_record_it_lay_in_by_mistake_is_named_in_no_other_patients_list(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, ann):
        await shared.taught()
        await shared.sam.writes("my copy")
        await moved_to_ann(shared)
        await ann.writes("my images")
        assert f"{shared.image.ref}, " in ann.last_heard and "Shown to Dr Derm for education" in ann.last_heard
        assert "Somebody else got a copy" in ann.last_heard
        assert "three days" not in ann.last_heard, "Sam's words"
        assert (
            "Sam" not in ann.last_heard and "as you agreed" not in ann.last_heard and "said yes" not in ann.last_heard
        )


async def test_R33a_one_parent_reads_the_others_name_only_where_that_was_chosen(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await enrolled(shared, '!enrol patient 10423 "Mia Patel" 2010-12-01 parent "Ann Patel"', "ann", "Ann")
        bob = await enrolled(shared, '!link 10423 parent "Bob Quill"', "bob", "Bob")
        await bob.sends_photo(JPEG + b"b", caption="rash")
        await ann.writes("my images")
        assert "IMG-" in ann.last_heard and "sent it" not in ann.last_heard and not heard_with(ann, "Bob")
        await bob.writes("my images")
        assert "you sent it" in bob.last_heard


async def test_R33_a_further_decision_maker_waits_for_a_second_person_too(tmp_path: Path) -> None:
    """Also after a death that was a mistake: nothing but the loss of capacity is left of what two people confirmed."""
    async with shared_practice(tmp_path) as shared:
        rita = await desk_of(shared)
        await linked(shared, '!link 10421 decision-maker "Ann Patel"', "ann")
        await shared.lee.writes("!confirm 10421")
        await taps(shared.lee, "Yes")
        bob = await linked(shared, '!link 10421 decision-maker "Bob Patel"', "bob", rita)
        assert not await holds(bob)
        await shared.kim.writes("!confirm 10421")
        await taps(shared.kim, "Yes")
        assert await holds(bob)


async def test_R30_whose_record_it_lay_in_by_mistake_stands_in_no_other_patients_copy(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, ann):
        await shared.lee.writes(f"!reply {shared.image.ref} It is harmless.")
        await shared.sam.writes("It itches at night.")
        await shared.sam.writes("my copy")
        await moved_to_ann(shared)
        await ann.writes("my copy")
        (sent,) = files_sent(shared, ann.own_room)
        archive = opened(shared, sent)
        held = {name: archive.read(name) for name in archive.namelist()}
        assert held[f"{shared.image.ref}.jpg"].startswith(b"clean copy"), "what the original hides is Sam's"
        assert not [name for name, data in held.items() if b"Sam Patel" in data or b"@sam:" in data]
        (image,) = [one for one in json.loads(held["record.json"])["entries"] if one["kind"] == "image"]
        assert b"itches" not in held["index.html"], "Sam's words"
        assert image["facts"]["reason"] == "" and b"three days" not in held["index.html"]
        assert image["facts"]["consent"] is None, "what Sam agreed to is no consent of Ann's"


async def test_R33a_one_parents_copy_names_the_other_only_where_that_was_chosen(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await enrolled(shared, '!enrol patient 10423 "Mia Patel" 2010-12-01 parent "Ann Patel"', "ann", "Ann")
        bob = await enrolled(shared, '!link 10423 parent "Bob Quill"', "bob", "Bob")
        await bob.sends_photo(JPEG + b"b", caption="rash")
        for reader, named in ((ann, False), (bob, True)):
            await reader.writes("my copy")
            (sent,) = files_sent(shared, reader.own_room)
            archive = opened(shared, sent)
            assert any(b"Bob Quill" in archive.read(name) for name in archive.namelist()) is named


async def test_R33a_what_a_mature_minor_said_of_a_parents_photo_shows_the_parent_nothing(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, mia = await family(shared)
        theirs = (await shared.practice.images())[-2]
        await shared.lee.writes(TEACHING.format(ref=theirs.ref))
        await taps(ann, "Yes")
        await taps(ann, "Yes, I am sure")
        await taps(mia, "No")
        await ann.writes("my images")
        assert "you said yes" in ann.last_heard and "said no" not in ann.last_heard
        await ann.writes("my copy")
        (sent,) = files_sent(shared, ann.own_room)
        listed = json.loads(opened(shared, sent).read("record.json"))["entries"]
        assert [one["facts"]["answer"] for one in listed if one["kind"] == "consent"] == ["granted"]


# ---- whose photo (R30)


async def test_R30_a_colleague_who_may_not_answer_for_a_patient_files_nothing_as_their_own(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes('!link 10421 child "Dr Lee"')
        await shared.lee.enrol(shared.practice.last_code(shared.kim.own_room))
        rita = await desk_of(shared)
        await rita.writes("!confirm 10421")
        await taps(rita, "Yes")
        await shared.lee.sends_photo(JPEG + b"2")
        await taps(shared.lee, "It is of me")
        await shared.lee.writes("a rash")
        await shared.practice.after(hours=1)
        image = await latest_image(shared)
        assert (image.state, image.held_for) == (State.HELD, HeldFor.SOMEBODY_ELSE)


async def test_R33_a_parent_does_not_become_their_child_with_the_childs_own_code(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await enrolled(shared, '!enrol patient 10423 "Mia Patel" 2008-11-26 parent "Ann Patel"', "ann", "Ann")
        await shared.practice.after(days=4)
        await ann.enrol(shared.practice.last_code(shared.kim.own_room))  # it came for Mia, who is 18 now
        assert not await holds(ann) and (await person_of(ann)).name == "Ann Patel"
        await ann.writes("my copy")
        assert files_sent(shared, ann.own_room) == []
