"""The oracle of the histories on what leaves: agreed to, whole, by the right person, for this (R7 to R13, R29a to R33)."""

from datetime import timedelta

import pytest

from tests.histories import observed as o
from tests.histories.story import ANN, ANNS, CHEN, DERM, KIM, LEE, MAY, MIA, MIAS, NAMES, RITA, SAM, SAMS, Story


@pytest.fixture
def story() -> Story:
    """Begin with a practice, and Sam with an account of his own."""
    told = Story()
    told.link(SAM, SAMS)
    return told


class TestUses:
    """Rows 6 to 9: what leaves was agreed to, whole, by the right person, for this (R9, R29a to R33)."""

    def test_agreed_to_it_reaches_its_recipient_and_nobody_else(self, story: Story) -> None:
        photo = story.photo(SAM, SAMS)
        assert story.answer(SAM, story.ask(photo), yes=True) == []
        assert story.hear(DERM, "shown", [photo]) == []
        assert [released.account for released in story.oracle.released()] == [DERM]
        assert story.hear(ANN, "shown", [photo]) == ["R29"]

    @pytest.mark.parametrize("undone", [True, False])
    def test_R28a_what_was_asked_for_before_a_death_is_not_shown_once_that_is_undone(
        self, story: Story, undone: bool
    ) -> None:
        photo = story.photo(SAM, SAMS)
        story.answer(SAM, story.ask(photo), yes=True)
        if undone:
            story.take(o.Died(at=story.at, mrn=SAMS))
            story.take(o.DeathUndone(at=story.at, mrn=SAMS, by=MAY, second=LEE))
            story.link(SAM, SAMS)
        assert story.hear(DERM, "shown", [photo]) == (["R28a"] if undone else [])

    def test_R28a_what_was_asked_for_before_they_left_is_not_shown_once_they_are_back(self, story: Story) -> None:
        photo = story.photo(SAM, SAMS)
        story.answer(SAM, story.ask(photo), yes=True)
        story.take(o.PatientLeft(at=story.at, mrn=SAMS))
        story.link(SAM, SAMS)
        assert story.hear(DERM, "shown", [photo]) == ["R28a"]

    def test_not_agreed_to_it_reaches_nobody(self, story: Story) -> None:
        photo = story.photo(SAM, SAMS)
        assert story.hear(DERM, "shown", [photo]) == ["R9"]
        story.ask(photo)
        assert story.hear(DERM, "shown again", [photo]) == ["R9"]

    def test_one_parents_no_holds_though_the_other_says_yes(self, story: Story) -> None:
        story.link(ANN, MIAS, "PARENT")
        story.link(RITA, MIAS, "PARENT")
        photo = story.photo(ANN, MIAS)
        story.answer(ANN, story.ask(photo), yes=False)
        again = story.ask(photo)
        story.tap(LEE, story.say_to(LEE, "Who is asked?", taps=True)[0], NAMES[RITA])
        assert story.answer(RITA, again, yes=True) == []
        assert story.hear(DERM, "shown", [photo]) == ["R29a"]
        story.answer(ANN, again, yes=True)
        assert story.hear(DERM, "shown again", [photo]) == []

    def test_who_has_not_sent_it_is_asked_after_a_tap(self, story: Story) -> None:
        story.link(ANN, MIAS, "PARENT")
        story.link(RITA, MIAS, "PARENT")
        assert story.answer(RITA, story.ask(story.photo(ANN, MIAS)), yes=True) == ["R29"]

    def test_an_account_that_is_two_patients_own_is_tapped_by_the_name_of_the_one_it_is_about(
        self, story: Story
    ) -> None:
        story.link(RITA, SAMS, "DECISION_MAKER")
        story.second(CHEN, RITA)
        story.take(o.CapacityBack(at=story.at, mrn=SAMS, by=LEE))
        story.take(o.Held(at=story.at, account=RITA, person=o.Person(NAMES[RITA]), name="Fay Newman"))
        own, anns = o.Relation.SELF, o.Code("the patient's own")
        story.take(o.Invited(at=story.at, code=anns, by=KIM, mrn=ANNS, relation=own, name=NAMES[ANN]))
        story.redeem(anns, RITA)
        photo = story.photo(LEE, ANNS)
        story.file(ANNS, pictures=[photo])
        for label, broken in (("Rita Vale, the patient", ["R29"]), ("Ann Burke, here as Rita Vale", [])):
            asked = story.ask(photo)
            story.tap(LEE, story.say_to(LEE, "Who is asked?", taps=True)[0], label)
            assert story.answer(RITA, asked, yes=True) == broken

    def test_a_colleague_is_tapped_by_the_name_the_practice_let_them_in_by(self, story: Story) -> None:
        story.take(o.Held(at=story.at, account=DERM, person=o.Person("New"), name="Noa Winter"))
        story.take(o.Hired(at=story.at, account=DERM, role=o.Role.OUTSIDE, name="Dr Derm"))
        photo = story.photo(DERM, ANNS, kind=o.Kind.DOCUMENT)
        story.refile(photo, SAMS)
        for label, broken in (("Dr Lee, who sent it", ["R29"]), ("Dr Derm, who sent it", [])):
            nonce = story.say(LEE, photo=photo)
            story.tap(LEE, story.say_to(LEE, "Whom are your words for?", taps=True)[0], label)
            assert story.hear(DERM, nonce) == broken

    def test_who_refused_the_same_is_asked_again_without_a_tap_and_nobody_else_nor_for_another_purpose(
        self, story: Story
    ) -> None:
        story.link(ANN, MIAS, "PARENT")
        story.link(RITA, MIAS, "PARENT")
        photo = story.photo(LEE, MIAS)
        story.file(MIAS, pictures=[photo])
        first = story.ask(photo)
        story.tap(LEE, story.say_to(LEE, "Who is asked?", taps=True)[0], NAMES[RITA])
        story.answer(RITA, first, yes=False)
        assert story.answer(ANN, story.ask(photo), yes=False) == ["R29"]
        assert story.answer(RITA, story.ask(photo, "research"), yes=False) == ["R29"]
        assert story.answer(RITA, story.ask(photo), yes=False) == []

    def test_a_yes_to_an_event_that_does_not_say_it_releases_nothing(self, story: Story) -> None:
        photo = story.photo(SAM, SAMS)
        nonce = story.ask(photo)
        event_id, _ = story.say_to(SAM, "Do you agree?", taps=True)
        story.say_to(SAM, f"To this: {nonce}")
        story.tap(SAM, event_id, "Yes", yes=True)
        assert story.hear(DERM, "shown", [photo]) == ["R32"]

    def test_a_yes_to_an_event_whose_text_was_lost_releases_nothing(self, story: Story) -> None:
        photo = story.photo(SAM, SAMS)
        story.ask(photo)
        event_id, _ = story.say_to(SAM, "Do you agree?", taps=True)
        story.take(o.Dropped(at=story.at, event_id="$lost"))
        story.tap(SAM, event_id, "Yes", yes=True)
        assert story.hear(DERM, "shown", [photo]) == ["R32"]

    def test_a_yes_to_an_event_that_was_never_delivered_releases_nothing(self, story: Story) -> None:
        photo = story.photo(SAM, SAMS)
        story.ask(photo)
        story.take(o.Dropped(at=story.at, event_id="$lost"))
        story.tap(SAM, "$lost", "Yes", yes=True)
        assert story.hear(DERM, "shown", [photo]) == ["R9"]

    def test_a_yes_by_somebody_else_releases_nothing(self, story: Story) -> None:
        photo = story.photo(SAM, SAMS)
        story.answer(ANN, story.ask(photo), yes=True)
        assert story.hear(DERM, "shown", [photo]) == ["R29"]

    def test_a_consent_answers_its_own_question_only(self, story: Story) -> None:
        first, other = story.photo(SAM, SAMS), story.photo(SAM, SAMS)
        story.answer(SAM, story.ask(first, until=(story.at + timedelta(days=3)).date()), yes=True)
        story.ask(other)
        assert story.hear(DERM, "shown", [other]) == ["R9"]
        story.wait(days=5)
        assert story.hear(DERM, "shown", [first]) == ["R12"]

    def test_a_consent_does_not_cover_another_person_on_the_account(self, story: Story) -> None:
        photo = story.photo(SAM, SAMS)
        story.answer(SAM, story.ask(photo), yes=True)
        story.take(o.Held(at=story.at, account=DERM, person=o.Person("Dr New"), name="Dr New"))
        story.take(o.Hired(at=story.at, account=DERM, role=o.Role.OUTSIDE))
        assert story.hear(DERM, "shown", [photo]) == ["R31"]

    def test_one_given_for_somebody_else_ends_with_that_capacity(self, story: Story) -> None:
        story.link(ANN, MIAS, "PARENT")
        photo = story.photo(ANN, MIAS)
        story.answer(ANN, story.ask(photo), yes=True)
        assert story.hear(DERM, "shown", [photo]) == []
        story.wait(days=745)
        assert story.hear(DERM, "shown again", [photo]) == ["R31"]

    def test_the_patients_own_outlasts_their_loss_of_capacity_until_withdrawn(self, story: Story) -> None:
        photo = story.photo(SAM, SAMS)
        story.answer(SAM, story.ask(photo), yes=True)
        story.link(RITA, SAMS, "DECISION_MAKER")
        story.second(LEE, RITA)
        assert story.hear(DERM, "shown", [photo]) == []
        story.take(o.Withdrew(at=story.at, account=RITA, photo=photo))
        assert "R13" in story.hear(DERM, "shown again", [photo])

    def test_a_stop_by_who_may_not_answer_any_more_stops_nothing(self, story: Story) -> None:
        """Any withdrawal by anybody who may answer does (R29a): a parent may not after the 18th birthday."""
        story.link(ANN, MIAS, "PARENT")
        story.link(MIA, MIAS)
        story.wait(days=745)
        photo = story.photo(MIA, MIAS)
        assert story.answer(MIA, story.ask(photo), yes=True) == []
        story.take(o.Withdrew(at=story.at, account=ANN, photo=photo))
        assert story.hear(DERM, "shown", [photo]) == []
        story.take(o.Withdrew(at=story.at, account=MIA, photo=photo))
        assert story.hear(DERM, "shown again", [photo]) == ["R13"]

    def test_a_stop_of_before_stands_for_what_is_asked_later_as_long_as_who_said_it_may(self, story: Story) -> None:
        """R28a."""
        for parent in (ANN, RITA):
            story.link(parent, MIAS, "PARENT")
        photo = story.photo(ANN, MIAS)
        story.take(o.PhoneLost(at=story.at, account=ANN))
        story.take(o.Withdrew(at=story.at, account=ANN, photo=photo))
        asked = story.ask(photo)
        story.tap(LEE, story.say_to(LEE, "Who is asked?", taps=True)[0], NAMES[RITA])
        assert story.answer(RITA, asked, yes=True) == []
        assert story.hear(DERM, "shown", [photo]) == ["R28a"]
        story.take(o.WentOn(at=story.at, by=DERM, photo=photo))
        assert story.hear(DERM, "shown again", [photo]) == ["R28a"], "nobody of the staff"
        story.take(o.WentOn(at=story.at, by=KIM, photo=photo))
        assert story.hear(DERM, "shown once more", [photo]) == []
        story.take(o.Withdrew(at=story.at, account=RITA, photo=photo))
        story.take(o.WentOn(at=story.at, by=KIM, photo=photo))
        assert story.hear(DERM, "shown at last", [photo]) == ["R13"], "that was no stop from afar"
        story.link(MIA, MIAS)
        story.wait(days=745)
        anew = story.photo(MIA, MIAS)
        story.take(o.Withdrew(at=story.at, account=ANN, photo=anew))
        assert story.answer(MIA, story.ask(anew), yes=True) == []
        assert story.hear(DERM, "shown anew", [anew]) == []

    @pytest.mark.parametrize("end", [o.PhoneLost, o.IdentityChanged])
    def test_a_stop_by_who_lost_their_phone_still_holds_the_use(
        self, story: Story, end: type[o.PhoneLost | o.IdentityChanged]
    ) -> None:
        """R28a."""
        photo = story.photo(SAM, SAMS)
        story.answer(SAM, story.ask(photo), yes=True)
        story.take(end(at=story.at, account=SAM))
        assert story.hear(DERM, "shown", [photo]) == []
        story.take(o.Withdrew(at=story.at, account=SAM, photo=photo))
        assert story.hear(DERM, "shown again", [photo]) == ["R13"]

    def test_where_capacity_is_impaired_only_the_decision_makers_yes_counts(self, story: Story) -> None:
        story.link(RITA, SAMS, "DECISION_MAKER")
        story.second(LEE, RITA)
        photo = story.photo(SAM, SAMS)
        story.answer(SAM, story.ask(photo), yes=True)
        assert story.hear(DERM, "shown", [photo]) == ["Who may answer"]

    def test_who_asks_is_never_who_answers(self, story: Story) -> None:
        story.link(LEE, ANNS)
        story.second(MAY, LEE)
        photo = story.photo(LEE, as_patient=True)
        story.file(ANNS, pictures=[photo])
        story.answer(LEE, story.ask(photo), yes=True)
        assert "R33" in story.hear(DERM, "shown", [photo])

    def test_advice_needs_no_other_yes_where_consent_was_implied(self, story: Story) -> None:
        photo = story.photo(SAM, SAMS)
        nonce = story.ask(photo, o.ADVICE)
        assert story.hear(DERM, nonce, [photo])[:1] == ["R7"]
        story.attest(nonce)
        assert story.hear(DERM, f"again {nonce}", [photo]) == []

    def test_a_refiled_picture_has_no_implied_consent_until_it_is_back(self, story: Story) -> None:
        photo = story.photo(SAM, SAMS)
        story.refile(photo, ANNS)
        story.attest(story.ask(photo, o.ADVICE))
        assert story.hear(DERM, "shown", [photo]) == ["R30"]
        story.refile(photo, SAMS)
        assert story.hear(DERM, "shown again", [photo]) == ["R30"], "the use under way ended"
        story.attest(story.ask(photo, o.ADVICE))
        assert story.hear(DERM, "shown at last", [photo]) == []

    def test_a_refile_ends_a_consent_and_back_it_stays_ended(self, story: Story) -> None:
        photo = story.photo(SAM, SAMS)
        story.answer(SAM, story.ask(photo), yes=True)
        story.refile(photo, ANNS)
        story.refile(photo, SAMS)
        assert story.hear(DERM, "shown", [photo]) == ["R30"]

    def test_a_grown_up_child_implies_nothing_for_a_capable_adult(self, story: Story) -> None:
        story.link(ANN, SAMS, "GROWN_CHILD")
        photo = story.photo(ANN)
        story.take(o.Kept(at=story.at, by=LEE, photo=photo))
        assert story.file(SAMS, pictures=[photo]) == []
        story.attest(story.ask(photo, o.ADVICE))
        assert story.hear(DERM, "shown", [photo]) == ["R30"]

    def test_a_clinicians_picture_needs_a_new_attestation_after_a_refile_and_a_document_none(
        self, story: Story
    ) -> None:
        body = story.photo(CHEN)
        story.take(o.Placed(at=story.at, by=CHEN, photo=body, mrn=SAMS))
        story.take(o.Attested(at=story.at, by=CHEN, photo=body, covers_advice=True))
        story.file(SAMS, pictures=[body])
        story.attest(story.ask(body, o.ADVICE))
        assert story.hear(DERM, "shown", [body]) == []
        story.refile(body, ANNS)
        story.attest(story.ask(body, o.ADVICE))
        assert story.hear(DERM, "shown again", [body]) == ["R30"]
        page = story.photo(CHEN, kind=o.Kind.DOCUMENT)
        story.refile(page, SAMS)
        story.refile(page, ANNS)
        story.attest(story.ask(page, o.ADVICE))
        assert story.hear(DERM, "shown", [page]) == []
