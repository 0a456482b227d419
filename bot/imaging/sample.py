"""A made-up clinical photo, for the demo and the tests: a rash on a forearm, as a phone would have taken it.

Guarantees: it is nobody's picture (it is drawn from numbers); the same seed gives the same bytes; it carries everything that a
phone adds and that must never leave the practice: EXIF with make, model and date, a GPS position, a thumbnail, a comment.
Deliberately never used on pictures that people sent.
"""

from __future__ import annotations

import math
import random
from io import BytesIO

import piexif
from PIL import Image, ImageChops, ImageDraw, ImageFilter

CAMERA = (b"Pomelo", b"Pomelo 11")
TAKEN = b"2026:03:02 07:41:16"
PLACE = ((33, 51, 2450), (151, 13, 1850))  # open water in Sydney Harbour: nobody's home
COMMENT = b"IMG_4211 from my phone"


def sample_photo(seed: int = 1, megapixels: float = 3.0) -> bytes:
    """Return a JPEG of about one megabyte per megapixel, stored sideways with an EXIF orientation, as phones do."""
    height = round(math.sqrt(megapixels * 1_000_000 * 4 / 3))
    photo = _forearm(random.Random(seed), (height * 3 // 4, height))  # noqa: S311 - a picture, not a secret
    sideways = photo.transpose(Image.Transpose.ROTATE_90)
    out = BytesIO()
    sideways.save(out, "JPEG", quality=97, subsampling=0, exif=_exif(sideways), comment=COMMENT, dpi=(72, 72))
    return out.getvalue()


def _forearm(dice: random.Random, size: tuple[int, int]) -> Image.Image:
    """Return skin across a bed sheet, lit from the left, with a patchy red rash in the middle."""
    width, height = size
    sheet = _tinted(_clouds(dice, size, 5), (176, 190, 200), (214, 222, 226))
    skin = _tinted(_clouds(dice, size, 9), (198, 146, 118), (228, 182, 154))
    skin = _tinted_where(skin, _blotches(dice, size), (188, 62, 58))
    picture = Image.composite(skin, sheet, _arm(size))
    lit = Image.linear_gradient("L").rotate(90).resize(size).point(lambda v: 255 - v // 3)
    picture = ImageChops.multiply(picture, Image.merge("RGB", (lit, lit, lit)))
    grain = Image.frombytes("RGB", size, dice.randbytes(width * height * 3))
    return Image.blend(picture.filter(ImageFilter.GaussianBlur(max(1, width // 1200))), grain, 0.07)


def _arm(size: tuple[int, int]) -> Image.Image:
    """Return where the forearm lies: a tapering band with a soft edge."""
    width, height = size
    mask = Image.new("L", size, 0)
    outline = [(0.18, -0.05), (0.86, -0.05), (0.80, 0.5), (0.70, 1.05), (0.30, 1.05), (0.20, 0.5)]
    ImageDraw.Draw(mask).polygon([(x * width, y * height) for x, y in outline], fill=255)
    return mask.filter(ImageFilter.GaussianBlur(width / 140))


def _blotches(dice: random.Random, size: tuple[int, int]) -> Image.Image:
    """Return how red the skin is: many small spots, denser in the middle, with ragged edges."""
    width, height = size
    spots = Image.new("L", size, 0)
    pen = ImageDraw.Draw(spots)
    for _ in range(170):
        x, y = dice.gauss(0.5, 0.11) * width, dice.gauss(0.48, 0.15) * height
        across = abs(dice.gauss(0.016, 0.012)) * width + width / 250
        tall = across * dice.uniform(0.6, 1.3)
        pen.ellipse((x - across, y - tall, x + across, y + tall), fill=dice.randint(110, 215))
    ragged = ImageChops.multiply(spots.filter(ImageFilter.GaussianBlur(width / 130)), _clouds(dice, size, 24))
    return ragged.point(lambda v: min(255, v * 3 // 2))


def _clouds(dice: random.Random, size: tuple[int, int], cells: int) -> Image.Image:
    """Return smooth noise of three octaves, the coarsest with about `cells` cells across."""
    layers = []
    for octave in range(3):
        across = cells * 3**octave
        grid = (across, across * 4 // 3)
        noise = Image.frombytes("L", grid, dice.randbytes(grid[0] * grid[1]))
        layers.append(noise.resize(size, Image.Resampling.BICUBIC))
    return Image.blend(Image.blend(layers[0], layers[1], 0.4), layers[2], 0.3)


def _tinted(shade: Image.Image, dark: tuple[int, int, int], light: tuple[int, int, int]) -> Image.Image:
    bands = [
        shade.point([low + (high - low) * v // 255 for v in range(256)]) for low, high in zip(dark, light, strict=True)
    ]
    return Image.merge("RGB", bands)


def _tinted_where(picture: Image.Image, strength: Image.Image, colour: tuple[int, int, int]) -> Image.Image:
    return Image.composite(Image.new("RGB", picture.size, colour), picture, strength)


def _exif(sideways: Image.Image) -> bytes:
    small = sideways.copy()
    small.thumbnail((160, 120))
    thumbnail = BytesIO()
    small.save(thumbnail, "JPEG", quality=70)
    (lat_deg, lat_min, lat_sec), (lon_deg, lon_min, lon_sec) = PLACE
    written: bytes = piexif.dump(
        {
            "0th": {
                piexif.ImageIFD.Make: CAMERA[0],
                piexif.ImageIFD.Model: CAMERA[1],
                piexif.ImageIFD.Orientation: 6,
                piexif.ImageIFD.DateTime: TAKEN,
                piexif.ImageIFD.Software: b"19.2",
            },
            "Exif": {
                piexif.ExifIFD.DateTimeOriginal: TAKEN,
                piexif.ExifIFD.ExposureTime: (1, 60),
                piexif.ExifIFD.FNumber: (18, 10),
                piexif.ExifIFD.ISOSpeedRatings: 250,
                piexif.ExifIFD.BodySerialNumber: b"PX-0042-7781",
            },
            "GPS": {
                piexif.GPSIFD.GPSLatitudeRef: b"S",
                piexif.GPSIFD.GPSLatitude: ((lat_deg, 1), (lat_min, 1), (lat_sec, 100)),
                piexif.GPSIFD.GPSLongitudeRef: b"E",
                piexif.GPSIFD.GPSLongitude: ((lon_deg, 1), (lon_min, 1), (lon_sec, 100)),
            },
            "1st": {piexif.ImageIFD.Compression: 6},
            "thumbnail": thumbnail.getvalue(),
        }
    )
    return written
