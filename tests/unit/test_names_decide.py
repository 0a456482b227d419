"""A name decides which child's photo, question and request words are about, however it is written (R15)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.conversation import About, QuestionState
from bot.domain.entries import EntryKind
from bot.domain.image import Image
from bot.domain.use import UseState
from bot.heard.given_names import given_names_in
from bot.heard.only_whose import chosen_again, only_whose
from bot.heard.whose import chosen
from tests.cases import TEACHING, Shared, shared_practice, taps
from tests.households import answered_in_app, documents, latest_image, with_children
from tests.practice import JPEG, Someone
from tests.unit.test_answers_for_their_photo import said_of
from tests.unit.test_patients_who_work_here import works_here

PATELS = ("Ann Patel", "Mia Patel", "Leo Patel")


async def one_of_each(shared: Shared, ann: Someone) -> tuple[Image, Image]:
    """File a photo of Mia, and then one of Leo; return them."""
    for words in ("2 rash", "3 cut knee"):
        await ann.sends_photo(JPEG + words.encode())
        await ann.writes(words)
    mia, leo = (await shared.practice.images())[-2:]
    return mia, leo


async def now(shared: Shared, image: Image) -> Image:
    return next(one for one in await shared.practice.images() if one.id == image.id)


async def is_asked_back(shared: Shared, image: Image) -> bool:
    """Return whether it is asked whether to take this photo back, or it is held already."""
    async with shared.practice.journal.reading() as rows:
        asked = [one for one in await rows.questions.find(about=About.WITHDRAW) if one.state is QuestionState.OPEN]
    after = await now(shared, image)
    return after.held_for is not None or after.stopped or any(image.id in one.image_ids for one in asked)


async def uses(shared: Shared) -> dict[str, UseState]:
    """Return how the use of each photo stands, by its reference."""
    refs = {image.id: image.ref for image in await shared.practice.images()}
    return {refs[use.image_ids[0]]: use.state for use in await shared.uses()}


async def asked_for_both(shared: Shared, ann: Someone) -> dict[str, str]:
    """Ask for consent about a photo of each child; return the number of each request, by the child's name."""
    numbers: dict[str, str] = {}
    for name, image in zip(("Mia", "Leo"), await one_of_each(shared, ann), strict=True):
        await shared.lee.writes(TEACHING.format(ref=image.ref))
        async with shared.practice.journal.reading() as rows:
            found = [one.number for one in await rows.choices.find(about="specific-consent") if one.number]
        numbers[name] = next(number for number in found if number not in numbers.values())
    return numbers


# ---- names as they are written


@pytest.mark.parametrize(
    ("names", "words", "whose"),
    [
        (("Zoë Gray", "José Gray"), "Jose's knee", {2}),
        (("Zoe Gray", "Jose Gray"), "Zoë's knee", {1}),
        (("Anne-Marie Gray", "Jean-Luc Gray"), "Jean Luc's knee", {2}),
        (("Anne-Marie Gray", "Jean-Luc Gray"), "jean-luc's knee", {2}),
        (("Li Wei", "Li Na"), "Wei has a rash", {1}),
        (("Charlotte Gray", "Benjamin Gray"), "Ben's knee", {2}),
        (("Robert Gray", "Leo Gray"), "Bob's knee", {1}),
        (("Bob Gray", "Leo Gray"), "Robert has a rash", {1}),
        (("Robert Gray", "Leo Gray"), "robbie's knee", {1}),
        (("Robert Gray", "Leo Gray"), "bob's knee", {1}),
        (("Francis Gray", "Mia Gray"), "frank blood in her nappy", set()),
        (("Francis Gray", "Mia Gray"), "Frank blood in her nappy", set()),
        (("Francis Gray", "Mia Gray"), "Frank's rash", {1}),
        (("Rebecca Gray", "Mia Gray"), "still red bec she scratches", set()),
        (("Bobby Gray", "Leo Gray"), "Bob's knee", {1}),
        (("Robert Gray", "Bob Gray"), "Bob's knee", {2}),
        (("Elizabeth Gray", "Leo Gray"), "libby has a rash", {1}),
        (("Charles Gray", "Charlotte Gray"), "Charlie's knee", {1, 2}),
        (("William Gray", "Leo Gray"), "burnt on the billy", set()),
        (("Theodore Gray", "Leo Gray"), "his teddy is wet", set()),
        (("William Gray", "Leo Gray"), "Billy burnt himself", {1}),
        (("Jack Gray", "Leo Gray"), "John has it too", set()),
        (("Will Gray", "Rose Gray"), "rose cut her knee", {2}),
        (("Leo Gray", "Leo Brown"), "Leo Brown cut his knee", {2}),
        (("Leo Gray", "Leo Brown"), "Leo has brown spots", {1, 2}),
        (("Mark Gray", "Leo Gray"), "a red mark, it will heal", set()),
        (("May Gray", "Leo Gray"), "It started in May", set()),
        (("May Gray", "Leo Gray"), "since 3 May", set()),
        (("May Gray", "Leo Gray"), "May has a rash", {1}),
        (("Theo Gray", "Herbert Gray"), "The rash on her arm. Her arm", set()),
    ],
)
def test_R15_a_given_name_is_known_however_it_is_written(names: tuple[str, ...], words: str, whose: set[int]) -> None:
    assert frozenset().union(*given_names_in(words, names)) == whose


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("Leo rash", 3),
        ("Leo Patel, cut knee since Monday", 3),
        ("Leo cut his knee", 3),
        ("(3) rash", 3),
        ("no. 3 rash", 3),
        ("three", 3),
        ("two rashes", None),
        ("Mia gave it to her brother", None),
        ("Mia bit Leo", None),
        ("Leo is fine", None),
        ("2, 3", None),
        ("2 3", None),
        ("2 and 3", None),
        ("2 cut, 3/10 pain", 2),
        (
            "2 red marks",
            None,
        ),  # two marks, or Mia: to ask costs one answer more, to guess may file it for the wrong child
    ],
)
def test_R15_an_answer_chooses_one_child_or_none(words: str, number: int | None) -> None:
    found = chosen(words, PATELS)
    assert (found.number if found else None) == number


@pytest.mark.parametrize(
    "words",
    [
        "that photo is Leo's",
        "it's Leo",
        "its leos",
        "sorry, I meant Leo",
        "wrong one, it's Leo",
        "that's not Mia, it's Leo",
        "it's for Leo, not Mia",
        "move it to Leo please",
        "That is Leo Patel",
    ],
)
def test_R15_words_that_say_only_whose_it_is_are_known(words: str) -> None:
    again = chosen_again(words, PATELS)
    assert only_whose(words, PATELS) == {3} and again is not None and again.number == 3


@pytest.mark.parametrize(
    "words", ["Leo", "it's Leo's knee", "is it Leo?", "it's Leo, he fell", "that's Mia and Leo", ""]
)
def test_R15_words_that_say_more_or_less_are_not(words: str) -> None:
    assert not only_whose(words, PATELS)


# ---- what is taken back


async def test_R15_a_reference_counts_more_than_a_name(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        mia, leo = await one_of_each(shared, ann)
        await ann.writes(f"withdraw {mia.ref}, it is Leo")
        assert "no photo of yours" not in ann.last_heard
        assert await is_asked_back(shared, mia) and not await is_asked_back(shared, leo)


async def test_R15_a_wish_about_one_child_is_no_refusal_of_the_others_request(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        mia, leo = await one_of_each(shared, ann)
        await shared.lee.writes(TEACHING.format(ref=leo.ref))
        await taps(ann, "Yes")
        await taps(ann, "Yes")
        await shared.lee.writes(TEACHING.format(ref=mia.ref))
        await ann.writes("stop using Leo's photo")
        assert await is_asked_back(shared, leo)
        assert (await uses(shared))[mia.ref] is UseState.AWAITING_CONSENT


async def test_R15_while_one_childs_photo_is_asked_back_the_others_is_too(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        mia, leo = await one_of_each(shared, ann)
        await ann.writes("please delete the photo of Mia")
        await ann.writes("please delete the photo of Leo")
        assert await is_asked_back(shared, leo)
        assert f"{mia.ref} (Mia Patel) and {leo.ref} (Leo Patel)" in ann.last_heard


async def test_R15_of_two_children_named_the_photo_of_each_is_asked_back(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        mia, leo = await one_of_each(shared, ann)
        await ann.writes("please delete the photos of Mia and Leo")
        assert await is_asked_back(shared, mia) and await is_asked_back(shared, leo)


async def test_R15_what_is_nobodys_yet_is_not_taken_for_the_child_named(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        _, leo = await one_of_each(shared, ann)
        await ann.sends_photo(JPEG + b"new", caption="spot")
        new = await latest_image(shared)
        await ann.writes("please delete the photo of Leo")
        assert await is_asked_back(shared, leo) and not await is_asked_back(shared, new)


@pytest.mark.parametrize("words", ["wrong photo", "sorry wrong one", "wrong child"])
async def test_R34_a_wrong_photo_just_sent_is_held_and_answers_no_older_request(tmp_path: Path, words: str) -> None:
    async with with_children(tmp_path) as (shared, ann):
        await ann.sends_photo(JPEG + b"mia")
        await ann.writes("2 rash")
        mia = await latest_image(shared)
        await shared.lee.writes(TEACHING.format(ref=mia.ref))
        await shared.practice.after(minutes=5)
        await ann.sends_photo(JPEG + b"leo")
        await ann.writes("3 cut knee")
        await ann.writes(words)
        assert await is_asked_back(shared, await latest_image(shared))
        assert await uses(shared) == {mia.ref: UseState.AWAITING_CONSENT}


# ---- whose it is


@pytest.mark.parametrize("words", ["that photo is Leo's", "I meant Leo", "wrong one, it's Leo"])
@pytest.mark.parametrize("older", [False, True])
async def test_R15_said_after_filing_that_it_is_another_childs_it_is_held(
    tmp_path: Path, words: str, older: bool
) -> None:
    async with with_children(tmp_path) as (shared, ann):
        if older:
            await ann.sends_photo(JPEG + b"older")
            await ann.writes("3 wart")
        before = await latest_image(shared)
        await ann.sends_photo(JPEG + b"mia")
        await ann.writes("2 rash")
        mia = await latest_image(shared)
        await ann.writes(words)
        assert await is_asked_back(shared, mia)
        assert not await is_asked_back(shared, before)
        assert any(mia.ref in line for line in shared.practice.seen_in(await shared.practice.practice_room()))


@pytest.mark.parametrize("how", ["it's Leo", "{leo} it's Leo's", "{leo} Leo"])
@pytest.mark.parametrize("asked", [False, True])
async def test_R15_said_of_whom_it_is_anyway_nothing_is_held(tmp_path: Path, how: str, asked: bool) -> None:
    async with with_children(tmp_path) as (shared, ann):
        mia, leo = await one_of_each(shared, ann)
        if asked:
            await ann.sends_photo(JPEG + b"new")
            await ann.writes("3")
        await ann.writes(how.format(leo=leo.ref))
        assert not await is_asked_back(shared, leo) and not await is_asked_back(shared, mia)


async def test_R15_a_photo_named_by_its_reference_is_held_while_another_is_asked_about(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        mia, _ = await one_of_each(shared, ann)
        await ann.sends_photo(JPEG + b"new")
        await ann.writes("3")
        await ann.writes(f"{mia.ref} it's Leo's")
        assert await is_asked_back(shared, mia) and not await is_asked_back(shared, await latest_image(shared))


@pytest.mark.parametrize("words", ["3", "sorry, 3", "Leo", "I meant Leo"])
async def test_R15_another_choice_before_the_reason_takes_the_place_of_the_first(tmp_path: Path, words: str) -> None:
    async with with_children(tmp_path) as (shared, ann):
        await ann.sends_photo(JPEG + b"knee")
        for said in ("2", words, "cut knee"):
            await ann.writes(said)
        assert await said_of(shared, 1) == [("Leo Patel", "cut knee")]


async def test_R15_each_photo_whose_words_name_another_is_asked_about(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        await ann.sends_photo(JPEG + b"1", caption="rash caught from Leo")
        await ann.writes("2")
        await ann.sends_photo(JPEG + b"2", caption="Leo cut his knee")
        await ann.writes("2")
        assert not (await latest_image(shared)).patient_id


@pytest.mark.parametrize("how", ["reply", "reference"])
async def test_R15_words_that_name_one_child_are_not_filed_with_anothers_photo(tmp_path: Path, how: str) -> None:
    async with with_children(tmp_path) as (shared, ann):
        sent = await ann.sends_photo(JPEG + b"mia")
        await ann.writes("2 rash")
        mia = await latest_image(shared)
        words = "Leo's knee is worse today"
        if how == "reply":
            await ann.writes(words, **answered_in_app(sent.event_id))
        else:
            await ann.writes(f"{mia.ref} {words}")
        assert f"{mia.ref} is in Mia Patel's name" in ann.last_heard
        assert not [one for one in await documents(shared, image_id=mia.id) if one.kind is EntryKind.ANSWER]


async def test_R34_words_that_choose_nobody_are_kept_while_whose_it_is_is_asked_again(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        await ann.sends_photo(JPEG + b"knee")
        await ann.writes("2 rash, 3 cut knee")
        knee = await latest_image(shared)
        assert not knee.patient_id and f"Whose photo is {knee.ref}" in ann.last_heard
        assert [one.text for one in await documents(shared, image_id=knee.id)] == ["2 rash, 3 cut knee"]


async def test_R15_words_that_choose_one_child_and_name_another_lie_in_neithers_record(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        await ann.sends_photo(JPEG + b"knee")
        await ann.writes("2 Leo's knee is worse today")
        await ann.writes("2 rash")
        knee = await latest_image(shared)
        assert not [one for one in await documents(shared, image_id=knee.id) if one.kind is EntryKind.ANSWER]


# ---- what is no name, no choice and no correction


@pytest.mark.parametrize("words", ["it's not Mia", "not Mia"])
async def test_R15_not_her_chooses_her_never(tmp_path: Path, words: str) -> None:
    async with with_children(tmp_path) as (shared, ann):
        await ann.sends_photo(JPEG + b"knee")
        for said in ("2", words, "cut knee"):
            await ann.writes(said)
        image = await latest_image(shared)
        assert image.held_for is not None or not image.patient_id


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("May Gray", "Leo Gray"), "May be infected"),
        (("Will Gray", "Leo Gray"), "Will need stitches I think"),
        (("Mark Gray", "Leo Gray"), "Mark on arm"),
        (("Mark Gray", "Leo Gray"), "Mark is red and sore"),
        (("Nicholas Gray", "Leo Gray"), "Nick on his chin"),
        (("Yesenia Gray", "Leo Gray"), "Yes"),
        (("Madison Gray", "Leo Gray"), "Mad itchy"),
        (("Mia Gray", "Leo Gray"), "Mia's brother cut his knee"),
        (("Mia Gray", "Leo Gray"), "1 no 2"),
        (("Mia Gray", "Leo Gray"), "1 sorry 2 cut knee"),
        (("Mia Gray", "Leo Gray"), "1+2"),
    ],
)
def test_R15_ordinary_words_choose_nobody(names: tuple[str, ...], words: str) -> None:
    assert chosen(words, names) is None


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("Callum Gray", "Leo Gray"), "Call me please"),
        (("Declan Gray", "Leo Gray"), "It started in Dec"),
        (("Nancy Gray", "Leo Gray"), "Nan says it's ringworm"),
        (("Mark Gray", "Leo Gray"), "the marks are bigger today"),
        (("May Gray", "Leo Gray"), "May I send another photo?"),
        (("Will Gray", "Leo Gray"), "Will it scar?"),
        (("Lee Gray", "Leo Gray"), "Thanks Dr Lee"),
    ],
)
def test_R15_ordinary_words_name_nobody(names: tuple[str, ...], words: str) -> None:
    assert not given_names_in(words, names)


async def test_R15_of_several_photos_a_second_number_may_be_for_the_second(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        await ann.sends_photo(JPEG + b"1")
        await ann.sends_photo(JPEG + b"2")
        await ann.writes("2")
        await ann.writes("3")
        assert [name for name, _ in await said_of(shared)] == ["", ""]
        assert "If they are not all of one person" in ann.last_heard or "begin with the reference" in ann.last_heard


async def test_R15_another_choice_is_for_the_photo_chosen_last(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        for said in ("2", "3"):
            await ann.sends_photo(JPEG + said.encode())
            await ann.writes(said)
            await shared.practice.after(minutes=1)
        await ann.writes("sorry, 2")
        await ann.writes("rash")
        await ann.writes("cut knee")
        assert await said_of(shared) == [("Mia Patel", "rash"), ("Mia Patel", "cut knee")]


async def test_R1_of_one_patient_a_number_is_no_choice(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.sends_photo(JPEG + b"new")
        await shared.sam.writes("2")
        assert "Whose photo" not in shared.sam.last_heard
        await shared.sam.writes("rash on arm")
        assert (await latest_image(shared)).reason == "rash on arm"


async def test_R15_who_says_who_they_are_says_nothing_of_a_photo(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        await ann.sends_photo(JPEG + b"mia")
        await ann.writes("2 rash")
        await ann.writes("Hi, this is Ann")
        assert not await is_asked_back(shared, await latest_image(shared))


async def test_R13_a_no_that_is_not_clear_is_called_passed_on_only_where_it_was(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        await ann.sends_photo(JPEG + b"mia")
        await ann.writes("2 rash")
        mia = await latest_image(shared)
        await shared.lee.writes(TEACHING.format(ref=mia.ref))
        await ann.writes("not Mia's photo please")
        filed = [one for one in await documents(shared, image_id=mia.id) if one.kind is EntryKind.ANSWER]
        assert "I have passed your words on" in ann.last_heard and len(filed) == 1


async def test_R15_the_caption_of_somebody_who_works_here_names_another_child_too(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        await works_here(shared, ann, "Ann Patel", "clinician")
        for mrn in ("10422", "10431", "10432"):
            await shared.lee.writes(f"!confirm {mrn}")
            await taps(shared.lee, "Yes")
        await ann.sends_photo(JPEG + b"knee", caption="Leo cut his knee")
        await taps(ann, "It is of me")
        await ann.writes("2")
        knee = await latest_image(shared)
        assert (knee.patient_id, knee.reason) == ("", "Leo cut his knee")
        await ann.writes("3")
        assert await said_of(shared, 1) == [("Leo Patel", "Leo cut his knee")]


# ---- requests


async def test_R13_a_no_for_one_child_refuses_that_request_alone(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        await asked_for_both(shared, ann)
        mia, leo = (await shared.practice.images())[-2:]
        await ann.writes("no for Mia")
        assert await uses(shared) == {mia.ref: UseState.REFUSED, leo.ref: UseState.AWAITING_CONSENT}
        assert mia.ref in ann.last_heard


async def test_R13_of_several_requests_each_is_offered_with_its_number(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        numbers = await asked_for_both(shared, ann)
        mia, leo = (await shared.practice.images())[-2:]
        await ann.writes("yes to Mia, no to Leo")
        assert f"for {mia.ref} (Mia Patel), education: {numbers['Mia']}" in ann.last_heard
        assert f"for {leo.ref} (Leo Patel), education: {numbers['Leo']}" in ann.last_heard
        assert set((await uses(shared)).values()) == {UseState.AWAITING_CONSENT}


async def test_R13_a_no_with_two_numbers_refuses_both(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        numbers = await asked_for_both(shared, ann)
        await ann.writes(f"no {numbers['Mia']} {numbers['Leo']}")
        assert set((await uses(shared)).values()) == {UseState.REFUSED}


async def test_R13_a_yes_to_one_that_names_another_gives_neither(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        numbers = await asked_for_both(shared, ann)
        await ann.writes(f"yes {numbers['Mia']} Leo")
        assert set((await uses(shared)).values()) == {UseState.AWAITING_CONSENT}
