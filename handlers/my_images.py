"""`my images`: what is held about the person who asks, for what, who has seen it, and with whom it was shared (R24)."""

from __future__ import annotations

from bot.dispatch import Request
from bot.domain import wording
from bot.domain.image import State
from bot.transaction import Transaction

MOST = 20  # in one message


async def my_images(request: Request, tx: Transaction) -> str | None:
    today = await tx.answers_for(request.person)
    sent = await tx.rows.images.find(sender_id=request.person.id)
    of_theirs = await tx.rows.images.find(patient_id=[patient.id for patient in today]) if today else []
    known = {image.id: image for image in (*sent, *of_theirs) if image.state is not State.DISCARDED}
    if not known:
        return wording.NOTHING_HELD
    lines = []
    for image in sorted(known.values(), key=lambda one: one.received_at, reverse=True)[:MOST]:
        shown = await tx.rows.disclosures.find(image_id=image.id, how=("viewed", "forwarded"))
        names = {one: (await tx.person(one)).name for one in {view.to_person_id for view in shown}}
        viewers = list(dict.fromkeys(names[one.to_person_id] for one in shown if one.how == "viewed"))
        shared = list(dict.fromkeys((names[one.to_person_id], one.purpose) for one in shown if one.how == "forwarded"))
        if image.patient_id:
            patient = await tx.rows.patients.get(image.patient_id)
            lines.append(wording.held_image(image, patient, viewers, shared, tx.policy.timezone))
        else:
            lines.append(f"{image.ref}: kept safely; I still need to know whose photo it is.")
    if len(known) > MOST:
        lines.append(f"And {len(known) - MOST} earlier ones; please ask the practice for the whole list.")
    await tx.say(request.room.address, "\n\n".join(lines), private=True)
    await tx.audit(request.person.id, "images.listed", request.person.id, count=len(known))
    return None
