"""The confined child: one file in, one answer out (`protocol`), then it ends.

Deliberately has no arguments, no environment, no files and no error output: what it says is these bytes only.
"""

from __future__ import annotations

import os
from io import BytesIO

from .clean import clean_copy
from .confine import confine
from .protocol import READY, REPLY, REQUEST, Form, Layer, Task, Unviewable
from .read import read
from .render import rendition
from .survey import survey

_PIECE = 262_144


def serve(layers: Layer) -> None:
    """Confine this process, then serve one request. With no request at all the bot has gone, and it ends without a word."""
    layers = confine(layers)
    _write(bytes([READY | layers]))
    header = _read(REQUEST.size)
    if len(header) == REQUEST.size:
        task, longest_side, length = REQUEST.unpack(header)
        data = _read(length)
        if len(data) == length:
            _write(answer(Task(task), longest_side, data))
    os._exit(0)


def answer(task: Task, longest_side: int, data: bytes) -> bytes:
    """The whole reply to a request."""
    try:
        if task is Task.SCREEN:
            return b"\0" + REPLY.pack(Form.FINDINGS, 1, 0, 0) + survey(data)
        if task is Task.CLEAN:
            copy = clean_copy(data)
            return b"\0" + REPLY.pack(copy.form, copy.orientation, copy.width, copy.height) + copy.data
        jpeg, width, height = rendition(read(data), longest_side)
        return b"\0" + REPLY.pack(Form.JPEG, 1, width, height) + jpeg
    except Unviewable as refused:
        return bytes([refused.reason])


def _read(length: int) -> bytes:
    whole = BytesIO()  # it hands out the bytes it holds: a photo is in memory once
    while (left := length - whole.tell()) and (piece := os.read(0, min(left, _PIECE))):
        whole.write(piece)
    return whole.getvalue()


def _write(data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(1, left) :]
