"""Where a photo is and how sure each copy is, for whoever tells it: `!status`, `!show`, receipts, lists (R35). It only reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from bot.domain.delivery import Delivery
from bot.domain.destination import SECOND_COPY
from bot.domain.image import Image
from bot.ports import Commit
from bot.words import about_further_copies as words


async def where_it_is(rows: Commit, image: Image, waits_for: Collection[str]) -> list[str]:
    """Return a line for each place that has the photo or is to have it, the record first; none for what is not filed.

    `waits_for`: the places that must have a copy before the chat is cleared (R17).
    """
    if not image.in_record:
        return []
    deliveries = await rows.deliveries.of_entries((image.id,))
    held = {delivery.destination for delivery in deliveries if delivery.needs_a_person} & set(waits_for)
    return [words.HERE, *map(_line, deliveries), *map(words.chat_keeps_it_shortly, sorted(held))]


async def copies_elsewhere(rows: Commit, image: Image) -> list[str]:
    """Return a line for each destination that has the photo or is to have it; none for the second copy, which is our own."""
    deliveries = await rows.deliveries.of_entries((image.id,)) if image.in_record else []
    return [_line(delivery) for delivery in deliveries if delivery.destination != SECOND_COPY]


async def counted_by_place(rows: Commit) -> list[str]:
    """Return a line for each place, with how many entries are there and how sure that is."""
    by_place: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for count in await rows.delivery_counts():
        told = words.assured(count.state, count.form, count.why)
        by_place[count.destination].append((count.entries, told))
    return [words.counted(place, counts) for place, counts in sorted(by_place.items())]


def _line(delivery: Delivery) -> str:
    return words.copy_at(delivery.destination, words.assured(delivery.state, delivery.form, delivery.why))
