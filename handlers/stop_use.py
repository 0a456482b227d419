"""Withdrawing after filing: every use is stopped, every recipient told, the copies in reach purged, the others named (R13).

The record itself stays: the law on retention governs it, and the patient is told so kindly.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain import rooms, wording_uses
from bot.domain.arrivals import Arrival
from bot.domain.consents import Answer, ConsentAnswer
from bot.domain.copies import CopyState
from bot.domain.image import Image
from bot.domain.people import Person
from bot.domain.proof import proof_of
from bot.domain.use import LIVE, Closed, Use, UseState, Withdrawn
from bot.transaction import Transaction

from .close_case import say_it_ends
from .consent_request import record_answer
from .end_use import end_at_once
from .use_rules import apply_use


async def stop_every_use(image: Image, person: Person, arrival: Arrival, tx: Transaction) -> str:
    """Stop what goes on and whatever might come; what the patient hears: what was stopped, and what can't be recalled."""
    await tx.rows.images.save(replace(image, stopped=True))
    await tx.audit(person.id, "image.stopped", image.id)
    ended = [use for use in await _uses_of(image, tx) if use.state in {*LIVE, UseState.CLOSED}]
    beyond: list[str] = []
    for use in ended:
        beyond += await _stop(use, image, person, arrival, tx)
    known = [use for use in ended if use.state is not UseState.ASKED]  # of what was only begun, nobody has heard
    return wording_uses.stopped(tx.policy.texts, image.ref, len(known), beyond)


async def _uses_of(image: Image, tx: Transaction) -> list[Use]:
    return [use for use in await tx.rows.uses.find() if image.id in use.image_ids]


async def _stop(use: Use, image: Image, person: Person, arrival: Arrival, tx: Transaction) -> list[str]:
    """One use ended; the names of those who may hold a copy that nobody here can recall."""
    released = use.state in {UseState.RELEASED, UseState.CLOSED}
    await end_at_once(use, Withdrawn(), person.id, tx)
    capacity = (await tx.answerers(image.patient_id)).get(person.id)
    if use.wording and capacity is not None:
        given = ConsentAnswer(
            id=tx.ids.new(),
            use_id=use.id,
            person_id=person.id,
            capacity=capacity,
            answer=Answer.WITHDRAWN,
            wording=use.wording,
            wording_version=use.wording_version,
            at=tx.now,
            proof=proof_of(arrival),
        )
        await record_answer(given, use, tx)
    await tx.say(rooms.own(use.asked_by), wording_uses.use_stopped(image.ref), image_id=image.id)
    if not released:
        return []
    beyond = []
    for account in use.recipients:
        recipient = await tx.rows.people.first(account=account)
        if recipient is None:
            continue
        await tx.say(rooms.own(recipient.id), wording_uses.please_delete(use), image_id=image.id)
        beyond.append(recipient.name)
    await say_it_ends(use, tx)
    return beyond


async def _erase_shared(recipient: Person, use: Use, tx: Transaction) -> None:
    """What was handed over in the recipient's own room."""
    room = await tx.rows.rooms.first(address=rooms.own(recipient.id))
    if room is None:
        return
    known = await tx.rows.copies.find(image_id=list(use.image_ids), state=CopyState.KNOWN)
    in_room = [copy for copy in known if copy.room_id == room.id]
    posts = {copy.post_key for copy in in_room if copy.post_key}
    media = [copy for copy in known if copy.is_media and copy.post_key in posts]
    pictures = [copy for copy in in_room if copy.post_key]
    await tx.erase_now(*media, *pictures)


async def use_ends(tx: Transaction, use_id: str) -> None:
    """The agreed time is over: the recipients are asked to delete, and the copies in reach go."""
    use = await tx.rows.uses.get(use_id)
    if use.state is not UseState.RELEASED or use.is_advice:
        return
    for account in use.recipients:
        recipient = await tx.rows.people.first(account=account)
        if recipient is not None:
            await tx.say(rooms.own(recipient.id), wording_uses.period_over(use), image_id=use.image_ids[0])
            await _erase_shared(recipient, use, tx)
    await apply_use(tx, use, Closed(), "bot")
