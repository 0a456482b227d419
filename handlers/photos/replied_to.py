"""The question that somebody's words reply to in their app: they are heard as an answer to that one, and to no other (R15, R34).

A homeserver can change what a message replies to. So it only ever leaves words less to answer: a yes to a request for consent
needs its number all the same, and so does one that takes a photo back need its reference, or to stand alone (R13, R32).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from bot.core.dispatch import Request, subject_replied_to
from bot.core.transaction import Transaction
from bot.domain.choices import Choice
from bot.domain.conversation import About, Open, Question
from bot.domain.identifiers import ImageId, QuestionId, UseId
from bot.domain.image import Image

OPEN_ABOUT: Mapping[About, Open] = MappingProxyType(
    {About.WITHDRAW: Open.WITHDRAW, About.PATIENT: Open.WHICH, About.REASON: Open.REASON}
)


@dataclass(frozen=True, slots=True)
class RepliedTo:
    """What the post asked that the words reply to, and the photos it asked about; both are empty where it asked nothing."""

    subject: str = ""
    about: About | None = None
    image_ids: frozenset[ImageId] = field(default_factory=frozenset)

    def may_answer(self, question: Question) -> bool:
        """Return whether the words may answer this: the question replied to, or one asked since in its place."""
        again = question.about is self.about and not self.image_ids.isdisjoint(question.image_ids)
        return not self.subject or question.id == self.subject or again

    def may_choose(self, choice: Choice) -> bool:
        return self.subject in {"", choice.subject}


async def question_replied_to(request: Request, theirs: Sequence[Image], tx: Transaction) -> RepliedTo:
    """Return what the words reply to; nothing where they name another photo than it is about: what they say counts more."""
    subject = await subject_replied_to(request, tx)
    if not subject:
        return RepliedTo()
    question = await tx.rows.questions.known(QuestionId(subject))
    use = await tx.rows.uses.known(UseId(subject)) if question is None else None
    asked_about = question.image_ids if question is not None else use.image_ids if use is not None else ()
    named = {image.id for image in theirs if image.ref in request.said.refs}
    if named and named.isdisjoint(asked_about):
        return RepliedTo()
    return RepliedTo(subject, question.about if question is not None else None, frozenset(asked_about))
