"""What a file is, is told from its bytes; what is not known is not kept."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.domain.formats import PREFIX, MediaType, holds_several, media_type
from bot.domain.tiff import Tiff
from tests.photos import encoded


def ftyp(major: bytes, *compatible: bytes) -> bytes:
    body = b"ftyp" + major + b"\0\0\0\0" + b"".join(compatible)
    return (len(body) + 4).to_bytes(4, "big") + body + b"\0\0\0\x08free" * 9


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\xff\xd8\xff\xe0\0\x10JFIF", MediaType.JPEG),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", MediaType.PNG),
        (b"RIFF\x24\0\0\0WEBPVP8 ", MediaType.WEBP),
        (b"II*\0\x08\0\0\0", MediaType.TIFF),
        (b"MM\0*\0\0\0\x08", MediaType.TIFF),
        (b"%PDF-1.7\n", MediaType.PDF),
        (b"\r\n\r\n%PDF-1.4", MediaType.PDF),
        (b"\0" * 128 + b"DICM\x02\0", MediaType.DICOM),
        (ftyp(b"heic", b"mif1", b"heic"), MediaType.HEIC),
        (ftyp(b"mif1", b"mif1", b"heic"), MediaType.HEIC),
        (ftyp(b"mif1", b"mif1", b"miaf"), MediaType.HEIF),
        (ftyp(b"mif1", b"avif", b"mif1"), MediaType.AVIF),
        (ftyp(b"avif", b"mif1"), MediaType.AVIF),
        (ftyp(b"avis", b"avif", b"msf1"), None),
        (ftyp(b"hevc", b"msf1"), None),
        (ftyp(b"isom", b"mp42"), None),
        (ftyp(b"qt  "), None),
        (b"GIF89a\x01\0\x01\0", None),
        (b"RIFF\x24\0\0\0WAVEfmt ", None),
        (b"PK\x03\x04", None),
        (b"<svg xmlns=", None),
        (b"\xff\xd8", None),
        (b"", None),
    ],
)
def test_the_bytes_alone_tell_the_kind(data: bytes, expected: MediaType | None) -> None:
    assert media_type(data) is expected


@given(st.binary(max_size=PREFIX))
def test_no_bytes_can_make_it_fail(data: bytes) -> None:
    assert media_type(data) is None or isinstance(media_type(data), MediaType)


@given(st.binary(max_size=64), st.binary(max_size=64))
def test_only_the_beginning_decides(start: bytes, end: bytes) -> None:
    assert media_type(start.ljust(PREFIX, b"\0") + end) is media_type(start.ljust(PREFIX, b"\0"))


@pytest.mark.parametrize("more", [[], [Image.new("L", (9, 9))]])
@pytest.mark.parametrize("big", [False, True])
def test_a_tiff_of_one_picture_is_told_from_one_of_several(more: list[Image.Image], big: bool) -> None:
    tiff = encoded(Image.new("L", (9, 9)), "TIFF", save_all=True, append_images=more, big_tiff=big)
    assert media_type(tiff) is MediaType.TIFF
    assert holds_several(tiff) is bool(more)


@pytest.mark.parametrize("following", [0xFFFFFFF0, 0x7FFF, 1])
def test_a_tiff_that_points_to_nothing_is_kept(following: int) -> None:
    """What was damaged on its way is filed as it came; only what says more than one picture is refused."""
    tiff = bytearray(encoded(Image.new("L", (9, 9)), "TIFF"))
    first = int.from_bytes(tiff[4:8], "little")
    after = first + 2 + 12 * int.from_bytes(tiff[first : first + 2], "little")
    tiff[after : after + 4] = following.to_bytes(4, "little")
    assert not holds_several(bytes(tiff))


def test_a_tiff_that_lists_a_million_things_is_read_no_further_than_one_of_a_thousand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is asked of bytes that nobody has confined: what it costs must not grow with what a file says."""
    steps: list[int] = []
    counted = Tiff.number

    def number(self: Tiff, at: int, size: int) -> int:
        steps.append(at)
        return counted(self, at, size)

    monkeypatch.setattr(Tiff, "number", number)

    def listing(many: int) -> int:
        steps.clear()
        entries = b"".join(struct.pack("<HHII", tag, 4, many, 100) for tag in (254, 256, 257, 262, 330))
        holds_several(b"II*\0\x08\0\0\0" + struct.pack("<H", 5) + entries + bytes(4 * many + 200))
        return len(steps)

    assert abs(listing(1 << 20) - listing(1 << 10)) < 100


@given(st.binary(max_size=64))
def test_no_tiff_can_make_it_fail(rest: bytes) -> None:
    assert holds_several(b"II*\0" + rest) in {True, False}
