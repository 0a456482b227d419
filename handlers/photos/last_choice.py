"""The question by which somebody last said whose photos are: “sorry, 3” is about these, also once they are filed (R15)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.transaction import Transaction
from bot.domain.conversation import About, Question, QuestionState
from bot.domain.entries import EntryKind
from bot.domain.image import Image
from bot.domain.people import Person


async def last_choice(person: Person, theirs: Sequence[Image], tx: Transaction) -> Question | None:
    """Return it; None where they have sent another photo since, as a colleague too, or a clinician has written to them.

    Words may be about that, then.
    """
    closed = await tx.rows.questions.closed_of_person(person.id)
    last = max((one for one in closed if _chose(one)), key=lambda one: (one.asked_at, one.id), default=None)
    if last is None:
        return None
    sent = sorted(await tx.rows.images.sent_by(person.id), key=lambda image: image.received_at)
    if not sent or sent[-1].id not in last.image_ids:
        return None
    written = await tx.rows.documents.of_images([image.id for image in theirs])
    replies = [one for one in written if one.kind is EntryKind.REPLY and one.reader_id == person.id]
    return None if any(reply.at >= last.asked_at for reply in replies) else last


def _chose(question: Question) -> bool:
    """Return whether somebody was chosen by it; what it was about may have been asked after that."""
    chose = question.about is About.REASON or question.state is QuestionState.ANSWERED
    return chose and question.about in {About.PATIENT, About.REASON} and bool(question.choices and question.image_ids)
