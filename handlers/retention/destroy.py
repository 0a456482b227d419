"""`!due`, `!destroy IMG-7F3K` and `!destroy MRN`: at the end of retention a manager decides, and the register says so (R23).

Images go one by one; what is filed about a patient and belongs to no image goes by record number.

What it is, whose, and on which basis is echoed with two identifiers, and nothing happens before a tap. The tap is judged anew:
whatever forbids it by then forbids it. Nobody destroys as staff what is theirs, or of whom they speak for (R33).
"""

from __future__ import annotations

from datetime import timedelta

from bot.core.dispatch import Request
from bot.core.polls import ask, close_polls
from bot.core.retention_due import KeptImage, KeptWords, around, forget, forget_words, forms_of, kept_images, kept_words
from bot.core.transaction import Transaction
from bot.domain.choices import Choice
from bot.domain.errors import Refused
from bot.domain.identifiers import ImageId, PatientId
from bot.domain.image import Image
from bot.domain.intents import DestroyImage, DestroyWords, Listing
from bot.domain.message import Message
from bot.domain.people import Patient, Person
from bot.domain.retention_rules import Around, Destruction, what_forbids, what_forbids_words
from bot.domain.staff_deeds import DestroyKept, SeeDue
from bot.domain.use_rules import Kind
from bot.words import about_retention as words
from handlers.people.two_people import act_about
from handlers.team.ask_list import ask_list

TIME_TO_CONFIRM = timedelta(hours=1)
KNOWN_STOP = "though stopped"


async def due(deed: SeeDue, request: Request, tx: Transaction) -> None:
    await ask_list(Listing.DUE, request, tx, more=deed.more)


async def destroy(deed: DestroyKept, request: Request, tx: Transaction) -> Message | None:
    patient = None if deed.stop_is_known else await tx.rows.patients.with_mrn(deed.named)
    if patient is not None:  # a record number comes before a reference, as for legal holds
        return await _destroy_words(patient, request, tx)
    image = await tx.image_named(deed.named)
    kept = await _may_go(image, request.person, tx, stop_is_known=deed.stop_is_known)
    await tx.ledger_message(request.arrival)
    received = image.received_at.astimezone(tx.policy.timezone).date()
    basis = words.basis(kept.last_entry, kept.until)
    yes = KNOWN_STOP if deed.stop_is_known else "destroy"
    await ask(
        tx,
        request.person,
        words.shall_it_be_destroyed(image.ref, received, kept.patient, basis),
        [(yes, "Destroy"), ("", "No")],
        about="destroy",
        subject=image.id,
        lasts=TIME_TO_CONFIRM,
        needs_number=True,
    )
    return None


async def confirm(choice: Choice, request: Request, tx: Transaction) -> Message | None:
    image = await tx.rows.images.get(ImageId(choice.subject))
    if not choice.value:
        await close_polls(tx, image.id)
        return words.left_alone(image.ref)
    kept = await _may_go(image, request.person, tx, stop_is_known=choice.value == KNOWN_STOP)
    await close_polls(tx, image.id)
    basis = words.basis(kept.last_entry, kept.until)
    for gone in (*await forms_of(tx.rows, image), image):
        line = _register_line(gone, kept, request, tx, basis)
        await forget(tx, gone, request.person.id)
        await tx.rows.destructions.add(line)
        await tx.audit(request.person.id, "destruction.decided", gone.id, rule="R23", register=line.id)
    await tx.plan(DestroyImage(image.id, request.person.id), lane=image.id)
    return words.being_destroyed(image.ref)


async def _destroy_words(patient: Patient, request: Request, tx: Transaction) -> Message | None:
    kept = await _words_may_go(patient, request.person, tx)
    await tx.ledger_message(request.arrival)
    basis = words.basis(kept.last_entry, kept.until)
    await ask(
        tx,
        request.person,
        words.shall_words_be_destroyed(patient, len(kept.documents), basis),
        [("destroy", "Destroy"), ("", "No")],
        about="destroy-words",
        subject=patient.id,
        lasts=TIME_TO_CONFIRM,
        needs_number=True,
    )
    return None


async def confirm_words(choice: Choice, request: Request, tx: Transaction) -> Message | None:
    patient = await tx.rows.patients.get(PatientId(choice.subject))
    await close_polls(tx, patient.id)
    if not choice.value:
        await tx.say(request.room.address, words.words_left_alone(patient), private=True)
        return None
    kept = await _words_may_go(patient, request.person, tx)
    for document in kept.documents:
        line = Destruction(
            id=tx.ids.new(),
            ref=f"NOTE-{document.id[:12]}",
            subject_id=document.id,
            what=document.kind.value,
            mrn=patient.mrn,
            received_on=document.at.astimezone(tx.policy.timezone).date(),
            decided_by=request.person.name,
            decided_at=tx.now,
            basis=words.basis(kept.last_entry, kept.until),
        )
        await tx.rows.destructions.add(line)
        await tx.audit(request.person.id, "destruction.decided", document.id, rule="R23", register=line.id)
    await forget_words(tx, kept.documents)
    ids = tuple(document.id for document in kept.documents)
    await tx.plan(DestroyWords(patient.id, ids, request.person.id), lane=f"patient:{patient.id}")
    await tx.say(request.room.address, words.words_being_destroyed(patient), private=True)
    return None


async def _words_may_go(patient: Patient, person: Person, tx: Transaction) -> KeptWords:
    """Return the words that may go; raise `Refused` when there are none, or anything forbids it to this person today."""
    await act_about(person, patient.id, tx)
    found = await kept_words(tx.rows, tx.policy.retention, tx.policy.timezone, patient.id)
    if not found:
        raise Refused(words.no_words(patient.mrn), "R23")
    kept = found[0]
    why = what_forbids_words(patient.mrn, kept.until, tx.today, kept.hold, kept.unfinished)
    if why:
        raise Refused(why, "R23")
    return kept


async def _may_go(image: Image, person: Person, tx: Transaction, *, stop_is_known: bool) -> KeptImage:
    """Return the image as it is kept; refuse when anything forbids this person to destroy it today."""
    if image.patient_id:
        await act_about(person, image.patient_id, tx)
    all_kept = await kept_images(tx.rows, tx.policy.retention, tx.policy.timezone, image.patient_id)
    kept = next((candidate for candidate in all_kept if candidate.image.id == image.id), None)
    if kept is None:
        raise Refused(what_forbids(image, tx.today, tx.today, Around()) or words.nothing_to_destroy(image.ref), "R23")
    why = what_forbids(image, kept.until, tx.today, await around(tx.rows, kept, stop_is_known=stop_is_known))
    if why:
        raise Refused(why, "R23")
    return kept


def _register_line(image: Image, kept: KeptImage, request: Request, tx: Transaction, basis: str) -> Destruction:
    what = "signed consent form" if image.form_of else "document" if image.kind is Kind.DOCUMENT else "photo"
    received = image.received_at.astimezone(tx.policy.timezone).date()
    return Destruction(
        id=tx.ids.new(),
        ref=image.ref,
        subject_id=image.id,
        what=what,
        mrn=kept.patient.mrn,
        received_on=received,
        decided_by=request.person.name,
        decided_at=tx.now,
        basis=basis,
    )
