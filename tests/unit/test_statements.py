"""What everybody does all day asks the database no more than it must: counted by playing it, without a clock."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import InitVar, dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from bot.domain.image import State
from storage.sql.database import Database
from tests.cases import TEACHING, Shared, shared_practice, taps
from tests.practice import JPEG

READS, WRITES = frozenset({"SELECT"}), frozenset({"INSERT", "UPDATE", "DELETE"})


@dataclass
class Counted:
    """How many statements of either kind reached the database since this was made."""

    database: InitVar[Database]
    reads: int = 0
    writes: int = 0

    def __post_init__(self, database: Database) -> None:
        for engine in (database._writer, database._readers):
            assert engine is not None
            event.listen(engine, "before_cursor_execute", self._count)

    def _count(self, _connection: object, _cursor: object, statement: str, *_: Any) -> None:
        verb = statement.split(maxsplit=1)[0]
        self.reads += verb in READS
        self.writes += verb in WRITES


async def a_photo(shared: Shared) -> None:
    """Sent by a patient, sealed, filed, read back, told of, and its copies erased."""
    await shared.sam.sends_photo(JPEG + b" another", "it is worse today")
    assert (await shared.practice.images())[-1].state is State.VERIFIED


async def a_reply(shared: Shared) -> None:
    await shared.lee.writes(f"!reply {shared.image.ref} use the cream")
    assert "use the cream" in shared.sam.last_heard


async def advice_asked_of_a_colleague(shared: Shared) -> None:
    await shared.forwarded()


async def consent_asked_for_and_given(shared: Shared) -> None:
    await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
    await taps(shared.sam, "Yes")


async def consent_withdrawn(shared: Shared) -> None:
    await shared.sam.writes(f"withdraw {shared.image.ref}")


async def a_list_of_ones_own_images(shared: Shared) -> None:
    await shared.sam.writes("my images")


@pytest.mark.parametrize(
    ("play", "reads", "writes"),
    [
        (a_photo, 104, 57),
        (a_reply, 57, 29),
        (advice_asked_of_a_colleague, 145, 57),
        (consent_asked_for_and_given, 149, 68),
        (consent_withdrawn, 43, 19),
        (a_list_of_ones_own_images, 40, 13),
    ],
)
async def test_it_asks_the_database_no_more_than(
    tmp_path: Path, play: Callable[[Shared], Awaitable[None]], reads: int, writes: int
) -> None:
    async with shared_practice(tmp_path) as shared:
        counted = Counted(shared.practice.database)
        await play(shared)
        assert counted.reads <= reads and counted.writes <= writes, counted


async def test_a_question_is_asked_once_in_a_commit_and_anew_in_the_next(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        journal, counted = shared.practice.journal, Counted(shared.practice.database)
        for _ in range(2):
            async with journal.transaction() as rows:
                image = await rows.images.get(shared.image.id)
                assert await rows.images.find(id=image.id) == [image]
                assert await rows.uses_of(image.id) == await rows.uses_of(image.id) == []
        assert counted.reads == 2 * 2
