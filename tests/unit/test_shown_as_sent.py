"""What is shown is what was sent: of every kind of picture that others got wrong, by the functions that show and copy it.

The files are those of the corpus, which go through the bot's own intake elsewhere; here each promise has its own test.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable
from io import BytesIO

import pytest
from PIL import Image

from bot.domain.formats import media_type
from bot.domain.screening import Also, Findings, Hint, NotShown, in_words
from bot.domain.screening import read as findings
from bot.domain.terms import Terms
from bot.imaging import jpeg_rows, png_chunks, read, render
from bot.imaging.child_protocol import WHY, Form, Reason, Unviewable
from bot.imaging.jpeg_segments import with_exif
from bot.imaging.png_chunks import made
from bot.imaging.render import RenderedCopy
from bot.imaging.survey import survey
from bot.imaging.terms_in_exif import exif_of
from bot.ports import Rendition
from tests.corpus.beside import beside
from tests.corpus.half import half
from tests.corpus.heifs import heif
from tests.corpus.held import held
from tests.corpus.judge import what_is_wrong
from tests.corpus.pngs import profile, with_chunks
from tests.corpus.specimen import Specimen
from tests.corpus.stand_ins import picture as described
from tests.corpus.stand_ins import stand_ins, tiff
from tests.photos import corners, encoded, profile_with_red_and_green_exchanged

TERMS = Terms("IMG-7F3K", "confidential")


def each(specimens: Iterable[Specimen]) -> pytest.MarkDecorator:
    kept = [one for one in specimens if media_type(one.data) is not None and one.kept]
    return pytest.mark.parametrize("one", kept, ids=lambda one: one.name)


def shown(data: bytes, side: int = 400) -> Rendition:
    return Rendition(*render.rendition(read.read(data), side)[:1], "image/jpeg", side, side)


def left(data: bytes) -> Rendition:
    """The copy as it leaves, with our block in it."""
    copy: RenderedCopy = render.copy(read.read(data))
    exif = exif_of(TERMS, copy.orientation)
    size = (copy.width, copy.height) if copy.orientation < 5 else (copy.height, copy.width)
    if copy.form is Form.PNG:
        return Rendition(png_chunks.with_exif(copy.data, exif.removeprefix(b"Exif\0\0")), "image/png", *size)
    return Rendition(with_exif(copy.data, exif), "image/jpeg", *size)


def found_in(data: bytes) -> Findings:
    return findings(json.loads(survey(data)))


def judge(one: Specimen) -> None:
    found = found_in(one.data)
    if one.copied is False:
        assert (found.viewable, found.why, found.small) == (False, one.why, "")
        for use in (shown, left):
            with pytest.raises(Unviewable) as refused:
                use(one.data)
            assert WHY[refused.value.reason] == one.why
        return
    assert (found.viewable, found.why, found.frames) == (True, "", one.photos)
    assert what_is_wrong(one, shown(one.data), left(one.data)) == ""
    assert (left(one.data).width, left(one.data).height) == Image.open(BytesIO(shown(one.data).data)).size


@each(held())
def test_a_picture_is_held_as_browsers_hold_it_wherever_it_goes(one: Specimen) -> None:
    judge(one)


@each(half())
def test_half_a_picture_is_damaged_and_a_whole_one_is_shown(one: Specimen) -> None:
    judge(one)


@each(beside())
def test_what_rides_beside_a_good_picture_never_hides_it(one: Specimen) -> None:
    judge(one)


@each(stand_ins())
def test_a_stand_in_never_passes_as_the_thing(one: Specimen) -> None:
    judge(one)


def test_a_second_picture_beside_a_photo_is_told_and_the_photo_is_shown() -> None:
    found = found_in(heif(photos=2, stereo=True))
    assert found.only_the_first_is_shown
    assert "File: HEIC, 96 × 64 pixels, 2 pictures" in in_words(found)


def test_the_size_of_a_preview_is_not_told_as_that_of_the_raw_photo() -> None:
    raw = next(one for one in stand_ins() if one.name == "dng with a preview first")
    found = found_in(raw.data)
    assert (found.width, found.height, found.hints) == (0, 0, ())


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (MemoryError(), Reason.REFUSED),
        (PermissionError(1, "Operation not permitted"), Reason.REFUSED),
        (OSError("out of memory when reading image file"), Reason.REFUSED),
        (RuntimeError("Memory allocation error"), Reason.REFUSED),
        (OSError("broken data stream when reading image file"), Reason.DAMAGED),
        (KeyError("anything"), Reason.DAMAGED),
    ],
)
def test_what_the_confinement_refuses_is_not_called_damage(
    error: Exception, why: Reason, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(jpeg: bytes) -> None:
        raise error

    monkeypatch.setattr(jpeg_rows, "check_rows", refused)
    found = found_in(encoded(corners()))
    assert (found.viewable, found.why) == (False, WHY[why])


ADOBE_RGB = [31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000]  # x and y of white, red, green and blue
OF_SRGB = [31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000]


def numbers(of_colours: list[int]) -> bytes:
    return made(b"cHRM", struct.pack(">8I", *of_colours))


def png_in(*chunks: bytes) -> bytes:
    return with_chunks(encoded(Image.new("RGB", (64, 64), (160, 90, 60)), "PNG"), *chunks)


@pytest.mark.parametrize(
    ("chunks", "seen"),
    [
        ([], (160, 90, 60)),
        ([made(b"gAMA", struct.pack(">I", 45_455))], (160, 90, 60)),
        ([made(b"gAMA", struct.pack(">I", 100_000))], (207, 160, 133)),  # stored as light is: browsers show it brighter
        ([made(b"gAMA", struct.pack(">I", 100_000)), made(b"sRGB", b"\0")], (160, 90, 60)),
        ([made(b"gAMA", struct.pack(">I", 45_455)), numbers(ADOBE_RGB)], (181, 90, 57)),
        ([made(b"gAMA", struct.pack(">I", 45_455)), numbers(OF_SRGB)], (160, 90, 60)),
        ([numbers(ADOBE_RGB)], (160, 90, 60)),
        ([made(b"gAMA", struct.pack(">I", 45_455)), numbers([0] * 8)], (160, 90, 60)),
        ([made(b"gAMA", struct.pack(">I", 45_455)), numbers([31270, 32900, *[64000, 33000] * 3])], (160, 90, 60)),
        ([made(b"cICP", b"\x0c\x0d\0\1")], (173, 87, 52)),  # the colours of a phone's screen
        ([profile(profile_with_red_and_green_exchanged())], (90, 160, 60)),
    ],
    ids=[
        "nothing said",
        "the usual number",
        "another number",
        "sRGB before a number",
        "other colours by numbers",
        "the usual colours by numbers",
        "colours without brightness",
        "colours that are none",
        "one colour three times",
        "by video's numbers",
        "a profile",
    ],
)
def test_colours_are_those_that_browsers_show_in_what_is_shown_and_in_the_copy(
    chunks: list[bytes], seen: tuple[int, int, int]
) -> None:
    png = png_in(*chunks)
    assert what_is_wrong(Specimen("", png), shown(png), left(png)) == ""
    told = Image.open(BytesIO(shown(png).data)).getpixel((32, 32))
    assert all(abs(a - b) < 12 for a, b in zip(told, seen, strict=True))  # type: ignore[arg-type]  # three bands


SLOPE = Image.linear_gradient("L").resize((64, 64))


def grey_tiff(depth: int, *, white_is_zero: bool) -> bytes:
    """A TIFF of a slope from black to white, of so many bits."""
    values = [value * (2**depth - 1) // 255 for value in SLOPE.tobytes()]
    bits = "".join(format(2**depth - 1 - value if white_is_zero else value, f"0{depth}b") for value in values)
    packed = int(bits, 2).to_bytes(len(bits) // 8, "big")
    if depth == 16:  # the only depth that is written in the order of the file's bytes
        packed = b"".join(packed[at : at + 2][::-1] for at in range(0, len(packed), 2))
    return tiff((described(SLOPE.size, colours=0 if white_is_zero else 1, depth=depth), packed))


@pytest.mark.parametrize(
    ("depth", "white_is_zero"), [*((depth, zero) for depth in (1, 4, 8, 16) for zero in (False, True)), (12, False)]
)
def test_a_grey_tiff_is_neither_a_negative_nor_darker_than_it_is(depth: int, white_is_zero: bool) -> None:
    """An x-ray, as scanners of films write it."""
    data = grey_tiff(depth, white_is_zero=white_is_zero)
    for one in (shown(data), left(data)):
        seen = Image.open(BytesIO(one.data)).convert("L").tobytes()
        levels = 2 ** min(depth, 8) - 1
        wanted = [value * levels // 255 * 255 // levels for value in SLOPE.tobytes()]
        assert max(abs(a - b) for a, b in zip(seen, wanted, strict=True)) < (90 if depth == 1 else 12)


@pytest.mark.parametrize(
    "picture",
    [
        encoded(Image.new("I;16", (1200, 900), 30_000), "PNG"),
        encoded(Image.new("RGBA", (1200, 900), (0, 0, 0, 0)), "PNG"),
        encoded(corners((1200, 900)).convert("CMYK"), "TIFF"),
    ],
    ids=["sixteen bits", "clear", "print colours"],
)
def test_quality_is_told_of_what_is_shown(picture: bytes) -> None:
    """Not of its numbers as they are stored: what is clear is not dark, and what has sixteen bits is not bright."""
    assert not {Hint.DARK} & set(found_in(picture).hints)
    darkest = next(
        value for value, count in enumerate(Image.open(BytesIO(shown(picture).data)).convert("L").histogram()) if count
    )
    assert (Hint.BRIGHT in found_in(picture).hints) is (darkest > 215)


@pytest.mark.parametrize("use", ["render", "copy"])
def test_viewable_means_that_it_was_shown_and_copied_here(use: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise Unviewable(Reason.REFUSED)

    assert found_in(encoded(corners())).viewable
    monkeypatch.setattr(f"bot.imaging.survey.{use}", refused)
    assert not found_in(encoded(corners())).viewable


def test_a_copy_larger_than_may_cross_is_not_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    tiff = encoded(corners(), "TIFF")
    assert found_in(tiff).viewable
    monkeypatch.setattr("bot.imaging.survey.largest_copy", lambda length: length // 100)
    assert (found_in(tiff).viewable, found_in(tiff).why) == (False, NotShown.REFUSED)


def test_what_a_webp_carries_is_told_whatever_it_says_of_its_length() -> None:
    webp = encoded(corners(), "WEBP", xmp=b"<x:xmpmeta exif:GPSLatitude='33,52S'/>")
    found = found_in(webp[:4] + bytes(4) + webp[8:])
    assert found.place and Also.XMP in found.also and found.trailing == 0


def test_every_reason_not_to_show_a_file_crosses_from_the_child() -> None:
    assert set(WHY) == set(Reason)
    only_the_bot_sees = {NotShown.CRASHED, NotShown.TOO_LONG, NotShown.TOO_LARGE}
    assert set(WHY.values()) == set(NotShown) - only_the_bot_sees
