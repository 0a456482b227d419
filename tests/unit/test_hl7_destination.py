"""A practice whose copies go to practice software as messages: what people hear of them, and what they do about it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.core.watches.deliver import DeliveryWatch
from bot.domain.assurance import CopyForm, Level
from bot.domain.delivery import Delivery
from bot.domain.delivery_reasons import UNREAD
from bot.domain.destination import Destination
from bot.ports import CopyPlace
from storage.records.hl7_folder import SILENCE, Hl7Folder
from storage.records.hl7_message import Sender
from storage.records.record_tables import deliveries
from tests.cases import taps
from tests.hl7_judge import judged
from tests.hl7_receiver import Receiver
from tests.practice import JPEG, POLICY, Practice, Staffed, staffed_practice

TO = Destination("Best Practice", CopyForm.CLEAN)
HERE = Sender("Hill Street", "0d8e3a1c-6b6e-4c5b-9b6d-3c1c0d3b8a11", TO.name, ZoneInfo("Australia/Sydney"))


class TheirClock:
    """The clock of a practice that is opened later."""

    practice: Practice

    def now(self) -> datetime:
        return self.practice.clock.now()


@dataclass
class Filing:
    """A staffed practice, the watch of its destination, and the program at the other end."""

    people: Staffed
    watch: DeliveryWatch
    receiver: Receiver

    async def turns(self, **time: float) -> None:
        await self.people.practice.after(**time)
        await self.watch.look()

    async def told(self) -> Sequence[str]:
        """What the practice room was told of Best Practice, in order."""
        await self.people.practice.settle()
        room = await self.people.practice.practice_room()
        return [line for line in self.people.practice.seen_in(room) if "Best Practice" in line]

    async def of_the_photo(self) -> Delivery:
        image = await self.people.practice.only_image()
        async with self.people.practice.journal.reading() as rows:
            found = await rows.deliveries.to(TO.name, image.id)
        assert found is not None
        return found


@asynccontextmanager
async def filing(directory: Path, how: str = "AA", *, named: bool = True) -> AsyncIterator[Filing]:
    share, acknowledgements = directory / "share", directory / "acknowledgements"
    share.mkdir()
    acknowledgements.mkdir()
    policy, clock = replace(POLICY, names_apart=(TO.name,)), TheirClock()
    place = CopyPlace(TO, Hl7Folder(share, HERE, clock, acknowledged=acknowledgements))
    async with staffed_practice(directory / "practice", policy, places=lambda _keys: (place,)) as people:
        practice = people.practice
        clock.practice = practice
        watch = DeliveryWatch(practice.journal, practice.dispatch, practice.record, practice.further, place)
        if named:
            await people.kim.writes("!name 10421 Patel, Sam male")
        yield Filing(people, watch, Receiver(share, acknowledgements, how))


async def test_R35_an_accepted_photo_is_said_to_be_accepted_and_no_more(tmp_path: Path) -> None:
    async with filing(tmp_path) as here:
        await here.people.sam.sends_photo(JPEG, "rash on my arm")
        await here.watch.look()
        image = await here.people.practice.only_image()
        await here.people.kim.writes(f"!status {image.ref}")
        assert "in “Best Practice”: waiting (written there and read back" in here.people.kim.last_heard
        here.receiver.look()
        await here.turns(minutes=1)
        await here.people.kim.writes(f"!status {image.ref}")
        assert "in “Best Practice”: accepted" in here.people.kim.last_heard
        await here.people.lee.writes(f"!show {image.ref}")
        assert "in “Best Practice”: accepted" in here.people.lee.last_heard, "whoever looks at it reads so, too"
        assert await here.told() == []
        found = judged(*here.receiver.taken)
        photos = [one for one in found if one["observed"][0]["code"].startswith("72170-4")]
        assert [(one["name"], one["number"], one["sex"]) for one in photos] == [(["Patel", "Sam"], "10421", "M")]
        assert all(one["faults"] == [] for one in found)


async def test_nothing_is_sent_twice_after_a_backup_older_than_the_deliveries_was_restored(tmp_path: Path) -> None:
    async with filing(tmp_path) as here:
        practice = here.people.practice
        await here.people.sam.sends_photo(JPEG, "rash on my arm")
        await here.watch.look()
        sent = here.receiver.look()
        async with practice.database.transaction() as connection:
            await connection.execute(deliveries.delete())
        await practice.record.fill(TO)
        await here.turns(minutes=1)
        assert here.receiver.look() == sent
        assert (await here.of_the_photo()).state is Level.ACCEPTED


async def test_whom_nobody_named_in_parts_is_refused_with_what_to_write_and_goes_once_it_is_written(
    tmp_path: Path,
) -> None:
    async with filing(tmp_path, named=False) as here:
        await here.people.sam.sends_photo(JPEG, "rash on my arm")
        await here.watch.look()
        (told,) = await here.told()
        assert "can't be copied to “Best Practice” yet" in told and "!name 10421 Morgan, Alex" in told
        assert here.receiver.look() == 0
        await here.people.kim.writes("!name 10421 Patel, Sam")
        assert "that waited for this" in here.people.kim.last_heard
        await here.watch.look()
        assert here.receiver.look() >= 1
        assert (await here.of_the_photo()).state is Level.WAITING


async def test_what_was_turned_down_is_told_once_and_asking_again_sends_nothing(tmp_path: Path) -> None:
    async with filing(tmp_path, "AE") as here:
        await here.people.sam.sends_photo(JPEG, "rash on my arm")
        await here.watch.look()
        sent = here.receiver.look()
        for _ in range(3):
            await here.turns(minutes=10)
        assert (await here.of_the_photo()).state is Level.REFUSED
        (told,) = await here.told()
        assert "the receiving program turned it down, and it is not sent again" in told
        await here.people.practice.further.try_refused(here.people.practice.further.places[0])
        await here.turns(minutes=10)
        assert here.receiver.look() == sent
        assert (await here.of_the_photo()).state is Level.REFUSED


async def test_an_answer_that_is_neither_yes_nor_no_is_told_once_and_a_clear_one_after_it_counts(
    tmp_path: Path,
) -> None:
    """R35."""
    async with filing(tmp_path, "AP") as here:
        await here.people.sam.sends_photo(JPEG, "rash on my arm")
        await here.watch.look()
        sent = here.receiver.look()
        for _ in range(3):
            await here.turns(days=1)
            assert here.receiver.look() == sent, "it is not sent again: it was answered"
        photo = await here.of_the_photo()
        assert (photo.state, photo.why) == (Level.UNKNOWN, "unclear")
        told = [line for line in await here.told() if "neither that it takes it nor that it does not" in line]
        assert len(told) == 1 and "please look there" in told[0]
        control = next(control for control, order in here.receiver.numbers if order.startswith(_order_of(photo)))
        (tmp_path / "acknowledgements" / "later.ACK").write_text(f"MSH|^~\\&|BP\rMSA|AA|{control}\r")
        await here.turns(days=1)
        assert (await here.of_the_photo()).state is Level.ACCEPTED


async def test_R27_each_change_of_what_is_known_of_a_copy_has_one_line_in_the_log(tmp_path: Path) -> None:
    async with filing(tmp_path) as here:
        await here.people.sam.sends_photo(JPEG, "rash on my arm")
        image = await here.people.practice.only_image()

        async def lines() -> tuple[int, int]:
            practice = here.people.practice
            placed = await practice.audited("delivery.Placed", image.id)
            return placed, await practice.audited("delivery.LookedAt", image.id)

        for _ in range(2):
            await here.turns(minutes=10)
            assert await lines() == (1, 0)
        here.receiver.look()
        for _ in range(2):
            await here.turns(minutes=10)
            assert await lines() == (1, 1), "accepted"


async def test_an_acknowledgement_that_can_not_be_read_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with filing(tmp_path) as here:
        await here.people.sam.sends_photo(JPEG, "rash on my arm")
        await here.turns(minutes=1)
        here.receiver.look()
        read_bytes = Path.read_bytes

        def locked(path: Path) -> bytes:
            if path.suffix == ".ACK":
                raise PermissionError
            return read_bytes(path)

        with monkeypatch.context() as patch:
            patch.setattr(Path, "read_bytes", locked)
            for _ in range(4):
                await here.turns(minutes=2)
            told = [line for line in await here.told() if "that I can't read" in line]
            assert len(told) == 1 and (await here.of_the_photo()).why == UNREAD
        await here.turns(minutes=2)
        assert (await here.of_the_photo()).state is Level.ACCEPTED


async def test_after_silence_it_goes_thrice_and_then_the_practice_hears_once_that_a_person_must_look(
    tmp_path: Path,
) -> None:
    async with filing(tmp_path, "silent") as here:
        await here.people.sam.sends_photo(JPEG, "rash on my arm")
        for _ in range(8):
            await here.turns(minutes=1)
            here.receiver.look()
            await here.turns(minutes=30)
            await here.turns(seconds=SILENCE.total_seconds())
        photo = await here.of_the_photo()
        assert (photo.state, photo.why) == (Level.UNKNOWN, "silent")
        assert sum(number.startswith(_order_of(photo)) for _, number in here.receiver.numbers) == 3
        told = [line for line in await here.told() if "three times" in line]
        assert len(told) == 1


async def test_R15_after_a_move_the_old_patient_s_program_is_told_and_so_are_people(tmp_path: Path) -> None:
    async with filing(tmp_path) as here:
        people = here.people
        await people.kim.writes("!enrol patient 20771 Other, Ann 2 Jan 1990")
        await people.sam.sends_photo(JPEG, "rash on my arm")
        await here.watch.look()
        here.receiver.look()
        await here.turns(minutes=1)
        image = await people.practice.only_image()
        await people.kim.writes(f"!refile {image.ref} 20771 2 Jan 1990")
        await taps(people.kim, "Move")
        await here.turns(minutes=1)
        here.receiver.look()
        back = [
            found
            for found in judged(*here.receiver.taken)
            if {observed["status"] for observed in found["observed"]} == {"W"}
        ]
        assert back and all(found["name"] == ["Patel", "Sam"] for found in back)
        told = " ".join(await here.told())
        assert "please have it removed there from the patient it was first filed for" in told
        assert "Ann" not in told and "Sam" not in told


def _order_of(delivery: Delivery) -> str:
    return delivery.under(delivery.patient_id)["id"].replace("-", "")[:20]
