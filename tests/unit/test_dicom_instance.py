"""What goes into an image archive: judged by pydicom and by dciodvfy, which know nothing of how it was written."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from pydicom import Dataset, dcmread
from pydicom.encaps import generate_frames
from pydicom.uid import ImplicitVRLittleEndian

from bot.domain.baseline_jpeg import baseline_frame
from bot.domain.errors import Permanent
from storage.records.dicom import dicom_elements
from storage.records.dicom.dicom_elements import Unreadable
from storage.records.dicom.dicom_instance import KnownThere, uids_of, unwrapped, whose_is, wrapped
from tests.archives.consignments import ANN, NAME, PAGE, SAM, SOURCE, page, photo
from tests.archives.tiny_pacs import RECORDS
from tests.patience import PATIENCE
from tests.photos import encoded, small

JUDGE = RECORDS / "bin" / "dciodvfy"
KNOWN = KnownThere("PATEL^SAM", "20260301", "120000")
ORIENTATION = 0x0112


def noise(width: int, height: int, mode: str = "RGB") -> Image.Image:
    return Image.effect_noise((width, height), 60).convert(mode)


def held(orientation: int) -> bytes:
    """A photo that says how it is to be held."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return encoded(noise(64, 48), exif=exif)


PHOTOS: Mapping[str, bytes] = {
    "with all a camera puts in": small(),
    "of an odd length": next(
        jpeg for quality in range(50, 95) if len(jpeg := encoded(noise(61, 47), quality=quality)) % 2
    ),
    "of an even length": next(
        jpeg for quality in range(50, 95) if len(jpeg := encoded(noise(61, 47), quality=quality)) % 2 == 0
    ),
    "grey": encoded(noise(64, 48, "L")),
    "in full colour": encoded(noise(64, 48), subsampling=0),
    "with restart markers": encoded(noise(64, 48), restart_marker_rows=1),
    "turned on its side": held(6),
}
NOT_KEPT: Mapping[str, bytes] = {
    "progressive": encoded(noise(64, 48), progressive=True),
    "in red, green and blue": encoded(noise(64, 48), keep_rgb=True),
    "in four inks": encoded(noise(64, 48, "CMYK")),
    "with something behind its end": encoded(noise(64, 48)) + b"\0",
    "two in one": encoded(noise(64, 48)) * 2,
    "mirrored": held(2),
    "mirrored and turned": held(5),
    "cut": encoded(noise(64, 48))[:-1],
    "no picture": b"\xff\xd8\xff\xd9",
    "nothing": b"",
}


def file_of(leaving_photo: bytes) -> bytes:
    leaving = photo(leaving_photo)
    return wrapped(leaving, uids_of(leaving, NAME), KNOWN, SOURCE)


def page_file() -> bytes:
    return wrapped(page(), uids_of(page(), NAME), KNOWN, SOURCE)


def judged(file: bytes, directory: Path) -> list[str]:
    """Return what the judge finds wrong. It falls over the length of the picture, which is younger than it: that is left out."""
    assert JUDGE.exists(), "dciodvfy is missing: run `make pytest`, which installs it"
    read = dcmread(BytesIO(file))
    if "EncapsulatedPixelDataValueTotalLength" in read:
        del read.EncapsulatedPixelDataValueTotalLength
    at = directory / "judged.dcm"
    read.save_as(at)
    said = subprocess.run([JUDGE, "-new", at], capture_output=True, text=True, timeout=PATIENCE, check=False)
    lines = said.stderr.splitlines()
    assert "VLPhotographicImage" in lines or "EncapsulatedPDF" in lines, f"it did not come to its end: {said.stderr}"
    return [line for line in lines if line.startswith("Error")] + ([] if said.returncode == 0 else ["exit"])


@pytest.mark.parametrize("kind", PHOTOS)
def test_a_baseline_photo_stands_in_it_byte_for_byte_and_comes_out_so(kind: str, tmp_path: Path) -> None:
    jpeg = PHOTOS[kind]
    file = file_of(jpeg)
    read = dcmread(BytesIO(file))
    (frame,) = generate_frames(read.PixelData, number_of_frames=1)
    assert frame[: read.EncapsulatedPixelDataValueTotalLength] == jpeg
    assert (read.Rows, read.Columns) == Image.open(BytesIO(jpeg)).size[::-1]
    found = unwrapped(file)
    assert found.sha256 == hashlib.sha256(jpeg).hexdigest() and found.is_whole
    assert judged(file, tmp_path) == []


@pytest.mark.parametrize("kind", ["grey", "in full colour", "of an odd length"])
def test_its_colours_are_read_as_they_are(kind: str) -> None:
    import numpy

    shown = dcmread(BytesIO(file_of(PHOTOS[kind]))).pixel_array
    picture = numpy.asarray(Image.open(BytesIO(PHOTOS[kind])), dtype=int)
    assert abs(shown.astype(int) - picture).mean() < 3


@pytest.mark.parametrize("kind", NOT_KEPT)
def test_what_no_archive_keeps_as_it_is_is_refused_and_goes_as_something_else(kind: str) -> None:
    """A mirrored one too: programs for archives would show the wrong side of the body."""
    assert baseline_frame(NOT_KEPT[kind]) is None
    with pytest.raises(Permanent, match="not-viewable"):
        file_of(NOT_KEPT[kind])


def test_a_cut_or_changed_photo_is_judged_without_an_error() -> None:
    jpeg = encoded(noise(24, 16))
    assert all(baseline_frame(jpeg[:end]) is None for end in range(len(jpeg)))
    for at in range(len(jpeg)):
        baseline_frame(jpeg[:at] + bytes([jpeg[at] ^ 0xFF]) + jpeg[at + 1 :])


def test_a_page_stands_in_it_byte_for_byte(tmp_path: Path) -> None:
    read = dcmread(BytesIO(page_file()))
    assert read.EncapsulatedDocument[: read.EncapsulatedDocumentLength] == PAGE
    assert read.DocumentTitle == "Consent IMG-7F3K" and read.MIMETypeOfEncapsulatedDocument == "application/pdf"
    assert unwrapped(page_file()).is_whole
    assert judged(page_file(), tmp_path) == []


def test_R15_it_says_whose_it_is_as_the_archive_knows_them_and_leaves_empty_what_nobody_told() -> None:
    read = dcmread(BytesIO(file_of(PHOTOS["grey"])))
    assert (str(read.PatientName), read.PatientID, read.PatientBirthDate) == ("PATEL^SAM", "10421", "19840307")
    assert read.IssuerOfPatientID == "HILL STREET"
    assert read.PatientSex == "" and read.Laterality == "" and read.PatientOrientation == ""
    assert read.ImageComments == "a rash on my arm \\ worse"
    assert (read.StudyDate, read.StudyTime) == ("20260301", "120000"), "as the study there already has it"
    assert (read.ContentDate, read.ContentTime, read.TimezoneOffsetFromUTC) == ("20260309", "203000", "+1100")


def test_a_name_in_any_letters_stands_whole() -> None:
    leaving = replace(photo(PHOTOS["grey"]), patient=replace(SAM, name="Nguyễn Thị Minh Khai 王"))
    read = dcmread(BytesIO(wrapped(leaving, uids_of(leaving, NAME), KnownThere(leaving.patient.name), SOURCE)))
    assert str(read.PatientName) == "Nguyễn Thị Minh Khai 王"


def test_R15_no_number_is_the_same_for_two_patients_two_entries_or_two_archives() -> None:
    jpeg = PHOTOS["grey"]
    of_sam, of_ann = uids_of(photo(jpeg), NAME), uids_of(photo(jpeg, ANN), NAME)
    assert {of_sam.study, of_sam.series, of_sam.instance}.isdisjoint({of_ann.study, of_ann.series, of_ann.instance})
    assert uids_of(photo(jpeg), NAME) == of_sam
    other = uids_of(photo(jpeg, entry_id="i2"), NAME)
    assert other.instance != of_sam.instance
    elsewhere = uids_of(photo(jpeg), "another")
    assert elsewhere.study != of_sam.study and elsewhere.series != of_sam.series
    with_it = uids_of(page(), NAME)
    assert with_it.study == of_sam.study and with_it.series != of_sam.series, (
        "one study holds the photo and its consent"
    )


def test_a_dicom_file_that_somebody_sent_is_not_put_under_another_name() -> None:
    leaving = replace(photo(b"a file"), media_type="application/dicom")
    with pytest.raises(Permanent, match="own-dicom"):
        wrapped(leaving, uids_of(leaving, NAME), KNOWN, SOURCE)


def stored_anew(file: bytes) -> Dataset:
    """As an archive may write it: other tags besides, in sequences that don't tell their length."""
    read = dcmread(BytesIO(file))
    inner = Dataset()
    inner.PatientID, inner.CodeMeaning = "somebody else's", "nested"
    inner.is_undefined_length_sequence_item = True
    read.RequestAttributesSequence = [inner, Dataset()]
    read["RequestAttributesSequence"].is_undefined_length = True
    read.OtherPatientIDsSequence = [inner]
    return read


def test_what_an_archive_wrote_anew_in_its_own_way_is_read_as_well() -> None:
    for file, implicit in ((file_of(PHOTOS["of an odd length"]), False), (page_file(), True)):
        read, out = stored_anew(file), BytesIO()
        if implicit:
            read.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
        read.save_as(out, implicit_vr=implicit, little_endian=True)
        found = unwrapped(out.getvalue())
        assert found == unwrapped(file) and found.is_whole and found.whose == whose_is(SAM)


def test_one_changed_byte_of_the_content_is_seen() -> None:
    for file, content in ((file_of(PHOTOS["grey"]), PHOTOS["grey"]), (page_file(), PAGE)):
        at = file.index(content) + len(content) // 2
        found = unwrapped(file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :])
        assert not found.is_whole and found.sha256 != hashlib.sha256(content).hexdigest()


def test_a_cut_or_damaged_file_is_unreadable_or_not_whole_and_nothing_of_it_is_said() -> None:
    file = page_file()
    damaged = [file[:at] + bytes([file[at] ^ 0xFF]) + file[at + 1 :] for at in range(132, len(file))]
    unreadable = 0
    for other in (*(file[:end] for end in range(len(file))), *damaged):
        try:
            found = unwrapped(other)
        except Unreadable as why:
            assert str(why) == ""
            unreadable += 1
        else:
            assert len(other) == len(file) or not (found.is_whole and found.form)
    assert unreadable > len(file)


def test_sequences_in_sequences_have_a_bottom() -> None:
    endless = b"\x40\x00\x75\x02SQ\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff" * 5000
    head = dicom_elements.part10(dicom_elements.EXPLICIT, "1.2", "1.3", "1.4", [])
    with pytest.raises(Unreadable):
        unwrapped(head + endless)
