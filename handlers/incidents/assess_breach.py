"""`!breach`: list what is being assessed, add a step, or close it with its outcome, as a manager (R25).

Until it is closed there are reminders.
"""

from __future__ import annotations

from bot.core.breaches import may_assess, may_read_of, tell_of_breach
from bot.core.dispatch import Request
from bot.core.polls import close_polls
from bot.core.transaction import Transaction
from bot.domain.breach import OVERDUE_AGAIN, Breach, closed, with_step_by_hand
from bot.domain.errors import Refused
from bot.domain.identifiers import BreachId
from bot.domain.message import Message
from bot.domain.people import Person
from bot.domain.staff_deeds import AssessBreach, BreachVerb
from bot.words import about_incidents as words


async def breach(deed: AssessBreach, request: Request, tx: Transaction) -> Message | None:
    if deed.ref is None:
        return await _list(request, tx)
    found = await tx.rows.breaches.with_ref(deed.ref)
    if found is None:
        raise Refused(words.unknown_breach(deed.ref))
    await tx.ledger_message(request.arrival, image_id=found.image_id)
    if deed.entry is None:
        await tx.say(request.room.address, await _line(found, request.person, tx), private=True)
        return None
    if not await may_assess(tx, request.person, found):
        raise Refused(words.not_yours_to_assess(found.ref), "R33a")
    text = deed.entry.words
    if deed.entry.verb is BreachVerb.OUTCOME:
        await _close(found, text, request, tx)
        return words.breach_closed(found.ref)
    await tx.rows.breaches.save(with_step_by_hand(found, request.person.name, text, tx.now))
    await tx.audit(request.person.id, "breach.step", found.id, text=text)
    return words.step_added(found.ref)


async def _close(found: Breach, text: str, request: Request, tx: Transaction) -> None:
    await tx.rows.breaches.save(closed(found, request.person.roles, text, tx.now))
    await close_polls(tx, found.id)
    await tx.audit(request.person.id, "breach.closed", found.id, ref=found.ref, outcome=text)


async def _list(request: Request, tx: Transaction) -> Message | None:
    found = await tx.rows.breaches.open()
    if not found:
        return words.no_breach()
    text = "\n\n".join([await _line(unclosed, request.person, tx) for unclosed in found])
    await tx.say(request.room.address, text, private=True)
    return None


async def _line(breach: Breach, reader: Person, tx: Transaction) -> str:
    whole = await may_read_of(tx, reader, breach.reader_ids)
    return (words.breach_line if whole else words.breach_held_back)(breach, tx.policy.timezone)


async def clock(tx: Transaction, breach_id: BreachId) -> None:
    """Remind the managers on day 14, 25 and 30; after that every week, for as long as nobody has closed it."""
    found = await tx.rows.breaches.get(breach_id)
    if found.closed_at is not None:
        return
    await tell_of_breach(tx, found, words.breach_reminder(found, tx.now, tx.policy.timezone))
    if found.days_left(tx.now) <= 0:
        await tx.remind("breach-clock", found.id, OVERDUE_AGAIN)
