"""Specific consent: the patient, or who answers for them, is asked in full, once, by message and encrypted poll (R8 to R13).

What they are told: who asks and in what role, which image, the purpose, how it will be used, who will see it, whether they
could be recognised, for how long, and that saying no or changing their mind makes no difference to their care. Their answer
counts once, before it expires, from the right person, decrypted and proved; the exact wording and the proof stay with it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.dispatch import Request
from bot.documents import write
from bot.domain import rooms, wording, wording_uses
from bot.domain.answering import second_yes
from bot.domain.choices import Choice
from bot.domain.consents import Answer, ConsentAnswer
from bot.domain.entries import EntryKind
from bot.domain.errors import Refused
from bot.domain.image import Image
from bot.domain.people import Patient, Relation
from bot.domain.proof import proof_of
from bot.domain.use import ConsentAsked, ConsentGiven, ConsentRefused, Use, UseState
from bot.domain.wording_people import asked_as
from bot.transaction import Transaction

from .end_use import run_out
from .release import release
from .use_rules import apply_use

DEFAULT_PERIOD = timedelta(days=90)
SURE = "sure"


async def request_consent(use: Use, rule: str, tx: Transaction, *, seen_by: str = "", how: str = "") -> str:
    """Ask everybody who may answer; what the requester hears back."""
    full = replace(
        use,
        seen_by=use.seen_by or seen_by,
        how=use.how or how,
        recognisable=use.recognisable or "possibly",
        until=use.until or tx.now + DEFAULT_PERIOD,
    )
    images = await tx.rows.images.find(id=use.image_ids)
    patient = await tx.rows.patients.get(images[0].patient_id)
    capacities = await tx.answerers(patient.id)
    reached = await tx.reached(capacities)
    if not reached:
        text = wording_uses.ALL_HAVE_LEFT if capacities else wording_uses.NOBODY_CAN_ANSWER
        raise Refused(text, "R9", images[0].id)
    asker = await tx.person(use.asked_by)
    recipients = {one.account: one.name for one in await tx.rows.people.find(account=full.recipients)}
    names = [recipients.get(account, "somebody not enrolled") for account in full.recipients]
    texts = tx.policy.texts
    text = wording_uses.request_for_consent(texts, full, images, patient, asker, names, tx.policy.timezone)
    expires = tx.now + tx.policy.consent_deadline
    saved = await tx.rows.uses.save(full)
    waiting = await apply_use(
        tx, saved, ConsentAsked(rule, text, texts.version("request_for_consent"), expires), use.asked_by
    )
    for person_id in [one for one in capacities if one in reached]:
        capacity = capacities[person_id]
        person = await tx.person(person_id)
        number = tx.ids.number()
        asked = _as_shown(text, capacity, patient)
        told = f"{asked}\n\n{wording_uses.OR_IN_WORDS.format(number=number)}"
        lasts = tx.policy.consent_deadline
        await tx.say(rooms.own(person_id), told, image_id=images[0].id, key=f"asked:{waiting.id}", lasts=lasts)
        await tx.ask(
            person,
            wording_uses.CONSENT_QUESTION.format(refs=wording.many([image.ref for image in images])),
            [("yes", "Yes"), ("no", "No"), ("later", "Ask me later")],
            about="specific-consent",
            subject=waiting.id,
            lasts=lasts,
            image_id=images[0].id,
            number=number,
        )
    await tx.remind("consent-reminder", waiting.id, tx.policy.consent_deadline / 2)
    await tx.remind("consent-expiry", waiting.id, tx.policy.consent_deadline)
    return wording_uses.PATIENT_IS_ASKED


def _as_shown(text: str, capacity: Relation, patient: Patient) -> str:
    """The exact words this person saw, with the capacity they are asked in."""
    return "\n".join(filter(None, (text, asked_as(capacity, patient))))


async def answer(choice: Choice, request: Request, tx: Transaction) -> str | None:
    """The tap, or the words with the number, of somebody who was asked."""
    use = await tx.rows.uses.get(choice.subject)
    images = await tx.rows.images.find(id=use.image_ids)
    capacity = (await tx.answerers(images[0].patient_id)).get(request.person.id)
    if capacity is None:
        raise Refused(wording.NOT_YOUR_QUESTION, "R13")
    if choice.value == "later":
        await _ask_again(choice, request, tx)
        return wording_uses.LATER.format(until=wording.moment(choice.expires_at, tx.policy.timezone))
    await tx.ledger_message(request.arrival, image_id=images[0].id)
    patient = await tx.rows.patients.get(images[0].patient_id)
    intimate = await _is_intimate(use, tx)
    if choice.value == "yes" and second_yes(patient.born, tx.today, intimate=intimate, policy=tx.policy.uses):
        await _once_more(choice, replace(use, intimate=intimate), images, request, tx)
        return None
    granted = choice.value in {"yes", SURE}
    after = await apply_use(tx, use, ConsentGiven(tx.now) if granted else ConsentRefused(), request.person.id)
    await tx.close_polls(use.id)
    given = ConsentAnswer(
        id=tx.ids.new(),
        use_id=use.id,
        person_id=request.person.id,
        capacity=capacity,
        answer=Answer.GRANTED if granted else Answer.REFUSED,
        wording=_as_shown(use.wording, capacity, patient),
        wording_version=use.wording_version,
        at=tx.now,
        proof=proof_of(request.arrival),
    )
    await record_answer(given, use, tx)
    if not granted:
        await tx.say(rooms.own(use.asked_by), wording_uses.not_agreed(images), image_id=images[0].id)
        return wording_uses.THANKS_NO
    if await release(after, tx):
        recipients = [person.name for person in await tx.rows.people.find(account=use.recipients)]
        told = wording_uses.agreed(use, images, recipients, tx.policy.timezone)
        await tx.say(rooms.own(use.asked_by), told, image_id=images[0].id)
    return wording_uses.THANKS_YES.format(ref=images[0].ref)


async def _is_intimate(use: Use, tx: Transaction) -> bool:
    """Said with this request or with any other about one of these images: a photo does not stop being intimate."""
    called_so = await tx.rows.uses.find(intimate=True)
    return any(set(one.image_ids) & set(use.image_ids) for one in called_so)


async def _once_more(choice: Choice, use: Use, images: list[Image], request: Request, tx: Transaction) -> None:
    """Nothing is granted by the first yes. The second is asked for at once, and must come as soon as the first."""
    number = tx.ids.number()
    await tx.ask(
        request.person,
        wording_uses.are_you_sure(images, use.intimate, number),
        [(SURE, "Yes, I am sure"), ("no", "No")],
        about="specific-consent",
        subject=use.id,
        lasts=choice.expires_at - tx.now,
        image_id=images[0].id,
        number=number,
    )


async def _ask_again(choice: Choice, request: Request, tx: Transaction) -> None:
    """ "Later" uses up nothing but itself: the other answers stay good until they expire."""
    for one in await tx.rows.choices.find(poll_id=choice.poll_id):
        await tx.rows.choices.save(replace(one, used_at=None))


async def record_answer(given: ConsentAnswer, use: Use, tx: Transaction) -> None:
    """Kept, and filed with every image it is about: wording, version, who, in what capacity, when, proof."""
    await tx.rows.consent_answers.add(given)
    person = await tx.person(given.person_id)
    facts: dict[str, object] = {
        "purpose": use.purpose.value,
        "answer": given.answer.value,
        "wording": given.wording,
        "wording_version": given.wording_version,
        "by": person.name,
        "capacity": given.capacity.value,
        "at": given.at.isoformat(),
        "recipients": list(use.recipients),
        "seen_by": use.seen_by,
        "how": use.how,
        "venue": use.venue,
        "until": use.until.isoformat() if use.until else None,
        "proof": given.proof,
    }
    for image in await tx.rows.images.find(id=use.image_ids):
        text = f"{given.answer.value}: {use.purpose.value}\n\n{given.wording}"
        await write(tx, EntryKind.CONSENT, image, image.patient_id, given.person_id, text, facts)


async def remind(tx: Transaction, use_id: str) -> None:
    """One reminder, then nothing more until it expires; none when the bot slept past that."""
    use = await tx.rows.uses.get(use_id)
    if use.state is not UseState.AWAITING_CONSENT or (use.expires_at is not None and tx.now >= use.expires_at):
        return
    images = await tx.rows.images.find(id=use.image_ids)
    open_polls = await tx.rows.choices.find(subject=use.id, used_at=None)
    for person_id, number in {choice.person_id: choice.number for choice in open_polls}.items():
        text = wording_uses.consent_reminder(images, number)
        await tx.say(rooms.own(person_id), text, image_id=images[0].id)


async def expire(tx: Transaction, use_id: str) -> None:
    await run_out(use_id, UseState.AWAITING_CONSENT, wording_uses.not_agreed, tx)
