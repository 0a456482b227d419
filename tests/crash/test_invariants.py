"""Each invariant holds at the end of a story with a bit of everything; `make mutants` breaks each, and it says so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.crash.accounts import at_the_end
from tests.crash.chapters import FILED, Chapter, kim, lee, sam, says, sends, years_pass
from tests.crash.chapters_uses import TEACH, WITH_DERM, taps
from tests.crash.invariants import INVARIANTS, Invariant, Kept
from tests.crash.mortality import Fate
from tests.crash.test_crash import play
from tests.mutants.of_invariants import INVARIANT
from tests.mutants.of_invariants import INVARIANTS as BROKEN
from tests.practice import JPEG, Staffed

_end: list[Kept] = []


async def destroys_the_first(people: Staffed) -> None:
    said = "\n".join(post.body for post in people.practice.homeserver.posts)
    await says(kim, f"!destroy {re.findall(r'IMG-[A-Z0-9]{4}', said)[0]}")(people)


STORY = Chapter(
    "a bit of everything",
    (
        *WITH_DERM,
        *FILED,
        TEACH,
        taps(sam, "Yes"),
        sends(sam, JPEG + b"2", "it itches"),
        says(lee, "!mine REF"),
        says(lee, "!note REF no infection"),
        sends(sam, JPEG + b"3"),
        says(sam, "withdraw REF"),
        years_pass,
        destroys_the_first,
        says(kim, "destroy NUMBER"),
    ),
    (),
)


async def over(directory: Path) -> Kept:
    if not _end:
        life = await play(STORY, directory, Fate())
        async with life.awake() as people:
            _end.append(await at_the_end(people.practice, directory))
    return _end[0]


@pytest.mark.parametrize("invariant", INVARIANTS, ids=lambda invariant: invariant.__name__)
async def test_it_holds_when_all_is_over(invariant: Invariant, tmp_path: Path) -> None:
    end = await over(tmp_path)
    assert len(end.images) == 3 and end.uses and end.documents, "there is something to hold of"
    assert list(invariant(end)) == []


def test_each_invariant_is_broken_by_a_mutant() -> None:
    assert [mutant.killed_by for mutant in BROKEN] == [INVARIANT.format(one.__name__) for one in INVARIANTS]
