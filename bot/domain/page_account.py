"""Accounts that the page makes in a browser, and which of them a later account of the same person takes the place of. Pure.

The page chooses the name, makes a password and forgets it: once the browser has forgotten the rest, nobody can sign in any more.
"""

from __future__ import annotations

import re
from datetime import date

from .authority import Circle
from .identifiers import Account
from .people import Authority, Person, Relation, Standing
from .spelling import same_name

_NAMED_BY_THE_PAGE = re.compile(r"@p[0-9a-f]{16}:.+")


def is_page_account(account: Account) -> bool:
    return bool(_NAMED_BY_THE_PAGE.fullmatch(account))


def earlier_pages(circle: Circle, later: Authority, day: date) -> list[Authority]:
    """Return what the same person still has for this patient by pages from before this authority was recorded.

    Whatever is the patient's own is the same person's; somebody who answers for a patient is known by name and capacity.
    """
    return [
        earlier
        for earlier in circle.authorities
        if earlier.relation is later.relation
        and earlier.may_hold(day)
        and _was_before(earlier, later)
        and _is_page_of(circle.people[earlier.person_id], circle.people[later.person_id], later.relation)
    ]


def _was_before(earlier: Authority, later: Authority) -> bool:
    if later.recorded_at is None or earlier.id == later.id:
        return False
    return earlier.recorded_at is None or earlier.recorded_at < later.recorded_at


def _is_page_of(person: Person, newcomer: Person, relation: Relation) -> bool:
    is_another = person.id != newcomer.id and person.standing is not Standing.LEFT
    is_theirs = relation is Relation.SELF or same_name(person.name, newcomer.name)
    return is_another and is_theirs and is_page_account(person.account)
