"""The oracle of the histories: right ones pass, and each wrong one is caught under its rule."""

import ast
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.histories import observed as o
from tests.histories.speaking import eighteenth
from tests.histories.story import ANN, ANNS, CHEN, DERM, KIM, LEE, MAY, MIA, MIAS, NAMES, RITA, SAM, SAMS, Story

ORACLE = (
    "consents", "deliveries", "filings", "hearing", "history", "names", "observed", "oracle", "questions", "releases",
    "speaking", "staff", "story", "texts",
)  # fmt: skip


@pytest.fixture
def story() -> Story:
    """Begin with a practice, and Sam with an account of his own."""
    told = Story()
    told.link(SAM, SAMS)
    return told


@pytest.mark.parametrize("module", ORACLE)
def test_the_oracle_knows_nothing_of_the_product(module: str) -> None:
    tree = ast.parse((Path(__file__).parents[1] / "histories" / f"{module}.py").read_text())
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or "."]
            assert node.level < 2
        for name in names:
            assert name.split(".")[0] not in {"bot", "handlers", "storage", "tests"}


class TestReplies:
    """Row 1: words about a picture reach who speaks for its patient now (R29)."""

    def test_a_reply_reaches_the_sender_who_speaks(self, story: Story) -> None:
        nonce = story.say(LEE, photo=story.photo(SAM, SAMS))
        assert story.hear(SAM, f"Dr Lee: {nonce}") == []

    def test_a_reply_after_a_refile_does_not_reach_the_sender(self, story: Story) -> None:
        photo = story.photo(SAM, SAMS)
        story.refile(photo, ANNS)
        assert "R29" in story.hear(SAM, f"Dr Lee: {story.say(LEE, photo=photo)}")

    def test_after_a_refile_there_and_back_the_sender_hears_again(self, story: Story) -> None:
        photo = story.photo(SAM, SAMS)
        story.refile(photo, ANNS)
        story.refile(photo, SAMS)
        assert story.hear(SAM, f"Dr Lee: {story.say(LEE, photo=photo)}") == []

    def test_a_parent_hears_nothing_from_the_18th_birthday_on(self, story: Story) -> None:
        story.link(ANN, MIAS, "PARENT")
        photo = story.photo(ANN, MIAS)
        assert story.hear(ANN, story.say(LEE, photo=photo)) == []
        story.wait(days=745)
        assert "R29" in story.hear(ANN, story.say(LEE, photo=photo))

    def test_a_birthday_begins_at_midnight_practice_time(self, story: Story) -> None:
        story.link(ANN, MIAS, "PARENT")
        photo = story.photo(ANN, MIAS)
        story.at = datetime(2028, 3, 11, 12, 59, tzinfo=UTC)  # 23:59 in Sydney, the day before
        assert story.hear(ANN, story.say(LEE, photo=photo)) == []
        story.wait(minutes=1)
        assert story.hear(ANN, story.say(LEE, photo=photo)) == ["R29"]

    def test_a_decision_maker_hears_nothing_once_capacity_is_back(self, story: Story) -> None:
        story.link(RITA, SAMS, "DECISION_MAKER")
        story.second(LEE, RITA)
        photo = story.photo(RITA, SAMS)
        assert story.hear(RITA, story.say(LEE, photo=photo)) == []
        story.take(o.CapacityBack(at=story.at, mrn=SAMS, by=LEE))
        assert "R29" in story.hear(RITA, story.say(LEE, photo=photo))

    def test_somebody_else_who_speaks_hears_only_after_their_name_was_tapped(self, story: Story) -> None:
        story.link(ANN, MIAS, "PARENT")
        story.link(RITA, MIAS, "PARENT")
        photo = story.photo(ANN, MIAS)
        nonce = story.say(LEE, photo=photo)
        assert story.hear(RITA, nonce) == ["R29"]
        event_id, _ = story.say_to(LEE, "Whom does it reach?", taps=True)
        story.tap(LEE, event_id, f"{NAMES[RITA]}, parent")
        assert story.hear(RITA, f"Again: {nonce}") == []

    def test_names_of_another_patient_reach_nobody(self, story: Story) -> None:
        assert story.hear(SAM, f"It is {NAMES[ANN]}'s now") == ["R29"]
        assert story.hear(SAM, f"It is under {ANNS} now") == ["R29"]
        assert story.hear(SAM, f"{NAMES[SAM]}, {SAMS}") == []

    def test_a_number_that_the_reader_wrote_is_said_back_and_the_name_behind_it_is_not(self, story: Story) -> None:
        assert story.hear(DERM, f"Patient: {SAMS}") == ["R29"]
        story.photo(DERM, named=SAMS)
        assert story.hear(DERM, f"Patient: {SAMS}") == []
        assert set(story.hear(DERM, f"Patient: {NAMES[SAM]}")) == {"R29"}


class TestFiling:
    """Row 2: a patient's words and names stand under nobody else (R15, R29)."""

    def test_words_of_who_speaks_are_filed(self, story: Story) -> None:
        photo = story.photo(SAM, SAMS)
        assert story.file(SAMS, story.say(SAM, "WORDS", photo)) == []

    def test_words_about_a_picture_that_is_somebody_elses_by_now_are_not(self, story: Story) -> None:
        photo = story.photo(SAM, SAMS)
        story.refile(photo, ANNS)
        assert story.file(ANNS, story.say(SAM, "WORDS", photo)) == ["R29"]

    def test_a_clinicians_words_do_not_stay_behind(self, story: Story) -> None:
        photo = story.photo(SAM, SAMS)
        nonce = story.say(LEE, "NOTE", photo)
        story.refile(photo, ANNS)
        assert story.file(SAMS, nonce) == ["R15"]

    def test_a_picture_is_filed_under_nobody_its_sender_does_not_answer_for(self, story: Story) -> None:
        assert story.file(ANNS, pictures=[story.photo(SAM)]) == ["R30"]

    def test_a_picture_its_sender_may_not_answer_for_is_put_to_the_patient_who_decides(self, story: Story) -> None:
        """Held until that patient or a clinician decides (who may answer)."""
        story.link(ANN, SAMS, "GROWN_CHILD")
        photo = story.photo(ANN)
        story.take(o.Referenced(at=story.at, photo=photo, ref="IMG-2222"))
        assert story.hear(RITA, "May IMG-2222 be kept?") == ["R29"]
        event_id, broken = story.say_to(SAM, "May IMG-2222 be kept?", taps=True)
        assert broken == []
        story.tap(SAM, event_id, "Yes", yes=True)
        assert story.file(SAMS, pictures=[photo]) == []

    @pytest.mark.parametrize("who", [None, ANN])
    def test_nobody_else_decides_about_a_picture_on_hold(self, story: Story, who: o.Account | None) -> None:
        story.link(ANN, SAMS, "GROWN_CHILD")
        photo = story.photo(ANN)
        story.take(o.Referenced(at=story.at, photo=photo, ref="IMG-2222"))
        if who:
            story.tap(who, story.say_to(who, "May IMG-2222 be kept?", taps=True)[0], "Yes", yes=True)
        assert story.file(SAMS, pictures=[photo]) == ["R30"]

    def test_nobody_refiles_what_is_their_own(self, story: Story) -> None:
        story.link(CHEN, ANNS)
        story.second(MAY, CHEN)
        assert story.refile(story.photo(SAM, SAMS), ANNS, by=CHEN) == ["R33"]
        assert story.refile(story.photo(SAM, SAMS), ANNS, by=KIM) == []


class TestInvitations:
    """Rows 3, 4 and 11: two people, once, in time (R33)."""

    def test_who_made_the_invitation_gets_nothing_by_it(self, story: Story) -> None:
        photo = story.photo(SAM, SAMS)
        story.link(KIM, SAMS, "DECISION_MAKER")
        story.second(LEE, KIM)
        assert "R33" in story.hear(KIM, "your copy", [photo])

    def test_what_is_older_than_an_account_waits_for_a_second_person(self, story: Story) -> None:
        photo = story.photo(SAM, SAMS)
        story.link(ANN, SAMS)
        assert story.hear(ANN, "your copy", [photo]) == ["R33"]
        story.second(KIM, ANN)
        assert story.hear(ANN, "your copy again", [photo]) == ["R33"], "Kim made the invitation"
        story.second(LEE, ANN)
        assert story.hear(ANN, "your copy at last", [photo]) == []

    def test_the_patients_own_account_may_open_it_where_tell_was_chosen(self, story: Story) -> None:
        photo = story.photo(SAM, SAMS)
        story.link(ANN, SAMS, tell=True)
        story.tap(SAM, story.say_to(SAM, f"May {NAMES[ANN]} see what is older?", taps=True)[0], "Yes", yes=True)
        assert story.hear(ANN, "your copy", [photo]) == []

    def test_a_capacity_is_taken_by_a_clinician_and_a_second_person_only(self, story: Story) -> None:
        story.link(RITA, SAMS, "DECISION_MAKER")
        photo = story.photo(SAM, SAMS)
        assert "R33" in story.hear(RITA, "your copy", [photo])
        story.second(MAY, RITA)
        assert "R33" in story.hear(RITA, "your copy again", [photo]), "neither Kim nor May is a clinician"
        story.second(LEE, RITA)
        assert story.hear(RITA, "your copy at last", [photo]) == []

    def test_whoever_works_here_is_a_patient_only_with_a_second_person(self, story: Story) -> None:
        story.link(MAY, ANNS)
        photo = story.photo(MAY, as_patient=True)
        story.file(ANNS, pictures=[photo])
        assert "R33" in story.hear(MAY, "your copy", [photo])

    def test_an_invitation_counts_neither_months_later_nor_after_its_maker_or_subject_left(self, story: Story) -> None:
        late, orphaned, gone = (story.invite(account, MIAS, "PARENT") for account in (ANN, RITA, SAM))
        story.take(o.StaffLeft(at=story.at, account=KIM))
        story.redeem(orphaned, RITA)
        story.take(o.PatientLeft(at=story.at, mrn=MIAS))
        story.redeem(gone, SAM)
        story.wait(days=90)
        story.redeem(late, ANN)
        photo = story.photo(ANN, MIAS)
        for account in (ANN, RITA, SAM):
            assert "R33" in story.hear(account, f"hello {account}", [photo])

    def test_an_invitation_is_for_once(self, story: Story) -> None:
        code = story.invite(ANN, MIAS, "PARENT")
        story.redeem(code, ANN)
        story.redeem(code, RITA)
        assert "R33" in story.hear(RITA, "your copy", [story.photo(ANN, MIAS)])

    def test_a_patients_code_renames_nobody_who_works_here(self, story: Story) -> None:
        story.link(LEE, ANNS)
        assert story.file(SAMS, f"{NAMES[ANN]} has seen it") == ["R33"]
        assert story.hear(SAM, f"{NAMES[ANN]} asks") == ["R29"]


class TestMinors:
    """Row 5: a mature minor's own stands in no parent's list, copy or question (R33a)."""

    def test_a_child_of_whom_nobody_attested_it_does_not_answer(self, story: Story) -> None:
        """A capacity is never assumed (R30)."""
        story.take(o.PatientKnown(at=story.at, mrn=o.Mrn("7000009"), name="Tom Lind", born=date(2014, 5, 1)))
        story.link(RITA, o.Mrn("7000009"))
        photo = story.photo(ANN)
        story.refile(photo, o.Mrn("7000009"))
        assert story.hear(RITA, "shown", [photo])[0] == "R29"

    def test_what_a_minor_sent_reaches_no_parent(self, story: Story) -> None:
        story.link(ANN, MIAS, "PARENT")
        story.link(MIA, MIAS)
        photo = story.photo(MIA, MIAS, caption=o.Nonce("itches"))
        story.take(o.Referenced(at=story.at, photo=photo, ref="IMG-7F3K"))
        words = story.say(MIA, "WORDS", photo)
        for body, pictures in (("your copy", [photo]), ("IMG-7F3K", []), ("itches", []), (words, [])):
            assert story.hear(ANN, body, pictures) == ["R33a"]
        assert story.hear(MIA, "IMG-7F3K itches", [photo]) == []
        assert story.answer(ANN, story.ask(photo), yes=False) == ["R33a"]

    def test_nobody_hears_of_an_account_before_it_was_chosen(self, story: Story) -> None:
        story.link(ANN, MIAS, "PARENT")
        story.link(RITA, MIAS, "PARENT")
        story.link(SAM, MIAS, "PARENT", tell=True)
        assert story.hear(ANN, f"{NAMES[RITA]} may answer too") == ["R33a"]
        assert story.hear(ANN, f"{NAMES[SAM]} may answer too") == []
        assert "R33a" in story.hear(SAM, f"{NAMES[ANN]} sent it"), "that Sam be told of Ann was not chosen"
        story.link(MIA, MIAS, tell=True)
        assert story.hear(ANN, f"{MIA} joined") == ["R33a"], "nobody is ever told of a mature minor's own account"

    def test_whoever_is_linked_after_the_choice_was_not_in_it(self, story: Story) -> None:
        """Whoever chose *tell* read of Ann alone."""
        story.link(ANN, MIAS, "PARENT")
        code = story.invite(SAM, MIAS, "PARENT", tell=True)
        story.link(RITA, MIAS, "PARENT")
        story.redeem(code, SAM)
        assert story.hear(ANN, f"{NAMES[SAM]} may answer too") == []
        assert "R33a" in story.hear(RITA, f"{NAMES[SAM]} may answer too")

    def test_whoever_was_linked_and_not_named_was_not_in_it_either(self, story: Story) -> None:
        story.link(ANN, MIAS, "PARENT")
        story.link(RITA, MIAS, "PARENT")
        code = story.invite(SAM, MIAS, "PARENT")
        story.choose_to_tell(code, KIM, [NAMES[ANN]])
        story.redeem(code, SAM)
        assert story.hear(ANN, f"{NAMES[SAM]} may answer too") == []
        assert "R33a" in story.hear(RITA, f"{NAMES[SAM]} may answer too")

    def test_whoever_has_the_account_next_was_not_in_it(self, story: Story) -> None:
        story.link(ANN, MIAS, "PARENT")
        code = story.invite(SAM, MIAS, "PARENT", tell=True)
        story.take(o.Held(at=story.at, account=ANN, person=o.Person("Noa"), name="Noa Winter"))
        story.link(ANN, MIAS, "PARENT")
        story.redeem(code, SAM)
        assert "R33a" in story.hear(ANN, f"{NAMES[SAM]} may answer too")

    def test_a_minor_whose_own_yes_was_needed_is_reminded_after_their_birthday(self, story: Story) -> None:
        story.link(MIA, MIAS)
        story.link(ANN, MIAS, "PARENT")
        nonce = story.ask(story.photo(ANN, MIAS))
        assert story.say_to(MIA, f"They ask for {nonce}", taps=True)[1] == []
        story.at = datetime(2028, 3, 13, 12, tzinfo=story.at.tzinfo)
        assert story.say_to(MIA, f"Still open: {nonce}", taps=True)[1] == []

    def test_beyond_care_a_minors_own_yes_stands_beside_a_parents(self, story: Story) -> None:
        story.link(ANN, MIAS, "PARENT")
        photo = story.photo(ANN, MIAS)
        story.link(MIA, MIAS)
        story.second(LEE, MIA)
        nonce = story.ask(photo)
        story.answer(ANN, nonce, yes=True)
        assert story.hear(DERM, "shown", [photo]) == ["Who may answer"]
        story.answer(MIA, nonce, yes=True)
        assert story.hear(DERM, "shown again", [photo]) == []


class TestLeaving:
    """Row 10: leaving, dying and losing a phone stop from that moment (R28a)."""

    def test_who_left_gets_no_picture_and_no_words(self, story: Story) -> None:
        photo = story.photo(SAM, SAMS)
        nonce = story.ask(photo, o.ADVICE)
        story.attest(nonce)
        story.take(o.StaffLeft(at=story.at, account=DERM))
        assert story.hear(DERM, "shown", [photo]) == ["R28a"]
        assert "R28a" in story.hear(DERM, story.say(LEE, "CASE", photo))
        assert story.file(SAMS, story.say(DERM, "CASE", photo)) == ["R28a"]

    def test_a_clinician_who_left_sees_nothing(self, story: Story) -> None:
        photo = story.photo(SAM, SAMS)
        assert story.hear(LEE, "shown", [photo]) == []
        story.take(o.StaffLeft(at=story.at, account=LEE))
        assert "R28a" in story.hear(LEE, "shown again", [photo])

    def test_a_paused_clinician_sees_nothing(self, story: Story) -> None:
        photo = story.photo(SAM, SAMS)
        story.take(o.PhoneLost(at=story.at, account=LEE))
        assert story.hear(LEE, "shown", [photo]) == ["R28a"]
        story.take(o.Readmitted(at=story.at, account=LEE))
        assert story.hear(LEE, "shown again", [photo]) == []

    def test_reception_sees_no_picture(self, story: Story) -> None:
        assert story.hear(KIM, "shown", [story.photo(SAM, SAMS)]) == ["Roles"]

    def test_a_patient_who_left_or_is_paused_hears_nothing(self, story: Story) -> None:
        photo = story.photo(SAM, SAMS)
        story.take(o.IdentityChanged(at=story.at, account=SAM))
        assert story.hear(SAM, story.say(LEE, photo=photo)) == ["R28a"]
        story.take(o.Readmitted(at=story.at, account=SAM))
        story.take(o.PatientLeft(at=story.at, mrn=SAMS))
        assert "R28a" in story.hear(SAM, story.say(LEE, photo=photo))

    def test_death_ends_authority_questions_and_uses_and_undone_it_revives_nothing(self, story: Story) -> None:
        photo = story.photo(SAM, SAMS)
        story.answer(SAM, story.ask(photo), yes=True)
        story.take(o.Died(at=story.at, mrn=SAMS))
        assert "R28a" in story.hear(DERM, "shown", [photo])
        assert "R28a" in story.hear(SAM, story.say(LEE, photo=photo))
        story.take(o.DeathUndone(at=story.at, mrn=SAMS, by=MAY, second=LEE))
        assert "R28a" in story.hear(SAM, f"again {story.say(LEE, photo=photo)}")
        story.link(SAM, SAMS)
        assert story.hear(SAM, story.say(LEE, photo=story.photo(SAM, SAMS))) == []

    def test_what_an_account_heard_is_closed_to_the_next_person_on_it(self, story: Story) -> None:
        photo = story.photo(SAM, SAMS)
        story.take(o.Held(at=story.at, account=SAM, person=o.Person("Zoe Marsh"), name="Zoe Marsh"))
        assert "R31" in story.hear(SAM, story.say(LEE, photo=photo))


class TestQuestions:
    """Rows 12 and 13: questions can be told apart, and guesses tell nothing."""

    def test_two_open_questions_do_not_share_a_number(self, story: Story) -> None:
        assert story.say_to(SAM, "4711: yes or no, until 2027?", taps=True)[1] == []
        assert story.say_to(ANN, "4711: yes or no?", taps=True)[1] == []
        assert story.say_to(SAM, "4711: this or that, until 2027?", taps=True)[1] == ["R32"]

    def test_an_answered_question_gives_its_number_back(self, story: Story) -> None:
        event_id, _ = story.say_to(SAM, "4711: yes or no?", taps=True)
        story.tap(SAM, event_id, "No", yes=False)
        assert story.say_to(SAM, "4711: this or that?", taps=True)[1] == []

    @pytest.mark.parametrize(
        ("answers", "broken"),
        [
            (("no", "no"), []),
            (("Born 1 January 1971?", "Born 7 March 1984?"), []),
            (("no", "that is Sam's"), ["R15"]),
        ],
    )
    def test_a_right_guess_is_answered_like_a_wrong_one(
        self, story: Story, answers: tuple[str, str], broken: list[str]
    ) -> None:
        for right, answer in zip((False, True), answers, strict=True):
            story.take(o.Guessed(at=story.at, account=DERM, right=right))
            story.hear(DERM, answer)
        assert story.take(o.ClockMoved(at=story.at)) == broken

    def guess(self, story: Story, right: bool, answer: str) -> list[str]:
        story.take(o.Guessed(at=story.at, account=DERM, right=right))
        story.hear(DERM, answer)
        return story.take(o.ClockMoved(at=story.at))

    def test_months_later_both_guesses_may_be_answered_otherwise_and_still_alike(self, story: Story) -> None:
        """Their check of the device is overdue by then (R21)."""
        assert self.guess(story, False, "noted") == []
        story.wait(days=200)
        assert self.guess(story, True, "your device first") == []
        story.wait(minutes=30)
        assert self.guess(story, False, "noted") == ["R15"]

    def test_whoever_has_the_account_next_may_be_answered_otherwise_and_still_alike(self, story: Story) -> None:
        assert self.guess(story, False, "noted") == []
        story.take(o.Held(at=story.at, account=DERM, person=o.Person("Dr New"), name="Dr New"))
        story.take(o.Hired(at=story.at, account=DERM, role=o.Role.OUTSIDE))
        assert self.guess(story, True, "by Dr New") == []
        assert self.guess(story, False, "by nobody we know") == ["R15"]


@pytest.mark.parametrize("born", ["2008-02-29", "2008-03-01"])
def test_who_was_born_on_29_february_turns_18_on_1_march(born: str) -> None:
    assert eighteenth(date.fromisoformat(born)) == date(2026, 3, 1)
