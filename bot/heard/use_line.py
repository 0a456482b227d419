"""What a use is for, in one line: `for education registrar teaching seen by registrars until 31/3/2027 recipient @t:x`.

In any order, in capitals or not, with commas or without; words that belong together need no quotation marks where a keyword ends
them. What the line does not say stays empty, to be asked for. Nothing it says is left out, and nothing is put where it may not
belong: a word without a place is asked about, or the patient would be told half of it (R9). `use_details` reads the same in
lines of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.domain.errors import Refused
from bot.domain.identifiers import Account
from bot.domain.message import message
from bot.domain.people import as_account
from bot.domain.purposes import BEYOND_CARE, MOST_WORDS, Purpose, purpose_named
from bot.domain.staff_deeds import UseWanted
from bot.domain.use_rules import MOST_RECIPIENTS

from .quoted_words import straight
from .written_days import WrittenDay, days_in, the_day

INTIMATE = "intimate"
LATEST = timedelta(days=36_525)
_DEIDENTIFIED = frozenset({"de-identified", "deidentified", "anonymous"})
_RECIPIENT = frozenset({"recipient", "recipients", "to"})
_RECOGNISABLE = frozenset({"recognisable", "recognizable"})
_ENDS = frozenset({"seen", "until", "recipient", "recipients", INTIMATE, *_DEIDENTIFIED, *_RECOGNISABLE})
_MAY_END = frozenset({"for", "by", "at", "in", "to"})  # or are part of what is said
_SINGLE = r"(?<!\S)'((?:[^'\"]|(?<=\w)'(?=\w))+)'(?=[\s,;.]|$)[,;.]?"  # an apostrophe within a word ends nothing
_WORD = re.compile(rf'"([^"]*)"[,;.]?|{_SINGLE}|(\S+)')


def read_use(text: str, today: date) -> UseWanted:
    return _Reading(straight(text), today).wanted()


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    quoted: bool

    @property
    def key(self) -> str:
        return "" if self.quoted else self.text.strip(" ,;.:").casefold()

    @property
    def account(self) -> Account:
        return as_account(self.text)


class _Reading:
    """One line being read, from left to right."""

    def __init__(self, line: str, today: date) -> None:
        self._line, self._wanted, self._today = line, UseWanted(), today
        found = list(_WORD.finditer(line))
        self._words = [
            _Word(word[3] or (word[1] or word[2] or "").strip(), word.start(), word[3] is None) for word in found
        ]
        self._at = 0

    def wanted(self) -> UseWanted:
        while self._at < len(self._words):
            self._field(self._next())
        return self._wanted

    def _field(self, word: _Word) -> None:
        wanted, key = self._wanted, word.key
        if key == "for":
            self._wanted = self._with_purpose()
        elif key == "by":
            self._wanted = replace(wanted, seen_by=self._value())
        elif key == "until":
            self._wanted = replace(wanted, until=self._last_day())
        elif key in {"at", "in"}:
            self._wanted = replace(wanted, venue=self._value())
        elif key in _RECOGNISABLE:
            said = self._next().key if self._at < len(self._words) else ""
            self._wanted = replace(wanted, recognisable=said)
        elif key == INTIMATE:
            self._wanted = replace(wanted, intimate=True)
        elif key in _DEIDENTIFIED:
            self._wanted = replace(wanted, deidentified=True)
        elif word.account:
            self._recipient(word.account)
        elif key in _RECIPIENT:
            self._wanted = replace(wanted, named=(*wanted.named, *names_in(self._value())))
        elif key not in {"seen", "and"}:
            raise Refused(message("about_typed_lines.where_does_it_belong", written=word.text), "R9")

    def _next(self) -> _Word:
        self._at += 1
        return self._words[self._at - 1]

    def _recipient(self, account: Account) -> None:
        if len(self._wanted.recipients) == MOST_RECIPIENTS:
            raise Refused(message("about_typed_lines.too_many_recipients", most=MOST_RECIPIENTS), "R9")
        self._wanted = replace(self._wanted, recipients=(*self._wanted.recipients, account))

    def _with_purpose(self) -> UseWanted:
        purpose, taken = self._purpose_at(self._at)
        if purpose is None or purpose is Purpose.CARE:
            raise Refused(message("about_typed_lines.which_purpose", purposes=BEYOND_CARE), "R9")
        self._at += taken
        return replace(self._wanted, purpose=purpose, how=self._value() or self._wanted.how)

    def _purpose_at(self, at: int) -> tuple[Purpose | None, int]:
        return purpose_named([word.text for word in self._words[at : at + MOST_WORDS]])

    def _value(self) -> str:
        """Return the words up to the next that has a place of its own, or what stands in quotation marks."""
        if self._at < len(self._words) and self._words[self._at].quoted:
            return self._next().text
        said: list[str] = []
        while self._at < len(self._words) and not self._ends_here(bool(said)):
            said.append(self._next().text)
        return " ".join(said).strip(" ,;")

    def _ends_here(self, something_is_said: bool) -> bool:
        word = self._words[self._at]
        if word.quoted or word.key in _ENDS or word.account:
            return True
        if word.key not in _MAY_END:
            return False
        behind = self._words[self._at + 1] if self._at + 1 < len(self._words) else None
        has_its_place = behind is not None and (behind.quoted or (word.key == "to" and behind.account))
        if not something_is_said or has_its_place or (word.key == "for" and self._purpose_at(self._at + 1)[0]):
            return True
        written = f"{word.text} {behind.text}" if behind else word.text
        raise Refused(message("about_typed_lines.where_does_it_belong", written=written), "R9")

    def _last_day(self) -> date:
        rest = self._line[self._words[self._at].start :] if self._at < len(self._words) else ""
        quote = rest[:1] in {'"', "'"}
        found = days_in(rest)[:1]
        if not found or found[0].start != int(quote):
            written = self._words[self._at].text if rest else ""
            raise Refused(message("about_typed_lines.not_a_day", written=written))
        end = self._words[self._at].start + found[0].end
        while self._at < len(self._words) and self._words[self._at].start < end:
            self._at += 1
        return last_day(found[0], self._today)


_AND = re.compile(r"\s*[,;\n]\s*|\s+and\s+", re.IGNORECASE)


def names_in(words: str) -> list[str]:
    return [name.strip() for name in _AND.split(words) if name.strip()]


def last_day(found: WrittenDay, today: date) -> date:
    """Return the day until which it is; raise `Refused` for one that has passed, or is unclear."""
    day = the_day(found, today, today + LATEST)
    if day is None:
        raise Refused(message("about_typed_lines.day_has_passed"), "R12")
    return day
