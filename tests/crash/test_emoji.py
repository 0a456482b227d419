"""Killed anywhere in a check by emoji. Its secrets live and die with the process, so not every end is as if nothing had happened.

What holds instead: nobody is verified, let in or vouched for whom no person compared; a check that a death cut off changes
nothing, whoever waits for it hears once that it is over, and a new one comes to the end the first would have had.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.domain.people import Person
from bot.words import about_emoji as words
from tests.crash.accounts import everything_is_accounted_for, who_has_what, who_heard_what
from tests.crash.chapters import Chapter
from tests.crash.chapters_emoji import EMOJI_CHECKS
from tests.crash.mortality import Fate, Life
from tests.crash.test_crash import ALL, beginning, deaths, time_goes_by
from tests.practice import POLICY, Practice, Staffed

VERIFIED, DIFFERENT = words.VERIFIED, words.DIFFERENT.format(practice=POLICY.practice)
ENDED = words.ENDED.format(command="verify")


@dataclass(frozen=True)
class Check:
    """One check by emoji, over for whoever took part."""

    told: str  # to whoever was checked
    heard: object
    rows: object
    person: Person
    signed: frozenset[tuple[str, str]]


@pytest.mark.parametrize("chapter", EMOJI_CHECKS, ids=lambda chapter: chapter.name)
async def test_dying_in_a_check_by_emoji_verifies_nobody_uncompared_and_leaves_nobody_waiting(
    chapter: Chapter, tmp_path: Path
) -> None:
    fate = Fate()
    expected = await ends_honestly(chapter, tmp_path / "undisturbed", fate)
    cut_off = 0
    for first in deaths(fate.acted):
        once = Fate(first)
        check = await ends_honestly(chapter, tmp_path / str(first), once, expected)
        cut_off += check.heard != expected.heard
        for second in range(first + 1, once.next_rest(first) + 1) if ALL else ():
            await ends_honestly(chapter, tmp_path / f"{first}-{second}", Fate(first, second), expected)
    assert cut_off, "no death came in the middle of it"


async def ends_honestly(chapter: Chapter, directory: Path, fate: Fate, expected: Check | None = None) -> Check:
    life = Life(directory, await beginning(chapter), fate)
    try:
        async with life.awake():
            before = await who_is_checked(life.people)
            check = await checked(chapter, life)
            fate.acted = len(fate.steps)
            assert life.deaths == len(fate.deadly)
            if expected is not None and check.heard != expected.heard:
                await nothing_came_of(check, before, life.people)
                again = await checked(chapter, life)
                assert (again.told, again.signed) == (expected.told, expected.signed)
            elif expected is not None:
                assert (check.rows, check.signed) == (expected.rows, expected.signed)
            await time_goes_by(life)
            await by_a_person_and_over(life.people.practice)
            await everything_is_accounted_for(life.people.practice, directory)
            assert tuple(image.state for image in await life.people.practice.images()) == chapter.ends
        return check
    except BaseException as failure:
        failure.add_note(f"{chapter.name}, died {fate.died_at()}")
        raise
    finally:
        shutil.rmtree(directory)


async def checked(chapter: Chapter, life: Life) -> Check:
    """The chapter, and the time after which nobody waits any more: exactly one word of how it ended was said."""
    before = len(life.people.sam.heard)
    for act in chapter.acts:
        await life.lives_through(act)
    await life.later(minutes=11)
    people = life.people
    [told] = [line for line in people.sam.heard[before:] if line in (VERIFIED, DIFFERENT, ENDED)]
    rows = await who_has_what(people.practice)
    signed = frozenset(people.practice.homeserver.signed)
    return Check(told, who_heard_what(people.practice), rows, await who_is_checked(people), signed)


async def nothing_came_of(check: Check, before: Person, people: Staffed) -> None:
    """A death cut it off: all is as it was before, and also the manager hears so who had compared already."""
    same = ("identity", "standing", "verified_at")
    assert [getattr(check.person, one) for one in same] == [getattr(before, one) for one in same]
    assert check.told == ENDED and not check.signed
    assert not await people.practice.audited("verification.different"), "a no is told as one, whatever came after"
    not_finished = people.kim.heard.count(words.not_finished(before.name, before.account))
    assert not_finished == await people.practice.audited("verification.same")


async def by_a_person_and_over(practice: Practice) -> None:
    verified, same = await practice.audited("person.verified"), await practice.audited("verification.same")
    assert verified <= same and len(set(practice.homeserver.signed)) == verified
    async with practice.journal.reading() as rows:
        assert not await rows.verifications.find() and not await rows.choices.find(about="compare-emoji", used_at=None)


async def who_is_checked(people: Staffed) -> Person:
    async with people.practice.journal.reading() as rows:
        found = await rows.people.first(account=people.sam.account)
    assert found is not None
    return found
