"""The second copy, read one by one: a file that tore since it was written would otherwise be found when it is needed, too late.

What the mirror lacks because it is away, or was not copied yet, is no deviation: the doctor says that elsewhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Sequence

from bot.domain.assurance import Level
from bot.domain.destination import SECOND_COPY
from bot.domain.errors import OutsideFailure
from bot.operate.kept import Kept
from storage.records.filed import FiledEntry
from storage.records.mirror import Mirror

from .finding import Deviation


async def torn(kept: Kept, mirror: Mirror, entries: Sequence[FiledEntry]) -> AsyncIterator[Deviation]:
    async with kept.journal.reading() as rows:
        copied = {done.entry_id for done in await rows.deliveries.in_state(SECOND_COPY, Level.VERIFIED)}
    for entry in entries:
        if entry.entry_id not in copied:
            continue
        try:
            if not await mirror.there():
                return
            content = await mirror.content(entry.entry_id)
        except OutsideFailure:
            return
        if content is not None and hashlib.sha256(content).hexdigest() == entry.sha256:
            continue

        async def copy_again(entry_id: str = entry.entry_id) -> None:
            await mirror.place(await kept.record.consignment(entry_id, SECOND_COPY), {})

        yield Deviation(
            f"The second copy of the {entry.kind.value} of {entry.about or 'a patient'} is missing or damaged.",
            "Nothing is lost: the record has it.",
            "It can be copied anew.",
            copy_again,
        )
