"""What the commands at the computer answer where they can't do it: to whoever looks after it, not in the chat."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.built_in_texts import BUILT_IN
from bot.domain.people import Patient
from bot.domain.texts import unknown_name

from .sentence import sentence


@sentence
def unknown_number() -> str:
    return "Nobody is enrolled under this record number; `consentry record list` shows who has anything filed."


@sentence
def unknown_reference() -> str:
    return "There is no image of this reference; references look like IMG-7F3K."


@sentence
def unknown_account() -> str:
    return "Nobody is enrolled with this account; it looks like @derm:hospital.org."


@sentence
def unknown_destination(names: Sequence[str]) -> str:
    known = ", ".join(f"“{name}”" for name in names) or "none"
    return f"There is no destination of that name; the configuration has: {known}."


@sentence
def not_in_the_log() -> str:
    return "The log knows no image, record number or account of that name. Write IMG-7F3K, a record number, or @somebody:their.server."


@sentence
def nobody_has_that_number() -> str:
    return "Nobody here has that record number."


@sentence
def waits_no_more() -> str:
    return "That does not wait any more."


@sentence
def say_whether_told() -> str:
    return "Say whether those who answer for the patient already are told."


@sentence
def no_patient_any_more(patient: Patient) -> str:
    return f"{patient.name} is not a patient of the practice any more."


@sentence
def takes_two_people() -> str:
    return "That takes two people who are known: please write !link in the chat."


@sentence
def nobody_filed_so() -> str:
    return "Nobody is filed under this record number; `consentry record list` shows all."


@sentence
def whose_consents() -> str:
    return "Whose? Please name a --patient, an --image or a --recipient; `consentry consents list` shows all."


@sentence
def name_both() -> str:
    return "To check the checkpoints alone, name both --checkpoints and --key."


@sentence
def unknown_text(name: str) -> str:
    return f"{name[:60]} {unknown_name(name, BUILT_IN)}"
