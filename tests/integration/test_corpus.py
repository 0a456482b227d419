"""Hostile and odd files of the corpus go through the bot's own intake: real storage, real screener, real record.

None crashes it, none exceeds its limits; what is kept is in the record byte for byte; no copy that leaves carries anything
of its original but the picture; and what is shown is what is copied, and what was sent. Who judges: `exiftool`, a byte scan for
what was planted, and decoders that are not ours (`tests/corpus/judge.py`).
`make corpus` drives all of them through, and `SEEDS=20` twenty further rounds of damaged ones; otherwise it is every sixth.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import subprocess
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf

from bot.core.effects.show_picture import CHAT_SIDE
from bot.domain.entries import EntryKind
from bot.domain.errors import Permanent
from bot.domain.formats import MediaType
from bot.domain.image import Image, State
from bot.domain.planned import Hands
from bot.domain.terms import Terms
from bot.imaging.screener import SandboxedScreener
from bot.ports import Rendition
from tests.corpus import MARKER, Specimen, damaged, specimens
from tests.corpus.held import SIZE
from tests.corpus.judge import what_is_wrong
from tests.corpus.specimen import WIDE
from tests.patience import PATIENCE
from tests.photos import corners, encoded
from tests.practice import Practice, Staffed, staffed_practice

TERMS = Terms("IMG-7F3K", "Hill Street Practice: confidential.")
ALBUM = 150  # photos sent at a time, inside what one sender may send at once
EXIFTOOL = Path(__file__).parents[1] / "judge/node_modules/exiftool-vendored.pl/bin/exiftool"
MEMORY_OF_THE_BOT = 250_000  # KB that the process with the keys may grow by; a bomb of the corpus wants 10 GB

# What exiftool may find in a copy: the picture's own form, and our block.
ALLOWED = {
    *(
        "ImageDescription",
        "Orientation",
        "Copyright",
        "ResolutionUnit",
        "XResolution",
        "YResolution",
        "YCbCrPositioning",
    ),
    *("ImageWidth", "ImageHeight", "BitDepth", "BitsPerSample", "ColorType", "Compression", "Filter", "Interlace"),
    *("EncodingProcess", "ColorComponents", "YCbCrSubSampling", "Palette", "Transparency", "Gamma", "SRGBRendering"),
    *("WhitePointX", "WhitePointY", "RedX", "RedY", "GreenX", "GreenY", "BlueX", "BlueY", "SignificantBits"),
    *(
        "PixelsPerUnitX",
        "PixelsPerUnitY",
        "PixelUnits",
        "ExifByteOrder",
        "JFIFVersion",
        "ColorTransform",
        "DCTEncodeVersion",
    ),
    *(
        "APP14Flags0",
        "APP14Flags1",
        "PDFVersion",
        "Linearized",
        "PageCount",
        "FileType",
        "FileTypeExtension",
        "MIMEType",
    ),
}


def chosen() -> list[Specimen]:
    further = os.environ.get("CONSENTRY_CORPUS")
    unlike = {one.data: one for one in [*specimens(), *damaged(int(further or 0))]}  # the same bytes are kept once
    assert len(unlike) >= 550
    numbered = enumerate(unlike.values())
    always = ("with everything", "with an uncropped thumbnail")
    return [one for at, one in numbered if further or at % 6 == 0 or one.name.endswith(always)]


@asynccontextmanager
async def at_work(directory: Path, screener: SandboxedScreener) -> AsyncIterator[Staffed]:
    async with staffed_practice(
        directory, around=lambda name, port: screener if name == "screener" else port
    ) as people:
        working = asyncio.create_task(people.practice.worker.run_for_ever())
        try:
            yield people
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)


async def send(people: Staffed, corpus: list[Specimen]) -> None:
    practice = people.practice
    for start in range(0, len(corpus), ALBUM):
        practice.clock.move(timedelta(minutes=5))
        album = [
            people.sam.photo(one.data, f"rash, photo {start + at}") for at, one in enumerate(corpus[start:][:ALBUM])
        ]
        await practice.receive(*album)
        await practice.inbox.drain()
        async with asyncio.timeout(500):
            while await unfinished(practice):
                await practice.journal.news("corpus", timedelta(seconds=1))


async def unfinished(practice: Practice) -> bool:
    """Whether anything is left to do now; what is said fades later."""
    return bool(await practice.journal.due(practice.clock.now(), dict.fromkeys(Hands, 1), frozenset()))


async def test_no_file_crashes_the_bot_or_leaves_with_more_than_its_picture(tmp_path: Path) -> None:
    corpus = chosen()
    screener = SandboxedScreener(patience=timedelta(seconds=PATIENCE))  # its own time ends a child sooner
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        async with at_work(tmp_path / "practice", screener) as people:
            await send(people, corpus)
            practice = people.practice
            images = {image.reason: image for image in await practice.images()}
            pairs = [(one, images[f"rash, photo {at}"]) for at, one in enumerate(corpus)]
            kept = [(one, image) for one, image in pairs if image.state is not State.DISCARDED]
            wrongly = [one.name for one, image in pairs if one.kept is (image.state is State.DISCARDED)]
            assert wrongly == [], "kept and not to be kept, or refused and to be kept"
            assert {image.state for _, image in kept} == {State.VERIFIED}, (
                "filed and read back, whatever a decoder says"
            )
            assert await practice.left() == [one for one in await practice.left() if one.due_at > practice.clock.now()]
            await _screened_all(practice, kept)
            copies = await asyncio.gather(*(_copy(practice, screener, *pair) for pair in kept))
            await _shown_is_copied_is_sent(practice, screener, kept, copies)
            assert await practice.audit_is_whole()
    finally:
        await screener.close()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MEMORY_OF_THE_BOT
    leaving = {one.name: copy for (one, _), copy in zip(kept, copies, strict=True) if copy is not None}
    wrong = [one.name for one, _ in kept if one.copied is not None and one.copied is not (one.name in leaving)]
    assert wrong == [], "a copy where there must be none, or none where there must be one"
    assert len(leaving) > len(corpus) / 5
    _judge(leaving, tmp_path)


async def _shown_is_copied_is_sent(
    practice: Practice,
    screener: SandboxedScreener,
    kept: list[tuple[Specimen, Image]],
    copies: list[Rendition | None],
) -> None:
    """What the survey promises, what is shown and what leaves are the same picture, and the one that was painted."""
    async with practice.journal.reading() as rows:
        found = {one.id: one.found for one in await rows.screenings.find() if one.found is not None}
    wrong, judged = dict[str, str](), 0
    for (one, image), copy in zip(kept, copies, strict=True):
        said = found[image.id]
        if said.format == "PDF":
            continue
        shown = await _shown(screener, one.data)
        about = [what_is_wrong(one, shown, copy)]
        about += [] if said.viewable is (copy is not None) else [f"said to be viewable: {said.viewable}"]
        about += [] if one.why is None or said.why == one.why else [f"said: {said.why}"]
        about += [] if not one.corners or said.frames == one.photos else [f"said to hold {said.frames}"]
        wrong |= {one.name: told} if (told := "; ".join(filter(None, about))) else {}
        judged += one.same_pixels and copy is not None
    assert wrong == {}, wrong
    assert judged > len(kept) / 8


async def _shown(screener: SandboxedScreener, data: bytes) -> Rendition | None:
    try:
        return await screener.rendition(data, CHAT_SIDE)
    except Permanent as why:
        assert why.code == "not-viewable"
        return None


async def _screened_all(practice: Practice, kept: list[tuple[Specimen, Image]]) -> None:
    """Each was looked at once, and a person was told of each that can't be viewed."""
    async with practice.journal.reading() as rows:
        found = {one.id: one.found for one in await rows.screenings.find() if one.found is not None}
    looked_at = [found[image.id] for _, image in kept]  # KeyError: one was not
    unviewable = [image.ref for _, image in kept if not found[image.id].viewable]
    told = practice.seen_in(await practice.practice_room())
    assert Counter(line.split()[0] for line in told if "can't be viewed here" in line) == Counter(unviewable)
    described = [e for e in await practice.record.entries(kept[0][1].patient_id) if e.kind is EntryKind.ORIGIN]
    assert len(described) > len(kept) / 3
    placed = [image.id for one, image in kept if one.name.endswith("with everything") and one.name.startswith("jpeg")]
    assert all(found[one].place for one in placed)
    assert any(one.thumbnail for one in looked_at)


async def _copy(practice: Practice, screener: SandboxedScreener, one: Specimen, image: Image) -> Rendition | None:
    """The copy that would leave, made of what the record gives; which is what came, byte for byte."""
    original = await practice.record.content(image.id)
    assert original == one.data, one.name
    try:
        return await screener.clean_copy(original, TERMS)
    except Permanent as why:
        assert why.code == "not-viewable"
        return None


def _judge(copies: dict[str, Rendition], directory: Path) -> None:
    names = {}
    (directory / "copies").mkdir()
    for number, (name, copy) in enumerate(copies.items()):
        assert not planted_in(copy), name
        path = directory / "copies" / f"{number}{'.' + copy.media_type.partition('/')[2]}"
        path.write_bytes(copy.data)
        names[str(path)] = name
    asked: list[str | Path] = ["perl", EXIFTOOL, "-json", "-a", "-u", "-ee", "-G1", "-r", directory / "copies"]
    told = json.loads(subprocess.run(asked, capture_output=True, check=True, timeout=PATIENCE).stdout)
    assert len(told) == len(copies)
    found = {names[one["SourceFile"]]: more for one in told if (more := beyond_a_picture(one))}
    assert found == {}, found


def beyond_a_picture(told: dict[str, Any]) -> dict[str, Any]:
    """What exiftool tells of a file that is neither its form nor ours. A colour profile is ours when it was written by us."""
    ours = {"ImageDescription": TERMS.reference, "Copyright": TERMS.text}
    more = {}
    for tag, value in told.items():
        group, _, name = tag.rpartition(":")
        if group in {"", "ExifTool", "System", "Composite"} and name != "Error":
            continue
        if group.startswith("ICC") or (group == "PNG" and name == "ProfileName"):
            if str(value) == MARKER.decode():
                more[tag] = value
        elif name not in ALLOWED or (name in ours and value != ours[name]):
            more[tag] = value
    return more


def planted_in(copy: Rendition) -> bool:
    data = copy.data
    if copy.media_type == MediaType.PDF:
        opened = BytesIO()
        with pikepdf.open(BytesIO(data)) as document:
            document.save(opened, stream_decode_level=pikepdf.StreamDecodeLevel.generalized, compress_streams=False)
        data += opened.getvalue()
    return MARKER in data or WIDE in data


def test_the_judge_can_find_something(tmp_path: Path) -> None:
    """Each way of judging fails on a file that was not cleaned."""
    dirty = next(one for one in specimens() if one.name == "jpeg colour with everything")
    (tmp_path / "dirty.jpg").write_bytes(dirty.data)
    turned = next(one for one in specimens() if one.name == "jpeg held 6 as a short in II")
    upright = Rendition(encoded(corners(SIZE).rotate(180)), "image/jpeg", *SIZE)
    assert what_is_wrong(turned, upright, Rendition(turned.data, "image/jpeg", *SIZE)) != ""
    asked: list[str | Path] = ["perl", EXIFTOOL, "-json", "-a", "-u", "-ee", "-G1", tmp_path / "dirty.jpg"]
    (told,) = json.loads(subprocess.run(asked, capture_output=True, check=True, timeout=PATIENCE).stdout)
    found = beyond_a_picture(told)
    assert {"IFD0:Make", "GPS:GPSLatitude"} <= found.keys()
    assert planted_in(Rendition(dirty.data, "image/jpeg", 1, 1))
