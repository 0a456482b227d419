"""`my images`: what is held, for what, every consent and every disclosure, in plain words (R24)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dispatch import Request
from bot.domain import wording_rights
from bot.domain.image import Image
from bot.domain.intents import Hearing
from bot.domain.use import Use
from bot.transaction import Transaction

from .own_image import own_images

MOST = 20  # in one message


async def my_images(request: Request, tx: Transaction) -> str | None:
    known = await own_images(request.person, tx)
    if not known:
        return wording_rights.NOTHING_HELD
    uses = await tx.rows.uses.find()
    lines = [await _told(image, uses, tx) for image in known[::-1][:MOST]]
    if len(known) > MOST:
        lines.append(f"And {len(known) - MOST} earlier ones; “my copy” has them all.")
    lines.append(wording_rights.how_to_take_back(known[-1].ref))
    first, *others = [image.id for image in known[::-1][:MOST]]
    text = "\n\n".join(lines)
    await tx.say(request.room.address, text, image_id=first, others=others, hearing=Hearing.LISTED)
    await tx.audit(request.person.id, "images.listed", request.person.id, count=len(known))
    return None


async def _told(image: Image, every_use: Sequence[Use], tx: Transaction) -> str:
    if not image.patient_id:
        return f"{image.ref}: kept safely; I still need to know whose photo it is."
    zone = tx.policy.timezone
    patient = await tx.rows.patients.get(image.patient_id)
    forms = await tx.rows.images.find(form_of=image.id, patient_id=image.patient_id)
    of_both = await tx.rows.disclosures.find(image_id=[image.id, *(form.id for form in forms)])
    seen = [one for one in of_both if not one.concealed]
    implied = await tx.rows.consents.find(image_id=image.id)
    uses = {use.id: use for use in every_use if image.id in use.image_ids}
    answers = await tx.rows.consent_answers.find(use_id=list(uses)) if uses else []
    involved = (
        {one.to_person_id for one in seen} | {one.person_id for one in implied} | {one.person_id for one in answers}
    )
    names = {one.id: one.name for one in await tx.rows.people.find(id=list(involved))} if involved else {}
    viewers = list(dict.fromkeys(names[one.to_person_id] for one in seen if one.how == "viewed"))
    shared = list(dict.fromkeys((names[one.to_person_id], one.purpose) for one in seen if one.how == "forwarded"))
    told = [
        *wording_rights.consents_told(
            [(one, names[one.person_id]) for one in implied],
            [(one, uses[one.use_id], names[one.person_id]) for one in answers],
            zone,
        ),
        *wording_rights.disclosures_told([(one, names[one.to_person_id]) for one in seen], zone),
    ]
    return wording_rights.whole_story(wording_rights.held_image(image, patient, viewers, shared, zone), told)
