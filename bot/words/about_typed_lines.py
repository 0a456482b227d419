"""What the bot says of lines whose parts can't be read: days, names, numbers, what a request for consent lacks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.domain.message import Message
from bot.domain.people import Relation
from bot.domain.purposes import Purpose

from .phrases import day
from .sentence import in_words, sentence

LIKE_THIS = "Please write it like 7 March 1984."


@sentence
def not_a_date(written: str) -> str:
    return f"“{written[:40]}” is not a date."


@sentence
def may_be_several_days(written: str, days: Sequence[date]) -> str:
    return f"“{written}” may be {' or '.join(map(day, days))}."


@sentence
def day_comes_first(written: str, days: Sequence[date]) -> str:
    """Ask about what is a date with the month first only."""
    return f"“{written}” is not a date: the day comes first here. Is it {' or '.join(map(day, days))}?"


@sentence
def unclear_day(doubt: Message) -> str:
    return f"{in_words(doubt)} {LIKE_THIS}"


@sentence
def unclear_day_within(doubt: Message, lines: Sequence[str]) -> str:
    """Say which day is unclear, with the lines to write instead."""
    return "\n".join((f"{in_words(doubt)} {'Please write:' if len(lines) == 1 else 'Please write one of:'}", *lines))


@sentence
def not_a_day(written: str) -> str:
    return f"{not_a_date.english(written)} {LIKE_THIS}"


@sentence
def one_date_only() -> str:
    return f"Please write one date only. {LIKE_THIS}"


@sentence
def not_a_birthday(written: str) -> str:
    return f"{written} can't be a date of birth. Please check it."


@sentence
def day_has_passed() -> str:
    return "That date has passed. Please name a later one."


# ---- quotation marks, and how long a line may be


@sentence
def too_long() -> str:
    return "That is too long for one command. Please put it in fewer words."


@sentence
def too_long_to_show() -> str:
    return "That is too long to show to a patient. Please put it in fewer words."


@sentence
def mark_is_missing() -> str:
    return "A quotation mark is missing."


@sentence
def where_does_it_belong(written: str) -> str:
    return f"Where does “{written[:40]}” belong? Please put words that belong together in quotation marks."


# ---- who is enrolled, and in what capacity


@sentence
def no_relation(written: str) -> str:
    return f"“{written[:20]}” is not a relation I know. It is one of: {', '.join(relation.value for relation in Relation)}."


@sentence
def name_is_missing(relation: Relation) -> str:
    return f"Please add the name of the {relation.value}, for example: {relation.value} Ann Patel"


# ---- what a use is for


@sentence
def which_purpose(purposes: Sequence[Purpose]) -> str:
    return f"Please name one of: {', '.join(purpose.value for purpose in purposes)}. For advice about care: !forward"


@sentence
def too_many_recipients(most: int) -> str:
    return f"At most {most} recipients in one request."
