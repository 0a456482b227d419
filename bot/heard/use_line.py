"""The one line that asks for a use: `for education registrar teaching seen by registrars until 31/3/2027 recipient @t:x`.

In any order, in capitals or not, with commas or without; words that belong together need no quotation marks where a keyword ends
them. What the line does not say stays empty, to be asked for. Nothing it says is left out, and nothing is put where it may not
belong: a word without a place is asked about, or the patient would be told half of it (R9).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.errors import Refused
from bot.domain.identifiers import Account
from bot.domain.people import as_account
from bot.domain.purposes import MOST_WORDS, Purpose, purpose_named
from bot.domain.references import as_reference
from bot.domain.use import Use

from .quoted_words import straight
from .written_days import LIKE_THIS, WrittenDay, days_in, not_a_date, the_day

USAGE = (
    "!use IMG-7F3K for PURPOSE how seen by who until 31 March 2027 recipient @account:server "
    "[at venue] [recognisable no] [intimate]"
)
PURPOSES = tuple(purpose for purpose in Purpose if purpose is not Purpose.CARE)
MOST_RECIPIENTS = 20
TOO_MANY_RECIPIENTS = f"At most {MOST_RECIPIENTS} recipients in one request."
INTIMATE = "intimate"
PURPOSE_SAID = "purpose-said"
LATEST = timedelta(days=36_525)
_DEIDENTIFIED = frozenset({"de-identified", "deidentified", "anonymous"})
_RECIPIENT = frozenset({"recipient", "recipients", "to"})
_RECOGNISABLE = frozenset({"recognisable", "recognizable"})
_ENDS = frozenset({"seen", "until", "recipient", "recipients", INTIMATE, *_DEIDENTIFIED, *_RECOGNISABLE})
_MAY_END = frozenset({"for", "by", "at", "in", "to"})  # or are part of what is said
_WORD = re.compile(r'"([^"]*)"[,;.]?|(\S+)')


@dataclass(frozen=True, slots=True)
class UseLine:
    """A request as far as a line says it, its references, and the recipients that it names without their account."""

    use: Use
    refs: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


def read_use_line(argument: str, draft: Use, at: datetime, zone: ZoneInfo) -> UseLine:
    """Return `draft` with what the line says. The purpose is said when `rule` is PURPOSE_SAID."""
    return _Reading(straight(argument, USAGE), draft, at, zone).said()


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

    def __init__(self, line: str, draft: Use, at: datetime, zone: ZoneInfo) -> None:
        self._line, self._use, self._when, self._zone = line, draft, at, zone
        found = list(_WORD.finditer(line))
        self._words = [_Word(word[2] or word[1].strip(), word.start(), word[2] is None) for word in found]
        self._at = 0
        self._refs: list[str] = []
        self._named: list[str] = []

    def said(self) -> UseLine:
        while self._at < len(self._words) and not self._words[self._at].quoted:
            if not as_reference(self._words[self._at].text):
                break
            self._refs.append(self._next().text)
        while self._at < len(self._words):
            self._field(self._next())
        return UseLine(self._use, tuple(self._refs), tuple(self._named))

    def _field(self, word: _Word) -> None:
        use, key = self._use, word.key
        if _is_a_reference(word):
            self._refs.append(word.text)
        elif key == "for":
            self._use = self._with_purpose()
        elif key == "by":
            self._use = replace(use, seen_by=self._value())
        elif key == "until":
            self._use = replace(use, until=self._last_day())
        elif key in {"at", "in"}:
            self._use = replace(use, venue=self._value())
        elif key in _RECOGNISABLE:
            self._use = replace(use, recognisable=self._next().key if self._at < len(self._words) else "")
        elif key == INTIMATE:
            self._use = replace(use, intimate=True)
        elif key in _DEIDENTIFIED:
            self._use = replace(use, deidentified=True)
        elif word.account:
            self._recipient(word.account)
        elif key in _RECIPIENT:
            self._named += [name for name in _AND.split(self._value()) if name.strip()]
        elif key not in {"seen", "and"}:
            raise Refused(_where_does_it_belong(word.text), "R9")

    def _next(self) -> _Word:
        self._at += 1
        return self._words[self._at - 1]

    def _recipient(self, account: Account) -> None:
        if len(self._use.recipients) == MOST_RECIPIENTS:
            raise Refused(TOO_MANY_RECIPIENTS, "R9")
        self._use = replace(self._use, recipients=(*self._use.recipients, account))

    def _with_purpose(self) -> Use:
        purpose, taken = self._purpose_at(self._at)
        if purpose is None or purpose is Purpose.CARE:
            raise Refused(
                f"Please name one of: {', '.join(purpose.value for purpose in PURPOSES)}. For advice about care: !forward",
                "R9",
            )
        self._at += taken
        return replace(self._use, purpose=purpose, rule=PURPOSE_SAID, how=self._value() or self._use.how)

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
        if word.quoted or word.key in _ENDS or word.account or _is_a_reference(word):
            return True
        if word.key not in _MAY_END:
            return False
        behind = self._words[self._at + 1] if self._at + 1 < len(self._words) else None
        has_its_place = behind is not None and (behind.quoted or (word.key == "to" and behind.account))
        if not something_is_said or has_its_place or (word.key == "for" and self._purpose_at(self._at + 1)[0]):
            return True
        raise Refused(_where_does_it_belong(f"{word.text} {behind.text}" if behind else word.text), "R9")

    def _last_day(self) -> datetime:
        rest = self._line[self._words[self._at].start :] if self._at < len(self._words) else ""
        quote = rest[:1] == '"'
        found = days_in(rest)[:1]
        if not found or found[0].start != int(quote):
            raise Refused(f"{not_a_date(self._words[self._at].text if rest else '')} {LIKE_THIS}")
        end = self._words[self._at].start + found[0].end
        while self._at < len(self._words) and self._words[self._at].start < end:
            self._at += 1
        return _end_of(found[0], f"!use {self._line}", self._when, self._zone)


_AND = re.compile(r"\s*[,;]\s*|\s+and\s+", re.IGNORECASE)


def _is_a_reference(word: _Word) -> bool:
    return not word.quoted and word.text.upper().startswith("IMG") and bool(as_reference(word.text))


def _where_does_it_belong(written: str) -> str:
    return f"Where does “{written[:40]}” belong? Please put words that belong together in quotation marks: {USAGE}"


def end_of(written: str, at: datetime, zone: ZoneInfo) -> datetime:
    """Return the end of the day that these words are, at the practice."""
    words = written.strip(' .,;"“”')
    found = days_in(words)
    if len(found) != 1 or found[0].written != words:
        raise Refused(f"{not_a_date(words)} {LIKE_THIS}")
    return _end_of(found[0], f"until: {words}", at, zone)


def _end_of(found: WrittenDay, line: str, at: datetime, zone: ZoneInfo) -> datetime:
    today = at.astimezone(zone).date()
    day: date | None = the_day(found, today, today + LATEST, line)
    if day is None:
        raise Refused("That date has passed. Please name a later one.", "R12")
    return datetime.combine(day, time.max, zone)


def not_an_account(written: str) -> str:
    return f"“{written[:40]}” is not an account, nor a colleague's name. Please write the account, such as @teacher:hospital.org."
