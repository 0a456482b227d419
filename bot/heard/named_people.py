"""Which of the people here words name: by account, by the first half of it, or by name, with or without title (R15).

Nobody is chosen among several whom the words fit: whoever wrote them is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.identifiers import NO_ACCOUNT, Account
from bot.domain.people import Person, as_account
from bot.domain.spelling import folded

from .phrase_lists import words_of

_TITLES = words_of("dr doctor prof professor aprof mr mrs ms miss mx sr sister nurse matron rn np registrar")
_WORD = re.compile(r"\S+")
_QUOTED = re.compile(r'\s*["“”„]([^"“”„]*)["“”„]')
_MOST_WORDS = 7
_LEADS_TO = re.compile(r"\b(?:to|for)[\s:,]*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    """Whom the beginning of a text names, in which words, and what stands behind them."""

    written: str
    rest: str
    account: Account = NO_ACCOUNT  # written in full, whoever has it
    people: tuple[Person, ...] = ()  # whom the words fit


def who_begins(text: str, people: Sequence[Person]) -> Named:
    """Read the person at the beginning of a text: an account, or the longest name that is somebody's here."""
    quoted = _QUOTED.match(text)
    if quoted is not None:
        return _all_of(quoted[1].strip(), text[quoted.end() :].strip(), people)
    words = list(_WORD.finditer(text))
    account = as_account(words[0][0]) if words else NO_ACCOUNT
    if account or not words:
        return Named(words[0][0] if words else "", text[words[0].end() :].strip() if words else "", account)
    for last in reversed(words[:_MOST_WORDS]):
        written = text[words[0].start() : last.end()]
        found = tuple(person for person in people if fits(person, written))
        if found and not _is_title(last[0]):
            return Named(written, text[last.end() :].strip(" \t\n,:;"), people=found)
    if folded(words[0][0]) == "to" and len(words) > 1:
        return who_begins(text[words[1].start() :], people)
    last = words[1] if _is_title(words[0][0]) and len(words) > 1 else words[0]
    return Named(text[words[0].start() : last.end()].strip(" ,:;"), text[last.end() :].strip())


def who_stands_in(text: str) -> Named | None:
    """Return the one account that stands anywhere in a text, and the other words; None where there are more, or none."""
    words = list(_WORD.finditer(text))
    accounts = [word for word in words if as_account(word[0])]
    if len(accounts) != 1:
        return None
    (found,) = accounts
    return Named(found[0], _around(text[: found.start()], text[found.end() :]), as_account(found[0]))


def who_ends(text: str, people: Sequence[Person]) -> Named | None:
    """Return whom the last words of a text name, the longest name first; None where they name nobody."""
    words = list(_WORD.finditer(text))
    for first in words[1:][-_MOST_WORDS:]:
        found = tuple(person for person in people if fits(person, text[first.start() :]))
        if found:
            return Named(text[first.start() :].strip(), _around(text[: first.start()], ""), people=found)
    return None


def _around(before: str, behind: str) -> str:
    before = _LEADS_TO.sub("", before)
    return " ".join(f"{before} {behind}".split()).strip(" ,:;–—-")


def who_is(text: str, people: Sequence[Person]) -> Named:
    """Read a person of whom the whole text is the name."""
    return _all_of(text.strip(' \t\n"“”„'), "", people)


def fits(person: Person, written: str) -> bool:
    """Return whether these words, all of them, are a way to name this person."""
    bare = folded(written).strip(" .,;:!?()")
    local = person.account.partition(":")[0].removeprefix("@")
    if bare.removeprefix("@") in {local, person.account.removeprefix("@")}:
        return True
    wanted, name = _names(bare), _names(folded(person.name))
    if bare.startswith("@") or not wanted:
        return False
    runs = (name[at : at + len(wanted)] for at in range(len(name)))
    first_and_last = [*name[:1], *name[1:][-1:]]
    return wanted in (*runs, first_and_last)


def _all_of(written: str, rest: str, people: Iterable[Person]) -> Named:
    account = as_account(written)
    return Named(written, rest, account, () if account else tuple(person for person in people if fits(person, written)))


def _names(words: str) -> list[str]:
    return [name for word in words.split() if (name := word.strip(".,;:!?()")) and not _is_title(name)]


def _is_title(word: str) -> bool:
    return folded(word).replace(".", "").replace("/", "").strip(",:;") in _TITLES
