"""`!show IMG-7F3K`: name, date of birth and a picture without metadata, in the clinician's own room, for some minutes.

The view is recorded before anything is shown (R7, R24, R27).
"""

from __future__ import annotations

from bot.core.caution import with_caution
from bot.core.consequences import note_fact
from bot.core.dispatch import Request
from bot.core.documents import disclose
from bot.core.transaction import Transaction
from bot.core.where_copies_are import copies_elsewhere
from bot.core.who_may_hear import reads_words_as_staff
from bot.domain import rooms
from bot.domain.errors import Refused
from bot.domain.image import HeldFor, Image, Seen, State
from bot.domain.intents import ReservePicture
from bot.domain.message import Message
from bot.domain.people import Person
from bot.domain.rooms import RoomKind
from bot.domain.staff_deeds import ShowPhoto
from bot.words import about_handling, to_the_team
from handlers.colleagues.device_check import blocked
from handlers.people.two_people import look_after


async def show(deed: ShowPhoto, request: Request, tx: Transaction) -> Message | None:
    image = await to_be_shown(deed.ref, tx)
    await look_after(request.person, image, tx)
    refusal = await blocked(request.person, tx)
    if refusal:
        return refusal
    await note_fact(tx, image, Seen(tx.now))
    await show_to(request.person, image, tx)
    return None if request.room.kind is RoomKind.OWN else about_handling.shown_in_your_chat(image.ref)


async def to_be_shown(ref: str, tx: Transaction) -> Image:
    """Return the image, if those who treat may be shown it now."""
    image = await tx.image_named(ref)
    if image.state is State.RECEIVED or not image.in_reach:
        raise Refused(about_handling.not_here(image.ref))
    if not image.patient_id:
        raise Refused(about_handling.not_shown_to_nobody(image.ref), "R15")
    if image.held_for is HeldFor.WITHDRAWAL:
        raise Refused(about_handling.taken_back(image.ref), "R13")
    if not image.may_be_seen:
        raise Refused(about_handling.whose_must_be_settled(image.ref), "R15")
    return image


async def show_to(person: Person, image: Image, tx: Transaction, *, lead: str = "") -> None:
    """Show it to one who treats, in their own chat, with `lead` above it; the look is listed before (R31)."""
    patient = await tx.rows.patients.get(image.patient_id)
    await disclose(tx, image, person, "viewed", "R7")
    await tx.audit(person.id, "image.viewed", image.id, rule="R7")
    own = rooms.own(person.id)
    said_why = await reads_words_as_staff(tx.rows, person, image, tx.today)
    shown = "\n".join(
        (
            *filter(None, (lead,)),
            to_the_team.shown(image, patient, said_why=said_why),
            *await copies_elsewhere(tx.rows, image),
        )
    )
    caption = await with_caution(shown, image, tx)
    await tx.plan(ReservePicture(own, caption, image.id, patient_id=image.patient_id), lane=own)
