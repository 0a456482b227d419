"""A tap that comes late decides nothing that it was not asked about: deaths, leavings, second people (R28a, R32, R33)."""

from __future__ import annotations

from pathlib import Path

from bot.domain.people import Role, Standing
from bot.words import about_admission as words
from handlers.people import not_dead
from tests.cases import Shared, answer_id, polls_in, shared_practice, taps
from tests.practice import Someone
from tests.refusals import refused
from tests.unit.test_two_people import authority_of, desk_of, holds, linked, patient, person_of

ANN = '!link 10421 decision-maker "Ann Patel"'


async def dies(by: Someone, mrn: str = "10421") -> None:
    await by.writes(f"!died {mrn}")
    await taps(by, "Has died")


async def is_recorded_as_dead(shared: Shared) -> bool:
    return (await patient(shared.practice)).died_on is not None


# ---- deaths, and mistakes


async def test_R28a_a_question_about_a_death_that_was_a_mistake_records_no_second_one(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes("!died 10421")
        late = answer_id(shared.practice, shared.lee.own_room, "Has died")
        await dies(shared.kim)
        await shared.kim.writes("!not-dead 10421")
        await taps(shared.lee, "Is alive")
        await taps(shared.lee, "Has died", secret=late)
        assert not await is_recorded_as_dead(shared)


async def test_R28a_a_question_about_a_mistake_undoes_no_later_death(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        rita = await desk_of(shared)
        await dies(shared.kim)
        await rita.writes("!not-dead 10421")
        late = answer_id(shared.practice, shared.kim.own_room, "Is alive")
        await shared.lee.writes("!not-dead 10421")
        await taps(shared.kim, "Is alive")
        assert not await is_recorded_as_dead(shared)
        await dies(shared.lee)
        await taps(shared.kim, "Is alive", secret=late)
        assert await is_recorded_as_dead(shared)


async def test_R28a_a_question_about_a_mistake_that_was_put_right_is_over(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        rita = await desk_of(shared)
        await dies(shared.kim)
        await shared.kim.writes("!not-dead 10421")
        late = answer_id(shared.practice, rita.own_room, "Is alive")
        await taps(shared.lee, "Is alive")
        await taps(rita, "Is alive", secret=late)
        assert "has been answered" in rita.last_heard or "already" in rita.last_heard


async def at_the_computer(shared: Shared, reason: str) -> None:
    async with shared.practice.journal.transaction() as rows:
        tx = shared.practice.dispatch.transaction(rows)
        await not_dead.confirm_at_the_computer(await patient(shared.practice), reason, tx)
    await shared.practice.settle()


async def test_R33_alone_a_death_is_undone_at_the_computer_with_a_reason(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await dies(shared.kim)
        with refused("two people"):
            await at_the_computer(shared, "in a hurry")
        await shared.kim.writes("!leaves @lee:hs.test")
        await shared.kim.writes("!not-dead 10421")
        assert "consentry confirm 10421" in shared.kim.last_heard
        with refused("why nobody else"):
            await at_the_computer(shared, " ")
        await at_the_computer(shared, "nobody else works here")
        assert not await is_recorded_as_dead(shared) and "not recorded as dead any more" in shared.kim.last_heard
        entries = await shared.practice.record.entries(shared.image.patient_id)
        assert any("not seen by a second person" in (entry.text or "") for entry in entries)
        assert await shared.practice.audited("patient.not-dead-at-the-computer") == 1
        assert not await holds(shared.sam), "nothing revives by itself"
        with refused("any more"):
            await at_the_computer(shared, "again")


async def test_R33_who_is_alone_reads_where_to_confirm(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await linked(shared, ANN, "ann")
        await shared.kim.writes("!confirm")
        assert shared.kim.last_heard == words.nobody_waits.english(), "Dr Lee can"
        await shared.kim.writes("!leaves @lee:hs.test")
        await shared.kim.writes("!confirm")
        assert "consentry confirm 10421" in shared.kim.last_heard


# ---- a patient who left


async def test_a_question_whether_a_patient_leaves_ends_nothing_once_they_came_back(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        rita = await desk_of(shared)
        await rita.writes("!patient-leaves 10421")
        late = answer_id(shared.practice, rita.own_room, "Leaves")
        await shared.kim.writes("!patient-leaves 10421")
        await taps(shared.kim, "Leaves")
        await shared.kim.writes("!link 10421")
        await taps(rita, "Leaves", secret=late)
        assert (await patient(shared.practice)).left_on is None


async def test_R28a_whoever_waits_to_be_confirmed_ends_with_a_patient_who_leaves(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await linked(shared, ANN, "ann")
        await shared.kim.writes("!patient-leaves 10421")
        assert "1 linked account" in shared.kim.last_heard, "one that holds"
        await taps(shared.kim, "Leaves")
        await shared.lee.writes("!confirm 10421")
        assert shared.lee.last_heard == words.nobody_waits.english()
        assert (await person_of(ann)).standing is Standing.LEFT and "We wish you well" in ann.last_heard
        await shared.kim.writes("!link 10421")
        await shared.lee.writes("!confirm 10421")
        assert shared.lee.last_heard == words.nobody_waits.english(), "nor when the patient is here again"


async def test_R28a_a_prepared_authority_ends_with_a_patient_who_leaves(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await linked(shared, '!enrol patient 10422 "Mia Patel" 2008-12-20 parent "Ann Patel"', "ann")
        bob = await linked(shared, '!link 10422 decision-maker "Bob Patel"', "bob")
        await shared.lee.writes("!confirm 10422")
        await taps(shared.lee, "Yes")
        await shared.kim.writes("!patient-leaves 10422")
        await taps(shared.kim, "Leaves")
        await shared.practice.after(days=40)
        assert not await holds(bob)


async def test_R28a_who_waits_to_be_confirmed_for_another_stays_after_a_death(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes('!enrol patient 20001 "Ada Byron" 1940-12-10 decision-maker "Sam Patel"')
        await shared.sam.enrol(shared.practice.last_code(shared.kim.own_room))
        await dies(shared.kim)
        await shared.sam.writes("hello")
        assert (await person_of(shared.sam)).standing is Standing.ACTIVE
        await shared.lee.writes("!confirm 20001")
        await taps(shared.lee, "Yes")
        assert await holds(shared.sam) and Role.PATIENT in (await person_of(shared.sam)).roles


# ---- second people


async def test_R32_nobody_attests_words_that_did_not_stand_in_their_question(tmp_path: Path) -> None:
    """Ann decides for Sam, Bob waits to as well; meanwhile Sam has their capacity back."""
    async with shared_practice(tmp_path) as shared:
        await linked(shared, ANN, "ann")
        await shared.lee.writes("!confirm 10421")
        await taps(shared.lee, "Yes")
        new = await shared.kim.joins_as("@new:hs.test", "NewIdentity", '!enrol clinician @new:hs.test "Dr New"')
        bob = await linked(shared, '!link 10421 decision-maker "Bob Patel"', "bob")
        await new.writes("!confirm 10421")
        assert "I attest" not in polls_in(shared.practice, new.own_room)[-1]["question"]["body"]
        await shared.lee.writes("!capacity 10421 has")
        await taps(new, "Yes")
        assert not (await patient(shared.practice)).impaired and not await holds(bob)
        assert "I attest" in polls_in(shared.practice, new.own_room)[-1]["question"]["body"], "it is asked anew"
        await taps(new, "Yes")
        assert (await patient(shared.practice)).impaired and await holds(bob)
        assert (await authority_of(bob)).seconded_by == (await person_of(new)).id
