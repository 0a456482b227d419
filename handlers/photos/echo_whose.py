"""Whose photo it is, echoed with two identifiers and done by a tap (R15): what `!match` and `!refile` have in common.

The answer holds under which patient the photo stood when it was asked, and is good for no other.
"""

from __future__ import annotations

from datetime import timedelta

from bot.core.polls import ask
from bot.core.transaction import Transaction
from bot.domain.choices import Choice, TapAbout
from bot.domain.errors import Refused
from bot.domain.identifiers import PatientId
from bot.domain.image import Image
from bot.domain.people import Patient, Person
from bot.words import about_handling

TIME_TO_CONFIRM = timedelta(hours=1)


async def ask_whether_theirs(
    image: Image,
    patient: Patient,
    said: tuple[str, str, str],
    about: TapAbout,
    subject: str,
    person: Person,
    tx: Transaction,
) -> None:
    """Ask `person` whether the photo is this patient's; `said` is the question, and its answers yes and no."""
    question, yes, no = said
    await ask(
        tx,
        person,
        question,
        [(f"{image.patient_id}>{patient.id}", yes), ("", no)],
        about=about,
        subject=subject,
        lasts=TIME_TO_CONFIRM,
        image_id=image.id,
        needs_number=True,
    )


def whose(choice: Choice, image: Image) -> PatientId | None:
    """Return whose it was said to be, None for a no; refuse an answer about the photo as it stands no longer."""
    before, _, now = choice.value.partition(">")
    if not now:
        return None
    if image.patient_id != before:
        raise Refused(about_handling.moved_meanwhile(image.ref), "R15")
    return PatientId(now)
