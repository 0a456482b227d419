"""Copies that leave: the same pixels where they can be kept, true colours where not, and nothing of the original's else."""

from __future__ import annotations

import zlib
from io import BytesIO

import piexif
import pytest
import simplejpeg
from PIL import Image, ImageCms

from bot.domain.terms import Terms
from bot.imaging import jpeg_segments, png_chunks, png_rows
from bot.imaging.child_protocol import Form, Reason, Unviewable
from bot.imaging.colour import Space, profile_of, recognised
from bot.imaging.read import read
from bot.imaging.render import RenderedCopy, copy
from bot.imaging.terms_in_exif import exif_of
from tests.corpus.heifs import HEIC
from tests.corpus.jpegs import ICC, bases, carried, segment, with_segments
from tests.corpus.pngs import profile, raw, with_chunks
from tests.corpus.specimen import MARKER, exif
from tests.photos import corners, encoded, profile_with_red_and_green_exchanged, sample_photo, small

JPEG = bases()["colour"]


def pixels(jpeg: bytes) -> bytes:
    """By a decoder that shares no code of ours, and none of Pillow's."""
    return bytes(simplejpeg.decode_jpeg(jpeg, colorspace="RGB").tobytes())


def copied(data: bytes) -> RenderedCopy:
    return copy(read(data))


def refusal(data: bytes) -> Reason:
    with pytest.raises(Unviewable) as caught:
        copied(data)
    return caught.value.reason


@pytest.mark.parametrize("base", [name for name in bases() if name != "cmyk"])
def test_a_jpeg_keeps_its_pixels_and_loses_all_else(base: str) -> None:
    whole = (
        with_segments(bases()[base], *(one for name, one in carried().items() if name != "unknown profile")) + MARKER
    )
    made = copied(whole)
    assert made.form is Form.JPEG
    assert MARKER in whole and MARKER not in made.data
    assert pixels(made.data) == pixels(whole)


def test_a_phones_photo_keeps_its_pixels() -> None:
    photo = sample_photo(2, 1)
    made = copied(photo)
    assert pixels(made.data) == pixels(photo)
    assert made.orientation == 6
    jpeg_segments.size_of_plain(made.data, besides=jpeg_segments.OURS)


@pytest.mark.parametrize("space", list(Space))
def test_a_known_colour_space_is_kept_in_a_profile_of_our_own(space: Space) -> None:
    theirs = profile_of(space) + MARKER
    made = copied(with_segments(JPEG, segment(0xE2, ICC + theirs)))
    assert pixels(made.data) == pixels(JPEG)
    kept = Image.open(BytesIO(made.data)).info.get("icc_profile")
    assert kept == (None if space is Space.SRGB else profile_of(space))  # without a profile it is sRGB


def test_an_unknown_profile_is_applied_and_gone() -> None:
    red = encoded(Image.new("RGB", (32, 32), (200, 30, 30)), icc_profile=profile_with_red_and_green_exchanged())
    made = copied(red)
    seen = Image.open(BytesIO(made.data))
    assert "icc_profile" not in seen.info
    left, middle, _ = seen.getpixel((16, 16))  # type: ignore[misc]  # three bands
    assert middle > 150 > left


@pytest.mark.parametrize("beside", [(b"PLTE", (MARKER * 48)[: 3 * 190]), (b"tRNS", MARKER)])
def test_a_palette_or_transparency_that_nothing_is_drawn_with_is_gone(beside: tuple[bytes, bytes]) -> None:
    png = encoded(corners(), "PNG")
    made = copied(with_chunks(png, png_chunks.made(*beside)))
    assert made.form is Form.PNG and MARKER not in made.data
    assert Image.open(BytesIO(made.data)).tobytes() == Image.open(BytesIO(png)).tobytes()
    with pytest.raises(ValueError, match="more than a picture"):
        png_chunks.size_of_plain(with_chunks(made.data, png_chunks.made(*beside)))


@pytest.mark.parametrize(("colour", "depth"), [(0, 1), (0, 16), (2, 8), (2, 16), (4, 16), (6, 16)])
def test_a_png_keeps_every_bit_of_its_depth(colour: int, depth: int) -> None:
    png = raw(17, 9, depth, colour)
    made = copied(with_chunks(png, png_chunks.made(b"tEXt", b"Comment\0" + MARKER)) + MARKER)
    assert made.form is Form.PNG
    assert made.data == png


def test_what_rides_behind_the_pixels_of_a_png_does_not_leave() -> None:
    """A cropped screenshot once leaked what was cut away."""
    for whole in (raw(17, 9, 8, 2, tail=b"rest of the picture"), raw(17, 9, 8, 2, tail=bytes(3_000_000))):
        made = copied(whole)
        assert made.form is Form.JPEG and len(made.data) < 3000


def test_a_png_whose_checks_were_dropped_would_leak() -> None:
    """The check above can fail: without it the rest would have left."""
    whole = raw(17, 9, 8, 2, tail=MARKER)
    body = next(chunk.body for chunk in png_chunks.chunks(png_chunks.stripped(whole).data) if chunk.name == b"IDAT")
    assert MARKER in zlib.decompress(body)


def test_an_interlaced_png_is_told_its_true_length() -> None:
    picture = corners((13, 11))
    whole = BytesIO()
    picture.save(whole, "PNG")
    assert png_rows.bytes_of_picture(whole.getvalue()) == 11 * (1 + 13 * 3)
    header = png_chunks.made(b"IHDR", b"\0\0\0\x0d\0\0\0\x0b\x08\x02\0\0\1")
    # Seven passes: 2x2, 2x2 (right half: 1), and so on, each row with its filter byte.
    assert png_rows.bytes_of_picture(png_chunks.SIGNATURE + header + png_chunks.made(b"IEND", b"")) == sum(
        down * (1 + across * 3) for across, down in ((2, 2), (2, 2), (4, 1), (3, 3), (7, 3), (6, 6), (13, 5))
    )


@pytest.mark.parametrize("space", [Space.DISPLAY_P3, Space.ADOBE_RGB, Space.SRGB])
def test_a_png_in_a_known_space_stays_in_it(space: Space) -> None:
    made = copied(with_chunks(encoded(corners(), "PNG"), profile(profile_of(space) + MARKER)))
    assert made.form is Form.PNG and MARKER not in made.data
    kept = Image.open(BytesIO(made.data))
    assert kept.info.get("icc_profile") == (None if space is Space.SRGB else profile_of(space))
    assert kept.tobytes() == corners().tobytes()


@pytest.mark.parametrize("kind", ["WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_other_kinds_leave_as_upright_jpegs(kind: str, orientation: int) -> None:
    block = Image.Exif()
    block[0x0112], block[0x010F] = orientation, MARKER.decode()
    made = copied(encoded(corners(), kind, exif=block))
    assert (made.form, made.orientation) == (Form.JPEG, 1)
    assert (made.width, made.height) == ((48, 32) if orientation < 5 else (32, 48))
    assert MARKER not in made.data
    jpeg_segments.size_of_plain(made.data)


def test_heic_leaves_as_a_jpeg() -> None:
    made = copied(HEIC)
    assert (made.form, made.width, made.height) == (Form.JPEG, 64, 96)
    for secret in (b"Pomelo", b"PX-0042", b"planted"):
        assert secret in HEIC and secret not in made.data


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (small()[:20_000], Reason.DAMAGED),
        (b"GIF89a", Reason.NOT_SHOWN_HERE),
        (bytes(128) + b"DICM", Reason.NOT_SHOWN_HERE),
        (
            encoded(corners(), "PNG", save_all=True, append_images=[Image.new("RGB", (48, 32))], duration=9),
            Reason.MOVING,
        ),
    ],
)
def test_what_cannot_be_decoded_has_no_copy(data: bytes, reason: Reason) -> None:
    assert refusal(data) is reason


# ---- our own block


TERMS = Terms("IMG-7F3K", "Hill Street: für “teaching” only – don’t pass on")


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_copy_says_its_terms_and_how_to_hold_it_and_no_more(orientation: int) -> None:
    jpeg = jpeg_segments.with_exif(copied(JPEG).data, exif_of(TERMS, orientation))
    assert piexif.load(jpeg)["0th"] == {
        piexif.ImageIFD.ImageDescription: b"IMG-7F3K",
        piexif.ImageIFD.Orientation: orientation,
        piexif.ImageIFD.Copyright: b'Hill Street: fur "teaching" only - don\'t pass on',
    }
    assert pixels(jpeg) == pixels(JPEG)
    png = png_chunks.with_exif(copied(encoded(corners(), "PNG")).data, exif_of(TERMS, 1).removeprefix(b"Exif\0\0"))
    assert Image.open(BytesIO(png)).getexif()[0x8298].startswith("Hill Street")


# ---- colours


def test_the_profiles_we_write_mean_what_they_say() -> None:
    """Judged by Little CMS: the reddest red of each space, as sRGB sees it, and grey that stays grey."""
    srgb = ImageCms.createProfile("sRGB")
    for space in Space:
        ours = ImageCms.ImageCmsProfile(BytesIO(profile_of(space)))
        swatch = Image.new("RGB", (1, 1), (128, 128, 128))
        grey = ImageCms.profileToProfile(swatch, ours, srgb, outputMode="RGB")
        assert grey is not None
        assert max(abs(value - 128) for value in grey.getpixel((0, 0))) <= 3  # type: ignore[union-attr]  # three bands
        assert recognised(profile_of(space)) is space
    p3 = ImageCms.ImageCmsProfile(BytesIO(profile_of(Space.DISPLAY_P3)))
    muted = ImageCms.profileToProfile(Image.new("RGB", (1, 1), (200, 100, 100)), p3, srgb, outputMode="RGB")
    assert muted is not None
    red, green, _ = muted.getpixel((0, 0))  # type: ignore[misc]  # three bands
    assert red > 205 and green < 98  # the same number is a stronger red in the wider space


def test_a_space_is_recognised_by_what_it_computes_not_by_its_name() -> None:
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert recognised(made) is Space.SRGB
    assert recognised(profile_with_red_and_green_exchanged()) is None
    for broken in (b"", made[:50], made[:140], b"\0" * 500, made[:128] + b"\xff" * 300):
        assert recognised(broken) is None


def test_the_marker_is_in_every_place_the_tests_believe_it_is() -> None:
    assert exif().count(MARKER) >= 6
    for name, one in carried().items():
        assert MARKER in one or name in {"padding"}, name
