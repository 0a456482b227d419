"""What would otherwise be left behind somewhere, or put there too late, or called gone although somebody has it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.assurance import Level, Residue
from bot.domain.consignment import Ref
from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.image import State
from bot.ports import CopyPlace
from storage.records.hl7_folder import Hl7Folder
from storage.records.own_corner import OwnCorner
from storage.records.shared_folder import SharedFolder
from tests.cases import taps
from tests.practice import JPEG
from tests.unit.test_destinations import SHARE, ann_and_sam, sharing
from tests.unit.test_hl7_destination import filing as messages


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


@pytest.mark.parametrize("failure", [PermissionError(13, "it is open"), RuntimeError("the power failed")])
async def test_R23_what_was_taken_after_a_removal_looked_is_not_called_gone(
    tmp_path: Path, failure: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The receiver has the file open: on a share it can't be renamed then. Or the power fails. It is taken; then we try again."""
    async with sharing(tmp_path) as shared:
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")
        await shared.watch.look()
        image = await shared.people.practice.only_image()
        ref = (await shared.delivery(image.id)).under(image.patient_id)
        await fails_to_rename(shared.folder, ref, failure, monkeypatch)
        shared.importer_takes()
        assert await SharedFolder(shared.share).remove(ref) is Residue.BEYOND_REACH


async def test_R23_what_was_seen_whole_out_of_reach_is_gone_also_when_the_power_failed_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sharing(tmp_path) as shared:
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")
        await shared.watch.look()
        image = await shared.people.practice.only_image()
        ref = (await shared.delivery(image.id)).under(image.patient_id)

        def fails(*_: object) -> None:
            raise RuntimeError("the power failed")

        with monkeypatch.context() as patch:
            patch.setattr(OwnCorner, "write_note", fails)
            with pytest.raises(RuntimeError):
                await shared.folder.remove(ref)
        assert shared.photos() == []
        assert await SharedFolder(shared.share).remove(ref) is Residue.GONE
        assert not list((shared.share / ".consentry").glob(f"{ref['id']}*"))


@pytest.mark.parametrize("failure", [PermissionError(13, "it is open"), RuntimeError("the power failed")])
async def test_R23_a_message_that_was_taken_after_a_removal_looked_is_not_called_gone(
    tmp_path: Path, failure: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with messages(tmp_path) as filing:
        await filing.people.sam.sends_photo(JPEG, "rash on my arm")
        await filing.turns()
        image = await filing.people.practice.only_image()
        ref = (await filing.of_the_photo()).under(image.patient_id)
        folder = filing.watch._place.copy
        assert isinstance(folder, Hl7Folder)
        await fails_to_rename(folder, ref, failure, monkeypatch)
        for file in folder.directory.glob("consentry-*"):
            file.unlink()
        assert await folder.remove(ref) is Residue.BEYOND_REACH


async def fails_to_rename(
    folder: SharedFolder | Hl7Folder, ref: Ref, failure: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise failure

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", fails)
        with pytest.raises((OutsideFailure, RuntimeError)):
            await folder.remove(ref)


async def test_R17_whoever_waits_for_a_copy_that_is_refused_for_good_hears_that_the_chat_keeps_the_photo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sharing(tmp_path, replace(SHARE, wait=Level.TAKEN)) as shared:
        practice = shared.people.practice

        async def refusing(*_: Any) -> Any:
            raise Permanent("not-viewable")

        monkeypatch.setattr(practice.further._packer, "packed", refusing)
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")
        await shared.turns(minutes=5)
        await shared.turns(days=3)
        assert not await shared.purged()
        assert await shared.told(f"take wait for “{SHARE.name}” out of the configuration") >= 1
        await shared.people.kim.writes(f"!status {(await practice.only_image()).ref}")
        assert f"stays there until the copy is in “{SHARE.name}”" in shared.people.kim.last_heard
        await shared.people.kim.writes("!status")
        assert "which does not get the copies: what was sent of 1." in shared.people.kim.last_heard
        monkeypatch.undo()
        await practice.further.try_refused(CopyPlace(shared.to, shared.folder))
        await shared.watch.look()
        shared.importer_takes()
        for _ in range(2):
            await shared.turns(days=1)
        assert await shared.purged()
        await shared.people.kim.writes("!status")
        assert "Still in the chat" not in shared.people.kim.last_heard


async def test_R23_what_may_lie_in_a_place_no_longer_named_is_not_called_gone(tmp_path: Path) -> None:
    """The bot died after it put the copy there and before it noted that; then the destination was removed."""
    async with sharing(tmp_path) as shared:
        practice = shared.people.practice
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")

        def dies(copy: str) -> Any:
            raise RuntimeError("the power failed")

        shared.folder._confirm = dies
        with pytest.raises(RuntimeError):
            await shared.watch.look()
        assert len(shared.photos()) == 1
        image = await practice.only_image()
        practice.further.places = ()
        assert (await practice.further.take_out([image.id]))[SHARE.name].residue is Residue.BEYOND_REACH


async def test_R15_a_wrong_copy_in_a_place_that_the_practice_no_longer_names_is_told(tmp_path: Path) -> None:
    """A destination was renamed, or removed from the configuration; then a photo that lies there is re-filed."""
    async with sharing(tmp_path) as shared:
        practice, kim = shared.people.practice, shared.people.kim
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")
        await shared.watch.look()
        image = await practice.only_image()
        ann, _ = await ann_and_sam(shared, image)
        practice.further.places = ()
        await kim.writes(f"!refile {image.ref} {ann.mrn} {ann.born.isoformat()}")
        await taps(kim, "Move")
        await practice.after(minutes=5)
        assert await shared.told(f"{image.ref} was moved to another record. Its copy in “{SHARE.name}”") == 1
        await kim.writes(f"!status {image.ref}")
        assert "that place is no longer configured" in kim.last_heard and "its copy follows" not in kim.last_heard


async def test_R15_a_place_that_is_removed_between_a_re_filing_and_its_copy_is_told_at_the_next_start(
    tmp_path: Path,
) -> None:
    """It was away, so its copy still lies under the wrong patient; then somebody takes it out of the configuration."""
    async with sharing(tmp_path) as shared:
        practice, kim = shared.people.practice, shared.people.kim
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")
        await shared.watch.look()
        image = await practice.only_image()
        ann, _ = await ann_and_sam(shared, image)
        shared.share.rename(tmp_path / "unplugged")
        await kim.writes(f"!refile {image.ref} {ann.mrn} {ann.born.isoformat()}")
        await taps(kim, "Move")
        await shared.turns(minutes=5)
        practice.further.places = ()
        for _ in range(2):
            await practice.further.give_up_what_moved_before()
        assert await shared.told(f"{image.ref} was moved to another record. Its copy in “{SHARE.name}”") == 1
        await kim.writes("!status")
        assert "that place is no longer configured" in kim.last_heard and "its copy follows" not in kim.last_heard
