"""Read a command: what staff write with its mark, and what patients write word for word. It becomes a deed, or what is not clear.

Nothing is guessed. A command is read when its name, its reference and all else it needs stand there; a reply in the app stands
for the reference only where `Command.by_reply` says so. Whatever is almost a command is given back as the line to send.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import SequenceMatcher, get_close_matches
from enum import StrEnum
from itertools import islice
from types import MappingProxyType

from bot.domain.answering import LegalDemand
from bot.domain.command_table import COMMANDS, Command, Takes
from bot.domain.identifiers import Account
from bot.domain.people import STAFF, Role, as_account
from bot.domain.references import as_reference, references_in
from bot.domain.rooms import RoomKind
from bot.domain.staff_deeds import BreachEntry, BreachVerb, Capacity, ConsentSaid, StaffDeed

from .statement_line import read_line
from .written_days import as_day


class Unclear(StrEnum):
    UNKNOWN = "unknown"  # there is no such command
    ALMOST = "almost"  # it is nearly the name of one, or one without its mark
    LACKS = "lacks"  # something that it needs is missing, or can't be read
    TOO_MUCH = "too-much"  # more stands there than is understood


@dataclass(frozen=True, slots=True)
class Typed:
    """A line somebody wrote themselves, with what it may be about."""

    text: str
    roles: frozenset[Role]
    room: RoomKind
    today: date
    about: tuple[str, ...] = ()  # the photos of the message that it replies to
    waiting: tuple[str, ...] = ()  # photos that it may be about; only ever offered

    @property
    def by_a_professional(self) -> bool:
        return bool(self.roles & (STAFF | {Role.OUTSIDE_CLINICIAN}))


@dataclass(frozen=True, slots=True)
class NotClear:
    """What is not clear, and the exact lines that would be."""

    why: Unclear
    said: str  # the word that was not understood, "" where one is missing
    lines: tuple[str, ...] = ()
    lacks: Takes | None = None


@dataclass(frozen=True, slots=True)
class CommandRead:
    """The command that was named, and the deed that it makes."""

    command: Command
    deed: StaffDeed | NotClear
    marked: bool = True


LONGEST_NAME = 40  # characters that are compared with a name
_ALIKE = 0.75
_MOST_OFFERED = 5
_MOST_PHOTOS = 50  # that are looked for; fewer may be asked for at once
_MOST_SAID_AGAIN = 1_000  # characters: the whole line must fit into one message
_MARK, _AFTER_NAME = "! \t\r\n", " \t\r\n.:!?,–—-"
_TOKEN = re.compile(r"[^\s–—:.!?,-]+")
_COURTESY = re.compile(
    r"(?:[\s.,;:!👍🙏🙂😊\ufe0f]|\b(?:please|pls|plz|thanks|thank you|thx|ta|cheers)\b)*", re.IGNORECASE
)
_IMG = re.compile(r"img[\s–—-]*([0-9a-z]{4,8})\b[.,:;]?", re.IGNORECASE)
_WORD = re.compile(r'\s*(?:"([^"]*)"|(\S+))')
_CURLY = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
_TAKEN_BACK = re.compile(r"\b(?:no|not|don'?t|never|stop|wait|cancel)\b", re.IGNORECASE)
_OLDEST = date(1880, 1, 1)

_NAMED: dict[str, list[Command]] = {}
for _command in COMMANDS:
    for _name in (_command.name, *_command.aliases):
        _NAMED.setdefault(_name.replace(" ", "-"), []).append(_command)


def read(typed: Typed) -> CommandRead | NotClear | None:
    """Return the command that this line is; what is unclear, if it is meant as one; None if it is none."""
    text = typed.text.strip()
    if typed.by_a_professional and text.startswith("!"):
        return _marked(text.lstrip(_MARK), typed)
    found = None if "?" in text else _named(text, typed, as_patient=typed.room is RoomKind.OWN)
    if found is None or not found[0].roles & typed.roles:
        return None
    command, rest = found
    asked = _asked(command, rest, typed, marked=False)
    if isinstance(asked.deed, NotClear):
        return None
    if Role.PATIENT in command.roles and (typed.room is RoomKind.OWN or not typed.by_a_professional):
        return asked
    return _unmarked(asked, rest, typed)


def _unmarked(asked: CommandRead, rest: str, typed: Typed) -> CommandRead | None:
    """Return what staff wrote without the mark: the command, where it is certain; else, in their own chat, the line to send."""
    named = bool(references_in(rest))
    if typed.room in asked.command.unmarked and (named or (not rest and typed.about)):
        return asked
    if typed.room is not RoomKind.OWN or asked.command.unmarked or (rest and not named):
        return None
    return replace(asked, deed=NotClear(Unclear.ALMOST, "", (_line(asked.command, rest, typed),)))


def suggest(typed: Typed) -> NotClear | None:
    """Return the command that a line without its mark is nearly, where nobody else understood it."""
    text = typed.text.strip()
    found = _named(text, typed) or _alike(text, typed)
    if found is None or not found[0].roles & typed.roles or isinstance(_asked(*found, typed).deed, NotClear):
        return None
    return NotClear(Unclear.ALMOST, "", (_line(*found, typed),))


def _marked(text: str, typed: Typed) -> CommandRead | NotClear | None:
    found = _named(text, typed)
    if found is not None:
        return _asked(*found, typed)
    almost, said = _alike(text, typed), _first_word(text)
    if almost is not None:
        return NotClear(Unclear.ALMOST, said, (_line(*almost, typed),))
    return None if typed.room is RoomKind.CASE else NotClear(Unclear.UNKNOWN, said)


def _names_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield what the text may begin with as a name, the longest first, and what follows it: "legal hold" is "legal-hold"."""
    words = list(islice(_TOKEN.finditer(text[: 4 * LONGEST_NAME]), 4))
    for last in range(len(words), 0, -1):
        name = "-".join(word[0] for word in words[:last]).casefold()
        yield name, text[words[last - 1].end() :].lstrip(_AFTER_NAME)


def _named(text: str, typed: Typed, *, as_patient: bool = False) -> tuple[Command, str] | None:
    """Return the command whose name the text begins with, and what follows; of two so named, the one for somebody like them."""
    for name, rest in _names_in(text):
        several = _NAMED.get(name, ())
        theirs = [command for command in several if command.roles & typed.roles]
        patients = [command for command in theirs if as_patient and Role.PATIENT in command.roles]
        for command in (*patients, *theirs[::-1], *several):
            return command, rest
    return None


def _alike(text: str, typed: Typed) -> tuple[Command, str] | None:
    """Return the command that these words are most nearly the name of, among those that this person may ask."""
    theirs = {name: command for name, several in _NAMED.items() for command in several if command.roles & typed.roles}
    scored = [
        (SequenceMatcher(None, said, name).ratio(), name, rest)
        for said, rest in _names_in(text)
        for name in get_close_matches(said[:LONGEST_NAME], theirs, 1, _ALIKE)
    ]
    _, name, rest = max(scored, default=(0.0, "", ""))
    return (theirs[name], rest) if name else None


# ---- the places of a command


def _asked(command: Command, text: str, typed: Typed, *, marked: bool = True) -> CommandRead:
    values: dict[str, object] = {}
    lacks, rest = None, text
    for place in command.parameters:
        found = _READERS[place.takes](rest, typed)
        if found is not None:
            values[place.field], rest = found
        elif place.takes is Takes.PHOTO and command.by_reply and len(typed.about) == 1:
            values[place.field] = typed.about[0]
        elif place.needed:
            lacks = lacks or place.takes
    values.pop("", None)
    if lacks is None and _COURTESY.fullmatch(rest):
        return CommandRead(command, command.makes(**values), marked)
    refs = (typed.about or typed.waiting)[:_MOST_OFFERED] if lacks in _OF_A_PHOTO else ()
    lines = tuple(_line(command, text, typed, ref) for ref in refs or ("",))
    why = Unclear.LACKS if lacks else Unclear.TOO_MUCH
    return CommandRead(command, NotClear(why, _first_word(rest), lines, lacks), marked)


def _line(command: Command, rest: str, typed: Typed, ref: str = "") -> str:
    """Return the line that would work, filled with what was said, and with examples of what was not.

    Where others read, somebody's own words are not said again.
    """
    pieces = []
    for place in command.parameters:
        found = _READERS[place.takes](rest, typed)
        said = "" if found is None else rest[: len(rest) - len(found[1])].strip()
        rest = rest if found is None else found[1]
        if found is not None and place.takes is Takes.PHOTO:
            pieces.append(str(found[0]))
        elif 0 < len(said) <= _MOST_SAID_AGAIN and (typed.room is RoomKind.OWN or place.takes in _SAID_AGAIN):
            pieces.append(said)
        elif ref and place.takes is Takes.PHOTOS_AND_LINE:
            pieces.append(f"{ref} {rest or place.example.partition(' ')[2]}")
        elif ref and place.takes in _OF_A_PHOTO:
            pieces.append(ref)
        elif place.needed:
            pieces.append(place.example)
    return " ".join((f"{'!' if typed.by_a_professional else ''}{command.name}", *filter(None, pieces)))


def _first_word(text: str) -> str:
    return next(iter(text.split(maxsplit=1)), "")[:20]


_OF_A_PHOTO = frozenset({Takes.PHOTO, Takes.PHOTO_OR_NUMBER, Takes.PHOTOS_AND_LINE})
_SAID_AGAIN = frozenset({Takes.ACCOUNT, Takes.SUCCESSOR, Takes.BREACH, Takes.COMMAND, Takes.CAPACITY})

Found = tuple[object, str] | None  # what was read, and what follows it


def _word(text: str) -> tuple[str, str] | None:
    found = _WORD.match(text.translate(_CURLY))
    word = "" if found is None else found[1] if found[1] is not None else found[2].strip(".,;:!?\"'()")
    return (word, text[found.end() :].lstrip()) if found is not None and word else None


def _photo(text: str, typed: Typed) -> Found:
    if found := _IMG.match(text):
        return as_reference(f"IMG-{found[1]}"), text[found.end() :].lstrip()
    word = _word(text)
    return (as_reference(word[0]), word[1]) if word is not None and as_reference(word[0]) else None


def _photo_or_number(text: str, typed: Typed) -> Found:
    return _photo(text, typed) if _IMG.match(text) else _word(text)


def _number(text: str, typed: Typed) -> Found:
    return None if text.startswith("@") else _word(text)


def _birthday(text: str, typed: Typed) -> Found:
    words = list(islice(_WORD.finditer(text), 3))
    for last in words:
        born = as_day(text[: last.end()].strip('"“” '))
        if born is not None and _OLDEST <= born <= typed.today:
            return born, text[last.end() :].lstrip()
    return None


def _account(text: str, typed: Typed) -> Found:
    word = _word(text)
    return (Account(word[0]), word[1]) if word is not None and as_account(word[0]) else None


def _successor(text: str, typed: Typed) -> Found:
    return _account(found[1], typed) if (found := _word(text)) is not None and found[0].casefold() == "to" else None


def _capacity(text: str, typed: Typed) -> Found:
    said = "-".join(text.casefold().replace("-", " ").split()).strip(".!")
    return (Capacity(said), "") if said in set(Capacity) else None


def _consent(text: str, typed: Typed) -> Found:
    said = read_line(text, typed.today)
    on = said.day or (said.dates[-1] if said.dates else None)
    return (ConsentSaid(said.consent, on, said.given_by, bool(said.advice)), "") if text else None


_WITHOUT_TELLING = re.compile(r"\bwithout\s+telling\s+the\s+patient[\s.]*$", re.IGNORECASE)


def _demand(text: str, typed: Typed) -> Found:
    pairs = _WITHOUT_TELLING.sub("", text).translate(_CURLY)
    words = [found[1] if found[1] is not None else found[2] for found in _WORD.finditer(pairs)]
    given = {name.casefold(): value.strip() for name, value in zip(words[::2], words[1::2], strict=False)}
    if not words or len(given) * 2 != len(words) or given.keys() - {"basis", "authority", "recipient"}:
        return None
    basis, authority, recipient = (given.get(name, "") for name in ("basis", "authority", "recipient"))
    return LegalDemand(basis, authority, recipient, not _WITHOUT_TELLING.search(text)), ""


def _breach(text: str, typed: Typed) -> Found:
    word = _word(text)
    ref = word[0].upper().removeprefix("BR").lstrip("-–—") if word is not None else ""
    return (f"BR-{ref}", word[1]) if word is not None and word[0].upper().startswith("BR") and ref else None


def _breach_entry(text: str, typed: Typed) -> Found:
    word = _word(text)
    if word is None or word[0].casefold() not in set(BreachVerb) or not (words := _unquoted(word[1])):
        return None
    return BreachEntry(BreachVerb(word[0].casefold()), words), ""


def _known_stop(text: str, typed: Typed) -> Found:
    return (True, "") if text.strip(" .").casefold() == "though stopped" else None


def _more(text: str, typed: Typed) -> Found:
    return (True, "") if text.strip(" .").casefold() == "more" else None


def _command_named(text: str, typed: Typed) -> Found:
    name = next((name for name, _ in _names_in(text.lstrip(_MARK))), "")
    return (_NAMED[name][0].name, "") if name in _NAMED else None


def _text(text: str, typed: Typed) -> Found:
    return (text.strip(), "") if text.strip() else None


def _unquoted(text: str) -> str:
    return " ".join(text.split()).strip('"“”„ ')


def _why(text: str, typed: Typed) -> Found:
    return (_unquoted(text), "") if _unquoted(text) else None


def _remark(text: str, typed: Typed) -> Found:
    """Take any remark but one that takes the command back, or names another photo."""
    return None if _TAKEN_BACK.search(text) or references_in(text) else (text, "")


def _photos_and_line(text: str, typed: Typed) -> Found:
    refs: list[str] = []
    while len(refs) < _MOST_PHOTOS and (found := _photo(text, typed)) is not None:
        refs.append(str(found[0]))
        text = found[1]
    return (" ".join((*refs, text)).strip(), "") if refs or "img" in text.casefold() else None


_READERS: Mapping[Takes, Callable[[str, Typed], Found]] = MappingProxyType(
    {
        Takes.PHOTO: _photo,
        Takes.PHOTO_OR_NUMBER: _photo_or_number,
        Takes.NUMBER: _number,
        Takes.BIRTHDAY: _birthday,
        Takes.ACCOUNT: _account,
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
        Takes.WHY: _why,
        Takes.REMARK: _remark,
        Takes.LINE: _text,
        Takes.PHOTOS_AND_LINE: _photos_and_line,
    }
)
