"""One line a busy person types: `body 10421 1984-03-07 mine verbal today advice`. Any order, any case, commas or not.

What is recognised is taken, what is not is the reason, in the sender's own words. Nothing is guessed: of two dates the earlier
is the birthday and the later the day of consent, because nobody consents before they are born; a number counts as a record
number only when it fits the birthday beside it, which whoever holds the records decides. All of it is echoed before it counts.
What is denied is not said; a consent that is refused, doubtful or still to come is withheld, and is no reason either (R34).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from bot.domain.message import Message, together
from bot.domain.people import Relation
from bot.domain.references import as_reference
from bot.domain.statement import A_YEAR, ConsentKind, StatementLine
from bot.domain.use_rules import Kind

from .withheld import advice_withheld, consent_withheld
from .written_days import EARLIEST_BIRTHDAY, as_day, days_in

T = TypeVar("T")


_KINDS = {"body": Kind.BODY, "document": Kind.DOCUMENT, "doc": Kind.DOCUMENT}
_CONSENTS = {
    "verbal": ConsentKind.VERBAL,
    "verbally": ConsentKind.VERBAL,
    "oral": ConsentKind.VERBAL,
    "written": ConsentKind.WRITTEN,
    "signed": ConsentKind.WRITTEN,
}
_GIVERS = {
    "patient": Relation.SELF,
    "parent": Relation.PARENT,
    "mother": Relation.PARENT,
    "father": Relation.PARENT,
    "mum": Relation.PARENT,
    "dad": Relation.PARENT,
    "guardian": Relation.GUARDIAN,
    "decision-maker": Relation.DECISION_MAKER,
}
_MINE = frozenset({"mine", "me", "myself"})
_LEAVE = frozenset({"leave", "cancel"})
_COURTESIES = frozenset({"please", "pls", "thanks", "thankyou"})
_NOT = frozenset({"no", "not", "non", "without", "never", "isnt", "wasnt", "arent", "werent"})
_BETWEEN = frozenset({"a", "an", "the", "by", "from", "taken", "my"})  # "not a document", "not taken by me"
_TITLES = frozenset({"dr", "nurse", "doctor", "prof", "professor", "mr", "mrs", "ms", "registrar", "sister", "intern"})
# Said for politeness' sake beside a word that counts; anywhere else they belong to the reason.
_POLITE = (
    "a an and born by consent dob for form from given i image is mrn obtained of on patient photo picture taken the "
    "took was with"
)
_FILLERS = frozenset(_POLITE.split())
_TOKEN = re.compile(r'"([^"]*)"|([^\s,;"]+)')
_NUMBER = re.compile(r"^(?=.*\d)[\w./-]{1,40}$")
_REFERENCE = re.compile(r"^IMG[-–—]?\w{4,8}$", re.IGNORECASE)
_APOSTROPHES = str.maketrans("", "", "'’‘`´")
_CLAUSE = re.compile(r"[,;\n]|\.(?=\s)")
_CURLY = str.maketrans({"“": '"', "”": '"', "„": '"', "–": "-", "—": "-"})


# Said to be polite, or meant for a tap: never why a photo was taken.
_POLITELY = "file it please thanks thank you thx cheers hi hello great perfect good done deleted everywhere"
_SAYS_NOTHING = frozenset(_POLITELY.split())


def says_nothing(text: str) -> bool:
    """Whether words give no reason: "thanks!", "file it", 👍."""
    return all(
        word.strip(".,!") in _SAYS_NOTHING or not any(map(str.isalnum, word)) for word in text.casefold().split()
    )


_OF_A_FORM = frozenset({"form", "consent", "signed", "the"})


def form_of(text: str) -> frozenset[str] | None:
    """Return the photos that stand beside "signed form", or beside no word at all; None where other words do."""
    words = text.split()
    named = [word for word in words if word.upper().startswith("IMG")]
    if not all(word in named or word.casefold().strip(".,") in _OF_A_FORM for word in words):
        return None
    return frozenset(map(as_reference, named))


LONGEST_LINE = 4_000  # characters that are looked at; what comes behind them is the reason, as it stands
MOST_NUMBERS = 20  # that may be the record number


def read_line(text: str, today: date) -> StatementLine:
    """What `text` says; `today` is the practice's."""
    line, behind = _divided(text)
    in_figures, unclear = _days_in_figures(line.translate(_CURLY), today)
    said = replace(_Reading(in_figures, today).said(), unclear=unclear)
    said = replace(said, rest=(*said.rest, *behind.split())) if behind else said
    if said.advice and advice_withheld(text):
        said = replace(said, advice=False)
    return _without_consent(said, text) if consent_withheld(text) else said


def _without_consent(said: StatementLine, line: str) -> StatementLine:
    """Return what else the line says: nothing of the clause that withholds a consent is why a photo was taken (R34)."""
    clauses = [clause for clause in _CLAUSE.split(line) if consent_withheld(clause)] or [line]
    withholding = {word.strip('.!?:()"') for clause in clauses for word in clause.split()}
    rest = tuple(word for word in said.rest if word in said.numbers or word not in withholding)
    return replace(said, consent=None, day=None, given_by=None, advice=False, rest=rest, withheld=True)


def _days_in_figures(line: str, today: date) -> tuple[str, Message | None]:
    """Return the line with its days in figures, without those that are unclear, and what is unclear about them."""
    found = [day.between(EARLIEST_BIRTHDAY, today) for day in days_in(line) if line.count('"', 0, day.start) % 2 == 0]
    found = [day for day in found if day.readings or day.has_a_whole_year]
    known = [day.readings[0] for day in found if not day.doubt]
    parts, since, unclear = [], 0, []
    if known and min(known) < today - A_YEAR:  # the birthday is known: a day in doubt is when consent was given
        found = [day.between(today - A_YEAR, today) if day.doubt else day for day in found]
    for day in found:
        parts += [line[since : day.start], f" {day.readings[0].isoformat()} " if not day.doubt else " "]
        since = day.end
        unclear += [day.doubt] if day.doubt else []
    return "".join([*parts, line[since:]]), together(unclear)


def _divided(text: str) -> tuple[str, str]:
    """What is looked at and what is not, divided between two words; a single word longer than that is cut."""
    if len(text) <= LONGEST_LINE:
        return text, ""
    end = LONGEST_LINE
    while end and not text[end].isspace():
        end -= 1
    return text[: end or LONGEST_LINE], text[end or LONGEST_LINE :]


class _Reading:
    """One line being read: each word is taken once, by whoever recognises it first."""

    def __init__(self, text: str, today: date) -> None:
        found = list(_TOKEN.finditer(text))
        self._words = [token[1].strip() if token[1] is not None else token[2].strip(":!?().") for token in found]
        self._taken: set[int] = {
            at for at, one in enumerate(found) if one[1] is None and not any(map(str.isalnum, self._words[at]))
        }
        self._quoted = {at for at, one in enumerate(found) if one[1] is not None}
        self._today = today

    def said(self) -> StatementLine:
        named = as_reference(self._first(lambda word: bool(_REFERENCE.match(word))))
        if self._is_left():
            return StatementLine(leave=True, named=named)
        photographer, by_me = self._photographer()
        given_by = self._giver()
        kind, consent, advice = self._one_of(_KINDS), self._one_of(_CONSENTS), self._advice()
        mine = bool(self._first(lambda word: word.casefold() in _MINE)) or by_me
        day = self._relative_day()
        dates = self._dates(most=1 if day else 2)
        numbers = self._record_number() or tuple(word for _, word in self._open() if _NUMBER.match(word))[:MOST_NUMBERS]
        self._drop_fillers()
        rest = tuple(word for at, word in enumerate(self._words) if at not in self._taken and word)
        return StatementLine(
            kind, numbers, dates, day, mine, photographer, consent, given_by, advice, False, named, rest
        )

    def _is_left(self) -> bool:
        """Return whether nothing is said but “leave it with me”, wherever the reference stands."""
        said = [word for _, one in self._open() if (word := one.casefold()) not in _COURTESIES]
        return len(said) <= 4 and said[:1] != [] and said[0] in _LEAVE

    def _open(self) -> list[tuple[int, str]]:
        return [(at, one) for at, one in enumerate(self._words) if at not in self._taken and at not in self._quoted]

    def _first(self, wanted: Callable[[str], bool]) -> str:
        for at, word in self._open():
            if wanted(word) and not self._denied(at):
                self._taken.add(at)
                return word
        return ""

    def _denied(self, at: int) -> bool:
        before = at - 1
        while before > at - 3 and self._word(before) in _BETWEEN:
            before -= 1
        return self._word(before).translate(_APOSTROPHES) in _NOT

    def _one_of(self, table: Mapping[str, T]) -> T | None:
        word = self._first(lambda one: one.casefold() in table)
        return table[word.casefold()] if word else None

    def _word(self, at: int) -> str:
        return self._words[at].casefold() if 0 <= at < len(self._words) and at not in self._quoted else ""

    def _photographer(self) -> tuple[str, bool]:
        """`by Nurse Chen`, `taken by chen`, `by "the night nurse"`, or by me."""
        for at, word in self._open():
            if word.casefold() != "by" or at + 1 >= len(self._words):
                continue
            after, said_so = self._words[at + 1], self._word(at - 1) == "taken"
            if self._word(at + 1) in _MINE:
                return "", not self._denied(at)
            if at + 1 in self._quoted:
                self._taken |= {at, at + 1}
                return after, False
            if said_so or _is_a_name(after):
                name = self._name_from(at + 1)
                self._taken |= {at, *range(at + 1, at + 1 + len(name))}
                return " ".join(name), False
        return "", False

    def _name_from(self, at: int) -> list[str]:
        name = [self._words[at]]
        for following in self._words[at + 1 : at + 4]:
            title_before = name[-1].casefold() in _TITLES
            if (
                following.casefold() in _KEYWORDS
                or not (title_before or following[:1].isupper())
                or _NUMBER.match(following)
            ):
                break
            name.append(following)
        return name

    def _giver(self) -> Relation | None:
        for at, word in self._open():
            if word.casefold() != "from" or self._denied(at):
                continue
            for skip in (1, 2):  # "from mother", "from the mother", "from her mother"
                if self._word(at + skip) in _GIVERS:
                    self._taken |= set(range(at, at + skip + 1))
                    return _GIVERS[self._word(at + skip)]
        return None

    def _advice(self) -> bool | None:
        for at, word in self._open():
            if word.casefold() == "advice":
                denied = {near for near in (at - 1, at - 2) if self._word(near) in _NOT}
                self._taken |= {at, *denied}
                return not denied
        return None

    def _dates(self, most: int) -> tuple[date, ...]:
        """The earliest and the latest; any other belongs to the reason, and so does the second beside "today"."""
        found = sorted((day, at) for at, word in self._open() if (day := as_day(word)) is not None)
        ends = [*found[:1], *(found[-1:] if most > 1 and len(found) > 1 else [])]
        self._taken |= {at for _, at in ends}
        return tuple(day for day, _ in ends)

    def _relative_day(self) -> date | None:
        word = self._first(lambda one: one.casefold() in {"today", "yesterday"})
        if not word:
            return None
        return self._today - timedelta(days=word.casefold() == "yesterday")

    def _record_number(self) -> tuple[str, ...]:
        """The word after `MRN`: that and no other."""
        for at, word in self._open():
            if word.casefold() in {"mrn", "ur", "urn"} and self._word(at + 1):
                self._taken.add(at)
                return (self._words[at + 1],)
            if word.casefold().startswith("mrn:") and len(word) > 4:
                self._words[at] = word[4:]
                return (word[4:],)
        return ()

    def _drop_fillers(self) -> None:
        """Each beside a word that counts, and each beside such a filler: from the words that count outward."""
        fillers = {at for at, word in self._open() if word.casefold() in _FILLERS}
        to_look_at = list(self._taken)
        while to_look_at:
            at = to_look_at.pop()
            beside = {at - 1, at + 1} & fillers
            fillers -= beside
            self._taken |= beside
            to_look_at += beside


_KEYWORDS = frozenset(
    {*_KINDS, *_CONSENTS, *_MINE, *_LEAVE, *_NOT, "advice", "today", "yesterday", "from", "mrn", "by"}
)


def _is_a_name(word: str) -> bool:
    return (word[:1].isupper() or word.casefold() in _TITLES) and word.casefold() not in _KEYWORDS
