"""What the bot reads out when somebody asks: each list, for whom it is, and how one page of it is found (`pages`).

A page is read from one moment of the journal, beside the writer and by index, however much there is. What it says is committed
afterwards, as any words are, once authority has been asked again (R28): see `effects.read_out`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.domain.intents import Hearing, Listing, ReadOut
from bot.domain.people import STAFF, Person, Role

from . import due_records, held_images, how_it_stands, waiting_images
from .pages import ListPage, View


@dataclass(frozen=True, slots=True)
class ReadList:
    """How a list is read, for whom it is, and what the audit log says once it was read out.

    `told_as`: whether the reader may hear of what it names is asked when it is said, as for anything else said to patients.
    """

    read: Callable[[View, Person, ReadOut], Awaitable[ListPage]]
    roles: frozenset[Role]
    audited: str = ""
    told_as: Hearing | None = None


LISTS: dict[str, ReadList] = {
    Listing.WAITING: ReadList(waiting_images.read, STAFF),
    Listing.DUE: ReadList(due_records.read, frozenset({Role.MANAGER}), "retention.listed"),
    Listing.OWN_IMAGES: ReadList(held_images.read, frozenset({Role.PATIENT}), "images.listed", Hearing.LISTED),
    Listing.STATUS: ReadList(how_it_stands.read, STAFF),
}
