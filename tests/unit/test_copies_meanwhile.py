"""What happens to further copies while something else does: another move, a destruction, a change of rules or clock."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.further_copies import FurtherCopies
from bot.core.packing import Packing
from bot.core.watches import clock_jumps
from bot.core.watches.clock_jumps import ClockWatch
from bot.core.watches.deliver import DeliveryWatch
from bot.domain.assurance import Level
from bot.domain.delivery_reasons import STAFF_ONLY
from bot.domain.entries import CONCEALED, Entry, EntryKind, PatientIdentity
from bot.domain.errors import OutsideFailure
from bot.domain.identifiers import PatientId
from bot.ports import CopyPlace
from tests.practice import JPEG
from tests.unit.test_destinations import SHARE, Shared, ann_and_sam, sharing


async def others(shared: Shared, *numbers: str) -> list[PatientIdentity]:
    """More patients of the practice."""
    image = await shared.people.practice.only_image()
    made = []
    async with shared.people.practice.journal.transaction() as rows:
        sam = await rows.patients.get(image.patient_id)
        for number in numbers:
            other = replace(sam, id=PatientId(f"p{number}"), mrn=number, name=f"Ann {number}")
            await rows.patients.add(other)
            made.append(other.identity)
    return made


async def test_R15_a_copy_begun_under_a_second_patient_does_not_stay_there_when_the_photo_moves_to_a_third(
    tmp_path: Path,
) -> None:
    async with sharing(tmp_path) as shared:
        practice = shared.people.practice
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")
        await shared.watch.look()
        image = await practice.only_image()
        second, third = await others(shared, "20771", "30555")
        await practice.record.move([image.id], second)
        remove = shared.folder._remove

        def fails(copy: str) -> Any:
            raise OutsideFailure("hangs")

        shared.folder._remove = fails
        await shared.watch.look()
        shared.folder._remove = remove
        assert any(name.startswith("20771_") for name in shared.photos()), "it lies there, and nobody noted it"
        await practice.record.move([image.id], third)
        await shared.turns(minutes=5)
        (there,) = shared.photos()
        assert there.startswith("30555_")
        assert await practice.audited("delivery.wrong-one-removed", image.id) == 2, "R27"


async def test_R23_what_moves_while_its_destruction_waits_for_its_turn_is_destroyed_where_it_went(
    tmp_path: Path,
) -> None:
    async with sharing(tmp_path) as shared:
        practice = shared.people.practice
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")
        await shared.watch.look()
        image = await practice.only_image()
        ann, _ = await ann_and_sam(shared, image)
        await practice.record.move([image.id], ann)
        turn = practice.further._turns[SHARE.name]
        async with turn:
            looking = asyncio.create_task(shared.watch.look())
            while not turn._waiters:
                await asyncio.sleep(0)
            destroying = asyncio.create_task(practice.further.take_out([image.id]))
            while len(turn._waiters) < 2:
                await asyncio.sleep(0)
        await looking
        assert await destroying == {}
        assert shared.photos() == []
        assert (await shared.delivery(image.id)).residue is not None


async def test_R13a_what_waited_since_staff_alone_read_there_is_held_back_once_others_do(tmp_path: Path) -> None:
    async with sharing(tmp_path, replace(SHARE, staff_only=True)) as shared:
        practice = shared.people.practice
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")
        await shared.watch.look()
        image = await practice.only_image()
        _, sam = await ann_and_sam(shared, image)
        at, facts = practice.clock.now(), {CONCEALED: True}
        await practice.record.file(
            Entry("hidden", EntryKind.DISCLOSURE, sam, image.ref, at, "Kim", facts, text="to the court")
        )
        before = shared.dropped()
        packer = practice.further._packer
        assert isinstance(packer, Packing)
        place = CopyPlace(replace(SHARE, staff_only=False), shared.folder)
        further = FurtherCopies(practice.journal, practice.dispatch, practice.record, (place,), packer, practice.clock)
        await DeliveryWatch(practice.journal, practice.dispatch, practice.record, further, place).look()
        assert shared.dropped() == before
        hidden = await shared.delivery("hidden")
        assert (hidden.state, hidden.why) == (Level.REFUSED, STAFF_ONLY)


@pytest.mark.parametrize("days", [-400, 400])
async def test_what_failed_while_the_clock_was_wrong_goes_there_soon_after_it_was_put_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    async with sharing(tmp_path) as shared:
        practice, wrong = shared.people.practice, timedelta(days=days)
        monkeypatch.setattr(clock_jumps, "elapsed", lambda: timedelta(0))
        clocks = ClockWatch(practice.journal, practice.dispatch, practice.clock)
        practice.clock.move(wrong)
        await clocks.look()
        keep = shared.folder._place

        def full(leaving: Any) -> dict[str, str]:
            raise OutsideFailure("full")

        shared.folder._place = full
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")
        await shared.watch.look()
        shared.folder._place = keep
        practice.clock.move(-wrong)
        await clocks.look()
        await shared.turns(minutes=5)
        assert len(shared.photos()) == 1
