"""What was destroyed stays destroyed, also when a backup from before is restored (R23): the register outside says so."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from bot.commands.backup import _of_what_was_destroyed
from bot.config import Config
from bot.config.policy_of import policy_of
from bot.domain.identifiers import Account
from bot.domain.image import State
from bot.ids import SystemClock
from bot.operate.backup.make import back_up
from bot.operate.backup.restore import Restored, restore
from bot.operate.doctor.check_record import destroyed as looked_for
from bot.operate.doctor.deep import Deep
from bot.operate.kept import opened, register_of
from bot.operate.setup import write_practice
from storage.outside.outside_register import RegisterFiles
from tests.cases import Shared, shared_practice, taps
from tests.pages import decrypted
from tests.practice import open_practice
from tests.unit.test_backup import ANSWERS
from tests.unit.test_retention import MARKERS, YEARS, destroyed, lived


@dataclass
class BackedUp:
    """A practice, its time of keeping over, with a backup of all that is about to be destroyed."""

    shared: Shared
    directory: Path
    config: Config
    before: Path

    @property
    def usb(self) -> Path:
        return self.directory / "usb"

    async def back_up(self) -> Path:
        return (await back_up(self.config, self.directory / "config.toml", self.usb)).directory

    async def restored(self, more: str = "") -> Restored:
        """On another machine. `more`: what else the configuration says there."""
        file = self.directory / "new" / "config.toml"
        text = (self.before / "config.toml").read_text()
        file.parent.mkdir()
        file.write_text(text + more)
        return await restore(self.before, file, self.shared.practice.keys.recovery_secret)


async def backed_up(shared: Shared, directory: Path) -> BackedUp:
    answers = replace(ANSWERS, data="to-be-restored")  # keys are not made beside a record, and one is in `data`
    config, _ = write_practice(directory / "config.toml", answers, "the password")
    data = {"directory": directory / "data", "keys_directory": directory / "data" / "keys"}
    config = config.model_copy(update={"data": config.data.model_copy(update=data)})
    await lived(shared)
    await shared.practice.after(days=YEARS.days)
    made = BackedUp(shared, directory, config, Path())
    made.before = await made.back_up()
    return made


async def left_of_it(restored: Restored, shared: Shared) -> list[str]:
    """What of the image can still be found after a restore, wherever one looks."""
    data = restored.config.data.directory
    async with opened(restored.config) as kept:
        found = [one.entry_id for one in await kept.record.entries(shared.image.patient_id)]
        found += sorted(kept.vault.object_ids())
        await kept.database.empty_log()
        pages = decrypted(data / "journal.db", kept.keys.database)
    return found + [marker for marker in MARKERS if marker.encode() in pages]


async def test_restoring_a_backup_from_before_destroys_again_what_a_newer_backup_knows_of(tmp_path: Path) -> None:
    """The machine is lost, and with it all but the backups; the older one is all that can be read."""
    async with shared_practice(tmp_path / "data") as shared:
        practice = await backed_up(shared, tmp_path)
        await destroyed(shared)
        await practice.back_up()
        restored = await practice.restored()
        assert [one.line.ref for one in restored.again] == [shared.image.ref] and restored.unread == ()
        assert await left_of_it(restored, shared) == []
        # At the next start the worker finds nothing left to destroy, and the register's line is done.
        data = restored.config.data.directory
        shutil.copytree(restored.config.data.keys_directory, data / "keys")
        async with open_practice(data, reopen=shared.practice) as again:
            await again.settle()
            async with again.journal.reading() as rows:
                image = await rows.images.get(shared.image.id)
                (line,) = await rows.destructions.find()
                assert await rows.waiting("due", "held") == []
            assert image.state is State.DESTROYED and line.done_at is not None and line.decided_by == "Kim"
            assert await again.audit_is_whole()


async def test_without_a_register_outside_it_would_be_back_and_the_doctor_finds_it_once_the_register_is_there(
    tmp_path: Path,
) -> None:
    async with shared_practice(tmp_path / "data") as shared:
        practice = await backed_up(shared, tmp_path)
        outside = tmp_path / "share"
        outside.mkdir()
        world = shared.practice.worker._world
        world = replace(world, register=RegisterFiles([outside], shared.practice.keys))
        shared.practice.worker._world = world
        await destroyed(shared)
        outside.rename(tmp_path / "unmounted")
        restored = await practice.restored(f'\n[audit]\ncheckpoints = "{outside}"\n')
        assert restored.again == () and restored.unread == (outside,)
        assert shared.image.id in await left_of_it(restored, shared)
        (tmp_path / "unmounted").rename(outside)
        async with opened(restored.config) as kept:
            finding = await looked_for(restored.config, kept)
            assert finding.ok is False and shared.image.ref in finding.what and "--repair" in finding.mend
            register, policy = register_of(restored.config, kept.keys), policy_of(restored.config)
            deep = Deep(kept, SystemClock().now(), Account("@consentry:localhost"), register=register, policy=policy)
            found = [one async for one in deep.deviations()]
            (back,) = [one for one in found if "was destroyed on" in one.what]
            assert back.repair is not None
            await back.repair()
            assert (await looked_for(restored.config, kept)).ok
        assert await left_of_it(restored, shared) == []


async def test_nothing_is_destroyed_before_its_line_is_in_every_place_outside(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        practice, away = shared.practice, tmp_path / "share"
        register = RegisterFiles([tmp_path / "keys", away], practice.keys)
        practice.worker._world = replace(practice.worker._world, register=register)
        await practice.after(days=YEARS.days)
        await destroyed(shared)
        assert await practice.record.read_back(shared.image.id) == shared.image.sha256
        assert "is destroyed" not in shared.kim.last_heard
        away.mkdir()
        await practice.after(hours=1)
        assert "is destroyed" in shared.kim.last_heard
        assert [one.entry_id for one in await practice.record.entries(shared.image.patient_id)] == []
        for place in (tmp_path / "keys", away):
            (line,) = (await RegisterFiles([place], practice.keys).noted()).lines
            assert (line.ref, line.subject_id) == (shared.image.ref, shared.image.id)


async def test_the_register_outside_says_nothing_to_whoever_finds_it(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.practice.after(days=YEARS.days)
        await destroyed(shared)
        (file,) = (tmp_path / "keys" / "destroyed").iterdir()
        for word in (shared.image.ref, shared.image.id, "10421", "Kim"):
            assert word.encode() not in file.read_bytes() and word not in file.name
        file.write_bytes(file.read_bytes()[:-1])
        noted = await RegisterFiles([tmp_path / "keys"], shared.practice.keys).noted()
        assert noted.lines == () and noted.unread == (tmp_path / "keys",)


async def test_what_was_destroyed_twice_is_restored_and_destroyed_again_under_the_first_line(tmp_path: Path) -> None:
    """Restored while the register was away it was back, and a manager wrote !destroy once more."""
    async with shared_practice(tmp_path / "data") as shared:
        practice = await backed_up(shared, tmp_path)
        await destroyed(shared)
        await practice.back_up()
        register = RegisterFiles([practice.usb], shared.practice.keys)
        (first,) = (await register.noted()).lines
        await register.note([replace(first, id="again", decided_at=first.decided_at + timedelta(days=1))])
        restored = await practice.restored()
        assert [one.line.id for one in restored.again] == [first.id]
        assert await left_of_it(restored, shared) == []


async def test_a_line_that_does_not_open_hides_no_other_and_its_place_is_named(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        keys, place = shared.practice.keys, tmp_path / "keys"
        await shared.practice.after(days=YEARS.days)
        await destroyed(shared)
        register = RegisterFiles([place], keys)
        (line,) = (await register.noted()).lines
        others = [replace(line, id=f"other{number}") for number in range(120)]
        await register.note(others)
        (place / "destroyed" / "other7.line").write_bytes(b"of another practice")
        noted = await register.noted()
        assert {one.id for one in noted.lines} == {line.id, *(one.id for one in others)} - {"other7"}
        assert noted.unread == (place,)


async def test_words_that_belong_to_no_image_are_destroyed_again_too(tmp_path: Path) -> None:
    async with shared_practice(tmp_path / "data") as shared:
        await shared.kim.writes("!patient-leaves 10421")
        await taps(shared.kim, "Leaves")
        practice = await backed_up(shared, tmp_path)
        await shared.kim.writes("!destroy 10421")
        await taps(shared.kim, "Destroy")
        await destroyed(shared)
        await practice.back_up()
        restored = await practice.restored()
        assert sorted(one.line.what for one in restored.again) == ["note", "photo"]
        assert await left_of_it(restored, shared) == []


async def test_what_was_on_its_way_when_the_backup_was_made_is_left_to_a_manager_and_told(tmp_path: Path) -> None:
    async with shared_practice(tmp_path / "data") as shared:
        await shared.sam.writes("of somebody else")
        assert (await shared.now()).state is State.HELD
        practice = await backed_up(shared, tmp_path)
        await shared.lee.writes(f"!keep {shared.image.ref} 10421 1984-03-07")
        await shared.practice.after(days=YEARS.days)
        await destroyed(shared)
        await practice.back_up()
        restored = await practice.restored()
        (back,) = restored.again
        assert back.on_its_way
        (told,) = _of_what_was_destroyed(restored)
        assert f"write !destroy {shared.image.ref}" in told
        async with opened(restored.config) as kept, kept.journal.reading() as rows:
            assert (await rows.images.get(shared.image.id)).state is State.HELD


async def test_R23_what_a_legal_hold_keeps_is_not_destroyed_again_and_that_is_told(tmp_path: Path) -> None:
    async with shared_practice(tmp_path / "data") as shared:
        await shared.kim.writes("!legal-hold 10421 a complaint")
        practice = await backed_up(shared, tmp_path)
        await shared.kim.writes("!release-hold 10421")
        await destroyed(shared)
        await practice.back_up()
        restored = await practice.restored()
        (back,) = restored.again
        assert back.held_by_law and not back.on_its_way
        (told,) = _of_what_was_destroyed(restored)
        assert "a legal hold in this backup keeps it" in told
        assert shared.image.id in await left_of_it(restored, shared)
