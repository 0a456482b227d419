"""The lines that invite somebody: `!enrol patient 10421 Sam Patel 7 March 1984 parent Ann Patel`, `!link 10421 self`.

A name needs no quotation marks: a patient's ends where the birthday begins, anybody else's where the line ends. All of it is
echoed to whoever wrote it, before anybody can use the invitation (R15).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bot.domain.errors import Refused
from bot.domain.identifiers import Account
from bot.domain.people import Relation, Role, as_account
from bot.domain.spelling import folded

from .quoted_words import straight
from .written_days import WrittenDay, days_in, the_birthday

RELATIONS = "self | parent | guardian | child | decision-maker Their Name"
PATIENT_USAGE = f"!enrol patient MRN Full Name 7 March 1984 [{RELATIONS}]"
STAFF_USAGE = "!enrol clinician | outside-clinician | reception @account:server Full Name"
LINK_USAGE = f"!link MRN [{RELATIONS}]"
LONGEST_NAME = 120
_NUMBER = re.compile(r"[\w./-]{1,40}")
_KIND = re.compile(r"(patient|outside[\s–-]?clinician|clinician|reception(?:ist)?)\b[\s:]*", re.IGNORECASE)
_RELATION = re.compile(
    r"(self|parent|mother|father|mum|dad|guardian|child|decision[\s–-]?maker)(?:\s+is)?(?![\w-])[\s:,]*", re.IGNORECASE
)
_RELATIONS = {"mother": "parent", "father": "parent", "mum": "parent", "dad": "parent"}
_BORN = re.compile(r"[\s,]*\b(?:born(?:\son)?|dob|d\.o\.b\.?|b\.)[\s:]*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers for a patient: `who` is "" for the patient themselves."""

    relation: Relation = Relation.SELF
    who: str = ""


@dataclass(frozen=True, slots=True)
class PatientLine:
    mrn: str
    name: str
    born: date
    answering: Answering


@dataclass(frozen=True, slots=True)
class ColleagueLine:
    role: Role
    account: Account
    name: str


def kind_of(argument: str) -> tuple[str, str]:
    """Return whom a line enrols, as a role's word, and the rest of the line; "" for a word that is none."""
    found = _KIND.match(argument.strip())
    if found is None:
        return "", argument
    kind = re.sub(r"[\s–]", "-", found[1].casefold()).replace("receptionist", "reception")
    return kind.replace("outsideclinician", "outside-clinician"), argument.strip()[found.end() :]


def read_patient(argument: str, today: date) -> PatientLine:
    line = " ".join(straight(argument, PATIENT_USAGE).split())
    mrn, rest = _number_first(line)
    born = _birthday_of(rest)
    name = _bare(_BORN.sub("", rest[: born.start])) if born else ""
    if born is None or not _is_a_name(name) or not _NUMBER.fullmatch(mrn):
        raise Refused(f"Please write: {PATIENT_USAGE}")
    day = the_birthday(born, today, f"!enrol patient {line}")
    return PatientLine(mrn, name, day, read_answering(rest[born.end :]))


def read_link(argument: str) -> tuple[str, Answering]:
    """Return the record number, and who will answer."""
    mrn, rest = _number_first(" ".join(straight(argument, LINK_USAGE).split()))
    if not mrn:
        raise Refused(f"Please write: {LINK_USAGE}")
    return mrn, read_answering(rest)


def read_colleague(role: Role, argument: str) -> ColleagueLine:
    """Read the account, which stands before the name or behind it, and the name."""
    words = straight(argument, STAFF_USAGE).split()
    accounts = [at for at, word in enumerate(words) if as_account(word)]
    if len(accounts) != 1 or accounts[0] not in {0, len(words) - 1}:
        raise Refused(f"Please write: {STAFF_USAGE}")
    account = as_account(words.pop(accounts[0]))
    name = _bare(" ".join(words))
    if not _is_a_name(name):
        raise Refused(f"Please write: {STAFF_USAGE}")
    return ColleagueLine(role, account, name)


def read_answering(words: str) -> Answering:
    words = words.strip(" ,.;:-–")
    if not words:
        return Answering()
    found = _RELATION.match(words)
    if found is None:
        allowed = ", ".join(relation.value for relation in Relation)
        raise Refused(f"“{words.split()[0][:20]}” is not a relation I know. It is one of: {allowed}.")
    said = re.sub(r"[\s–]", "-", found[1].casefold()).replace("decisionmaker", "decision-maker")
    relation, who = Relation(_RELATIONS.get(said, said)), _bare(words[found.end() :])
    if relation is not Relation.SELF and not _is_a_name(who):
        raise Refused(f"Please add the name of the {relation.value}, for example: {relation.value} Ann Patel", "R9")
    return Answering(relation, who)


def _number_first(line: str) -> tuple[str, str]:
    """Return the record number and what follows it, without "MRN" before it."""
    line = re.sub(r"^(?:mrn|urn?)[\s:]+", "", line, flags=re.IGNORECASE)
    mrn, _, rest = line.partition(" ")
    return mrn.strip('",;:'), rest


def _birthday_of(words: str) -> WrittenDay | None:
    """Return the first day behind the name; one in quotation marks belongs to the name."""
    found = (day for day in days_in(words) if words.count('"', 0, day.start) % 2 == 0)
    return next(found, None)


def _bare(name: str) -> str:
    return " ".join(name.replace('"', " ").strip(" ,;:").split())


def _is_a_name(name: str) -> bool:
    return len(name) <= LONGEST_NAME and any(letter.isalpha() for letter in folded(name))
