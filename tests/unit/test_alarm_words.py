"""Alarm words in what a patient writes bring the emergency sentence at once, and change nothing else (R34)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.conversation import Open
from bot.domain.image import State
from bot.heard.alarm import alarm_words
from bot.heard.alarm_signs import PAIRS
from bot.heard.patient import Written, hear
from tests.practice import POLICY, staffed_practice

ALARM = "my lips are swelling and I cant breathe"
SENTENCE = POLICY.emergency_text


async def test_R34_the_sentence_comes_first_and_the_words_are_filed_and_stand_in_the_teams_line(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo()
        before = len(people.sam.heard)
        await people.sam.writes(ALARM)
        image = await people.practice.only_image()
        assert (image.state, image.reason) == (State.VERIFIED, ALARM)
        said = people.sam.heard[before:]
        assert said[0] == SENTENCE and image.ref in said[1]
        assert ALARM in "\n".join(people.practice.seen_in(await people.practice.practice_room()))


async def test_R34_as_an_answer_the_words_reach_the_team_in_a_message_of_their_own(tmp_path: Path) -> None:
    """The line of the announcement is brought up to date, which rings nobody."""
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo()
        await people.sam.writes(ALARM)
        team = people.practice.posts_in(await people.practice.practice_room())
        assert [post for post in team if ALARM in post.body and "m.new_content" not in post.content]
        assert (await people.practice.only_image()).ref in team[-1].body


async def test_R34_in_a_caption_too(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo(caption=ALARM)
        assert people.sam.heard.index(SENTENCE) < len(people.sam.heard) - 1
        assert (await people.practice.only_image()).reason == ALARM


async def test_R34_also_where_the_rest_is_refused(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo(caption="a rash")
        before = len(people.sam.heard)
        await people.sam.writes("IMG-2222 I can't breathe")
        first, second = people.sam.heard[before:]
        assert first == SENTENCE and "I don't know IMG-2222" in second


async def test_R34_words_that_the_practice_added_count_and_their_denial_does_too(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path, replace(POLICY, alarm_words=("pump alarm",))) as people:
        await people.sam.sends_photo(caption="The PUMP, alarm is on")
        assert SENTENCE not in people.sam.heard
        await people.sam.writes("the Pump alarm is on again")
        assert SENTENCE in people.sam.heard


@pytest.mark.parametrize("words", ["a rash on my arm", "no chest pain, just a rash"])
async def test_R34_other_words_bring_no_sentence(tmp_path: Path, words: str) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo()
        await people.sam.writes(words)
        assert SENTENCE not in people.sam.heard


async def test_R34_who_works_here_writes_of_emergencies_all_day(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.lee.writes(ALARM)
        assert SENTENCE not in people.lee.heard


async def test_R34_where_they_were_refused_the_team_reads_them_and_at_night_whoever_is_on_duty(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo(caption="a rash")
        at_night = people.practice.clock.now().replace(hour=23)
        people.practice.clock.move(at_night - people.practice.clock.now())
        words = "IMG-2222 I can't breathe"
        await people.sam.writes(words)
        team = people.practice.posts_in(await people.practice.practice_room())
        assert [post for post in team if words in post.body]
        assert words in "\n".join(people.lee.heard)


@pytest.mark.parametrize(
    "words", ["my code is wrong and I can't breathe", "help, chest pain and I can't breathe", "not me. can't breathe"]
)
async def test_R34_also_of_whoever_sent_no_photo_yet(tmp_path: Path, words: str) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.writes(words)
        team = people.practice.seen_in(await people.practice.practice_room())
        assert len([line for line in team if words in line and "@sam:hs.test" in line]) == 1


async def test_R34_words_that_reach_the_team_anyway_are_told_once(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo(caption="a rash")
        words = "the rash is worse and I can't breathe"
        await people.sam.writes(words)
        team = people.practice.seen_in(await people.practice.practice_room())
        assert len([line for line in team if words in line]) == 1


async def test_R34_words_that_a_photo_shows_somebody_else_and_a_correction_reach_the_team_as_well(
    tmp_path: Path,
) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo()
        image = await people.practice.only_image()
        right = f"correct {image.ref} chest pain and I can't breathe"
        await people.sam.writes(right)
        theirs = "not me, it's my mum, she has chest pain and can't breathe"
        await people.sam.sends_photo()
        await people.sam.writes(theirs)
        team = people.practice.posts_in(await people.practice.practice_room())
        anew = "\n".join(post.body for post in team if "m.new_content" not in post.content)
        assert right.removeprefix(f"correct {image.ref} ") in anew and theirs in anew


def _plain_words(half: str) -> list[str]:
    """Return the words of one half of a sign, each by itself; "swell" for "swell*"."""
    return [
        word.rstrip("*")
        for phrase in half.split("; ")
        if " " not in phrase
        for word in phrase.split("|")
        if word[0].isalpha()
    ]


@pytest.mark.parametrize("pair", PAIRS, ids=[first[:20] for first, _ in PAIRS])
def test_R34_what_is_said_with_an_apostrophe_is_heard_as_what_is_said_without(pair: tuple[str, str]) -> None:
    for first, second in (pair, pair[::-1]):
        for noun in _plain_words(first):
            for fails in _plain_words(second)[:2]:
                if alarm_words(f"my {noun} is {fails}"):
                    assert alarm_words(f"my {noun}'s {fails}") and alarm_words(f"My {noun}’s {fails}."), (noun, fails)


@pytest.mark.parametrize(
    "words", ["my throat's closing up", "my heart's racing", "Dad's collapsed", "her face’s drooping"]
)
@pytest.mark.parametrize("asked", [frozenset[Open](), *(frozenset({one}) for one in Open)])
def test_R34_an_apostrophe_hides_no_alarm_whatever_is_open(words: str, asked: frozenset[Open]) -> None:
    assert hear(Written(words, asked, photos=1)).alarm


@pytest.mark.parametrize("words", ["my throat's fine now", "my heart's fine", "Mia's arm", "the wound's edge is red"])
def test_what_is_well_is_no_alarm(words: str) -> None:
    assert alarm_words(words) == ()
