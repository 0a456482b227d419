"""What the bot says of the audit log's checkpoints, of retention, legal holds and destruction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.domain.people import Patient

from .phrases import day

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


def no_words(mrn: str) -> str:
    return f"Nothing is filed for MRN {mrn} that belongs to no photo. !due lists what is due."


def basis(last_entry: date, until: date) -> str:
    return f"Retention ended on {day(until)}; the last entry in the record was made on {day(last_entry)}."


def being_destroyed(ref: str) -> str:
    return f"{ref} is being destroyed. From now on nobody is shown it. I tell you when it is gone."


def destroyed(ref: str, elsewhere: str = "") -> str:
    return (
        f"{ref} is destroyed: its key, its file and all words about it are gone from here, and the register has a line for it. "
        f"{_also(elsewhere)}{_BACKUPS}"
    )


def left_alone(ref: str) -> str:
    return f"{ref} stays."


def hold_placed(what: str, why: str) -> str:
    return f"Legal hold on {what}: {why}. Nothing of it is destroyed until a manager writes !release-hold."


def hold_released(what: str, count: int) -> str:
    return f"Released: {count} legal hold{'s' if count != 1 else ''} on {what}. Nothing is destroyed by that."


def no_hold(what: str) -> str:
    return f"There is no legal hold on {what}."
