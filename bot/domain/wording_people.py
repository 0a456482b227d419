"""What the bot says when people change: in what capacity somebody answers, coming of age, lost phones, leaving.

Part of `wording`, under its version.
"""

from __future__ import annotations

from .people import Patient, Relation
from .wording import day

# ---- in what capacity somebody answers


def asked_as(relation: Relation, patient: Patient) -> str:
    """Shown in each request for consent, and kept with the answer."""
    if relation is Relation.SELF:
        return ""
    role = {
        Relation.PARENT: "parent",
        Relation.GUARDIAN: "guardian",
        Relation.CHILD: "grown-up child",
        Relation.DECISION_MAKER: "decision maker",
    }[relation]
    return f"You are asked as the {role} of {patient.name}: please answer as they would want, or as is best for them."


def capacity_recorded(patient: Patient, before: Patient) -> str:
    if patient.mature_minor and not before.mature_minor:
        return "Recorded as a mature minor: from now on nobody else answers for them."
    if patient.impaired and not before.impaired:
        return "Recorded: they can't decide for themselves, so their guardian or decision maker answers."
    if before.impaired and not patient.impaired:
        return "Recorded: they decide for themselves again."
    return ""


# ---- coming of age


def came_of_age(patient: Patient) -> str:
    return (
        f"{patient.name}, born {day(patient.born)}, MRN {patient.mrn}, has turned 18 and answers for themselves from now on. "
        "Their parent or guardian was told. Please hand over this invitation:"
    )


SOMEBODY_CAME_OF_AGE = "A young person has turned 18 and answers for themselves from now on. They have no account here yet: please invite them."


def told_parent(patient: Patient) -> str:
    return (
        f"{patient.name} has turned 18. From today they speak for themselves here, and what we hold about them is theirs alone to "
        "see. Nothing you sent is lost. Thank you for looking after it until now. If they need your help in deciding, please call "
        "the practice."
    )


# ---- a photo of somebody else

HELD_FOR_SOMEBODY_ELSE = (
    "Thank you for saying so. {ref} is on hold: nobody is shown it. {practice} will ask you whose photo it is, and will ask that "
    "person before it is used. If you would rather take it back, write “withdraw {ref}”."
)
CONFIRMED_WHOSE = (
    "The sender said that this photo shows somebody else. The practice has confirmed whose it is, and that they agree."
)
