"""`!keep` and `!discard`: a person decides about an image that is held, or could not be fetched."""

from __future__ import annotations

from bot.core.consequences import apply, given_up
from bot.core.dispatch import Request
from bot.core.transaction import Transaction
from bot.core.wishes import wanted_back
from bot.domain.errors import Refused
from bot.domain.image import Event, HeldFor, Image, KeepAsked, State, WithdrawalAsked
from bot.domain.message import Message
from bot.domain.people import Role
from bot.domain.staff_deeds import DiscardHeld, KeepHeld
from bot.words import about_handling, about_somebody_else
from handlers.people.two_people import act_for_the_practice

from .somebody_else import confirmed


async def keep(deed: KeepHeld, request: Request, tx: Transaction) -> Message | None:
    image = await _held(deed.ref, request, tx)
    if image.state is State.RECEIVED:  # not fetched: anything else it is held for is decided when it is there
        await _decide(image, KeepAsked(await wanted_back(image, tx)), request, tx)
        return about_handling.fetched_again(image.ref)
    image = await confirmed(image, deed.whose, request.person.id, tx)
    kept = await _decide(image, KeepAsked(await wanted_back(image, tx)), request, tx)
    if kept.held_for in {HeldFor.ASKED_BACK, HeldFor.SENDER_DELETED}:
        return about_somebody_else.still_asked_back(image.ref)
    return about_handling.kept(image.ref)


async def discard(deed: DiscardHeld, request: Request, tx: Transaction) -> Message | None:
    image = await _held(deed.ref, request, tx)
    if image.held_for is HeldFor.READ_BACK_DIFFERED:
        raise Refused(about_handling.perhaps_in_the_record(image.ref), "R16")
    if image.in_record:
        raise Refused(about_handling.in_a_record(image.ref), "R15")
    await _decide(image, WithdrawalAsked(), request, tx)
    return about_handling.to_be_discarded(image.ref)


async def _held(ref: str, request: Request, tx: Transaction) -> Image:
    image = await tx.image_named(ref)
    if image.state is not State.HELD and not await given_up(tx, image):
        raise Refused(about_handling.not_on_hold(image.ref))
    await act_for_the_practice(request.person, image, image.patient_id, tx)
    if image.held_for is HeldFor.SOMEBODY_ELSE and Role.CLINICIAN not in request.person.roles:
        raise Refused(about_handling.shows_somebody_else(image.ref), "R30")
    return image


async def _decide(image: Image, event: Event, request: Request, tx: Transaction) -> Image:
    await tx.audit(request.person.id, "held.decided", image.id, event=type(event).__name__)
    return await apply(tx, image, event, by=request.person.id)
