"""`!status`: what waits and what needs a person, in a few lines."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from bot.core.dispatch import Request
from bot.core.transaction import Transaction
from bot.domain.copies import CopyState
from bot.domain.image import State
from bot.domain.people import Standing
from bot.domain.planned import Progress
from bot.domain.rooms import RoomKind
from bot.words import to_the_team


async def status(request: Request, tx: Transaction) -> str | None:
    open_states = (State.RECEIVED, State.CAPTURED, State.READY, State.FILED, State.HELD)
    images = Counter(image.state.value for image in await tx.rows.images.in_states(open_states))
    lines = [
        "Photos not yet safely filed: " + (", ".join(f"{n} {state}" for state, n in images.items()) or "none") + "."
    ]
    stuck = await tx.rows.waiting(Progress.HELD)
    if stuck:
        kinds = Counter(f"{to_the_team.DOING[planned.intent.kind]} ({planned.trouble})" for planned in stuck)
        lines.append("Given up, a person must look: " + ", ".join(f"{n} × {kind}" for kind, n in kinds.items()) + ".")
    late = [planned for planned in await tx.rows.waiting(Progress.DUE) if planned.attempts > 2]
    if late:
        lines.append(f"Trying again: {len(late)} ({', '.join(sorted({planned.trouble for planned in late}))}).")
    beyond = await tx.rows.copies.in_state(CopyState.BEYOND_REACH)
    if beyond:
        lines.append(f"Chat copies beyond my reach: {len(beyond)}; each is named in the receipts.")
    aside = to_the_team.set_aside(await tx.rows.set_aside(tx.now - timedelta(days=7)))
    if aside:
        lines.append(aside)
    paused = await tx.rows.people.standing(Standing.PAUSED)
    if paused:
        who = ", ".join(person.account for person in paused) if request.room.kind is RoomKind.OWN else str(len(paused))
        lines.append(f"Paused, their security identity changed: {who}.")
    if not tx.policy.has_purger:
        lines.append(to_the_team.no_purger())
    return "\n".join(lines)
