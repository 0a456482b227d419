"""What a use is for, in lines of their own, as they are asked for: `how: registrar teaching`, `recipient: @teacher:server`.

The same is read here as from one line (`use_line`), into the same fields. A message that begins with anything else is no answer.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from bot.domain.errors import Refused
from bot.domain.message import message
from bot.domain.people import as_account
from bot.domain.staff_deeds import UseWanted

from .quoted_words import LONGEST_COMMAND
from .use_line import INTIMATE, last_day, names_in
from .written_days import UnclearDay, days_in

DETAIL = re.compile(
    r"^[ \t•·*-]*(how|seen by|recipients?|venue|until|intimate)[ \t]*(?::|(?<=intimate)[.!]?[ \t]*$)[ \t]*",
    re.IGNORECASE | re.MULTILINE,
)


def gives_details(text: str) -> bool:
    """Return whether the whole message is such lines."""
    before, *parts = DETAIL.split(text)
    return bool(parts) and not before.strip()


def read_details(text: str, today: date) -> UseWanted:
    if len(text) > LONGEST_COMMAND:
        raise Refused(message("about_typed_lines.too_long_to_show"), "R9")
    _, *parts = DETAIL.split(text)
    last_said = {field.casefold(): said.strip() for field, said in zip(parts[::2], parts[1::2], strict=True)}
    wanted = UseWanted()
    for field, words in last_said.items():
        match field:
            case "how":
                wanted = replace(wanted, how=words)
            case "seen by":
                wanted = replace(wanted, seen_by=words)
            case "venue":
                wanted = replace(wanted, venue=words)
            case "until":
                wanted = replace(wanted, until=_day(words, today))
            case "intimate":
                wanted = replace(wanted, intimate=words.casefold().strip(".! ") not in {"no", "not"})
            case _:
                wanted = _with_recipients(wanted, words)
    return wanted


def _with_recipients(wanted: UseWanted, words: str) -> UseWanted:
    accounts = tuple(account for word in words.split() if (account := as_account(word)))
    named = () if accounts else tuple(names_in(words)) or (words,)
    intimate = True if INTIMATE in words.casefold().split() else wanted.intimate
    return replace(wanted, recipients=accounts, named=named, intimate=intimate)


def _day(written: str, today: date) -> date:
    words = written.strip(' .,;"“”')
    found = days_in(words)
    if len(found) != 1 or found[0].written != words:
        raise Refused(message("about_typed_lines.not_a_day", written=words))
    try:
        return last_day(found[0], today)
    except UnclearDay as unclear:
        raise Refused(unclear.within(f"until: {words}"), unclear.rule) from unclear
