"""The oracle of the histories: what ended is over, for their own sending too, and does not come back by itself."""

import pytest

from tests.histories import observed as o
from tests.histories.story import ANN, ANNS, CHEN, DERM, KIM, LEE, MAY, MIA, MIAS, NAMES, RITA, SAM, SAMS, Story


@pytest.fixture
def story() -> Story:
    """Begin with a practice, and Sam with an account of his own."""
    told = Story()
    told.link(SAM, SAMS)
    return told


def sent(story: Story, account: o.Account, mrn: o.Mrn) -> o.Photo:
    photo = story.photo(account, mrn)
    story.take(o.Referenced(at=story.at, photo=photo, ref="IMG-1"))
    return photo


def test_R28a_after_a_death_nobody_who_answered_hears_even_of_what_they_sent(story: Story) -> None:
    sent(story, SAM, SAMS)
    assert story.hear(SAM, "I have your photo IMG-1.") == []
    story.take(o.Died(at=story.at, mrn=SAMS))
    assert story.hear(SAM, "It is about IMG-1 again.") == ["R28a"]


def test_R28_who_sent_what_shows_somebody_else_hears_of_their_sending_whoever_died(story: Story) -> None:
    photo = sent(story, SAM, SAMS)
    story.refile(photo, ANNS)
    story.take(o.Died(at=story.at, mrn=ANNS))
    assert story.hear(SAM, "IMG-1 was put right.") == []


def test_R28a_after_a_death_whom_no_code_let_in_still_hears_of_their_sending(story: Story) -> None:
    """They never answered for who died: their code was over when they wrote it."""
    code = story.invite(SAM, ANNS, "GROWN_CHILD")
    story.wait(days=90)
    story.redeem(code, SAM)
    photo = sent(story, SAM, SAMS)
    story.take(o.Died(at=story.at, mrn=ANNS))
    story.refile(photo, ANNS)
    assert story.hear(SAM, "Your copy held IMG-1, which is not yours.") == []


def test_R25_a_recall_reaches_who_has_it_in_a_copy_though_they_answered_for_who_died(story: Story) -> None:
    story.link(SAM, ANNS, "GROWN_CHILD")
    photo = sent(story, SAM, SAMS)
    story.take(o.AskedForTheirs(at=story.at, account=SAM))
    assert story.hear(SAM, "your copy", [photo]) == []
    story.take(o.Died(at=story.at, mrn=ANNS))
    story.refile(photo, ANNS)
    assert story.hear(SAM, "Your copy held IMG-1, which is not yours.") == []


def test_R28a_after_a_death_who_answered_and_has_no_copy_hears_nothing_of_what_was_moved_there(story: Story) -> None:
    story.link(SAM, ANNS, "GROWN_CHILD")
    photo = sent(story, SAM, SAMS)
    story.take(o.Died(at=story.at, mrn=ANNS))
    story.refile(photo, ANNS)
    assert story.hear(SAM, "We put right how IMG-1 is kept.") == ["R28a"]


@pytest.mark.parametrize("end", [o.PhoneLost, o.IdentityChanged])
def test_R28a_who_is_paused_hears_nothing_of_what_they_sent(
    story: Story, end: type[o.PhoneLost | o.IdentityChanged]
) -> None:
    sent(story, SAM, SAMS)
    story.take(end(at=story.at, account=SAM))
    assert story.hear(SAM, "I have your photo IMG-1.") == ["R28a"]
    story.take(o.Readmitted(at=story.at, account=SAM))
    assert story.hear(SAM, "I still have your photo IMG-1.") == []


class TestCapacity:
    """Who decides for somebody else, and until when."""

    @pytest.fixture
    def photo(self, story: Story) -> o.Photo:
        """Have Rita decide for Sam, rightly, and send a picture."""
        story.link(RITA, SAMS, "DECISION_MAKER")
        story.second(LEE, RITA)
        return story.photo(RITA, SAMS)

    def test_given_back_by_a_clinician_who_is_paused_it_is_not_back(self, story: Story, photo: o.Photo) -> None:
        story.take(o.PhoneLost(at=story.at, account=LEE))
        story.take(o.CapacityBack(at=story.at, mrn=SAMS, by=LEE))
        assert story.hear(RITA, story.say(LEE, photo=photo)) == []

    def test_given_back_by_no_clinician_it_is_not_back(self, story: Story, photo: o.Photo) -> None:
        story.take(o.CapacityBack(at=story.at, mrn=SAMS, by=KIM))
        assert story.hear(RITA, story.say(LEE, photo=photo)) == []

    def test_who_decided_before_does_not_decide_again_when_somebody_else_does(
        self, story: Story, photo: o.Photo
    ) -> None:
        story.take(o.CapacityBack(at=story.at, mrn=SAMS, by=LEE))
        story.link(ANN, SAMS, "DECISION_MAKER")
        story.second(LEE, ANN)
        assert "R29" in story.hear(RITA, story.say(LEE, photo=photo))
        theirs = story.photo(ANN, SAMS)
        assert story.hear(ANN, story.say(LEE, photo=theirs)) == []

    def test_beside_who_decides_already_somebody_else_needs_a_second_person_but_no_clinician(
        self, story: Story, photo: o.Photo
    ) -> None:
        """No capacity is taken by it (R33)."""
        story.link(ANN, SAMS, "DECISION_MAKER")
        story.second(MAY, ANN)
        theirs = story.photo(ANN, SAMS)
        assert story.hear(ANN, story.say(LEE, photo=theirs)) == []


def test_R33a_who_was_told_of_somebody_may_read_their_account_whatever_else_they_are_invited_for(story: Story) -> None:
    story.link(ANN, SAMS, "GROWN_CHILD", tell=True)
    story.link(ANN, SAMS, "GROWN_CHILD", tell=False)
    assert story.hear(SAM, f"{ANN} got a copy.") == []


def test_R28a_what_somebody_asked_for_goes_on_where_a_colleague_took_it_over(story: Story) -> None:
    photo = story.photo(SAM, SAMS)
    story.answer(SAM, story.ask(photo, by=CHEN), yes=True)
    story.take(o.StaffLeft(at=story.at, account=CHEN, to=LEE))
    assert story.hear(DERM, "shown", [photo]) == []
    story.take(o.PhoneLost(at=story.at, account=LEE))
    assert story.hear(DERM, "shown again", [photo]) == ["R28a"]


def test_R24_what_somebody_was_told_stays_theirs_when_the_picture_proves_to_be_somebody_elses(story: Story) -> None:
    photo = story.photo(SAM, SAMS)
    nonce = story.say(LEE, photo=photo)
    assert story.hear(SAM, nonce) == []
    story.refile(photo, ANNS)
    assert story.hear(SAM, f"once more: {nonce}") == ["R29"]
    story.take(o.AskedForTheirs(at=story.at, account=SAM))
    assert story.hear(SAM, f"your copy: {nonce}") == []
    unheard = story.say(LEE, photo=photo)
    story.take(o.AskedForTheirs(at=story.at, account=SAM))
    assert story.hear(SAM, f"your copy: {unheard}") == ["R29"]


def test_R30_who_was_told_of_a_picture_hears_that_it_was_the_wrong_patients(story: Story) -> None:
    photo = sent(story, SAM, SAMS)
    assert story.answer(SAM, story.ask(photo), yes=True) == []
    assert story.hear(DERM, "Dr Lee asks you about IMG-1.") == []
    story.refile(photo, ANNS)
    assert story.hear(DERM, "IMG-1 had been filed for the wrong patient.") == []


def test_R25_who_read_of_a_picture_as_another_patients_hears_that_it_was_the_wrong_ones(story: Story) -> None:
    story.link(RITA, SAMS)
    photo = sent(story, SAM, SAMS)
    assert story.hear(RITA, "You may see IMG-1 in your list.") == []
    story.link(ANN, MIAS)
    story.refile(photo, ANNS)
    assert story.hear(RITA, "What you read about IMG-1 was in the wrong record.") == []
    assert "R29" in story.hear(ANN, "What you read about IMG-1 was in the wrong record."), "she had read nothing of it"
    assert "R29" in story.hear(RITA, "IMG-1", [photo]), "and nobody gets the picture by that"


def test_R30_who_holds_it_hears_so_too_if_a_code_of_theirs_for_its_patient_was_over(story: Story) -> None:
    """Such a code let nobody in; who holds nothing hears nothing by it."""
    story.link(RITA, SAMS)
    code = story.invite(SAM, ANNS, "GROWN_CHILD")
    story.wait(days=90)
    story.redeem(code, SAM)
    photo = sent(story, RITA, SAMS)
    assert story.hear(SAM, "your copy", [photo]) == []
    story.refile(photo, ANNS)
    assert story.hear(SAM, "IMG-1 had been filed for the wrong patient.") == []
    assert set(story.hear(SAM, "shown again", [photo])) == {"R29", "R33"}
    unheld = story.photo(RITA, ANNS)
    story.take(o.Referenced(at=story.at, photo=unheld, ref="IMG-2"))
    assert "R33" in story.hear(SAM, "IMG-2 had been filed for the wrong patient.")


def test_R31_a_picture_that_comes_with_the_words_of_one_request_is_judged_by_that_request(story: Story) -> None:
    photo = story.photo(SAM, SAMS)
    advice, lecture = story.ask(photo, purpose="advice"), story.ask(photo)
    story.attest(advice)
    story.answer(SAM, lecture, yes=False)
    assert story.hear(DERM, f"for advice: {advice}", [photo]) == []
    assert "R29a" in story.hear(DERM, f"for teaching: {lecture}", [photo])


def test_R24_a_copy_that_was_held_back_on_its_way_needs_no_tap_either(story: Story) -> None:
    story.link(ANN, SAMS, tell=True)
    nonce = story.say(LEE, photo=story.photo(SAM, SAMS))
    story.take(o.HeldBack(at=story.at, account=ANN))
    story.take(o.AskedForTheirs(at=story.at, account=ANN))
    story.say(LEE, "NOTE")
    story.take(o.LetThrough(at=story.at, account=ANN))
    story.take(o.ClockMoved(at=story.at))
    assert story.hear(ANN, f"your copy: {nonce}") == []
    story.say(LEE, "NOTE")
    assert story.hear(ANN, f"once more: {nonce}") == ["R29"]


def test_R24_what_somebody_was_asked_stays_theirs_to_ask_for_and_is_not_sent_unasked(story: Story) -> None:
    photo = story.photo(SAM, SAMS)
    nonce = story.ask(photo)
    assert story.answer(SAM, nonce, yes=True) == []
    story.refile(photo, ANNS)
    story.take(o.AskedForTheirs(at=story.at, account=SAM))
    assert story.hear(SAM, f"your copy: {nonce}") == []
    story.say(LEE, "NOTE")
    assert story.hear(SAM, f"by the way: {nonce}") == ["R29"]


def test_R24_whose_copy_is_a_tap_that_belongs_to_the_asking(story: Story) -> None:
    story.link(ANN, SAMS, tell=True)
    nonce = story.say(LEE, photo=story.photo(SAM, SAMS))
    story.take(o.AskedForTheirs(at=story.at, account=ANN))
    whose, _ = story.say_to(ANN, "Whose copy?", taps=True)
    story.say(LEE, "NOTE")
    other, _ = story.say_to(ANN, "Something else?", taps=True)
    story.tap(ANN, whose, "Mine")
    assert story.hear(ANN, f"your copy: {nonce}") == []
    story.tap(ANN, other, "Yes")
    assert story.hear(ANN, f"once more: {nonce}") == ["R29"]


def test_R29_whoever_answered_for_a_patient_who_leaves_is_told_for_whom_and_only_then(story: Story) -> None:
    story.link(RITA, MIAS, "PARENT")
    story.take(o.PatientLeft(at=story.at, mrn=MIAS))
    assert story.hear(RITA, f"You answer no more for {NAMES[MIA]}.") == []
    story.say(LEE, "NOTE")
    assert story.hear(RITA, f"About {NAMES[MIA]}.") != []


def test_R15_whoever_writes_a_code_and_the_right_birthday_reads_who_they_are_and_nobody_else_does(story: Story) -> None:
    code = o.Code("code-of-ann")
    story.take(o.Invited(at=story.at, code=code, by=KIM, mrn=SAMS, relation=o.Relation.DECISION_MAKER, name=NAMES[ANN]))
    story.take(o.CodeWritten(at=story.at, code=code, account=RITA))
    assert story.hear(RITA, f"You are {NAMES[ANN]}.") != []
    story.take(o.BirthdayWritten(at=story.at, code=code, account=RITA, right=False))
    assert story.hear(RITA, f"You are {NAMES[ANN]}.") != []
    story.take(o.BirthdayWritten(at=story.at, code=code, account=RITA, right=True))
    assert story.hear(RITA, f"You are {NAMES[ANN]}.") == []
    assert story.hear(MIA, f"You are {NAMES[ANN]}.") != []


def test_R15_after_three_wrong_birthdays_the_right_one_opens_nothing(story: Story) -> None:
    code = story.invite(RITA, SAMS, "GROWN_CHILD")
    photo = sent(story, SAM, SAMS)
    for right in (False, False, False, True):
        story.take(o.BirthdayWritten(at=story.at, code=code, account=RITA, right=right))
    assert story.hear(RITA, f"You answer for {NAMES[SAM]}.") != []
    story.redeem(code, RITA)
    assert "R15" in story.hear(RITA, "your copy", [photo])


def test_R28a_who_left_reads_back_the_reference_they_just_wrote_and_hears_nothing_else_of_it(story: Story) -> None:
    photo = story.photo(SAM, SAMS)
    story.take(o.Referenced(at=story.at, photo=photo, ref="IMG-2222"))
    story.take(o.StaffLeft(at=story.at, account=CHEN))
    story.link(CHEN, ANNS)
    assert story.hear(CHEN, "IMG-2222 is filed") == ["R28a"]
    story.ask(photo, by=CHEN)
    assert story.hear(CHEN, "I don't know IMG-2222") == []
    assert "R28a" in story.hear(CHEN, "here it is", [photo])
    story.say(LEE, photo=photo)
    assert story.hear(CHEN, "IMG-2222 has a reply") == ["R28a"]
