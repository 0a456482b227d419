"""Ask: an encrypted poll, in the form today's apps show (MSC3381, unstable names), with the same question as plain text.

Asking twice is safe, as for Say, and like words a poll is not sent to somebody who may not hear of its image any more. Answer
ids are the choices' secrets; nothing else in the poll decides anything.
"""

from __future__ import annotations

from typing import Any

from bot.core.transaction import Transaction
from bot.domain.errors import Permanent
from bot.domain.intents import Ask
from bot.domain.marks import marked
from bot.domain.planned import Planned

from . import say
from .say import NotSaid, Said
from .world import World

POLL = "org.matrix.msc3381.poll"
TEXT = "org.matrix.msc1767.text"


async def perform(world: World, intent: Ask, planned: Planned) -> Said | NotSaid:
    to = await say.addressed(world, intent.address, (intent.copy_id,), intent.hearing, intent.patient_ids)
    if to.verdict is None:
        return await say.find_and_say_no_more(world, to.room, planned)
    if not to.verdict:
        return await say.not_said(world, to.room, planned, to.verdict)
    return await say.posted(world, to.room, poll(intent), to.audience, planned, f"{POLL}.start")


def poll(intent: Ask) -> dict[str, Any]:
    """Return the content of the poll's start event."""
    numbered = "\n".join(f"{number}. {label}" for number, (_, label) in enumerate(intent.answers, 1))
    return {
        TEXT: f"{intent.question}\n{numbered}",
        f"{POLL}.start": {
            "kind": f"{POLL}.disclosed",
            "max_selections": 1,
            "question": {TEXT: intent.question, "body": intent.question, "msgtype": "m.text"},
            "answers": [{"id": secret, TEXT: label} for secret, label in intent.answers],
        },
        **marked(intent.mark),
    }


async def settle(tx: Transaction, intent: Ask, said: Said | NotSaid) -> None:
    if isinstance(said, NotSaid):
        await say.note_not_said(tx, intent.address, (intent.copy_id,), said)
    else:
        await say.note_where(tx, said, intent.copy_id)


async def fail(tx: Transaction, intent: Ask, why: Permanent) -> None:
    await say.tell_refused(tx, intent.address, why)
    await say.question_unsent(tx, intent.copy_id)
