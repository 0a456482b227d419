"""`!list`: what waits, by reference and reason, without names."""

from __future__ import annotations

from bot.core.dispatch import Request
from bot.core.transaction import Transaction
from bot.domain.identifiers import PersonId
from bot.domain.image import Image, State
from bot.words import phrases
from handlers.colleagues.outside_note import is_open

MOST = 30


async def list_images(request: Request, tx: Transaction) -> str | None:
    states = [state for state in State if state not in {State.DISCARDED, State.LEFT_WITH_SENDER, State.DESTROYED}]
    images = await tx.rows.images.in_states(states)
    unnoted = {image.id for image in images if await is_open(image, tx)}
    waiting = [
        image for image in images if not image.taken_by or image.state is not State.VERIFIED or image.id in unnoted
    ]
    mine = [image for image in images if image.taken_by == request.person.id and image not in waiting]
    if not waiting and not mine:
        return "Nothing is waiting."
    shown = (*waiting, *mine)[-MOST:]
    takers = {image.taken_by for image in shown}
    names = {person.id: person.name for person in await tx.rows.people.among(takers)}
    lines = [_line(image, names) + (" · needs a note" if image.id in unnoted else "") for image in shown]
    left_out = len(waiting) + len(mine) - len(lines)
    if left_out:
        lines.insert(0, f"({left_out} earlier ones are not shown)")
    await tx.say(request.room.address, "\n".join(lines), private=True)
    return None


def _line(image: Image, names: dict[PersonId, str]) -> str:
    taken = names.get(image.taken_by, "") or "nobody yet"
    return (
        f"{image.ref} · {phrases.quoted(image.reason or 'no reason yet', 80)} · {image.state.value} · taken by {taken}"
    )
