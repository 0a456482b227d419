"""Requests for consent, and who may still answer them: a question ends with the authority it was asked under (R28, R31, R33).

Nobody who is linked anew finds an old request open, and no request waits for an answer that nobody may give. It is settled when
an authority ends, when capacity changes, and before a new authority is recorded. Somebody who is paused only waits: what was
taken out of their chat is asked once more when they are back (R32).
"""

from __future__ import annotations

from bot.core.polls import close, fade_posts
from bot.core.transaction import Transaction
from bot.domain.authority import may_be_agreed, still_asked
from bot.domain.choices import Choice
from bot.domain.consent import Answer
from bot.domain.identifiers import NO_COPY, PatientId, UseId
from bot.domain.people import Person
from bot.domain.use import Use, UseState
from bot.words import about_requests

from .close_request import ENDED_BY_ANOTHER
from .end import run_out
from .request_consent import SURE, ask_whole, capacity_for

_MAY_STAND_OPEN = frozenset({UseState.AWAITING_CONSENT, *ENDED_BY_ANOTHER})


async def settle_requests(patient_id: PatientId, tx: Transaction) -> None:
    """Close what is asked of people who may not answer about this patient any more; end a request that nobody can agree to."""
    images = await tx.rows.images.of_patient(patient_id)
    for use in await tx.rows.uses_of(*(image.id for image in images)) if images else []:
        if use.state in _MAY_STAND_OPEN:
            await _settle(use, patient_id, tx)


async def _settle(use: Use, patient_id: PatientId, tx: Transaction) -> None:
    circle = await tx.circle(patient_id)
    images = await tx.rows.images.among(use.image_ids)
    matters = [await tx.matter(image, circle) for image in images]
    asked = await tx.rows.choices.open_about(use.id)
    still = [choice for choice in asked if still_asked(circle, matters, choice.person_id, tx.today)]
    said = await tx.rows.consent_answers.of_use(use.id)
    agreed = {answer.person_id for answer in said if answer.answer is Answer.GRANTED}
    people = agreed | {choice.person_id for choice in still}
    if use.state is UseState.AWAITING_CONSENT and not may_be_agreed(circle, matters, use.purpose, people, tx.today):
        await run_out(use.id, UseState.AWAITING_CONSENT, about_requests.nobody_left_to_answer, tx)
        return
    await _let_go([choice for choice in asked if choice not in still], tx)


async def _let_go(choices: list[Choice], tx: Transaction) -> None:
    """Let none of these be made any more; their posts go when other words go."""
    await close(tx, choices)
    await fade_posts({choice.copy_id for choice in choices} - {NO_COPY}, tx)


async def ask_again_what_was_taken_back(person: Person, tx: Transaction) -> None:
    """Ask once more what somebody was asked before they were paused, where no text of it stands in their chat (R32)."""
    asked = [choice for choice in await tx.rows.choices.open_of_person(person.id) if choice.about == "specific-consent"]
    for subject in dict.fromkeys(choice.subject for choice in asked):
        mine = [choice for choice in asked if choice.subject == subject]
        posts = await tx.rows.copies.among({choice.copy_id for choice in mine} - {NO_COPY})
        if any(post.event_id and post.stands_at(tx.now) for post in posts):
            continue
        use = await tx.rows.uses.get(UseId(subject))
        images = await tx.rows.images.among(use.image_ids)
        capacity = await capacity_for(use, images, person.id, tx)
        if capacity is not None and use.expires_at is not None and tx.now < use.expires_at:
            await close(tx, mine)
            sure = any(choice.value == SURE for choice in mine)
            await ask_whole(use, person.id, capacity, tx, about_requests.still_open(images), sure)
