"""What the bot answers people who work here when they handle a photo: take it, look at it, keep it, say whose it is."""

from __future__ import annotations

from bot.domain.people import Patient

from .phrases import day
from .sentence import sentence


@sentence
def taken(ref: str) -> str:
    return f"{ref} is yours. !show {ref} shows it."


@sentence
def taken_by_another(ref: str, name: str) -> str:
    return f"{ref} was taken by {name} already."


# ---- notes


@sentence
def for_a_colleague(ref: str) -> str:
    return f"{ref}: a colleague has to do this."


@sentence
def noted(ref: str, name: str = "") -> str:
    """Say whose record it goes into, where only the writer reads it (R15)."""
    return f"Noted on {ref}. It goes into the record {_of(name)}with the image."


@sentence
def noted_and_closed(ref: str, name: str = "") -> str:
    """Say the same of an outside clinician's image, whose case is open until it is discussed."""
    return f"Noted on {ref}. It goes into the record {_of(name)}with the image, and its case is closed."


def _of(name: str) -> str:
    return f"of {name} " if name else ""


@sentence
def names_another(ref: str, other: str) -> str:
    did = f"These words name {other}, which isn't known to be of the same patient as {ref}, so I did nothing."
    return f"{did} Please write about one patient at a time."


@sentence
def nothing_to_write_to(ref: str) -> str:
    return f"{ref} was not kept, so there is nothing to write to."


@sentence
def not_attested_yet(ref: str) -> str:
    return f"{ref} is not attested by its sender yet, so it isn't known whose record this would go to."


# ---- being shown


@sentence
def not_here(ref: str) -> str:
    return f"{ref} is not here to be shown."


@sentence
def not_shown_to_nobody(ref: str) -> str:
    return f"It isn't known yet whose photo {ref} is, so I don't show it."


@sentence
def taken_back(ref: str) -> str:
    return f"{ref} was taken back by its sender."


@sentence
def whose_must_be_settled(ref: str) -> str:
    return f"It must first be settled whose photo {ref} is. Please try again later."


@sentence
def shown_in_your_chat(ref: str) -> str:
    return f"{ref}: I show it in your own chat with me."


# ---- what was given up


@sentence
def tried_again(count: int) -> str:
    return f"Trying {count} again." if count else "Nothing was given up."


# ---- whether it is kept


@sentence
def fetched_again(ref: str) -> str:
    return f"I am trying to fetch {ref} again."


@sentence
def kept(ref: str) -> str:
    return f"{ref} is kept and goes on to the record."


@sentence
def to_be_discarded(ref: str) -> str:
    return f"{ref} will be discarded; its sender is told."


@sentence
def not_on_hold(ref: str) -> str:
    return f"{ref} is not on hold, so there is nothing to decide."


@sentence
def perhaps_in_the_record(ref: str) -> str:
    return f"The record may hold {ref}, so it can't be discarded. Please ask technical help."


@sentence
def in_a_record(ref: str) -> str:
    return f"{ref} is in a record, and records are kept by law. Whose it is: !refile"


@sentence
def shows_somebody_else(ref: str) -> str:
    return (
        f"It is not settled whom {ref} shows, or whether they agree: a clinician decides about it, or whoever it shows."
    )


# ---- whose it is


def is_it_theirs(ref: str, sender: str, patient: Patient) -> str:
    return f"{ref}, sent by {sender}: does it show {patient.name}, born {day(patient.born)}, MRN {patient.mrn}?"


@sentence
def belongs_to(ref: str, patient: Patient) -> str:
    return f"{ref} belongs to {patient.name}, born {day(patient.born)}."


@sentence
def no_such_patient() -> str:
    return "No enrolled patient has both this number and this date of birth. Nothing was changed."


@sentence
def sender_not_linked() -> str:
    return "The sender of this photo doesn't answer for that patient. Please link them first: !link"


@sentence
def stays_where_it_is(ref: str) -> str:
    return f"{ref} stays where it is."


@sentence
def moved_meanwhile(ref: str) -> str:
    return f"{ref} was moved meanwhile. Please look again."


@sentence
def being_moved(ref: str) -> str:
    return f"{ref} is being moved. You will hear when it was read back from the right record."
