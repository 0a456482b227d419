"""Close what was asked about a use, and show nobody by it that somebody else has answered of whom they may not know (R33a).

What such a person was asked stays open until it runs out, as if they were asked alone; their answer is recorded and ends nothing.
"""

from __future__ import annotations

from bot.core.circles import told_of
from bot.core.polls import close, close_polls
from bot.core.transaction import Transaction
from bot.domain.authority import may_know_of
from bot.domain.identifiers import Actor, PersonId
from bot.domain.use import Use, UseState

# In these states what somebody was asked may stand open.
ENDED_BY_ANOTHER = frozenset({UseState.REFUSED, UseState.WITHDRAWN})


async def close_request(use: Use, by: Actor, tx: Transaction) -> None:
    """Close it for everybody who may know that `by` has ended it, by a no or a stop."""
    asked = await tx.rows.choices.open_about(use.id)
    unaware = {id for id in {choice.person_id for choice in asked} if not await _may_know(use, by, id, tx)}
    if not unaware:
        await close_polls(tx, use.id)
        return
    await close(tx, [choice for choice in asked if choice.person_id not in unaware])


async def _may_know(use: Use, by: Actor, reader_id: PersonId, tx: Transaction) -> bool:
    image = await tx.rows.images.get(use.image_ids[0])
    if not image.patient_id:
        return True
    circle = await tx.circle(image.patient_id)
    return may_know_of(circle, PersonId(by), reader_id, await told_of(tx.rows, circle), tx.today)
