"""The worker: lanes keep their order, trouble waits ever longer, what is given up is told, a lost session ends it all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core import effects
from bot.core.effects import EFFECTS, Effect, World
from bot.core.schedule import BACK_OFF, STANDS_BACK_FOR, queue_of
from bot.core.transaction import Transaction
from bot.core.worker import OF_A_BUG, OF_EACH
from bot.domain import rooms
from bot.domain.arrivals import ArrivalKind
from bot.domain.errors import OutsideFailure, Permanent, SignedOut
from bot.domain.identifiers import Account, Address, CopyId, ImageId, PersonId, RoomId
from bot.domain.intents import (
    CaptureImage,
    DestroySealed,
    EraseCopy,
    FileImage,
    Intent,
    LeaveRoom,
    Remind,
    RemoveMember,
    Say,
    SayInClear,
    ScreenImage,
    SignIdentity,
)
from bot.domain.planned import Hands, Planned, Progress
from bot.ports import Conflict
from bot.words import to_the_team
from tests.one_by_one import run_what_is_due, urgency
from tests.patience import PATIENCE
from tests.practice import JPEG, Practice, Staffed, staffed_practice


@dataclass
class Deeds:
    """Stands in for one effect. `trouble` says what each try raises; then it succeeds."""

    trouble: list[BaseException] = field(default_factory=list)
    begun: list[str] = field(default_factory=list)
    settled: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    gate: asyncio.Event | None = None
    at_once: int = 0
    most_at_once: int = 0

    async def perform(self, world: World, intent: DestroySealed, planned: Planned) -> str:
        self.begun.append(intent.object_id)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if self.gate is not None:
                await self.gate.wait()
            if self.trouble:
                raise self.trouble.pop(0)
        finally:
            self.at_once -= 1
        return intent.object_id

    async def settle(self, tx: Transaction, intent: DestroySealed, outcome: str) -> None:
        self.settled.append(outcome)

    async def fail(self, tx: Transaction, intent: DestroySealed, why: Permanent) -> None:
        self.failed.append(why.code)


@pytest.fixture
def deeds(monkeypatch: pytest.MonkeyPatch) -> Deeds:
    standing_in = Deeds()
    monkeypatch.setitem(EFFECTS, DestroySealed, Effect(standing_in.perform, standing_in.settle))
    return standing_in


async def plan(practice: Practice, *names: str, lane: str = "lane") -> None:
    async with practice.journal.transaction() as rows:
        tx = practice.dispatch.transaction(rows)
        for name in names:
            await tx.plan(DestroySealed(name), lane=lane)


@asynccontextmanager
async def running(practice: Practice) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(practice.worker.run_for_ever())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not true():
            await asyncio.sleep(0)


async def test_one_lane_is_done_in_order_and_a_failing_first_holds_the_rest_back(tmp_path: Path, deeds: Deeds) -> None:
    async with staffed_practice(tmp_path) as people:
        deeds.trouble = [OutsideFailure("away")]
        await plan(people.practice, "one", "two", "three")
        await plan(people.practice, "other", lane="another lane")
        await run_what_is_due(people.practice.worker)
        assert deeds.settled == ["other"]
        await people.practice.after(seconds=1)
        assert deeds.settled == ["other", "one", "two", "three"]


async def test_lanes_run_beside_one_another_and_never_two_of_one(tmp_path: Path, deeds: Deeds) -> None:
    async with staffed_practice(tmp_path) as people:
        deeds.gate = asyncio.Event()
        for lane in range(OF_EACH + 2):
            await plan(people.practice, f"{lane} first", f"{lane} second", lane=f"lane {lane}")
        async with running(people.practice):
            await until(lambda: deeds.at_once == OF_EACH)
            assert all(name.endswith("first") for name in deeds.begun)
            deeds.gate.set()
            await until(lambda: len(deeds.settled) == 2 * (OF_EACH + 2))
        assert deeds.most_at_once == OF_EACH
        for lane in range(OF_EACH + 2):
            assert deeds.begun.index(f"{lane} first") < deeds.begun.index(f"{lane} second")


async def test_while_every_hand_that_keeps_is_busy_people_are_answered_and_the_other_way_round(
    tmp_path: Path, deeds: Deeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    speaking = Deeds()

    async def speak(world: World, intent: RemoveMember, planned: Planned) -> str:
        return await speaking.perform(world, DestroySealed(intent.account), planned)

    monkeypatch.setitem(EFFECTS, RemoveMember, Effect(speak, speaking.settle))

    async def plan_speaking(*names: str) -> None:
        async with people.practice.journal.transaction() as rows:
            for name in names:
                await people.practice.dispatch.transaction(rows).plan(
                    RemoveMember(Address("room"), Account(name)), lane=name
                )

    async with staffed_practice(tmp_path) as people:
        for stuck, free in ((deeds, speaking), (speaking, deeds)):
            stuck.gate = asyncio.Event()
            names = [f"{number} of {len(free.settled)}" for number in range(OF_EACH + 2)]
            async with running(people.practice):
                for name in names:
                    await (plan(people.practice, name, lane=name) if stuck is deeds else plan_speaking(name))
                await until(lambda: stuck.at_once == OF_EACH)  # noqa: B023  awaited here
                await (plan_speaking("at once") if free is speaking else plan(people.practice, "at once"))
                await until(lambda: free.settled[-1:] == ["at once"])  # noqa: B023
                stuck.gate.set()
                await until(lambda: len(stuck.settled) >= len(names))  # noqa: B023
            assert stuck.most_at_once == OF_EACH


async def test_what_is_urgent_goes_first_whatever_was_planned_before_it(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, own = people.practice, rooms.own(PersonId("sam"))
        planned: list[Intent] = [
            ScreenImage(ImageId("i")),
            EraseCopy(CopyId("c")),
            Say(rooms.PRACTICE, "a photo came"),
            FileImage(ImageId("i")),
            RemoveMember(rooms.PRACTICE, Account("@lee:hs.test")),
            Say(own, "thank you"),
            EraseCopy(CopyId("called back"), hide_first=True),
            CaptureImage(ImageId("j")),
        ]
        async with practice.journal.transaction() as rows:
            tx = practice.dispatch.transaction(rows)
            for intent in planned:
                await tx.plan(intent)
        due = await practice.journal.due(practice.clock.now(), dict.fromkeys(Hands, 20), frozenset())
        assert [one.intent for one in due] == [planned[place] for place in (7, 3, 0, 5, 6, 2, 1, 4)]
        one_by_one = sorted(due, key=lambda one: (urgency(queue_of(one.intent)), one.seq))
        assert [one.intent for one in one_by_one] == [planned[place] for place in (5, 6, 7, 3, 2, 1, 4, 0)]
        few = await practice.journal.due(practice.clock.now(), {Hands.SPEAKING: 3, Hands.KEEPING: 1}, frozenset())
        assert [one.intent for one in few] == [planned[place] for place in (3, 5, 6, 2)]


async def test_pictures_are_looked_at_when_nothing_else_is_done(
    tmp_path: Path, deeds: Deeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []

    async def look(world: World, intent: ScreenImage, planned: Planned) -> str:
        looked.append(intent.image_id)
        return ""

    monkeypatch.setitem(EFFECTS, ScreenImage, Effect(look, deeds.settle))
    async with staffed_practice(tmp_path) as people:
        practice, deeds.gate = people.practice, asyncio.Event()
        async with practice.journal.transaction() as rows:
            await practice.dispatch.transaction(rows).plan(ScreenImage(ImageId("picture")))
        await plan(practice, "slow")
        async with running(practice):
            await until(lambda: deeds.at_once == 1)
            await plan(practice, "another", lane="another")
            await until(lambda: deeds.at_once == 2)
            assert looked == []
            deeds.gate.set()
            await until(lambda: looked == ["picture"])


async def decide(people: Staffed, *intents: Intent) -> None:
    async with people.practice.journal.transaction() as rows:
        for intent in intents:
            await people.practice.dispatch.transaction(rows).plan(intent)


def stand_in(monkeypatch: pytest.MonkeyPatch, kind: type[Intent], deeds: Deeds) -> None:
    """Have `deeds` carry out what is of this kind; it is known by what the intent says first."""

    async def perform(world: World, intent: Intent, planned: Planned) -> str:
        name = str(getattr(intent, next(iter(fields(intent))).name))
        return await deeds.perform(world, DestroySealed(name), planned)

    monkeypatch.setitem(EFFECTS, kind, Effect(perform, deeds.settle))


@asynccontextmanager
async def with_stand_ins(
    directory: Path, monkeypatch: pytest.MonkeyPatch, *stand_ins: tuple[type[Intent], Deeds]
) -> AsyncIterator[Staffed]:
    """A practice whose worker runs; these stand in once everybody is enrolled, which takes the real effects."""
    async with staffed_practice(directory) as people:
        for kind, deeds in stand_ins:
            stand_in(monkeypatch, kind, deeds)
        async with running(people.practice):
            yield people


async def test_while_photos_are_fetched_what_nobody_waits_for_stands_back_for_a_second(
    tmp_path: Path, deeds: Deeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers go first; and no photo that can't be fetched holds anything up for longer."""
    fetching, answers = Deeds(gate=asyncio.Event()), Deeds()
    stand_in(monkeypatch, CaptureImage, fetching)
    stand_in(monkeypatch, SignIdentity, answers)
    async with staffed_practice(tmp_path) as people:
        first = SignIdentity(Account("first"), "identity")
        await decide(people, CaptureImage(ImageId("photo")), DestroySealed("behind"), first)
        async with running(people.practice):
            await until(lambda: answers.settled == ["first"] and fetching.at_once == 1)
            await decide(people, SignIdentity(Account("second"), "identity"))
            await until(lambda: answers.settled == ["first", "second"])
            assert deeds.begun == []
            people.practice.clock.move(STANDS_BACK_FOR)
            await decide(people, DestroySealed("only just planned"), SignIdentity(Account("third"), "identity"))
            await until(lambda: deeds.settled == ["behind"] and "third" in answers.settled)
            assert fetching.gate is not None and fetching.at_once == 1
            fetching.gate.set()
            await until(lambda: deeds.settled == ["behind", "only just planned"])


async def test_while_an_answer_is_said_clearing_and_telling_stand_back_and_filing_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The homeserver would do both in one room, one after the other. Who is put out of a room is at once (R25, R28a)."""
    answers, clearing, filing, out = Deeds(gate=asyncio.Event()), Deeds(), Deeds(), Deeds()
    stand_ins = ((SignIdentity, answers), (LeaveRoom, clearing), (FileImage, filing), (RemoveMember, out))
    async with with_stand_ins(tmp_path, monkeypatch, *stand_ins) as people:
        told = len(people.practice.seen_in(await people.practice.practice_room()))
        await decide(people, SignIdentity(Account("first"), "identity"))
        await until(lambda: answers.at_once == 1)
        stands_back = (LeaveRoom(RoomId("!room")), Say(rooms.PRACTICE, "a photo came"))
        await decide(
            people, *stands_back, FileImage(ImageId("photo")), RemoveMember(Address("case:1"), Account("@out"))
        )
        await until(lambda: filing.settled == ["photo"] and out.settled == ["case:1"])
        await decide(people, FileImage(ImageId("another")))
        await until(lambda: filing.settled == ["photo", "another"])
        room = await people.practice.practice_room()
        assert clearing.begun == [] and len(people.practice.seen_in(room)) == told
        people.practice.clock.move(STANDS_BACK_FOR)
        await decide(people, FileImage(ImageId("a third")))
        await until(lambda: clearing.settled == ["!room"] and len(people.practice.seen_in(room)) == told + 1)
        assert answers.settled == [], "and waits a second at most"
        assert answers.gate is not None
        answers.gate.set()
        await until(lambda: answers.settled == ["first"])


async def test_while_a_further_copy_is_made_clearing_stands_back_and_answers_do_not(
    tmp_path: Path, deeds: Deeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The chat is cleared after that anyway; and no place that hangs holds it up for longer than a second."""
    clearing, answers = Deeds(), Deeds()
    async with with_stand_ins(tmp_path, monkeypatch, (LeaveRoom, clearing), (SignIdentity, answers)) as people:
        for number, room in enumerate(("!one", "!two"), 1):
            monkeypatch.setattr(people.practice.further, "_under_way", 1)
            await decide(people, LeaveRoom(RoomId(room)), SignIdentity(Account(room), "identity"))
            await until(lambda: len(answers.settled) == number)  # noqa: B023  awaited here
            for turn in (1, 2):  # of the worker: what would not stand back is begun by then
                await decide(people, DestroySealed(room))
                await until(lambda: len(deeds.settled) == 2 * (number - 1) + turn)  # noqa: B023
            assert room not in clearing.begun
            if number == 1:
                people.practice.clock.move(STANDS_BACK_FOR)
            else:
                monkeypatch.setattr(people.practice.further, "_under_way", 0)
            await until(lambda: len(clearing.settled) == number)  # noqa: B023


async def test_one_crowd_takes_one_hand_however_much_of_it_is_due_and_waits_in_no_order(
    tmp_path: Path, deeds: Deeds
) -> None:
    """Somebody's photos lie on a server that hardly answers; whoever comes after them is served all the same."""
    async with staffed_practice(tmp_path) as people:
        practice = people.practice
        deeds.gate = asyncio.Event()
        async with practice.journal.transaction() as rows:
            tx = practice.dispatch.transaction(rows)
            for number in range(OF_EACH * 3):
                await tx.plan(DestroySealed(f"slow {number}"), lane=f"slow {number}", crowd="captures:mallory")
            for number in range(OF_EACH):
                await tx.plan(DestroySealed(f"other {number}"), lane=f"other {number}")
        async with running(practice):
            await until(lambda: deeds.at_once == OF_EACH)
            assert deeds.begun == ["slow 0", *(f"other {number}" for number in range(OF_EACH - 1))]
            deeds.gate.set()
            await until(lambda: len(deeds.settled) == OF_EACH * 4)


async def test_photos_of_one_sender_and_the_chats_of_strangers_are_such_crowds(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.practice.receive(people.sam.photo(), people.sam.photo(JPEG + b"2"))
        for number in range(2):
            await people.practice.receive(people.sam.arrival(f"!strange{number}", {}, ArrivalKind.INVITED))
        await people.practice.inbox.drain()
        due = await people.practice.left(Progress.DUE)
        crowds = {(one.intent.kind, one.crowd.partition(":")[0]) for one in due}
        assert {("capture-image", "captures"), ("join-room", "strangers")} <= crowds
        assert len({one.crowd for one in due if one.intent.kind in {"capture-image", "join-room"}}) == 2
        assert {one.crowd for one in due if one.lane == "practice"} <= {""}


async def test_trouble_waits_ever_longer_and_is_then_held_and_told(tmp_path: Path, deeds: Deeds) -> None:
    async with staffed_practice(tmp_path) as people:
        practice = people.practice
        deeds.trouble = [OutsideFailure("away") for _ in range(200)]
        await plan(practice, "one")
        waits = []
        for _ in range(len(BACK_OFF)):
            await run_what_is_due(practice.worker)
            (waiting,) = await practice.left(Progress.DUE)
            waits.append((waiting.due_at - practice.clock.now()).total_seconds())
            practice.clock.move(waiting.due_at - practice.clock.now())
        assert waits == list(BACK_OFF)
        await practice.settle()
        (held,) = await practice.left(Progress.HELD)
        assert held.trouble == "away" and len(deeds.begun) == len(BACK_OFF) + 1
        said = practice.seen_in(await practice.practice_room())
        assert to_the_team.stuck.english("removing a discarded photo", "away") in said
        assert await practice.audited("intent.held") == 1
        assert sum(BACK_OFF) < timedelta(hours=24).total_seconds(), "while the homeserver remembers transaction ids"


async def test_whoever_is_asked_to_wait_longer_waits_longer(tmp_path: Path, deeds: Deeds) -> None:
    async with staffed_practice(tmp_path) as people:
        deeds.trouble = [OutsideFailure("limited", retry_after=77)]
        await plan(people.practice, "one")
        await run_what_is_due(people.practice.worker)
        (waiting,) = await people.practice.left(Progress.DUE)
        assert waiting.due_at - people.practice.clock.now() == timedelta(seconds=77)


async def test_a_conflict_is_tried_again(tmp_path: Path, deeds: Deeds) -> None:
    async with staffed_practice(tmp_path) as people:
        deeds.trouble = [Conflict("somebody was faster")]
        await plan(people.practice, "one")
        await people.practice.settle()
        await people.practice.after(seconds=1)
        assert deeds.settled == ["one"]


async def test_a_bug_is_tried_a_few_times_then_held_and_stops_nobody(
    tmp_path: Path, deeds: Deeds, caplog: pytest.LogCaptureFixture
) -> None:
    async with staffed_practice(tmp_path) as people:
        deeds.trouble = [RuntimeError("Sam Patel") for _ in range(OF_A_BUG + 1)]
        await plan(people.practice, "one")
        for _ in range(OF_A_BUG + 1):
            await people.practice.after(minutes=1)
        (held,) = await people.practice.left(Progress.HELD)
        assert held.trouble == "RuntimeError"
        await plan(people.practice, "two")
        await people.practice.settle()
        assert deeds.settled == ["two"], "what is held does not block its lane"
    assert "Sam Patel" not in caplog.text


async def test_what_can_never_succeed_is_not_tried_again(tmp_path: Path, deeds: Deeds) -> None:
    async with staffed_practice(tmp_path) as people:
        deeds.trouble = [Permanent("forbidden")]
        await plan(people.practice, "one")
        await people.practice.settle()
        assert len(deeds.begun) == 1 and [one.trouble for one in await people.practice.left(Progress.HELD)] == [
            "forbidden"
        ]


async def test_an_effect_that_knows_what_failing_means_says_so(
    tmp_path: Path, deeds: Deeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(EFFECTS, DestroySealed, Effect(deeds.perform, deeds.settle, deeds.fail))
    async with staffed_practice(tmp_path) as people:
        deeds.trouble = [Permanent("forbidden")]
        await plan(people.practice, "one")
        await people.practice.settle()
        assert deeds.failed == ["forbidden"] and not await people.practice.left()


async def test_a_lost_session_ends_the_worker_and_what_was_due_stays_due(tmp_path: Path, deeds: Deeds) -> None:
    async with staffed_practice(tmp_path) as people:
        deeds.trouble = [SignedOut()]
        await plan(people.practice, "one")
        async with running(people.practice) as task:
            with pytest.raises(SignedOut):
                await asyncio.wait_for(task, PATIENCE)
        (due,) = await people.practice.left(Progress.DUE)
        assert due.attempts == 0


async def test_what_was_in_flight_when_the_worker_was_stopped_is_due_again(tmp_path: Path, deeds: Deeds) -> None:
    async with staffed_practice(tmp_path) as people:
        deeds.gate = asyncio.Event()
        await plan(people.practice, "one")
        async with running(people.practice):
            await until(lambda: deeds.at_once == 1)
        assert deeds.settled == []
        deeds.gate = None
        await people.practice.settle()
        assert deeds.settled == ["one"]


async def test_a_full_disk_does_not_end_the_worker(
    tmp_path: Path, deeds: Deeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with staffed_practice(tmp_path) as people:
        transaction, full = people.practice.journal.transaction, [True]
        waited = asyncio.Event()

        @asynccontextmanager
        async def on_a_full_disk() -> Any:
            if full[0]:
                raise OutsideFailure("disk-full")
            async with transaction() as rows:
                yield rows

        real_sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

        async def sleep(seconds: float) -> None:
            if seconds:
                waited.set()
            await real_sleep(0)

        await plan(people.practice, "one")
        monkeypatch.setattr(people.practice.journal, "transaction", on_a_full_disk)
        monkeypatch.setattr("bot.core.worker.asyncio.sleep", sleep)
        async with running(people.practice) as task:
            await until(waited.is_set)
            assert not task.done() and deeds.settled == []
            full[0] = False
            await until(lambda: deeds.settled == ["one"])


async def test_a_deadline_runs_when_it_is_due_and_not_before(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, seen = people.practice, list[str]()

        async def look(tx: Transaction, subject: str) -> None:
            seen.append(subject)

        practice.worker._deadlines = {"question": look}
        async with practice.journal.transaction() as rows:
            await practice.dispatch.transaction(rows).remind("question", "image", timedelta(minutes=5))
        await practice.after(minutes=4)
        assert seen == []
        await practice.after(minutes=1)
        assert seen == ["image"]


def test_every_intent_has_an_effect() -> None:
    from bot.domain.intents import Intent

    assert set(EFFECTS) == set(Intent.__args__) - {Remind}
    assert SayInClear in EFFECTS and effects.EFFECTS is EFFECTS
