"""What an untrusted file is and what it carries, as JSON (`bot.domain.screening`). Runs only in the confined child.

Viewable means that it was shown and copied here, by the functions that will show and copy it. Metadata and pixels are looked at
separately: odd metadata hides no good picture, and a damaged picture still tells what came with it. Quality is guessed on what is
shown, exposure first, because a dark picture also measures as blurred.
Deliberately reports that a place is told, never which; and of all the rest only time, device and software.
"""

from __future__ import annotations

import json
import warnings
from base64 import b64encode
from contextlib import suppress
from dataclasses import replace
from io import BytesIO

from PIL import AvifImagePlugin, ExifTags, Image, ImageFile, ImageFilter, ImageStat, MpoImagePlugin

from bot.domain.formats import MediaType, media_type
from bot.domain.screening import SMALL_SIDE, Also, Findings, Hint

from . import png_chunks
from .carried import Part, parts, tells_a_place
from .child_protocol import WHY, Reason, Unviewable, largest_copy
from .dicom_header import Header, header
from .document_survey import of_document
from .pixels import PLUGINS, encoded
from .read import read
from .render import copy, render, scaled
from .short import short

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF")
ASKED = (*PLUGINS, AvifImagePlugin, MpoImagePlugin)  # imported for their effect, before the child is confined
MOST_FRAMES = 10_000
SMALL_QUALITY = 75  # of the thumbnail

PROXY = 1000  # pixels, the longer side of the picture on which quality is guessed
DARK, BRIGHT = 45, 215  # of 255: nearly everything is darker, nearly everything is brighter
SHARP = 4  # variance of the Laplacian on the proxy; low, since smooth skin in focus is no fault
FEW_PIXELS = 500_000
COLOURLESS, BLACK = 4, 50  # of 255: how far from grey, and spread, in mean; what counts as black

_LAPLACIAN = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)


def survey(data: bytes) -> bytes:
    """Return the findings about a file, whatever it is.

    Remarks of libraries, often in the file's own words, are dropped.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return json.dumps(_found(data).as_json()).encode()


def _found(data: bytes) -> Findings:
    kind = media_type(data)
    found = Findings(format=kind.name if kind else "")
    if kind is MediaType.PDF:
        found = of_document(data, found)
    elif kind in (None, MediaType.DICOM):
        found = replace(found, viewable=False, why=WHY[Reason.NOT_SHOWN_HERE])
        with suppress(Exception):  # its reader raises whatever it likes
            found = _with_header(header(data), found)
    else:
        found = _picture(data, found)
    return found


def _with_header(told: Header, found: Findings) -> Findings:
    return replace(
        found,
        width=told.width,
        height=told.height,
        frames=told.frames,
        camera=short(told.device),
        taken=short(told.taken),
        software=short(told.software),
        also=(Also.PATIENT,) if told.names_a_patient else (),
    )


def _picture(data: bytes, found: Findings) -> Findings:
    with suppress(Exception):  # odd metadata must not hide a good picture
        found = _of_the_header(data, found)
    found = _of_the_file(data, found)
    try:
        picture = read(data)
        shown = render(picture, PROXY)
        if len(copy(picture).data) > largest_copy(len(data)):
            raise Unviewable(Reason.REFUSED)
    except Unviewable as refused:
        if refused.reason is Reason.RAW:  # the header told the size of its stand-in
            found = replace(found, width=0, height=0)
        return replace(found, viewable=False, why=WHY[refused.reason])
    return replace(
        found,
        width=picture.width,
        height=picture.height,
        frames=picture.pictures,
        orientation=picture.orientation,
        hints=_quality(shown, picture.width * picture.height),
        small=b64encode(encoded(scaled(shown, SMALL_SIDE), SMALL_QUALITY)).decode(),
    )


# ---- metadata


def _of_the_header(data: bytes, found: Findings) -> Findings:
    """Add what decoders tell of a file without decoding it: also how many frames of which size it has when it isn't shown."""
    with Image.open(BytesIO(data), formats=FORMATS) as opened:
        found = replace(found, width=opened.width, height=opened.height, frames=_frames(opened))
        exif = opened.getexif() if opened.format != "PNG" else _of_a_png(data)
        detail, place = exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.GPSInfo)
        small = exif.get_ifd(ExifTags.IFD.IFD1)
        also = [Also.SERIAL] if {0xA431, 0xA435, 0xA430, 0xC62F} & detail.keys() else []
        also += [Also.AUTHOR] if {0x013B, 0x9C9D} & exif.keys() else []
        also += [Also.COMMENT] if {0x9286} & detail.keys() or {0x010E, 0x9C9B, 0x9C9C} & exif.keys() else []
        also += [Also.OTHER] if 0x927C in detail else []  # the maker's note
        also += [Also.XMP] if opened.info.get("xmp") else []
        also += [Also.PROFILE] if opened.info.get("icc_profile") else []
        make, model = short(exif.get(0x010F)), short(exif.get(0x0110))
    return replace(
        found,
        camera=short(model if model.startswith(make) else f"{make} {model}"),
        taken=short(detail.get(0x9003) or detail.get(0x9004) or exif.get(0x0132)),
        software=short(exif.get(0x0131)),
        place=bool(place.keys() - {0}),
        thumbnail=bool({0x0201, 0x0111} & small.keys()),
        also=tuple(also),
    )


def _frames(opened: ImageFile.ImageFile) -> int:
    """Return how many pictures move, or follow each other; the maps beside a photo don't count."""
    return 1 if opened.format in ("MPO", "HEIF") else min(getattr(opened, "n_frames", 1), MOST_FRAMES)


def _of_a_png(data: bytes) -> Image.Exif:
    """Read a PNG's EXIF without Pillow.

    To answer, Pillow would decode the picture, and report damage that it forgets afterwards.
    """
    exif = Image.Exif()
    exif.load(png_chunks.stripped(data).exif)
    return exif


def _of_the_file(data: bytes, found: Findings) -> Findings:
    """Add what stands in the file beside what decoders tell of: they read one block of EXIF, and none behind the picture."""
    also, trailing, place = list(found.also), 0, found.place
    with suppress(ValueError):
        for what, body in parts(data):
            place = place or tells_a_place(body)
            if what is Part.BEHIND:
                trailing = len(body)
            elif isinstance(what, Also):
                also.append(what)
    return replace(found, also=tuple(dict.fromkeys(also)), trailing=trailing, place=place)


# ---- quality


def _quality(shown: Image.Image, pixels: int) -> tuple[Hint, ...]:
    """Return hints guessed on what is shown; `pixels` is how many the whole picture has."""
    grey = shown.convert("L")
    hints = []
    if _share(grey, 0, DARK) > 0.95:
        hints.append(Hint.DARK)
    elif _share(grey, BRIGHT, 256) > 0.99:
        hints.append(Hint.BRIGHT)
    elif min(grey.size) >= 16 and _sharpness(grey) < SHARP:
        hints.append(Hint.BLURRED)
    if pixels < FEW_PIXELS:
        hints.append(Hint.SMALL)
    if Hint.DARK not in hints and _looks_secondary(shown, grey):
        hints.append(Hint.SECONDARY)
    return tuple(hints)


def _looks_secondary(opened: Image.Image, grey: Image.Image) -> bool:
    """Return whether it looks like a film on a light box or a viewer's screen.

    These are without colour and largely black, which skin hardly ever is.
    """
    colours = ImageStat.Stat(opened.convert("RGB").resize((64, 64)).convert("YCbCr"))
    off_grey = max(*(abs(mean - 128) for mean in colours.mean[1:]), *colours.stddev[1:])
    return off_grey < COLOURLESS and _share(grey, 0, BLACK) > 0.25


def _sharpness(grey: Image.Image) -> float:
    edges = grey.filter(_LAPLACIAN).crop((1, 1, grey.width - 1, grey.height - 1))  # the rim is not filtered
    return float(ImageStat.Stat(edges).var[0])


def _share(grey: Image.Image, low: int, high: int) -> float:
    counts = grey.histogram()
    return sum(counts[low:high]) / max(1, sum(counts))
