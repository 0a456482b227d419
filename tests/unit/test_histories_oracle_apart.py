"""The oracle of the histories: one parent reads nothing of what the other wrote or was told, unless it was chosen (R33a)."""

import pytest

from tests.histories import observed as o
from tests.histories.story import ANN, LEE, MIAS, RITA, SAM, SAMS, Story


@pytest.fixture
def story() -> Story:
    """Begin with two parents of Mia's, of whom neither was told of the other."""
    told = Story()
    for parent in (ANN, RITA):
        told.link(parent, MIAS, "PARENT")
    return told


@pytest.fixture
def photo(story: Story) -> o.Photo:
    """Have one of them send a picture with words."""
    return story.photo(ANN, MIAS, caption=o.Nonce("reason1"))


def test_the_other_parent_is_shown_the_picture_and_not_the_words_it_came_with(story: Story, photo: o.Photo) -> None:
    assert story.hear(RITA, pictures=[photo]) == []
    assert story.hear(RITA, "for Mia's care, “reason1”", [photo]) == ["R33a"]
    assert story.hear(ANN, "for Mia's care, “reason1”", [photo]) == []


def test_the_other_parent_does_not_read_what_one_wrote_also_not_in_what_they_asked_for(
    story: Story, photo: o.Photo
) -> None:
    words = story.say(ANN, "WORDS", photo)
    assert story.hear(RITA, words) == ["R33a"]
    story.take(o.AskedForTheirs(at=story.at, account=RITA))
    assert story.hear(RITA, f"your copy: {words}") == ["R33a"]


def test_nor_words_about_no_picture(story: Story) -> None:
    assert story.hear(RITA, story.say(ANN, "WORDS")) == ["R33a"]


def test_nor_what_one_was_told_unless_their_own_name_was_tapped(story: Story, photo: o.Photo) -> None:
    reply = story.say(LEE, "REPLY", photo)
    assert story.hear(ANN, reply) == []
    story.take(o.AskedForTheirs(at=story.at, account=RITA))
    assert story.hear(RITA, f"your copy: {reply}") == ["R33a"]
    asked, _ = story.say_to(LEE, "Who shall hear it?", taps=True)
    story.tap(LEE, asked, "Rita Vale", yes=True)
    assert story.hear(RITA, reply) == []


def test_a_reply_that_nobody_was_told_stands_in_what_either_asks_for(story: Story, photo: o.Photo) -> None:
    reply = story.say(LEE, "REPLY", photo)
    story.take(o.AskedForTheirs(at=story.at, account=RITA))
    assert story.hear(RITA, f"your copy: {reply}") == []


def test_who_was_told_of_the_other_reads_their_words_and_not_the_other_way_round() -> None:
    story = Story()
    story.link(RITA, MIAS, "PARENT")
    story.link(ANN, MIAS, "PARENT", tell=True)
    anns, ritas = (story.say(parent, "WORDS", story.photo(parent, MIAS)) for parent in (ANN, RITA))
    assert story.hear(RITA, anns) == []
    assert story.hear(ANN, ritas) == ["R33a"]


def test_a_decision_maker_who_came_later_is_news_to_the_patient_and_the_patient_is_none_to_them() -> None:
    story = Story()
    story.link(SAM, SAMS)
    sams = story.say(SAM, "WORDS", story.photo(SAM, SAMS))
    story.link(RITA, SAMS, "DECISION_MAKER")
    story.second(LEE, RITA)
    ritas = story.say(RITA, "WORDS", story.photo(RITA, SAMS))
    assert story.hear(SAM, ritas) == ["R33a"]
    assert story.hear(RITA, sams) == []
