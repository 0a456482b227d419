"""One sentence for people who spoke for a patient who has died: when they next write, once, and nothing is pushed (R28a)."""

from __future__ import annotations

from bot.core.circles import is_linked
from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.arrivals import Arrival
from bot.domain.authority_events import owes_no_sentence
from bot.domain.intents import Say
from bot.domain.people import Person, Role
from bot.domain.taking_part import SpeaksForNobody, person_after
from bot.words.about_leaving import SOMEBODY_DIED
from handlers.photos.media_named import ledger_attachments


async def bereaved(person: Person, arrival: Arrival, tx: Transaction) -> bool:
    """Say the sentence if it is due; return whether what they wrote is heard.

    It is not heard from an account that was here for nobody else (R6).
    """
    due = [held for held in await tx.rows.authorities.of_person(person.id) if held.sentence_due]
    if not due:
        return True
    for authority in due:
        await tx.rows.authorities.save(owes_no_sentence(authority))
    stays = person.roles != {Role.PATIENT} or await is_linked(tx.rows, person.id, tx.today)
    own = rooms.own(person.id)
    # In words about nobody, so that they can be said to an account that is not here any more.
    await tx.plan(Say(own, SOMEBODY_DIED.format(practice=tx.policy.practice), open=not stays), lane=own)
    if not stays:
        await ledger_attachments(tx, arrival)
        await tx.rows.people.save(person_after(person, SpeaksForNobody()))
        await tx.audit("bot", "person.left", person.id)
    return stays
