"""Killed anywhere, started again: nothing is lost, nothing is done twice, nothing is said twice, nothing is left over.

Each chapter of the story is played once undisturbed; then again for each of its steps, dying there; and for each of these,
again for every step that follows until all is done, dying there too. Without CONSENTRY_CRASH=all (`make crash`; “once”: no
pairs) only a sample is tried, the same every time.
"""

from __future__ import annotations

import os
import random
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.command_table import COMMANDS
from bot.domain.image import State
from bot.domain.people import Role
from tests.crash.accounts import everything_is_accounted_for, heard_by, who_has_what, who_heard_what
from tests.crash.chapters import CHAPTERS, Chapter, deletes_last_photo, sam, says, sends
from tests.crash.chapters_authority import AUTHORITY
from tests.crash.chapters_cases import CASES
from tests.crash.chapters_colleagues import COLLEAGUES
from tests.crash.chapters_incidents import CLOSED, INCIDENTS
from tests.crash.chapters_media import MEDIA
from tests.crash.chapters_moments import MOMENTS
from tests.crash.chapters_more import MORE
from tests.crash.chapters_people import PEOPLE
from tests.crash.chapters_uses import USES
from tests.crash.mortality import Act, Fate, Life
from tests.practice import JPEG, Snapshot, Staffed, staffed_snapshot

ASKED = os.environ.get("CONSENTRY_CRASH")
ALL = ASKED == "all"
SINGLY = ASKED == "once"  # every step, but none of the pairs
SAMPLE = 2  # deaths per chapter, one of them followed by a second; of what is rarer one, while people act, and no more
RARER = MORE + PEOPLE + COLLEAGUES + CASES + MEDIA + AUTHORITY + MOMENTS
_begun: dict[str, Snapshot] = {}


async def beginning(chapter: Chapter) -> Snapshot:
    """The practice at rest with all that happened before this chapter."""
    if chapter.name not in _begun:
        staffed = await staffed_snapshot()
        start = replace(staffed, lives_on=replace(staffed.lives_on, policy=chapter.policy))

        async def before(people: Staffed) -> None:
            for act in chapter.before:
                await act(people)
                await people.practice.pull()
                await people.practice.settle()

        _begun[chapter.name] = await Snapshot.of(before, start) if chapter.before else start
    return _begun[chapter.name]


async def play(chapter: Chapter, directory: Path, fate: Fate, on_death: Act | None = None) -> Life:
    life = Life(directory, await beginning(chapter), fate)
    async with life.awake():
        for act in chapter.acts:
            await life.lives_through(act, on_death)
        fate.acted = len(fate.steps)
        await time_goes_by(life)
    return life


async def time_goes_by(life: Life) -> None:
    await life.later(minutes=20)  # whatever was asked has waited long enough
    await life.later(hours=2)  # whoever should be reminded was
    await life.later(hours=26)  # whatever was said about it has had its time
    await life.later(days=3)  # whatever was sent to keep has been kept
    await life.later(days=4)  # whatever was asked has expired
    await life.later(days=31)  # whatever was shared has been shared long enough


def deaths(steps: int, sample: int = SAMPLE) -> Iterator[int]:
    if ALL or SINGLY:
        yield from range(1, steps + 1)
        return
    sampled = min(sample, steps)
    # The middle of each of as many equal parts: the same steps every time.
    yield from sorted({1 + (2 * part + 1) * steps // (2 * sampled) for part in range(sampled)})


@pytest.mark.parametrize("chapter", CHAPTERS + USES + INCIDENTS + RARER, ids=lambda chapter: chapter.name)
async def test_dying_at_any_step_and_at_any_that_follows_changes_nothing_of_the_end(
    chapter: Chapter, tmp_path: Path
) -> None:
    """Singly, and a second time before what the first death interrupted is done."""
    fate = Fate()
    expected = await ends_well(chapter, tmp_path / "undisturbed", fate)
    rarely = chapter in RARER and not (ALL or SINGLY)
    firsts = list(deaths(fate.acted, sample=1) if rarely else deaths(len(fate.steps)))
    dice = random.Random(chapter.name)
    followed = dice.choice(firsts)  # by a second death, where not all are
    for first in firsts:
        once = Fate(first)
        assert await ends_well(chapter, tmp_path / str(first), once) == expected
        following: Sequence[int] = range(first + 1, once.next_rest(first) + 1)
        if SINGLY or rarely:
            continue
        if not ALL:
            following = [dice.choice(following)] if following and first == followed else []
        for second in following:
            assert await ends_well(chapter, tmp_path / f"{first}-{second}", Fate(first, second)) == expected


async def ends_well(chapter: Chapter, directory: Path, fate: Fate) -> object:
    """Play it: every invariant holds, each image ended as it should. What everybody heard, and what is kept of it."""
    try:
        life = await play(chapter, directory, fate)
        assert life.deaths == len(fate.deadly)
        async with life.awake() as people:
            await everything_is_accounted_for(people.practice, directory)
            assert tuple(image.state for image in await people.practice.images()) == chapter.ends
            for who, words in chapter.heard:
                assert words in heard_by(people.practice, who), f"{who} did not hear: {words}"
            for who, words in chapter.unheard:
                assert words not in heard_by(people.practice, who), f"{who} heard: {words}"
            return who_heard_what(people.practice), await who_has_what(people.practice)
    except BaseException as failure:
        failure.add_note(f"{chapter.name}, died {fate.died_at()}")
        raise
    finally:
        shutil.rmtree(directory)


def test_every_command_is_written_in_a_chapter() -> None:
    written = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("chapters*.py"))
    marked = {f'"{one.name}' if one.roles == {Role.PATIENT} else f"!{one.name}" for one in COMMANDS}
    assert {one for one in marked if not re.search(rf"{re.escape(one)}\b", written)} == set()


STAYS = re.compile("so it stays there|stays in the health record")
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
    for step in deaths(fate.acted, sample=9):
        directory = tmp_path / str(step)
        dying = Fate(step)
        try:
            life = await play(chapter, directory, dying, MEANWHILE[what])
            if what == "deletes it" and not STAYS.search(" ".join(life.people.sam.heard)):
                await life.lives_through(says(sam, "yes REF"))
                await life.later(hours=26)
            async with life.awake() as people:
                await everything_is_accounted_for(people.practice, directory)
                image = await people.practice.only_image()
            heard = " ".join(life.people.sam.heard)
            assert bool(STAYS.search(heard)) == (image.state is State.VERIFIED), heard
            assert ("has been destroyed" in heard) == (image.state is State.DISCARDED), heard
            ends.add(image.state)
        except BaseException as failure:
            failure.add_note(f"died {dying.died_at()}")
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

    life = await play(chapter, tmp_path, Fate(sealed), the_media_vanishes)
    assert life.deaths == 1
    await life.lives_through(says(sam, "withdraw REF"))
    await life.later(hours=26)
    async with life.awake() as people:
        await everything_is_accounted_for(people.practice, tmp_path)
        assert (await people.practice.only_image()).state is State.DISCARDED
    assert any("has been destroyed" in line for line in life.people.sam.heard)


@pytest.mark.parametrize("every", [7, 11, 13, 17] if ALL else [11])
async def test_a_process_that_keeps_dying_still_gets_there(every: int, tmp_path: Path) -> None:
    """The whole story, dying at every so manieth step of it; the longest work between two commits is five steps."""
    everybody = [chapter for chapter in CHAPTERS if chapter.name != "enrolment"]
    acts = (act for one in everybody for act in (*one.before, *one.acts))
    whole = Chapter("the whole story", (*acts, CLOSED), ())  # a reply had been read before the photo was moved
    life = await play(whole, tmp_path, Fate(every=every))
    assert life.deaths > 100
    async with life.awake() as people:
        await everything_is_accounted_for(people.practice, tmp_path)
