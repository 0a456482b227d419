"""The pages of a PDF as pictures: what a reader saw, and nothing else (R19). Runs only in the confined child.

Drawn is each page inside its crop, with the layers that are on by default, annotations and filled-in forms. Not drawn are
words and pictures outside the crop or on layers that are off, scripts, attachments, and all that is said about the document. A
page goes out in whichever coding is smaller; black and white and few colours always without loss. A page that can't be drawn
whole, or on which a letter would be missing, fails the document: `Unviewable`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from typing import Any

import pypdfium2 as pdfium
from PIL import Image, ImageChops
from pypdfium2 import raw

from .child_protocol import Form, Reason, Unviewable
from .pdf_letters import check_letters
from .pdf_whole import Whole, whole
from .pdfium import POINTS_PER_INCH, drawn, hide_note, opened, page_at, wider_by_a_hair
from .picture_pdf import Sheet

MOST_PAGES = 500
MOST_PIXELS = 16_000_000  # of a page
LONGEST_SIDE = 16_000  # pixels
SHORTEST_SIDE = 1_200  # of the longer side: a page may call itself small, and hold a photo
USUAL = 200  # dots to the inch: 8-point letters and a fax stay readable
# Up to so many pages, a page is drawn this finely if a scan on it is so fine. A longer document is drawn more coarsely, to
# remain one file.
FINEST = ((10, 300), (60, USUAL), (MOST_PAGES, 150))
QUALITY = 90  # of a JPEG
LOOKED_AT_QUALITY = 85
FEW_COLOURS = 4096
_MOST_PICTURES = 200  # on a page, whose resolution is looked at
_ENOUGH_SECONDS, _ENOUGH_BYTES = 4.0, 12_000_000  # for one child; the next one goes on from there
_NEAR, _FILLS = 8, 2.0  # pixels, points: a scan this near to the size of its page is drawn dot by dot


def pages(data: bytes, first: int, most: int) -> tuple[int, list[Sheet]]:
    """Return how many pages there are, and the pictures of some from `first` on: at most `most`, and at least one."""
    with whole(data) as parts, opened(parts.as_one_reader_sees_it(data)) as document:
        count = counted(document, parts)
        return count, list(_pictures(document, parts, first, min(count, first + most)))


def counted(document: pdfium.PdfDocument, parts: Whole) -> int:
    """Return how many pages there are; raise `Unviewable` when they are not to be shown, whatever is on them."""
    count = len(document)
    if count < 1 or count != parts.count:
        raise Unviewable(Reason.DAMAGED)
    if count > MOST_PAGES:
        raise Unviewable(Reason.TOO_MANY_PAGES)
    if document.get_formtype() == raw.FORMTYPE_XFA_FULL:
        raise Unviewable(Reason.FOR_ONE_PROGRAM)
    if parts.is_collection:
        raise Unviewable(Reason.COLLECTION)
    return count


def first_page_jpeg(data: bytes, longest_side: int) -> tuple[bytes, int, int]:
    """Return the first page as a JPEG to look at, with its width and height.

    Neither side is longer than `longest_side` pixels.
    """
    with whole(data) as parts, opened(parts.as_one_reader_sees_it(data)) as document:
        counted(document, parts)
        page = _checked(document, parts, 0)
        across, down = page.get_size()
        scale = longest_side / max(across, down, 1)
        width, height = (min(longest_side, max(1, round(side * scale))) for side in (across, down))
        picture = drawn(document, page, width, height)
        _check_letters_of(page, document, 0)
        return _saved(picture, "JPEG", quality=LOOKED_AT_QUALITY, subsampling=0), width, height


def _pictures(document: pdfium.PdfDocument, parts: Whole, first: int, end: int) -> Iterator[Sheet]:
    began, size = time.process_time(), 0
    for number in range(first, end):
        if number > first and (time.process_time() - began > _ENOUGH_SECONDS or size > _ENOUGH_BYTES):
            return
        picture = _picture(document, parts, number)
        size += len(picture.data)
        yield picture


def _picture(document: pdfium.PdfDocument, parts: Whole, number: int) -> Sheet:
    page = _checked(document, parts, number)
    across, down = (side * parts.unit_of(number) for side in page.get_size())
    width, height, is_scan = _fineness(page, across, down, len(document))
    if is_scan:
        page = wider_by_a_hair(document, page, number)
    form, data = coded(drawn(document, page, width, height))
    _check_letters_of(page, document, number)
    return Sheet(form, data, width, height, across, down)


def _checked(document: pdfium.PdfDocument, parts: Whole, number: int) -> pdfium.PdfPage:
    """Return a page that is there with all its parts; hide the notes that nobody sees."""
    parts.check_page(number)
    page = page_at(document, number)
    if min(page.get_size()) <= 0:  # its crop lies beside it
        raise Unviewable(Reason.DAMAGED)
    for unseen in parts.unseen_notes(number):
        hide_note(page, unseen)
    return page


def _check_letters_of(page: pdfium.PdfPage, document: pdfium.PdfDocument, number: int) -> None:
    """Check the letters after the page was drawn: notes and fields become part of it, so that theirs are checked too."""
    if raw.FPDFPage_GetAnnotCount(page):
        raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
        page.close()
        page = page_at(document, number)
    check_letters(page)
    page.close()


# ---- how fine


def _fineness(page: pdfium.PdfPage, across: float, down: float, count: int) -> tuple[int, int, bool]:
    """Return width and height in pixels, and whether these are the dots of a scan that fills the page."""
    pictures = list(_on(page))
    finest = next(dots for most, dots in FINEST if count <= most)
    dots = min(finest, max(USUAL, *(max(picture.horizontal_dpi, picture.vertical_dpi) for picture in pictures), 0))
    scale = max(dots / POINTS_PER_INCH, SHORTEST_SIDE / max(across, down, 1))
    scale = min(scale, (MOST_PIXELS / max(across * down, 1)) ** 0.5, LONGEST_SIDE / max(across, down, 1))
    width, height = max(1, round(across * scale)), max(1, round(down * scale))
    scan = _filling(page, pictures[0]) if len(pictures) == 1 else None
    if scan is not None:
        is_near = abs(scan[0] - width) <= _NEAR and abs(scan[1] - height) <= _NEAR
        # Black and white takes little room, so that even a long document keeps every dot.
        if is_near or (pictures[0].bits_per_pixel == 1 and scan[0] * scan[1] <= MOST_PIXELS):
            return *scan, True
    return width, height, False


def _on(page: pdfium.PdfPage) -> Iterator[Any]:
    """Yield the metadata of each picture on a page: its size, and how many dots to the inch it has."""
    with suppress(pdfium.PdfiumError):
        for number, thing in enumerate(page.get_objects([raw.FPDF_PAGEOBJ_IMAGE], max_depth=3)):
            if number == _MOST_PICTURES:
                return
            yield thing.get_metadata()


def _filling(page: pdfium.PdfPage, scan: Any) -> tuple[int, int] | None:
    """Return how many dots a scan has across and down, if it fills the page; with square dots, as a phone shows them."""
    if min(scan.horizontal_dpi, scan.vertical_dpi) <= 0:
        return None
    size = [(scan.width, scan.horizontal_dpi), (scan.height, scan.vertical_dpi)]
    finest = max(scan.horizontal_dpi, scan.vertical_dpi)
    for sides in (size, size[::-1]):  # or turned
        points = [dots / dpi * POINTS_PER_INCH for dots, dpi in sides]
        if all(abs(a - b) <= _FILLS for a, b in zip(points, page.get_size(), strict=True)):
            across, down = (dots * max(1, round(finest / dpi)) for dots, dpi in sides)
            return across, down
    return None


# ---- which coding


def coded(picture: Image.Image) -> tuple[Form, bytes]:
    """Return the picture as PNG where it has few colours and that is smaller, else as JPEG; black and white always as PNG."""
    red, green, blue = picture.split()
    is_grey = not ImageChops.difference(red, green).getbbox() and not ImageChops.difference(green, blue).getbbox()
    if is_grey and not any(red.histogram()[1:255]):
        return Form.PNG, _saved(red.convert("1", dither=Image.Dither.NONE), "PNG", compress_level=9)
    jpeg = _saved(picture, "JPEG", quality=QUALITY, subsampling=0)  # full colour resolution, as for photos
    if not is_grey and picture.getcolors(FEW_COLOURS) is None:
        return Form.JPEG, jpeg
    png = _saved(red if is_grey else picture, "PNG", compress_level=6)
    return (Form.PNG, png) if len(png) <= len(jpeg) else (Form.JPEG, jpeg)


def _saved(picture: Image.Image, kind: str, **options: int) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()
