"""What the bot says when it asks a colleague for all that their photo lacks, and of what they wrote (R2 to R4, R15, R22)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from bot.domain.message import Message
from bot.domain.statement import Missing

from .phrases import day, many, quoted
from .sentence import in_words, sentence

LINE = "body 20417 1990-05-14 mine verbal today advice"


def ask(refs: Sequence[str], written_only: bool) -> str:
    """Ask for everything at once; the answers to tap say the rest of it, except which patient."""
    line = LINE.replace("verbal today", "written") if written_only else LINE
    consent = (
        "written (the signed form comes next)" if written_only else "verbal and when, or written (form comes next)"
    )
    return (
        f"{many(refs)}: kept safely, not filed yet. Write one line, in any order:\n{line}\n"
        f"(body or document · record number and birthday · mine, or by whom · {consent} · advice, if they agreed to that · other "
        "words are the reason)\nOr tap, then write the two numbers:"
    )


def quick_answers(written_only: bool, also_a_patient: bool) -> list[tuple[str, str]]:
    """Return the answers to tap, each as the line that it stands for and its label."""
    answers = [
        ("body mine verbal today no advice", "Body: I took it, verbal consent today"),
        ("body mine verbal today advice", "Body: I took it, verbal consent today, sharing for advice too"),
        ("body mine written no advice", "Body: I took it, written consent, the form comes next"),
        ("document mine", "Document: I took it"),
        ("leave", "Leave it with me"),
    ]
    if written_only:
        answers = answers[2:]
    return [*answers, ("own", "It is of me or somebody I answer for, as a patient")] if also_a_patient else answers


_STILL: Mapping[Missing, str] = MappingProxyType(
    {
        Missing.KIND: "body or document",
        Missing.PATIENT: "which patient: record number and date of birth together, for example 20417 1990-05-14",
        Missing.PHOTOGRAPHER: "who took it: mine, or by and a name",
        Missing.CONSENT: "the patient's consent: verbal and when (verbal today), or written",
        Missing.CONSENT_DAY: "when consent was given: today, yesterday or the date",
        Missing.CONSENT_GIVER: "who gave consent for this child: from parent, from guardian, or from patient if mature enough",
        Missing.FORM: "the signed form: please send it next, within 15 minutes, as a photo or PDF",
    }
)


def still_missing(refs: Sequence[str], missing: frozenset[Missing], complaint: Message | None) -> str:
    wanted = [text for field, text in _STILL.items() if field in missing]
    asked = "\n".join(f"· {text}" for text in wanted)
    first = f"{in_words(complaint)} " if complaint is not None else ""
    return f"{first}{many(refs)} still needs:\n{asked}".strip()


@sentence
def no_such_patient(numbers: Sequence[str], born: date) -> str:
    shown = " or ".join(quoted(number, 40) for number in numbers[:3])
    return (
        f"No enrolled patient has the record number {shown} and was born {day(born)}. Nothing was matched. Please check both, "
        "or ask reception to enrol them."
    )


@sentence
def both_together() -> str:
    return "Please write the record number and the date of birth in one message."


@sentence
def withheld() -> str:
    return (
        "I don't count that as consent: it reads as refused, unsure or still to come. If it was given, please write it plainly, for "
        "example “verbal today”; if not, “leave” keeps the photo with you."
    )


@sentence
def not_understood() -> str:
    return "I didn't understand that."


@sentence
def in_the_future() -> str:
    return "Consent can't have been given in the future."


@sentence
def before_birth() -> str:
    return "Consent can't have been given before the patient was born."


@sentence
def held_as_body() -> str:
    return "This picture is held here as one of a body, so it is taken as that and needs the patient's consent."


@sentence
def written_only() -> str:
    return "This practice needs consent in writing, so verbal consent is not enough here."


@sentence
def as_your_own() -> str:
    return (
        "You are, or speak for, this patient, so you can't file it as staff. Write “leave”, then send it again and tap “It is of me, "
        "as a patient”, or ask a colleague to send it."
    )


@sentence
def nobodys_photo() -> str:
    return "You don't answer for any patient here at the moment, so I can't take it as a patient's. Nothing was filed."


@sentence
def which_one(refs: Sequence[str]) -> str:
    return f"Which one? Please begin your line with its reference: {many(refs)}."


@sentence
def which_form(refs: Sequence[str]) -> str:
    return (
        "More than one photo waits for a form, so I kept nothing of this. Please send it again with the reference as its caption: "
        f"{many(refs)}."
    )


@sentence
def form_comes_too_late(refs: Sequence[str]) -> str:
    captions = " or ".join(f"“form {ref}”" for ref in refs)
    return f"If this is the signed form of an earlier photo, write “leave”, and send it again with {captions} as its caption."
