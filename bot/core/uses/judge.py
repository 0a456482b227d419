"""Where the pure rules of use meet the rows: who the recipient is, what was agreed, and the use's own table."""

from __future__ import annotations

from bot.core.device_standing import check, to_be_compared
from bot.core.transaction import Transaction
from bot.domain.authority import holds_by_a_no, is_recipient, may_act_for_the_practice
from bot.domain.devices import Check
from bot.domain.identifiers import Account, Actor, PersonId
from bot.domain.image import Image
from bot.domain.message import Message
from bot.domain.people import Role, Standing
from bot.domain.use import RecipientsNamed, Released, RuledOut, Use, UseEvent, audited_as, decide
from bot.domain.use_rules import (
    Decision,
    NotAllowed,
    Recipient,
    SpecificConsent,
    UseAsked,
    barred_image,
    barred_recipient,
    decide_use,
)
from bot.words import about_barred_uses
from bot.words.about_leaving import let_go_by_you, on_hold

from .still_allowed import own_consent, subject_of

_FORM = NotAllowed("R9", about_barred_uses.a_signed_form())
_PROFESSIONALS = frozenset({Role.CLINICIAN, Role.OUTSIDE_CLINICIAN})


async def apply_use(tx: Transaction, use: Use, event: UseEvent, by: Actor) -> Use:
    """Return the use after `event`, saved and audited."""
    after = decide(use, event)
    if after == use:
        return use
    saved = await tx.rows.uses.save(after)
    await tx.audit(by, f"use.{audited_as(event)}", use.id, state=saved.state.value, rule=saved.rule)
    return saved


async def decide_for(use: Use, image: Image, account: Account, tx: Transaction) -> Decision:
    """Return the rules' answer for this image and recipient, now. Only what was agreed to for this very use counts (R31)."""
    if image.form_of:
        return _FORM
    asked = UseAsked(use.purpose, use.relatedness, use.venue, use.deidentified)
    recipient = await recipient_of(account, image, tx, use)
    consents = await _own_consents(use, account, tx)
    return decide_use(await subject_of(tx.rows, image, tx.today), asked, recipient, consents, tx.policy.uses, tx.now)


async def barred(image: Image, account: Account, asked_by: PersonId, tx: Transaction) -> NotAllowed | None:
    """Return what stands in the way already, before anything more is asked: the image, or, where one is named, the recipient."""
    if image.form_of:
        return _FORM
    if (held := await held_by_a_no(image, tx, asked_by)) is not None:
        return held
    return barred_image(await subject_of(tx.rows, image, tx.today)) or (
        barred_recipient(await recipient_of(account, image, tx)) if account else None
    )


async def held_by_a_no(image: Image, tx: Transaction, asked_by: PersonId | None = None) -> NotAllowed | None:
    """Return why nothing new may be asked for: somebody who may not be heard now said stop, and nobody has looked (R28a).

    Who looked is not who asks: to whoever lets it go on, it is held until the person who said it is heard again.
    """
    noes = [said for said in await tx.rows.unheard_noes.about(image.id) if said.ended_by in {None, asked_by}]
    for said in sorted(noes, key=lambda said: said.ended_by is not None):  # what stands comes first
        if await is_held_by(said.person_id, image, tx):
            return NotAllowed("R28a", let_go_by_you(image.ref) if said.ended_by else on_hold(image.ref))
    return None


async def is_held_by(person_id: PersonId, image: Image, tx: Transaction) -> bool:
    """Return whether a no of this person, who may not be heard now, counts for this image today."""
    circle = await tx.circle(image.patient_id) if image.patient_id else None
    return bool(holds_by_a_no(circle, await tx.matter(image, circle), person_id, tx.today))


async def recipient_of(account: Account, image: Image, tx: Transaction, use: Use | None = None) -> Recipient:
    """Return what the rules need to know of the person who has this account now, and whether `use` was asked for them."""
    person = await tx.holder(account)
    circle = await tx.circle(image.patient_id) if image.patient_id else None
    return Recipient(
        account=account,
        known=person is not None and person.standing is Standing.ACTIVE and bool(person.roles & _PROFESSIONALS),
        homeserver_allowed=tx.policy.allows(account),
        meant=use is None or bool(is_recipient(use, person)),
        to_be_compared=person is not None and to_be_compared(person, tx),
        device_overdue=person is not None and check(person, tx) is Check.OVERDUE,
        is_patient=person is not None and circle is not None and not may_act_for_the_practice(circle, person, tx.today),
    )


async def meant_for(use: Use, accounts: tuple[Account, ...], tx: Transaction) -> Use:
    """Return the use meant for the people who have these accounts now, and for nobody who has them later (R31)."""
    people = [
        person for account in accounts if (person := await tx.holder(account)) and person.standing is not Standing.LEFT
    ]
    return decide(use, RecipientsNamed(accounts, tuple(person.id for person in people)))


async def _own_consents(use: Use, account: Account, tx: Transaction) -> list[SpecificConsent]:
    """Return what was agreed to for this use, if it stands now (R31)."""
    images = await tx.rows.images.among(use.image_ids) if use.wording else []
    if not images or use.until is None or not await own_consent(tx.rows, use, images, tx.now, tx.today):
        return []
    shown = frozenset(image.sha256 for image in images)
    return [SpecificConsent(use.id, shown, use.purpose, frozenset({account}), use.venue, use.asked_at, use.until)]


async def rule_out(use: Use, decision: NotAllowed, tx: Transaction) -> Message:
    await apply_use(tx, use, RuledOut(decision.rule), "bot")
    return decision.because


async def mark_released(use: Use, tx: Transaction) -> Use:
    return await apply_use(tx, use, Released(), "bot")
