"""What would otherwise be left behind somewhere, or put there too late, or called gone although somebody has it."""

from __future__ import annotations

from pathlib import Path

from bot.domain.image import State
from tests.cases import taps
from tests.practice import JPEG
from tests.unit.test_destinations import sharing


async def test_R23_nothing_that_was_destroyed_is_put_anywhere_while_its_removal_waits(tmp_path: Path) -> None:
    """`!destroy` was tapped while the place was away. Back again, it must not get the photo for the first time."""
    async with sharing(tmp_path) as shared:
        practice, kim = shared.people.practice, shared.people.kim
        await shared.people.sam.sends_photo(JPEG + b"0", "before")
        await shared.watch.look()
        shared.share.rename(tmp_path / "unplugged")
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")
        await shared.turns(days=8 * 366)
        image = (await practice.images())[1]
        await kim.writes(f"!destroy {image.ref}")
        await taps(kim, "Destroy")
        assert (await practice.images())[1].state is State.DESTROYED and "is destroyed" not in kim.last_heard
        (tmp_path / "unplugged").rename(shared.share)
        await shared.watch.look()
        assert not any(image.ref in name for name in shared.dropped()), "practice software takes it within seconds"
        await shared.turns(minutes=5)
        assert f"{image.ref} is destroyed" in kim.last_heard, "its removal comes through all the same"


async def test_a_copy_whose_entry_is_gone_does_not_keep_the_watch_busy(tmp_path: Path) -> None:
    async with sharing(tmp_path) as shared:
        practice = shared.people.practice
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")

        async def gone(entry_id: str) -> None:
            return None

        practice.record.held = gone
        await shared.watch.look()
        due_in = await practice.further.account.due_in(shared.to.name)
        assert due_in is None or due_in.total_seconds() > 0, "it would be due at once, for ever"
