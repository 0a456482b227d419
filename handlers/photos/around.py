"""What somebody's words may be about: their photos, what they were asked, and what the message replies to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core.circles import answers_for_others
from bot.core.dispatch import Request, event_replied_to
from bot.core.documents import REPLY
from bot.core.transaction import Transaction
from bot.domain.choices import Choice, spoken
from bot.domain.conversation import About, Open, Question
from bot.domain.deeds import PassOn
from bot.domain.image import Image
from bot.heard.patient import HangsOn, Heard, Written

from .own_image import images_as_a_patient
from .photo_meant import photos_meant

_OPEN = {About.WITHDRAW: Open.WITHDRAW, About.PATIENT: Open.WHICH, About.REASON: Open.REASON}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What their words may be about, as it stands now."""

    request: Request
    tx: Transaction
    theirs: list[Image]  # as a patient, oldest first
    questions: Mapping[Open, Question]  # the first of each kind, or of those about the photo that the words name
    requests: list[Choice]  # answers to requests for consent that they may still give
    asked_otherwise: bool = False  # whether a yes or no may answer something else that is open, as staff
    asked_back: frozenset[str] = frozenset()  # references of photos that they are asked whether to withdraw
    heard: Heard = field(default_factory=lambda: Heard(PassOn()))
    under: Open | None = None  # the question that the words were heard to answer

    @property
    def reason(self) -> Question | None:
        return self.questions.get(Open.REASON)

    @property
    def withdraw(self) -> Question | None:
        return self.questions.get(Open.WITHDRAW)


async def look_around(request: Request, tx: Transaction) -> Surroundings:
    open_now = await tx.rows.choices.open_of_person(request.person.id)
    requests = [choice for choice in open_now if choice.about == "specific-consent" and tx.now < choice.expires_at]
    otherwise = any(spoken(choice.label) in {"yes", "no"} for choice in open_now if choice.about != "specific-consent")
    meant = {image.id for image in await photos_meant(request, tx)}
    questions: dict[Open, Question] = {}
    for question in sorted(
        await tx.rows.questions.open_of_person(request.person.id), key=lambda one: meant.isdisjoint(one.image_ids)
    ):
        if question.about in _OPEN:
            questions.setdefault(_OPEN[question.about], question)
    withdraw = questions.get(Open.WITHDRAW)
    asked_back = await tx.rows.images.among(withdraw.image_ids) if withdraw is not None else []
    theirs = await images_as_a_patient(request.person, tx)
    refs = frozenset(image.ref for image in asked_back)
    return Surroundings(request, tx, theirs, questions, requests, asked_otherwise=otherwise, asked_back=refs)


async def written_in(around: Surroundings) -> Written:
    request, tx = around.request, around.tx
    return Written(
        request.text,
        hangs_on=await _hangs_on(around),
        photos=len(around.theirs),
        refs=around.asked_back.union(image.ref for image in around.theirs),
        numbers=frozenset(choice.number for choice in around.requests if choice.number),
        name=request.person.name,
        answers_for_others=await answers_for_others(tx.rows, request.person.id),
    )


async def _hangs_on(around: Surroundings) -> HangsOn | None:
    event_id = event_replied_to(around.request.content)
    if event_id is None:
        return None
    copies = await around.tx.rows.copies.of_event(event_id, around.request.room.id)
    if any(copy.post_key.startswith(REPLY) for copy in copies):
        return HangsOn.CLINICIAN
    if any(copy.post_key.startswith("asked:") for copy in copies):
        return None  # a question: the reply is an answer like any other
    sent = any(image.event_id == event_id for image in around.theirs)
    return HangsOn.PHOTO if sent or any(copy.image_id for copy in copies) else None
