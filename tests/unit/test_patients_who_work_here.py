"""One human, two hats: patients who begin to work here, leave, and come back; what they are as which (R28a, R33)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.entries import EntryKind
from bot.domain.image import HeldFor, State
from bot.domain.people import Role, Standing
from bot.domain.use import UseState
from bot.words import about_people
from tests.cases import POLL, TEACHING, Shared, answer_id, pictures_in, polls_in, shared_practice, taps
from tests.colleagues import entries_of
from tests.households import answered_in_app, heard_with, latest_image
from tests.practice import JPEG, Someone
from tests.unit.test_two_people import authority_of, desk_of, holds, linked, person_of

NAME = "Sam Patel"


async def works_here(shared: Shared, someone: Someone, name: str, role: str = "reception") -> None:
    await shared.kim.writes(f'!enrol {role} {someone.account} "{name}"')
    await someone.enrol(shared.practice.last_code(shared.kim.own_room))


async def confirmed(shared: Shared, mrn: str = "10421") -> None:
    await shared.lee.writes(f"!confirm {mrn}")
    await taps(shared.lee, "Yes")


async def leaves(shared: Shared, someone: Someone) -> None:
    await shared.kim.writes(f"!leaves {someone.account}")


async def works_here_as_a_patient_too(shared: Shared) -> None:
    await works_here(shared, shared.sam, NAME)
    await confirmed(shared)


# ---- begin


async def test_R33_who_works_here_again_is_confirmed_again(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await works_here_as_a_patient_too(shared)
        await leaves(shared, shared.sam)
        assert (await person_of(shared.sam)).roles == {Role.PATIENT} and await holds(shared.sam)
        await works_here(shared, shared.sam, NAME)
        assert (await person_of(shared.sam)).roles == {Role.RECEPTION} and not await holds(shared.sam)
        await confirmed(shared)
        assert (await person_of(shared.sam)).roles == {Role.RECEPTION, Role.PATIENT} and await holds(shared.sam)


async def test_R33_who_decides_for_a_patient_and_begins_to_work_here_is_confirmed_for_it_again(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await linked(shared, '!link 10421 decision-maker "Ann Patel"', "ann")
        await confirmed(shared)
        await works_here(shared, ann, "Ann Patel")
        assert not await holds(ann)
        await confirmed(shared)
        assert (await person_of(ann)).roles == {Role.RECEPTION, Role.PATIENT} and await holds(ann)


# ---- leave


async def test_R33_who_leaves_before_they_were_confirmed_stays_a_patient_who_waits(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await works_here(shared, shared.sam, NAME)
        await leaves(shared, shared.sam)
        assert (await person_of(shared.sam)).standing is Standing.ACTIVE and not await holds(shared.sam)
        await shared.sam.writes("my images")
        assert shared.image.ref not in shared.sam.last_heard, "leaving lets nobody in"
        await confirmed(shared)
        await shared.sam.sends_photo(JPEG + b"2", caption="knee")
        assert (await latest_image(shared)).state is State.VERIFIED


async def test_who_stays_a_patient_is_not_told_that_the_chat_ends(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await works_here_as_a_patient_too(shared)
        await leaves(shared, shared.sam)
        assert shared.sam.last_heard == about_people.YOU_STAY_A_PATIENT.format(practice="Hill Street Practice")
        await shared.sam.writes("my images")
        assert shared.image.ref in shared.sam.last_heard


async def test_R28a_who_leaves_is_gone_where_nobody_is_left_for_whom_they_answered(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        rita = await desk_of(shared)
        await shared.kim.writes('!enrol patient 20001 "Ada Byron" 1940-12-10 decision-maker "Rita Smith"')
        await rita.enrol(shared.practice.last_code(shared.kim.own_room))
        await confirmed(shared, "20001")
        assert await holds(rita)
        await shared.kim.writes("!died 20001")
        await taps(shared.kim, "Has died")
        await leaves(shared, rita)
        assert (await person_of(rita)).standing is Standing.LEFT


# ---- what they were asked


def question_of(shared: Shared, someone: Someone) -> str:
    """The event of the latest poll in their chat."""
    posts = shared.practice.posts_in(someone.own_room)
    return [post.event_id for post in posts if f"{POLL}.start" in post.content][-1]


@pytest.mark.parametrize("how", ["tap", "words"])
async def test_R28a_who_leaves_still_answers_what_they_were_asked_as_a_patient(tmp_path: Path, how: str) -> None:
    async with shared_practice(tmp_path) as shared:
        await works_here_as_a_patient_too(shared)
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        asked = question_of(shared, shared.sam)
        await leaves(shared, shared.sam)
        assert asked not in shared.practice.homeserver.redacted
        if how == "tap":
            await taps(shared.sam, "Yes")
        else:
            (line,) = [line for line in shared.sam.heard if "registrar teaching" in line and "“yes " in line]
            await shared.sam.writes(line[line.index("“yes ") + 1 :].partition("”")[0])
        (use,) = await shared.uses()
        assert use.state is UseState.RELEASED and len(pictures_in(shared.practice, shared.derm.own_room)) == 1


async def test_R28a_a_question_on_its_way_to_who_leaves_still_comes(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await works_here_as_a_patient_too(shared)
        before = len(polls_in(shared.practice, shared.sam.own_room))
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref), settle=False)
        await shared.practice.inbox.drain()
        await shared.kim.writes("!leaves @sam:hs.test", settle=False)
        await shared.practice.inbox.drain()
        await shared.practice.settle()
        assert len(polls_in(shared.practice, shared.sam.own_room)) == before + 1
        await taps(shared.sam, "Yes")
        assert (await shared.uses())[-1].state is UseState.RELEASED


async def test_R28a_what_they_were_asked_as_staff_is_closed(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await works_here_as_a_patient_too(shared)
        await shared.kim.writes('!enrol patient 20001 "Ada Byron" 1940-12-10')
        await shared.sam.writes("!patient-leaves 20001")
        late, asked = answer_id(shared.practice, shared.sam.own_room, "Leaves"), question_of(shared, shared.sam)
        await leaves(shared, shared.sam)
        assert asked in shared.practice.homeserver.redacted
        await taps(shared.sam, "Leaves", secret=late)
        async with shared.practice.journal.reading() as rows:
            (ada,) = await rows.patients.find(mrn="20001")
        assert ada.left_on is None


async def test_R28a_who_left_is_asked_to_attest_nothing_as_a_colleague(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await works_here(shared, shared.sam, NAME, "clinician")
        await confirmed(shared)
        await shared.kim.writes('!enrol patient 20001 "Ada Byron" 1990-12-10')
        await shared.sam.sends_photo(JPEG + b"2")
        await shared.sam.writes("body 20001 1990-12-10 mine verbal today advice")
        await leaves(shared, shared.sam)
        polls, heard = len(polls_in(shared.practice, shared.sam.own_room)), len(shared.sam.heard)
        image = await latest_image(shared)
        for _ in range(8):
            shared.practice.clock.move(timedelta(days=1))
            await shared.practice.settle()
        assert len(polls_in(shared.practice, shared.sam.own_room)) == polls
        assert not any(image.ref in line for line in shared.sam.heard[heard:])
        assert (await latest_image(shared)).state is State.HELD, "a person of the practice decides"
        assert heard_with(shared.sam, "You don't work at") and (await authority_of(shared.sam)).seconded_by


# ---- what they write as a patient


async def test_R13_who_works_here_takes_a_photo_back_in_the_words_of_any_patient(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.taught()
        await works_here_as_a_patient_too(shared)
        await shared.sam.writes("my images")
        assert shared.image.ref in shared.sam.last_heard
        await shared.sam.writes(f"withdraw {shared.image.ref}")
        assert (await shared.uses())[-1].state is UseState.WITHDRAWN
        await shared.sam.writes("list")
        assert shared.image.ref not in shared.sam.last_heard, "commands of staff have their mark"


async def test_such_words_mean_nothing_where_colleagues_talk(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await works_here_as_a_patient_too(shared)
        room = await shared.practice.practice_room()
        before = len(shared.practice.seen_in(room))
        for said in ("status", "help", "my images", f"withdraw {shared.image.ref}"):
            await shared.sam.writes(said, room=room)
        assert len(shared.practice.seen_in(room)) == before


async def test_who_works_here_and_is_no_patient_is_taught_the_mark(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes("my images")
        assert "!help" in shared.lee.last_heard


@pytest.mark.parametrize("role", ["reception", "clinician"])
async def test_R1_who_works_here_says_that_a_photo_they_sent_as_a_patient_shows_somebody_else(
    tmp_path: Path, role: str
) -> None:
    async with shared_practice(tmp_path) as shared:
        await works_here(shared, shared.sam, NAME, role)
        await confirmed(shared)
        await shared.sam.sends_photo(JPEG + b"2")
        if role == "clinician":
            await taps(shared.sam, "It is of me")
        await shared.sam.writes("of somebody else")
        image = await latest_image(shared)
        assert (image.state, image.held_for) == (State.HELD, HeldFor.SOMEBODY_ELSE)


@pytest.mark.parametrize("words", ["it is still sore and itches", "how often should I put the cream on?"])
async def test_R29_who_works_here_answers_the_doctor_about_their_own_photo_by_replying(
    words: str, tmp_path: Path
) -> None:
    async with shared_practice(tmp_path) as shared:
        await works_here_as_a_patient_too(shared)
        await shared.lee.writes(f"!mine {shared.image.ref}")
        await shared.lee.writes(f"!reply {shared.image.ref} cream twice a day")
        (doctors,) = [
            post for post in shared.practice.posts_in(shared.sam.own_room) if "cream twice a day" in post.body
        ]
        await shared.sam.writes(words, **answered_in_app(doctors.event_id))
        assert any(words in line for line in shared.lee.heard)
        assert words in [entry.text for entry in await entries_of(shared.practice, EntryKind.ANSWER)]
