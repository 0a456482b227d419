"""What was destroyed and is back, because an earlier backup was restored: it is destroyed again (R23).

The register's lines are read where a restore does not take them back (`storage/outside/outside_register`). The journal forgets
in one commit, as when it was first decided. The record and the vault lose it at once; the intent does the same to the second
copy, at the bot's next start. Doing it again changes nothing.

What was not in the record yet when the backup was made is left to a manager: it is on its way, and must arrive first. So is
what a legal hold keeps: the hold stands until a manager ends it, also where the register says that it was destroyed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.retention_due import forget, forget_words
from bot.core.transaction import Transaction
from bot.domain.document import Document, DocumentState
from bot.domain.identifiers import NO_PERSON, DocumentId, ImageId
from bot.domain.image import Image, State
from bot.domain.intents import DestroyImage, DestroyWords
from bot.domain.policy import Policy
from bot.domain.retention_rules import Destruction
from bot.ids import RandomIds
from bot.ports import Commit, Journal, Vault
from storage.records.embedded import EmbeddedRecord


@dataclass(frozen=True, slots=True)
class Back:
    """A line of the register, and what is there although the line says that it was destroyed."""

    line: Destruction
    what: Image | Document
    held_by_law: bool

    @property
    def on_its_way(self) -> bool:
        return isinstance(self.what, Image) and self.what.state is not State.VERIFIED

    @property
    def stays(self) -> bool:
        return self.on_its_way or self.held_by_law


async def what_is_back(rows: Commit, lines: Sequence[Destruction]) -> list[Back]:
    """Return everything that is back, each with the first line about it.

    It may have been destroyed again since, under another line.
    """
    found, standing = [], await rows.legal_holds.standing()
    first = {line.subject_id: line for line in sorted(lines, key=lambda line: line.decided_at, reverse=True)}
    for line in first.values():
        image = await rows.images.known(ImageId(line.subject_id))
        document = await rows.documents.known(DocumentId(line.subject_id))
        if image is not None and image.state is not State.DESTROYED:
            whole = await rows.images.get(image.form_of) if image.form_of else image  # a form stays with its image
            found.append(Back(line, image, any(hold.holds(image) or hold.holds(whole) for hold in standing)))
        elif document is not None and document.state is not DocumentState.DESTROYED:
            held = bool(await rows.legal_holds.standing_on_records(document.patient_id))
            found.append(Back(line, document, held))
    return found


async def destroy_again(
    journal: Journal,
    record: EmbeddedRecord,
    vault: Vault,
    policy: Policy,
    now: datetime,
    lines: Sequence[Destruction],
) -> list[Back]:
    """Destroy again everything that is back and in the record, and that no legal hold keeps.

    Return everything that was found, also what is left because it is on its way, or held.
    """
    async with journal.transaction() as rows:
        tx = Transaction(rows, now, RandomIds(), policy)
        found = await what_is_back(rows, lines)
        again = [back for back in found if not back.stays]
        images = [back.what.id for back in again if isinstance(back.what, Image)]
        entries = [*images, *(document.id for document in await rows.documents.of_images(images))]
        for back in again:
            if await rows.destructions.of(back.line.subject_id) is None:
                await rows.destructions.add(back.line)
            if isinstance(back.what, Image):
                await forget(tx, back.what, "bot")
                await tx.plan(DestroyImage(back.what.id, NO_PERSON), lane=back.what.id)
            else:
                await forget_words(tx, [back.what])
                entries.append(back.what.id)
                words = DestroyWords(back.what.patient_id, (back.what.id,), NO_PERSON)
                await tx.plan(words, lane=f"patient:{back.what.patient_id}")
            await tx.audit("bot", "destruction.repeated", back.what.id, rule="R23", register=back.line.id)
    if again:
        # This copy only: the second one may be away, and the intent sees to it.
        await record.destroy(entries)
        for object_id in images:
            await vault.destroy(object_id)
    return found
