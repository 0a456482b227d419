"""Who answers for several says that a photo is another's than was said: it is held, and one tap says whose it is (R15)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.conversation import Open
from bot.domain.document import DOUBTS
from bot.domain.identifiers import DocumentId, PersonId
from bot.domain.image import HeldFor, Image, State
from bot.domain.use import UseState
from bot.heard.in_turn import hear_in_turn
from bot.heard.only_whose import chosen_instead, says_wrong_child
from bot.heard.patient import Written
from tests.cases import TEACHING, Shared, shared_practice, taps
from tests.households import answered_in_app, documents, enrolled, latest_image, with_children
from tests.practice import JPEG, Someone
from tests.unit.test_answers_for_their_photo import said_of
from tests.unit.test_names_decide import PATELS, one_of_each, uses
from tests.unit.test_patients_who_work_here import works_here


async def of_mia(shared: Shared, ann: Someone, *words: str) -> Image:
    await ann.sends_photo(JPEG + b"mia")
    for said in words or ("2 rash",):
        await ann.writes(said)
    return await latest_image(shared)


async def held(shared: Shared) -> list[str]:
    """Return the references of those held because of whose they are said to be."""
    return [one.ref for one in await shared.practice.images() if one.held_for is HeldFor.SOMEBODY_ELSE]


async def team(shared: Shared) -> str:
    return "\n".join(shared.practice.seen_in(await shared.practice.practice_room()))


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("sorry, 3", 3),
        ("no, Leo", 3),
        ("3, sorry", 3),
        ("oops Leo not Mia", 3),
        ("I meant 3", 3),
        ("sorry, 3, cut knee", 3),
        ("3", None),
        ("Leo", None),
        ("Hi, this is Ann", None),
        ("sorry, 2 pm is fine", None),
        ("sorry, 2 days ago", None),
        ("sorry, 7", None),
        ("no that was the wrong one", None),
    ],
)
def test_R15_another_choice_is_heard_where_they_say_so(words: str, number: int | None) -> None:
    said = chosen_instead(words, PATELS)
    assert (said.number if said else None) == number


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ("wrong child", True),
        ("Oh sorry, that's the wrong kid!", True),
        ("I picked the wrong name", True),
        ("wrong photo", False),
        ("the wrong child was bitten", False),
        ("is it the wrong child?", False),
    ],
)
def test_R15_wrong_child_says_that_and_no_more(words: str, wrong: bool) -> None:
    assert says_wrong_child(words) is wrong


@pytest.mark.parametrize("words", ["no, Leo's", "sorry, Leo", "no, 3"])
def test_R15_while_it_is_asked_what_to_withdraw_no_other_is_chosen(words: str) -> None:
    """They may say which: "no, Leo's"."""
    said = Written(words, frozenset({Open.WITHDRAW}), photos=2, family=PATELS, chose_last=PATELS)
    assert not hear_in_turn(said).again
    assert hear_in_turn(replace(said, open=frozenset())).again


@pytest.mark.parametrize("first", [("2 rash",), ("2", "rash")])
@pytest.mark.parametrize("words", ["sorry, 3", "no, Leo", "3, sorry"])
async def test_R15_another_choice_after_filing_holds_what_the_first_filed(
    tmp_path: Path, first: tuple[str, ...], words: str
) -> None:
    async with with_children(tmp_path) as (shared, ann):
        await ann.sends_photo(JPEG + b"older")
        await ann.writes("3 wart")
        mia = await of_mia(shared, ann, *first)
        await ann.writes(words)
        assert await held(shared) == [mia.ref]
        assert f"{mia.ref}, in Mia Patel's name, shows Leo Patel. It is on hold" in ann.last_heard
        assert f"{mia.ref} says that it shows Leo Patel" in await team(shared)
        assert [one.author_id for one in await documents(shared, image_id=mia.id, text="")] != []


async def test_R15_the_number_of_whom_it_is_already_changes_nothing(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        mia = await of_mia(shared, ann)
        await ann.writes("sorry, 2")
        assert await held(shared) == []
        assert f"{mia.ref} is in Mia Patel's name already" in ann.last_heard


async def test_R15_after_a_clinician_wrote_a_number_chooses_nobody(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        mia = await of_mia(shared, ann)
        await shared.lee.writes(f"!reply {mia.ref} how many days?")
        await ann.writes("sorry, 3")
        assert await held(shared) == [] and "passed that on" in ann.last_heard


async def test_R15_wrong_child_before_the_reason_asks_again_whose_it_is(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        mia = await of_mia(shared, ann, "2", "wrong child")
        assert f"Whose photo is {mia.ref}" in ann.last_heard
        for words in ("3", "no", "cut knee"):
            await ann.writes(words)
        assert await said_of(shared, 1) == [("Leo Patel", "cut knee")]


async def test_R15_a_no_to_taking_back_does_not_undo_another_choice(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        await of_mia(shared, ann, "2", "wrong photo", "3", "no", "cut knee")
        assert await said_of(shared, 1) == [("Leo Patel", "cut knee")]


@pytest.mark.parametrize("words", [("wrong child",), ("wrong photo", "it's Leo's")])
async def test_R15_wrong_child_after_filing_is_held_whatever_no_comes_after_it(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    async with with_children(tmp_path) as (shared, ann):
        mia = await of_mia(shared, ann, "2 rash", *words, "no")
        assert await held(shared) == [mia.ref]


async def test_R34_wrong_child_answers_no_request(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        mia = await of_mia(shared, ann)
        await shared.lee.writes(TEACHING.format(ref=mia.ref))
        await ann.writes("wrong child")
        assert await held(shared) == [mia.ref]
        assert UseState.REFUSED not in (await uses(shared)).values()


async def test_R15_which_of_several_to_withdraw_is_answered_by_a_name(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        mia, leo = await one_of_each(shared, ann)
        await ann.writes("please delete the photos of Mia and Leo")
        await ann.writes("it's Leo's")
        assert await held(shared) == [] and mia.ref in ann.last_heard and leo.ref in ann.last_heard


@pytest.mark.parametrize("reason", [True, False])
async def test_R15_wrong_child_from_who_answers_for_one_child_is_held_too(tmp_path: Path, reason: bool) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await enrolled(shared, '!enrol patient 10423 "Mia Patel" 2015-12-01 parent "Ann Patel"', "ann", "Ann")
        await ann.sends_photo(JPEG + b"mia", caption="rash" if reason else "")
        mia = await latest_image(shared)
        for words in ("wrong child", "no"):
            await ann.writes(words)
        assert await held(shared) == [mia.ref]


async def test_R33_wrong_child_about_a_colleagues_photo_holds_no_photo_of_their_own_child(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        await one_of_each(shared, ann)
        await works_here(shared, ann, "Ann Patel", "clinician")
        for mrn in ("10422", "10431", "10432"):
            await shared.lee.writes(f"!confirm {mrn}")
            await taps(shared.lee, "Yes")
        await ann.sends_photo(JPEG + b"of a patient")
        for words in ("wrong child", "it's Leo", "sorry, 3"):
            await ann.writes(words)
        assert await held(shared) == []


# ---- the tap


async def test_R15_what_was_said_before_the_next_photo_is_taken_back_with_one_tap(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        mia = await of_mia(shared, ann)
        await ann.writes("this one is Leo")
        await ann.sends_photo(JPEG + b"leo")
        assert await held(shared) == [mia.ref]
        await taps(ann, "Mia Patel")
        assert await held(shared) == []
        await ann.writes("3 cut knee")
        assert await said_of(shared) == [("Mia Patel", "rash"), ("Leo Patel", "cut knee")]
        assert "stays" in "\n".join(ann.heard)


async def test_R15_the_tap_says_to_the_team_whose_it_is_and_moves_nothing(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        mia = await of_mia(shared, ann, "2 rash", "wrong child")
        assert "shows somebody else. It is on hold" in ann.last_heard
        await taps(ann, "Leo Patel")
        after = await latest_image(shared)
        assert (after.state, after.patient_id) == (State.HELD, mia.patient_id)
        assert f"{mia.ref} says that it shows Leo Patel" in await team(shared) and "I have told" in ann.last_heard


async def test_R15_the_tap_takes_back_no_more_than_they_said(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        mia = await of_mia(shared, ann, "2 rash", "wrong child")
        await shared.kim.writes(f"!refile {mia.ref} 10432 2018-05-06")
        await taps(shared.kim, "Move")
        await taps(ann, "Mia Patel")
        assert await said_of(shared, 1) == [("Leo Patel", "rash")] and await held(shared) == [mia.ref]
        assert f"{mia.ref} says that it shows Mia Patel" in await team(shared)


async def test_R15_the_tap_takes_back_nothing_that_another_said(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        mia = await of_mia(shared, ann, "2 rash", "wrong child")
        async with shared.practice.journal.transaction() as rows:
            (said,) = [one for one in await rows.documents.of_images([mia.id]) if one.facts.get("as") in DOUBTS]
            await rows.documents.add(replace(said, id=DocumentId("by-dad"), author_id=PersonId("dad")))
        await taps(ann, "Mia Patel")
        assert await held(shared) == [mia.ref]


# ---- a name alone, in reply


async def test_R15_the_name_of_whom_it_is_in_reply_to_it_is_answered(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        sent = await ann.sends_photo(JPEG + b"leo")
        await ann.writes("3 rash")
        leo = await latest_image(shared)
        await ann.writes("Leo", **answered_in_app(sent.event_id))
        assert f"{leo.ref} is in Leo Patel's name already" in ann.last_heard and await held(shared) == []


async def test_R15_the_name_of_another_in_reply_to_a_photo_holds_it(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        sent = await ann.sends_photo(JPEG + b"mia")
        await ann.writes("2 rash")
        mia = await latest_image(shared)
        await ann.sends_photo(JPEG + b"other")
        await ann.writes("Leo", **answered_in_app(sent.event_id))
        assert await held(shared) == [mia.ref]
        assert not (await latest_image(shared)).patient_id
