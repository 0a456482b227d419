"""Release: an image leaves for the recipients it was permitted or agreed for, and for nobody else.

The rules are asked once more for each image and recipient before anything is planned, and the effect looks again at the
moment of sending. The disclosure is recorded in the same commit as the decision, before anything is shown (R7, R27).
"""

from __future__ import annotations

from bot.core.caution import with_caution
from bot.core.documents import disclose
from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.authority import may_act_for_the_practice
from bot.domain.image import Image
from bot.domain.intents import Hearing, OpenRoom, ReservePicture
from bot.domain.message import Message
from bot.domain.people import Person, Standing
from bot.domain.use import RuledOut, Use
from bot.domain.use_rules import Allowed, NeedsConsent
from bot.words import about_barred_uses, about_uses

from .judge import apply_use, decide_for, mark_released


async def release(use: Use, tx: Transaction) -> bool:
    """Release the use and return True; return False where somebody or something that changed meanwhile rules it out.

    The requester is told why.
    """
    images = await tx.rows.images.among(use.image_ids)
    recipients: list[Person] = []
    asker = await tx.person(use.asked_by)
    if asker.standing is not Standing.ACTIVE:  # what somebody asked for ends when they leave, or lose their phone
        return await _ruled_out(use, images[0], "R28a", None, tx)
    if not may_act_for_the_practice(await tx.circle(images[0].patient_id), asker, tx.today):
        return await _ruled_out(use, images[0], "R33", None, tx)
    for account in use.recipients:
        for image in images:
            decision = await decide_for(use, image, account, tx)
            if not isinstance(decision, Allowed):
                why = None if isinstance(decision, NeedsConsent) else decision.because
                return await _ruled_out(use, image, decision.rule, why, tx)
        person = await tx.holder(account)
        assert person is not None  # the rules have just said that this person is known
        recipients.append(person)
    released = await mark_released(use, tx)
    for person in recipients:
        for image in images:
            await disclose(tx, image, person, "forwarded", use.rule, use.purpose)
    if use.is_advice:
        await _open_case(released, images, recipients, tx)
    else:
        await _hand_over(released, images, recipients, tx)
    if use.until is not None:
        await tx.remind("use-ends", use.id, use.until - tx.now)
    return True


async def _ruled_out(use: Use, image: Image, rule: str, why: Message | None, tx: Transaction) -> bool:
    """End the use, and say why; nothing but that it is not possible where `why` is None."""
    await apply_use(tx, use, RuledOut(rule), "bot")
    said = about_uses.not_shared([image.ref]) if why is None else about_barred_uses.named(image.ref, why)
    await tx.say(rooms.own(use.asked_by), said, image_id=image.id)
    return False


async def _open_case(use: Use, images: list[Image], recipients: list[Person], tx: Transaction) -> None:
    address = rooms.case(use.id)
    asker = await tx.person(use.asked_by)
    invited = (asker.account, *(person.account for person in recipients))
    await tx.plan(OpenRoom(address, tx.ids.new(), f"{tx.policy.practice}: case", invited), lane=address)
    first = images[0]
    intro = about_uses.case_intro(tx.policy.texts, asker.name, first, use)
    await tx.say(address, intro, image_id=first.id, lasts=tx.policy.keep_shared, hearing=Hearing.USE)
    for image in images:
        caption = await with_caution(about_uses.case_picture(image, use), image, tx)
        await tx.plan(
            ReservePicture(address, caption, image.id, use_id=use.id, patient_id=image.patient_id), lane=address
        )
    await tx.remind("case-open", use.id, tx.policy.case_reminder)


async def _hand_over(use: Use, images: list[Image], recipients: list[Person], tx: Transaction) -> None:
    """Plan copies for the named recipients only, each in their own room, with the terms they come under."""
    terms = about_uses.terms(tx.policy.texts, use, tx.policy.timezone)
    captions = [await with_caution(about_uses.shared_picture(terms), image, tx) for image in images]
    for person in recipients:
        own = rooms.own(person.id)
        for image, caption in zip(images, captions, strict=True):
            await tx.plan(ReservePicture(own, caption, image.id, use_id=use.id, patient_id=image.patient_id), lane=own)
