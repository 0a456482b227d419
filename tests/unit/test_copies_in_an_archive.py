"""A practice whose photos also go to an image archive: what goes there, what is said of it, and what is left there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import ClassVar

import pytest
from PIL import Image as Picture
from pydicom import Dataset
from pydicom.encaps import generate_frames

from bot.core.packing import Packing
from bot.core.watches.deliver import DeliveryWatch
from bot.domain.assurance import Assurance, CopyForm, Level, Residue
from bot.domain.consignment import Consignment, Ref, archive_number
from bot.domain.delivery import Delivery
from bot.domain.delivery_reasons import LOST
from bot.domain.destination import Destination
from bot.domain.entries import EntryKind
from bot.domain.identifiers import PatientId
from bot.domain.image import Image
from bot.imaging.screener import SandboxedScreener
from bot.imaging.summary_pdf import SummaryPage
from bot.ports import CopyPlace
from storage.records.dicom.archive_web import ArchiveWeb, Credentials
from storage.records.dicom.image_archive import ImageArchive
from storage.records.record_tables import deliveries
from tests.archives.consignments import SOURCE
from tests.archives.other_maker import OtherMaker
from tests.archives.tiny_pacs import TinyPacs
from tests.cases import taps
from tests.photos import corners, encoded, small
from tests.practice import Staffed, staffed_practice

ARCHIVE = Destination("Archive", wait=Level.VERIFIED, is_archive=True, takes_page=False)
PHOTO = small()
PNG = encoded(corners(), "PNG")
PROGRESSIVE = encoded(corners(), progressive=True)


@pytest.fixture(scope="module")
def pacs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TinyPacs]:
    process = TinyPacs(tmp_path_factory.mktemp("tiny-pacs"))
    process.start()
    try:
        for number, name, born in (("10421", "PATEL^SAM", "19840307"), ("20771", "OTHER^ANN", "19840307")):
            OtherMaker(process).stores_a_study(number, name, born, SOURCE.issuer)
        yield process
    finally:
        process.kill()


@dataclass
class Archived:
    """A staffed practice, an archive that keeps whatever it gets, and somebody else who looks into it."""

    people: Staffed
    watch: DeliveryWatch
    by_another: OtherMaker
    name: str

    async def delivery(self, entry_id: str) -> Delivery:
        async with self.people.practice.journal.reading() as rows:
            found = await rows.deliveries.to(self.name, entry_id)
        assert found is not None
        return found

    async def lies_there(self, entry_id: str) -> Dataset:
        ref = (await self.delivery(entry_id)).ref
        assert ref is not None
        found = self.by_another.read(ref["study"], ref["series"], ref["instance"])
        assert found is not None
        return found

    async def told(self) -> str:
        await self.people.practice.settle()
        return "\n".join(self.people.practice.seen_in(await self.people.practice.practice_room()))

    async def said_of(self, image: Image) -> str:
        await self.people.kim.writes(f"!status {image.ref}")
        return self.people.kim.last_heard


class Forgetful(ImageArchive):
    """Says once that it has lost what it got."""

    placed: ClassVar[list[str]] = []

    async def place(self, consignment: Consignment, ref: Ref) -> dict[str, str]:
        self.placed.append(consignment.entry_id)
        return await super().place(consignment, ref)

    async def confirm(self, ref: Ref) -> Assurance:
        return Assurance(Level.UNKNOWN, LOST) if len(self.placed) == 1 else await super().confirm(ref)


@asynccontextmanager
async def archiving(
    pacs: TinyPacs,
    directory: Path,
    form: CopyForm = CopyForm.ORIGINAL,
    archive: type[ImageArchive] = ImageArchive,
) -> AsyncIterator[Archived]:
    to = replace(ARCHIVE, name=f"Archive {directory.name}", form=form)
    known_by = Credentials(token_file=pacs.token_file())
    place = CopyPlace(to, archive(to.name, pacs.url, SOURCE, known_by, patience=20.0))
    screener = SandboxedScreener()
    try:
        async with staffed_practice(directory / "practice", places=lambda _keys: (place,)) as people:
            practice = people.practice
            packing = Packing(practice.journal, screener, SummaryPage(), practice.clock, practice.policy)
            practice.further._packer = packing
            watch = DeliveryWatch(practice.journal, practice.dispatch, practice.record, practice.further, place)
            yield Archived(people, watch, OtherMaker(pacs), to.name)
    finally:
        await screener.close()


async def test_R35_a_photo_is_verified_as_the_original_and_words_about_it_as_a_summary_in_one_study(
    pacs: TinyPacs, tmp_path: Path
) -> None:
    async with archiving(pacs, tmp_path) as at:
        practice = at.people.practice
        await at.people.sam.sends_photo(PHOTO, "rash on my arm")
        image = await practice.only_image()
        await at.people.lee.writes(f"!note {image.ref} seen today, heals well")
        await at.watch.look()
        assert f"in “{at.name}”: verified (original)" in await at.said_of(image)
        photo = await at.lies_there(image.id)
        (frame,) = generate_frames(photo.PixelData, number_of_frames=1)
        assert frame[: photo.EncapsulatedPixelDataValueTotalLength] == PHOTO
        assert (photo.PatientID, str(photo.PatientName), photo.ImageComments) == (
            "10421",
            "PATEL^SAM",
            "rash on my arm",
        )
        async with practice.journal.reading() as rows:
            written = await rows.documents.of_images([image.id])
        (note,) = [document for document in written if document.kind is EntryKind.NOTE]
        assert ((await at.delivery(note.id)).state, (await at.delivery(note.id)).form) == (
            Level.VERIFIED,
            CopyForm.SUMMARY,
        )
        page = await at.lies_there(note.id)
        assert page.StudyInstanceUID == photo.StudyInstanceUID and page.EncapsulatedDocument.startswith(b"%PDF")
        assert (page.StudyDate, page.StudyTime) == (photo.StudyDate, photo.StudyTime)


async def test_what_an_archive_has_lost_before_it_was_read_back_goes_there_again(
    pacs: TinyPacs, tmp_path: Path
) -> None:
    async with archiving(pacs, tmp_path, archive=Forgetful) as at:
        await at.people.sam.sends_photo(PHOTO, "rash on my arm")
        image = await at.people.practice.only_image()
        await at.watch.look()
        assert "it was put there, and is not found there; it is put there again" in await at.said_of(image)
        await at.people.practice.after(minutes=1)
        await at.watch.look()
        assert f"in “{at.name}”: verified (original)" in await at.said_of(image)
        assert Forgetful.placed == [image.id] * 2


async def test_nothing_is_sent_twice_after_a_backup_older_than_the_deliveries_was_restored(
    pacs: TinyPacs, tmp_path: Path
) -> None:
    async with archiving(pacs, tmp_path) as at:
        practice = at.people.practice
        await at.people.sam.sends_photo(PHOTO, "rash on my arm")
        image = await practice.only_image()
        await at.watch.look()
        before = await at.delivery(image.id)
        async with practice.database.transaction() as connection:
            await connection.execute(deliveries.delete())
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ArchiveWeb, "store", lambda *_: pytest.fail("sent again"))
            await practice.record.fill(practice.further.places[0].destination)
            await at.watch.look()
        after = await at.delivery(image.id)
        assert (after.state, after.ref) == (Level.VERIFIED, before.ref)


@pytest.mark.parametrize("file", [PNG, PROGRESSIVE], ids=["png", "progressive"])
async def test_R35_what_no_archive_keeps_as_it_is_goes_as_a_rendition_and_is_called_so(
    pacs: TinyPacs, tmp_path: Path, file: bytes
) -> None:
    async with archiving(pacs, tmp_path) as at:
        await at.people.sam.sends_photo(file, "rash on my arm")
        image = await at.people.practice.only_image()
        await at.watch.look()
        said = await at.said_of(image)
        assert f"in “{at.name}”: verified (rendition)" in said and "in the record: verified (original)" in said
        lying = await at.lies_there(image.id)
        assert (lying.Rows, lying.Columns) == corners().size[::-1] and lying.ImageType[0] == "DERIVED"
        for _ in range(4):
            await at.people.practice.after(minutes=5)
            await at.watch.look()
        entries = await at.people.practice.record.entries(image.patient_id)
        (receipt, *_) = [entry.facts["further_copies"] for entry in entries if entry.kind is EntryKind.RECEIPT]
        assert receipt == [{"in": at.name, "level": "verified", "of": "rendition", "why": ""}]


async def test_R19_a_clean_copy_has_no_place_and_no_camera_in_it(pacs: TinyPacs, tmp_path: Path) -> None:
    async with archiving(pacs, tmp_path, CopyForm.CLEAN) as at:
        await at.people.sam.sends_photo(PHOTO, "rash on my arm")
        image = await at.people.practice.only_image()
        await at.watch.look()
        assert f"in “{at.name}”: verified (clean copy)" in await at.said_of(image)
        lying = await at.lies_there(image.id)
        (frame,) = generate_frames(lying.PixelData, number_of_frames=1)
        exif = Picture.open(BytesIO(frame)).getexif()
        assert not exif.get_ifd(0x8825) and 0x010F not in exif, "neither place nor maker"


async def test_R15_of_a_misfiled_photo_the_number_is_said_that_must_be_removed_there_and_never_whose_it_became(
    pacs: TinyPacs, tmp_path: Path
) -> None:
    async with archiving(pacs, tmp_path) as at:
        practice = at.people.practice
        await at.people.sam.sends_photo(PHOTO, "rash on my arm")
        image = await practice.only_image()
        await at.watch.look()
        wrong = (await at.delivery(image.id)).ref
        assert wrong is not None
        async with practice.journal.transaction() as rows:
            sam = await rows.patients.get(image.patient_id)
            ann = replace(sam, id=PatientId("ann"), mrn="20771", name="Ann Other")
            await rows.patients.add(ann)
        await practice.record.move([image.id], ann.identity)
        await at.watch.look()
        there = await at.lies_there(image.id)
        assert there.PatientID == "20771" and there.PatientName == "OTHER^ANN"
        assert not any(mark in str(there) for mark in ("Patel", "PATEL", "@sam"))
        told = await at.told()
        assert f"Its copy in “{at.name}” is out of my reach" in told
        assert f"(its number there: {wrong['instance']})" in told
        assert "20771" not in told and "Ann" not in told
        await practice.record.move([image.id], sam.identity)
        await at.watch.look()
        assert (await at.delivery(image.id)).ref == wrong, "it lay there still, and was sent no second time"


async def test_R23_of_what_is_destroyed_the_register_keeps_the_number_under_which_it_still_lies_there(
    pacs: TinyPacs, tmp_path: Path
) -> None:
    async with archiving(pacs, tmp_path) as at:
        practice, kim = at.people.practice, at.people.kim
        await at.people.sam.sends_photo(PHOTO, "rash on my arm")
        image = await practice.only_image()
        await at.watch.look()
        number = archive_number((await at.delivery(image.id)).under(image.patient_id)["id"])
        await practice.after(days=8 * 366)
        await kim.writes(f"!destroy {image.ref}")
        await taps(kim, "Destroy")
        await practice.after(hours=1)
        assert "is destroyed" in kim.last_heard and number in kim.last_heard
        async with practice.journal.reading() as rows:
            line = await rows.destructions.of(image.id)
        assert line is not None
        assert f"copy in “{at.name}”: beyond my reach: please have it removed there" in line.elsewhere
        assert number in line.elsewhere
        (left,) = (await practice.further.take_out([image.id])).values()
        assert left.residue is Residue.BEYOND_REACH and number in left.numbers


async def test_R15_somebody_whom_the_archive_knows_by_another_birth_date_waits_for_a_person(
    pacs: TinyPacs, tmp_path: Path
) -> None:
    async with archiving(pacs, tmp_path) as at:
        practice = at.people.practice
        await at.people.sam.sends_photo(PHOTO, "rash on my arm")
        image = await practice.only_image()
        async with practice.journal.transaction() as rows:
            sam = await rows.patients.get(image.patient_id)
            born = replace(sam, id=PatientId("born"), mrn="10421-", born=date(1985, 3, 7))
            await rows.patients.add(born)
        await practice.record.move([image.id], born.identity)
        await at.watch.look()
        delivery = await at.delivery(image.id)
        assert (delivery.state, delivery.why, delivery.ref) == (Level.REFUSED, "no-patient", None)
        assert "knows no patient" in await at.told()
