"""Authority is asked when something takes effect: what ends, is held or begins between a question and its answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain import rooms
from bot.domain.breach import Breach
from bot.domain.entries import EntryKind
from bot.domain.image import HeldFor, State
from bot.domain.marks import KEY
from bot.domain.use import UseState
from bot.words.about_access import has_ended
from bot.words.about_handling import for_a_colleague
from tests.cases import TEACHING, Shared, answer_id, matches, pictures_in, polls_in, shared_practice, taps
from tests.households import (
    documents,
    enrolled,
    family,
    heard_with,
    latest_image,
    moved_to_ann,
    speaks_no_more,
    with_ann,
)
from tests.practice import JPEG, Someone
from tests.unit.test_more_attacks_on_words import siblings
from tests.unit.test_right_words import with_daughter
from tests.unit.test_two_people import desk_of, holds, linked


async def sam_decides_no_more(shared: Shared) -> Someone:
    """Ann decides for Sam, whose capacity was taken."""
    ann = await linked(shared, '!link 10421 decision-maker "Ann Patel"', "ann")
    await shared.lee.writes("!confirm 10421")
    await taps(shared.lee, "Yes")
    return ann


# ---- somebody else's picture in a copy is a breach, wherever its holder is now (R25)


async def breaches(shared: Shared) -> list[Breach]:
    async with shared.practice.journal.reading() as rows:
        return await rows.breaches.find()


@pytest.mark.parametrize("ended", ["lost", "left"])
async def test_R25_a_breach_is_opened_also_where_who_holds_the_copy_is_not_here(tmp_path: Path, ended: str) -> None:
    async with with_ann(tmp_path) as (shared, _ann):
        await shared.sam.writes("my copy")
        if ended == "lost":
            await shared.lee.writes("!lost @sam:hs.test")
        else:
            await shared.kim.writes("!patient-leaves 10421")
            await taps(shared.kim, "Leaves")
        before = len(shared.sam.heard)
        await moved_to_ann(shared)
        (breach,) = await breaches(shared)
        assert "can't be told from here" in breach.steps[-1]["what"]
        assert not [words for words in shared.sam.heard[before:] if "not yours" in words]


async def test_R25_a_parents_copy_of_both_children_is_no_breach_while_the_parent_is_paused(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, mias, _toms = await siblings(shared)
        await ann.writes("my copy")
        await taps(ann, "Mia")
        await shared.lee.writes("!lost @ann:hs.test")
        await shared.kim.writes(f"!refile {mias.ref} 10424 2013-12-01")
        await taps(shared.kim, "Move")
        assert await breaches(shared) == []


# ---- the dead are not asked about (R28a)


async def test_R28a_nobody_is_asked_whether_a_photo_shows_a_child_who_has_died(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, _mias, toms = await siblings(shared)
        await ann.sends_photo(JPEG + b"new")
        await shared.lee.writes("!died 10423")
        await taps(shared.lee, "Has died")
        before = len(ann.heard)
        await ann.writes("a bruise")
        assert not [words for words in ann.heard[before:] if "Mia" in words]
        assert "2. Tom Patel" in ann.last_heard, "the others keep their numbers"
        await ann.writes("2 a bruise")
        assert (await latest_image(shared)).patient_id == toms.patient_id


# ---- what is held shows nothing, and is not said to have (R28a)


async def test_R28a_what_a_no_holds_is_not_released_by_the_tap_that_comes_after(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"!forward {shared.image.ref} @derm:hs.test is this a melanoma?")
        await shared.lee.writes("!lost @sam:hs.test")
        await shared.sam.writes(f"no, don't share {shared.image.ref}")
        await taps(shared.lee, "Yes")
        (use,) = await shared.uses()
        assert use.state is UseState.ASKED and "is on hold" in shared.lee.last_heard
        assert not await documents(shared, kind=EntryKind.DISCLOSURE), "nobody was shown it"
        await shared.kim.writes(f"!go-on {shared.image.ref}")
        await taps(shared.lee, "Yes")
        (use,) = await shared.uses()
        assert use.state is UseState.RELEASED


# ---- who is told of an access (R33a)


async def test_R33_nobody_is_told_of_an_access_that_was_not_confirmed(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await linked(shared, '!link 10421 decision-maker "Ann Patel"', "ann")
        secret = answer_id(shared.practice, shared.kim.own_room, "Tell")
        await shared.lee.writes("!confirm 10421")
        await taps(shared.lee, "No")
        before = len(shared.sam.heard)
        await taps(shared.kim, "", secret=secret)
        assert shared.sam.heard[before:] == [] and shared.kim.last_heard == has_ended.english()


# ---- whose yes counts (R30, who may answer)


async def test_R30_the_yes_of_who_cannot_decide_alone_lets_no_photo_in_and_their_no_keeps_it_out(
    tmp_path: Path,
) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await sam_decides_no_more(shared)
        dana = await with_daughter(shared)
        await dana.sends_photo(JPEG + b"d", caption="dad's back")
        await taps(shared.sam, "Yes")
        image = await latest_image(shared)
        assert (image.state, image.held_for) == (State.HELD, HeldFor.SOMEBODY_ELSE)
        assert "agrees too" in shared.sam.last_heard
        await taps(ann, "Yes")
        assert (await latest_image(shared)).state is State.VERIFIED
        await dana.sends_photo(JPEG + b"e", caption="dad's foot")
        await taps(shared.sam, "No")
        assert (await latest_image(shared)).state is State.DISCARDED


async def test_R30_who_was_linked_after_sending_implied_nothing(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, _mias, _toms = await siblings(shared)
        await ann.sends_photo(JPEG + b"whose")
        await shared.practice.after(minutes=2)
        await shared.kim.writes('!enrol patient 10425 "Leo Patel" 2012-12-01 parent "Ann Patel"')
        await ann.enrol(shared.practice.last_code(shared.kim.own_room))
        image = await latest_image(shared)
        await matches(shared.kim, image.ref, "10425 2012-12-01")
        await ann.writes("a bruise")
        assert (await latest_image(shared)).in_record
        async with shared.practice.journal.reading() as rows:
            assert await rows.consents.find(image_id=image.id) == []
        await ann.writes(f"correct {image.ref} a bruise on his knee")
        async with shared.practice.journal.reading() as rows:
            assert await rows.consents.find(image_id=image.id) == []


async def test_R30_what_a_child_sent_alone_and_a_clinician_let_in_implies_nothing(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await enrolled(shared, '!enrol patient 10423 "Mia Patel" 2010-12-01 parent "Ann Patel"', "ann", "Ann")
        mia = await enrolled(shared, "!link 10423 self", "mia", "Mia")
        await mia.sends_photo(JPEG + b"mia's", caption="nobody else's business")
        await shared.lee.writes("!capacity 10423 mature-minor")
        image = await latest_image(shared)
        await shared.lee.writes(f"!keep {image.ref}")
        assert (await latest_image(shared)).in_record and "stays and goes into the record" in mia.last_heard
        async with shared.practice.journal.reading() as rows:
            assert await rows.consents.find(image_id=image.id) == []


async def test_R12_an_impaired_patients_new_words_widen_no_consent(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await sam_decides_no_more(shared)
        await shared.sam.writes(f"correct {shared.image.ref} something on my bottom")
        await shared.lee.writes(f"!forward {shared.image.ref} @derm:hs.test is this herpes?")
        await taps(shared.lee, "Yes")
        (use,) = await shared.uses()
        assert use.state is UseState.ASKED and polls_in(shared.practice, shared.lee.own_room)
        await taps(shared.lee, "Ann")
        assert "asks for permission" in ann.last_heard


# ---- who works here, as one of a patient's people (R28, R33)


async def a_parent_who_works_here(shared: Shared, mrn: str, someone: Someone, maker: Someone, name: str) -> None:
    await maker.writes(f'!link {mrn} parent "{name}"')
    await someone.enrol(shared.practice.last_code(maker.own_room))
    for _everybody_who_waits in range(2):
        await shared.lee.writes(f"!confirm {mrn}")
        await taps(shared.lee, "Yes")
    assert await holds(someone)


async def test_R28_a_reply_to_a_parent_who_works_here_is_judged_again_too(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        rita = await desk_of(shared)
        await shared.kim.writes('!enrol patient 10423 "Mia Patel" 2010-12-01')
        await a_parent_who_works_here(shared, "10423", rita, shared.kim, "Rita Smith")
        await rita.sends_photo(JPEG + b"m", "her rash", **{KEY: {"whose": "Mia Patel, born 1 December 2010"}})
        assert not (await latest_image(shared)).patient_id, "a page names the only one there is: that was no choice"
        await rita.writes("1")  # who works here says whose it is
        image = await latest_image(shared)
        await shared.lee.writes(f"!reply {image.ref} use the cream", settle=False)
        await shared.practice.inbox.drain()
        await speaks_no_more(rita)
        await shared.practice.settle()
        assert not heard_with(rita, "use the cream") and heard_with(shared.lee, "did not reach")


async def test_R33_a_manager_hands_over_by_law_nothing_of_whom_they_speak_for(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await family(shared)
        rita = await desk_of(shared)
        await a_parent_who_works_here(shared, "10423", shared.kim, rita, "Kim")
        image, before = await latest_image(shared), pictures_in(shared.practice, shared.kim.own_room)
        demand = 'basis "subpoena" authority "Court" recipient "Registrar" without telling the patient'
        await shared.kim.writes(f"!required-by-law {image.ref} {demand}")
        assert shared.kim.last_heard == for_a_colleague.english(image.ref), "not whose it is (R33a)"
        assert pictures_in(shared.practice, shared.kim.own_room) == before


# ---- reminders (R28, R33a)


async def test_R33a_a_reminder_names_no_photo_that_is_a_mature_minors_own_now(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await enrolled(shared, '!enrol patient 10423 "Mia Patel" 2010-12-01 parent "Ann Patel"', "ann", "Ann")
        mia = await enrolled(shared, "!link 10423 self", "mia", "Mia")
        await ann.sends_photo(JPEG + b"ann's", caption="her rash")
        anns = await latest_image(shared)
        await mia.sends_photo(JPEG + b"mia's", caption="hers")
        own = await latest_image(shared)
        await shared.lee.writes(f"!keep {own.ref}")
        await shared.lee.writes(TEACHING.format(ref=f"{anns.ref} {own.ref}"))
        await taps(shared.lee, "Ann")
        await shared.lee.writes("!capacity 10423 mature-minor")
        before = len(ann.heard)
        await shared.practice.after(days=5)
        assert not [words for words in ann.heard[before:] if own.ref in words]


# ---- what is read of a misfiled photo (R29, R30)


async def test_R29_an_adviser_reads_no_words_of_whose_it_was_not(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, ann):
        await moved_to_ann(shared)
        await shared.lee.writes(f"!forward {shared.image.ref} @derm:hs.test is this a melanoma?")
        await taps(shared.lee, "Yes")
        await taps(shared.lee, "Ann")
        await taps(ann, "Yes")
        said = shared.practice.seen_in(await shared.practice.room(rooms.case((await shared.uses())[-1].id)))
        assert said and not [words for words in said if "three days" in words]


async def test_R30_neither_a_stop_nor_a_demand_about_the_wrong_patient_is_told_as_the_right_ones(
    tmp_path: Path,
) -> None:
    async with with_ann(tmp_path) as (shared, ann):
        law = f'!required-by-law {shared.image.ref} basis "R v Sam Patel" authority "Local Court" recipient "Registrar"'
        await shared.kim.writes(law)
        await shared.sam.writes(f"withdraw {shared.image.ref}")
        await moved_to_ann(shared)
        await ann.writes("my images")
        assert "Any other use was stopped" in ann.last_heard and "while it lay in a wrong record" in ann.last_heard
        assert "Sam" not in ann.last_heard and "You stopped" not in ann.last_heard
        await ann.writes(f"withdraw {shared.image.ref}")
        assert "Sam" not in ann.last_heard and "while it lay in a wrong record" in ann.last_heard


# ---- what a list says (R24, R28)


async def test_R28_who_does_not_decide_for_whom_it_shows_reads_no_name_in_their_list(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        dana = await with_daughter(shared)
        await dana.sends_photo(JPEG + b"d", caption="dad's back")
        await dana.writes("my images")
        ref = (await latest_image(shared)).ref
        assert ref in dana.last_heard and "on hold" in dana.last_heard and "Sam" not in dana.last_heard
        await dana.writes(f"withdraw {ref}")
        assert (await latest_image(shared)).state is State.DISCARDED, "it is still theirs to take back"


async def test_R24_what_one_parent_agreed_to_is_not_said_to_be_the_others(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await enrolled(shared, '!enrol patient 10423 "Mia Patel" 2015-12-01 parent "Ann Patel"', "ann", "Ann")
        bob = await enrolled(shared, '!link 10423 parent "Bob Quill"', "bob", "Bob")
        await bob.sends_photo(JPEG + b"b", caption="rash")
        await shared.lee.writes(TEACHING.format(ref=(await latest_image(shared)).ref))
        await taps(bob, "Yes")
        await taps(bob, "Yes, I am sure")
        await ann.writes("my images")
        assert "for education." in ann.last_heard and "agreed" not in ann.last_heard
        await bob.writes("my images")
        assert "for education, as you agreed" in bob.last_heard
