"""Ask for a list, or for more of it: what is decided here is that it is read out, and by whom it was asked for.

It is read afterwards, outside this commit (`effects.read_out`), which asks again whether it may be said.
"""

from __future__ import annotations

from bot.core.dispatch import Request
from bot.core.effects.read_out import goes_on, offers_to
from bot.core.transaction import Transaction
from bot.domain.choices import Choice
from bot.domain.errors import Refused
from bot.domain.intents import Listing, ReadOut
from bot.words import about_lists


async def ask_list(listing: Listing, request: Request, tx: Transaction, *, more: bool = False) -> None:
    """Have the list read out where it was asked for: from its beginning or, for `!list more`, where it stopped."""
    if not more:
        await _read_out(listing, "", request, tx)
        return
    offered = [
        offer for offer in await tx.rows.choices.about(offers_to(request.person.id)) if tx.now < offer.expires_at
    ]
    following = [after for of, after in map(goes_on, offered) if of is listing]
    if not following:
        raise Refused(about_lists.nothing_more())
    await _read_out(listing, following[0], request, tx)


async def more(choice: Choice, request: Request, tx: Transaction) -> None:
    """Go on with the list that was read out last, for a bare “more”."""
    listing, after = goes_on(choice)
    await _read_out(listing, after, request, tx)


async def _read_out(listing: Listing, after: str, request: Request, tx: Transaction) -> None:
    where = request.room.address
    await tx.plan(ReadOut(listing, request.person.id, where, after), lane=where)
