"""The world fails while a photo comes and is filed: what people see of it meanwhile, how it is mended, and how it ends.

The end is the same as without the fault: every invariant holds, and nobody heard anything twice. Faults with a test of
their own elsewhere (a damaged or newer database, a migration cut short, answers that are no JSON …) stand in
docs/reliability.md.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.watches.clock_jumps import ClockWatch
from bot.domain.errors import OutsideFailure
from bot.domain.image import HeldFor, State
from tests.crash.accounts import everything_is_accounted_for, who_heard_what
from tests.crash.mortality import ACTIONS
from tests.practice import Staffed, open_practice, people_of, staffed_snapshot

ALL = os.environ.get("CONSENTRY_CRASH") == "all"
PORTS = ACTIONS | {"record": ACTIONS["record"] | {"read_back"}}


@dataclass
class Trouble:
    """Raises `what` from the ports named, for as long as it lasts; or once, at one step of all there are."""

    what: Exception = field(default_factory=lambda: OutsideFailure("disk-full"))
    ports: frozenset[str] = frozenset()
    lasts: bool = False
    once_at: int = 0
    steps: int = 0

    def around(self, name: str, port: Any) -> Any:
        return _Troubled(self, name, port)

    def step(self, name: str) -> None:
        self.steps += 1
        if (self.lasts and name in self.ports) or self.steps == self.once_at:
            raise self.what

    def committing(self, transaction: Callable[[], AbstractAsyncContextManager[Any]]) -> Callable[[], Any]:
        @asynccontextmanager
        async def troubled() -> AsyncIterator[Any]:
            async with transaction() as connection:
                yield connection
                self.step("disk")

        return troubled


class _Troubled:
    def __init__(self, trouble: Trouble, name: str, port: Any) -> None:
        self._trouble, self._name, self._port = trouble, name, port

    def __getattr__(self, method: str) -> Any:
        there = getattr(self._port, method)
        if method not in PORTS.get(self._name, ()):
            return there

        async def act(*args: Any, **more: Any) -> Any:
            self._trouble.step(self._name)
            return await there(*args, **more)

        return act


@asynccontextmanager
async def troubled_practice(directory: Path, trouble: Trouble) -> AsyncIterator[Staffed]:
    start = await staffed_snapshot()
    reopen = start.copied(directory)
    async with open_practice(directory, reopen.policy, reopen=reopen, around=trouble.around) as practice:
        practice.database.transaction = trouble.committing(practice.database.transaction)
        yield people_of(practice, start.own_rooms)


async def turns(people: Staffed, **time: float) -> None:
    """Time passes in thirty portions; what can't be written down at the moment is tried again in the next."""
    for _ in range(30):
        people.practice.clock.move(timedelta(**time) / 30)
        try:
            await people.practice.pull()
            await people.practice.settle()
        except OutsideFailure:
            continue


async def ends_as_if_nothing_had_been(people: Staffed, directory: Path) -> dict[str, list[str]]:
    await turns(people, hours=3)
    await turns(people, days=4)
    await everything_is_accounted_for(people.practice, directory)
    assert (await people.practice.only_image()).state is State.VERIFIED
    return who_heard_what(people.practice)


async def undisturbed(directory: Path) -> tuple[int, dict[str, list[str]]]:
    """How many steps there are until the photo is filed and the chat clean; and what everybody heard."""
    trouble = Trouble()
    async with troubled_practice(directory, trouble) as people:
        people.practice.homeserver.timeline.append(people.sam.photo(caption="rash"))
        await turns(people, minutes=1)
        steps = trouble.steps
        return steps, await ends_as_if_nothing_had_been(people, directory)


@pytest.mark.parametrize("what", ["disk-full", "disk-error"])
async def test_a_disk_that_fails_at_any_one_write_changes_nothing_of_the_end(what: str, tmp_path: Path) -> None:
    """Each commit and each action until the photo is filed and gone from the chat, one after another."""
    steps, expected = await undisturbed(tmp_path / "undisturbed")
    assert steps > 20
    for step in range(1, steps + 1, 1 if ALL else 7):
        trouble = Trouble(OutsideFailure(what), once_at=step)
        async with troubled_practice(tmp_path / str(step), trouble) as people:
            people.practice.homeserver.timeline.append(people.sam.photo(caption="rash"))
            await turns(people, minutes=1)
            assert await ends_as_if_nothing_had_been(people, tmp_path / str(step)) == expected, f"failed at step {step}"


@dataclass(frozen=True)
class Fault:
    name: str
    what: Exception
    ports: frozenset[str]
    seen: str  # what `!status` says meanwhile; "" where the chat itself is what fails


FAULTS = (
    Fault("the record is down", OutsideFailure("record-away"), frozenset({"record"}), "record-away"),
    Fault("the vault's disk fails", OutsideFailure("disk-error"), frozenset({"vault"}), "disk-error"),
    Fault("the purger is missing", OutsideFailure("purger-away"), frozenset({"purger"}), "purger-away"),
    Fault("the homeserver answers 500", OutsideFailure("http-500"), frozenset({"chat"}), ""),
    Fault("the homeserver answers 429", OutsideFailure("http-429", 45.0), frozenset({"chat"}), ""),
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
async def test_an_hour_of_trouble_is_said_and_made_good_by_itself(fault: Fault, tmp_path: Path) -> None:
    _, expected = await undisturbed(tmp_path / "undisturbed")
    trouble = Trouble(fault.what, fault.ports, lasts=True)
    async with troubled_practice(tmp_path / "troubled", trouble) as people:
        practice = people.practice
        practice.homeserver.timeline.append(people.sam.photo(caption="rash"))
        await turns(people, hours=1)
        assert practice.homeserver.media, "nothing is purged"
        image = await practice.only_image()
        assert (image.state is State.VERIFIED) == (fault.name == "the purger is missing")
        waiting = [one.trouble for one in await practice.left()]
        assert str(fault.what) in waiting, "what waits says why"
        if fault.seen:
            await people.kim.writes("!status")
            assert fault.seen in people.kim.last_heard
        trouble.lasts = False
        heard = await ends_as_if_nothing_had_been(people, tmp_path / "troubled")
        if not fault.seen:
            assert heard == expected


async def test_a_torn_blob_is_found_before_anything_is_purged_and_put_back_it_goes_on(tmp_path: Path) -> None:
    """R16: sealed, torn on the disk before it was filed. A person is told, puts the file back, and says `!retry`."""
    async with troubled_practice(tmp_path, Trouble()) as people:
        practice = people.practice
        await people.sam.sends_photo()
        (blob,) = [path for path in (tmp_path / "objects").rglob("*") if path.is_file()]
        whole = blob.read_bytes()
        blob.write_bytes(whole[: len(whole) // 2])
        await people.sam.writes("rash on my arm")
        image = await practice.only_image()
        assert (image.state, image.held_for) == (State.HELD, HeldFor.READ_BACK_DIFFERED)
        assert practice.homeserver.media, "nothing is purged"
        room = await practice.practice_room()
        assert "not what was filed; the chat copies are kept" in practice.seen_in(room)[-1]
        await people.kim.writes("!status")
        assert "1 on hold" in people.kim.last_heard
        await people.kim.writes("!retry")
        assert (await practice.only_image()).held_for is HeldFor.READ_BACK_DIFFERED, "still torn"
        blob.write_bytes(whole)
        await people.kim.writes("!retry")
        await ends_as_if_nothing_had_been(people, tmp_path)


@pytest.mark.parametrize("jump", [timedelta(days=-1), timedelta(days=1)], ids=["backwards", "forwards"])
async def test_a_clock_set_wrongly_and_right_again_loses_nothing_and_is_told(jump: timedelta, tmp_path: Path) -> None:
    async with troubled_practice(tmp_path, Trouble()) as people:
        practice = people.practice
        watch = ClockWatch(practice.journal, practice.dispatch, practice.clock)
        await people.sam.sends_photo()  # the question for its reason waits
        for by in (jump, -jump):
            practice.clock.move(by)
            await watch.look()
            await practice.settle()
        assert (await practice.only_image()).state is State.CAPTURED, "the wait goes on as long as it was meant to"
        assert any("clock" in line for line in practice.seen_in(await practice.practice_room()))
        await people.sam.writes("rash on my arm")
        await ends_as_if_nothing_had_been(people, tmp_path)
