"""A backup older than what was put into a folder is restored, on another machine: the folder is asked, and gets nothing twice."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.config import Config, load
from bot.core.dispatch import Dispatch
from bot.core.further_copies import FurtherCopies
from bot.core.packing import WholeOriginals
from bot.core.watches.deliver import DeliveryWatch
from bot.domain.assurance import Level
from bot.operate.backup.make import back_up
from bot.operate.backup.restore import restore
from bot.operate.kept import opened
from handlers import HOUSE
from tests.fakes import CountingIds, ManualClock
from tests.practice import POLICY
from tests.unit.test_backup import Practice

NAME = "Practice software"


async def delivers(config: Config) -> dict[str, Level]:
    """The bot runs for a while; how sure each copy is in the end."""
    async with opened(config) as kept:
        clock = ManualClock()
        dispatch = Dispatch(kept.journal, HOUSE, clock, CountingIds(), POLICY)
        further = FurtherCopies(kept.journal, dispatch, kept.record, kept.places, WholeOriginals(), clock)
        for place in kept.places:
            await DeliveryWatch(kept.journal, dispatch, kept.record, further, place).look()
        async with kept.journal.reading() as rows:
            found = [delivery for level in Level for delivery in await rows.deliveries.in_state(NAME, level)]
    return {delivery.entry_id: delivery.state for delivery in found}


def seen(share: Path) -> set[str]:
    return {path.name for path in share.iterdir() if not path.name.startswith(".")}


async def test_what_was_put_there_and_taken_since_the_backup_is_put_there_no_second_time(tmp_path: Path) -> None:
    """R35. What was filed after the backup too, and comes back from the second copy."""
    practice, share, mirror = Practice(tmp_path / "practice"), tmp_path / "share", tmp_path / "mirror"
    share.mkdir()
    mirror.mkdir()
    more = f'[record]\nmirror = "{mirror}"\n[[destinations]]\nname = "{NAME}"\nkind = "folder"\ndirectory = "{share}"\n'
    practice.file.write_text(practice.file.read_text() + "\n" + more)
    practice.config = load(practice.file)
    await practice.filed("one")
    made = await back_up(practice.config, practice.file, tmp_path / "usb")
    await practice.filed("late")
    assert set((await delivers(practice.config)).values()) == {Level.WAITING}
    for name in [name for name in seen(share) if "note" not in name][:1]:
        shutil.rmtree(share / name)  # practice software took one of them
    before = seen(share)
    assert len(before) == 3
    restored = await restore(made.directory, tmp_path / "new" / "config.toml", lambda: practice.secret)
    for _ in range(2):
        levels = await delivers(restored.config)
        assert seen(share) == before
        assert sorted(levels.values()) == sorted([Level.TAKEN, Level.WAITING, Level.WAITING, Level.WAITING])
