"""Where the pure rules of use meet the rows: who the recipient is, what was agreed, and the use's own table."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.consents import Answer
from bot.domain.devices import Check
from bot.domain.image import Image
from bot.domain.people import Role, Standing
from bot.domain.use import Released, RuledOut, Use, UseEvent, UseState, decide
from bot.domain.uses import (
    Decision,
    NotAllowed,
    Recipient,
    SpecificConsent,
    UseAsked,
    barred_image,
    barred_recipient,
    decide_use,
)
from bot.transaction import Transaction

from .device_check import check, to_be_compared

_FORM = NotAllowed("R9", "That is a signed consent form: it stays in the record.")
_PROFESSIONALS = frozenset({Role.CLINICIAN, Role.OUTSIDE_CLINICIAN})


async def apply_use(tx: Transaction, use: Use, event: UseEvent, by: str) -> Use:
    """The use after `event`, saved and audited."""
    after = decide(use, event)
    if after == use:
        return use
    saved = await tx.rows.uses.save(after)
    await tx.audit(by, f"use.{type(event).__name__}", use.id, state=saved.state.value, rule=saved.rule)
    return saved


async def decide_for(image: Image, asked: UseAsked, account: str, images: Iterable[str], tx: Transaction) -> Decision:
    """The rules' answer for this image and recipient, today."""
    if image.form_of:
        return _FORM
    recipient = await recipient_of(account, image, tx)
    consents = await specific_consents(image, tx)
    return decide_use(image.subject, asked, recipient, consents, tx.policy.uses, tx.now)


async def barred(image: Image, account: str, tx: Transaction) -> NotAllowed | None:
    """What stands in the way already, before anything more is asked: the image, or, where one is named, the recipient."""
    if image.form_of:
        return _FORM
    return barred_image(image.subject) or (
        barred_recipient(await recipient_of(account, image, tx)) if account else None
    )


async def recipient_of(account: str, image: Image, tx: Transaction) -> Recipient:
    person = await tx.rows.people.first(account=account)
    answers_for = await tx.rows.authorities.find(person_id=person.id) if person else []
    return Recipient(
        account=account,
        known=person is not None and person.standing is Standing.ACTIVE and bool(person.roles & _PROFESSIONALS),
        homeserver_allowed=tx.policy.allows(account),
        to_be_compared=person is not None and to_be_compared(person, tx),
        device_overdue=person is not None and check(person, tx) is Check.OVERDUE,
        is_patient=any(held.patient_id == image.patient_id for held in answers_for),
    )


async def specific_consents(image: Image, tx: Transaction) -> list[SpecificConsent]:
    """What the patient agreed to for this image, with what was withdrawn since."""
    live = (UseState.GRANTED, UseState.RELEASED, UseState.CLOSED)
    uses = [use for use in await tx.rows.uses.find(state=live) if image.id in use.image_ids]
    found = []
    for use in uses:
        answers = await tx.rows.consent_answers.find(use_id=use.id)
        granted = next((answer for answer in answers if answer.answer is Answer.GRANTED), None)
        withdrawn = next((answer for answer in answers if answer.answer is Answer.WITHDRAWN), None)
        if granted is None or use.until is None:
            continue
        images = await tx.rows.images.find(id=use.image_ids)
        found.append(
            SpecificConsent(
                id=granted.id,
                images=frozenset(one.sha256 for one in images),
                purpose=use.purpose,
                recipients=frozenset(use.recipients),
                venue=use.venue,
                given_at=granted.at,
                until=use.until,
                withdrawn_at=withdrawn.at if withdrawn else None,
            )
        )
    return found


async def rule_out(use: Use, decision: NotAllowed, tx: Transaction) -> str:
    await apply_use(tx, use, RuledOut(decision.rule), "bot")
    return decision.because


async def mark_released(use: Use, tx: Transaction) -> Use:
    return await apply_use(tx, use, Released(), "bot")
