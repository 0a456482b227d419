"""`consentry confirm` and `consentry managers --also-clinician`: what takes two people, where there is only one (R33)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.config import load
from bot.domain.identifiers import Account
from bot.domain.people import Role, Standing
from bot.operate.agreements.listing import Wanted, agreements
from bot.operate.kept import opened
from bot.operate.setup import write_practice
from tests.cases import taps
from tests.practice import JPEG, Someone, Staffed, staffed_practice
from tests.unit.test_commands import ANSWERS, Consentry, consentry

__all__ = ["consentry"]


async def _live(directory: Path, then: Callable[[Staffed], Awaitable[None]]) -> None:
    async with staffed_practice(directory) as people:
        await people.sam.sends_photo(caption="rash")
        await people.practice.after(minutes=1)
        await people.kim.writes("!link 10421")
        too = Someone(people.practice, Account("@too:hs.test"), "TooIdentity")
        await too.enrol(people.practice.last_code(people.kim.own_room))
        await too.sends_photo(JPEG + b"2", caption="knee")
        await then(people)


async def lee_leaves(people: Staffed) -> None:
    async with people.practice.journal.transaction() as rows:
        (lee,) = await rows.people.find(account="@lee:hs.test")
        await rows.people.save(replace(lee, standing=Standing.LEFT))


async def nobody_leaves(people: Staffed) -> None:
    pass


def lived(tmp_path: Path, then: Callable[[Staffed], Awaitable[None]]) -> None:
    write_practice(tmp_path / "config.toml", ANSWERS)
    for name in ("data", "keys"):
        for file in (tmp_path / name).iterdir():
            file.unlink()
        (tmp_path / name).rmdir()
    asyncio.run(_live(tmp_path / "data", then))
    (tmp_path / "data" / "keys").rename(tmp_path / "keys")


async def unseen(file: Path) -> list[bool]:
    async with opened(load(file), read_only=True) as kept, kept.journal.reading() as rows:
        return [agreement.unseen for agreement in await agreements(rows, Wanted())]


def test_R33_at_the_computer_it_is_marked_wherever_it_is_shown(consentry: Consentry, tmp_path: Path) -> None:
    lived(tmp_path, lee_leaves)
    left = consentry("confirm", "10421", "--reason", "nobody else works here", typed="n\n")
    assert "Nothing was changed" in left.out and "@too:hs.test" in left.out
    done = consentry("confirm", "10421", "--reason", "nobody else works here", typed="y\n")
    assert done.code == 0 and "not seen by a second person" in done.out
    told = consentry("audit", "show", "10421").out
    assert "patient, not seen by a second" in told and "Somebody at the computer" in told
    assert consentry("consents", "show", "--patient", "10421").out.count("not seen by a second person") == 1
    assert consentry("consents", "show", "--patient", "10421", "--export", "page.html").code == 0
    assert asyncio.run(unseen(tmp_path / "config.toml")) == [False, True]
    assert (tmp_path / "page.html").read_text().count("at the computer, not seen by a second person") == 1
    assert consentry("confirm", "10421", "--reason", "again").code == 1


def test_R33_at_the_computer_nothing_is_confirmed_that_a_second_person_could(
    consentry: Consentry, tmp_path: Path
) -> None:
    lived(tmp_path, nobody_leaves)
    refused = consentry("confirm", "10421", "--reason", "in a hurry", typed="y\n")
    assert refused.code == 1 and "Dr Lee" in refused.err


def test_R33_a_death_that_was_a_mistake_is_undone_at_the_computer(consentry: Consentry, tmp_path: Path) -> None:
    async def dies(people: Staffed) -> None:
        await people.kim.writes("!died 10421")
        await taps(people.kim, "Has died")
        await lee_leaves(people)

    lived(tmp_path, dies)
    left = consentry("confirm", "10421", "--reason", "nobody else works here", typed="n\n")
    assert "Nothing was changed" in left.out and "Sam Patel" in left.out
    done = consentry("confirm", "10421", "--reason", "nobody else works here", typed="y\n")
    assert done.code == 0 and "not seen by a second person" in done.out
    told = " ".join(consentry("audit", "show", "10421").out.split())
    assert "the patient is alive" in told and "Somebody at the computer" in told
    assert consentry("confirm", "10421", "--reason", "again").code == 1, "nobody waits any more"


@pytest.mark.parametrize("account", ["@lee:localhost", "@eve:localhost"])
def test_R33_a_first_manager_who_is_a_doctor_gets_one_code_for_both(
    consentry: Consentry, tmp_path: Path, account: str
) -> None:
    write_practice(tmp_path / "config.toml", ANSWERS)
    ended = consentry("managers", "--also-clinician", account, typed="Dr Lee\n")
    assert (ended.code == 0) == (account == "@lee:localhost")

    async def made() -> list[tuple[str, Role, bool]]:
        async with opened(load(tmp_path / "config.toml"), read_only=True) as kept, kept.journal.reading() as rows:
            return [(one.name, one.role, one.and_clinician) for one in await rows.invitations.find()]

    if ended.code == 0:
        assert asyncio.run(made()) == [("Dr Lee", Role.MANAGER, True)]
