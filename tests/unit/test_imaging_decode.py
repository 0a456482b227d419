"""What is made for looking at is upright, in true colours, and nothing but pixels."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from bot.domain.formats import MediaType, media_type
from bot.imaging import pixels, render
from bot.imaging.child_protocol import Reason, Unviewable
from bot.imaging.jpeg_segments import size_of_plain
from bot.imaging.read import read
from tests.corpus.heifs import HEIC
from tests.photos import (
    CAMERA,
    COMMENT,
    TAKEN,
    corners,
    encoded,
    profile_with_red_and_green_exchanged,
    sample_photo,
    small,
)


def rendition(data: bytes, longest_side: int) -> tuple[bytes, int, int]:
    return render.rendition(read(data), longest_side)


def shown(data: bytes, longest_side: int = 256) -> Image.Image:
    jpeg, width, height = rendition(data, longest_side)
    assert size_of_plain(jpeg) == (width, height)
    picture = Image.open(BytesIO(jpeg))
    picture.load()
    return picture


def pixel(picture: Image.Image, x: int, y: int) -> tuple[int, int, int]:
    red, green, blue = picture.convert("RGB").getpixel((x, y))  # type: ignore[misc]  # three bands
    return red, green, blue


def close(seen: tuple[int, int, int], wanted: tuple[int, int, int]) -> bool:
    return all(abs(a - b) < 30 for a, b in zip(seen, wanted, strict=True))


def refusal(data: bytes) -> Reason:
    with pytest.raises(Unviewable) as caught:
        rendition(data, 256)
    return caught.value.reason


def test_the_sample_is_what_a_phone_would_send() -> None:
    photo = sample_photo()
    assert media_type(photo) is MediaType.JPEG
    assert 2_500_000 < len(photo) < 3_500_000
    for secret in (*CAMERA, TAKEN, COMMENT, b"PX-0042-7781"):
        assert secret in photo
    opened = Image.open(BytesIO(photo))
    assert opened.getexif().get_ifd(0x8825)[2] == (33.0, 51.0, 24.5)
    assert photo.count(b"\xff\xd8\xff") == 2  # its own beginning and the thumbnail's


def test_the_sample_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    assert small(1) == small(1)
    assert small(1) != small(2)


def test_nothing_of_the_metadata_survives() -> None:
    jpeg, _, _ = rendition(small(), 128)
    for secret in (*CAMERA, TAKEN, COMMENT, b"Exif", b"ICC_PROFILE"):
        assert secret in small() or secret == b"ICC_PROFILE"
        assert secret not in jpeg
    size_of_plain(jpeg)


def test_xmp_comments_and_text_chunks_do_not_survive_either() -> None:
    xmp = encoded(corners(), xmp=b"<x:xmpmeta>home address</x:xmpmeta>", comment=b"home address")
    assert b"home address" in xmp
    assert b"home address" not in rendition(xmp, 64)[0]


def test_a_photo_stored_sideways_is_shown_upright() -> None:
    assert Image.open(BytesIO(small())).size == (200, 150)
    assert shown(small()).size == (150, 200)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_each_of_the_eight_orientations_is_made_upright(kind: str, orientation: int) -> None:
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = corners().transpose(back[orientation]) if orientation in back else corners()
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = shown(encoded(stored, kind, exif=exif, lossless=True, quality=100))
    assert picture.size == (48, 32)
    assert close(pixel(picture, 4, 4), (220, 30, 30))
    assert close(pixel(picture, 43, 4), (30, 200, 30))
    assert close(pixel(picture, 4, 27), (30, 30, 220))


def test_the_longest_side_is_kept_to_and_small_pictures_are_not_blown_up() -> None:
    assert shown(encoded(corners((600, 300))), 100).size == (100, 50)
    assert shown(encoded(corners((40, 30))), 100).size == (40, 30)
    assert shown(encoded(Image.new("RGB", (3000, 2))), 100).size == (100, 1)


def test_the_colour_profile_is_applied_not_dropped() -> None:
    red = Image.new("RGB", (32, 32), (200, 30, 30))
    meant = pixel(shown(encoded(red, icc_profile=profile_with_red_and_green_exchanged())), 16, 16)
    assert meant[1] > 150 > meant[0]


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_a_broken_colour_profile_or_broken_exif_does_not_hide_the_picture() -> None:
    assert close(pixel(shown(encoded(corners(), icc_profile=b"\0" * 200)), 4, 4), (220, 30, 30))
    assert shown(encoded(corners(), exif=b"Exif\0\0II*\0\xff\xff\xff\xff")).size == (48, 32)


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_grey_and_print_colours_are_shown_in_rgb(mode: str) -> None:
    assert close(pixel(shown(encoded(corners().convert(mode))), 24, 28), (255, 255, 255))


def test_transparency_is_shown_on_white() -> None:
    clear = Image.new("RGBA", (32, 32), (0, 0, 0, 0))
    assert pixel(shown(encoded(clear, "PNG")), 16, 16) == (255, 255, 255)
    palette = Image.new("P", (32, 32), 0)
    assert pixel(shown(encoded(palette, "PNG", transparency=0)), 16, 16) == (255, 255, 255)


def test_sixteen_bits_keep_their_brightness() -> None:
    assert close(pixel(shown(encoded(Image.new("I;16", (32, 32), 128 * 256), "PNG")), 16, 16), (128, 128, 128))


def test_a_second_picture_behind_a_phones_photo_is_neither_shown_nor_an_obstacle() -> None:
    photo, hidden = corners(), Image.new("RGB", (48, 32), "black")
    both = BytesIO()
    photo.save(both, "MPO", save_all=True, append_images=[hidden])
    picture = shown(both.getvalue())
    assert close(pixel(picture, 24, 28), (255, 255, 255))


def test_heic_is_turned_once_and_not_twice() -> None:
    """Its opener turns it; what EXIF still says must not turn it again."""
    picture = shown(HEIC)
    assert picture.size == (64, 96)
    assert close(pixel(picture, 60, 4), (220, 30, 30))  # stored top left, held to the right


@pytest.mark.parametrize(
    ("kind", "why"),
    [("WEBP", Reason.MOVING), ("PNG", Reason.MOVING), ("TIFF", Reason.SEVERAL)],
)
def test_several_pictures_in_one_file_are_refused(kind: str, why: Reason) -> None:
    moving = encoded(corners(), kind, save_all=True, append_images=[Image.new("RGB", (48, 32), "black")], duration=100)
    assert refusal(moving) is why


@pytest.mark.parametrize("kind", ["GIF", "BMP", "PPM", "ICO", "JPEG2000", "TGA"])
def test_formats_that_are_not_on_the_list_are_not_opened(kind: str) -> None:
    assert refusal(encoded(corners(), kind)) is Reason.NOT_SHOWN_HERE


def test_half_a_photo_is_damaged() -> None:
    assert refusal(small()[:20_000]) is Reason.DAMAGED
    assert refusal(b"") is Reason.NOT_SHOWN_HERE


def test_too_many_pixels_are_refused_before_any_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
    assert refusal(bomb) is Reason.TOO_MANY_PIXELS
    monkeypatch.setattr(pixels, "MAX_PIXELS", 48 * 32 - 1)
    assert refusal(encoded(corners())) is Reason.TOO_MANY_PIXELS
