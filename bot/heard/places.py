"""Read what stands at one place of a command: a reference, a record number, a day, an account, words. Pure: text goes in, the
value and what follows it come out; None where it does not stand there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import islice
from types import MappingProxyType

from bot.domain.answering import LegalDemand
from bot.domain.command import Command, Takes
from bot.domain.command_table import COMMANDS
from bot.domain.people import as_account
from bot.domain.references import as_reference, references_in
from bot.domain.staff_deeds import BreachEntry, BreachVerb, Capacity, ConsentSaid

from .enrolment_line import read_answering, read_enrolment, read_formal_parts
from .named_people import who_begins
from .patient import read_correction
from .statement_line import read_line
from .use_line import read_use
from .written_days import EARLIEST_BIRTHDAY, days_in

LONGEST_NAME = 40  # characters that are compared with a name
_MOST_PHOTOS = 50  # that are looked for; fewer may be asked for at once
_TOKEN = re.compile(r"[^\s–—:.!?,-]+")
_IMG = re.compile(r"img[\s–—-]*([0-9a-z]{4,8})\b[.,:;]?", re.IGNORECASE)
AMONG = re.compile(r"\bimg[\s–—-]*[0-9a-z]{4,8}\b[.,:;]?", re.IGNORECASE)
_WORD = re.compile(r'\s*(?:"([^"]*)"|(\S+))')
_CURLY = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
_TAKEN_BACK = re.compile(r"\b(?:no|not|don'?t|never|stop|wait|cancel)\b", re.IGNORECASE)
_BORN = re.compile(r'(?:\s|born|dob|[,;:"“”])*', re.IGNORECASE)
_MARKS = '"“”;'
_BESIDE = re.compile(r"^(?:mrn|urn?)\b[\s:]*", re.IGNORECASE)
_TO = re.compile(r"\bto\s", re.IGNORECASE)
_AFTER_NAME = " \t\r\n.:!?,–—-"

NAMED: dict[str, list[Command]] = {}
for _command in COMMANDS:
    for _name in (_command.name, *_command.aliases):
        NAMED.setdefault(_name.replace(" ", "-"), []).append(_command)


def names_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield what the text may begin with as a name, the longest first, and what follows it: "legal hold" is "legal-hold"."""
    words = list(islice(_TOKEN.finditer(text[: 4 * LONGEST_NAME]), 4))
    for last in range(len(words), 0, -1):
        name = "-".join(word[0] for word in words[:last]).casefold()
        yield name, text[words[last - 1].end() :].lstrip(_AFTER_NAME)


Found = tuple[object, str] | None  # what was read, and what follows it


def _word(text: str) -> tuple[str, str] | None:
    found = _WORD.match(text.translate(_CURLY))
    word = "" if found is None else found[1] if found[1] is not None else found[2].strip(".,;:!?\"'()")
    return (word, text[found.end() :].lstrip()) if found is not None and word else None


def _photo(text: str, today: date) -> Found:
    if found := _IMG.match(text):
        return as_reference(f"IMG-{found[1]}"), text[found.end() :].lstrip()
    word = _word(text)
    return (as_reference(word[0]), word[1]) if word is not None and as_reference(word[0]) else None


def _photo_or_number(text: str, today: date) -> Found:
    return _photo(text, today) if _IMG.match(text) else _word(text)


def _number(text: str, today: date) -> Found:
    return None if text.startswith("@") else _word(_BESIDE.sub("", text))


def _birthday(text: str, today: date) -> Found:
    found = next(iter(days_in(text)), None)
    if found is None or not _BORN.fullmatch(text[: found.start]):
        return None
    day = found.between(EARLIEST_BIRTHDAY, today)
    if day.doubt or not EARLIEST_BIRTHDAY <= day.readings[0] <= today:
        return None
    return day.readings[0], text[found.end :].lstrip(_AFTER_NAME + _MARKS)


def _whose(text: str, today: date) -> Found:
    number = _number(text, today)
    born = _birthday(number[1], today) if number is not None else None
    return ((number[0], born[0]), born[1]) if number is not None and born is not None else None


def _person(text: str, today: date) -> Found:
    """Take an account, or the words up to "to": whom they name, if anybody, decides who looks them up."""
    word = _word(text)
    if word is None or as_account(word[0]):
        return word
    who, behind = (text, "") if (to := _TO.search(text)) is None else (text[: to.start()], text[to.start() :].lstrip())
    return (_unquoted(who), behind) if _unquoted(who) else None


def _successor(text: str, today: date) -> Found:
    return _person(found[1], today) if (found := _word(text)) is not None and found[0].casefold() == "to" else None


def _capacity(text: str, today: date) -> Found:
    said = "-".join(text.casefold().replace("-", " ").split()).strip(".!")
    return (Capacity(said), "") if said in set(Capacity) else None


def _consent(text: str, today: date) -> Found:
    said = read_line(text, today)
    on = said.day or (said.dates[-1] if said.dates else None)
    return (ConsentSaid(said.consent, on, said.given_by, bool(said.advice), said.unclear), "") if text else None


_WITHOUT_TELLING = re.compile(r"\bwithout\s+telling\s+the\s+patient[\s.]*$", re.IGNORECASE)


def _demand(text: str, today: date) -> Found:
    pairs = _WITHOUT_TELLING.sub("", text).translate(_CURLY)
    words = [found[1] if found[1] is not None else found[2] for found in _WORD.finditer(pairs)]
    given = {name.casefold(): value.strip() for name, value in zip(words[::2], words[1::2], strict=False)}
    if not words or len(given) * 2 != len(words) or given.keys() - {"basis", "authority", "recipient"}:
        return None
    basis, authority, recipient = (given.get(name, "") for name in ("basis", "authority", "recipient"))
    demand = LegalDemand(basis, authority, recipient, not _WITHOUT_TELLING.search(text))
    return (demand, "") if demand.complete else None


def _breach(text: str, today: date) -> Found:
    word = _word(text)
    ref = word[0].upper().removeprefix("BR").lstrip("-–—") if word is not None else ""
    return (f"BR-{ref}", word[1]) if word is not None and word[0].upper().startswith("BR") and ref else None


def _breach_entry(text: str, today: date) -> Found:
    word = _word(text)
    if word is None or word[0].casefold() not in set(BreachVerb) or not (words := _unquoted(word[1])):
        return None
    return BreachEntry(BreachVerb(word[0].casefold()), words), ""


def _known_stop(text: str, today: date) -> Found:
    return (True, "") if text.strip(" .").casefold() == "though stopped" else None


def _more(text: str, today: date) -> Found:
    return (True, "") if text.strip(" .").casefold() == "more" else None


def _command_named(text: str, today: date) -> Found:
    name = next((name for name, _ in names_in(text.lstrip("! "))), "")
    return (NAMED[name][0].name, "") if name in NAMED else None


def _text(text: str, today: date) -> Found:
    """Take words; dots alone stand for the words that were said already."""
    return (text.strip(), "") if any(map(str.isprintable, text.strip(" .…\t\n\r"))) else None


def _correction(text: str, today: date) -> Found:
    found = _text(text, today)
    return None if found is None else (read_correction(str(found[0])), found[1])


def _unquoted(text: str) -> str:
    return " ".join(text.split()).strip('"“”„ ')


def _why(text: str, today: date) -> Found:
    return (_unquoted(text), "") if _unquoted(text) else None


def _remark(text: str, today: date) -> Found:
    """Take any remark but one that takes the command back, or names another photo."""
    return None if _TAKEN_BACK.search(text) or references_in(text) else (text, "")


def _photos(text: str, today: date) -> Found:
    """Take every reference: those at the beginning, and those that stand among the other words outside quotation marks."""
    refs: list[str] = []
    while len(refs) < _MOST_PHOTOS and (found := _photo(text, today)) is not None:
        refs.append(str(found[0]))
        text = found[1]
    pieces = text.translate(_CURLY).split('"')
    for at in range(0, len(pieces), 2):
        refs += [as_reference(found[0]) for found in AMONG.finditer(pieces[at])]
        pieces[at] = AMONG.sub(" ", pieces[at])
    return (tuple(refs), '"'.join(pieces).strip()) if refs else None


def _asked(text: str, today: date) -> Found:
    """Take a person and what they are asked: an account has words behind it; where a name ends, its owner decides."""
    named = who_begins(text, [])
    return (text, "") if named.written and (named.rest or not named.account) else None


def _use(text: str, today: date) -> Found:
    return (read_use(text, today), "") if text else None


def _enrolment(text: str, today: date) -> Found:
    found = read_enrolment(text, today)
    return None if found is None else (found, "")


def _answering(text: str, today: date) -> Found:
    return (read_answering(text), "") if text else None


def _formal_name(text: str, today: date) -> Found:
    return None if (parts := read_formal_parts(text)) is None else (parts, "")


READERS: Mapping[Takes, Callable[[str, date], Found]] = MappingProxyType(
    {
        Takes.PHOTO: _photo,
        Takes.PHOTO_OR_NUMBER: _photo_or_number,
        Takes.NUMBER: _number,
        Takes.BIRTHDAY: _birthday,
        Takes.WHOSE: _whose,
        Takes.PERSON: _person,
        Takes.SUCCESSOR: _successor,
        Takes.CAPACITY: _capacity,
        Takes.CONSENT: _consent,
        Takes.DEMAND: _demand,
        Takes.BREACH: _breach,
        Takes.BREACH_ENTRY: _breach_entry,
        Takes.KNOWN_STOP: _known_stop,
        Takes.MORE: _more,
        Takes.COMMAND: _command_named,
        Takes.TEXT: _text,
        Takes.CORRECTION: _correction,
        Takes.WHY: _why,
        Takes.REMARK: _remark,
        Takes.ASKED: _asked,
        Takes.PHOTOS: _photos,
        Takes.USE: _use,
        Takes.ENROLMENT: _enrolment,
        Takes.ANSWERING: _answering,
        Takes.FORMAL_NAME: _formal_name,
    }
)
