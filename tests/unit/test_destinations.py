"""Further copies in a folder on a share: what goes there, how sure that is, and that nothing is lost, doubled or left behind."""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.further_copies import FurtherCopies
from bot.core.packing import Packing
from bot.core.watches.deliver import DeliveryWatch
from bot.domain.assurance import CopyForm, Left, Level, Residue
from bot.domain.consignment import Consignment
from bot.domain.copies import SETTLED
from bot.domain.delivery import Delivery
from bot.domain.delivery_reasons import STAFF_ONLY
from bot.domain.destination import Destination
from bot.domain.entries import CONCEALED, Entry, EntryKind, PatientIdentity
from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.identifiers import Account, PatientId
from bot.domain.image import Image, State
from bot.domain.planned import Progress
from bot.ports import CopyPlace
from storage.records import own_corner
from storage.records.record_tables import deliveries
from storage.records.shared_folder import SharedFolder
from tests.cases import TEACHING, taps
from tests.fakes import PlainScreener, PlainSummaries
from tests.practice import JPEG, POLICY, Someone, Staffed, staffed_practice

SHARE = Destination("Practice software", CopyForm.CLEAN)


@dataclass
class Shared:
    """A staffed practice with a share, and the watch that looks after it."""

    people: Staffed
    share: Path
    watch: DeliveryWatch
    folder: SharedFolder
    to: Destination

    async def turns(self, **time: float) -> None:
        """Time passes, the practice does what is due, and the watch looks."""
        await self.people.practice.after(**time)
        await self.watch.look()

    def dropped(self) -> dict[str, dict[str, bytes]]:
        """What whoever looks into the share sees: each folder, and its files."""
        return {
            folder.name: {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
            for folder in sorted(self.share.iterdir())
            if not folder.name.startswith(".")
        }

    def photos(self) -> list[str]:
        return [name for name, files in self.dropped().items() if any(file.endswith(".jpg") for file in files)]

    def importer_takes(self) -> None:
        for name in self.dropped():
            shutil.rmtree(self.share / name)

    async def delivery(self, entry_id: str) -> Delivery:
        async with self.people.practice.journal.reading() as rows:
            found = await rows.deliveries.to(self.to.name, entry_id)
        assert found is not None
        return found

    async def told(self, words: str) -> int:
        await self.people.practice.settle()
        room = await self.people.practice.practice_room()
        return sum(words in line for line in self.people.practice.seen_in(room))

    async def purged(self) -> bool:
        async with self.people.practice.journal.reading() as rows:
            copies = [copy for copy in await rows.copies.find() if copy.mxc or copy.what.value == "message"]
        return bool(copies) and all(copy.state in SETTLED for copy in copies)

    def started_anew(self) -> DeliveryWatch:
        practice = self.people.practice
        packing = Packing(practice.journal, PlainScreener(), PlainSummaries(), practice.clock, practice.policy)
        places = (CopyPlace(self.to, SharedFolder(self.share)),)
        further = FurtherCopies(practice.journal, practice.dispatch, practice.record, places, packing, practice.clock)
        return DeliveryWatch(practice.journal, practice.dispatch, practice.record, further, places[0])


@asynccontextmanager
async def sharing(directory: Path, to: Destination = SHARE) -> AsyncIterator[Shared]:
    share = directory / "share"
    share.mkdir()
    folder = SharedFolder(share)
    place = CopyPlace(to, folder)
    policy = replace(POLICY, waits_for=(to.name,) if to.wait is not None else ())
    async with staffed_practice(directory / "practice", policy, places=lambda _keys: (place,)) as people:
        practice = people.practice
        watch = DeliveryWatch(practice.journal, practice.dispatch, practice.record, practice.further, place)
        yield Shared(people, share, watch, folder, to)


async def test_a_photo_is_dropped_whole_clean_and_without_a_name_in_its_name(tmp_path: Path) -> None:
    """R19, R35. The page and the index say whose it is; no proof leaves."""
    async with sharing(tmp_path) as shared:
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")
        await shared.watch.look()
        image = await shared.people.practice.only_image()
        (name,) = shared.photos()
        files = shared.dropped()[name]
        assert name.startswith(f"10421_{image.ref}_") and "rash" not in name and "Sam" not in name
        assert set(files) == {f"{image.ref}.jpg", "index.json", "summary.pdf"}
        assert files[f"{image.ref}.jpg"].startswith(b"clean copy: ") and JPEG not in files[f"{image.ref}.jpg"]
        assert b"Sam Patel" in files["summary.pdf"] and b"7 March 1984" in files["summary.pdf"]
        index = json.loads(files["index.json"])
        assert index["patient"] == {"mrn": "10421", "name": "Sam Patel", "born": "1984-03-07"}
        assert index["entries"][0]["form"] == "clean" and index["entries"][0]["facts"]["reason"] == "rash on my arm"
        assert "proof" not in json.dumps(index)
        delivery = await shared.delivery(image.id)
        assert (delivery.state, delivery.why, delivery.form) == (Level.WAITING, "written", CopyForm.CLEAN)
        await shared.people.kim.writes(f"!status {image.ref}")
        said = shared.people.kim.last_heard
        assert "in the record: verified (original)" in said
        assert "in “Practice software”: waiting (written there and read back; nobody has taken it yet)" in said


@pytest.mark.parametrize("form", [CopyForm.ORIGINAL, CopyForm.CLEAN, CopyForm.SUMMARY])
async def test_each_form_is_what_it_says_it_is(tmp_path: Path, form: CopyForm) -> None:
    """R35."""
    async with sharing(tmp_path, replace(SHARE, form=form)) as shared:
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")
        await shared.watch.look()
        image = await shared.people.practice.only_image()
        delivery = await shared.delivery(image.id)
        (folder,) = [files for files in shared.dropped().values() if b'"kind": "image"' in files["index.json"]]
        assert delivery.form is form
        if form is CopyForm.ORIGINAL:
            assert folder[f"{image.ref}.jpg"] == JPEG
        if form is CopyForm.SUMMARY:
            assert set(folder) == {"summary.pdf", "index.json"}


async def test_what_was_taken_is_called_taken_and_no_more_and_the_receipt_says_so(tmp_path: Path) -> None:
    """R35: who took it, and where to, can't be asked."""
    async with sharing(tmp_path, replace(SHARE, wait=Level.TAKEN)) as shared:
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")
        await shared.turns(minutes=5)
        image = await shared.people.practice.only_image()
        assert image.state is State.VERIFIED, "filing waits for no further copy"
        assert not await shared.purged(), "this practice wants it taken first"
        shared.importer_takes()
        await shared.turns(minutes=5)
        assert (await shared.delivery(image.id)).state is Level.TAKEN
        for _ in range(3):
            await shared.turns(minutes=5)
            shared.importer_takes()
        assert await shared.purged()
        await shared.people.kim.writes(f"!status {image.ref}")
        assert "taken (clean copy; who took it, and where it was filed, can't be asked)" in shared.people.kim.last_heard
        entries = await shared.people.practice.record.entries(image.patient_id)
        receipts = [entry.facts["further_copies"] for entry in entries if entry.kind is EntryKind.RECEIPT]
        assert receipts[0] == [{"in": "Practice software", "level": "taken", "of": "clean", "why": ""}]


async def test_an_outage_of_days_holds_up_and_loses_nothing_and_is_told_once(tmp_path: Path) -> None:
    async with sharing(tmp_path) as shared:
        await shared.people.sam.sends_photo(JPEG + b"0", "before")
        await shared.watch.look()
        before = set(shared.dropped())
        shared.share.rename(tmp_path / "unplugged")
        for day in range(4):
            await shared.people.sam.sends_photo(JPEG + b"%d" % (day + 1), f"day {day}")
            await shared.turns(hours=24)
        images = await shared.people.practice.images()
        assert [image.state for image in images] == [State.VERIFIED] * 5
        assert await shared.purged(), "the purge does not wait for it"
        assert await shared.people.practice.left(Progress.HELD) == []
        assert await shared.told("“Practice software”, which gets copies of the record: it is not there") == 1
        (tmp_path / "unplugged").rename(shared.share)
        order: list[str] = []
        keep = shared.folder._place

        def noting(leaving: Any) -> dict[str, str]:
            order.append(leaving.entry_id)
            return keep(leaving)

        shared.folder._place = noting
        await shared.watch.look()
        filed = [image.id for image in images[1:]]
        assert [entry for entry in order if entry in filed] == filed, "oldest first"
        assert len(shared.photos()) == 5 and before < set(shared.dropped())
        assert await shared.told("works again, and has got all that waited") == 1


async def test_one_that_can_not_go_there_stops_no_other_and_is_tried_anew_when_asked(tmp_path: Path) -> None:
    async with sharing(tmp_path) as shared:
        packer = shared.people.practice.further._packer
        assert isinstance(packer, Packing)
        whole = packer._screener.clean_copy

        async def refusing(data: bytes, terms: Any) -> Any:
            if data.endswith(b"odd"):
                raise Permanent("not-viewable")
            return await whole(data, terms)

        packer._screener.clean_copy = refusing
        await shared.people.sam.sends_photo(JPEG + b"odd", "first")
        await shared.people.sam.sends_photo(JPEG, "second")
        await shared.watch.look()
        odd, fine = await shared.people.practice.images()
        assert (await shared.delivery(odd.id)).state is Level.REFUSED
        assert (await shared.delivery(fine.id)).state is Level.WAITING and len(shared.photos()) == 1
        assert await shared.told(f"{odd.ref} can't be copied to “Practice software”") == 1
        await shared.people.kim.writes("!status")
        assert "1 refused (no copy without the file's own details can be made of it)" in shared.people.kim.last_heard


@pytest.mark.parametrize("trouble", ["full", "unwritable: errno 5", "hangs"])
async def test_a_failure_in_the_middle_is_tried_again_after_a_pause_and_others_have_their_turn(
    tmp_path: Path, trouble: str
) -> None:
    async with sharing(tmp_path) as shared:
        keep, fails = shared.folder._place, True

        def failing(leaving: Any) -> dict[str, str]:
            if fails and b"1" in leaving.facts.get("reason", "").encode():
                raise OutsideFailure(trouble)
            return keep(leaving)

        shared.folder._place = failing
        await shared.people.sam.sends_photo(JPEG + b"1", "rash on my arm 1")
        await shared.people.sam.sends_photo(JPEG + b"2", "rash on my arm 2")
        await shared.watch.look()
        first, second = await shared.people.practice.images()
        assert (await shared.delivery(second.id)).why == "written" and (await shared.delivery(first.id)).tries == 1
        fails = False
        await shared.turns(seconds=10)
        assert (await shared.delivery(first.id)).why == "written"
        for nothing in ("can't be written to", "it is full", "does not answer", "works again", "after all"):
            assert await shared.told(nothing) == 0, "one failure of one photo is nothing that people need to know"


async def test_a_share_that_answers_with_errors_ends_nothing_and_is_told_of(tmp_path: Path) -> None:
    """A stale handle, a host that is down: asking whether a file is there is an error then."""
    async with sharing(tmp_path) as shared:
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")
        await shared.watch.look()
        exists = Path.exists

        def stale(path: Path, **_: Any) -> bool:
            if path.is_relative_to(shared.share):
                raise OSError(errno.ESTALE, "stale")
            return exists(path)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Path, "exists", stale)
            await shared.people.sam.sends_photo(JPEG + b"2", "the rash on my arm again")
            await shared.watch.look()
        assert await shared.told("it is not there") == 1
        await shared.turns(minutes=5)
        assert len(shared.photos()) == 2


async def test_what_can_not_be_read_here_is_refused_and_stops_no_other(tmp_path: Path) -> None:
    async with sharing(tmp_path) as shared:
        await shared.people.sam.sends_photo(JPEG + b"1", "torn")
        await shared.people.sam.sends_photo(JPEG + b"2", "whole")
        torn, _ = await shared.people.practice.images()
        blob = next((tmp_path / "practice" / "objects").rglob(torn.id))
        blob.write_bytes(blob.read_bytes()[:-1])
        await shared.watch.look()
        assert (await shared.delivery(torn.id)).state is Level.REFUSED and len(shared.photos()) == 1
        assert await shared.told("it can't be read back from the record") == 1


async def test_one_that_is_moved_while_it_is_placed_is_placed_again_for_whom_it_is_now(tmp_path: Path) -> None:
    """R15."""
    async with sharing(tmp_path) as shared:
        practice = shared.people.practice
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")
        image = await practice.only_image()
        ann, _ = await ann_and_sam(shared, image)
        packer = practice.further._packer
        packed = packer.packed
        moved = False

        async def meanwhile(original: Consignment, destination: Destination) -> Consignment:
            nonlocal moved
            if not moved and original.entry_id == image.id:
                moved = True
                await practice.record.move([image.id], ann)
            return await packed(original, destination)

        packer.packed = meanwhile
        await shared.watch.look()
        (there,) = shared.photos()
        assert moved and there.startswith("20771_")
        ours = shared.share / own_corner.OURS
        assert len(list(ours.glob(f"*{own_corner.PLACED}"))) == len(shared.dropped()), (
            "it never lay under the wrong one"
        )
        assert (await shared.delivery(image.id)).patient_id == ann.patient_id


@pytest.mark.parametrize("staff_only", [False, True])
async def test_R33a_a_parents_name_is_left_out_while_the_other_was_not_told_unless_staff_alone_read(
    tmp_path: Path, staff_only: bool
) -> None:
    async with sharing(tmp_path, replace(SHARE, staff_only=staff_only)) as shared:
        practice, kim = shared.people.practice, shared.people.kim
        parents = []
        for name, words in (
            ("Mum Quill", '!enrol patient 20001 "Tia Ngo" 2018-05-05 parent "Mum Quill"'),
            ("Dad Brown", '!link 20001 parent "Dad Brown"'),
        ):
            await kim.writes(words)
            parents.append(Someone(practice, Account(f"@{name[:3].lower()}:hs.test"), f"{name}Identity"))
            await parents[-1].enrol(practice.last_code(kim.own_room))
        await parents[0].sends_photo(JPEG, "her knee")
        await shared.turns(minutes=20)
        told = b"".join(shared.dropped()[shared.photos()[0]].values())
        assert b"Tia Ngo" in told and (b"Mum Quill" in told) == staff_only == (b"@mum" in told)
        assert (b"her knee" in told) == staff_only and b"Somebody else" not in told


async def ann_and_sam(shared: Shared, image: Image) -> tuple[PatientIdentity, PatientIdentity]:
    """Another patient, and the one under whom the photo was filed."""
    async with shared.people.practice.journal.transaction() as rows:
        sam = await rows.patients.get(image.patient_id)
        ann = replace(sam, id=PatientId("ann"), mrn="20771", name="Ann Other")
        await rows.patients.add(ann)
    return ann.identity, sam.identity


@pytest.mark.parametrize("seen", [True, False])
async def test_R15_a_misfiled_photo_goes_to_the_right_patient_and_back_and_no_folder_names_the_other(
    tmp_path: Path, seen: bool
) -> None:
    """`seen`: whether the watch looked between the two moves."""
    async with sharing(tmp_path) as shared:
        practice = shared.people.practice
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")
        await shared.watch.look()
        image, before = await practice.only_image(), shared.photos()
        ann, sam = await ann_and_sam(shared, image)
        await practice.record.move([image.id], ann)
        if seen:
            await shared.watch.look()
            (moved,) = shared.photos()
            assert moved.startswith("20771_")
            named = (b"10421", b"Sam Patel", b"@sam")
            assert not any(mark in content for content in shared.dropped()[moved].values() for mark in named)
            assert (await shared.delivery(image.id)).patient_id == ann.patient_id
        await practice.record.move([image.id], sam)
        await shared.watch.look()
        assert shared.photos() == before
        assert (await shared.delivery(image.id)).patient_id == sam.patient_id


async def test_R15_after_dying_between_placing_and_noting_going_back_leaves_nothing_under_the_wrong_patient(
    tmp_path: Path,
) -> None:
    async with sharing(tmp_path) as shared:
        practice = shared.people.practice
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")
        await shared.watch.look()
        image, before = await practice.only_image(), shared.dropped()
        ann, sam = await ann_and_sam(shared, image)
        await practice.record.move([image.id], ann)
        confirm = shared.folder._confirm

        def dies(copy: str) -> Any:
            raise RuntimeError("the power failed")

        shared.folder._confirm = dies
        with pytest.raises(RuntimeError):
            await shared.watch.look()
        shared.folder._confirm = confirm
        assert any(name.startswith("20771_") for name in shared.dropped()), "it lies there, and nobody noted it"
        await practice.record.move([image.id], sam)
        await shared.watch.look()
        assert shared.dropped() == before


async def test_R15_one_that_can_not_be_moved_at_the_moment_stops_no_other(tmp_path: Path) -> None:
    async with sharing(tmp_path) as shared:
        practice = shared.people.practice
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")
        await shared.watch.look()
        image = await practice.only_image()
        ann, _ = await ann_and_sam(shared, image)
        await practice.record.move([image.id], ann)
        await shared.people.sam.sends_photo(JPEG + b"2", "the rash on my arm again")
        keep = shared.folder._place

        def failing(leaving: Any) -> dict[str, str]:
            if leaving.entry_id == image.id:
                raise OutsideFailure("full")
            return keep(leaving)

        shared.folder._place = failing
        for _ in range(3):
            await shared.watch.look()
        assert (await shared.delivery((await practice.images())[1].id)).why == "written"
        assert (await shared.delivery(image.id)).tries == 1
        shared.folder._place = keep
        await shared.turns(minutes=5)
        assert sorted(name[:6] for name in shared.photos()) == ["10421_", "20771_"]


async def test_R15_a_wrong_copy_that_was_taken_is_told_as_out_of_reach_and_never_whose_it_became(
    tmp_path: Path,
) -> None:
    async with sharing(tmp_path) as shared:
        practice = shared.people.practice
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")
        await shared.watch.look()
        shared.importer_takes()
        image = await practice.only_image()
        ann, sam = await ann_and_sam(shared, image)
        await practice.record.move([image.id], ann)
        await shared.turns(minutes=5)
        assert (
            await shared.told(
                f"{image.ref} was moved to another record. Its copy in “Practice software” is out of my reach"
            )
            == 1
        )
        room = await practice.practice_room()
        assert not any("20771" in line or "Ann" in line for line in practice.seen_in(room))
        await practice.record.move([image.id], sam)
        await shared.turns(minutes=5)
        (back,) = shared.photos()
        assert back.startswith("10421_"), "it is put there anew: nobody is to be without it"


@pytest.mark.parametrize("taken", [False, True])
async def test_R23_what_is_destroyed_goes_from_the_share_and_the_register_says_what_could_not(
    tmp_path: Path, taken: bool
) -> None:
    async with sharing(tmp_path) as shared:
        practice, kim = shared.people.practice, shared.people.kim
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")
        await shared.watch.look()
        if taken:
            shared.importer_takes()
        image = await practice.only_image()
        await shared.turns(days=8 * 366)
        await kim.writes(f"!destroy {image.ref}")
        shared.share.rename(tmp_path / "unplugged")
        await taps(kim, "Destroy")
        assert "is destroyed" not in kim.last_heard, "it may still lie there"
        (tmp_path / "unplugged").rename(shared.share)
        await practice.after(hours=1)
        assert "is destroyed" in kim.last_heard
        assert image.ref not in " ".join(shared.dropped())
        beyond = "copy in “Practice software”: beyond my reach"
        assert (beyond in kim.last_heard) == taken
        async with practice.journal.reading() as rows:
            line = await rows.destructions.of(image.id)
            left = {delivery.residue for delivery in await rows.deliveries.of_entries((image.id,))}
        assert line is not None and (beyond in line.elsewhere) == taken
        assert left == {Residue.BEYOND_REACH if taken else Residue.GONE}
        await shared.watch.look()
        assert await practice.further.take_out([image.id]) == (
            {"Practice software": Left(Residue.BEYOND_REACH)} if taken else {}
        )


@pytest.mark.parametrize("suffix", [own_corner.WRITING, own_corner.REMOVING])
async def test_what_an_earlier_process_left_half_is_swept_by_the_next_that_puts_something_there(
    tmp_path: Path, suffix: str
) -> None:
    """Also of an entry that never comes again: it holds a part of a photo."""
    async with sharing(tmp_path) as shared:
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")
        await shared.watch.look()
        half = shared.share / own_corner.OURS / f"of-another{suffix}"
        half.mkdir()
        (half / "IMG-1.jpg").write_bytes(b"half a ph")
        await shared.people.sam.sends_photo(JPEG + b"2", "the rash on my arm again")
        await shared.started_anew().look()
        assert not half.exists() and len(shared.photos()) == 2


async def test_R23_a_removal_that_dies_after_it_looked_says_the_same_again(tmp_path: Path) -> None:
    async with sharing(tmp_path) as shared:
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")
        await shared.watch.look()
        image = await shared.people.practice.only_image()
        ref = (await shared.delivery(image.id)).under(image.patient_id)
        shared.importer_takes()
        for _ in range(2):
            assert await shared.folder.remove(ref) is Residue.BEYOND_REACH
            assert await SharedFolder(shared.share).remove(ref) is Residue.BEYOND_REACH


@pytest.mark.parametrize("dies_at", ["the renaming", "the overwriting"])
async def test_R23_a_removal_that_dies_in_the_middle_is_ended_and_seen_to_be_gone(tmp_path: Path, dies_at: str) -> None:
    async with sharing(tmp_path) as shared:
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")
        await shared.watch.look()
        image = await shared.people.practice.only_image()
        ref = (await shared.delivery(image.id)).under(image.patient_id)

        def dies(*_: object) -> None:
            raise RuntimeError("the power failed")

        with pytest.MonkeyPatch.context() as patch:
            if dies_at == "the renaming":
                patch.setattr(Path, "rename", dies)
            else:
                patch.setattr(own_corner, "overwrite_and_remove", dies)
            with pytest.raises(RuntimeError):
                await shared.folder.remove(ref)
        assert await SharedFolder(shared.share).remove(ref) is Residue.GONE
        assert shared.photos() == []
        left = [
            path
            for path in (shared.share / own_corner.OURS).iterdir()
            if image.id in path.name or ref["id"] in path.name
        ]
        assert left == []


async def test_R35_a_share_that_goes_away_in_the_middle_of_a_look_was_taken_by_nobody(tmp_path: Path) -> None:
    async with sharing(tmp_path) as shared:
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")
        await shared.watch.look()
        image = await shared.people.practice.only_image()
        ref = (await shared.delivery(image.id)).ref
        assert ref is not None
        corner = shared.folder._corner
        digest = corner.digest

        def unplugs(path: Path) -> str | None:
            if shared.share.exists():
                shared.share.rename(tmp_path / "unplugged")
            return digest(path)

        corner.digest = unplugs
        with pytest.raises(OutsideFailure, match="away"):
            await shared.folder.confirm(ref)


async def test_R13_a_withdrawal_is_an_entry_of_its_own_there_and_the_photo_stays(tmp_path: Path) -> None:
    async with sharing(tmp_path) as shared:
        practice = shared.people.practice
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")
        await shared.watch.look()
        photos = shared.photos()
        image = await practice.only_image()
        derm = '!enrol outside-clinician @derm:hs.test "Dr Derm"'
        await shared.people.kim.joins_as("@derm:hs.test", "DermIdentity", derm)
        await shared.people.lee.writes(TEACHING.format(ref=image.ref))
        await taps(shared.people.sam, "Yes")
        await shared.turns(minutes=1)
        before = set(shared.dropped())
        filed = {entry.entry_id for entry in await practice.record.entries(image.patient_id)}
        await shared.people.sam.writes(f"withdraw {image.ref}")
        await shared.turns(minutes=5)
        new = [
            entry
            for entry in await practice.record.entries(image.patient_id)
            if entry.entry_id not in filed and entry.kind is not EntryKind.RECEIPT
        ]
        assert [entry.facts.get("answer") for entry in new if entry.kind is EntryKind.CONSENT] == ["withdrawn"]
        assert shared.photos() == photos and len(set(shared.dropped()) - before) == len(new)


async def test_nothing_is_put_there_twice_after_a_backup_older_than_the_deliveries_was_restored(tmp_path: Path) -> None:
    """R35: the share is asked first, by our own id. What was taken meanwhile stays taken."""
    async with sharing(tmp_path) as shared:
        practice = shared.people.practice
        await shared.people.sam.sends_photo(JPEG + b"1", "taken")
        await shared.watch.look()
        shared.importer_takes()
        await shared.people.sam.sends_photo(JPEG + b"2", "lies there")
        await shared.watch.look()
        before = shared.dropped()
        async with practice.database.transaction() as connection:
            await connection.execute(deliveries.delete())
        for _ in range(2):
            await practice.record.fill(shared.to)
            await shared.started_anew().look()
        assert shared.dropped() == before
        first, second = await practice.images()
        assert (await shared.delivery(first.id)).state is Level.TAKEN
        assert (await shared.delivery(second.id)).state is Level.WAITING


async def concealed(shared: Shared) -> None:
    """Two disclosures, of which one must not be told to the patient."""
    practice = shared.people.practice
    image = await practice.only_image()
    async with practice.journal.reading() as rows:
        sam = await rows.patients.get(image.patient_id)
    for entry_id, facts in (("plain", {}), ("hidden", {CONCEALED: True})):
        at = practice.clock.now()
        await practice.record.file(
            Entry(entry_id, EntryKind.DISCLOSURE, sam.identity, image.ref, at, "Kim", facts, text="to the court")
        )
    await shared.watch.look()


@pytest.mark.parametrize("staff_only", [False, True])
async def test_R13a_what_is_concealed_from_the_patient_goes_only_where_staff_alone_read(
    tmp_path: Path, staff_only: bool
) -> None:
    async with sharing(tmp_path, replace(SHARE, staff_only=staff_only)) as shared:
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")
        await concealed(shared)
        async with shared.people.practice.journal.reading() as rows:
            there = {row.entry_id for state in Level for row in await rows.deliveries.in_state(SHARE.name, state)}
            kinds = {json.loads(files["index.json"])["entries"][0]["kind"] for files in shared.dropped().values()}
        assert "plain" in there and ("hidden" in there) == staff_only
        assert not kinds & {"receipt", "origin"}


@pytest.mark.parametrize("staff_only", [False, True])
async def test_R33a_a_mature_minors_own_goes_only_where_staff_alone_read_nor_words_that_mention_it(
    tmp_path: Path, staff_only: bool
) -> None:
    async with sharing(tmp_path, replace(SHARE, staff_only=staff_only, wait=Level.TAKEN)) as shared:
        practice = shared.people.practice
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")
        image = await practice.only_image()
        async with practice.journal.transaction() as rows:
            sam = await rows.patients.get(image.patient_id)
            young = (practice.clock.now() - timedelta(days=365 * 16)).date()
            sam = await rows.patients.save(replace(sam, born=young, mature_minor=True))
        note = Entry(
            "n1", EntryKind.NOTE, sam.identity, "", practice.clock.now(), "Dr Lee", {}, text=f"as in {image.ref}"
        )
        await practice.record.file(note)
        await shared.watch.look()
        for entry_id in (image.id, "n1"):
            delivery = await shared.delivery(entry_id)
            assert delivery.is_withheld == (not staff_only) and (delivery.why == STAFF_ONLY) == (not staff_only)
        assert bool(shared.photos()) == staff_only
        assert await shared.told("can't be copied") == 0, "nothing is wrong"
        await shared.turns(minutes=5)
        assert await practice.further.secured(image.id) == (not staff_only), "what is withheld holds up nothing"
