"""What the bot says about who reads what a patient writes, when nothing shows that it was opened, and what can't be passed on."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.image import Image
from bot.domain.people import Patient, Person, Relation

from .about_people import named
from .phrases import CAPACITY, quoted, with_reason
from .sentence import sentence
from .typed import typed

ToDuty = Callable[[str, str, str, str], str]  # of a photo's reference, who took it or "", who wrote, and the words
FromPatient = Callable[[str], str]  # says it of whoever wrote or did it, named as its readers may
LONGEST = 2000
# Where all who work here read it, and nobody is named (R33a).
ONE_OF_THEM = "The patient, or somebody who answers for them,"


def who_writes(person: Person, relation: Relation | None, patient: Patient) -> str:
    if relation is None:
        return person.name
    name = named(person, relation, patient)
    return name if relation is Relation.SELF else f"{name}, {CAPACITY[relation]} of {patient.name},"


def words_from_patient(who: str, ref: str, text: str) -> str:
    if not text:
        return f"{who} has written about {ref}; the words are in the record."
    return f"{who} writes about {ref}:\n{quoted(text, LONGEST)}"


def corrected_by_patient(who: str, image: Image) -> str:
    return f"{who} corrects what {image.ref} is about. {with_reason(image)}."


@sentence
def passed_on(ref: str, patient: Patient | None, taker: str, duty: str) -> str:
    """Say to whom the words went, by name; `patient` is named to somebody who speaks for several, so that they see a mistake."""
    about = f"{ref}, of {patient.name}" if patient else ref
    reader = taker or "the team"
    return (
        f"Thank you. I have passed that on to {f'{reader} and {duty}, who is on duty' if duty else reader} ({about})."
    )


@sentence
def read_in_hours(hours: str, closed: bool) -> str:
    return f"Messages are read {hours}{'; it is now outside these hours' if closed else ''}."


@sentence
def add_more() -> str:
    return "Anything you add about it goes the same way; I won't say so each time."


def off_hours(ref: str, taker: str, who: str, text: str) -> str:
    has_it = f" {taker}, who took it, was told too." if taker else " Nobody has taken it."
    return f"You are on duty, and it is outside the practice's hours.{has_it} {words_from_patient(who, ref, text)}"


def nobody_on_duty(ref: str, taker: str, who: str, text: str) -> str:
    return f"{NOBODY_ON_DUTY}{f' {taker} took it.' if taker else ''} {words_from_patient(who, ref, text)}"


NOBODY_ON_DUTY = "Nobody on duty can be told now, so please see to this."


def unopened_words(ref: str, taker: str, who: str, text: str) -> str:
    opener = f"{taker} has" if taker else "anybody has"
    return f"You are on duty: nothing shows that {opener} opened this. {words_from_patient(who, ref, text)}"


def unopened_reply(ref: str, reader: str, by: str) -> str:
    """`by` names its author, where that is not the one who is told."""
    whose = f"what {by}, who can't be told now, wrote to them" if by else "what you wrote to them"
    return f"Nothing shows that {reader} has opened {whose} about {ref} over a day ago. Please call them."


def unopened_reply_in_the_team(ref: str, by: str) -> str:
    return f"Nothing shows that what {by} wrote to the patient of {ref} over a day ago was opened. Please call them."


# ---- what can't be passed on


@sentence
def nothing_to_pass_on(practice: str) -> str:
    return f"I can pass on words about a photo you sent. To begin, please send the photo. For anything else, call {practice}."


@sentence
def unknown_not_passed_on(ref: str) -> str:
    how = typed(" “my images” lists your photos.")
    return f"I don't know {ref}, so I have not passed your words on. Please write again with the right reference.{how}"


@sentence
def one_at_a_time() -> str:
    return "These photos are of different people, so I have not passed your words on. Please write about one at a time."
