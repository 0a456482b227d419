"""One more act, where the practice has a record of its own: the photo is there too, and is read back from there."""

from __future__ import annotations

import asyncio
import hashlib
import time

from bot.domain.assurance import CopyForm

from .players import PATIENCE, Play, is_clean
from .practice_record import FoundPhoto, PracticeRecord


async def it_is_in_their_record_too(play: Play, record: PracticeRecord) -> None:
    """Ask the bot where the photo is; then ask that record itself."""
    found = await play.step(f"The photo comes into “{record.name}”", _found(play, record))
    said = await _said_of_it(play, record)
    play.tell("consentry → Kim", said)
    whose = found is not None and found.patient.casefold() == "sam patel"
    play.promises.saw(
        "A copy is in the practice's own record, under the right patient",
        whose and found is not None and _as_claimed(play, record, found),
        f"{record.how}: {_told(record, found)}",
    )
    play.promises.saw(
        "Where a copy is, and how sure that is, is said without claiming too much",
        record.sure in said,
        f"Kim's app, asked with !status: “{record.sure}”",
    )


async def _said_of_it(play: Play, record: PracticeRecord) -> str:
    """Return what `!status` says, as soon as it is as sure as it may be: the bot looks only now and then."""
    end = time.monotonic() + PATIENCE
    while True:
        mark = await play.kim.mark()
        await play.kim.says(f"!status {play.ref}")
        said = await play.kim.hears(rf"“{record.name}”", after=mark)
        if record.sure in said or time.monotonic() > end:
            return said
        await asyncio.sleep(2)


async def _found(play: Play, record: PracticeRecord) -> FoundPhoto | None:
    end = time.monotonic() + PATIENCE
    while True:
        found = await record.photo_of("10421", play.ref)
        if found is not None or time.monotonic() > end:
            return found
        await asyncio.sleep(0.5)


def _as_claimed(play: Play, record: PracticeRecord, found: FoundPhoto) -> bool:
    if record.form is CopyForm.ORIGINAL:
        return found.content == play.photo
    return is_clean(found.content) and hashlib.sha256(found.content).hexdigest() == found.claimed


def _told(record: PracticeRecord, found: FoundPhoto | None) -> str:
    if found is None:
        return "nothing is there"
    size, digest = f"{len(found.content):,} bytes", hashlib.sha256(found.content).hexdigest()[:16]
    if record.form is CopyForm.ORIGINAL:
        return f"the original, {size}, byte for byte as Sam's app sent it, SHA-256 {digest}…"
    return f"a clean copy, {size}, no trace of camera, time or place, SHA-256 {digest}… as is claimed beside it"
