"""Wrong-patient filing is the worst error: re-filing is possible, confirmed, audited, and notified (R15)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.domain.entries import EntryKind
from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.image import HeldFor, State
from bot.domain.people import Patient
from bot.domain.use import UseState
from tests.cases import Shared, answer_id, pictures_in, shared_practice, taps
from tests.practice import JPEG

ALEX = "10422 2011-12-01"


@asynccontextmanager
async def with_alex(directory: Path) -> AsyncIterator[tuple[Shared, Patient]]:
    """Alex Ng is enrolled too, and Sam's photo is Alex's in truth."""
    async with shared_practice(directory) as shared:
        await shared.kim.writes('!enrol patient 10422 "Alex Ng" 2011-12-01')
        async with shared.practice.journal.reading() as rows:
            alex = await rows.patients.first(mrn="10422")
        assert alex is not None
        yield shared, alex


async def moved(shared: Shared) -> None:
    await shared.kim.writes(f"!refile {shared.image.ref} {ALEX}")
    await taps(shared.kim, "Move")


async def test_both_patients_are_echoed_with_two_identifiers_and_nothing_happens_before_the_tap(tmp_path: Path) -> None:
    async with with_alex(tmp_path) as (shared, _alex):
        await shared.kim.writes(f"!refile {shared.image.ref} {ALEX}")
        for word in ("Sam Patel", "7 March 1984", "MRN 10421", "Alex Ng", "1 December 2011", "MRN 10422"):
            assert word in shared.kim.last_heard
        await shared.practice.after(minutes=5)
        assert (await shared.now()).patient_id == shared.image.patient_id
        await shared.kim.writes("yes")
        assert (await shared.now()).patient_id == shared.image.patient_id
        await taps(shared.kim, "No")
        assert (await shared.now()).patient_id == shared.image.patient_id


async def test_the_image_and_what_was_written_about_it_are_the_right_patients_and_read_back(tmp_path: Path) -> None:
    async with with_alex(tmp_path) as (shared, alex):
        await shared.lee.writes(f"!note {shared.image.ref} contact dermatitis")
        await moved(shared)
        image = await shared.now()
        assert (image.patient_id, image.state, image.moving_to) == (alex.id, State.VERIFIED, "")
        record = shared.practice.record
        here = await record.entries(alex.id)
        assert await record.content(image.id) == JPEG
        assert {EntryKind.IMAGE, EntryKind.NOTE, EntryKind.RECEIPT} <= {entry.kind for entry in here}
        for entry in here:
            assert await record.read_back(entry.entry_id) == entry.sha256
        assert all(entry.sealed is None or entry.sealed.patient_id == alex.id for entry in here)


async def test_both_records_keep_the_trace_and_neither_names_the_other_patient(tmp_path: Path) -> None:
    async with with_alex(tmp_path) as (shared, alex):
        await moved(shared)
        (away,) = await shared.practice.record.entries(shared.image.patient_id)
        here = [e for e in await shared.practice.record.entries(alex.id) if e.kind is EntryKind.CORRECTION]
        assert away.kind is EntryKind.CORRECTION and away.facts["moved"] == "away"
        assert away.facts["sha256"] == shared.image.sha256 and away.facts["image"] == shared.image.id
        assert [one.facts["moved"] for one in here] == ["here"]
        assert "Alex" not in repr(away) and "Sam" not in repr(here[0])
        assert shared.image.ref in (away.text or "") and "by mistake" in (away.text or "")


async def test_whoever_saw_it_and_the_sender_hear_of_it(tmp_path: Path) -> None:
    async with with_alex(tmp_path) as (shared, _alex):
        await shared.lee.writes(f"!show {shared.image.ref}")
        await shared.forwarded()
        await moved(shared)
        for person in (shared.lee, shared.derm):
            assert "wrong patient" in person.last_heard
            assert "Alex" not in person.last_heard
        assert "put right how" in shared.sam.last_heard, "Sam does not speak for Alex: no patient, no record (R29)"
        assert "right record now" in shared.kim.last_heard


async def test_what_was_agreed_under_the_wrong_name_ends_and_never_counts_for_the_right_patient(tmp_path: Path) -> None:
    async with with_alex(tmp_path) as (shared, _alex):
        await shared.taught()
        (shown,) = pictures_in(shared.practice, shared.derm.own_room)
        await moved(shared)
        (use,) = await shared.uses()
        assert use.state is UseState.WITHDRAWN
        assert shown in shared.practice.homeserver.redacted
        assert any("delete every copy" in words for words in shared.derm.heard)


async def test_nobody_is_shown_it_while_it_is_being_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with with_alex(tmp_path) as (shared, alex):
        move = shared.practice.record.move

        async def fail(*_: object) -> None:
            raise OutsideFailure("disk-full")

        monkeypatch.setattr(shared.practice.record, "move", fail)
        await moved(shared)
        before = len(pictures_in(shared.practice, shared.lee.own_room))
        await shared.lee.writes(f"!show {shared.image.ref}")
        assert "settled whose" in shared.lee.last_heard
        assert len(pictures_in(shared.practice, shared.lee.own_room)) == before
        await shared.lee.writes(f"!note {shared.image.ref} written meanwhile")
        monkeypatch.setattr(shared.practice.record, "move", move)
        await shared.practice.after(hours=1)
        assert (await shared.now()).patient_id == alex.id
        notes = [e for e in await shared.practice.record.entries(alex.id) if e.kind is EntryKind.NOTE]
        assert [note.text for note in notes] == ["written meanwhile"]


async def test_killed_between_moving_and_noting_it_ends_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with with_alex(tmp_path) as (shared, alex):
        read_back, fails = shared.practice.record.read_back, [True]

        async def die(entry_id: str) -> str:
            if entry_id == shared.image.id and fails and fails.pop():
                raise OutsideFailure("as good as killed")
            return await read_back(entry_id)

        monkeypatch.setattr(shared.practice.record, "read_back", die)
        await moved(shared)
        assert (await shared.now()).state is State.FILED
        await shared.practice.after(minutes=1)
        assert ((await shared.now()).patient_id, (await shared.now()).state) == (alex.id, State.VERIFIED)
        corrections = [e for e in await shared.practice.record.entries(alex.id) if e.kind is EntryKind.CORRECTION]
        assert len(corrections) == 1


async def test_what_cannot_be_moved_stays_where_it_was_and_who_asked_hears_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with with_alex(tmp_path) as (shared, _alex):

        async def refuse(*_: object) -> None:
            raise Permanent("conflict")

        monkeypatch.setattr(shared.practice.record, "move", refuse)
        await moved(shared)
        image = await shared.now()
        assert (image.patient_id, image.state, image.moving_to) == (shared.image.patient_id, State.VERIFIED, "")
        assert "could not be moved" in shared.kim.last_heard


async def test_what_does_not_read_back_is_held_for_a_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """R16."""
    async with with_alex(tmp_path) as (shared, _alex):
        read_back = shared.practice.record.read_back

        async def damaged(entry_id: str) -> str:
            return "00" if entry_id == shared.image.id else await read_back(entry_id)

        monkeypatch.setattr(shared.practice.record, "read_back", damaged)
        await moved(shared)
        image = await shared.now()
        assert (image.state, image.held_for) == (State.HELD, HeldFor.READ_BACK_DIFFERED)
        assert not any("right record now" in words for words in shared.kim.heard)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("!refile {ref} 10422", "Two identifiers"),
        ("!refile {ref} 10422 2011-12-02", "No enrolled patient"),
        ("!refile {ref} 10421 1984-03-07", "that patient's record already"),
        ("!refile {ref} 10422 yesterday", "not a date"),
    ],
)
async def test_R15_less_than_two_matching_identifiers_move_nothing(tmp_path: Path, words: str, answer: str) -> None:
    async with with_alex(tmp_path) as (shared, _alex):
        await shared.kim.writes(words.format(ref=shared.image.ref))
        assert answer in shared.kim.last_heard
        assert (await shared.now()) == shared.image


async def test_neither_a_clinician_nor_the_practice_room_re_files(tmp_path: Path) -> None:
    async with with_alex(tmp_path) as (shared, _alex):
        await shared.lee.writes(f"!refile {shared.image.ref} {ALEX}")
        room = await shared.practice.practice_room()
        await shared.kim.writes(f"!refile {shared.image.ref} {ALEX}", room=room)
        assert not any("Alex" in words for words in shared.practice.seen_in(room))
        assert (await shared.now()) == shared.image


async def test_a_tap_after_it_was_moved_otherwise_moves_nothing(tmp_path: Path) -> None:
    async with with_alex(tmp_path) as (shared, alex):
        await shared.kim.writes(f"!refile {shared.image.ref} {ALEX}")
        first = answer_id(shared.practice, shared.kim.own_room, "Move")
        await shared.kim.writes(f"!refile {shared.image.ref} {ALEX}")
        await taps(shared.kim, "Move")
        await taps(shared.kim, "", secret=first)
        assert (await shared.now()).patient_id == alex.id
        assert len([e for e in await shared.practice.record.entries(alex.id) if e.kind is EntryKind.CORRECTION]) == 1
