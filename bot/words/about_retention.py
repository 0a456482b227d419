"""What the bot says of the audit log's checkpoints, of retention, legal holds and destruction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.domain.people import Patient

from .phrases import day, many
from .sentence import sentence

NO_CHECKPOINT = (
    "I can't write the audit log's checkpoints at the moment: their directory is away, full or closed to me. "
    "Everything else goes on. Please ask technical help to look; `consentry doctor` names the directory."
)
_BACKUPS = "Backups made before still hold it until they expire; restoring one destroys it again."
CHECKPOINTS_AGAIN = "The audit log's checkpoints are written again."


def due_line(ref: str, received_on: date, patient: Patient, until: date, hold: str) -> str:
    kept = f" · legal hold: {hold}" if hold else ""
    return f"{ref} of {day(received_on)} · {patient.name}, MRN {patient.mrn} · kept until {day(until)}{kept}"


def words_due_line(patient: Patient, count: int, until: date, hold: str) -> str:
    kept = f" · legal hold: {hold}" if hold else ""
    return (
        f"MRN {patient.mrn} · {patient.name} · {_notes(count)} that belong to no photo · kept until {day(until)}{kept}"
    )


def _notes(count: int) -> str:
    return f"{count} note{'s' if count != 1 else ''}"


NOTHING_DUE = "Nothing is due for destruction."
NOTHING_MORE_DUE = "Nothing more is due for destruction."
DUE = (
    "Due for destruction. Nothing is destroyed by itself: look at each one, then write !destroy and its reference, or the MRN "
    "for notes that belong to no photo. What must stay is kept with !legal-hold."
)


def due(lines: Sequence[str]) -> str:
    return "\n".join([DUE, *lines])


def shall_it_be_destroyed(ref: str, received_on: date, patient: Patient, basis: str) -> str:
    return (
        f"Destroy {ref}, received on {day(received_on)}, of {patient.name}, born {day(patient.born)}, MRN {patient.mrn}? "
        f"{basis} The image, its consents, notes and receipts are gone for ever. Backups made before hold it until they "
        f"expire by their own schedule."
    )


def shall_words_be_destroyed(patient: Patient, count: int, basis: str) -> str:
    return (
        f"Destroy {_notes(count)} in the record of {patient.name}, born {day(patient.born)}, MRN {patient.mrn}, that belong "
        f"to no photo? {basis} They are gone for ever."
    )


def words_being_destroyed(patient: Patient) -> str:
    return f"The notes of MRN {patient.mrn} that belong to no photo are being destroyed. I tell you when they are gone."


def words_destroyed(patient: Patient, elsewhere: str = "") -> str:
    return (
        f"The notes of MRN {patient.mrn} that belonged to no photo are destroyed, and the register has a line for each. "
        f"{_also(elsewhere)}{_BACKUPS}"
    )


def _also(elsewhere: str) -> str:
    return f"Not so elsewhere: {elsewhere}. " if elsewhere else ""


def words_left_alone(patient: Patient) -> str:
    return f"The notes of MRN {patient.mrn} stay."


@sentence
def no_words(mrn: str) -> str:
    return f"Nothing is filed for MRN {mrn} that belongs to no photo. !due lists what is due."


def basis(last_entry: date, until: date) -> str:
    return f"Retention ended on {day(until)}; the last entry in the record was made on {day(last_entry)}."


@sentence
def being_destroyed(ref: str) -> str:
    return f"{ref} is being destroyed. From now on nobody is shown it. I tell you when it is gone."


def destroyed(ref: str, elsewhere: str = "") -> str:
    return (
        f"{ref} is destroyed: its key, its file and all words about it are gone from here, and the register has a line for it. "
        f"{_also(elsewhere)}{_BACKUPS}"
    )


@sentence
def left_alone(ref: str) -> str:
    return f"{ref} stays."


NOTES = "the notes that belong to no photo"


def hold_placed(what: str, why: str, going: Sequence[str]) -> str:
    """`going`: what was decided to be destroyed before, and is not destroyed yet as far as is known."""
    text = f"Legal hold on {what}: {why}. Nothing of it is destroyed until a manager writes !release-hold."
    if not going:
        return text
    was = "was" if len(going) == 1 else "were"
    return (
        f"{text}\n{many(going)} {was} to be destroyed, as had been decided: what is still in the record stays, what I kept about it "
        "is gone. I tell you if it went before."
    )


def hold_released(what: str, count: int, going: Sequence[str]) -> str:
    text = f"Released: {count} legal hold{'s' if count != 1 else ''} on {what}."
    if not going:
        return f"{text} Nothing is destroyed by that."
    return f"{text} {many(going)}: the destruction that was decided before the hold goes on now."


def stays_by_law(ref: str) -> str:
    return (
        f"{ref} stays in the record: a legal hold stands. It goes once that is released; what I kept about it is gone."
    )


def words_stay_by_law(patient: Patient) -> str:
    return f"The notes of MRN {patient.mrn} that belong to no photo stay in the record: a legal hold stands. They go once that is released."


@sentence
def no_hold(what: str) -> str:
    return f"There is no legal hold on {what}."


# ---- why something may not be destroyed today


@sentence
def words_held(mrn: str, why: str) -> str:
    return f"MRN {mrn} is under a legal hold: {why}. A manager ends it with !release-hold {mrn}."


@sentence
def words_kept_until(mrn: str, until: date) -> str:
    return f"What is filed for MRN {mrn} must be kept until {until:%d %B %Y}. It can be destroyed then, not before."


@sentence
def words_unfinished(mrn: str) -> str:
    return f"Something about MRN {mrn} is still to be filed; !status says what. Please try again afterwards."


@sentence
def a_signed_form(ref: str) -> str:
    return f"{ref} is a signed consent form: it is destroyed with the image it belongs to."


@sentence
def on_hold(ref: str) -> str:
    return f"{ref} is on hold. Please settle that first; !list shows what waits."


@sentence
def destroyed_already(ref: str) -> str:
    return f"{ref} was destroyed already; the register has it."


@sentence
def nothing_to_destroy(ref: str) -> str:
    return f"{ref} is not safely in the record, so there is nothing to destroy."


@sentence
def held_by_law(ref: str, why: str) -> str:
    return f"{ref} is under a legal hold: {why}. A manager ends it with !release-hold."


@sentence
def kept_until(ref: str, until: date) -> str:
    return f"{ref} must be kept until {until:%d %B %Y}. It can be destroyed then, not before."


@sentence
def part_of_a_breach(ref: str) -> str:
    return f"{ref} is part of a breach that is still being assessed. Please close that first, with !breach."


@sentence
def still_in_use(ref: str) -> str:
    return (
        f"{ref} is still asked for or shared with somebody. Please end that first: !close the case, or !recall {ref}."
    )


@sentence
def unfinished(ref: str) -> str:
    return f"Something about {ref} is still to be done; !status says what. Please try again afterwards."


@sentence
def patient_stopped_it(ref: str) -> str:
    return f"The patient stopped every use of {ref}, and may still ask about that. If that is settled, write: !destroy {ref} though stopped"


# ---- a legal hold on what is not there


@sentence
def nothing_of_that_name() -> str:
    return "No patient is enrolled under this record number, and it is no reference. Nothing was changed."


@sentence
def nothing_to_hold(ref: str) -> str:
    return f"{ref} is not in the record, so there is nothing to hold."
