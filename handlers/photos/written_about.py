"""Which photo somebody's words are about, where they may be about several (R15, R29).

The one they name or reply to. Else, of those of the child whom they name, what they are asked about; else the one a clinician
last wrote to them about, unless they sent another since; else the latest. Only ever one of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.conversation import Open, Question
from bot.domain.identifiers import UseId
from bot.domain.image import Image
from bot.domain.people import Person

from .around import Surroundings
from .replies import replies_to


async def photo_written_about(around: Surroundings) -> Image | None:
    """Return the photo that words are to be filed with; None where they name a child of whom there is none (R15).

    `Refused` when they name a photo that can't be theirs.
    """
    meant = around.photo_meant()
    if meant is not None:
        return meant
    able = around.of_whom_they_name(around.theirs)
    asked = await photos_asked_about(able, around)
    return asked[-1] if asked else await last_talked_of(able, around)


async def photos_asked_about(theirs: Sequence[Image], around: Surroundings) -> list[Image]:
    """Return those of these photos that what is open is about: the gravest question that is about any."""
    known = {image.id: image for image in theirs}
    for asked in (around.requests_meant, around.withdraw, around.questions.get(Open.WHICH), around.reason):
        if isinstance(asked, Question):
            found = [known[image_id] for image_id in asked.image_ids if image_id in known]
        elif asked:
            use = await around.tx.rows.uses.get(UseId(asked[-1].subject))
            found = [known[image_id] for image_id in use.image_ids if image_id in known]
        else:
            continue
        if found:
            return found
    return []


async def asked_about_last(able: Sequence[Image], around: Surroundings) -> tuple[list[Image], datetime]:
    """Return those of these photos that the last of what is open is about, and when that was asked."""
    known = {image.id: image for image in able}
    asked = [(question.asked_at, question.image_ids) for question in around.questions.values()]
    for choice in around.requests:
        use = await around.tx.rows.uses.get(UseId(choice.subject))
        asked.append((use.asked_at, use.image_ids))
    for at, image_ids in sorted(asked, key=lambda one: one[0], reverse=True):
        if found := [known[image_id] for image_id in image_ids if image_id in known]:
            return found, at
    return [], around.tx.now


async def last_talked_of(theirs: Sequence[Image], around: Surroundings) -> Image | None:
    """Return the photo that a clinician wrote to them about, unless they have sent another since."""
    person_id = around.request.person.id
    sent = latest_sent(theirs, around.request.person)
    known = {image.id: image for image in theirs}
    written = await replies_to(person_id, theirs, around.tx)
    latest = max(written, key=lambda document: document.at, default=None)
    newer = sent is not None and sent.sender_id == person_id and latest is not None and sent.received_at > latest.at
    return sent if latest is None or newer else known[latest.image_id]


def latest_sent(theirs: Sequence[Image], person: Person) -> Image | None:
    """Return the latest photo they sent and may still write under; without one, the latest that they may hear of (R29)."""
    sent = [image for image in theirs if image.sender_id == person.id]
    return next(reversed(sent or theirs), None)
