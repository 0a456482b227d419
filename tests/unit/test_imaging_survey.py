"""What screening says of a file: what it is, what it carries, and what may be wrong with it as a picture."""

from __future__ import annotations

import json
import random
import warnings
import zlib
from dataclasses import replace
from io import BytesIO

import piexif
import pytest
from PIL import Image, ImageFilter
from pydicom import Dataset, FileMetaDataset, dcmwrite
from pydicom.uid import ExplicitVRLittleEndian

from bot.domain.screening import Also, Findings, Hint, in_words, read
from bot.imaging.jpeg_segments import size_of_plain
from bot.imaging.png_chunks import made
from bot.imaging.sample import sample_photo
from bot.imaging.survey import survey
from tests.corpus.heifs import HEIC
from tests.corpus.pdfs import document, saved
from tests.photos import corners, encoded

PHOTO = sample_photo(1, 1)


def found_in(data: bytes) -> Findings:
    return read(json.loads(survey(data)))


def scan(**more: object) -> bytes:
    """A CT of 120 frames, without its pixels."""
    dataset, out = Dataset(), BytesIO()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    said = {"SOPClassUID": "1.2.840.10008.5.1.4.1.1.2", "SOPInstanceUID": "1.2.3", "Modality": "CT"}
    said |= {"Manufacturer": "Pomelo", "StudyDate": "20260302", "StudyTime": "074116.25", "PatientName": "Patel^Sam"}
    for name, value in {**said, "Rows": 512, "Columns": 500, "NumberOfFrames": 120, **more}.items():
        setattr(dataset, name, value)
    dcmwrite(out, dataset, enforce_file_format=True)
    return out.getvalue()


def test_a_phones_photo() -> None:
    assert replace(found_in(PHOTO), small="") == Findings(
        format="JPEG",
        width=1155,
        height=866,
        orientation=6,
        camera="Pomelo 11",
        taken="2026:03:02 07:41:16",
        software="19.2",
        place=True,
        thumbnail=True,
        also=(Also.SERIAL, Also.COMMENT),
    )


@pytest.mark.parametrize(
    ("data", "kind", "size"),
    [
        (encoded(corners(), "PNG"), "PNG", (48, 32)),
        (encoded(corners(), "WEBP"), "WEBP", (48, 32)),
        (encoded(corners(), "TIFF"), "TIFF", (48, 32)),
        (HEIC, "HEIC", (64, 96)),
        (saved(document()), "PDF", (0, 0)),
        (encoded(corners(), "JPEG"), "JPEG", (48, 32)),
    ],
)
def test_the_true_kind_and_size_are_told(data: bytes, kind: str, size: tuple[int, int]) -> None:
    found = found_in(data)
    assert (found.viewable, found.format, (found.width, found.height)) == (True, kind, size)


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (PHOTO, (240, 320)),
        (HEIC, (64, 96)),
        (encoded(corners((900, 600)), "TIFF"), (320, 213)),
        (encoded(corners((900, 600)).convert("P"), "PNG"), (320, 213)),
        (encoded(corners((900, 600)).convert("CMYK"), "TIFF"), (320, 213)),
        (encoded(Image.new("I;16", (900, 600), 40_000), "PNG"), (320, 213)),
    ],
    ids=["held sideways", "heic", "tiff", "palette", "print colours", "16 bits"],
)
def test_a_thumbnail_is_upright_small_and_plain(data: bytes, size: tuple[int, int]) -> None:
    assert size_of_plain(found_in(data).small_picture) == size


def test_what_cannot_be_viewed_has_no_thumbnail() -> None:
    assert found_in(PHOTO[:9000]).small == found_in(scan()).small == ""


LATITUDE = {piexif.GPSIFD.GPSLatitudeRef: b"S", piexif.GPSIFD.GPSLatitude: ((33, 1), (52, 1), (0, 1))}
EXIF_OF_A_PLACE = piexif.dump({"GPS": LATITUDE})
EXIF_OF_NONE = piexif.dump({"0th": {piexif.ImageIFD.Make: b"Pomelo"}})
XMP_OF_A_PLACE = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:Description exif:GPSLatitude='33,52S'/></x:xmpmeta>"
IPTC_OF_A_PLACE = b"Photoshop 3.0\0" + b"8BIM\4\4\0\0\0\0\0\x0b" + b"\x1c\2\x5a\0\6Sydney\0"
PLAIN_JPEG, PLAIN_PNG = encoded(corners(), "JPEG"), encoded(corners(), "PNG")


def with_segments(*segments: tuple[int, bytes]) -> bytes:
    written = b"".join(bytes([0xFF, name]) + (len(body) + 2).to_bytes(2, "big") + body for name, body in segments)
    return PLAIN_JPEG[:2] + written + PLAIN_JPEG[2:]


@pytest.mark.parametrize(
    "data",
    [
        with_segments((0xE1, EXIF_OF_NONE), (0xE1, EXIF_OF_A_PLACE)),
        PLAIN_JPEG[:-2] + with_segments((0xE1, EXIF_OF_A_PLACE))[2:][: len(EXIF_OF_A_PLACE) + 4] + PLAIN_JPEG[-2:],
        PLAIN_JPEG + with_segments((0xE1, EXIF_OF_A_PLACE)),
        with_segments((0xED, IPTC_OF_A_PLACE)),
        PLAIN_JPEG + b"\0\0\0\x1cftypmp42 moov udta \xa9xyz\0\x12\x15\xc7+33.8678-151.2073/",
        PLAIN_PNG[:-12] + made(b"eXIf", EXIF_OF_A_PLACE[6:]) + PLAIN_PNG[-12:],
        PLAIN_PNG[:33] + made(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(XMP_OF_A_PLACE)) + PLAIN_PNG[33:],
    ],
    ids=["second block", "behind the scan", "second picture", "iptc", "video behind", "late chunk", "packed xmp"],
)
def test_a_place_is_told_wherever_in_the_file_it_stands(data: bytes) -> None:
    """Its sender is told that the photo carried its location, whatever app wrote it where."""
    assert found_in(data).place


@pytest.mark.parametrize("data", [PLAIN_JPEG, PLAIN_PNG, with_segments((0xE1, EXIF_OF_NONE)), PLAIN_JPEG * 2])
def test_where_no_place_is_told_none_is_found(data: bytes) -> None:
    assert not found_in(data).place


def test_a_text_chunk_that_unpacks_to_more_than_memory_holds_is_no_hindrance() -> None:
    much = zlib.compress(bytes(64_000_000), 9)
    bomb = PLAIN_PNG[:33] + made(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + much) + PLAIN_PNG[33:]
    found = found_in(bomb)
    assert Also.XMP in found.also and not found.place


def test_bytes_behind_the_picture_are_counted() -> None:
    assert found_in(PHOTO + b"PK\3\4 and so on").trailing == len(b"PK\3\4 and so on")


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_moving_picture_is_told_with_how_many_it_holds(kind: str) -> None:
    moving = encoded(
        corners(), kind, save_all=True, append_images=[Image.new("RGB", (48, 32), one) for one in ("black", "red")]
    )
    found = found_in(moving)
    assert (found.viewable, found.why, found.frames) == (False, "moving picture", 3)
    assert f"File: {kind}, 48 × 32 pixels, 3 pictures" in in_words(found)


def test_the_frames_of_a_scan_are_told_although_none_is_shown() -> None:
    """DICOM is kept as it came: all its frames are in the record, and nobody takes the first for all of them."""
    found = found_in(scan())
    assert (found.viewable, found.format, found.frames) == (False, "DICOM", 120)
    assert in_words(found).splitlines() == [
        "Taken: 2 March 2026, 07:41:16, as the file claims",
        "Device: CT Pomelo, as the file claims",
        "Place: not told in the file",
        "Carried: the name or number of a patient; copies that are sent on carry none of it",
        "Viewable: not here: a kind of file that is not shown here",
        "File: DICOM, 500 × 512 pixels, 120 pictures",
    ]
    assert "Patel" not in in_words(found)


@pytest.mark.parametrize("broken", [bytes(128) + b"DICM", scan()[:200], scan(NumberOfFrames=1) + b"\xff" * 99])
def test_a_broken_scan_is_told_all_the_same_and_nothing_is_remarked(
    broken: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """What a library remarks of a file may be the file's own words: it is said to nobody."""
    with warnings.catch_warnings(record=True) as remarks:
        warnings.simplefilter("always")
        found = found_in(broken)
    assert (found.viewable, found.format, found.frames) == (False, "DICOM", 1)
    assert (remarks, caplog.records) == ([], [])


# ---- quality

LARGE = (1200, 900)


def speckled(low: int, high: int, size: tuple[int, int] = LARGE, mode: str = "RGB") -> Image.Image:
    noise = Image.frombytes(mode, size, random.Random(1).randbytes(size[0] * size[1] * len(mode)))
    return noise.point(lambda value: low + value * (high - low) // 255)


def film() -> Image.Image:
    """Bones on black, as on a light box."""
    picture = Image.new("L", LARGE, 8)
    picture.paste(speckled(60, 240, (500, 700), "L"), (350, 100))
    return picture


@pytest.mark.parametrize(
    ("picture", "hints"),
    [
        (speckled(0, 255), ()),
        (speckled(0, 40), (Hint.DARK,)),
        (speckled(220, 255), (Hint.BRIGHT,)),
        (speckled(0, 255).filter(ImageFilter.GaussianBlur(12)), (Hint.BLURRED,)),
        (speckled(0, 40).filter(ImageFilter.GaussianBlur(12)), (Hint.DARK,)),
        (speckled(0, 255, (640, 480)), (Hint.SMALL,)),
        (film(), (Hint.SECONDARY,)),
        (film().convert("RGB"), (Hint.SECONDARY,)),
    ],
    ids=["good", "dark", "bright", "blurred", "dark before blurred", "small", "film", "film in colour"],
)
def test_quality_is_a_hint_and_exposure_comes_first(picture: Image.Image, hints: tuple[Hint, ...]) -> None:
    assert found_in(encoded(picture, quality=90)).hints == hints


def test_a_sample_photo_of_every_size_gets_no_tip_about_light_or_focus() -> None:
    assert found_in(PHOTO).hints == ()
    assert found_in(sample_photo(2, 3)).hints == ()


def test_findings_cross_as_they_are() -> None:
    found = replace(found_in(PHOTO), hints=tuple(Hint), also=tuple(Also))
    assert read(json.loads(json.dumps(found.as_json()))) == found
