"""A use is released by its own consent, to the people it was asked for, as things are when it takes effect (R31, R28)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.domain.identifiers import PatientId, PersonId
from bot.domain.people import Person, Relation, Role, Standing
from bot.domain.use import UseState
from tests.cases import POLL, TEACHING, Shared, answer_id, pictures_in, shared_practice, taps


async def asked_about(shared: Shared, question: str) -> None:
    await shared.lee.writes(f"!forward {shared.image.ref} @derm:hs.test {question}")
    await taps(shared.lee, "No, something else")


async def hand_over_the_account(shared: Shared) -> None:
    """Dr Derm leaves, and somebody new is enrolled on the same account."""
    async with shared.practice.journal.transaction() as rows:
        derm = await rows.people.first(account=shared.derm.account)
        assert derm is not None
        await rows.people.save(replace(derm, standing=Standing.LEFT))
        roles = frozenset({Role.OUTSIDE_CLINICIAN})
        await rows.people.add(Person(PersonId("new"), derm.account, "Dr New", roles, "NewIdentity"))


async def test_R31_what_was_agreed_to_for_one_question_releases_no_other(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await asked_about(shared, "nickel allergy?")
        await taps(shared.sam, "Yes")
        await shared.practice.after(days=80)
        await asked_about(shared, "is she pregnant?")
        assert [use.state for use in await shared.uses()] == [UseState.RELEASED, UseState.AWAITING_CONSENT]


async def test_R31_a_new_human_on_the_account_receives_nothing_that_was_agreed_for_another(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        await hand_over_the_account(shared)
        await taps(shared.sam, "Yes")
        assert (await shared.uses())[0].state is UseState.REFUSED
        assert "somebody else's now" in shared.lee.last_heard
        assert pictures_in(shared.practice, shared.derm.own_room) == []


async def they_left(shared: Shared) -> None:
    await hand_over_the_account(shared)


async def the_patient_died(shared: Shared) -> None:
    async with shared.practice.journal.transaction() as rows:
        patient = await rows.patients.get(shared.image.patient_id)
        await rows.patients.save(replace(patient, died_on=date(2026, 11, 23)))


async def it_is_held(shared: Shared) -> None:
    async with shared.practice.journal.transaction() as rows:
        (use,) = await rows.uses.find()
        await rows.uses.save(replace(use, held=True))


async def it_was_given_for_another_who_decides_now(shared: Shared) -> None:
    async with shared.practice.journal.transaction() as rows:
        (given,) = await rows.consent_answers.find()
        await rows.consent_answers.remove(given)
        await rows.consent_answers.add(replace(given, id="parents", capacity=Relation.PARENT))


@pytest.mark.parametrize(
    "since",
    [they_left, the_patient_died, it_is_held, it_was_given_for_another_who_decides_now],
    ids=lambda s: s.__name__,
)
async def test_R28_what_changed_between_the_yes_and_the_picture_counts(
    tmp_path: Path, since: Callable[[Shared], Awaitable[None]]
) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        yes = answer_id(shared.practice, shared.sam.own_room, "Yes")
        tap = shared.sam.arrival(shared.sam.own_room, {f"{POLL}.response": {"answers": [yes]}})
        await shared.practice.receive(replace(tap, type=f"{POLL}.response"))
        await shared.practice.inbox.drain()
        assert (await shared.uses())[0].state is UseState.RELEASED
        await since(shared)
        await shared.practice.settle()
        assert pictures_in(shared.practice, shared.derm.own_room) == []
        assert any("not possible" in words for words in shared.lee.heard), "who asked hears"


async def test_R30_a_case_is_not_opened_once_nothing_is_implied_any_more(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"!forward {shared.image.ref} @derm:hs.test is this a melanoma?")
        yes = answer_id(shared.practice, shared.lee.own_room, "Yes")
        tap = shared.lee.arrival(shared.lee.own_room, {f"{POLL}.response": {"answers": [yes]}})
        await shared.practice.receive(replace(tap, type=f"{POLL}.response"))
        await shared.practice.inbox.drain()
        async with shared.practice.journal.transaction() as rows:
            (implied,) = await rows.consents.find(image_id=shared.image.id)
            await rows.consents.save(replace(implied, patient_id=PatientId("somebody else")))
        rooms_before = len(shared.practice.homeserver.rooms)
        await shared.practice.settle()
        assert len(shared.practice.homeserver.rooms) == rooms_before
        assert any("not possible" in words for words in shared.lee.heard)


async def test_R31_who_works_here_no_more_is_shown_nothing_they_asked_for_before(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"!show {shared.image.ref}", settle=False)
        await shared.practice.inbox.drain()
        async with shared.practice.journal.transaction() as rows:
            lee = await rows.people.first(account=shared.lee.account)
            assert lee is not None
            await rows.people.save(replace(lee, roles=frozenset({Role.RECEPTION})))
        await shared.practice.settle()
        assert pictures_in(shared.practice, shared.lee.own_room) == []
