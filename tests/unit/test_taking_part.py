"""Who is heard: whoever is paused stays so, a lost identity is never pinned again, whoever left stays gone (R28a, R31)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from bot.domain.errors import Refused
from bot.domain.identifiers import NO_PERSON, Account, PersonId
from bot.domain.people import Person, Role, Standing
from bot.domain.taking_part import (
    TRANSITIONS,
    ConfirmedAsPatient,
    FoundTheSame,
    IdentityDiffers,
    LetIn,
    PersonEvent,
    PhoneReportedLost,
    SpeaksForNobody,
    ToBeConfirmedAnew,
    WorksHereNoMore,
    person_after,
)

AT = datetime(2026, 11, 23, tzinfo=UTC)
LEE = Person(PersonId("lee"), Account("@lee:hs.test"), "Lee", frozenset({Role.CLINICIAN}), "key", verified_at=AT)
PAUSED = replace(LEE, standing=Standing.PAUSED)
LEFT = replace(LEE, standing=Standing.LEFT)
PINS: list[PersonEvent] = [LetIn("key", frozenset(), "Lee"), FoundTheSame("key", AT)]
NO_PIN: list[PersonEvent] = [
    IdentityDiffers(),
    PhoneReportedLost(),
    WorksHereNoMore(is_linked=True, successor_id=NO_PERSON),
    WorksHereNoMore(is_linked=False, successor_id=NO_PERSON),
    SpeaksForNobody(),
    ConfirmedAsPatient(),
    ToBeConfirmedAnew(),
]


def test_every_cell_is_decided() -> None:
    assert set(TRANSITIONS) == set(product(Standing, PersonEvent.__args__))


@pytest.mark.parametrize("event", NO_PIN, ids=lambda event: type(event).__name__)
def test_R28a_whoever_is_paused_is_heard_again_by_nothing_but_a_pinned_identity(event: PersonEvent) -> None:
    assert person_after(PAUSED, event).standing is not Standing.ACTIVE


@pytest.mark.parametrize("event", PINS, ids=lambda event: type(event).__name__)
def test_R28a_a_pinned_identity_lets_them_back_in_but_never_one_that_was_on_a_lost_phone(event: PersonEvent) -> None:
    assert person_after(PAUSED, event).standing is Standing.ACTIVE
    lost = person_after(LEE, PhoneReportedLost())
    assert (lost.standing, lost.revoked) == (Standing.PAUSED, ("key",))
    with pytest.raises(Refused):
        person_after(lost, event)


@pytest.mark.parametrize("event", [*PINS, *NO_PIN], ids=lambda event: type(event).__name__)
def test_R31_whoever_left_stays_gone(event: PersonEvent) -> None:
    try:
        assert person_after(LEFT, event) == LEFT
    except Refused as refused:
        assert refused.rule == "R31"


def test_another_identity_was_not_compared() -> None:
    assert person_after(LEE, LetIn("key", frozenset(), "Lee")).verified_at == AT
    assert person_after(LEE, LetIn("new key", frozenset(), "Lee")).verified_at is None


@pytest.mark.parametrize("person", [LEE, PAUSED])
def test_whoever_is_a_patient_too_stays_one_and_nothing_more(person: Person) -> None:
    both = replace(person, roles=frozenset({Role.CLINICIAN, Role.MANAGER, Role.PATIENT}))
    stays = person_after(both, WorksHereNoMore(is_linked=True, successor_id=PersonId("kim")))
    assert (stays.standing, stays.roles) == (person.standing, frozenset({Role.PATIENT}))
    assert stays.succeeded_by == PersonId("kim")
    over = person_after(both, WorksHereNoMore(is_linked=False, successor_id=NO_PERSON))
    assert over.standing is Standing.LEFT, "nobody is left for whom they had that role"
