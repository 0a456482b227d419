"""Whether an image may still be shown for a use, from the facts of the moment: asked at release and at sending (R28, R31)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.core.circles import answers_about, circle_of, matter_of
from bot.domain.authority import (
    Verdict,
    consent_stands,
    implied_consent,
    is_recipient,
    may_act_for_the_practice,
    said_no,
    treats,
)
from bot.domain.consent import Basis
from bot.domain.identifiers import PersonId
from bot.domain.image import Image
from bot.domain.purposes import Purpose
from bot.domain.use import Use, UseState
from bot.domain.use_rules import Subject, may_be_implied
from bot.ports import Commit


async def own_consent(rows: Commit, use: Use, images: Sequence[Image], at: datetime, day: date) -> Verdict:
    """Return whether the specific consent that was given to this use stands now."""
    circle = await circle_of(rows, images[0].patient_id)
    matters = [await matter_of(rows, image, circle) for image in images]
    return consent_stands(circle, use, matters, await answers_about(rows, images), at, day)


async def subject_of(rows: Commit, image: Image, day: date) -> Subject:
    """Return what the rules of use need to know of an image: what sending it implied, what is attested
    since it moved, who said no.
    """
    consents = await rows.consents.of_image(image.id)
    circle = await circle_of(rows, image.patient_id) if image.patient_id else None
    died = circle is not None and circle.patient.died_on is not None
    matter = await matter_of(rows, image, circle)
    given = implied_consent(circle, matter, consents)
    sent_for = (
        image.purpose or Purpose.CARE,
        image.reason,
    )  # newer words widen nothing that was agreed to before (R12)
    attested = any(
        consent.basis is not Basis.IMPLIED and consent.patient_id == image.patient_id for consent in consents
    )
    return replace(
        image.subject,
        implied=not died and given is not None and (given.purpose, given.reason) == sent_for,
        misfiled=image.misfiled and not attested,
        died=died,
        refused=circle is not None
        and bool(said_no(circle, [matter], await answers_about(rows, [image]), Purpose.CARE, day)),
    )


async def still_allowed(
    rows: Commit, use: Use, images: Sequence[Image], readers: Iterable[PersonId], at: datetime, day: date
) -> Verdict:
    """Return whether these images may be shown for this use, which was released, to at least one of these people.

    The person who asked for it, or took it over, must still be here: the phone it was asked from may be lost. Neither they nor
    whoever it is for may have come to be, or to speak for, the patient (R33).
    """
    if use.state is not UseState.RELEASED or use.waits:
        return Verdict(False, "R13", "over")
    if not all(image.may_be_seen and not image.stopped for image in images):
        return Verdict(False, "R13", "not-to-be-seen")
    asker = await rows.people.known(use.asked_by)
    if asker is None or not treats(asker):
        return Verdict(False, "R28a", "who-asked-is-not-here")
    circle = await circle_of(rows, images[0].patient_id)
    if not may_act_for_the_practice(circle, asker, day):
        return Verdict(False, "R33", "who-asked-speaks-for-them")
    people = await rows.people.among(list(readers))
    if not any(is_recipient(use, person) and may_act_for_the_practice(circle, person, day) for person in people):
        return Verdict(False, "R31", "nobody-it-is-for")
    if use.wording:
        return await own_consent(rows, use, await rows.images.among(use.image_ids), at, day)
    implied = all([may_be_implied(await subject_of(rows, image, day)) for image in images])
    return Verdict(implied, "R30", "nothing-implied")
