"""The oracle of the histories: words that name no picture are about one of the patient under whom they were filed (R29)."""

import pytest

from tests.histories import observed as o
from tests.histories.story import ANN, ANNS, MIA, MIAS, RITA, SAM, SAMS, Story


@pytest.fixture
def story() -> Story:
    """Begin with Sam, and with two parents of Mia's, of whom one was told of the other."""
    told = Story()
    told.link(SAM, SAMS)
    told.link(RITA, MIAS, "PARENT")
    told.link(ANN, MIAS, "PARENT", tell=True)
    return told


@pytest.fixture
def kept(story: Story) -> o.Photo:
    """Have a parent send a picture that is Mia's, and stays hers."""
    return story.photo(ANN, MIAS)


@pytest.fixture
def words(story: Story, kept: o.Photo) -> o.Nonce:
    """Have the parent write after their newest picture proved to be Sam's; it is guessed that they mean that one."""
    moved = story.photo(ANN, MIAS)
    story.refile(moved, SAMS)
    return story.say(ANN, "WORDS", moved)


def test_filed_under_the_child_they_reach_the_other_parent_and_not_whose_picture_was_guessed(
    story: Story, words: o.Nonce
) -> None:
    assert story.file(MIAS, words) == []
    assert story.hear(RITA, words) == []
    assert story.hear(SAM, words) == ["R29"]


def test_filed_under_the_author_they_do_not_reach_who_speaks_for_the_child(story: Story, words: o.Nonce) -> None:
    story.link(ANN, ANNS)
    story.photo(ANN, ANNS)
    assert story.file(ANNS, words) == []
    assert story.hear(RITA, words) == ["R29"]


def test_filed_under_somebody_their_author_does_not_speak_for_they_are_still_about_that_picture(
    story: Story, words: o.Nonce
) -> None:
    assert story.file(SAMS, words) == ["R29"]
    assert story.hear(RITA, words) == ["R29"]


def test_not_filed_they_are_still_about_that_picture(story: Story, words: o.Nonce) -> None:
    assert story.hear(RITA, words) == ["R29"]


def test_filed_before_their_picture_moved_they_are_about_it_wherever_it_is(story: Story, kept: o.Photo) -> None:
    photo = story.photo(ANN, MIAS)
    words = story.say(ANN, "WORDS", photo)
    assert story.file(MIAS, words) == []
    assert story.hear(RITA, words) == []
    story.refile(photo, SAMS)
    assert story.hear(RITA, words) == ["R29"]


def test_they_are_closed_once_every_picture_they_can_be_about_is_somebody_elses(
    story: Story, kept: o.Photo, words: o.Nonce
) -> None:
    story.file(MIAS, words)
    story.refile(kept, SAMS)
    assert story.hear(RITA, words) == ["R29"]


def test_they_are_closed_to_who_speaks_for_the_child_only_since(story: Story, words: o.Nonce) -> None:
    story.file(MIAS, words)
    story.link(SAM, MIAS, "GUARDIAN")
    assert story.hear(SAM, words) == ["R33"]


def test_a_minors_own_stay_closed_to_a_parent(story: Story) -> None:
    story.link(MIA, MIAS)
    story.photo(ANN, MIAS)
    moved = story.photo(MIA, MIAS)
    story.refile(moved, SAMS)
    words = story.say(MIA, "WORDS", moved)
    assert story.file(MIAS, words) == []
    assert story.hear(ANN, words) == ["R33a"]
    assert story.hear(MIA, words) == []


def test_a_parents_are_about_no_picture_of_the_minors_own(story: Story) -> None:
    story.link(MIA, MIAS)
    story.photo(MIA, MIAS)
    moved = story.photo(ANN, MIAS)
    story.refile(moved, SAMS)
    words = story.say(ANN, "WORDS", moved)
    assert story.file(MIAS, words) == []
    assert story.hear(RITA, words) == ["R29"]
