"""Somebody with a right code and a right birthday who says that they are not who they were taken for (R15, R33)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.people import Standing
from bot.heard.whose import says_not_me
from bot.words import greetings, to_the_team
from tests.practice import POLICY, staffed_practice

MIA = '!enrol patient 20003 "Mia Patel" 2015-12-01 parent "Ann Patel"'


async def test_R15_not_me_ends_what_the_code_gave_and_takes_the_names_back(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice = people.practice
        ann = await people.kim.joins_as("@ann:hs.test", "Ann", MIA)
        named = [post for post in practice.posts_in(ann.own_room) if "Mia Patel" in post.body]
        assert named
        await ann.writes("That's not me!")
        assert all(post.event_id in practice.homeserver.redacted for post in named)
        assert ann.last_heard == greetings.not_you_after_all.english(POLICY.practice)
        assert to_the_team.NOT_THEM in practice.seen_in(await practice.practice_room())
        async with practice.journal.reading() as rows:
            person = await rows.people.holder(ann.account)
            held = await rows.authorities.of_person(person.id) if person else []
        assert person is not None and person.standing is Standing.LEFT
        assert held and not any(authority.holds_on(practice.clock.now().date()) for authority in held)
        assert all(authority.never_theirs for authority in held), "nothing they said as the parent counts (R31)"
        await ann.sends_photo(caption="rash")
        assert await practice.images() == [], "and nothing is kept of them any more (R6)"


async def test_after_the_first_photo_the_same_words_are_about_a_photo(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        ann = await people.kim.joins_as("@ann:hs.test", "Ann", MIA)
        await ann.sends_photo(caption="rash")
        await ann.writes("not me")
        async with people.practice.journal.reading() as rows:
            person = await rows.people.holder(ann.account)
        assert person is not None and person.standing is Standing.ACTIVE
        assert await people.practice.audited("person.not-me") == 0


@pytest.mark.parametrize(
    ("words", "so"),
    [
        ("not me", True),
        ("No, that is not me.", True),
        ("it isn\u2019t me", True),
        ("that's the wrong person!", True),
        ("not me, my neighbour", False),
        ("I am not me today", False),
        ("notme@example.org", False),
        ("", False),
    ],
)
def test_only_these_words_alone_are_heard_as_it(words: str, so: bool) -> None:
    assert says_not_me(words) is so
