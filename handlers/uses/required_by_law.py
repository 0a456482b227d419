"""`!required-by-law`: a court, a warrant, a serious threat. The manager's decision, with basis and authority on record (R13a).

No consent is asked, and a patient's no doesn't bar it. The copy, without the original's metadata, goes to the manager's own
room, and the manager hands it over. The patient is told, unless that is forbidden: then neither `my images` nor the patient's
copy of the record mentions it, while the practice's record does. Nobody hands over what is their own, or of a patient they
speak for (R33).
"""

from __future__ import annotations

from dataclasses import replace

from bot.core.caution import with_caution
from bot.core.dispatch import Request
from bot.core.documents import write
from bot.core.transaction import Transaction
from bot.core.who_may_hear import who_may_hear
from bot.domain import rooms
from bot.domain.answering import LegalDemand, decide_required_by_law
from bot.domain.consent import Disclosure
from bot.domain.copies import LAW
from bot.domain.entries import CONCEALED, EntryKind
from bot.domain.errors import Refused
from bot.domain.image import Image
from bot.domain.intents import Hearing, ReservePicture
from bot.domain.message import Message
from bot.domain.purposes import Purpose
from bot.domain.staff_deeds import HandOver
from bot.domain.use_rules import NotAllowed
from bot.words import about_incidents as words
from handlers.people.two_people import act_for_the_practice


async def required_by_law(deed: HandOver, request: Request, tx: Transaction) -> Message | None:
    image, demand = await tx.image_named(deed.ref), deed.demand
    decision = decide_required_by_law(request.person.roles, demand, image.subject)
    if isinstance(decision, NotAllowed):
        raise Refused(decision.because, decision.rule, image.id)
    await act_for_the_practice(request.person, image, image.patient_id, tx)
    told = await _tell_patient(image, demand, tx) if demand.tell_patient else 0
    await _record(image, demand, told, request, tx)
    await tx.ledger_message(request.arrival, image_id=image.id)
    own = rooms.own(request.person.id)
    await tx.say(own, words.law_recorded(image.ref, demand, told), image_id=image.id)
    minutes = int(tx.policy.keep_rendition.total_seconds() // 60)
    caption = await with_caution(words.law_picture(image.ref, demand, minutes), image, tx)
    picture = ReservePicture(own, caption, image.id, leaves_for=Purpose.LEGAL.value, patient_id=image.patient_id)
    await tx.plan(picture, lane=own)
    return None


async def _tell_patient(image: Image, demand: LegalDemand, tx: Transaction) -> int:
    """Tell all who speak for the patient and may hear of this image; return how many.

    A parent never hears about what is a mature minor's own (R33a).
    """
    people = await tx.reached(await who_may_hear(tx.rows, image, tx.today))
    for person_id in people:
        text = words.law_to_patient(image.ref, demand)
        key = f"{LAW}{tx.ids.new()}"
        await tx.say(rooms.own(person_id), text, image_id=image.id, hearing=Hearing.THEIRS, key=key)
    return len(people)


async def _record(image: Image, demand: LegalDemand, told: int, request: Request, tx: Transaction) -> None:
    """Record a disclosure like any other, with basis and authority, filed before anything is handed over."""
    person = request.person
    disclosure = Disclosure(tx.ids.new(), image.id, person.id, "required-by-law", Purpose.LEGAL, "R13a", tx.now)
    await tx.rows.disclosures.add(
        replace(disclosure, detail=f"{demand.recipient} ({demand.basis})", concealed=not demand.tell_patient)
    )
    facts: dict[str, object] = {
        "to": demand.recipient,
        "role": "",
        "how": "required by law",
        "purpose": Purpose.LEGAL.value,
        "rule": "R13a",
        "basis": demand.basis,
        "authority": demand.authority,
        "handed_over_by": person.name,
        "patient_told": told > 0,
    }
    if not demand.tell_patient:
        facts[CONCEALED] = True
    text = f"Required by law: {demand.basis}. Authority: {demand.authority}. To be given to: {demand.recipient}."
    await write(tx, EntryKind.DISCLOSURE, image, image.patient_id, person.id, text, facts)
    await tx.audit(person.id, "image.required-by-law", image.id, rule="R13a", basis=demand.basis, told=told)
