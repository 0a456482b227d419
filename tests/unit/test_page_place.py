"""What the page does with a photo before it is sent: where it was taken can be left out, and nothing else is touched (R19)."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import piexif
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from bot.domain.screening import read
from bot.imaging.survey import survey
from tests.bot_process import SOURCES
from tests.corpus.jpegs import segment, with_segments
from tests.peer.driver import node_alone
from tests.photos import corners, encoded, small

MODULE = SOURCES / "bot" / "page" / "web" / "src" / "place.js"
EXIFTOOL = SOURCES / "tests/judge/node_modules/exiftool-vendored.pl/bin/exiftool"
PLAIN = encoded(corners())
XMP = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x='adobe:ns:meta/'>%s</x:xmpmeta>"
AS_ATTRIBUTES = XMP % b'<rdf:Description exif:GPSLatitude="33,51.5S" exif:GPSLongitude=\'151,12E\' xmp:Rating="3"/>'
AS_ELEMENTS = (
    XMP
    % b"<exif:GPSLatitude>33,51.5S</exif:GPSLatitude><photoshop:City>Sydney</photoshop:City><xmp:Rating>3</xmp:Rating>"
)
OF_AN_AGENCY = (
    XMP % b"<Iptc4xmpExt:City>Sydney</Iptc4xmpExt:City><Iptc4xmpExt:Sublocation>Bondi</Iptc4xmpExt:Sublocation>"
)
CAPTIONS = (  # the charset, the place, and a headline
    b"Photoshop 3.0\x008BIM\4\4\3abc\0\0\0\x1d\x1c\1\x5a\0\3\x1b%G\x1c\2\x5a\0\6Sydney\x1c\2\x69\0\4Rash\0"
)
GPS = piexif.dump({"GPS": {piexif.GPSIFD.GPSLatitudeRef: b"S", piexif.GPSIFD.GPSLatitude: ((33, 1), (51, 1), (30, 1))}})
BIG_ENDIAN = small(2)
LITTLE_ENDIAN = b"Exif\0\0II*\0\x08\0\0\0\2\0\x12\1\3\0\1\0\0\0\6\0\0\0\x25\x88\4\0\1\0\0\0\x26\0\0\0\0\0\0\0" + (
    b"\2\0\1\0\2\0\2\0\0\0S\0\0\0\2\0\5\0\3\0\0\0\x44\0\0\0\0\0\0\0" + b"\1\0\0\0" * 6
)


def words_in_png(xmp: str) -> PngInfo:
    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", xmp)
    return info


TELLING = {
    "a camera's": BIG_ENDIAN,
    "a phone's": with_segments(PLAIN, segment(0xE1, LITTLE_ENDIAN)),
    "two blocks": with_segments(PLAIN, segment(0xE1, LITTLE_ENDIAN), segment(0xE1, LITTLE_ENDIAN)),
    "xmp in attributes": with_segments(PLAIN, segment(0xE1, AS_ATTRIBUTES)),
    "xmp in elements": with_segments(PLAIN, segment(0xE1, AS_ELEMENTS)),
    "xmp of a picture agency": with_segments(PLAIN, segment(0xE1, OF_AN_AGENCY)),
    "a second picture behind": PLAIN + BIG_ENDIAN,
    "iptc": with_segments(PLAIN, segment(0xED, CAPTIONS)),
    "a film": PLAIN + b"\0\0\0\x1e\xa9xyz\0\x12\x15\xc7-33.8568+151.2153/",
    "png": encoded(corners(), "PNG", exif=GPS),
    "png with xmp": encoded(corners(), "PNG", pnginfo=words_in_png(AS_ELEMENTS.partition(b"\0")[2].decode())),
    "webp": encoded(corners(), "WEBP", lossless=True, exif=GPS),
}
STUCK = {
    "a film of another kind": PLAIN + b"com.apple.quicktime.location.ISO6709\0-33.8568+151.2153/",
    "the name of a place": with_segments(
        PLAIN, segment(0xE1, XMP % b"<Iptc4xmpExt:LocationName><rdf:li>Bondi</rdf:li></Iptc4xmpExt:LocationName>")
    ),
}
SILENT = {
    "no exif": PLAIN,
    "exif without a place": with_segments(PLAIN, segment(0xE1, piexif.dump({"0th": {piexif.ImageIFD.Make: b"Pixel"}}))),
    "a version and no place": with_segments(
        PLAIN, segment(0xE1, piexif.dump({"GPS": {piexif.GPSIFD.GPSVersionID: (2, 3, 0, 0)}}))
    ),
}


def cut(files: Mapping[str, bytes], folder: Path) -> dict[str, tuple[bool, bytes | None]]:
    """For each file whether it tells a place, and what it is without: None where that can't be had."""
    script = (
        f"import {{ tellsAPlace, withoutPlace }} from {json.dumps(str(MODULE))}; import fs from 'node:fs';"
        "console.log(JSON.stringify(process.argv.slice(1).map((path) => {"
        " const bytes = new Uint8Array(fs.readFileSync(path)); const before = Buffer.from(bytes);"
        " const without = withoutPlace(bytes);"
        " if (!before.equals(Buffer.from(bytes))) throw new Error('the file itself was changed');"
        " if (without) fs.writeFileSync(path + '.without', without); return [tellsAPlace(bytes), Boolean(without)]; })))"
    )
    paths = [folder / str(number) for number in range(len(files))]
    for path, data in zip(paths, files.values(), strict=True):
        path.write_bytes(data)
    words = [node_alone(), "--input-type=module", "-e", script, *map(str, paths)]
    told = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
    return {
        name: (tells, path.with_name(f"{path.name}.without").read_bytes() if there else None)
        for name, path, (tells, there) in zip(files, paths, told, strict=True)
    }


def pixels(data: bytes) -> bytes:
    with Image.open(BytesIO(data)) as picture:
        return picture.tobytes()


def said(data: bytes) -> dict[str, Any]:
    """All that exiftool reads in a file, but for where it lies, the sums of it, and what is blank."""
    words = [str(EXIFTOOL), "-j", "-a", "-G1", "-u", "-ee", "-"]
    [told] = json.loads(subprocess.run(words, input=data, capture_output=True, check=True).stdout)
    of_the_file = ("System:", "ExifTool:", "File:CurrentIPTCDigest")
    return {name: value for name, value in told.items() if not name.startswith(of_the_file) and str(value).strip()}


def says_where(name: str) -> bool:
    return "GPS" in name or name.endswith((":City", ":Location", ":Sublocation"))


def test_a_place_is_taken_out_and_no_byte_moves(tmp_path: Path) -> None:
    for name, (tells, without) in cut(TELLING, tmp_path).items():
        assert tells and without is not None, name
        before = TELLING[name]
        assert (len(without), pixels(without)) == (len(before), pixels(before)), name
        assert not read(json.loads(survey(without))).place, name
        changed = [at for at, (old, new) in enumerate(zip(before, without, strict=True)) if old != new]
        assert len(changed) < 400, name
        told = {key: value for key, value in said(before).items() if not says_where(key)}
        assert {key: value for key, value in said(without).items() if not says_where(key)} == told, name
        assert not any(says_where(key) for key in said(without)), name


def test_a_file_that_is_an_exif_block_is_cut_as_well(tmp_path: Path) -> None:
    block = LITTLE_ENDIAN[6:]
    [(tells, without)] = cut({"tiff": block}, tmp_path).values()
    assert tells and without is not None and len(without) == len(block)
    assert any(says_where(key) for key in said(block)) and not any(says_where(key) for key in said(without))


def test_what_tells_no_place_is_not_said_to_and_stays_as_it_is(tmp_path: Path) -> None:
    for name, (tells, without) in cut(SILENT, tmp_path).items():
        assert (tells, without is not None and pixels(without)) == (False, pixels(SILENT[name])), name


def test_a_place_that_can_not_be_taken_out_is_told_all_the_same(tmp_path: Path) -> None:
    """Nobody is promised what is not done."""
    assert cut(STUCK, tmp_path) == dict.fromkeys(STUCK, (True, None))


@pytest.mark.parametrize("seed", range(3))
def test_a_damaged_file_is_neither_looped_over_nor_made_longer(tmp_path: Path, seed: int) -> None:
    import random

    dice = random.Random(seed)
    damaged = {}
    for number in range(40):
        data = bytearray(dice.choice([*TELLING.values()]))
        start = data.find(b"Exif")
        for _ in range(dice.randint(1, 12)):
            data[dice.randrange(max(start, 0), min(len(data), start + 600))] = dice.randrange(256)
        damaged[str(number)] = bytes(data)
    for name, (_, without) in cut(damaged, tmp_path).items():
        assert without is None or len(without) == len(damaged[name])
