"""What the bot says to those who answer for a patient already, and of them, when somebody else is given access (R33a)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.domain.people import Authority, Patient, Person, Relation

from .about_admission import newcomer_for
from .phrases import CAPACITY, day, many
from .sentence import sentence

TELL_ANSWERS = [
    ("tell", "Tell them"),
    ("risk", "Not now: it could put somebody at risk"),
    ("could-not-understand", "Not now: they could not understand it"),
    ("other", "Not now: another reason"),
]
OPEN_ANSWERS = [("yes", "Yes, they may see all that is filed"), ("", "No")]
OBJECT_ANSWERS = [("yes", "Yes, that is right"), ("", "No")]


@sentence
def they_are_told() -> str:
    return "Thank you. They are told now."


@sentence
def they_are_told_later() -> str:
    return "Thank you. They are told once the invitation is used."


@sentence
def nobody_is_told() -> str:
    return "Thank you. Nobody is told."


@sentence
def has_ended() -> str:
    return "That invitation has ended, so there is nothing to tell."


MAY_THEY_SEE = "May they see all that is filed, also from before?"
THIS_PAGE_ENDS = "With your yes they go on in this page's place, and it ends."


@sentence
def thanks_for_saying() -> str:
    return "Thank you for saying so."


@sentence
def they_may_see() -> str:
    return "Thank you. They see it from now on, once the practice's own checks are done."


@sentence
def not_yours_to_open(practice: str) -> str:
    return f"That is for {practice} to decide. Please call them."


@sentence
def objection_heard(practice: str) -> str:
    return f"Thank you for saying so. {practice} hears it and will call you. Nothing was decided by it yet."


def may_they_be_told(patient: Patient, name: str, others: Sequence[tuple[str, Relation]]) -> str:
    named = many([f"{who} ({relation.value})" for who, relation in others])
    use = "uses" if len(others) == 1 else "use"
    return f"{named} already {use} this for {patient.name}. May they be told that {name} is invited?"


def told_of_access(
    patient: Patient, newcomer: Person, authority: Authority, to: Relation, decides: bool, today: date
) -> str:
    whom = "you" if to is Relation.SELF else patient.name
    if authority.relation is Relation.SELF:
        return f"A further account was added for {whom}: {newcomer.account}."
    begins = authority.begins_after(today)
    when = f", from {day(begins)} on" if begins else ""
    text = f"{newcomer.name} was added as the {CAPACITY[authority.relation]} for {whom}{when}."
    if not decides:
        return text
    return (
        f"{text} If a second person at the practice confirms that {whom} can't decide alone {'then' if begins else 'now'}, "
        f"{newcomer.name} decides."
    )


def decides_for_you(newcomer: Person, practice: str, begins: date | None) -> str:
    if begins is not None:
        return (
            f"{practice} has recorded that {newcomer.name} decides for you here from {day(begins)} on. Until then nothing changes. "
            "If this is wrong, please call the practice."
        )
    return (
        f"{practice} has recorded that {newcomer.name} decides for you here for now. You still send, hear and see everything, and "
        "your no counts. If this is wrong, please call the practice."
    )


def somebody_objects(patient: Patient, by: Person, newcomer: Person, relation: Relation) -> str:
    return (
        f"{by.name} objects: {newcomer_for(newcomer, relation, patient)}, MRN {patient.mrn}. Nothing was changed by it: please look into it, "
        "and call them."
    )
