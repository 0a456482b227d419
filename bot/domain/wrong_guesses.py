"""Wrong guesses are counted: of codes, and of a record number with a birthday from outside the practice (R15, R33)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from .identifiers import Account

ALLOWED = 5
WITHIN = timedelta(days=1)


class Guess(StrEnum):
    CODE = "code"
    IDENTIFIERS = "identifiers"


@dataclass(frozen=True, slots=True)
class WrongGuess:
    """One wrong guess by an account."""

    id: str
    account: Account
    guess: Guess
    at: datetime
    version: int = 0


def too_many(guesses: Iterable[WrongGuess], at: datetime) -> bool:
    """Return whether an account has guessed wrong so often within a day that it is not listened to until the day is over."""
    return sum(abs(at - wrong.at) < WITHIN for wrong in guesses) >= ALLOWED
