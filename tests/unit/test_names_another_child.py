"""Words that name one child are never filed under another whom the same person answers for (R15)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.conversation import QuestionState
from bot.domain.entries import EntryKind
from bot.domain.identifiers import PatientId
from bot.domain.image import Image, State
from bot.heard.family import Family
from bot.heard.given_names import without_name
from bot.heard.kin import shows_another
from bot.heard.plain import plain
from bot.heard.whose import chosen
from tests.cases import TEACHING, Shared, taps
from tests.households import documents, latest_image, with_children
from tests.practice import JPEG
from tests.unit.test_answers_for_their_photo import said_of

ANN, MIA, LEO = PatientId("ann"), PatientId("mia"), PatientId("leo")
PATELS = Family({ANN: "Ann Patel", MIA: "Mia Patel", LEO: "Leo Patel"}, ANN, answers_for_others=True)


@pytest.mark.parametrize(
    ("words", "another"),
    [
        ("Leo cut his knee", True),
        ("Leo's knee", True),
        ("my own rash", True),
        ("this is not Mia, it is Leo", True),
        ("rash", False),
        ("Mia's rash, caught from Leo", False),
        ("rash on her arm. Thanks, Ann", False),
        ("itchy since Monday\nAnn x", False),
        ("rash, it's Ann's", True),
    ],
)
def test_R15_words_name_another_child_or_none(words: str, another: bool) -> None:
    assert PATELS.names_another(words, MIA) is another


def test_R15_somebody_who_answers_for_one_names_nobody_else() -> None:
    assert not Family({MIA: "Mia Patel"}, answers_for_others=True).names_another("Leo cut his knee", MIA)


# ---- what a photo is about


@pytest.mark.parametrize("words", ["Leo cut his knee", "Leo's knee"])
async def test_R15_a_reason_that_names_another_child_files_nothing_and_asks_again_whose_it_is(
    tmp_path: Path, words: str
) -> None:
    async with with_children(tmp_path) as (shared, ann):
        await ann.sends_photo(JPEG + b"knee")
        await ann.writes("2")
        await ann.writes(words)
        image = await latest_image(shared)
        assert (image.state, image.patient_id, image.reason) == (State.CAPTURED, "", words)
        assert "name somebody else than Mia Patel" in "\n".join(ann.heard)
        assert f"Whose photo is {image.ref}?" in ann.last_heard
        await ann.writes("3")
        assert await said_of(shared, 1) == [("Leo Patel", words)]


async def test_R15_who_was_told_that_the_words_name_another_may_say_so_once_more(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        await ann.sends_photo(JPEG + b"rash")
        await ann.writes("2")
        await ann.writes("caught this rash from Leo")
        await ann.writes("2")
        assert await said_of(shared, 1) == [("Mia Patel", "caught this rash from Leo")]


@pytest.mark.parametrize("words", ["Leo cut his knee", "Leo's knee"])
async def test_R15_a_caption_that_names_another_child_than_the_one_chosen_is_asked_about(
    tmp_path: Path, words: str
) -> None:
    async with with_children(tmp_path) as (shared, ann):
        await ann.sends_photo(JPEG + b"knee", caption=words)
        await ann.writes("2")
        image = await latest_image(shared)
        assert (image.state, image.patient_id) == (State.CAPTURED, "")
        assert f"Whose photo is {image.ref}?" in ann.last_heard
        await ann.writes("3")
        assert await said_of(shared, 1) == [("Leo Patel", words)]


async def test_R15_of_two_photos_only_the_one_whose_caption_names_another_is_asked_about(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        await ann.sends_photo(JPEG + b"1", caption="Mia's rash")
        await ann.sends_photo(JPEG + b"2", caption="Leo cut his knee")
        await ann.writes("2")
        assert await said_of(shared) == [("Mia Patel", "Mia's rash"), ("", "Leo cut his knee")]
        await ann.writes("3")
        assert await said_of(shared) == [("Mia Patel", "Mia's rash"), ("Leo Patel", "Leo cut his knee")]


# ---- words about a photo


async def written(shared: Shared, image: Image) -> int:
    """Return how often words were filed with this photo."""
    return sum(document.kind is EntryKind.ANSWER for document in await documents(shared, image_id=image.id))


async def test_R15_words_that_name_another_child_are_filed_with_that_childs_photo_or_with_none(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        await ann.sends_photo(JPEG + b"mia", caption="rash")
        await ann.writes("2")
        mia = await latest_image(shared)
        await ann.writes("Leo's knee is worse today")
        assert "I haven't passed that on" in ann.last_heard
        assert await written(shared, mia) == 0
        await ann.sends_photo(JPEG + b"leo", caption="cut his knee")
        await ann.writes("3")
        leo = await latest_image(shared)
        await ann.writes("Mia's rash is worse today")
        await ann.writes("Leo's knee too")
        assert (await written(shared, mia), await written(shared, leo)) == (1, 1)
        assert f"{leo.ref}, of Leo Patel" in ann.last_heard


async def test_R34_alarm_words_about_a_child_without_a_photo_reach_the_team_and_are_not_given_back(
    tmp_path: Path,
) -> None:
    async with with_children(tmp_path) as (shared, ann):
        await ann.sends_photo(JPEG + b"mia", caption="rash")
        await ann.writes("2")
        await ann.writes("Leo can't breathe")
        heard = "\n".join(ann.heard)
        assert "call 000" in heard and "I haven't passed that on" not in heard
        team = shared.practice.seen_in(await shared.practice.practice_room())
        assert "can't breathe" in "\n".join(team)


async def test_R34_a_no_that_names_a_child_without_a_photo_is_a_no_all_the_same(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        await ann.sends_photo(JPEG + b"mia", caption="rash")
        await ann.writes("2")
        await shared.lee.writes(TEACHING.format(ref=(await latest_image(shared)).ref))
        await ann.writes("no, Leo has a fever and can't breathe well")
        assert "000" in "\n".join(ann.heard)


async def test_R15_the_photo_of_the_child_named_is_held_and_the_question_says_whose_it_is(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        for number, child in enumerate(("2", "3")):
            await ann.sends_photo(JPEG + bytes([number]), caption="rash")
            await ann.writes(child)
        mia, leo = (await shared.practice.images())[-2:]
        await ann.writes("please delete the photo of Mia")
        assert f"{mia.ref} (Mia Patel)" in ann.last_heard and leo.ref not in ann.last_heard
        await taps(ann, "Yes")
        assert [image.stopped for image in (await shared.practice.images())[-2:]] == [True, False]


@pytest.mark.parametrize(
    ("words", "another"),
    [
        ("that's not Mia", True),
        ("that isn't Leo but the boy next door", True),
        ("not Mia its Leo", False),
        ("rash on Mia", False),
    ],
)
def test_R15_it_is_said_of_any_name_that_a_photo_shows_nobody_they_answer_for(words: str, another: bool) -> None:
    names = ("Mia Patel", "Leo Patel")
    assert shows_another(without_name(plain(words), names), answers_for_others=True) is another


async def test_R34_two_photos_asked_back_one_after_the_other_are_one_question_and_a_no_keeps_both(
    tmp_path: Path,
) -> None:
    async with with_children(tmp_path) as (shared, ann):
        for number, child in enumerate(("2", "3")):
            await ann.sends_photo(JPEG + bytes([number]), caption="rash")
            await ann.writes(child)
        for image in (await shared.practice.images())[-2:]:
            await ann.writes(f"{image.ref} please delete that pic")
        mia, leo = (await shared.practice.images())[-2:]
        assert f"{mia.ref} (Mia Patel) and {leo.ref} (Leo Patel)" in ann.last_heard
        await ann.writes("no")
        assert "stay" in ann.last_heard and mia.ref in ann.last_heard and leo.ref in ann.last_heard
        async with shared.practice.journal.reading() as rows:
            assert not [asked for asked in await rows.questions.find() if asked.state is QuestionState.OPEN]


# ---- an answer for each of several photos


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("2 rash, 3 cut knee", None),
        ("2 rash and 1 cut knee", None),
        ("2 rash\n3 knee", None),
        ("2 rash, 3 days now", 2),
        ("2 rash, 3 spots", 2),
        ("2 rash and 3 more below", 2),
        ("2 rash, since 1 march", 2),
        ("2 rash", 2),
    ],
)
def test_R15_an_answer_that_chooses_two_chooses_none(words: str, number: int | None) -> None:
    found = chosen(words, ("Ann Patel", "Mia Patel", "Leo Patel"))
    assert (found.number if found else None) == number


async def test_R15_photos_of_two_children_are_told_apart_by_their_references(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        await ann.sends_photo(JPEG + b"1")
        await ann.sends_photo(JPEG + b"2")
        await ann.writes("2 rash, 3 cut knee")
        first, second = (await shared.practice.images())[-2:]
        assert (first.patient_id, second.patient_id) == ("", "")
        assert f"begin with the reference: “{first.ref} 1”" in ann.last_heard
        await ann.writes(f"{first.ref} 2 rash")
        await ann.writes(f"{second.ref} 3 cut knee")
        assert await said_of(shared) == [("Mia Patel", "rash"), ("Leo Patel", "cut knee")]
