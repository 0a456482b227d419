"""`!status`: what waits and what needs a person, in a few lines. Everything is counted by the database, and nothing for ever."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from bot.core.where_copies_are import counted_by_place
from bot.core.who_may_hear import unheard_of
from bot.domain import rooms
from bot.domain.copies import CopyState
from bot.domain.image import State
from bot.domain.intents import ReadOut
from bot.domain.people import Person, Standing
from bot.words import about_further_copies, about_lists, to_the_team

from .pages import ListPage, View

OPEN = (State.RECEIVED, State.CAPTURED, State.READY, State.FILED, State.HELD)
MOST_COUNTED = 1000


async def read(view: View, reader: Person, asked: ReadOut) -> ListPage:
    rows = view.rows
    open_images = await rows.lists.images_in(OPEN)
    counted = ", ".join(f"{open_images[state]} {about_lists.STANDS[state]}" for state in OPEN if state in open_images)
    lines = [f"Photos not yet safely filed: {counted or 'none'}."]
    kinds = Counter[str]()
    for (kind, trouble), count in (await rows.lists.given_up()).items():
        kinds[f"{to_the_team.DOING[kind]} ({trouble})"] += count
    if kinds:
        lines.append("Given up, a person must look: " + ", ".join(f"{n} × {kind}" for kind, n in kinds.items()) + ".")
    late = await rows.lists.failing(MOST_COUNTED)
    if late:
        lines.append(f"Trying again: {_up_to(len(late))} ({', '.join(sorted(set(late)))}).")
    beyond = await rows.lists.copies_in(CopyState.BEYOND_REACH, MOST_COUNTED)
    if beyond:
        lines.append(f"Chat copies beyond my reach: {_up_to(beyond)}; each is named in the receipts.")
    lines += await counted_by_place(rows)
    kept = await rows.lists.kept_in_chat(view.policy.waits_for, MOST_COUNTED)
    lines += [about_further_copies.chat_keeps(place, _up_to(count)) for place, count in sorted(kept.items())]
    aside = to_the_team.set_aside(await rows.set_aside(view.now - timedelta(days=7)))
    if aside:
        lines.append(aside)
    hidden = await unheard_of(rows, reader, view.today)
    paused = [person for person in await rows.people.standing(Standing.PAUSED) if person.id not in hidden]
    if paused:
        who = ", ".join(person.account for person in paused) if rooms.is_own(asked.address) else str(len(paused))
        lines.append(f"Paused, their security identity changed: {who}.")
    if not view.policy.has_purger:
        lines.append(to_the_team.no_purger())
    return ListPage("\n".join(lines))


def _up_to(count: int) -> str:
    return str(count) if count < MOST_COUNTED else f"{MOST_COUNTED:,} or more"
