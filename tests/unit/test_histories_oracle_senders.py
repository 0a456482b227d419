"""The oracle of the histories: who sent a picture stands in its record under the name the practice has for them (R14, R28)."""

import pytest

from tests.histories import observed as o
from tests.histories.story import ANN, ANNS, CHEN, KIM, LEE, MAY, MIAS, NAMES, RITA, SAM, SAMS, Story

SENT_BY_ANN = f"{NAMES[ANN]} (self)"


@pytest.fixture
def story() -> Story:
    """Begin with Sam."""
    told = Story()
    told.link(SAM, SAMS)
    return told


def moved(story: Story, account: o.Account, *, as_patient: bool = False) -> list[str]:
    """Have what somebody sent for Ann's record moved to Sam's, and say there that Ann Burke sent it."""
    photo = story.photo(account, as_patient=as_patient)
    assert story.refile(photo, ANNS) == []
    story.take(o.Placed(at=story.at, by=KIM, photo=photo, mrn=SAMS))
    return story.file(SAMS, SENT_BY_ANN, [photo])


def test_who_has_the_patients_own_code_is_called_as_the_patient(story: Story) -> None:
    story.link(RITA, ANNS)
    assert moved(story, RITA) == []
    assert story.file(MIAS, SENT_BY_ANN) == ["R15"]  # where nothing of theirs is


def test_who_answers_for_the_patient_is_not(story: Story) -> None:
    story.link(RITA, ANNS, "DECISION_MAKER")
    story.second(CHEN, RITA)
    assert moved(story, RITA) == ["R15"]


def test_who_had_no_code_when_they_sent_it_is_not(story: Story) -> None:
    photo = story.photo(RITA)
    story.link(RITA, ANNS)
    story.take(o.Placed(at=story.at, by=KIM, photo=photo, mrn=SAMS))
    assert story.file(SAMS, SENT_BY_ANN, [photo]) == ["R15"]


def test_who_wrote_a_code_they_made_is_not(story: Story) -> None:
    story.link(MAY, ANNS, by=MAY)
    assert moved(story, MAY, as_patient=True) == ["R33"]


def test_who_works_here_is_only_with_a_second_person_and_in_what_they_sent_as_that_patient(story: Story) -> None:
    story.link(LEE, ANNS)
    assert moved(story, LEE, as_patient=True) == ["R33"]
    story.second(MAY, LEE)
    assert moved(story, LEE) == ["R33"]
    assert moved(story, LEE, as_patient=True) == []
