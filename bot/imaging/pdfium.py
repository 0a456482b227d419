"""The library that draws pages of PDFs, pdfium, as little of it as is needed. Used only in the confined child.

Guarantees, once this is imported: no font of the machine is used, so that the same file looks the same everywhere; scripts are
never run (the library is built without them); nothing is read but the bytes given.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2 as pdfium
from PIL import Image
from pypdfium2 import raw

from .child_protocol import Reason, Unviewable

POINTS_PER_INCH = 72
_HAIR = 0.005  # points
_LETTERS = ctypes.POINTER(ctypes.c_char)


def _without_fonts_of_the_machine() -> None:
    """Load the library anew with an empty list of font folders.

    No file can be opened later, and a font found now would be lost then.
    """
    raw.FPDF_DestroyLibrary()
    no_folders = (_LETTERS * 1)()
    raw.FPDF_InitLibraryWithConfig(
        raw.FPDF_LIBRARY_CONFIG(version=2, m_pUserFontPaths=ctypes.cast(no_folders, ctypes.POINTER(_LETTERS)))
    )


_without_fonts_of_the_machine()


@contextmanager
def opened(data: bytes) -> Iterator[pdfium.PdfDocument]:
    """Open a document that needs no password to be read, with its form filled in as its reader would see it."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        # It may still hold the code of an earlier file; one that is protected says so itself.
        protected = error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY) and b"/Encrypt" in data
        raise Unviewable(Reason.PROTECTED if protected else Reason.DAMAGED) from None
    try:
        document.init_forms()
        yield document
    finally:
        document.close()


def page_at(document: pdfium.PdfDocument, number: int) -> pdfium.PdfPage:
    """Return a page by its number, counted from 0; raise `Unviewable` when the document claims to have it and has not."""
    try:
        return document[number]
    except pdfium.PdfiumError:
        raise Unviewable(Reason.DAMAGED) from None


def hide_note(page: pdfium.PdfPage, number: int) -> None:
    """Mark a note of the page as hidden, in memory, before the page is drawn."""
    note = raw.FPDFPage_GetAnnot(page, number)
    if note:
        raw.FPDFAnnot_SetFlags(note, raw.FPDFAnnot_GetFlags(note) | raw.FPDF_ANNOT_FLAG_HIDDEN)
        raw.FPDFPage_CloseAnnot(note)


def wider_by_a_hair(document: pdfium.PdfDocument, page: pdfium.PdfPage, number: int) -> pdfium.PdfPage:
    """Return the page with an edge that nobody can see.

    So a scan does not end a millionth beyond the page, and is drawn dot by dot.
    """
    left, bottom, right, top = page.get_cropbox()
    wider = (left - _HAIR, bottom - _HAIR, right + _HAIR, top + _HAIR)
    page.set_mediabox(*wider)
    page.set_cropbox(*wider)
    page.close()
    return page_at(document, number)


def drawn(document: pdfium.PdfDocument, page: pdfium.PdfPage, width: int, height: int) -> Image.Image:
    """Draw a page, as it shows by default with its annotations and fields, at this many pixels, in RGB on white."""
    pixels = bytearray(4 * width * height)
    held = (ctypes.c_char * len(pixels)).from_buffer(pixels)
    canvas = raw.FPDFBitmap_CreateEx(width, height, raw.FPDFBitmap_BGRx, held, 4 * width)
    if not canvas:
        raise Unviewable(Reason.TOO_MANY_PIXELS)
    try:
        raw.FPDFBitmap_FillRect(canvas, 0, 0, width, height, 0xFFFFFFFF)
        where = (canvas, page, 0, 0, width, height, 0, raw.FPDF_ANNOT)
        raw.FPDF_RenderPageBitmap(*where)
        if document.formenv is not None:
            raw.FPDF_FFLDraw(document.formenv, *where)
        return Image.frombuffer("RGB", (width, height), pixels, "raw", "BGRX", 0, 1).copy()
    finally:
        raw.FPDFBitmap_Destroy(canvas)
