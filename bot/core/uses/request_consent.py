"""Specific consent: the patient, or who answers for them, is asked in full, by message and encrypted poll (R8 to R13, R29a).

What they are told: who asks and in what role, which image, the purpose, how it will be used, who will see it, whether they
could be recognised, for how long, and that saying no or changing their mind makes no difference to their care. All of it stands
in each event they may answer, and the answer is bound to it (R32). The sender is asked if they speak for the patient now; else
the requester taps whom. A person who said no to the same before is asked again, and nobody else in their place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.core.circles import answers_about
from bot.core.copy_contents import sent_unknown_to
from bot.core.dispatch import Request
from bot.core.polls import ask, ask_in_words, close_polls, free_number
from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.authority import said_no, whom_to_ask
from bot.domain.choices import Choice, TapAbout, spent
from bot.domain.errors import Refused
from bot.domain.identifiers import ChoiceId, PersonId, UseId
from bot.domain.image import Image
from bot.domain.intents import Hearing
from bot.domain.message import Message
from bot.domain.people import Patient, Relation
from bot.domain.use import NOT_SAID, ConsentAsked, DetailsSaid, Use, UseState, decide
from bot.words import about_requests, about_uses, phrases
from bot.words.about_people import asked_as

from .begin import time_left
from .close_request import ENDED_BY_ANOTHER
from .end import run_out
from .judge import apply_use, held_by_a_no

DEFAULT_PERIOD = timedelta(days=90)
SURE, LATER = "sure", "later"
ANSWERS = [("yes", "Yes"), ("no", "No"), (LATER, "Ask me later")]
SURE_ANSWERS = [(SURE, "Yes, I am sure"), ("no", "No")]


@dataclass(frozen=True, slots=True)
class Whom:
    """The people a request may go to, with their capacity; and those to whom it goes without a tap:
    nobody, where one is needed.
    """

    able: dict[PersonId, Relation]
    also: dict[PersonId, Relation]
    straight: frozenset[PersonId]


async def request_consent(use: Use, rule: str, tx: Transaction, *, seen_by: str = "", how: str = "") -> Message | None:
    """Ask those who may answer, or ask the requester whom to ask; return what the requester hears."""
    rest = DetailsSaid(
        seen_by=use.seen_by or seen_by,
        how=use.how or how,
        recognisable=use.recognisable or NOT_SAID,
        until=use.until or tx.now + DEFAULT_PERIOD,
    )
    full = decide(use, rest)
    images = await tx.rows.images.among(use.image_ids)
    whom = await whom_to_reach(full, images, tx)
    saved = await tx.rows.uses.save(full)
    if whom.straight:
        return await _ask(saved, rule, images, whom, whom.straight, tx)
    patient = await tx.rows.patients.get(images[0].patient_id)
    people = await tx.rows.people.among(whom.able)
    answers = [(f"{rule}:{person.id}", about_requests.whom(person, whom.able[person.id], patient)) for person in people]
    await ask(
        tx,
        await tx.person(use.asked_by),
        about_requests.WHOM_TO_ASK.format(refs=_refs(images)),
        answers,
        about="whom-to-ask",
        subject=use.id,
        lasts=time_left(use, tx),
        image_id=images[0].id,
    )
    return None


async def whom_tapped(choice: Choice, request: Request, tx: Transaction) -> Message | None:
    """Ask the person that the requester named: whether they may be asked is judged again now."""
    use = await tx.rows.uses.get(UseId(choice.subject))
    if use.state is not UseState.ASKED:
        raise Refused(phrases.answered_already())
    await close_polls(tx, use.id)
    rule, _, named = choice.value.partition(":")
    person_id = PersonId(named)
    images = await tx.rows.images.among(use.image_ids)
    whom = await whom_to_reach(use, images, tx)
    if person_id not in whom.able:
        raise Refused(about_requests.can_not_be_asked(), "R29a", images[0].id)
    return await _ask(use, rule, images, whom, whom.straight or frozenset({person_id}), tx)


async def whom_to_reach(use: Use, images: list[Image], tx: Transaction) -> Whom:
    """Return those of the people who may answer who can be reached.

    Raises `Refused` where nobody can be reached who must be (R9, R13, R29a), and while a no holds one of the images (R28a).
    """
    for image in images:
        if held := await held_by_a_no(image, tx, use.asked_by):
            raise Refused(held.because, held.rule, image.id)
    circle = await tx.circle(images[0].patient_id)
    matters = [await tx.matter(image, circle) for image in images]
    asked = whom_to_ask(circle, matters, use.purpose, use.asked_by, tx.today)
    refused_by = said_no(circle, matters, await answers_about(tx.rows, images), use.purpose, tx.today)
    also = dict.fromkeys(asked.also, Relation.SELF)
    reached = await tx.reached([*asked.able, *also])
    able = {id: relation for id, relation in asked.able.items() if id in reached}
    if not refused_by <= able.keys() | (also.keys() & reached):  # one who said no can't be asked: no reasons (R13)
        raise Refused(about_uses.not_shared([image.ref for image in images]), "R13", images[0].id)
    if not able or not also.keys() <= reached:
        everybody_left = asked.able and not reached
        text = about_requests.all_have_left() if everybody_left else about_requests.nobody_can_answer()
        raise Refused(text, "R9", images[0].id)
    straight = (refused_by & able.keys()) or ({asked.sender} & able.keys())
    return Whom(able, also, frozenset(straight))


async def _ask(
    use: Use, rule: str, images: list[Image], whom: Whom, people: frozenset[PersonId], tx: Transaction
) -> Message:
    """Ask these people, and everybody whose own yes is needed too."""
    patient = await tx.rows.patients.get(images[0].patient_id)
    asker = await tx.person(use.asked_by)
    recipients = {person.account: person.name for person in await tx.rows.people.among(use.recipient_ids)}
    names = [recipients.get(account, "somebody not enrolled") for account in use.recipients]
    texts = tx.policy.texts
    asked = {id: held for id, held in (whom.able | whom.also).items() if id in people or id in whom.also}
    text = about_requests.request_for_consent(texts, use, images, patient, asker, names, tx.policy.timezone)
    expires = tx.now + tx.policy.consent_deadline
    is_asked = ConsentAsked(rule, text, texts.version("request_for_consent"), expires, phrases.sent_for(images[0]))
    waiting = await apply_use(tx, use, is_asked, use.asked_by)
    for person_id, capacity in asked.items():
        await ask_whole(waiting, person_id, capacity, tx)
    await tx.remind("consent-reminder", waiting.id, tx.policy.consent_deadline / 2)
    await tx.remind("consent-expiry", waiting.id, tx.policy.consent_deadline)
    return about_requests.patient_is_asked()


async def ask_whole(
    use: Use, person_id: PersonId, capacity: Relation, tx: Transaction, lead: str = "", sure: bool = False
) -> None:
    """Ask one person, in words and by a poll: each is whole, so either is enough, and carries its own answers (R32)."""
    images = await tx.rows.images.among(use.image_ids)
    person, patient = await tx.person(person_id), await tx.rows.patients.get(images[0].patient_id)
    lasts = max(use.expires_at - tx.now, timedelta()) if use.expires_at else timedelta()
    asked = as_shown(await wording_for(use, images, person_id, tx), capacity, patient)
    answers = SURE_ANSWERS if sure else ANSWERS
    number = await free_number(tx, person)
    told = about_requests.whole_in_words(about_requests.whole(lead, asked), number, sure)
    about: TapAbout = "specific-consent"
    image_id = images[0].id
    await ask_in_words(
        tx,
        person,
        told,
        answers,
        about=about,
        subject=use.id,
        lasts=lasts,
        image_id=image_id,
        number=number,
        hearing=Hearing.THEIRS,
    )
    await ask(
        tx,
        person,
        about_requests.whole(lead if sure else "", asked),
        answers,
        about=about,
        subject=use.id,
        lasts=lasts,
        image_id=image_id,
        said_already=True,
        hearing=Hearing.THEIRS,
        stays={LATER},
    )


async def wording_for(use: Use, images: Sequence[Image], person_id: PersonId, tx: Transaction) -> str:
    """Return the question as this person reads it: without the reason where they may not know who gave it (R33a)."""
    patient = await tx.rows.patients.get(images[0].patient_id)
    unknown = await sent_unknown_to(tx.rows, await tx.circle(patient.id), images, person_id, tx.today)
    return about_requests.without_reason(use.wording, images[0], patient) if unknown else use.wording


def as_shown(text: str, capacity: Relation, patient: Patient) -> str:
    """Return the exact words this person is asked with, and the capacity they are asked in."""
    return "\n".join(filter(None, (text, asked_as(capacity, patient))))


async def remind(tx: Transaction, use_id: UseId) -> None:
    """Ask the whole question once more, then nothing until it expires; not when the bot slept past that."""
    use = await tx.rows.uses.get(use_id)
    waits = use.state in {UseState.AWAITING_CONSENT, *ENDED_BY_ANOTHER}
    if not waits or (use.expires_at is not None and tx.now >= use.expires_at):
        return
    images = await tx.rows.images.among(use.image_ids)
    unanswered = await tx.rows.choices.open_about(use.id)
    for person_id in dict.fromkeys(choice.person_id for choice in unanswered):
        sure = any(choice.value == SURE for choice in unanswered if choice.person_id == person_id)
        capacity = await capacity_for(use, images, person_id, tx)
        if capacity is not None:
            await ask_whole(use, person_id, capacity, tx, about_requests.still_open(images), sure)


async def capacity_for(use: Use, images: list[Image], person_id: PersonId, tx: Transaction) -> Relation | None:
    """Return in what capacity somebody may be asked this, and their answer counts, now: about all of its images."""
    circle = await tx.circle(images[0].patient_id)
    matters = [await tx.matter(image, circle) for image in images]
    asked = whom_to_ask(circle, matters, use.purpose, use.asked_by, tx.today)
    return asked.able.get(person_id) or (Relation.SELF if person_id in asked.also else None)


async def unsent(tx: Transaction, choice_id: ChoiceId) -> None:
    """Note that a post with the question could not be sent: once none is left it is asked once more, then the requester hears."""
    failed = await tx.rows.choices.get(choice_id)
    use = await tx.rows.uses.get(UseId(failed.subject))
    if failed.used_at is not None or use.state is not UseState.AWAITING_CONSENT:
        return
    mine = await tx.rows.choices.about(use.id, failed.person_id)
    for choice in mine:
        if choice.copy_id == failed.copy_id:
            await tx.rows.choices.save(spent(choice, tx.now))
    if any(choice.used_at is None and choice.copy_id != failed.copy_id for choice in mine):
        return  # another post with the whole question stands, or may yet
    images = await tx.rows.images.among(use.image_ids)
    capacity = await capacity_for(use, images, failed.person_id, tx)
    if capacity is not None and len({choice.copy_id for choice in mine}) == TWO_POSTS:
        await ask_whole(use, failed.person_id, capacity, tx)
        return
    name = (await tx.person(failed.person_id)).name
    text = about_requests.CONSENT_UNSENT.format(refs=_refs(images), name=name)
    await tx.say(rooms.own(use.asked_by), text, image_id=images[0].id)


TWO_POSTS = 2  # posts of one question: the words, and the poll


async def expire(tx: Transaction, use_id: UseId) -> None:
    if (await tx.rows.uses.get(use_id)).state in ENDED_BY_ANOTHER:
        await close_polls(tx, use_id)
    await run_out(use_id, UseState.AWAITING_CONSENT, about_requests.not_agreed, tx)


def _refs(images: list[Image]) -> str:
    return phrases.many([image.ref for image in images])
