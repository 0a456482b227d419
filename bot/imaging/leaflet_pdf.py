"""One printed page, A5, with a QR code on it, laid out by ReportLab.

The letters are those every PDF reader brings along, which are Latin ones: what they can't write is refused, because a practice
whose name is half in other letters would not be believed.
"""

from __future__ import annotations

from html import escape
from io import BytesIO
from typing import Any, Final

from reportlab.lib.pagesizes import A5
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Image, KeepInFrame, Paragraph, SimpleDocTemplate

from bot.domain.errors import Permanent
from bot.words.on_a_leaflet import Leaflet

from .qr import SegnoPainter

_MARGIN: Final = 34.0  # points, with 6 that the library adds
_QR: Final = 250.0  # points, with its border: a phone reads it from a table
_PLAIN, _BOLD = "Helvetica", "Helvetica-Bold"


def leaflet_pdf(words: Leaflet, link: str) -> bytes:
    """Return the page, with smaller letters where it would be more than one; raise `Permanent` where they can't be written."""
    steps = [_paragraph(step, 11, left=20, number=f"{number}.") for number, step in enumerate(words.steps, 1)]
    page = [
        _paragraph(words.practice, 18, _BOLD),
        _paragraph(words.title, 14),
        Image(BytesIO(SegnoPainter().paint(link).data), _QR, _QR),
        *steps,
        _paragraph(words.emergency, 12, _BOLD),
        _paragraph(words.questions, 11),
        _paragraph(words.once, 8),
        _paragraph(words.mark, 8),
    ]
    out = BytesIO()
    margins = dict.fromkeys(("leftMargin", "rightMargin", "topMargin", "bottomMargin"), _MARGIN)
    document = SimpleDocTemplate(out, pagesize=A5, lang="en-AU", invariant=True, pageCompression=0, **margins)
    document.build([KeepInFrame(0, 0, page, mode="shrink")])
    return out.getvalue()


def _paragraph(text: str, size: float, font: str = _PLAIN, left: float = 0, number: str | None = None) -> Any:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        raise Permanent("letters", f"these letters can't be printed on a leaflet: {text}") from None
    style = ParagraphStyle(
        "",
        fontName=font,
        fontSize=size,
        leading=size * 1.25,
        spaceBefore=6,
        leftIndent=left,
        bulletFontName=_BOLD,
        bulletFontSize=size,
    )
    return Paragraph(escape(text, quote=False), style, bulletText=number)
