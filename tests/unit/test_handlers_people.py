"""Who belongs to whom, and who may do what: namesakes, record numbers, parents of two, roles, reminders (R15)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.command import Command
from bot.domain.command_table import COMMANDS, FIRST
from bot.domain.conversation import Open
from bot.domain.image import State
from bot.domain.people import Role
from bot.domain.purposes import NOT_STATED
from bot.heard.in_turn import hear_in_turn
from bot.heard.patient import Written
from bot.heard.whose import chosen, number_first
from bot.words import about_handling
from tests.cases import answer_id, matches, polls_in, taps
from tests.practice import JPEG, POLICY, Someone, Staffed, staffed_practice


async def test_two_patients_of_the_same_name_are_told_apart_aloud(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.kim.writes('!enrol patient 20001 "Sam Patel" 1999-01-02')
        echo = [line for line in people.kim.heard if "another patient has the same name" in line]
        assert len(echo) == 1 and "MRN 10421, born 7 March 1984" in echo[0]


async def test_a_record_number_is_one_patient_s_only(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.kim.writes('!enrol patient 10421 "Somebody Else" 1984-03-07')
        assert "is already Sam Patel" in people.kim.last_heard
        await people.kim.writes('!enrol patient 10421 "Sam Patel" 1985-03-07')
        assert "is already Sam Patel" in people.kim.last_heard
        async with people.practice.journal.reading() as rows:
            assert len(await rows.patients.find()) == 1
        assert await people.practice.audited("refused") == 2


@pytest.mark.parametrize(
    "words",
    [
        "!enrol",
        "!enrol patient",
        '!enrol patient 1 "No Birthday"',
        '!enrol patient 1 "Not A Day" 1984-02-31',
        '!enrol patient 1 "From The Future" 2084-01-01',
        '!enrol patient 1 "Open quote 1984-03-07',
        '!enrol patient a/../../b;c "Bad Number" 1984-03-07',
        '!enrol patient 1 "" 1984-03-07',
        '!enrol clinician lee "No Account"',
        "!link",
        "!link 999",
        '!link 10421 aunt "Aunt"',
        "!match",
        "!match IMG-0000 10421",
    ],
)
async def test_a_command_that_does_not_fit_teaches_and_changes_nothing(words: str, tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        heard = len(people.kim.heard)
        await people.kim.writes(words)
        assert len(people.kim.heard) == heard + 1
        assert await people.practice.audited("refused") == 1 and await people.practice.audited("quarantined") == 0
        async with people.practice.journal.reading() as rows:
            assert len(await rows.patients.find()) == 1 and len(await rows.invitations.find()) == 3


async def test_what_has_a_name_in_it_is_not_taken_in_the_practice_room(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        room = await people.practice.practice_room()
        await people.kim.writes('!enrol patient 20001 "Ada Byron" 1990-12-10', room=room)
        assert "in your own chat with me" in people.practice.seen_in(room)[-1]
        await people.sam.sends_photo()
        ref = (await people.practice.only_image()).ref
        await people.kim.writes(f"!match {ref} 10421 1984-03-07", room=room)
        assert "in your own chat with me" in people.practice.seen_in(room)[-1]


async def mother_of_two(people: Staffed) -> Someone:
    mum = await people.kim.joins_as(
        "@mum:hs.test", "MumIdentity", '!enrol patient 30001 "Kit Roe" 2018-01-02 parent "Mum Roe"'
    )
    await people.kim.writes('!enrol patient 30002 "Max Roe" 2020-01-02 parent "Mum Roe"')
    await mum.enrol(people.practice.last_code(people.kim.own_room))
    return mum


async def test_who_answers_for_two_is_asked_whose_it_is_and_answers_both_at_once(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        mum = await mother_of_two(people)
        await mum.sends_photo()
        assert (
            "1. Kit Roe" in mum.last_heard and "2. Max Roe" in mum.last_heard and "what is it about" in mum.last_heard
        )
        await mum.writes("2 rash")
        image = await people.practice.only_image()
        async with people.practice.journal.reading() as rows:
            patient = await rows.patients.get(image.patient_id)
        assert (image.state, image.reason, patient.name) == (State.VERIFIED, "rash", "Max Roe")
        assert "of Max Roe, born 2 January 2020" in mum.last_heard


COUNTED = ["2 days now, itchy", "1-2 weeks", "1 or 2 days", "1.5 cm", "2 of the spots", "2x", "2 small blisters"]


@pytest.mark.parametrize(
    "counted", [*COUNTED, "2 red itchy lumps", "2 photos of a rash", "2 rash on Kit", "Kit and Max"]
)
async def test_R15_a_number_that_counts_something_chooses_nobody(tmp_path: Path, counted: str) -> None:
    async with staffed_practice(tmp_path) as people:
        mum = await mother_of_two(people)
        await mum.sends_photo()
        await mum.writes(counted)
        assert "Whose photo is IMG-" in mum.last_heard
        assert not (await people.practice.only_image()).patient_id


@pytest.mark.parametrize(
    "words",
    [
        "2",
        "2 rash",
        "2. 3 days of fever",
        "2, for 2 days",
        "2-rash",
        "2 over his eye",
        "2, spots",
        "2 his legs",
        "2 itches",
    ],
)
def test_a_number_before_other_words_is_the_one_that_was_chosen(words: str) -> None:
    found = number_first(words)
    assert found is not None and found.number == 2


@pytest.mark.parametrize("words", ["Max", "its Max", "Max, rash on his arm", "Max's arm", "2 Max, rash on his arm"])
async def test_R15_a_given_name_that_is_one_childs_alone_chooses(tmp_path: Path, words: str) -> None:
    async with staffed_practice(tmp_path) as people:
        mum = await mother_of_two(people)
        await mum.sends_photo()
        await mum.writes(words)
        image = await people.practice.only_image()
        async with people.practice.journal.reading() as rows:
            assert (await rows.patients.get(image.patient_id)).name == "Max Roe"
        assert ("arm" in image.reason) is ("arm" in words)


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("Mia, rash", None),  # two are called so
        ("1 Mia, rash", 1),
        ("Will: rash", 3),
        ("Will explain later", None),
        ("Mia or Will", None),
        ("Will?", None),
        ("not Will", None),
        ("3 rash on Mia's arm", None),
    ],
)
def test_R15_nobody_is_chosen_among_several_whom_the_words_name(words: str, number: int | None) -> None:
    found = chosen(words, ["Mia Patel", "Mia Jones", "Will Patel"])
    assert (found.number if found else None) == number


def test_R15_words_that_name_a_child_who_was_asked_about_are_no_reason_for_another_photo() -> None:
    asked = Written("Ollie rash", frozenset({Open.WHICH, Open.REASON}), photos=1, whom=("Mia Patel", "Ollie Patel"))
    heard = hear_in_turn(asked)
    assert heard.under is Open.WHICH and heard.chosen is not None and heard.chosen.number == 2


async def test_a_caption_leaves_only_the_question_whose_it_is(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        mum = await mother_of_two(people)
        await mum.sends_photo(caption="rash")
        assert "what is it about" not in mum.last_heard and "Whose photo is it" in mum.last_heard
        for words in ("Kit or Max", "3", "0", "2nd of May", "-1"):
            await mum.writes(words)
            assert "Please answer with the number" in mum.last_heard
            assert (await people.practice.only_image()).state is State.CAPTURED
        await mum.writes("1")
        assert (await people.practice.only_image()).state is State.VERIFIED


async def test_a_number_alone_still_leaves_the_reason_to_be_said(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        mum = await mother_of_two(people)
        await mum.sends_photo()
        await mum.writes("1")
        assert "What is the photo about?" in mum.last_heard
        await mum.writes("cough")
        assert (await people.practice.only_image()).reason == "cough"


async def test_nobody_guesses_whose_photo_it_is(tmp_path: Path) -> None:
    """R15: unanswered, it waits for a person and is not filed."""
    async with staffed_practice(tmp_path) as people:
        mum = await mother_of_two(people)
        await mum.sends_photo(caption="rash")
        await people.practice.after(hours=30)
        image = await people.practice.only_image()
        assert image.state is State.CAPTURED and image.patient_id == ""
        waits = [line for line in people.practice.seen_in(await people.practice.practice_room()) if "!match" in line]
        assert waits and image.ref in waits[0]
        await people.lee.writes(f"!show {image.ref}")
        assert "isn't known yet whose photo" in people.lee.last_heard


async def test_reception_matches_with_two_identifiers_and_the_sender_is_asked_no_more(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        mum = await mother_of_two(people)
        await mum.sends_photo()
        ref = (await people.practice.only_image()).ref
        await people.kim.writes(f"!match {ref} 30002 2018-01-02")
        assert "No enrolled patient has both" in people.kim.last_heard
        await people.kim.writes(f"!match {ref} 10421 1984-03-07")
        assert "doesn't answer for that patient" in people.kim.last_heard
        assert (await people.practice.only_image()).patient_id == ""
        await matches(people.kim, ref, "30002 2020-01-02")
        assert "belongs to Max Roe" in people.kim.last_heard
        await mum.writes("he has a rash")
        image = await people.practice.only_image()
        assert (image.state, image.reason) == (State.VERIFIED, "he has a rash")
        await mum.writes("thank you")
        assert "passed that on" in mum.last_heard


async def test_R15_whose_photo_it_is_is_echoed_and_nothing_is_done_before_the_tap(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        mum = await mother_of_two(people)
        await mum.sends_photo(caption="rash")
        ref = (await people.practice.only_image()).ref
        await people.kim.writes(f"!match {ref} 30002 2020-01-02")
        echo = polls_in(people.practice, people.kim.own_room)[-1]["question"]["body"]
        assert all(part in echo for part in (ref, "Mum Roe", "Max Roe", "2 January 2020", "30002"))
        yes = answer_id(people.practice, people.kim.own_room, "Yes")
        assert (await people.practice.only_image()).patient_id == ""
        await mum.writes("1")
        kits = (await people.practice.only_image()).patient_id
        await taps(people.kim, "Yes", secret=yes)
        assert (await people.practice.only_image()).patient_id == kits, "what was settled meanwhile stays"
        assert people.kim.last_heard == about_handling.moved_meanwhile.english(ref)


async def test_matched_and_never_explained_it_is_filed_when_the_wait_is_over(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        mum = await mother_of_two(people)
        await mum.sends_photo()
        ref = (await people.practice.only_image()).ref
        await matches(people.kim, ref, "30002 2020-01-02")
        await people.practice.after(minutes=16)
        image = await people.practice.only_image()
        assert (image.state, image.reason) == (State.VERIFIED, NOT_STATED)


async def test_a_filed_photo_is_not_matched_again(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        mum = await mother_of_two(people)
        await mum.sends_photo()
        await mum.writes("1 rash")
        image = await people.practice.only_image()
        await people.kim.writes(f"!match {image.ref} 30002 2020-01-02")
        assert "already in the record" in people.kim.last_heard
        assert (await people.practice.only_image()).patient_id == image.patient_id


STAFF_COMMANDS = [command for command in COMMANDS if Role.PATIENT not in command.roles]


@pytest.mark.parametrize("command", STAFF_COMMANDS, ids=lambda command: command.name)
async def test_a_patient_s_words_are_never_a_colleague_s_command(command: Command, tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo()
        await people.sam.writes(f"!{command.name} IMG-0000")
        image = await people.practice.only_image()  # words that may take it back are no reason either
        assert image.reason in {"", f"!{command.name} IMG-0000"} and image.state in {State.VERIFIED, State.CAPTURED}


@pytest.mark.parametrize(
    "words", ['!enrol patient 1 "A B" 1990-01-01', "!link 10421", "!match IMG-0000 1 1990-01-01", "!retry"]
)
async def test_a_clinician_does_not_do_what_is_the_front_desk_s(words: str, tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.lee.writes(words)
        assert "Please ask one of them" in people.lee.last_heard and await people.practice.audited("refused") == 1


@pytest.mark.parametrize("words", ["!show", "!note", "!reply", "!mine"])
async def test_the_front_desk_does_not_see_images(words: str, tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo(caption="rash")
        ref = (await people.practice.only_image()).ref
        await people.kim.writes(f"{words} {ref} some words")
        assert "Please ask one of them" in people.kim.last_heard
        async with people.practice.journal.reading() as rows:
            assert await rows.disclosures.find() == [] and await rows.documents.find(kind="note") == []


async def test_an_unknown_command_says_where_to_look(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.lee.writes("!frobnicate")
        assert "I don't know !frobnicate. !help" in people.lee.last_heard
        await people.lee.writes("hello")
        assert "!help shows" in people.lee.last_heard


@pytest.mark.parametrize("who", ["kim", "lee", "sam"])
async def test_help_tells_each_what_they_can_do_and_nothing_else(who: str, tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        someone: Someone = getattr(people, who)
        await someone.writes("help" if who == "sam" else "!help")
        said = someone.last_heard
        async with people.practice.journal.reading() as rows:
            person = await rows.people.first(account=someone.account)
        assert person is not None
        mark = "!" if person.is_professional else ""
        for command in COMMANDS:
            taught = f"\n{mark}{command.name}" in f"\n{said}" or f" {mark}{command.name}," in said.replace(".", ",")
            assert taught == bool(command.roles & person.roles) or command.name in {"status", "verify"}, command.name
        assert said.count("\n   ") == FIRST and len(said) < 900, "five with a word on each, the others by name"


async def test_an_unread_photo_is_said_again_then_to_the_person_on_duty(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo(caption="rash")
        ref = (await people.practice.only_image()).ref
        room = await people.practice.practice_room()
        await people.practice.after(minutes=29)
        assert not any("Still waiting" in line for line in people.practice.seen_in(room))
        await people.practice.after(minutes=2)
        assert f"Still waiting: {ref}" in people.practice.seen_in(room)[-1]
        heard = len(people.lee.heard)
        await people.practice.after(minutes=30)
        assert f"You are on duty: {ref}" in people.lee.last_heard and len(people.lee.heard) == heard + 1
        assert await people.practice.audited("image.escalated") == 1
        await people.practice.after(hours=5)
        assert len([line for line in people.lee.heard if "on duty" in line]) == 1


@pytest.mark.parametrize("words", ["!mine {}", "!show {}", "!reply {} use the cream"])
async def test_whoever_takes_sees_or_answers_it_ends_the_reminders(words: str, tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo(caption="rash")
        ref = (await people.practice.only_image()).ref
        await people.lee.writes(words.format(ref))
        await people.practice.after(hours=2)
        assert not any(
            "Still waiting" in line for line in people.practice.seen_in(await people.practice.practice_room())
        )
        assert not any("on duty" in line for line in people.lee.heard)


async def test_without_anyone_on_duty_nobody_is_told_twice(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path, replace(POLICY, duty="")) as people:
        await people.sam.sends_photo(caption="rash")
        await people.practice.after(hours=2)
        assert await people.practice.audited("image.escalated") == 0


async def test_a_photo_taken_by_one_is_not_taken_by_another(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        roe = await people.kim.joins_as("@roe:hs.test", "RoeIdentity", '!enrol clinician @roe:hs.test "Dr Roe"')
        await people.sam.sends_photo(JPEG, "rash")
        ref = (await people.practice.only_image()).ref
        await people.lee.writes(f"!mine {ref}")
        await roe.writes(f"!mine {ref}")
        assert "was taken by Dr Lee already" in roe.last_heard
        await people.lee.writes(f"!mine {ref}")
        assert f"{ref} is yours" in people.lee.last_heard


async def test_words_about_no_photo_are_not_relayed(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        said = len(people.practice.seen_in(await people.practice.practice_room()))
        await people.sam.writes("I have a question")
        assert "please send the photo" in people.sam.last_heard
        assert len(people.practice.seen_in(await people.practice.practice_room())) == said
