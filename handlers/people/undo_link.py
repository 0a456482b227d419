"""Undo a link that was never theirs: what they did counts for nothing, and what they received is taken back (R15, R25, R31).

Its code had reached the wrong person, or a second person of the staff does not know who they are. What reached them, beside what
they sent themselves, is one breach. Where they have another capacity for the same patient, only what they agreed to in this one
ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.core.breaches import new_breach, open_breach
from bot.core.circles import is_linked
from bot.core.transaction import Transaction
from bot.core.wrong_readers import files_of_copy, take_back, what_reached
from bot.domain import rooms
from bot.domain.breach import with_step
from bot.domain.copies import COPY, What
from bot.domain.image import Image
from bot.domain.people import Authority, Patient, Person, Role
from bot.words import about_leaving
from bot.words import about_wrong_readers as words

from .end_link import stop_what_is_on_its_way
from .never_theirs import call_them_rightly, close_what_they_opened, end_what_they_agreed_to, undo_what_they_did
from .pause import take_back_what_was_said


async def undo_link(
    link: Authority, patient: Patient, person: Person, images: list[Image], by: Person, tx: Transaction
) -> str:
    """Undo what they did in a capacity that was never theirs, or all of it where they have no other; return what to say of it.

    The link is saved as one that was never theirs already.
    """
    others = await on_record(person, patient, tx)
    held: list[Image] = []
    if others:
        await end_what_they_agreed_to(person, link.relation, images, by.id, tx)
    else:
        held = await undo_what_they_did(person, images, by.id, tx)
    await close_what_they_opened(link, tx)
    breach = ""
    if not any(other.may_hold(tx.today) for other in others):
        since = link.recorded_at if others else None
        breach = await take_back_what_they_received(person, patient, images, by, tx, since=since)
        await stop_what_is_on_its_way(person, images, tx)  # last, because settling what was asked changes the images
        if person.roles == {Role.PATIENT} and not await is_linked(tx.rows, person.id, tx.today):
            await take_back_what_was_said(person, tx)  # the patient's name, and what else they read
    await call_them_rightly(link, await tx.person(person.id), tx)
    if others:
        now = [other.relation for other in others if other.may_hold(tx.today)]
        before = [other.relation for other in others if not other.may_hold(tx.today)]
        return about_leaving.was_never_that(patient, person, link.relation, now, before)
    sent = [image.ref for image in held if image.sender_id == person.id]
    let_in = [image.ref for image in held if image.sender_id != person.id]
    return about_leaving.was_never_theirs(patient, person, sent, let_in, breach)


async def on_record(person: Person, patient: Patient, tx: Transaction) -> list[Authority]:
    """Return what they hold or held for the patient, without what was never theirs."""
    return [link for link in await tx.rows.authorities.between(person.id, patient.id) if not link.never_theirs]


async def take_back_what_they_received(
    person: Person,
    patient: Patient,
    images: Sequence[Image],
    by: Person,
    tx: Transaction,
    *,
    since: datetime | None = None,
) -> str:
    """Take back what this person received about the patient, and open a breach for what of it they did not send themselves.

    Return the reference of the breach; "" for none.
    """
    reached = await what_reached(tx, person, images, patient.id, since)
    await take_back(tx, reached)
    await tx.hide_now(*await files_of_copy(tx, person, patient.id))
    await _take_back_names(person, tx)
    if not reached.is_breach:
        return ""
    what = words.reached_by_wrong_link(patient, person, [image.ref for image in reached.about], reached.in_words())
    breach = await new_breach(tx, reached.about[0].id, what, [person])
    breach = with_step(breach, by.name, words.NEVER_THEIRS, tx.now)
    breach = with_step(breach, "consentry", words.being_taken_back(person.name, reached.messages), tx.now)
    breach = with_step(breach, "consentry", f"{person.name} {words.TO_BE_CALLED}", tx.now)
    await open_breach(tx, breach, by.id)
    return breach.ref


async def _take_back_names(person: Person, tx: Transaction) -> None:
    """Take back the words about no photo too, as they may name the patient; what somebody who works here reads as staff stays.

    So do open questions, and files with copies of other records.
    """
    room = await tx.rows.rooms.at(rooms.own(person.id))
    if room is None or person.is_professional:
        return
    asked = await tx.rows.choices.open_of_person(person.id)
    stays = {choice.copy_id for choice in asked if choice.about != "my-copy"}
    said = await tx.rows.copies.in_room(room.id, What.POST)
    may_name = [post for post in said if not post.image_id and not post.post_key.startswith(COPY)]
    await tx.hide_now(*(post for post in may_name if post.id not in stays))
