"""A process that can be made to die at any step that matters, and is started again on what it left behind.

Steps are: after an action upon the world (sent, redacted, uploaded, sealed, filed, erased ...) and before its commit; just
before a commit, with everything written; just after one. Dying before an action is dying after the step before it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.practice import Practice, Snapshot, Staffed, open_practice, people_of

ACTIONS = {
    "chat": frozenset(
        {
            "send",
            "send_in_clear",
            "redact",
            "fetch",
            "put",
            "create_room",
            "invite",
            "remove",
            "join",
            "leave",
            "is_opened",
        }
    ),
    "vault": frozenset({"seal", "destroy"}),
    "record": frozenset({"file", "move", "destroy"}),
    "further": frozenset({"take_out"}),
    "purger": frozenset({"erase_media"}),
    "register": frozenset({"note"}),
    "screener": frozenset({"screen"}),
    "verifier": frozenset({"step", "sign_identity"}),
}


MOST_LIVES = 500  # between two things people do


class Died(BaseException):
    """The process is gone. Nobody in it can catch this and go on."""


class Fate:
    """Counts steps, and dies at those it was told of, or at every so manieth."""

    def __init__(self, *deadly: int, every: int = 0) -> None:
        self.deadly = deadly
        self.steps: list[str] = []
        self.rests: list[int] = []  # after how many steps nothing was left to do
        self.acted = 0  # how many of them before people stopped doing anything
        self._every = every

    def step(self, what: str) -> None:
        self.steps.append(what)
        count = len(self.steps)
        if count in self.deadly or (self._every and count % self._every == 0):
            raise Died(what)

    def died_at(self) -> list[str]:
        """Each death, with what came before it."""
        return [
            f"{step}: {self.steps[step - 1]} after {self.steps[max(0, step - 6) : step - 1]}"
            for step in self.deadly
            if step <= len(self.steps)
        ]

    def next_rest(self, step: int) -> int:
        """How many steps there were when all that `step` belongs to was done."""
        return next(rest for rest in self.rests if rest >= step)

    def around(self, name: str, port: Any) -> Any:
        return _Mortal(self, name, port)

    def committing(self, transaction: Callable[[], AbstractAsyncContextManager[Any]]) -> Callable[[], Any]:
        @asynccontextmanager
        async def mortal() -> AsyncIterator[Any]:
            async with transaction() as connection:
                yield connection
                self.step("before a commit")
            self.step("after a commit")

        return mortal


class _Mortal:
    def __init__(self, fate: Fate, name: str, port: Any) -> None:
        self._fate, self._name, self._port = fate, name, port

    def __getattr__(self, method: str) -> Any:
        there = getattr(self._port, method)
        if method not in ACTIONS.get(self._name, ()):
            return there

        async def act(*args: Any, **more: Any) -> Any:
            result = await there(*args, **more)
            self._fate.step(f"after {self._name}.{method}")
            return result

        return act


Act = Callable[[Staffed], Awaitable[None]]


class Life:
    """A practice whose process dies as `fate` has it, and is started again each time, on the same disk and homeserver.

    A process that does not die lives on from one act to the next, with all it has in mind.
    """

    def __init__(self, directory: Path, start: Snapshot, fate: Fate) -> None:
        self._directory = directory
        self._lives_on: Practice = start.copied(directory)
        self._own_rooms = start.own_rooms
        self._fate = fate
        self._process: AsyncExitStack | None = None
        self.deaths = 0

    @asynccontextmanager
    async def awake(self) -> AsyncIterator[Staffed]:
        """It runs until the end of the block, however often it dies before."""
        try:
            await self._start()
            yield self.people
        finally:
            await self._stop()

    async def _start(self) -> None:
        if self._process is not None:
            return
        self._process = AsyncExitStack()
        opened = open_practice(self._directory, self._lives_on.policy, reopen=self._lives_on, around=self._fate.around)
        practice = await self._process.enter_async_context(opened)
        practice.vault.clear_unfinished()
        practice.database.transaction = self._fate.committing(practice.database.transaction)
        self._lives_on = practice

    async def _stop(self) -> None:
        if self._process is not None:
            await self._process.aclose()
            self._process = None

    async def until_settled(self, on_death: Act | None = None) -> None:
        """Live until nothing is left to do, dying as often as it comes. `on_death`: what people do meanwhile, once."""
        for _ in range(MOST_LIVES):
            try:
                await self._start()
                await self._lives_on.pull()
                await self._lives_on.settle()
                self._fate.rests.append(len(self._fate.steps))
                return
            except Died:
                await self._stop()
                self.deaths += 1
                if on_death is not None:
                    await on_death(self.people)
                    on_death = None
        raise AssertionError("it dies and dies and gets nowhere")

    async def lives_through(self, act: Act, on_death: Act | None = None) -> None:
        """People act, seen by the homeserver alone; then the process lives until all is settled."""
        await act(self.people)
        await self.until_settled(on_death)

    @property
    def people(self) -> Staffed:
        """Who is out there, whether the process lives or not."""
        return people_of(self._lives_on, self._own_rooms)

    async def later(self, **time: float) -> None:
        self._lives_on.clock.move(timedelta(**time))
        await self.until_settled()
