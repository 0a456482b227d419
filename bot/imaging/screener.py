"""Screening untrusted pictures, each in a confined process of its own that is thrown away afterwards.

Guarantees: no untrusted byte is decoded in the process that holds the keys, nor twice in the same child. Bytes travel over
sockets, never through files. The child gets no environment, no descriptor and no key, and is ended when it takes too long.
What comes back is checked here: a picture must hold nothing but pixels (R19), findings must be what findings can be. The pages
of a document come as pictures, from as many children as it takes, and become one file here.
Deliberately says little about why a picture cannot be shown: the original is filed all the same.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO

from bot.domain.errors import Permanent
from bot.domain.formats import MediaType, media_type
from bot.domain.screening import LONGEST_SMALL, SMALL_SIDE, Findings, NotShown, read
from bot.domain.terms import Terms
from bot.ports import LARGEST_DOCUMENT, Page, Rendition

from . import jpeg_segments, png_chunks
from .child_protocol import PAGE, REPLY, REQUEST, WHY, Form, Layer, Reason, Task, largest_copy
from .children import Child, Children
from .picture_pdf import Sheet, check_sheet, document_of
from .terms_in_exif import exif_of

_MAX_SIDE = 4096
_LONGEST_FINDINGS = 2 * LONGEST_SMALL
_LARGEST_SHEETS = 64 * 1024 * 1024  # bytes, from one child
_A_DOCUMENT = timedelta(minutes=5)  # for all its pages, on a busy machine
_MOST_SHEETS = 500
_PIECE = 262_144
_EXIF = b"Exif\0\0"


@dataclass(frozen=True, slots=True)
class _Reply:
    form: Form
    orientation: int
    width: int
    height: int
    data: bytes


class SandboxedScreener:
    """The port `Screener` on confined child processes; close it when done."""

    def __init__(self, *, patience: timedelta = timedelta(seconds=30), at_once: int = 2) -> None:
        self._patience = patience.total_seconds()
        self._a_document = _A_DOCUMENT.total_seconds()
        self._places = asyncio.Semaphore(at_once)
        self._children = Children()

    async def rendition(self, data: bytes, longest_side: int) -> Rendition:
        """Return an upright JPEG without metadata; of a document, its first page.

        Raises `Permanent("not-viewable")` when there can be none.
        """
        if not 16 <= longest_side <= _MAX_SIDE:
            raise ValueError("longest_side out of range")
        reply = await self._ask(Task.RENDITION, data, longest_side, 4 * longest_side * longest_side + 65_536)
        return _checked_rendition(reply, longest_side)

    async def clean_copy(self, data: bytes, terms: Terms) -> Rendition:
        """Return the whole picture or document without its metadata; a picture carries one small block of ours, with `terms`.

        Raises `Permanent("not-viewable")` when it cannot be decoded safely: then there is no copy.
        """
        if media_type(data) is MediaType.PDF:
            sheets = [sheet async for sheet in self._sheets(data)]
            return Rendition(await asyncio.to_thread(document_of, sheets), MediaType.PDF, 0, 0)
        reply = await self._ask(Task.CLEAN, data, 0, largest_copy(len(data)))
        return await asyncio.to_thread(_checked_copy, reply, terms)

    async def screen(self, data: bytes) -> Findings:
        """Return what the file is and carries; raise `Permanent("not-viewable")` when the child crashed, hung or lied."""
        reply = await self._ask(Task.SCREEN, data, 0, _LONGEST_FINDINGS)
        found = _checked_findings(reply)
        if media_type(data) is MediaType.PDF and found.viewable:
            return await self._with_every_page_drawn(data, found)
        return found

    async def page(self, data: bytes, number: int) -> Page:
        """Return a page of a document, counted from 0, exactly as its clean copy shows it."""
        reply = await self._ask(Task.PAGE, data, number, _LARGEST_SHEETS)
        count, (sheet,) = await asyncio.to_thread(_checked_sheets, reply, 1)
        kind = "image/png" if sheet.form is Form.PNG else "image/jpeg"
        return Page(Rendition(sheet.data, kind, sheet.width, sheet.height), count)

    async def _with_every_page_drawn(self, data: bytes, found: Findings) -> Findings:
        """Return the findings after drawing every page once and throwing it away: viewable means that this worked."""
        count = 0
        try:
            async for _ in self._sheets(data):
                count += 1
        except Permanent as refused:
            return replace(found, viewable=False, why=str(refused).removeprefix("not-viewable: "), small="")
        return replace(found, frames=count)

    async def _sheets(self, data: bytes) -> AsyncIterator[Sheet]:
        """Yield every page of a document, in order; raise `Permanent("not-viewable")` when one of them can't be drawn."""
        came, size, ends = 0, 0, asyncio.get_running_loop().time() + self._a_document
        while True:
            reply = await self._ask(Task.PAGES, data, came, _LARGEST_SHEETS)
            count, sheets = await asyncio.to_thread(_checked_sheets, reply, _MOST_SHEETS)
            for sheet in sheets:
                yield sheet
            came, size = came + len(sheets), size + sum(len(sheet.data) for sheet in sheets)
            if size > LARGEST_DOCUMENT:
                raise Permanent("not-viewable", NotShown.TOO_LARGE)
            if came >= count:
                return
            if asyncio.get_running_loop().time() > ends:
                raise Permanent("not-viewable", NotShown.TOO_LONG)

    async def layers(self) -> Layer:
        """Return which layers of confinement this kernel gives; raise `OutsideFailure` when it gives none at all."""
        child = await self._children.child()
        await child.end()
        return child.layers

    async def close(self) -> None:
        """End the children that wait; a request under way ends its own child."""
        await self._children.close()

    async def _ask(self, task: Task, data: bytes, longest_side: int, limit: int) -> bytes:
        async with self._places:
            child = await self._children.child()
            try:
                exchange = _exchange(child, REQUEST.pack(task, longest_side, len(data)), data, limit)
                return await asyncio.wait_for(exchange, self._patience)
            except TimeoutError:
                raise Permanent("not-viewable", NotShown.TOO_LONG) from None
            finally:
                await child.end()


async def _exchange(child: Child, header: bytes, data: bytes, limit: int) -> bytes:
    """Hand the file over and take the reply, never more of it than an honest one can be."""
    view = memoryview(data)
    with contextlib.suppress(ConnectionError):
        child.writer.write(header)
        for start in range(0, len(data), _PIECE):  # bytes that the socket does not take at once are copied
            child.writer.write(view[start : start + _PIECE])
            await child.writer.drain()
    reply = BytesIO()  # it hands out its bytes without a copy
    with contextlib.suppress(ConnectionError):
        while piece := await child.reader.read(_PIECE):
            reply.write(piece)
            if reply.tell() > limit:
                raise Permanent("not-viewable", "reply too long")
    return reply.getvalue()


def _taken_apart(reply: bytes, *forms: Form) -> _Reply:
    """Take the reply apart, believing nothing: the child that wrote it may have been taken over."""
    if not reply:
        raise Permanent("not-viewable", NotShown.CRASHED)
    if reply[0] != 0:
        known = reply[0] in Reason.__members__.values()
        raise Permanent("not-viewable", WHY[Reason(reply[0])] if known else "damaged")
    if len(reply) < 1 + REPLY.size:
        raise Permanent("not-viewable", "reply cut short")
    form, orientation, width, height = REPLY.unpack_from(reply, 1)
    if form not in forms or not 1 <= orientation <= 8:
        raise Permanent("not-viewable", "reply of another kind")
    return _Reply(Form(form), orientation, width, height, reply[1 + REPLY.size :])


def _checked_rendition(reply: bytes, longest_side: int) -> Rendition:
    answer = _taken_apart(reply, Form.JPEG)
    try:
        size = jpeg_segments.size_of_plain(answer.data)
    except ValueError:
        raise Permanent("not-viewable", "reply is not a plain picture") from None
    if size != (answer.width, answer.height) or not 0 < max(size) <= longest_side or not min(size):
        raise Permanent("not-viewable", "reply has another size")
    return Rendition(answer.data, "image/jpeg", answer.width, answer.height)


def _checked_sheets(reply: bytes, most: int) -> tuple[int, list[Sheet]]:
    """Return how many pages the document has, and those that came: at least one, and each a picture and nothing else."""
    answer, sheets, at = _taken_apart(reply, Form.PAGES), [], 0
    try:
        while at < len(answer.data):
            form, width, height, across, down, length = PAGE.unpack_from(answer.data, at)
            at += PAGE.size + length
            sheet = Sheet(Form(form), answer.data[at - length : at], width, height, across, down)
            check_sheet(sheet)
            sheets.append(sheet)
    except (ValueError, StopIteration, struct.error):
        raise Permanent("not-viewable", "reply is not plain pages") from None
    if at != len(answer.data) or len(sheets) != answer.height or not 0 < len(sheets) <= min(most, answer.width):
        raise Permanent("not-viewable", "reply has other pages")
    return answer.width, sheets


def _checked_copy(reply: bytes, terms: Terms) -> Rendition:
    answer = _taken_apart(reply, Form.JPEG, Form.PNG)
    try:
        exif = exif_of(terms, answer.orientation)
        if answer.form is Form.JPEG:
            size = jpeg_segments.size_of_plain(answer.data, besides=jpeg_segments.OURS)
            data, kind = jpeg_segments.with_exif(answer.data, exif), "image/jpeg"
        else:
            size = png_chunks.size_of_plain(answer.data)
            data, kind = png_chunks.with_exif(answer.data, exif.removeprefix(_EXIF)), "image/png"
    except (ValueError, StopIteration):
        raise Permanent("not-viewable", "reply is not a plain picture") from None
    if size != (answer.width, answer.height) or not min(size):
        raise Permanent("not-viewable", "reply has another size")
    width, height = size if answer.orientation < 5 else size[::-1]
    return Rendition(data, kind, width, height)


def _checked_findings(reply: bytes) -> Findings:
    answer = _taken_apart(reply, Form.FINDINGS)
    try:
        found = read(json.loads(answer.data))
        if found.small and max(jpeg_segments.size_of_plain(found.small_picture)) > SMALL_SIDE:
            raise ValueError("larger than asked for")
    except (ValueError, RecursionError):
        raise Permanent("not-viewable", "findings that can't be") from None
    return found
