"""Only a JPEG that carries nothing but its picture passes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.imaging.jpeg_segments import size_of_plain
from tests.photos import corners, encoded, small

PLAIN = encoded(corners())


def with_segment(marker: int, body: bytes) -> bytes:
    return PLAIN[:2] + bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body + PLAIN[2:]


def test_a_plain_one_passes_and_tells_its_size() -> None:
    assert size_of_plain(PLAIN) == (48, 32)
    assert size_of_plain(encoded(corners(), progressive=True)) == (48, 32)
    assert size_of_plain(encoded(Image.new("L", (9, 7)))) == (9, 7)
    assert size_of_plain(encoded(corners((200, 200)), restart_marker_rows=1)) == (200, 200)


@pytest.mark.parametrize("marker", [0xFE, *range(0xE1, 0xF0)])
def test_every_segment_that_could_carry_a_message_is_refused(marker: int) -> None:
    with pytest.raises(ValueError, match="more than a picture"):
        size_of_plain(with_segment(marker, b"home address"))


@pytest.mark.parametrize(
    "data",
    [
        small(),
        with_segment(0xE0, b"JFIF\0\1\2\0\0\1\0\1\1\1\xff\xff\xff"),  # a JFIF thumbnail of one pixel
        with_segment(0xE0, b"JFXX\0\x10".ljust(14)),
        PLAIN + b"\0",
        PLAIN + PLAIN,
        PLAIN[:-2],
        PLAIN[:-1],
        PLAIN[:2] + PLAIN[-2:],
        PLAIN[:20],
        b"",
        b"\x89PNG",
    ],
)
def test_metadata_trailers_second_pictures_and_fragments_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        size_of_plain(data)


@given(st.integers(0, len(PLAIN) - 1), st.integers(0, 255))
def test_a_changed_byte_is_judged_or_refused_and_never_crashes(at: int, value: int) -> None:
    changed = PLAIN[:at] + bytes([value]) + PLAIN[at + 1 :]
    try:
        size_of_plain(changed)
    except ValueError as refused:
        assert str(refused)
