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
BIG_ENDIAN = small(2)
LITTLE_ENDIAN = b"Exif\0\0II*\0\x08\0\0\0\2\0\x12\1\3\0\1\0\0\0\6\0\0\0\x25\x88\4\0\1\0\0\0\x26\0\0\0\0\0\0\0" + (
    b"\2\0\1\0\2\0\2\0\0\0S\0\0\0\2\0\5\0\3\0\0\0\x44\0\0\0\0\0\0\0" + b"\1\0\0\0" * 6
)

TELLING = {
    "a camera's": BIG_ENDIAN,
    "a phone's": with_segments(PLAIN, segment(0xE1, LITTLE_ENDIAN)),
    "two blocks": with_segments(PLAIN, segment(0xE1, LITTLE_ENDIAN), segment(0xE1, LITTLE_ENDIAN)),
    "xmp in attributes": with_segments(PLAIN, segment(0xE1, AS_ATTRIBUTES)),
    "xmp in elements": with_segments(PLAIN, segment(0xE1, AS_ELEMENTS)),
    "a second picture behind": PLAIN + BIG_ENDIAN,
}
CAPTION = b"Photoshop 3.0\x008BIM\4\4\0\0\0\0\0\x0b\x1c\2\x5a\0\6Sydney"
STUCK = {
    "iptc": with_segments(PLAIN, segment(0xED, CAPTION)),
    "a film": PLAIN + b"\0\0\0\x1e\xa9xyz\0\x12\x15\xc7-33.8568+151.2153/",
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
    """All that exiftool reads in a file, but for where it lies and what it is worth to the eye."""
    words = [str(EXIFTOOL), "-j", "-a", "-G1", "-u", "-ee", "-"]
    [told] = json.loads(subprocess.run(words, input=data, capture_output=True, check=True).stdout)
    return {name: value for name, value in told.items() if name.partition(":")[0] not in {"System", "ExifTool"}}


def says_where(name: str) -> bool:
    return "GPS" in name or name.endswith((":City", ":Location"))


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
        assert not any("GPSLat" in key or key.endswith(":City") for key in said(without)), name


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
