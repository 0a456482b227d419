"""What becomes of an authority: confirmed, opened, ended. What it allows is asked each time it takes effect (`domain.authority`).

Promises: an end is never put off; what was opened stays open, unless who opened it proves not to have been the patient; a
second person is asked for anew only as somebody begins to work here (R33).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Literal

from .identifiers import NO_PERSON, PersonId
from .people import Authority


def confirmed(authority: Authority, by: PersonId | Literal["computer"], at: datetime) -> Authority:
    """Return it as a second person has confirmed it, with all that was filed before open to it."""
    if authority.needs_second and not authority.seconded_by:
        authority = replace(authority, seconded_by=by, seconded_at=at)
    return opened(authority, by, at)


def opened(authority: Authority, by: PersonId | Literal["computer"], at: datetime) -> Authority:
    """Return it with all that was filed before open to it; who opened it first stays written."""
    return replace(
        authority,
        opened_by=authority.opened_by if authority.is_open else by,
        opened_at=authority.opened_at or at,
    )


def closed_again(authority: Authority) -> Authority:
    """Return it as nobody has opened to it what was filed before: whoever did never was the patient (R33)."""
    return replace(authority, opened_by=NO_PERSON, opened_at=None)


def to_be_confirmed(authority: Authority) -> Authority:
    """Return it as it waits for a second person, whoever confirmed it before: its holder works here from now on (R33)."""
    return replace(authority, needs_second=True, seconded_by=NO_PERSON, seconded_at=None)


def ended(authority: Authority, on: date) -> Authority:
    """Return it ended by that day, or on the day before on which it ended anyway."""
    return replace(authority, until=on if authority.until is None else min(on, authority.until))


def never_theirs(authority: Authority, on: date) -> Authority:
    """Return it ended, as one that never held: its code had reached the wrong person, who hears of the patient no more (R15)."""
    return replace(ended(authority, on), never_theirs=True, sentence_due=False)


def ended_by_death(authority: Authority, on: date) -> Authority:
    """Return it ended; whoever answered until then hears one sentence when they next write (R28a)."""
    return replace(ended(authority, on), sentence_due=authority.sentence_due or authority.holds_on(on))


def owes_no_sentence(authority: Authority) -> Authority:
    """Return it as the sentence was said, or is not to be said any more."""
    return replace(authority, sentence_due=False)
