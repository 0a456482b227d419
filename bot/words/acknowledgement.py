"""The one message back to whoever sent photos as a patient: what was recorded, what sending it agrees to, how to put it right.

The words of consent are kept with the consent, exactly as they were shown (R1).
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.built_in_texts import HOW_TO_PUT_RIGHT, NOTHING_ELSE
from bot.domain.image import Image
from bot.domain.people import Patient, Relation
from bot.domain.purposes import Purpose, spoken
from bot.domain.texts import Texts

from .phrases import CAPACITY, day, many, with_reason
from .typed import typed


def consent(texts: Texts, purpose: Purpose, capacity: Relation, patient: Patient | None) -> str:
    """Return the exact words of implied consent (R1), shown in the acknowledgement and kept with the consent.

    `patient` is named to whoever answers for them and may hear of it.
    """
    whose = _whose(capacity, patient)
    words = texts.render("consent", purpose=spoken(purpose, whose), nothing_else=NOTHING_ELSE)
    return words if capacity is Relation.SELF else f"{words} You answer as {whose} {CAPACITY[capacity]}."


def _whose(capacity: Relation | None, patient: Patient | None) -> str:
    if capacity is Relation.SELF:
        return "your"
    return f"{patient.name}'s" if patient else "the patient's"


NOT_IMPLIED = "Sending it agrees to nothing: before it is used, whoever decides is asked."


def received(texts: Texts, images: Sequence[Image], patient: Patient | None, capacity: Relation | None) -> str:
    """Return the one message back: reference, purpose and reason as recorded, what consent covers, how to correct it.

    `capacity` is None when sending implied no consent (R30).
    """
    first = images[0]
    purpose, whose = first.purpose or Purpose.CARE, _whose(capacity, patient)
    return texts.render(
        "received",
        photos="photo" if len(images) == 1 else "photos",
        refs=many([image.ref for image in images]),
        whose=f", of {patient.name}, born {day(patient.born)}" if patient else "",
        purpose=spoken(purpose, whose),
        reason=with_reason(first),
        consent=NOT_IMPLIED if capacity is None else consent(texts, purpose, capacity, patient),
        record=f"{whose} record",
        whom="you" if capacity is Relation.SELF else patient.name if patient else "the patient",
        how=typed(how_to_put_right(images)),
        example=_example(images),
    )


def how_to_put_right(images: Sequence[Image]) -> str:
    return HOW_TO_PUT_RIGHT.format(ref=_example(images))


def _example(images: Sequence[Image]) -> str:
    return images[0].ref if len(images) == 1 else "IMG-…"


def first_answer(texts: Texts, emergency_text: str, outside_hours: str) -> str:
    return texts.render("first_answer", emergency=emergency_text, hours=outside_hours)
