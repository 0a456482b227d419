"""The confined child: one file in, one answer out (`child_protocol`), then it ends.

Deliberately has no arguments, no environment, no files and no error output: these bytes are all it says.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from io import BytesIO

from bot.domain.formats import MediaType, media_type

from .child_protocol import PAGE, READY, REPLY, REQUEST, Form, Layer, Task, Unviewable
from .confine import confine
from .pdf_pages import MOST_PAGES, first_page_jpeg, pages
from .picture_pdf import Sheet
from .read import read
from .render import copy, rendition
from .survey import survey

_PIECE = 262_144


def serve(layers: Layer) -> None:
    """Confine this process, then serve one request and end.

    If no request comes at all, the bot has gone, and the child ends without a word.
    """
    layers = confine(layers)
    _write(bytes([READY | layers]))
    header = _read(REQUEST.size)
    if len(header) == REQUEST.size:
        task, number, length = REQUEST.unpack(header)
        data = _read(length)
        if len(data) == length:
            _write(answer(Task(task), number, data))
    os._exit(0)


def answer(task: Task, number: int, data: bytes) -> bytes:
    """Return the whole reply to a request.

    `number` is the longest side of a rendition, or the first page that is asked for.
    """
    try:
        if task is Task.SCREEN:
            return b"\0" + REPLY.pack(Form.FINDINGS, 1, 0, 0) + survey(data)
        if task is Task.CLEAN:
            made = copy(read(data))
            return b"\0" + REPLY.pack(made.form, made.orientation, made.width, made.height) + made.data
        if task in (Task.PAGES, Task.PAGE):
            return sheets_reply(*pages(data, number, 1 if task is Task.PAGE else MOST_PAGES))
        is_document = media_type(data) is MediaType.PDF
        jpeg, width, height = first_page_jpeg(data, number) if is_document else rendition(read(data), number)
        return b"\0" + REPLY.pack(Form.JPEG, 1, width, height) + jpeg
    except Unviewable as refused:
        return bytes([refused.reason])


def sheets_reply(count: int, sheets: Sequence[Sheet]) -> bytes:
    """Return the whole reply to a request for pages."""
    reply = BytesIO(b"\0" + REPLY.pack(Form.PAGES, 1, count, len(sheets)))
    reply.seek(0, os.SEEK_END)
    for sheet in sheets:
        about = (sheet.form, sheet.width, sheet.height, sheet.across, sheet.down, len(sheet.data))
        reply.write(PAGE.pack(*about) + sheet.data)
    return reply.getvalue()


def _read(length: int) -> bytes:
    whole = BytesIO()  # it hands out its bytes without a copy: a photo is in memory once
    while (left := length - whole.tell()) and (piece := os.read(0, min(left, _PIECE))):
        whole.write(piece)
    return whole.getvalue()


def _write(data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(1, left) :]
