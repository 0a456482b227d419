"""Whom the words of a command mean, of the people enrolled here: by account, pill, address or name (R15).

One person, or nobody: where the words fit several, the answer has a line to write for each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.errors import Refused
from bot.domain.identifiers import NO_ACCOUNT, Account
from bot.domain.people import Person, Standing
from bot.heard.mentions import mentioned, with_accounts
from bot.heard.named_people import Named, who_begins, who_ends, who_is, who_stands_in
from bot.words import about_people

from .transaction import Transaction

Line = Callable[[Account], str]  # the command as it would be written with this account


@dataclass(frozen=True, slots=True)
class Meant:
    """An account, the person who has it if it is somebody's here, and the words behind it."""

    account: Account
    person: Person | None
    written: str
    rest: str = ""


def anybody(person: Person) -> bool:
    return True


def a_professional(person: Person) -> bool:
    """Whom others who work here may read about in a room that they share."""
    return person.is_professional


async def whom(
    text: str, content: Mapping[str, Any], tx: Transaction, line: Line, among: Callable[[Person], bool] = anybody
) -> Meant:
    """Return the person whom the whole text names; raise `Refused` when it fits several."""
    return await _one(who_is, text, content, tx, lambda account, _: line(account), among)


async def whom_first(
    text: str,
    content: Mapping[str, Any],
    tx: Transaction,
    line: Callable[[Account, str], str],
    among: Callable[[Person], bool] = anybody,
) -> Meant:
    """Return the person whom the text names at its beginning, or by the one account that stands in it.

    Raise `Refused` when the beginning fits several, or a name stands at the end alone.
    """
    meant = await _one(who_begins, text, content, tx, line, among)
    if meant.account:
        return meant
    text = with_accounts(text, content)
    anywhere = who_stands_in(text)
    if anywhere is not None:
        person = await tx.holder(anywhere.account)
        return Meant(anywhere.account, person, anywhere.written, anywhere.rest)
    last = who_ends(text, [person for person in await _enrolled(tx) if among(person)])
    if last is not None:
        raise Refused(
            about_people.several_fit(last.written, last.people, [line(one.account, last.rest) for one in last.people]),
            "R15",
        )
    return meant


async def _one(
    read: Callable[[str, list[Person]], Named],
    text: str,
    content: Mapping[str, Any],
    tx: Transaction,
    line: Callable[[Account, str], str],
    among: Callable[[Person], bool],
) -> Meant:
    text = with_accounts(text, content)
    named = read(text, [])
    if named.account:
        as_typed = Account(named.written.strip())
        person = await tx.holder(as_typed) or await tx.holder(named.account)
        return Meant(person.account if person else named.account, person, named.written, named.rest)
    named = read(text, [person for person in await _enrolled(tx) if among(person)])
    people = [person for person in named.people if person.account in mentioned(content)] or list(named.people)
    if len(people) > 1:
        lines = [line(person.account, named.rest) for person in people]
        raise Refused(about_people.several_fit(named.written, people, lines), "R15")
    person = people[0] if people else None
    return Meant(person.account if person else NO_ACCOUNT, person, named.written, named.rest)


async def _enrolled(tx: Transaction) -> list[Person]:
    return [*await tx.rows.people.standing(Standing.ACTIVE), *await tx.rows.people.standing(Standing.PAUSED)]
