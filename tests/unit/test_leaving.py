"""People leave: what was theirs passes on, they get nothing more, and the record stays."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain import rooms
from bot.domain.entries import EntryKind
from bot.domain.errors import Refused
from bot.domain.identifiers import Account, PersonId
from bot.domain.leaving import decide_leaving
from bot.domain.people import Person, Role, Standing
from bot.domain.use import UseState
from tests.cases import TEACHING, Shared, pictures_in, polls_in, shared_practice, taps
from tests.practice import JPEG, Someone

LEE = Person(PersonId("lee"), Account("@lee:hs.test"), "Dr Lee", frozenset({Role.CLINICIAN}), "LeeIdentity")
NEW = Person(PersonId("new"), Account("@new:hs.test"), "Dr New", frozenset({Role.CLINICIAN}), "NewIdentity")

# ---- the rules


@pytest.mark.parametrize(
    ("leaver", "successor", "open_cases", "other_managers", "may"),
    [
        (LEE, None, 0, 0, True),
        (LEE, NEW, 3, 0, True),
        (LEE, None, 1, 0, False),
        (LEE, LEE, 0, 0, False),
        (LEE, replace(NEW, standing=Standing.PAUSED), 1, 0, False),
        (LEE, replace(NEW, standing=Standing.LEFT), 1, 0, False),
        (LEE, replace(NEW, roles=frozenset({Role.OUTSIDE_CLINICIAN})), 1, 0, False),
        (LEE, replace(NEW, roles=frozenset({Role.RECEPTION})), 0, 0, False),
        (replace(LEE, standing=Standing.LEFT), NEW, 0, 1, False),
        (replace(LEE, standing=Standing.PAUSED), NEW, 1, 0, True),
        (replace(LEE, roles=frozenset({Role.PATIENT})), None, 0, 1, False),
        (replace(LEE, roles=frozenset({Role.MANAGER})), None, 0, 0, False),
        (replace(LEE, roles=frozenset({Role.MANAGER})), None, 0, 1, True),
        (replace(LEE, roles=frozenset({Role.OUTSIDE_CLINICIAN})), None, 0, 0, True),
    ],
)
def test_nothing_is_left_to_nobody(
    leaver: Person, successor: Person | None, open_cases: int, other_managers: int, may: bool
) -> None:
    with nullcontext() if may else pytest.raises(Refused):
        decide_leaving(leaver, successor, open_cases=open_cases, other_managers=other_managers)


# ---- a clinician leaves


async def with_new(shared: Shared) -> Someone:
    await shared.kim.writes('!enrol clinician @new:hs.test "Dr New"')
    new = Someone(shared.practice, Account("@new:hs.test"), "NewIdentity")
    await new.enrol(shared.practice.last_code(shared.kim.own_room))
    return new


async def person_of(shared: Shared, one: Someone) -> Person:
    async with shared.practice.journal.reading() as rows:
        found = await rows.people.holder(one.account)
        assert found is not None
        return found


async def test_photos_cases_and_duty_pass_on(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        new = await with_new(shared)
        await shared.lee.writes(f"!mine {shared.image.ref}")
        case = await shared.forwarded()
        await shared.kim.writes("!leaves @lee:hs.test to @new:hs.test")
        successor = await person_of(shared, new)
        assert (await shared.now()).taken_by == successor.id
        assert any(shared.image.ref in words and "take over" in words for words in new.heard)
        assert (case, "@new:hs.test") in shared.practice.homeserver.invited
        await shared.sam.writes("it is better now")
        assert "it is better now" in new.last_heard
        await new.writes("!close benign", room=case)
        entries = await shared.practice.record.entries(shared.image.patient_id)
        assert any(entry.kind is EntryKind.NOTE and entry.text == "benign" for entry in entries)
        await shared.sam.sends_photo(JPEG + b"2", caption="knee")
        await shared.practice.after(hours=2)
        assert any("You are on duty" in words for words in new.heard)
        assert "duty" in "\n".join(shared.kim.heard)


async def test_an_account_is_read_however_it_is_typed(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await with_new(shared)
        await shared.kim.writes("!leaves @Lee:hs.test, to @new:hs.test.")
        assert "Dr Lee has left" in shared.kim.last_heard
        await shared.kim.writes("!lost @Derm:hs.test!")
        assert "Dr Derm, @derm:hs.test, is paused" in "".join(shared.kim.heard[-3:])


async def test_whoever_left_is_put_out_gets_nothing_more_and_is_not_heard(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await with_new(shared)
        case = await shared.forwarded()
        await shared.lee.writes(f"!show {shared.image.ref}")
        (shown,) = pictures_in(shared.practice, shared.lee.own_room)
        await shared.kim.writes("!leaves @lee:hs.test to @new:hs.test")
        practice_room = await shared.practice.practice_room()
        for room in (practice_room, case, shared.lee.own_room):
            assert (room, "@lee:hs.test") in shared.practice.homeserver.removed
        assert shown in shared.practice.homeserver.redacted
        assert "Please delete from your own devices" in shared.lee.last_heard
        await shared.sam.sends_photo(JPEG + b"2", caption="knee")
        assert shared.practice.posts_in(practice_room)[-1].audience.pins.get(Account("@lee:hs.test"), "") == ""
        await shared.lee.writes(f"!show {shared.image.ref}")
        assert "don't know you here" in shared.lee.last_heard
        assert pictures_in(shared.practice, shared.lee.own_room) == [shown]


async def test_an_open_case_is_left_to_nobody_else_than_a_clinician(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.forwarded()
        for words in (
            "!leaves @lee:hs.test",
            "!leaves @lee:hs.test to @derm:hs.test",
            "!leaves @lee:hs.test @new:hs.test",
        ):
            await shared.kim.writes(words)
            assert (await person_of(shared, shared.lee)).standing is Standing.ACTIVE


async def test_what_was_asked_of_a_patient_ends_with_who_asked_it(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        await shared.kim.writes("!leaves @lee:hs.test")
        (use,) = await shared.uses()
        assert use.state is UseState.WITHDRAWN
        await taps(shared.sam, "Yes")
        assert pictures_in(shared.practice, shared.derm.own_room) == []


async def test_an_outside_clinician_who_leaves_is_put_out_of_the_case_and_who_asked_is_told(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        case = await shared.forwarded()
        await shared.kim.writes("!leaves @derm:hs.test")
        assert (case, "@derm:hs.test") in shared.practice.homeserver.removed
        assert "Dr Derm has left" in shared.lee.last_heard
        await shared.lee.writes("!close no discussion took place", room=case)
        assert (await shared.uses())[0].summarised_at is not None


async def test_only_a_manager_says_that_somebody_leaves_and_the_last_one_stays(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes("!leaves @derm:hs.test")
        assert (await person_of(shared, shared.derm)).standing is Standing.ACTIVE
        await shared.kim.writes("!leaves @kim:hs.test")
        assert (await person_of(shared, shared.kim)).standing is Standing.ACTIVE
        await shared.kim.writes("!leaves @sam:hs.test")
        assert "!patient-leaves" in shared.kim.last_heard


async def test_whoever_comes_back_has_only_the_role_of_the_new_code(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes("!leaves @lee:hs.test")
        await shared.kim.writes('!enrol reception @lee:hs.test "Lee"')
        lee = Someone(shared.practice, Account("@lee:hs.test"), "LeeIdentity")
        await lee.enrol(shared.practice.last_code(shared.kim.own_room))
        assert (await person_of(shared, lee)).roles == {Role.RECEPTION}


# ---- a patient leaves


async def test_accounts_are_unlinked_uses_end_and_the_record_stays(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.taught()
        case = await shared.forwarded()
        (shown,) = pictures_in(shared.practice, shared.derm.own_room)
        await shared.kim.writes("!patient-leaves 10421")
        assert "Sam Patel" in shared.kim.last_heard and "1 linked account" in shared.kim.last_heard
        assert (await person_of(shared, shared.sam)).standing is Standing.ACTIVE, "nothing before the tap"
        await taps(shared.kim, "Leaves")
        assert (await person_of(shared, shared.sam)).standing is Standing.LEFT
        assert [use.state for use in await shared.uses()] == [UseState.WITHDRAWN, UseState.CLOSED]
        assert shown in shared.practice.homeserver.redacted
        assert any(event in shared.practice.homeserver.redacted for event in pictures_in(shared.practice, case))
        assert "We wish you well" in shared.sam.last_heard and "Sam" not in shared.sam.last_heard
        entries = await shared.practice.record.entries(shared.image.patient_id)
        assert await shared.practice.record.content(shared.image.id) == JPEG
        assert any(entry.about == "" and entry.facts.get("accounts_unlinked") == 1 for entry in entries)
        assert any("did" in (entry.text or "") or "ended without" in (entry.text or "") for entry in entries)
        assert "consentry record export 10421" in shared.kim.last_heard


async def test_whoever_answers_for_others_too_stays_for_them(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes('!enrol patient 10422 "Mia Patel" 2015-02-01 parent "Sam Patel"')
        await shared.sam.enrol(shared.practice.last_code(shared.kim.own_room))
        await shared.kim.writes("!patient-leaves 10422")
        await taps(shared.kim, "Leaves")
        assert (await person_of(shared, shared.sam)).standing is Standing.ACTIVE
        assert "no longer answer for Mia Patel" in shared.sam.last_heard
        await shared.sam.sends_photo(JPEG + b"2", caption="knee")
        assert (await shared.practice.images())[-1].patient_id == shared.image.patient_id


async def test_no_changes_nothing_and_neither_does_a_second_time(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes("!patient-leaves 10421")
        await taps(shared.kim, "No")
        assert (await person_of(shared, shared.sam)).standing is Standing.ACTIVE
        for _ in range(2):
            await shared.kim.writes("!patient-leaves 10421")
        await taps(shared.kim, "Leaves")
        polls = len(polls_in(shared.practice, shared.kim.own_room))
        await shared.kim.writes("!patient-leaves 10421")
        assert "No patient here" in shared.kim.last_heard
        assert len(polls_in(shared.practice, shared.kim.own_room)) == polls


async def test_a_patient_who_comes_back_is_linked_again(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes("!patient-leaves 10421")
        await taps(shared.kim, "Leaves")
        await shared.kim.writes("!link 10421")
        sam = Someone(shared.practice, Account("@sam:hs.test"), "SamIdentity")
        await sam.enrol(shared.practice.last_code(shared.kim.own_room))
        await shared.lee.writes("!confirm 10421")  # it is a new human on the account, for all that is known (R31)
        await taps(shared.lee, "Yes")
        await sam.writes("my images")
        assert shared.image.ref in sam.last_heard


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("!patient-leaves", "Please write: !patient-leaves 20417"),
        ("!patient-leaves 99999", "No patient here has that number."),
        ("!patient-leaves 10421 now", "please send: !patient-leaves 10421"),
    ],
)
async def test_a_number_nobody_has_is_said_to_be_so(tmp_path: Path, words: str, said: str) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes(words)
        assert said in shared.kim.last_heard
        assert (await person_of(shared, shared.sam)).standing is Standing.ACTIVE


async def test_neither_a_clinician_nor_the_practice_room_says_it(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes("!patient-leaves 10421")
        room = await shared.practice.room(rooms.PRACTICE)
        await shared.kim.writes("!patient-leaves 10421", room=room)
        assert not polls_in(shared.practice, room) and not polls_in(shared.practice, shared.lee.own_room)


async def test_until_they_are_put_out_their_being_there_keeps_nobody_else_from_hearing(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await with_new(shared)
        await shared.forwarded()
        case = rooms.case((await shared.uses())[0].id)
        await shared.kim.writes("!leaves @lee:hs.test to @new:hs.test", settle=False)
        await shared.practice.inbox.drain()
        for address in (rooms.PRACTICE, case):
            _, audience = await shared.practice.worker._world.room_at(address)
            assert (
                audience.pins[Account("@lee:hs.test")] == "" and audience.pins[Account("@new:hs.test")] == "NewIdentity"
            )
