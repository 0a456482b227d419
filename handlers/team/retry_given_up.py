"""`!retry`: try again what was given up, after a person has mended the cause.

A photo that did not read back is read back once more: its file may have been put back from a backup (R16).
"""

from __future__ import annotations

from bot.core.dispatch import Request
from bot.core.transaction import Transaction
from bot.domain.document import DocumentState, TriedAgain, document_after
from bot.domain.image import HeldFor
from bot.domain.intents import FileDocument, FileImage
from bot.domain.message import Message
from bot.domain.planned import Progress, due_again
from bot.domain.staff_deeds import RetryGivenUp
from bot.words.about_handling import tried_again


async def retry_given_up(deed: RetryGivenUp, request: Request, tx: Transaction) -> Message | None:
    held = await tx.rows.waiting(Progress.HELD)
    for planned in held:
        await tx.rows.settle(due_again(planned, tx.now))
        await tx.audit(request.person.id, "intent.retried", planned.id, kind=planned.intent.kind)
    words = await tx.rows.documents.in_state(DocumentState.HELD)
    for document in words:
        await tx.rows.documents.save(document_after(document, TriedAgain()))
        await tx.plan(FileDocument(document.id), lane=document.image_id)
        await tx.audit(request.person.id, "document.retried", document.id)
    unread = await tx.rows.images.held_for(HeldFor.READ_BACK_DIFFERED)
    for image in unread:
        await tx.plan(FileImage(image.id), lane=image.id)
        await tx.audit(request.person.id, "image.read-again", image.id)
    return tried_again(len(held) + len(words) + len(unread))
