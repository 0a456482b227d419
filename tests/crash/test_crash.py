"""Killed anywhere, started again: nothing is lost, nothing is done twice, nothing is said twice, nothing is left over.

Each chapter of the story is played once undisturbed; then again for each of its steps, dying there. Without
CONSENTRY_CRASH=all only a sample of the steps is tried, spread over each chapter.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.image import State
from tests.crash.accounts import everything_is_accounted_for, who_heard_what
from tests.crash.chapters import CHAPTERS, Chapter, deletes_last_photo, sam, says, sends
from tests.crash.mortality import Act, Fate, Life
from tests.practice import JPEG, Snapshot, Staffed, staffed_snapshot

ALL = os.environ.get("CONSENTRY_CRASH") == "all"
SAMPLE = 3  # deaths per chapter
_begun: dict[str, Snapshot] = {}


async def beginning(chapter: Chapter) -> Snapshot:
    """The practice at rest with all that happened before this chapter."""
    if chapter.name not in _begun:
        start = await staffed_snapshot()

        async def before(people: object) -> None:
            for act in chapter.before:
                await act(people)  # type: ignore[arg-type]
                await people.practice.pull()  # type: ignore[attr-defined]
                await people.practice.settle()  # type: ignore[attr-defined]

        _begun[chapter.name] = await Snapshot.of(before, start) if chapter.before else start
    return _begun[chapter.name]


async def play(chapter: Chapter, directory: Path, fate: Fate, on_death: Act | None = None) -> Life:
    life = Life(directory, await beginning(chapter), fate)
    for act in chapter.acts:
        await life.lives_through(act, on_death)
    fate.acted = len(fate.steps)
    await life.later(minutes=20)  # whatever was asked has waited long enough
    await life.later(hours=2)  # whoever should be reminded was
    await life.later(hours=26)  # whatever was said about it has had its time
    await life.later(days=3)  # whatever was sent to keep has been kept
    return life


def deaths(steps: int, sample: int = SAMPLE) -> Iterator[int]:
    if ALL:
        yield from range(1, steps + 1)
        return
    sampled = min(sample, steps)
    # The middle of each of as many equal parts: the same steps every time.
    yield from sorted({1 + (2 * part + 1) * steps // (2 * sampled) for part in range(sampled)})


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)
async def test_dying_at_any_step_changes_nothing_of_the_end(chapter: Chapter, tmp_path: Path) -> None:
    fate = Fate()
    undisturbed = await play(chapter, tmp_path / "undisturbed", fate)
    expected = who_heard_what(undisturbed.people.practice)
    async with undisturbed.awake() as people:
        await everything_is_accounted_for(people.practice, tmp_path / "undisturbed")
        assert tuple(image.state for image in await people.practice.images()) == chapter.ends
    for step in deaths(len(fate.steps)):
        directory = tmp_path / str(step)
        dying = Fate(lambda count, step=step: count == step)  # type: ignore[misc]
        try:
            life = await play(chapter, directory, dying)
            assert life.deaths == 1
            async with life.awake() as people:
                await everything_is_accounted_for(people.practice, directory)
                assert tuple(image.state for image in await people.practice.images()) == chapter.ends
            assert who_heard_what(life.people.practice) == expected
        except BaseException as failure:
            failure.add_note(
                f"died at step {step}: {fate.steps[step - 1]}, after {fate.steps[max(0, step - 6) : step - 1]}"
            )
            raise


STAYS = re.compile("so it stays there|stays in your health record")
MEANWHILE = {
    "withdraws it": says(sam, "withdraw REF"),
    "deletes it": deletes_last_photo(sam),
}


@pytest.mark.parametrize("what", MEANWHILE)
async def test_whoever_changes_their_mind_while_the_bot_is_dead_is_told_the_truth(what: str, tmp_path: Path) -> None:
    """Filed and still there, or destroyed and not in the record: never one said and the other done."""
    chapter = Chapter("a photo, and a change of mind", (sends(sam, JPEG, "rash on my arm"),), ())
    fate = Fate()
    await play(chapter, tmp_path / "undisturbed", fate)
    ends = set()
    for step in deaths(fate.acted, sample=3 * SAMPLE):
        directory = tmp_path / str(step)
        dying = Fate(lambda count, step=step: count == step)  # type: ignore[misc]
        try:
            life = await play(chapter, directory, dying, MEANWHILE[what])
            if what == "deletes it" and not STAYS.search(" ".join(life.people.sam.heard)):
                await life.lives_through(says(sam, "yes"))
                await life.later(hours=26)
            async with life.awake() as people:
                await everything_is_accounted_for(people.practice, directory)
                image = await people.practice.only_image()
            heard = " ".join(life.people.sam.heard)
            assert bool(STAYS.search(heard)) == (image.state is State.VERIFIED), heard
            assert ("has been destroyed" in heard) == (image.state is State.DISCARDED), heard
            ends.add(image.state)
        except BaseException as failure:
            failure.add_note(
                f"died at step {step}: {fate.steps[step - 1]}, after {fate.steps[max(0, step - 6) : step - 1]}"
            )
            raise
    assert ends == {State.VERIFIED, State.DISCARDED}


async def test_a_photo_that_vanishes_after_it_was_sealed_and_before_that_was_noted_leaves_nothing(
    tmp_path: Path,
) -> None:
    chapter = Chapter("a photo", (sends(sam, JPEG, "rash on my arm"),), ())
    fate = Fate()
    await play(chapter, tmp_path / "undisturbed", fate)
    sealed = 1 + fate.steps.index("after vault.seal")

    async def the_media_vanishes(people: Staffed) -> None:
        people.practice.homeserver.media.clear()

    life = await play(chapter, tmp_path, Fate(lambda count: count == sealed), the_media_vanishes)
    assert life.deaths == 1
    async with life.awake() as people:
        await everything_is_accounted_for(people.practice, tmp_path)
        assert (await people.practice.only_image()).state is State.DISCARDED
    assert any("no longer on the server" in line for line in life.people.sam.heard)


@pytest.mark.parametrize("every", [7, 11, 13, 17] if ALL else [11])
async def test_a_process_that_keeps_dying_still_gets_there(every: int, tmp_path: Path) -> None:
    """The whole story, dying at every so manieth step of it; the longest work between two commits is five steps."""
    everybody = [chapter for chapter in CHAPTERS if chapter.name != "enrolment"]
    whole = Chapter("the whole story", tuple(act for one in everybody for act in (*one.before, *one.acts)), ())
    life = await play(whole, tmp_path, Fate(lambda count: count % every == 0))
    assert life.deaths > 100
    async with life.awake() as people:
        await everything_is_accounted_for(people.practice, tmp_path)
