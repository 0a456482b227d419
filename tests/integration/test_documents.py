"""The copy of a document shows what the document shows: judged by a renderer that is not ours, on every document of the corpus.

Through the confined child, with every layer of confinement on. What it refuses it would refuse outside as well: a refusal by the
sandbox is no damage.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator

import pytest
from PIL import Image, ImageDraw, ImageOps

from bot.domain.errors import Permanent
from bot.domain.terms import Terms
from bot.imaging import child
from bot.imaging.child_protocol import WHY, Layer, Task, Unviewable
from bot.imaging.pdf_pages import pages
from bot.imaging.picture_pdf import document_of
from bot.imaging.png_chunks import SIGNATURE, chunks
from bot.imaging.screener import SandboxedScreener
from tests.corpus.documents import documents, made
from tests.corpus.pdfs import pdfs
from tests.pages_judge import COLOURS_APART, colours_apart, looks, lost

TERMS = Terms("IMG-7F3K", "Hill Street Practice: confidential.")
CORPUS = [*documents(), *pdfs()]
# Icons of sticky notes, lines broken or fonts made up where a document doesn't say how: each renderer does that its own way.
# Poppler doesn't know of layers that are for printing alone.
AS_EACH_LIKES = (
    *("sticky note", "notes and links", "everything", "then more", "junk", "box ticked"),
    *("typed words", "font nobody has", "layer for printing"),
)
WEIGHS_AS_LAST_DRAWN = (
    "font nobody has"  # of what stands in for it the library keeps the weight from one page to the next
)


@pytest.fixture
async def screener() -> AsyncIterator[SandboxedScreener]:
    made_here = SandboxedScreener()
    assert await made_here.layers() == Layer.NETWORK | Layer.LANDLOCK | Layer.SYSTEM_CALLS
    yield made_here
    await made_here.close()


async def copy_of(screener: SandboxedScreener, data: bytes) -> bytes | str:
    """The copy, or why there is none."""
    try:
        return (await screener.clean_copy(data, TERMS)).data
    except Permanent as why:
        assert why.code == "not-viewable"
        return str(why).removeprefix("not-viewable: ")


def drawn_outside(data: bytes) -> bytes | str:
    try:
        return document_of(pages(data, 0, 500)[1])
    except Unviewable as refused:
        return WHY[refused.reason]


def differences(original: bytes, copy: bytes, name: str) -> list[str]:
    """What a reader of the original would miss in the copy, or see there for the first time."""
    before, after = looks(original), looks(copy)
    if len(before) != len(after):
        return [f"{name}: {len(before)} pages, {len(after)} in the copy"]
    found = []
    for number, (here, there) in enumerate(zip(before, after, strict=True), 1):
        if max(abs(a - b) for a, b in zip(here.size, there.size, strict=True)) > 2:
            found.append(f"{name}, page {number}: {here.size}, {there.size} in the copy")
            continue
        if not any(word in name for word in AS_EACH_LIKES):
            same = there.resize(here.size)
            apart = (lost(here, same), lost(same, here), colours_apart(here, same))
            if apart[0] or apart[1] or apart[2] > COLOURS_APART:
                found.append(f"{name}, page {number}: lost {apart[0]}, added {apart[1]}, colours apart {apart[2]}")
    return found


async def test_every_copy_shows_what_its_original_shows(screener: SandboxedScreener) -> None:
    judged, found = 0, []
    for one in CORPUS:
        copy = await copy_of(screener, one.data)
        if one.copied is not None and one.copied is not isinstance(copy, bytes):
            found.append(f"{one.name}: {copy if isinstance(copy, str) else 'there is a copy'}")
        if WEIGHS_AS_LAST_DRAWN not in one.name and copy != drawn_outside(one.data):
            found.append(f"{one.name}: drawn otherwise outside the sandbox")
        if isinstance(copy, bytes):
            if one.copied is None and not await asyncio.to_thread(looks, one.data):
                continue  # damaged, and the judge can't even open it
            judged += 1
            found += await asyncio.to_thread(differences, one.data, copy, one.name)
    assert found == []
    assert judged > 80


async def test_viewable_is_what_was_drawn_and_shown_is_what_is_copied(screener: SandboxedScreener) -> None:
    wrong = []
    unlike = list({document.data: document for document in CORPUS}.values())
    for one in unlike if os.environ.get("CONSENTRY_CORPUS") else unlike[::4]:
        found, copy = await screener.screen(one.data), await copy_of(screener, one.data)
        if isinstance(copy, str):
            right = (found.viewable, found.why, found.small) == (False, copy, "")
        else:
            shown = await screener.page(one.data, 0)
            right = found.viewable and shown.count == found.frames == copy.count(b"/Type /Page ")
            right = right and _pixels_of(shown.picture.data) in copy and bool(found.small)
        if not right:
            wrong.append(one.name)
    assert wrong == []


def _pixels_of(picture: bytes) -> bytes:
    """As they stand in a PDF."""
    if not picture.startswith(SIGNATURE):
        return picture
    return b"".join(chunk.body for chunk in chunks(picture) if chunk.name == b"IDAT")


async def test_a_long_document_takes_several_children_and_loses_no_page(
    screener: SandboxedScreener, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def two_pages(task: Task, data: bytes, number: int, limit: int) -> bytes:
        count, both = pages(data, number, 2)
        asked.append(number)
        return child.sheets_reply(count, both)

    asked: list[int] = []
    monkeypatch.setattr(screener, "_ask", two_pages)
    data = made("120 pages")
    assert await copy_of(screener, data) == drawn_outside(data)
    assert asked == list(range(0, 120, 2))


async def test_pages_that_together_are_too_large_for_a_file_are_no_copy(
    screener: SandboxedScreener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.imaging.screener.LARGEST_DOCUMENT", 10_000)
    data = made("pages of all sizes")
    assert await copy_of(screener, data) == "pages that are too large for one file"
    assert not (await screener.screen(data)).viewable


def test_the_judge_can_find_something() -> None:
    """A blank page, a page mirrored, a word gone, a layer too many, a page in other colours."""
    (scan,), (words,) = looks(made("a jbig2 scan with globals")), looks(made("a stamp"))
    blank = Image.new("RGB", scan.size, "white")
    assert lost(scan, blank) > 100 and lost(blank, scan) == 0
    assert lost(words, ImageOps.mirror(words)) > 10
    without = words.copy()
    ImageDraw.Draw(without).rectangle((100, 300, 600, 460), fill="white")  # where it says RECEIVED
    assert lost(words, without) > 0
    (one,), (both,) = looks(made("a layer off")), looks(made("layers all on"))
    assert lost(both, one) > 0
    (inks,) = looks(made("printing inks"))
    red, green, blue = inks.split()
    assert colours_apart(inks, Image.merge("RGB", (green, red, blue))) > COLOURS_APART
    assert lost(scan, scan) == colours_apart(scan, scan) == 0
