"""The oracle of the histories: who sent or answered stands in the record under the name the practice has for them (R14, R28)."""

import pytest

from tests.histories import observed as o
from tests.histories.story import ANN, ANNS, CHEN, DERM, KIM, LEE, MAY, MIAS, NAMES, RITA, SAM, SAMS, Story

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


def test_who_wrote_a_code_that_was_over_is_not(story: Story) -> None:
    code = story.invite(RITA, ANNS)
    story.wait(days=90)
    story.redeem(code, RITA)
    assert moved(story, RITA) == ["R15"]


def test_who_has_the_account_next_is_not(story: Story) -> None:
    story.link(RITA, ANNS)
    story.take(o.Held(at=story.at, account=RITA, person=o.Person("Another"), name="Another"))
    assert moved(story, RITA) == ["R15"]


@pytest.mark.parametrize("as_patient", [False, True])
def test_who_works_here_is_not_and_keeps_their_name(story: Story, as_patient: bool) -> None:
    story.link(LEE, ANNS)
    story.second(MAY, LEE)
    assert moved(story, LEE, as_patient=as_patient) == ["R33"]


def test_who_left_and_comes_back_with_the_patients_own_code_is(story: Story) -> None:
    story.take(o.StaffLeft(at=story.at, account=CHEN))
    story.link(CHEN, ANNS)
    assert moved(story, CHEN, as_patient=True) == []


def test_who_speaks_for_somebody_else_too_answers_for_both_under_that_name(story: Story) -> None:
    story.link(RITA, ANNS)
    assert story.file(SAMS, SENT_BY_ANN) == ["R15"]
    story.link(RITA, SAMS)
    assert story.file(SAMS, SENT_BY_ANN) == []
    story.take(o.PhoneLost(at=story.at, account=RITA))
    assert story.file(SAMS, SENT_BY_ANN) == []  # what they stop now goes to the practice (R28a)
    story.take(o.Held(at=story.at, account=RITA, person=o.Person("Another"), name="Another"))
    assert story.file(SAMS, SENT_BY_ANN) == ["R15"]


def test_who_does_not_speak_for_that_patient_stands_nowhere_in_their_record(story: Story) -> None:
    story.link(RITA, ANNS)
    story.link(RITA, SAMS, "GROWN_CHILD")
    assert story.file(SAMS, SENT_BY_ANN) == ["R15"]


class TestWhoWorkedHereOnce:
    """Who is both staff and patient says at each sending as whom; who left is no staff any more (Who may answer, R31)."""

    def test_who_left_sends_as_the_patient_they_are_now(self, story: Story) -> None:
        story.take(o.StaffLeft(at=story.at, account=DERM))
        story.link(DERM, ANNS)
        assert story.file(ANNS, pictures=[story.photo(DERM)]) == []
        assert story.file(SAMS, pictures=[story.photo(DERM)]) == ["R30"]

    def test_who_left_and_is_nobody_sends_for_nobody(self, story: Story) -> None:
        story.take(o.StaffLeft(at=story.at, account=DERM))
        assert story.file(ANNS, pictures=[story.photo(DERM)]) == ["R30"]

    def test_who_is_still_a_colleague_sends_as_one_unless_they_say_otherwise(self, story: Story) -> None:
        story.link(DERM, ANNS)
        assert story.file(ANNS, pictures=[story.photo(DERM)]) == ["R15"]
        assert story.file(ANNS, pictures=[story.photo(DERM, as_patient=True)]) == []

    def test_who_works_here_again_sends_as_staff(self, story: Story) -> None:
        story.take(o.StaffLeft(at=story.at, account=DERM))
        story.link(DERM, ANNS)
        story.take(o.Hired(at=story.at, account=DERM, role=o.Role.OUTSIDE))
        assert story.file(ANNS, pictures=[story.photo(DERM)]) == ["R15"]
