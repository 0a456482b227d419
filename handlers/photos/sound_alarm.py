"""Alarm words in what a patient writes: the emergency sentence at once, whatever else is answered (R34).

Nothing else follows from them. The words are filed, passed on and announced as any others are, in their order; where they do not
reach the team in a message of their own, dispatch tells of them (`core.who_reads`).
"""

from __future__ import annotations

from bot.core.dispatch import ChatRequest
from bot.core.transaction import Transaction
from bot.domain.message import Message
from bot.words.phrases import as_configured


async def sound_alarm(request: ChatRequest, tx: Transaction) -> Message | None:
    """Return the emergency sentence, for somebody who acts as a patient and wrote alarm words in their own chat."""
    await tx.audit(request.person.id, "words.alarm", request.arrival.event_id)
    return as_configured(tx.policy.emergency_text)
