"""Who is invited: `patient 10421 Sam Patel 7 March 1984 parent Ann Patel`, `clinician @lee:server Lee Chen`.

A name needs no quotation marks: a patient's ends where the birthday begins, anybody else's where the line ends. All of it is
echoed to whoever wrote it, before anybody can use the invitation (R15). A comma within a patient's name says where the family
name ends: `Patel, Sam`. `Suharto, -` is a person with one name.
"""

from __future__ import annotations

import re
from datetime import date

from bot.domain.errors import Refused
from bot.domain.formal_names import FormalName, Sex
from bot.domain.message import message
from bot.domain.people import Relation, Role, as_account
from bot.domain.spelling import folded
from bot.domain.staff_deeds import Answering, FormalParts, NewColleague, NewPatient

from .quoted_words import straight
from .written_days import WrittenDay, days_in, the_birthday

LONGEST_NAME = 120
_NUMBER = re.compile(r"[\w./-]{1,40}")
_MRN = re.compile(r"^(?:mrn|urn?)[\s:]+", re.IGNORECASE)
_MRN_LAST = re.compile(r"[\s,;:]+mrn[\s:]*$", re.IGNORECASE)
_KIND = re.compile(r"(patient|outside[\s–-]?clinician|clinician|reception(?:ist)?)\b[\s:]*", re.IGNORECASE)
_RELATION = re.compile(
    r"(self|parent|mother|father|mum|dad|guardian|child|decision[\s–-]?maker)(?:\s+is)?(?![\w-])[\s:,]*", re.IGNORECASE
)
_RELATIONS = {"mother": "parent", "father": "parent", "mum": "parent", "dad": "parent"}
_SEXES = {"female": Sex.FEMALE, "f": Sex.FEMALE, "male": Sex.MALE, "m": Sex.MALE, "other": Sex.OTHER, "x": Sex.OTHER}
_SEX = re.compile(r"[\s,;]*(female|male|other|[fmx])(?![\w-])[\s,;.]*", re.IGNORECASE)
_SEX_LAST = re.compile(r"[\s,;]+(female|male|other|[fmx])[\s.]*$", re.IGNORECASE)
_NONE_GIVEN = frozenset({"-", "–", "—"})
_BORN = re.compile(r"[\s,]*\b(?:born(?:\son)?|dob|d\.o\.b\.?|b\.)[\s:]*$", re.IGNORECASE)


def read_enrolment(text: str, today: date) -> NewPatient | NewColleague | None:
    """Return who is enrolled; None where it does not say who, and as what."""
    found = _KIND.match(text.strip())
    if found is None:
        return None
    rest = text.strip()[found.end() :]
    kind = re.sub(r"[\s–]", "-", found[1].casefold()).replace("receptionist", "reception")
    role = Role(kind.replace("outsideclinician", "outside-clinician"))
    return _patient(rest, today) if role is Role.PATIENT else _colleague(role, rest)


def _patient(text: str, today: date) -> NewPatient | None:
    mrn, rest = _number_and_others(" ".join(straight(text).split()))
    born = _birthday_of(rest)
    if born is None or not _NUMBER.fullmatch(mrn):
        return None
    written = _bare(_BORN.sub("", rest[: born.start]))
    formal = _formal(written)
    name = formal.spoken if formal is not None else written
    if not _is_a_name(name) or (_has_digit(name) and not _has_digit(mrn)):
        return None
    sex, behind = _sex_first(rest[born.end :])
    return NewPatient(mrn, name, the_birthday(born, today), read_answering(behind), formal, sex)


def read_formal_parts(text: str) -> FormalParts | None:
    """Return a name in its parts, and the sex behind it where it is said; None where no comma parts it."""
    words = _bare(straight(text))
    sex = None
    if (found := _SEX_LAST.search(words)) is not None:
        sex, words = _SEXES[found[1].casefold()], words[: found.start()]
    formal = _formal(words)
    return FormalParts(formal, sex) if formal is not None else None


def _formal(written: str) -> FormalName | None:
    """Return what stands before and behind the one comma of a name."""
    family, comma, given = (part.strip() for part in written.partition(","))
    if not comma or "," in given or not _is_a_name(family) or not (given in _NONE_GIVEN or _is_a_name(given)):
        return None
    return FormalName(family, None if given in _NONE_GIVEN else given)


def _sex_first(text: str) -> tuple[Sex | None, str]:
    """Return the sex, where it is the first word, and what follows it."""
    found = _SEX.match(text)
    return (None, text) if found is None else (_SEXES[found[1].casefold()], text[found.end() :])


def _colleague(role: Role, text: str) -> NewColleague | None:
    """Read the account, which stands before the name or behind it, and the name."""
    words = straight(text).split()
    accounts = [at for at, word in enumerate(words) if as_account(word)]
    if len(accounts) != 1 or accounts[0] not in {0, len(words) - 1}:
        return None
    account = as_account(words.pop(accounts[0]))
    name = _bare(" ".join(words))
    return NewColleague(role, account, name) if _is_a_name(name) else None


def read_answering(text: str) -> Answering:
    """Return who answers for a patient: the patient themselves, where nobody is named."""
    words = " ".join(straight(text).split()).strip(" ,.;:-–")
    if not words:
        return Answering()
    found = _RELATION.match(words)
    if found is None:
        raise Refused(message("about_typed_lines.no_relation", written=words.split()[0]))
    said = re.sub(r"[\s–]", "-", found[1].casefold()).replace("decisionmaker", "decision-maker")
    relation, name = Relation(_RELATIONS.get(said, said)), _bare(words[found.end() :])
    if relation is not Relation.SELF and not _is_a_name(name):
        raise Refused(message("about_typed_lines.name_is_missing", relation=relation), "R9")
    return Answering(relation, name or None)


def _number_and_others(line: str) -> tuple[str, str]:
    """Return the record number, and what else stands there, without "MRN" before the number.

    The first word is the number; where it has no digit, the word right before the birthday may be the one.
    """
    line = _MRN.sub("", line)
    mrn, _, rest = line.partition(" ")
    if not _has_digit(mrn) and (born := _birthday_of(line)) is not None:
        name, _, number = _BORN.sub("", line[: born.start]).rstrip(" ,;:").rpartition(" ")
        if _has_digit(number):
            return number.strip('",;:'), f"{_MRN_LAST.sub('', name)} {line[born.start :]}"
    return mrn.strip('",;:'), rest


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))


def _birthday_of(words: str) -> WrittenDay | None:
    """Return the first day behind the name; one in quotation marks belongs to the name."""
    found = (day for day in days_in(words) if words.count('"', 0, day.start) % 2 == 0)
    return next(found, None)


def _bare(name: str) -> str:
    return " ".join(name.replace('"', " ").strip(" ,;:").split())


def _is_a_name(name: str) -> bool:
    return len(name) <= LONGEST_NAME and any(letter.isalpha() for letter in folded(name))
