"""`!refile IMG-7F3K MRN 7 March 1984`: an image in the wrong patient's record moves to the right one (R15).

Both patients are echoed with two identifiers, and nothing happens before a tap. Then nobody is shown the image until it was
read back from the right record. What was agreed, attested or asked for under the wrong name ends, a case too: it was about
somebody else. What was discussed in a case can still be filed (R30). Nobody re-files as staff for themselves (R33).
"""

from __future__ import annotations

from bot.core.consequences import apply
from bot.core.dispatch import Request
from bot.core.polls import close_polls
from bot.core.transaction import Transaction
from bot.core.uses.end import end_as_mistaken
from bot.domain.breach import RECALLABLE
from bot.domain.choices import Choice
from bot.domain.errors import Refused
from bot.domain.identifiers import ImageId, PatientId
from bot.domain.image import Image, RefileConfirmed, State, decide
from bot.domain.intents import MoveImage
from bot.domain.message import Message
from bot.domain.people import Person
from bot.domain.staff_deeds import MovePhoto
from bot.words import about_handling
from bot.words import about_incidents as words
from handlers.people.two_people import act_for_the_practice

from .echo_whose import ask_whether_theirs, whose


async def refile(deed: MovePhoto, request: Request, tx: Transaction) -> Message | None:
    image = await tx.image_named(deed.ref)
    right = await tx.rows.patients.identified(deed.number, deed.born)
    if right is None:
        raise Refused(about_handling.no_such_patient(), "R15")
    decide(image, RefileConfirmed(right.id))  # whether it could be moved, before anybody is asked
    wrong = await tx.rows.patients.get(image.patient_id)
    await _acts_for_both(request.person, wrong.id, right.id, image, tx)
    await tx.ledger_message(request.arrival)
    said = (words.shall_it_move(image.ref, wrong, right), f"Move, to {right.name}", "No, leave it")
    await ask_whether_theirs(image, right, said, "refile", image.id, request.person, tx)
    return None


async def confirm(choice: Choice, request: Request, tx: Transaction) -> Message | None:
    """The tap. What it says is only done to the image as it was when it was asked."""
    image = await tx.rows.images.get(ImageId(choice.subject))
    right, wrong = whose(choice, image), image.patient_id
    if right is None:
        return about_handling.stays_where_it_is(image.ref)
    await _acts_for_both(request.person, wrong, right, image, tx)
    moving = await apply(tx, image, RefileConfirmed(right), by=request.person.id)
    await close_polls(tx, image.id)
    await tx.plan(MoveImage(image.id, wrong, right, request.person.id), lane=image.id)
    for form in await tx.rows.images.forms_of(image.id, patient_id=wrong, state=State.VERIFIED):
        await apply(tx, form, RefileConfirmed(right), by=request.person.id)  # the signed consent goes with it
        await tx.plan(MoveImage(form.id, wrong, right, request.person.id), lane=form.id)
    for use in await tx.rows.uses_of(image.id):
        if use.state in RECALLABLE:
            mistake = words.WRONG_PATIENT.format(ref=moving.ref)  # nobody hears whose (R30)
            await end_as_mistaken(use, moving, mistake, "R30", request.person.id, tx)
    return about_handling.being_moved(image.ref)


async def _acts_for_both(person: Person, wrong: PatientId, right: PatientId, image: Image, tx: Transaction) -> None:
    for patient_id in (wrong, right):
        await act_for_the_practice(person, image, patient_id, tx)
