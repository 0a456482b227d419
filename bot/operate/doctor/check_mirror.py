"""The second copy, read one by one: a file that tore since it was written would otherwise be found when it is needed, too late.

What the mirror lacks because it is away, or was not copied yet, is no deviation: the doctor says that elsewhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Sequence

from bot.domain.errors import OutsideFailure
from storage.records.filed import FiledEntry
from storage.records.mirrored import MirroredRecord

from .finding import Deviation


async def torn(record: MirroredRecord, entries: Sequence[FiledEntry]) -> AsyncIterator[Deviation]:
    copied = await record.copied()
    for entry in entries:
        if entry.entry_id not in copied:
            continue
        try:
            if not await record.mirror.there():
                return
            content = await record.mirror.content(entry.entry_id)
        except OutsideFailure:
            return
        if content is not None and hashlib.sha256(content).hexdigest() == entry.sha256:
            continue

        async def copy_again(entry_id: str = entry.entry_id) -> None:
            await record.copy(entry_id)

        yield Deviation(
            f"The second copy of the {entry.kind.value} of {entry.about or 'a patient'} is missing or damaged.",
            "Nothing is lost: the record has it.",
            "It can be copied anew.",
            copy_again,
        )
