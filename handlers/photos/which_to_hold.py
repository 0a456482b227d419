"""Which photo a wish to have one back is about, where the words alone do not say (R29, R34)."""

from __future__ import annotations

from bot.domain.conversation import Question
from bot.domain.entries import EntryKind
from bot.domain.identifiers import UseId
from bot.domain.image import HeldFor, Image
from bot.heard.patient import Open

from .around import Surroundings
from .pass_on import latest_sent
from .photo_meant import photo_meant, photos_meant


async def photos_to_hold(around: Surroundings) -> list[Image]:
    """Return the photos meant: named or replied to, else those of what is open, else what was last sent or written about."""
    theirs = [image for image in around.theirs if image.held_for is not HeldFor.WITHDRAWAL]
    known = {image.id: image for image in theirs}
    if await photo_meant(around.request, around.tx) is not None:
        return [image for image in await photos_meant(around.request, around.tx) if image.id in known]
    for asked in (around.requests, around.withdraw, around.questions.get(Open.WHICH), around.reason):
        if isinstance(asked, Question):
            found = [known[image_id] for image_id in asked.image_ids if image_id in known]
        elif asked:
            use = await around.tx.rows.uses.get(UseId(asked[-1].subject))
            found = [known[image_id] for image_id in use.image_ids if image_id in known]
        else:
            continue
        if found:
            return found
    latest = await _last_talked_of(theirs, around)
    return [latest] if latest is not None else []


async def _last_talked_of(theirs: list[Image], around: Surroundings) -> Image | None:
    """Return the photo that a clinician wrote to them about, unless they have sent another since."""
    sent = latest_sent(theirs, around.request.person)
    known = {image.id: image for image in theirs}
    written = [
        document
        for document in await around.tx.rows.documents.of_images(list(known))
        if document.kind is EntryKind.REPLY and document.reader_id == around.request.person.id
    ]
    latest = max(written, key=lambda document: document.at, default=None)
    if latest is None or (sent is not None and sent.received_at > latest.at):
        return sent
    return known[latest.image_id]
