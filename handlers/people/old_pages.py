"""Ending a page that a browser forgot: when a later account of its person is confirmed, or at once when it is lost (R28a, R33).

Nobody can sign in to a page's account again, so what the browser left would stay a reader for ever. Its last words are the same
whatever the reason: they tell nobody that there is another account (R33a).
"""

from __future__ import annotations

from bot.core.transaction import Transaction
from bot.domain.page_account import earlier_pages
from bot.domain.people import Authority, Person, Standing
from bot.words import about_people

from .end_link import end_link, put_out


async def end_earlier_pages(later: Authority, tx: Transaction) -> None:
    """End the pages that the same person had before for this patient, unless something of the later account still waits."""
    if later.holds_on(tx.today) and later.is_open:
        for link in earlier_pages(await tx.circle(later.patient_id), later, tx.today):
            await _end(link, tx)


async def end_page(person: Person, tx: Transaction) -> Person:
    """End a page, for whomever it answered."""
    for link in await tx.rows.authorities.of_person(person.id):
        if link.may_hold(tx.today):
            person = await _end(link, tx)
    return person


async def _end(link: Authority, tx: Transaction) -> Person:
    person = await end_link(link, await tx.rows.images.of_patient(link.patient_id), tx)
    await tx.audit("bot", "page.ended", link.id)
    if person.standing is Standing.LEFT:
        await put_out(person, about_people.PAGE_ENDED.format(practice=tx.policy.practice), tx)
    return person
