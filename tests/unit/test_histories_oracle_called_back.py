"""The oracle of the histories: a reply that is said to be called back stands nowhere, and whom it reached hears so (R25)."""

import pytest

from tests.histories import observed as o
from tests.histories.story import LEE, SAM, SAMS, Story

CREAM = o.Nonce("word1x")


@pytest.fixture
def story() -> Story:
    """Begin with a photo of Sam's, and a reply about it that he read."""
    told = Story()
    told.link(SAM, SAMS)
    photo = told.photo(SAM, SAMS)
    told.take(o.Referenced(at=told.at, photo=photo, ref="IMG-1"))
    told.take(o.Said(at=told.at, account=LEE, nonce=CREAM, manner=o.Manner.REPLY, photo=photo))
    assert told.hear(SAM, f"Dr Lee about IMG-1: {CREAM}") == []
    return told


def called_back(story: Story, standing: set[str], told: set[o.Account]) -> list[str]:
    called = o.CalledBack(at=story.at, nonce=CREAM, standing=frozenset(standing), told=frozenset(told))
    return [violation.rule for violation in story.oracle.take(called)]


def reply_event(story: Story) -> str:
    return [seen.event_id for seen in story.oracle.history.events if isinstance(seen, o.Delivered)][-1]


def test_R25_what_is_called_back_stands_nowhere_and_its_reader_is_told(story: Story) -> None:
    assert called_back(story, set(), {SAM}) == []


def test_R25_what_is_said_to_be_called_back_and_stands_is_a_fault(story: Story) -> None:
    assert called_back(story, {reply_event(story)}, {SAM}) == ["R25"]


def test_R25_whom_it_reached_and_nobody_told_is_a_fault_unless_nothing_may_reach_them(story: Story) -> None:
    assert called_back(story, set(), set()) == ["R25"]
    story.take(o.PhoneLost(at=story.at, account=SAM))
    assert called_back(story, set(), set()) == []


def test_R25_what_was_called_back_reaches_nobody_again(story: Story) -> None:
    called_back(story, set(), {SAM})
    assert story.hear(SAM, f"your copy: {CREAM}") == ["R25"]
