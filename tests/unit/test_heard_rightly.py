"""What people really write does what they mean, from the message that comes to what follows from it (R1, R33, R34)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.deeds import WriteAbout
from bot.domain.identifiers import Account
from bot.domain.image import HeldFor, State
from bot.domain.purposes import read_purpose
from bot.heard.patient import Written, hear
from bot.heard.phrase_lists import any_of
from tests.cases import shared_practice, someone
from tests.practice import JPEG, POLICY, Someone, Staffed, staffed_practice

OTHER = JPEG + b" of something else"
SENTENCE = POLICY.emergency_text


# ---- the birthday


async def answers(
    people: Staffed, answer: str, invitation: str = '!enrol patient 10499 "Ann Lee" 1990-05-02'
) -> Someone:
    await people.kim.writes(invitation)
    ann = Someone(people.practice, Account("@ann:hs.test"), "AnnIdentity")
    await ann.enrol(people.practice.last_code(people.kim.own_room), answer=answer)
    return ann


@pytest.mark.parametrize(
    "answer",
    [
        "2/5/90",
        "hi, 2 May 1990",
        "DOB: 02.05.1990",
        "I am Ann Lee, born 2nd of May 1990",
        "sí, 2/5/1990",
        "its may 2 1990",
    ],
)
async def test_R15_the_birthday_among_words_lets_them_in(tmp_path: Path, answer: str) -> None:
    async with staffed_practice(tmp_path) as people:
        assert (await answers(people, answer)).own_room


@pytest.mark.parametrize(
    "answer",
    [
        *("no thanks", "nope", "that's my mum", "wrong person"),
        *("yeah thats me", "I am Ann Lee", "ok", "that's my mum, 2 May 1990", "2 May 1990 but that's not me"),
        *("Ann is my wife, I do her emails for her, born 2 May 1990", "wrong person! 2/5/1990"),
    ],
)
async def test_R15_nothing_else_does_nor_the_birthday_of_somebody_else(tmp_path: Path, answer: str) -> None:
    async with staffed_practice(tmp_path) as people:
        assert not (await answers(people, answer)).own_room


async def test_R15_a_parent_says_so_as_parents_do(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        invitation = '!enrol patient 10499 "Mia Lee" 2016-05-02 parent "Ann Lee"'
        assert (await answers(people, "im her mum, she was born 2 May 2016", invitation)).own_room


async def test_R34_an_emergency_hears_the_sentence_in_the_lobby_too(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        ann = Someone(people.practice, Account("@ann:hs.test"), "AnnIdentity")
        await ann.enters_lobby("!lobby")
        await ann.writes("help i cant breathe", room="!lobby")
        assert SENTENCE in people.practice.seen_in("!lobby")


# ---- what a photo is about


async def test_R1_words_two_minutes_after_a_photo_are_its_reason(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo()
        await people.practice.after(minutes=2)
        await people.sam.writes("the burn on my wrist")
        assert (await people.practice.only_image()).reason == "the burn on my wrist"


async def test_R1_five_photos_and_words_under_the_last_are_one_question_at_most(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        before = len(people.sam.heard)
        for number in range(4):
            await people.sam.sends_photo(JPEG + bytes([number]))
        await people.sam.sends_photo(JPEG + b"last", caption="all of my left foot")
        asked = [line for line in people.sam.heard[before:] if "What is the photo about?" in line]
        assert len(asked) == 1
        *_, last = await people.practice.images()
        assert last.reason == "all of my left foot"


@pytest.mark.parametrize("words", ["for insurance", "for social media", "for my care: day 9"])
async def test_R1_what_it_is_for_is_an_answer_too(tmp_path: Path, words: str) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo()
        await people.sam.writes(words)
        image = await people.practice.only_image()
        assert image.purpose is read_purpose(words)[0] and image.state is State.VERIFIED


@pytest.mark.parametrize(
    "words", ["ok la", "whatever", "tell you after tea", "I've changed me mind about this picture"]
)
async def test_R34_words_that_tell_of_no_body_are_no_reason_and_none_is_lost(tmp_path: Path, words: str) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo()
        await people.sam.writes(words)
        image = await people.practice.only_image()
        assert (image.reason, image.purpose) == ("", None) and image.state in {State.CAPTURED, State.HELD}
        assert any(words in line for line in people.practice.seen_in(await people.practice.practice_room()))


# ---- no and back


async def test_R34_whatever_they_do_not_want_others_to_have_is_held(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo()
        await people.sam.writes("actually I'd feel better if you didn't have it")
        assert (await people.practice.only_image()).held_for is HeldFor.ASKED_BACK


# ---- emergencies


async def test_R34_what_nobody_understands_hears_how_to_take_it_back_and_that_this_is_not_for_emergencies(
    tmp_path: Path,
) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.writes("the old clock ticks sideways")
        assert SENTENCE in shared.sam.last_heard and "“withdraw”" in shared.sam.last_heard


@pytest.mark.parametrize(("answer", "told"), [("yes both", True), ("no, none", False), ("since Monday", False)])
async def test_R34_a_yes_to_a_clinicians_question_is_an_alarm_where_the_question_names_one(
    tmp_path: Path, answer: str, told: bool
) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"!reply {shared.image.ref} Any swelling of the lips or trouble breathing?")
        before = len(shared.sam.heard)
        quoted = "> <@consentry:hs.test> Dr Lee: Any swelling of the lips or trouble breathing?"
        await shared.sam.writes(f"{quoted}\n\n{answer}")
        assert (SENTENCE in shared.sam.heard[before:]) is told


async def test_R34_what_was_long_ago_silences_nothing_that_is_now(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        sam = await someone(shared.practice, "@sam:hs.test", "SamIdentity")
        await sam.writes("had a stroke in 2019. my face is drooping since this morning")
        assert SENTENCE in sam.heard


@pytest.mark.parametrize("words", ["left not right", "Monday not Tuesday"])
def test_what_is_put_right_in_two_words_is_about_the_photo(words: str) -> None:
    assert isinstance(hear(Written(words, photos=1)).deed, WriteAbout)


@pytest.mark.parametrize("phrase", ["^ ... phone", "... phone", "$"])
def test_a_phrase_that_would_never_be_found_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match="begins with a word"):
        any_of(phrase)
