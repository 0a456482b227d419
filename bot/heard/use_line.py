"""The one line that asks for a use: `for education "registrar teaching" seen by "registrars" until 31/3/2027 recipient @t:x`.

In any order, in capitals or not, with commas or without. What the line does not say stays empty, to be asked for. Nothing it
says is left out: a word without a place is asked about, or the patient would be told half of it (R9).
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from datetime import datetime, time
from itertools import islice
from zoneinfo import ZoneInfo

from bot.domain.errors import Refused
from bot.domain.people import as_account
from bot.domain.purposes import MOST_WORDS, Purpose, purpose_named
from bot.domain.use import Use

from .written_days import as_day

USAGE = (
    '!use IMG-7F3K for PURPOSE "how" seen by "who" until YYYY-MM-DD recipient @account:server [at "venue"] [intimate]'
)
PURPOSES = tuple(purpose for purpose in Purpose if purpose is not Purpose.CARE)
MOST_RECIPIENTS = 20
TOO_MANY_RECIPIENTS = f"At most {MOST_RECIPIENTS} recipients in one request."
INTIMATE = "intimate"
PURPOSE_SAID = "purpose-said"
_DEIDENTIFIED = frozenset({"de-identified", "deidentified", "anonymous"})
_RECIPIENT = frozenset({"recipient", "recipients", "to"})
_RECOGNISABLE = frozenset({"recognisable", "recognizable"})
_KEYWORDS = frozenset({"for", "seen", "by", "until", "at", "in", *_RECIPIENT, *_RECOGNISABLE})


def read_use_line(words: list[str], draft: Use, at: datetime, zone: ZoneInfo) -> Use:
    """`draft` with what the words say, references aside. The purpose is said when `rule` is PURPOSE_SAID."""
    use, left, before = draft, deque(words), ""
    while left:
        word = left.popleft()
        key = _plain(word)
        if key == "for":
            use = _with_purpose(use, left)
        elif key == "by":
            use = replace(use, seen_by=_value(left))
        elif key == "until":
            use = replace(use, until=end_of(_value(left), at, zone))
        elif key in {"at", "in"}:
            use = replace(use, venue=_value(left))
        elif key in _RECOGNISABLE:
            use = replace(use, recognisable=_plain(_value(left)))
        elif key == INTIMATE:
            use = replace(use, intimate=True)
        elif key in _DEIDENTIFIED:
            use = replace(use, deidentified=True)
        elif account := as_account(word):
            if len(use.recipients) == MOST_RECIPIENTS:
                raise Refused(TOO_MANY_RECIPIENTS, "R9")
            use = replace(use, recipients=(*use.recipients, account))
        elif before in _RECIPIENT:
            raise Refused(not_an_account(word), "R9")
        elif key not in _KEYWORDS:
            raise Refused(
                f"Where does “{word[:40]}” belong? Please put words that belong together in quotation marks: {USAGE}",
                "R9",
            )
        before = key
    return use


def _with_purpose(use: Use, left: deque[str]) -> Use:
    purpose, taken = purpose_named(list(islice(left, MOST_WORDS)))
    if purpose is None or purpose is Purpose.CARE:
        raise Refused(
            f"Please name one of: {', '.join(purpose.value for purpose in PURPOSES)}. For advice about care: !forward",
            "R9",
        )
    for _ in range(taken):
        left.popleft()
    return replace(use, purpose=purpose, rule=PURPOSE_SAID, how=_value(left) or use.how)


def _value(left: deque[str]) -> str:
    """The next word, unless that is a keyword or has a place of its own."""
    if not left or _plain(left[0]) in {*_KEYWORDS, INTIMATE, *_DEIDENTIFIED} or as_account(left[0]):
        return ""
    return left.popleft().rstrip(" ,;")


def _plain(word: str) -> str:
    return word.strip(" ,;.:").casefold()


def end_of(written: str, at: datetime, zone: ZoneInfo) -> datetime:
    """The end of that day, at the practice."""
    day = as_day(written)
    if day is None:
        raise Refused(f"“{written[:20]}” is not a date I understand. Please write it as YYYY-MM-DD.")
    end = datetime.combine(day, time.max, zone)
    if end <= at:
        raise Refused("That date has passed. Please name a later one.", "R12")
    return end


def not_an_account(written: str) -> str:
    return f"“{written[:40]}” is not an account. Please write the whole of it, such as @teacher:hospital.org."
