"""An answer to a request for consent: from somebody who may answer now, to the whole text that stands in its event (R13, R32).

A yes counts once, before it expires, decrypted and proved; that text, the capacity and the proof stay with it. One yes is enough,
unless somebody else's own yes is needed too, or somebody said no to the same (R9, R29a).
"""

from __future__ import annotations

from bot.core.dispatch import Request, refuse_unsigned
from bot.core.polls import close, close_polls
from bot.core.transaction import Transaction
from bot.core.uses.close_request import ENDED_BY_ANOTHER, close_request
from bot.core.uses.judge import apply_use
from bot.core.uses.record_answer import record_answer
from bot.core.uses.release import release
from bot.core.uses.request_consent import LATER, SURE, as_shown, ask_whole, capacity_for, wording_for
from bot.core.uses.still_allowed import own_consent
from bot.core.uses.stop import stop_use
from bot.domain import rooms
from bot.domain.answering import second_yes
from bot.domain.authority import may_still_say_no
from bot.domain.choices import Choice, digest_of, is_late_no, put_again
from bot.domain.consent import Answer, ConsentAnswer
from bot.domain.errors import Refused
from bot.domain.identifiers import NO_COPY, PersonId, UseId
from bot.domain.image import Image
from bot.domain.message import Message
from bot.domain.people import Relation
from bot.domain.use import ConsentGiven, ConsentRefused, RuledOut, Use, UseState, decide
from bot.words import about_requests, phrases

NOT_SHARED = frozenset({UseState.EXPIRED, UseState.REFUSED})
_AGREED = frozenset({UseState.GRANTED, UseState.RELEASED, UseState.CLOSED})


async def answer(choice: Choice, request: Request, tx: Transaction) -> Message | None:
    """Take the tap, or the words with the number, of somebody who was asked."""
    use = await tx.rows.uses.get(UseId(choice.subject))
    images = await tx.rows.images.among(use.image_ids)
    capacity = await capacity_for(use, images, request.person.id, tx)
    if capacity is None and choice.value == "no":
        capacity = await _own_no(images[0], request.person.id, tx)
    if capacity is None:
        raise Refused(phrases.not_your_question(), "R13")
    if choice.value == LATER:
        await _ask_again(choice, tx)
        return about_requests.later(choice.expires_at, tx.policy.timezone)
    await tx.ledger_message(request.arrival, image_id=images[0].id)
    if is_late_no(choice, tx.now) and use.state is not UseState.AWAITING_CONSENT:
        return await _late_no(use, request, capacity, tx)
    granted = choice.value in {"yes", SURE}
    if granted:
        refuse_unsigned(request)
    ended = use.state in ENDED_BY_ANOTHER and choice.used_at is None
    if not ended:
        decide(
            use, ConsentGiven(tx.now) if granted else ConsentRefused()
        )  # before anything else: whether it is in time
    text = await _answered(choice, use, images, capacity, tx)
    await _close_mine(use, request.person.id, tx)
    if granted and not text:
        await ask_whole(use, request.person.id, capacity, tx, sure=choice.value == SURE)
        return about_requests.asked_whole_again()
    if choice.value == "yes" and await _once_more(use, images, request.person.id, capacity, tx):
        return None
    said = Answer.GRANTED if granted else Answer.REFUSED
    wording = text or await wording_for(use, images, request.person.id, tx)
    await record_answer(_given(use, request, capacity, said, wording, tx), use, tx)
    if ended:  # by somebody of whom they may not know: they hear what anybody hears who is asked alone (R33a)
        refs = [image.ref for image in images]
        return about_requests.thanks_yes(refs[0]) if granted else about_requests.thanks_no(refs)
    return await (_agreed if granted else _refused)(use, images, request.person.id, tx)


async def _late_no(use: Use, request: Request, capacity: Relation, tx: Transaction) -> Message:
    """Take a no to a request that is over: it stops the use that was agreed to, whoever said yes. Of a use that nobody gets it is
    kept, where they had not answered: the next request finds it (R13, R29a).
    """
    if use.state in _AGREED:
        return await stop_use(use, await tx.rows.images.among(use.image_ids), request.person, request.proof, tx)
    said = await tx.rows.consent_answers.of_use(use.id)
    if use.state not in NOT_SHARED or any(answer.person_id == request.person.id for answer in said):
        raise Refused(about_requests.consent_answered_already(), "R13", use.image_ids[0])
    images = await tx.rows.images.among(use.image_ids)
    wording = await wording_for(use, images, request.person.id, tx)
    await record_answer(_given(use, request, capacity, Answer.REFUSED, wording, tx), use, tx)
    return about_requests.thanks_no([image.ref for image in images])


def _given(
    use: Use, request: Request, capacity: Relation, answer: Answer, wording: str, tx: Transaction
) -> ConsentAnswer:
    return ConsentAnswer(
        id=tx.ids.new(),
        use_id=use.id,
        person_id=request.person.id,
        capacity=capacity,
        answer=answer,
        wording=wording,
        wording_version=use.wording_version,
        at=tx.now,
        proof=request.proof,
    )


async def _own_no(image: Image, person_id: PersonId, tx: Transaction) -> Relation | None:
    """Return the capacity for a patient's no, asked for while they decided themselves: it counts, their yes does not."""
    still = may_still_say_no(await tx.circle(image.patient_id), person_id, tx.today)
    return Relation.SELF if still else None


async def _answered(choice: Choice, use: Use, images: list[Image], capacity: Relation, tx: Transaction) -> str:
    """Return the whole text in the event that this answers, if it is what the use says now; "" when they differ (R32)."""
    wording = await wording_for(use, images, choice.person_id, tx)
    asked = as_shown(wording, capacity, await tx.rows.patients.get(images[0].patient_id))
    for text in (about_requests.whole(lead, asked) for lead in about_requests.consent_leads(images)):
        in_words = (about_requests.whole_in_words(text, choice.number, sure) for sure in (False, True))
        for stood in (text, *in_words) if choice.number else (text,):
            if digest_of(stood) == choice.digest and await _stands(choice, tx):
                return stood
    return ""


async def _stands(choice: Choice, tx: Transaction) -> bool:
    """Return whether the question was sent, and was not taken out of the chat since: with a lost phone, say (R32).

    A tap proves that it was sent by its secret, which stands nowhere else; a number could be guessed.
    """
    posts = await tx.rows.copies.among({choice.copy_id} - {NO_COPY})
    was_sent = not choice.number or any(post.event_id for post in posts)
    return was_sent and all(post.stands_at(tx.now) for post in posts)


async def _close_mine(use: Use, person_id: PersonId, tx: Transaction) -> None:
    await close(tx, await tx.rows.choices.open_about(use.id, person_id))


async def _once_more(use: Use, images: list[Image], person_id: PersonId, capacity: Relation, tx: Transaction) -> bool:
    """Ask for a second yes where one is due, and return whether it is: the first grants nothing.

    The second must come as soon as the first.
    """
    patient = await tx.rows.patients.get(images[0].patient_id)
    intimate = await _is_intimate(use, tx)
    if not second_yes(patient.born, tx.today, intimate=intimate, policy=tx.policy.uses):
        return False
    await ask_whole(use, person_id, capacity, tx, about_requests.are_you_sure(images, intimate), sure=True)
    return True


async def _is_intimate(use: Use, tx: Transaction) -> bool:
    """Return whether this or any other request about one of these images said so: a photo does not stop being intimate."""
    return use.intimate or any(other.intimate for other in await tx.rows.uses_of(*use.image_ids))


async def _agreed(use: Use, images: list[Image], person_id: PersonId, tx: Transaction) -> Message:
    stands = await own_consent(tx.rows, use, images, tx.now, tx.today)
    if not stands and await tx.rows.choices.open_about(use.id):
        return about_requests.thanks_yes(images[0].ref)  # somebody else's yes is needed too
    await close_polls(tx, use.id)
    if not stands:
        await apply_use(tx, use, RuledOut(stands.rule), "bot")
        await tx.say(rooms.own(use.asked_by), about_requests.not_agreed(images), image_id=images[0].id)
        return about_requests.thanks_yes(images[0].ref)
    if not await release(await apply_use(tx, use, ConsentGiven(tx.now), person_id), tx):
        return about_requests.thanks_yes_not_shared()
    recipients = [person.name for person in await tx.rows.people.among(use.recipient_ids)]
    told = about_requests.agreed(use, images, recipients, tx.policy.timezone)
    await tx.say(rooms.own(use.asked_by), told, image_id=images[0].id)
    return about_requests.thanks_yes(images[0].ref)


async def _refused(use: Use, images: list[Image], person_id: PersonId, tx: Transaction) -> Message:
    await apply_use(tx, use, ConsentRefused(), person_id)
    await close_request(use, person_id, tx)
    await tx.say(rooms.own(use.asked_by), about_requests.not_agreed(images), image_id=images[0].id)
    return about_requests.thanks_no([image.ref for image in images])


async def _ask_again(choice: Choice, tx: Transaction) -> None:
    """Ask again: "Later" uses up nothing but itself, and the other answers stay good until they expire."""
    for other in await tx.rows.choices.of_poll(choice.poll_id):
        await tx.rows.choices.save(put_again(other))
