"""Video, voice, stickers, places and other things: a sentence says what to send, the practice is told, and nothing is kept."""

from __future__ import annotations

from bot.core.dispatch import Request
from bot.core.transaction import Transaction
from bot.words import to_patients, to_the_team

from .media_named import ledger_attachments

_SILENT = frozenset({"m.reaction", "m.room.redaction", "m.call.invite", "m.call.candidates", "m.call.hangup"})


async def send_something_else(request: Request, tx: Transaction) -> str | None:
    arrival = request.arrival
    if arrival.type in _SILENT or arrival.type.startswith("m.key.verification."):
        return None
    kind = request.content.get("msgtype")
    what = arrival.type if arrival.type != "m.room.message" or not isinstance(kind, str) else kind
    if what.startswith("m.key.verification."):
        return None
    await ledger_attachments(tx, arrival)
    await tx.audit(request.person.id, "attachment.refused", arrival.event_id, what=what[:100])
    if not request.person.is_staff:
        await tx.tell_practice(to_the_team.sent_something_else(what))
    return to_patients.unsupported(what)
