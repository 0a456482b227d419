"""A picture that was released leaves only while nobody it is for, nor who asked, has come to speak for its patient (R28, R33)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.errors import OutsideFailure
from tests.cases import Shared, pictures_in, shared_practice
from tests.practice import Someone
from tests.unit.test_two_people import desk_of


async def _away(*_: object, **__: object) -> None:
    raise OutsideFailure("away")


async def becomes_decision_maker(shared: Shared, someone: Someone, name: str) -> None:
    await shared.kim.writes(f'!link 10421 decision-maker "{name}"')
    await someone.enrol(shared.practice.last_code(shared.kim.own_room))


@pytest.mark.parametrize("who", ["lee", "derm", ""])
async def test_R33_what_was_released_does_not_leave_once_who_asked_or_gets_it_speaks_for_the_patient(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    async with shared_practice(tmp_path) as shared:
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(shared.practice.homeserver, "put", _away)
            room = await shared.forwarded()
            if who:
                await becomes_decision_maker(shared, getattr(shared, who), f"Dr {who.title()}")
        await shared.practice.after(minutes=30)
        assert len(pictures_in(shared.practice, room)) == (0 if who else 1)


async def test_R33_a_manager_is_handed_nothing_by_law_once_they_speak_for_the_patient(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shared_practice(tmp_path) as shared:
        law = f'!required-by-law {shared.image.ref} basis "subpoena 12" authority "Court" recipient "the registrar"'
        rita = await desk_of(shared)
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(shared.practice.homeserver, "put", _away)
            await rita.writes('!link 10421 decision-maker "Kim"')
            await shared.kim.writes(law)
            await shared.kim.enrol(shared.practice.last_code(rita.own_room))
        before = len(pictures_in(shared.practice, shared.kim.own_room))
        await shared.practice.after(minutes=30)
        assert len(pictures_in(shared.practice, shared.kim.own_room)) == before
