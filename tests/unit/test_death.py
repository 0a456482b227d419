"""A patient dies: nobody answers for them any more, nothing is sent to their people, and a mistake is put right by two (R28a)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain import rooms
from bot.domain.identifiers import Account, PersonId
from bot.domain.invitations import InvitationState
from bot.domain.leaving import may_undo_death
from bot.domain.people import Patient, Person, Role, Standing
from bot.domain.use import UseState
from tests.cases import TEACHING, Shared, answer_id, pictures_in, polls_in, shared_practice, taps
from tests.practice import JPEG, Someone


async def patient_of(shared: Shared, mrn: str = "10421") -> Patient:
    async with shared.practice.journal.reading() as rows:
        (found,) = await rows.patients.find(mrn=mrn)
        return found


async def standing_of(shared: Shared, someone: Someone) -> Standing:
    async with shared.practice.journal.reading() as rows:
        (found,) = await rows.people.find(account=someone.account)
        return found.standing


async def dies(shared: Shared, mrn: str = "10421", by: Someone | None = None) -> None:
    who = by or shared.kim
    await who.writes(f"!died {mrn}")
    await taps(who, "Has died")


async def with_desk(shared: Shared) -> Someone:
    await shared.kim.writes('!enrol reception @desk:hs.test "Desk"')
    desk = Someone(shared.practice, Account("@desk:hs.test"), "DeskIdentity")
    await desk.enrol(shared.practice.last_code(shared.kim.own_room))
    return desk


async def test_R28a_two_identifiers_are_echoed_and_one_tap_ends_every_authority(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes("!died 10421")
        echoed = polls_in(shared.practice, shared.lee.own_room)[-1]["question"]["body"]
        assert "Sam Patel" in echoed and "10421" in echoed and "1984" in echoed
        assert (await patient_of(shared)).died_on is None, "nothing before the tap"
        await taps(shared.lee, "Has died")
        patient = await patient_of(shared)
        assert patient.died_on == shared.practice.clock.now().date()
        async with shared.practice.journal.reading() as rows:
            held = await rows.authorities.find(patient_id=patient.id)
        assert [authority.until for authority in held] == [patient.died_on]


async def test_R28a_no_message_is_pushed_and_each_account_hears_one_sentence_when_it_next_writes(
    tmp_path: Path,
) -> None:
    async with shared_practice(tmp_path) as shared:
        before = len(shared.sam.heard)
        await dies(shared)
        await shared.practice.after(days=8)
        assert len(shared.sam.heard) == before
        assert await standing_of(shared, shared.sam) is Standing.ACTIVE
        await shared.sam.writes("my images")
        (sentence,) = shared.sam.heard[before:]
        assert "very sorry" in sentence and "Sam" not in sentence and "000" not in sentence
        assert await standing_of(shared, shared.sam) is Standing.LEFT
        await shared.sam.writes("hello?")
        assert "don't know you here" in shared.sam.last_heard


async def test_R28a_a_photo_after_the_death_is_not_kept(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await dies(shared)
        await shared.sam.sends_photo(JPEG + b"2", caption="knee")
        assert [image.id for image in await shared.practice.images()] == [shared.image.id]
        assert "very sorry" in shared.sam.last_heard


async def test_R28a_a_parent_of_two_keeps_the_other_child_and_is_heard_at_once(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes('!enrol patient 10422 "Mia Patel" 2015-02-01 parent "Sam Patel"')
        await shared.sam.enrol(shared.practice.last_code(shared.kim.own_room))
        await dies(shared, "10422")
        before = len(shared.sam.heard)
        await shared.sam.sends_photo(JPEG + b"2", caption="knee")
        assert "very sorry" in shared.sam.heard[before]
        assert (await shared.practice.images())[-1].patient_id == shared.image.patient_id
        await shared.sam.writes("my images")
        assert sum("very sorry" in words for words in shared.sam.heard) == 1
        assert await standing_of(shared, shared.sam) is Standing.ACTIVE


async def test_R28a_what_is_on_its_way_to_their_people_is_not_delivered(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"!reply {shared.image.ref} use the cream", settle=False)
        await shared.practice.inbox.drain()
        await shared.kim.writes("!died 10421", settle=False)
        await shared.practice.inbox.drain()
        await shared.practice.worker.carry_out(
            next(one for one in await shared.practice.left() if one.intent.kind == "ask")
        )
        secret = answer_id(shared.practice, shared.kim.own_room, "Has died")
        await taps(shared.kim, "Has died", secret=secret)
        assert not any("use the cream" in words for words in shared.sam.heard)


async def test_R28a_questions_and_uses_end_and_whoever_asked_hears(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.taught()
        (shown,) = pictures_in(shared.practice, shared.derm.own_room)
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        await dies(shared)
        assert [use.state for use in await shared.uses()] == [UseState.WITHDRAWN, UseState.WITHDRAWN]
        assert shown in shared.practice.homeserver.redacted
        assert "the patient has died" in shared.lee.last_heard


async def test_R28a_an_open_case_is_still_closed_with_a_note_and_recall_goes_on(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        case = await shared.forwarded()
        await dies(shared)
        assert "Nothing more is shown" in shared.lee.last_heard
        assert (await shared.uses())[0].state is UseState.RELEASED
        await shared.lee.writes("!close it was harmless", room=case)
        assert (await shared.uses())[0].summarised_at is not None
        await shared.lee.writes(f"!recall {shared.image.ref}")
        assert (await shared.uses())[0].state is UseState.RECALLED


async def test_R28a_a_picture_that_was_on_its_way_to_a_case_is_not_shown(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"!forward {shared.image.ref} @derm:hs.test is this a melanoma?")
        await shared.kim.writes("!died 10421")
        secret = answer_id(shared.practice, shared.kim.own_room, "Has died")
        await taps_without_settling(shared.lee, "Yes")
        for kind in ("open-room", "reserve-picture"):
            due = await shared.practice.left()
            await shared.practice.worker.carry_out(next(one for one in due if one.intent.kind == kind))
        await taps(shared.kim, "Has died", secret=secret)
        case = await shared.practice.room(rooms.case((await shared.uses())[0].id))
        assert pictures_in(shared.practice, case) == []


async def taps_without_settling(person: Someone, label: str) -> None:
    secret = answer_id(person.practice, person.own_room, label)
    kind = "org.matrix.msc3381.poll.response"
    arrival = person.arrival(person.own_room, {kind: {"answers": [secret]}})
    await person.practice.receive(replace(arrival, type=kind))
    await person.practice.inbox.drain()


async def test_R33_an_invitation_for_the_dead_has_ended(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes("!link 10421")
        await dies(shared)
        async with shared.practice.journal.reading() as rows:
            waiting = [InvitationState.OPEN, InvitationState.MATCHED]
            assert await rows.invitations.find(patient_id=shared.image.patient_id, state=waiting) == []


async def test_R13a_what_the_law_requires_is_still_handed_over(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await dies(shared)
        before = len(shared.sam.heard)
        await shared.kim.writes(
            f'!required-by-law {shared.image.ref} basis "subpoena 12/2026" authority "Coroner" recipient "Registrar" '
            "without telling the patient"
        )
        assert pictures_in(shared.practice, shared.kim.own_room)
        assert len(shared.sam.heard) == before


async def test_R28a_a_mistake_is_put_right_by_two_and_nothing_revives(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        desk = await with_desk(shared)
        await dies(shared, by=desk)
        await desk.writes("!not-dead 10421")
        assert not any("has not died" in str(poll) for poll in polls_in(shared.practice, shared.lee.own_room))
        await taps(desk, "Is alive", secret=answer_id(shared.practice, shared.kim.own_room, "Is alive"))
        assert (await patient_of(shared)).died_on is not None, "nobody confirms what they asked for"
        await taps(shared.kim, "Is alive")
        patient = await patient_of(shared)
        assert patient.died_on is None
        before = len(shared.sam.heard)
        await shared.sam.writes("my images")
        assert not any("very sorry" in words for words in shared.sam.heard[before:])
        async with shared.practice.journal.reading() as rows:
            held = await rows.authorities.find(patient_id=patient.id)
        assert not any(authority.holds_on(shared.practice.clock.now().date()) for authority in held)
        await shared.kim.writes("!link 10421")
        sam = Someone(shared.practice, Account("@sam:hs.test"), "SamIdentity")
        await sam.enrol(shared.practice.last_code(shared.kim.own_room))
        await sam.writes("my images")
        assert shared.image.ref in sam.last_heard


async def test_R28a_alone_nobody_undoes_it(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await dies(shared)
        await shared.kim.writes("!leaves @lee:hs.test")
        await shared.kim.writes("!not-dead 10421")
        assert "Two people are needed" in shared.kim.last_heard


KIM = Person(PersonId("kim"), Account("@kim:hs.test"), "Kim", frozenset({Role.MANAGER}), "k")
LEE = Person(PersonId("lee"), Account("@lee:hs.test"), "Dr Lee", frozenset({Role.CLINICIAN}), "l")
DESK = Person(PersonId("desk"), Account("@desk:hs.test"), "Desk", frozenset({Role.RECEPTION}), "d")
DERM = Person(PersonId("derm"), Account("@derm:hs.test"), "Dr Derm", frozenset({Role.OUTSIDE_CLINICIAN}), "o")


@pytest.mark.parametrize(
    ("asker", "other", "may"),
    [
        (KIM, LEE, True),
        (LEE, KIM, True),
        (DESK, KIM, True),
        (LEE, DESK, False),
        (KIM, KIM, False),
        (KIM, DERM, False),
        (DERM, KIM, False),
    ],
)
def test_R28a_a_death_is_undone_by_a_manager_and_a_second_member_of_staff(
    asker: Person, other: Person, may: bool
) -> None:
    assert may_undo_death(asker, other) is may


async def test_R28a_a_photo_that_waits_for_its_reason_goes_on_without_asking(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.sends_photo(JPEG + b"2")
        before = len(shared.sam.heard)
        await dies(shared)
        await shared.practice.after(days=1)
        assert (await shared.practice.images())[-1].filed_at is not None
        assert not any("IMG" in words for words in shared.sam.heard[before:])
