"""The whole file, without anything else: what a copy that leaves is made of (R19). Runs only in the confined child.

A picture is read and copied (`read`, `render`): unchanged where it can be, or else encoded anew. A PDF is rebuilt
(`rebuild_pdf`). What can't be decoded has no copy: `Unviewable`.
Deliberately adds nothing of ours: the bot does, to bytes it has looked over.
"""

from __future__ import annotations

from io import BytesIO

from ..domain.formats import MediaType, media_type
from .protocol import Form
from .read import read
from .rebuild_pdf import rebuilt
from .render import Copy, copy


def clean_copy(data: bytes) -> Copy:
    """A copy of the picture or document without metadata, `Unviewable` when it can't be decoded safely."""
    if media_type(data) is MediaType.PDF:
        return Copy(Form.PDF, rebuilt(data))
    return copy(read(data))


def empty_document() -> bytes:
    """A PDF of one empty page, to warm up with."""
    from pikepdf import Pdf

    document, out = Pdf.new(), BytesIO()
    document.add_blank_page(page_size=(72, 72))
    document.save(out)
    return out.getvalue()
