"""The second copy: chat copies go only when it was read back too. In trouble it stops no filing, and somebody is told."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.config import load
from bot.core.dispatch import Dispatch
from bot.core.further_copies import FurtherCopies
from bot.core.packing import WholeOriginals
from bot.core.watches.deliver import DeliveryWatch
from bot.domain.assurance import Level
from bot.domain.copies import SETTLED
from bot.domain.destination import SECOND_COPY
from bot.domain.errors import Permanent
from bot.domain.identifiers import Account, PatientId
from bot.domain.image import State
from bot.durable import write_durably
from bot.operate.backup.make import back_up
from bot.operate.backup.restore import restore
from bot.operate.doctor.deep import Deep
from bot.operate.kept import Kept, places_of
from bot.ports import CopyPlace
from handlers import HOUSE
from storage.outside.outside_register import RegisterFiles
from storage.records import mirror as mirrors
from storage.records.mirror import Mirror
from storage.records.record_tables import deliveries
from storage.vault.key_ring import KeyRing
from tests.cases import taps
from tests.fakes import CountingIds, ManualClock
from tests.practice import JPEG, POLICY, Staffed, staffed_practice
from tests.practice import Practice as PracticeOfTests
from tests.unit.test_backup import AT, SAM, Practice


@asynccontextmanager
async def mirrored(directory: Path) -> AsyncIterator[tuple[Staffed, Mirror, DeliveryWatch]]:
    """A staffed practice whose record has a second copy at `directory / "mirror"`."""
    (directory / "mirror").mkdir()

    def second_copy(keys: KeyRing) -> tuple[CopyPlace, ...]:
        return places_of(Mirror(directory / "mirror", keys))

    async with staffed_practice(directory / "practice", places=second_copy) as people:
        practice = people.practice
        register = RegisterFiles([directory / "practice" / "keys", directory / "mirror"], practice.keys)
        practice.worker._world = replace(practice.worker._world, register=register)
        mirror = practice.further.places[0].copy
        assert isinstance(mirror, Mirror)
        yield people, mirror, watch_of(practice, practice.further)


def watch_of(practice: PracticeOfTests, further: FurtherCopies) -> DeliveryWatch:
    return DeliveryWatch(practice.journal, practice.dispatch, practice.record, further, further.places[0])


def started(practice: PracticeOfTests, place: Path) -> FurtherCopies:
    """The bot's further copies as after a start."""
    places = places_of(Mirror(place, practice.keys))
    return FurtherCopies(practice.journal, practice.dispatch, practice.record, places, WholeOriginals(), practice.clock)


def copies_of(kept: Kept) -> FurtherCopies:
    dispatch = Dispatch(kept.journal, HOUSE, ManualClock(), CountingIds(), POLICY)
    return FurtherCopies(kept.journal, dispatch, kept.record, kept.places, WholeOriginals(), ManualClock())


async def lacks(people: Staffed) -> int:
    """How many entries the second copy lacks."""
    async with people.practice.journal.reading() as rows:
        verified = await rows.deliveries.in_state(SECOND_COPY, Level.VERIFIED)
    return await people.practice.record.count() - len(verified)


async def purged(people: Staffed) -> bool:
    """Whether all that Sam sent is out of the chat."""
    async with people.practice.journal.reading() as rows:
        copies = [one for one in await rows.copies.find() if one.mxc or one.what.value == "message"]
    return bool(copies) and all(copy.state in SETTLED for copy in copies)


async def team_hears(people: Staffed, words: str) -> int:
    return sum(words in line for line in people.practice.seen_in(await people.practice.practice_room()))


async def test_what_is_filed_is_in_the_second_copy_sealed_and_whole_before_the_chat_copies_go(tmp_path: Path) -> None:
    async with mirrored(tmp_path) as (people, mirror, watch):
        await people.sam.sends_photo(JPEG, "rash on my arm")
        assert await purged(people)
        await watch.look()
        assert await lacks(people) == 0
        assert await people.practice.record.count() == len(list(mirror.entries()))
        [image] = [content for entry, content in mirror.entries() if entry.media_type == "image/jpeg"]
        assert image == JPEG
        for path in (tmp_path / "mirror").rglob("*"):
            if path.is_file():
                assert b"rash" not in path.read_bytes() and b"Sam" not in path.read_bytes()
                assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("trouble", ["away", "empty", "full", "differs", "hangs"])
async def test_in_trouble_filing_goes_on_purging_waits_and_the_practice_is_told_once_and_when_it_is_over(
    tmp_path: Path, trouble: str
) -> None:
    async with mirrored(tmp_path) as (people, mirror, watch):
        await people.sam.sends_photo(JPEG + b"1", "before")
        await watch.look()
        back = threading.Event()

        def hangs(path: Path, content: bytes) -> None:
            back.wait()
            write_durably(path, content)

        with pytest.MonkeyPatch.context() as patch:
            match trouble:
                case "away" | "empty":
                    (tmp_path / "mirror").rename(tmp_path / "unplugged")
                    if trouble == "empty":
                        (tmp_path / "mirror").mkdir()  # a place where nothing is mounted
                case "full":
                    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                    patch.setattr(mirrors, "write_durably", lambda *_: (_ for _ in ()).throw(full))
                case "hangs":
                    patch.setattr(mirror._far, "_seconds", 0.2)
                    patch.setattr(mirrors, "write_durably", hangs)
                case _:
                    patch.setattr(
                        mirrors,
                        "write_durably",
                        lambda path, content: write_durably(path, content[:-1] + bytes([content[-1] ^ 1])),
                    )
            await people.sam.sends_photo(JPEG + b"2", "after")
            assert [image.state for image in await people.practice.images()] == [State.VERIFIED] * 2
            for _ in range(2):
                await watch.look()
                await people.practice.after(hours=25)  # longer than anything is tried again
            assert not await purged(people)
            assert await team_hears(people, "The second copy of the record:") == 1
            if trouble == "empty":
                assert list((tmp_path / "mirror").iterdir()) == [], "a new second copy was begun on the wrong disk"
                (tmp_path / "mirror").rmdir()
        back.set()
        while not mirror._far._last.done():  # type: ignore[union-attr]  # it was asked
            await asyncio.sleep(0.01)
        if trouble in ("away", "empty"):
            (tmp_path / "unplugged").rename(tmp_path / "mirror")
        await watch.look()
        await people.practice.after(minutes=2)
        assert await purged(people)
        await watch.look()  # the receipts of it too
        assert await team_hears(people, "complete again") == 1
        assert await lacks(people) == 0


async def test_dying_at_any_step_of_copying_leaves_nothing_half_and_the_next_start_goes_on(tmp_path: Path) -> None:
    """Before a file, with half of one beside its place, and with a whole one that the record does not know of yet."""

    class Died(Exception):
        pass

    async with mirrored(tmp_path) as (people, _, _):
        await people.sam.sends_photo(JPEG, "rash on my arm")
        place, practice = tmp_path / "mirror", people.practice
        lives = 0
        for step in range(1, 100):
            shutil.rmtree(place)
            place.mkdir()
            async with practice.database.transaction() as connection:
                await connection.execute(deliveries.delete())
            dies = watch_of(practice, started(practice, place))
            steps = 0

            def dying(path: Path, content: bytes, *, last: int = step) -> None:
                nonlocal steps
                for act in (
                    lambda: path.with_name(f"{path.name}.part").write_bytes(content[: len(content) // 2]),
                    lambda: write_durably(path, content),
                ):
                    act()
                    steps += 1
                    if steps == last:
                        raise Died

            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(mirrors, "write_durably", dying)
                try:
                    await dies.look()
                    break
                except Died:
                    lives += 1
            await watch_of(practice, started(practice, place)).look()
            assert await lacks(people) == 0
            patient, record = (await practice.only_image()).patient_id, practice.record
            filed = {entry.entry_id: await record.content(entry.entry_id) for entry in await record.entries(patient)}
            assert {entry.entry_id: content for entry, content in Mirror(place, practice.keys).entries()} == filed
        assert lives >= 6


async def test_an_image_moved_to_another_patient_is_copied_anew(tmp_path: Path) -> None:
    async with mirrored(tmp_path) as (people, mirror, watch):
        await people.sam.sends_photo(JPEG, "rash on my arm")
        await watch.look()
        image = await people.practice.only_image()
        ann = replace(SAM, patient_id=PatientId("ann"), mrn="20771", name="Ann Other")
        await people.practice.record.move([image.id], ann)
        assert await lacks(people) == 1
        await watch.look()
        assert {entry.entry_id: entry.patient for entry, _ in mirror.entries()}[image.id] == ann


async def test_what_is_destroyed_is_destroyed_in_both_copies_and_in_neither_while_one_is_away(tmp_path: Path) -> None:
    """R23. A second copy that kept it would bring it back."""
    async with mirrored(tmp_path) as (people, mirror, watch):
        await people.sam.sends_photo(JPEG, "rash on my arm")
        await watch.look()
        image = await people.practice.only_image()
        await people.practice.after(days=8 * 366)
        await watch.look()
        on_the_disk = tmp_path / "what-is-left-on-the-disk"
        on_the_disk.hardlink_to(tmp_path / "mirror" / image.id[:2] / f"{image.id}.sealed")
        size = on_the_disk.stat().st_size
        await people.kim.writes(f"!destroy {image.ref}")
        (tmp_path / "mirror").rename(tmp_path / "unplugged")
        await taps(people.kim, "Destroy")
        assert await people.practice.record.content(image.id) == JPEG
        assert "is destroyed" not in people.kim.last_heard
        (tmp_path / "unplugged").rename(tmp_path / "mirror")
        assert image.id in {entry.entry_id for entry, _ in mirror.entries()}
        await people.practice.after(hours=1)
        assert "is destroyed" in people.kim.last_heard
        assert [entry.entry_id for entry, _ in mirror.entries()] == []
        assert await people.practice.record.entries(image.patient_id) == []
        assert on_the_disk.read_bytes() == bytes(size)
        await mirror.remove({"id": "", "entry": image.id})  # gone already is success


@pytest.mark.parametrize("fault", ["lost", "torn"])
async def test_a_file_that_is_lost_or_torn_long_after_the_purge_is_put_back_from_the_second_copy(
    tmp_path: Path, fault: str
) -> None:
    """`doctor --deep --repair`. Without a second copy it says that only a backup may have it (test_doctor_deep)."""
    async with mirrored(tmp_path) as (people, mirror, watch):
        await people.sam.sends_photo(JPEG, "rash on my arm")
        await watch.look()
        practice, image = people.practice, await people.practice.only_image()
        blob = next((tmp_path / "practice" / "objects").rglob(image.id))
        whole = blob.read_bytes()
        blob.unlink() if fault == "lost" else blob.write_bytes(whole[:-1])
        kept: Any = SimpleNamespace(
            journal=practice.journal, vault=practice.vault, record=practice.record, mirror=mirror
        )
        deep = Deep(kept, practice.clock.now(), Account("@consentry:hs.test"))
        (tmp_path / "mirror").rename(tmp_path / "unplugged")
        (found,) = [one async for one in deep.deviations()]
        assert found.repair is None and "unless a backup has it" in found.lost
        (tmp_path / "unplugged").rename(tmp_path / "mirror")
        (found,) = [one async for one in deep.deviations()]
        assert "second copy has it" in found.lost and found.repair is not None
        await found.repair()
        assert blob.read_bytes() == whole
        assert [one async for one in deep.deviations()] == []
        filed = {entry.entry_id: entry for entry in await practice.record.entries(image.patient_id)}[image.id]
        assert filed.sealed is not None
        with pytest.raises(Permanent, match="damaged"):
            await practice.vault.put_back(filed.sealed, JPEG + b"not it")
        assert blob.read_bytes() == whole


@pytest.mark.parametrize("fault", ["lost", "torn"])
async def test_a_torn_file_of_the_second_copy_is_found_before_it_is_needed_and_copied_anew(
    tmp_path: Path, fault: str
) -> None:
    async with mirrored(tmp_path) as (people, mirror, watch):
        await people.sam.sends_photo(JPEG, "rash on my arm")
        await watch.look()
        practice, image = people.practice, await people.practice.only_image()
        kept: Any = SimpleNamespace(
            journal=practice.journal, vault=practice.vault, record=practice.record, mirror=mirror
        )
        deep = Deep(kept, practice.clock.now(), Account("@consentry:hs.test"))
        assert [one async for one in deep.deviations()] == []
        copy = next((tmp_path / "mirror").rglob(f"{image.id}.sealed"))
        copy.unlink() if fault == "lost" else copy.write_bytes(copy.read_bytes()[:-1])
        (found,) = [one async for one in deep.deviations()]
        assert f"second copy of the image of {image.ref} is missing or damaged" in found.what
        assert found.repair is not None
        await found.repair()
        assert await mirror.content(image.id) == JPEG
        assert [one async for one in deep.deviations()] == []


async def test_a_restore_takes_what_the_backup_lacks_from_the_second_copy(tmp_path: Path) -> None:
    from bot.domain.entries import Entry, EntryKind
    from bot.operate.kept import opened

    practice = Practice(tmp_path / "practice")
    (tmp_path / "mirror").mkdir()
    practice.file.write_text(practice.file.read_text() + f'\n[record]\nmirror = "{tmp_path / "mirror"}"\n')
    practice.config = load(practice.file)
    await practice.filed("one")
    made = await back_up(practice.config, practice.file, tmp_path / "usb")
    async with opened(practice.config) as kept:
        sealed = await kept.vault.seal("late", PatientId("p1"), b"late" * 1000)
        await kept.record.file(Entry("late", EntryKind.IMAGE, SAM, "IMG-2", AT, "Sam", {"a": 1}, sealed, "image/jpeg"))
        for entry in ("one", "noteone", "late"):
            assert await copies_of(kept).secured(entry)
    (tmp_path / "mirror" / "on" / "one.sealed").write_bytes(b"torn")  # in the backup: nothing is lost with it
    restored = await restore(made.directory, tmp_path / "new" / "config.toml", lambda: practice.secret)
    config, objects = restored.config, restored.objects
    assert objects == 2 and restored.unopened == ()
    async with opened(config, read_only=True) as kept:
        assert await kept.record.content("late") == b"late" * 1000
        assert [one.entry_id for one in await kept.record.entries(PatientId("p1"))].count("one") == 1


async def test_a_torn_file_of_the_second_copy_is_named_and_keeps_nothing_else_from_being_restored(
    tmp_path: Path,
) -> None:
    from bot.domain.entries import Entry, EntryKind
    from bot.operate.kept import opened

    practice, mirror = Practice(tmp_path / "practice"), tmp_path / "mirror"
    mirror.mkdir()
    practice.file.write_text(practice.file.read_text() + f'\n[record]\nmirror = "{mirror}"\n')
    practice.config = load(practice.file)
    await practice.filed("one")
    made = await back_up(practice.config, practice.file, tmp_path / "usb")
    async with opened(practice.config) as kept:
        for late in ("early", "late"):
            note = Entry(late, EntryKind.NOTE, SAM, "IMG-1", AT, "Lee", {}, text=late)
            await kept.record.file(note)
            assert await copies_of(kept).secured(late)
    torn = mirror / "ea" / "early.sealed"
    torn.write_bytes(torn.read_bytes()[:-1])
    restored = await restore(made.directory, tmp_path / "new" / "config.toml", lambda: practice.secret)
    assert restored.unopened == (torn,)
    async with opened(restored.config, read_only=True) as kept:
        assert await kept.record.content("late") == b"late"
