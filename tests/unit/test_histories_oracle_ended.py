"""The oracle of the histories: who answers no more, who never did, and what may stand of what they did (R15, R29 to R31)."""

import pytest

from tests.histories import observed as o
from tests.histories.story import ANN, ANNS, DERM, KIM, LEE, MAY, MIAS, NAMES, RITA, SAM, SAMS, Story


@pytest.fixture
def story() -> Story:
    """Begin with a practice, and Rita with an account that answers as Ann herself."""
    told = Story()
    told.link(RITA, ANNS)
    return told


def ends(story: Story, by: o.Account = MAY, told: bool = False, mrn: o.Mrn = ANNS) -> None:
    story.take(o.LinkEnded(at=story.at, by=by, account=RITA, mrn=mrn, told=told))


def never(story: Story, by: o.Account = MAY, relation: o.Relation | None = o.Relation.SELF) -> None:
    mrn = None if by == RITA else ANNS
    story.take(o.NeverTheirs(at=story.at, by=by, account=RITA, mrn=mrn, relation=None if by == RITA else relation))


def sent(story: Story) -> o.Photo:
    photo = story.photo(RITA, ANNS)
    story.take(o.Referenced(at=story.at, photo=photo, ref="IMG-1"))
    return photo


class TestNoMore:
    """Staff said that an account answers for a patient no more."""

    def test_R29_they_hear_no_more_and_may_be_told_so_once(self, story: Story) -> None:
        photo = sent(story)
        assert story.hear(RITA, "your copy", [photo]) == []
        ends(story, told=True)
        assert story.hear(RITA, f"You answer for {NAMES[ANN]} no more.") == []
        assert story.hear(RITA, "your copy", [photo]) == ["R29"]
        story.say(LEE, "NOTE")
        assert story.hear(RITA, f"About {NAMES[ANN]}.") != []

    def test_who_was_let_in_and_may_not_answer_is_told_so_too(self, story: Story) -> None:
        code = story.invite(RITA, SAMS, "DECISION_MAKER")
        story.take(o.BirthdayWritten(at=story.at, code=code, account=RITA, right=True))
        story.redeem(code, RITA)
        ends(story, told=True, mrn=SAMS)
        assert story.hear(RITA, f"You answer for {NAMES[SAM]} no more.") == []
        story.say(LEE, "NOTE")
        assert story.hear(RITA, f"About {NAMES[SAM]}.") != []

    def test_R33a_they_are_not_told_where_that_was_not_chosen(self, story: Story) -> None:
        ends(story)
        assert story.hear(RITA, f"You answer for {NAMES[ANN]} no more.") != []

    @pytest.mark.parametrize("by", [KIM, LEE])
    def test_only_a_manager_ends_it(self, story: Story, by: o.Account) -> None:
        photo = sent(story)
        ends(story, by)
        assert story.hear(RITA, "your copy", [photo]) == []

    def test_R33_nor_one_who_speaks_for_the_patient(self, story: Story) -> None:
        photo = sent(story)
        story.link(MAY, ANNS)
        story.second(LEE, MAY)
        ends(story, MAY)
        assert story.hear(RITA, "your copy", [photo]) == []

    def test_R31_what_they_agreed_to_themselves_stands(self, story: Story) -> None:
        photo = sent(story)
        story.answer(RITA, story.ask(photo), yes=True)
        ends(story)
        assert story.hear(DERM, "shown", [photo]) == []

    def test_R31_what_they_agreed_to_for_somebody_else_does_not_nor_once_they_are_linked_anew(
        self, story: Story
    ) -> None:
        story.link(RITA, MIAS, "PARENT")
        photo = story.photo(SAM)
        story.refile(photo, MIAS)
        nonce = story.ask(photo, purpose="research")
        story.answer(RITA, nonce, yes=True)
        assert "R31" not in story.hear(DERM, "shown", [photo])
        ends(story, mrn=MIAS)
        assert "R31" in story.hear(DERM, "shown again", [photo])
        story.link(RITA, MIAS, "PARENT")
        assert "R31" in story.hear(DERM, "and again", [photo])


class TestNever:
    """A code had reached the wrong person."""

    @pytest.mark.parametrize("by", [MAY, RITA])
    def test_R15_they_hear_of_their_own_sending_and_of_nothing_else(self, story: Story, by: o.Account) -> None:
        photo = sent(story)
        never(story, by)
        assert story.hear(RITA, "IMG-1 is not kept.") == []
        assert set(story.hear(RITA, "your copy", [photo])) == {"R15"}
        assert story.hear(RITA, f"About {NAMES[ANN]}.") != []

    @pytest.mark.parametrize("by", [KIM, LEE])
    def test_only_a_manager_says_it_of_somebody_else(self, story: Story, by: o.Account) -> None:
        photo = sent(story)
        never(story, by)
        assert story.hear(RITA, "your copy", [photo]) == []

    def test_R30_sending_implied_nothing_also_once_it_is_settled_and_they_are_let_in_rightly(
        self, story: Story
    ) -> None:
        photo = sent(story)
        story.attest(story.ask(photo, purpose="advice"))
        assert story.hear(DERM, "for advice", [photo]) == []
        never(story)
        story.link(RITA, ANNS)
        story.take(o.Kept(at=story.at, by=LEE, photo=photo))
        story.attest(story.ask(photo, purpose="advice"))
        assert "R30" in story.hear(DERM, "for advice", [photo])

    def test_R31_their_yes_counts_for_nothing(self, story: Story) -> None:
        photo = story.photo(SAM)
        story.refile(photo, ANNS)
        nonce = story.ask(photo)
        story.answer(RITA, nonce, yes=True)
        assert "R31" not in story.hear(DERM, "shown", [photo])
        never(story)
        assert "R31" in story.hear(DERM, "shown again", [photo])

    def test_R25_who_got_it_hears_that_it_counts_no_more(self, story: Story) -> None:
        photo = sent(story)
        story.answer(RITA, story.ask(photo), yes=True)
        assert story.hear(DERM, "shown", [photo]) == []
        never(story)
        assert story.hear(DERM, "Please delete IMG-1.") == []

    def test_R15_nobody_hears_of_what_they_sent_before_it_is_settled_whose_it_is(self, story: Story) -> None:
        story.link(ANN, ANNS)
        story.second(LEE, ANN)
        photo = sent(story)
        assert story.hear(ANN, "your copy", [photo]) == []
        never(story)
        assert story.hear(ANN, "your copy", [photo]) == ["R15"]
        story.take(o.Kept(at=story.at, by=LEE, photo=photo))
        assert story.hear(ANN, "your copy", [photo]) == []

    def test_what_they_are_besides_stays(self, story: Story) -> None:
        story.link(RITA, ANNS, "DECISION_MAKER")
        story.second(LEE, RITA)
        photo = sent(story)
        never(story)
        assert story.hear(RITA, "your copy", [photo]) == []

    def test_what_they_were_let_in_for_rightly_since_stays(self, story: Story) -> None:
        never(story)
        story.link(RITA, ANNS)
        assert story.hear(RITA, "your copy", [sent(story)]) == []

    def test_R15_nothing_is_filed_any_more_at_their_word(self, story: Story) -> None:
        photo = story.photo(RITA)
        never(story)
        assert story.file(ANNS, pictures=[photo]) == ["R15"]

    def test_R15_what_they_let_in_is_held_again_until_it_is_settled(self, story: Story) -> None:
        """Sam, Ann's grown-up son, sent it; Rita was taken for Ann."""
        story.link(ANN, ANNS)
        story.second(LEE, ANN)
        story.link(SAM, ANNS, "GROWN_CHILD")
        photo = story.photo(SAM)
        story.take(o.Referenced(at=story.at, photo=photo, ref="IMG-2"))
        story.tap(RITA, story.say_to(RITA, "May IMG-2 be kept?", taps=True)[0], "Yes", yes=True)
        assert story.file(ANNS, pictures=[photo]) == []
        assert story.hear(ANN, "your copy", [photo]) == []
        never(story)
        assert story.hear(ANN, "your copy", [photo]) == ["R15"]
        story.take(o.Kept(at=story.at, by=LEE, photo=photo))
        assert story.hear(ANN, "your copy", [photo]) == []

    def test_R33_they_opened_nothing_as_the_patient(self, story: Story) -> None:
        photo = story.photo(RITA, ANNS)
        story.link(SAM, ANNS, tell=True)
        story.tap(RITA, story.say_to(RITA, f"May {NAMES[SAM]} see what is older?", taps=True)[0], "Yes", yes=True)
        story.refile(story.photo(SAM, SAMS), ANNS)
        assert story.hear(SAM, "your copy", [photo]) == []
        never(story)
        story.take(o.Kept(at=story.at, by=LEE, photo=photo))
        assert story.hear(SAM, "your copy", [photo]) == ["R33"]


def test_R33_what_somebody_set_out_to_do_themselves_is_no_second_persons_yes(story: Story) -> None:
    """Dr Lee taps that Sam is to be the patient's decision maker no more, or that Sam has died: that confirms nobody."""
    story.link(SAM, ANNS, "DECISION_MAKER")
    photo = story.photo(SAM, ANNS)
    story.take(o.Commanded(at=story.at, account=LEE))
    story.second(LEE, SAM)
    assert "R33" in story.hear(SAM, "your copy", [photo])
    story.take(o.SetOutToConfirm(at=story.at, account=LEE))
    story.second(LEE, SAM)
    assert story.hear(SAM, "your copy", [photo]) == []
