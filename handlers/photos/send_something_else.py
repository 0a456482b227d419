"""Video, voice, stickers, places and other things: a sentence says what to send, the practice is told, and nothing is kept."""

from __future__ import annotations

from bot.core.dispatch import ChatRequest
from bot.core.transaction import Transaction
from bot.domain.message import Message
from bot.words import to_patients, to_the_team

from .media_named import ledger_attachments

_SILENT = frozenset({"m.reaction", "m.room.redaction", "m.call.invite", "m.call.candidates", "m.call.hangup"})


async def send_something_else(request: ChatRequest, tx: Transaction) -> Message | None:
    arrival = request.arrival
    if arrival.type in _SILENT or arrival.type.startswith("m.key.verification."):
        return None
    kind = request.content.get("msgtype")
    what = arrival.type if arrival.type != "m.room.message" or not isinstance(kind, str) else kind
    if what.startswith("m.key.verification."):
        return None
    return await refuse_kind(what, request, tx)


async def refuse_kind(what: str, request: ChatRequest, tx: Transaction) -> Message:
    """Account for a message of a kind that can't be taken, and return what to send instead."""
    await ledger_attachments(tx, request.arrival)
    await note_refused(what, request, tx)
    return to_patients.unsupported(what)


async def note_refused(what: str, request: ChatRequest, tx: Transaction) -> None:
    """Audit it, and tell the practice what a patient could not send."""
    await tx.audit(request.person.id, "attachment.refused", request.arrival.event_id, what=what[:100])
    if not request.person.is_staff:
        await tx.tell_practice(to_the_team.sent_something_else(what))
