"""Read a command: what staff write with its mark, and what patients write word for word. It becomes a deed, or what is not clear.

Nothing is guessed. A command is read when its name, its reference and all else it needs stand there; a reply in the app stands
for the reference only where `Command.by_reply` says so. Whatever is almost a command is given back as the line to send.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import SequenceMatcher, get_close_matches
from enum import StrEnum
from typing import Any

from bot.domain.command import Command, Parameter, Takes
from bot.domain.command_table import DAILY, FIRST
from bot.domain.deeds import Missaid
from bot.domain.errors import Refused
from bot.domain.people import STAFF, Role
from bot.domain.references import references_in
from bot.domain.rooms import RoomKind
from bot.domain.staff_deeds import NewPatient, StaffDeed

from .mentions import with_accounts
from .places import AMONG, LONGEST_NAME, NAMED, READERS, Found, names_in
from .written_days import UnclearDay


class Unclear(StrEnum):
    UNKNOWN = "unknown"  # there is no such command
    ALMOST = "almost"  # it is nearly the name of one, or one without its mark
    LACKS = "lacks"  # something that it needs is missing, or can't be read
    TOO_MUCH = "too-much"  # more stands there than is understood
    MISSAID = "missaid"  # what is wrong with it can be said by name
    OTHERWISE = "otherwise"  # it names another photo than the one that it replies to


@dataclass(frozen=True, slots=True)
class Typed:
    """A line somebody wrote themselves, with what it may be about."""

    text: str
    roles: frozenset[Role]
    room: RoomKind
    today: date
    about: tuple[str, ...] = ()  # the photos of the message that it replies to
    waiting: tuple[str, ...] = ()  # photos that it may be about; only ever offered
    content: Mapping[str, Any] = field(default_factory=dict)  # has the accounts that its pills link to

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
    missaid: Missaid | None = None


@dataclass(frozen=True, slots=True)
class CommandRead:
    """The command that was named, and the deed that it makes."""

    command: Command
    deed: StaffDeed | NotClear
    marked: bool = True


_ALIKE = 0.75
_MOST_OFFERED = 5
_MOST_SAID_AGAIN = 1_000  # characters: the whole line must fit into one message
_MARK = "! \t\r\n"
_SPACES = re.compile(r"[ \t]+")
_THANKS = r"[\s.,;:!👍🙏🙂😊\ufe0f]|\b(?:thanks|thank you|thx|ta|cheers)\b"
_THANKED = re.compile(rf"(?:{_THANKS})*", re.IGNORECASE)
_COURTESY = re.compile(rf"(?:{_THANKS}|\b(?:please|pls|plz)\b)*", re.IGNORECASE)


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
        meant = typed.room in command.unmarked and _THANKED.fullmatch(rest) and typed.about
        return asked if meant and typed.by_a_professional else None
    if Role.PATIENT in command.roles and (typed.room is RoomKind.OWN or not typed.by_a_professional):
        return asked
    return _unmarked(asked, rest, typed)


def _unmarked(asked: CommandRead, rest: str, typed: Typed) -> CommandRead | None:
    """Return what staff wrote without the mark: the command, where it is certain; else, in their own chat, the line to send."""
    named = bool(references_in(rest))
    if typed.room in asked.command.unmarked and (named or (_THANKED.fullmatch(rest) and typed.about)):
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


def perhaps_a_reply(typed: Typed) -> NotClear | None:
    """Return the line that sends a clinician's words to the patient, where they hang on one photo and are nothing else."""
    text = typed.text.strip()
    if len(typed.about) != 1 or Role.CLINICIAN not in typed.roles or text.startswith("!"):
        return None
    if _COURTESY.fullmatch(text) or len(text) > _MOST_SAID_AGAIN:
        return None
    return NotClear(Unclear.ALMOST, "", (f"!reply {typed.about[0]} {text}",))


def _marked(text: str, typed: Typed) -> CommandRead | NotClear | None:
    found = _named(text, typed)
    if found is not None:
        return _asked(*found, typed)
    almost, said = _alike(text, typed), _first_word(text)
    if almost is not None:
        return NotClear(Unclear.ALMOST, said, (_line(*almost, typed),))
    return None if typed.room is RoomKind.CASE else NotClear(Unclear.UNKNOWN, said)


def _named(text: str, typed: Typed, *, as_patient: bool = False) -> tuple[Command, str] | None:
    """Return the command whose name the text begins with, and what follows; of two so named, the one for somebody like them."""
    for name, rest in names_in(text):
        several = NAMED.get(name, ())
        theirs = [command for command in several if command.roles & typed.roles]
        patients = [command for command in theirs if as_patient and Role.PATIENT in command.roles]
        for command in (*patients, *theirs[::-1], *several):
            return command, rest
    return None


def _alike(text: str, typed: Typed) -> tuple[Command, str] | None:
    """Return the command that these words are most nearly the name of, among those that this person may ask.

    Of two that are equally near: the one with the same letters, then the one that help shows earlier. "lsit" and "lst" are
    "list", not "lost".
    """
    theirs = {name: command for name, several in NAMED.items() for command in several if command.roles & typed.roles}
    of_a_day = [DAILY[role] for role in typed.roles]
    scored = [
        (_nearness(said, name, of_a_day), name, rest)
        for said, rest in names_in(text)
        for name in get_close_matches(said[:LONGEST_NAME], theirs, _MOST_OFFERED, _ALIKE)
    ]
    _, name, rest = max(scored, default=(None, "", ""))
    return (theirs[name], rest) if name else None


def _nearness(said: str, name: str, of_a_day: Iterable[Sequence[str]]) -> tuple[float, bool, int]:
    early = max((FIRST - names.index(name) for names in of_a_day if name in names), default=0)
    return SequenceMatcher(None, said, name).ratio(), sorted(said) == sorted(name), early


# ---- the places of a command


def _asked(command: Command, text: str, typed: Typed, *, marked: bool = True) -> CommandRead:
    values: dict[str, object] = {}
    if any(place.takes in _WITH_ACCOUNTS for place in command.parameters):
        text = with_accounts(text, typed.content)
    lacks, unread, missaid, rest = None, None, None, text
    for place in command.parameters:
        found, wrong = _found(place, rest, typed, f"!{command.name} {text}")
        if wrong is not None:
            missaid = missaid or wrong
        elif found is not None:
            values[place.field], rest = found
        elif place.takes is Takes.PHOTO and command.by_reply and _stands_for_it(rest, typed):
            values[place.field] = typed.about[0]
        elif place.needed:
            lacks = lacks or place.takes
        elif place.takes in _MEANT_BY_WHAT_IS_LEFT:
            unread = unread or place.takes
    values.pop("", None)
    if lacks is None and missaid is not None:
        return CommandRead(command, NotClear(Unclear.MISSAID, "", missaid=missaid), marked)
    if lacks is None and _COURTESY.fullmatch(rest):
        otherwise = _names_another(command, values, typed)
        deed = _either(command, text, typed) if otherwise else command.makes(**values)
        return CommandRead(command, deed, marked)
    lacks = lacks or unread
    if lacks in _OF_A_PHOTO and len(named := tuple(references_in(text))) == 1:
        return CommandRead(command, _named_elsewhere(command, text, typed, named[0], lacks), marked)
    refs = (typed.about or typed.waiting)[:_MOST_OFFERED] if lacks in _OF_A_PHOTO else ()
    lines = tuple(_line(command, text, typed, ref, lacks) for ref in refs or ("",))
    if lacks is Takes.ENROLMENT:
        if (as_patient := _as_a_patient(command, text, typed)) is not None:
            return CommandRead(command, as_patient, marked)
        lines = _examples_like(text, command)
    why = Unclear.LACKS if lacks else Unclear.TOO_MUCH
    return CommandRead(command, NotClear(why, _first_word(rest), lines, lacks), marked)


def _names_another(command: Command, values: Mapping[str, object], typed: Typed) -> bool:
    """Return whether a colleague names another photo than those of the message that they reply to: one of the two is a slip.

    What is only looked at, or waits for a tap that names the photo, goes by the one that is named.
    """
    takes_one = (values.get(place.field) for place in command.parameters if place.takes is Takes.PHOTO)
    named = [ref for ref in takes_one if ref]
    return typed.by_a_professional and bool(typed.about) and not command.by_reply and not set(named) <= {*typed.about}


def _either(command: Command, text: str, typed: Typed) -> NotClear:
    """Return the line as it was written, and the line for what they replied to."""
    named, rest = READERS[Takes.PHOTO](text, typed.today) or ("", text)
    lines = [_line(command, f"{ref} {rest}", typed) for ref in (str(named), *typed.about[:_MOST_OFFERED])]
    return NotClear(Unclear.OTHERWISE, str(named), tuple(lines))


def _named_elsewhere(command: Command, text: str, typed: Typed, named: str, lacks: Takes | None) -> NotClear:
    """Return the line with the reference where it belongs, though they wrote it last; and lines for what they replied to."""
    line = _line(command, f"{named} {_SPACES.sub(' ', AMONG.sub(' ', text)).strip()}", typed)
    others = [_line(command, text, typed, ref, lacks) for ref in typed.about[:_MOST_OFFERED] if ref != named]
    return NotClear(Unclear.LACKS, "", (line, *others), lacks) if others else NotClear(Unclear.ALMOST, "", (line,))


def _found(place: Parameter, text: str, typed: Typed, line: str) -> tuple[Found, Missaid | None]:
    """Return what stands at a place, or what is wrong with what does."""
    try:
        return READERS[place.takes](text, typed.today), None
    except UnclearDay as unclear:
        return None, Missaid(unclear.within(line), unclear.rule)
    except Refused as refused:
        return None, Missaid(refused.said, refused.rule)


def _as_a_patient(command: Command, text: str, typed: Typed) -> NotClear | None:
    """Return the line with the word "patient", where nothing else is missing: the same words are never read as anybody else."""
    said = " ".join(text.split())
    if typed.room is not RoomKind.OWN or len(said) > _MOST_SAID_AGAIN:
        return None
    line = f"!{command.name} patient {said}"
    try:
        found = READERS[Takes.ENROLMENT](f"patient {said}", typed.today)
    except Refused:
        return None
    return NotClear(Unclear.ALMOST, "", (line,)) if found is not None and isinstance(found[0], NewPatient) else None


def _examples_like(text: str, command: Command) -> tuple[str, ...]:
    """Return the examples that begin as the words do, or all."""
    said = _first_word(text).casefold().strip(".,:")
    alike = [example for example in command.examples if said and f"{example} ".split(maxsplit=1)[1].startswith(said)]
    return tuple(f"!{example}" for example in alike or command.examples)


def _stands_for_it(rest: str, typed: Typed) -> bool:
    """Return whether what it replies to is the photo: just one, and no other is named, not even by a slip."""
    return len(typed.about) == 1 and not rest.casefold().startswith("img")


def _line(command: Command, rest: str, typed: Typed, ref: str = "", lacks: Takes | None = None) -> str:
    """Return the line that would work, filled with what was said, and with examples of what was not.

    Where others read, somebody's own words are not said again.
    """
    pieces = []
    for place in command.parameters:
        found, _ = _found(place, rest, typed, "")
        said = "" if found is None else rest[: len(rest) - len(found[1])].strip()
        rest = rest if found is None else found[1]
        if found is not None and place.takes is Takes.PHOTO:
            pieces.append(str(found[0]))
        elif found is not None and isinstance(found[0], tuple) and place.takes is Takes.PHOTOS:
            pieces += found[0]
        elif 0 < len(said) <= _MOST_SAID_AGAIN and (typed.room is RoomKind.OWN or place.takes in _SAID_AGAIN):
            pieces.append(said)
        elif said and place.takes in _OWN_WORDS:
            pieces.append("…")
        elif ref and place.takes in _OF_A_PHOTO:
            pieces.append(ref)
        elif place.needed or place.takes is lacks:
            pieces.append(place.example)
    return " ".join((f"{'!' if typed.by_a_professional else ''}{command.name}", *filter(None, pieces)))


def _first_word(text: str) -> str:
    return next(iter(text.split(maxsplit=1)), "")[:20]


_OF_A_PHOTO = frozenset({Takes.PHOTO, Takes.PHOTO_OR_NUMBER, Takes.PHOTOS})
# Where words are left over, they were meant for one of these, though it may be left out: "!breach 7F3K" is not "!breach".
_MEANT_BY_WHAT_IS_LEFT = frozenset({Takes.SUCCESSOR, Takes.BREACH, Takes.BREACH_ENTRY})
_OWN_WORDS = frozenset({Takes.TEXT, Takes.CORRECTION, Takes.WHY, Takes.ASKED})
_WITH_ACCOUNTS = frozenset({Takes.USE, Takes.ENROLMENT})  # where an account stands among other words
_SAID_AGAIN = frozenset({Takes.BREACH, Takes.COMMAND, Takes.CAPACITY})
