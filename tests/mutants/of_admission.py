"""Who is admitted as whom, told what, and asked again: a small change to each promise, and who notices."""

from __future__ import annotations

from .mutant import Mutant

LATE = "tests/unit/test_late_taps.py"
WAY_BACK = "tests/unit/test_way_back.py"
CODES_READ = "tests/unit/test_domain_invitations.py"
CODES = "tests/unit/test_codes_attacked.py"
KNOW = "tests/unit/test_who_may_know.py"
HATS = "tests/unit/test_patients_who_work_here.py"
UNLINK = "tests/unit/test_unlink.py"
THEIR_NO = "tests/unit/test_their_no_counts.py"

ADMISSION = (
    Mutant(
        "R28a: a question about one death is over with another",
        "handlers/people/died.py",
        "    for subject in (patient.id, about_death(patient)):\n        await close_polls(tx, subject)\n",
        "",
        f"{LATE}::test_R28a_a_question_about_a_death_that_was_a_mistake_records_no_second_one",
    ),
    Mutant(
        "R28a: a question about a mistake is over once it was put right",
        "handlers/people/not_dead.py",
        "    await close_polls(tx, about_death(patient))\n    await tx.rows.patients.save(",
        "    await tx.rows.patients.save(",
        f"{LATE}::test_R28a_a_question_about_a_mistake_that_was_put_right_is_over",
    ),
    Mutant(
        "R33: at the computer no death is undone that two people could undo",
        "handlers/people/not_dead.py",
        "    if any(may_undo_death(asker, other) for asker, other in combinations(await _staff(tx), 2)):",
        "    if False:",
        f"{LATE}::test_R33_alone_a_death_is_undone_at_the_computer_with_a_reason",
    ),
    Mutant(
        "R28a: who waits to be confirmed ends with a patient who leaves",
        "handlers/people/patient_leaves.py",
        "        if not authority.may_hold(tx.today):",
        "        if not authority.holds_on(tx.today):",
        f"{LATE}::test_R28a_whoever_waits_to_be_confirmed_ends_with_a_patient_who_leaves",
    ),
    Mutant(
        "R32: nobody attests what did not stand in their question",
        "handlers/people/confirm_person.py",
        "    if not _was_asked(await _question(circle, authority, tx), choice):",
        "    if False:",
        f"{LATE}::test_R32_nobody_attests_words_that_did_not_stand_in_their_question",
    ),
    Mutant(
        "R32: a birthday answers the code that was written last",
        "handlers/people/redeem_code.py",
        "        await _let_go_of_others(tried, tx)\n",
        "        pass\n",
        f"{CODES}::test_R32_a_birthday_answers_the_code_that_was_written_last",
    ),
    Mutant(
        "R33: an earlier page ends no later one",
        "bot/domain/page_account.py",
        "    return earlier.recorded_at is None or earlier.recorded_at < later.recorded_at",
        "    return True",
        f"{WAY_BACK}::test_R33_an_earlier_page_does_not_end_a_later_one",
    ),
    Mutant(
        "R33: no page ends while the later account waits",
        "handlers/people/old_pages.py",
        "    if later.holds_on(tx.today) and later.is_open:",
        "    if True:",
        f"{WAY_BACK}::test_R33_the_page_before_ends_when_a_second_person_confirms_the_new_one",
    ),
    Mutant(
        "R28a: a page that is lost ends",
        "handlers/incidents/lost.py",
        "    if is_page_account(person.account):",
        "    if False:",
        f"{WAY_BACK}::test_R28a_a_page_reported_lost_ends_at_once_and_a_new_link_is_made",
    ),
    Mutant(
        "R15: wrong birthdays are counted however often the code is written",
        "bot/domain/invitations.py",
        "invitation, wrong_birthdays=wrong, state=InvitationState.LOCKED",
        "invitation, wrong_birthdays=0, state=InvitationState.LOCKED",
        f"{CODES_READ}::test_R15_the_third_wrong_birthday_locks_whatever_was_written_in_between",
    ),
    Mutant(
        "R15: a yes opens nothing that names a patient",
        "bot/domain/invitations.py",
        "        return (_BIRTHDAY_OPENS_IT if invitation.patient_id else _to(state))(invitation, event)",
        "        return _to(state)(invitation, event)",
        f"{CODES_READ}::test_R15_what_names_a_patient_opens_by_the_birthday_alone_and_anything_else_by_no_birthday",
    ),
    Mutant(
        "R15: words that say it is somebody else's let nobody in",
        "handlers/people/answer_birthday.py",
        "    if written is None or deed.is_anothers:",
        "    if written is None:",
        "tests/unit/test_heard_rightly.py::test_R15_nothing_else_does_nor_the_birthday_of_somebody_else",
    ),
    Mutant(
        "R33: a new code ends the one before it",
        "handlers/people/enrol.py",
        "    await close_invitations(tx, same, Why.WRITTEN_ANEW)\n",
        "",
        f"{CODES}::test_R33_a_new_code_for_the_same_person_ends_the_one_on_the_lost_paper",
    ),
    Mutant(
        "R33: an account that is known by another name waits",
        "handlers/people/admit.py",
        "    if not same_name(person.name, invitation.name):",
        "    if False:",
        f"{CODES}::test_R33_who_is_known_as_somebody_else_waits_for_a_second_person",
    ),
    Mutant(
        "R33: nobody is two patients",
        "handlers/people/admit.py",
        "    return relation is Relation.SELF and (another_patient or answered_for)",
        "    return relation is Relation.SELF and answered_for",
        f"{CODES}::test_R33_who_is_known_as_somebody_else_waits_for_a_second_person",
    ),
    Mutant(
        "R33: a code for a lost phone changes nobody's authority",
        "handlers/people/admit.py",
        "    if not invitation.patient_id or invitation.account:",
        "    if not invitation.patient_id:",
        f"{CODES}::test_R33_a_code_for_a_lost_phone_brings_back_nothing_that_ended",
    ),
    Mutant(
        "R28a: the codes that a lost phone shows end",
        "handlers/incidents/lost.py",
        "    await close_invitations(tx, made, Why.MAKER_LOST_A_PHONE)\n",
        "",
        f"{CODES}::test_R28a_the_codes_that_a_lost_phone_shows_end_also_for_when_its_owner_is_back",
    ),
    Mutant(
        "R33a: a parent is not shown by a sentence that a minor's own is there",
        "handlers/people/filed_before.py",
        "    return [image for image in filed if not is_their_own(circle, await tx.matter(image, circle), tx.today)]",
        "    return filed",
        f"{KNOW}::test_R33a_nothing_shows_a_new_parent_that_a_minors_own_is_there",
    ),
    Mutant(
        "R33a: nobody is told of who was not confirmed",
        "handlers/people/tell_of_access.py",
        "    if used and (authority is None or not authority.may_hold(tx.today)):",
        "    if False:",
        f"{KNOW}::test_R33a_nobody_is_told_of_who_was_not_confirmed",
    ),
    Mutant(
        "R33a: only those whom the chooser read of are told",
        "bot/domain/invitations.py",
        "        return self.tell is Tell.TELL and person_id in self.asked_of",
        "        return self.tell is Tell.TELL",
        f"{KNOW}::test_R33a_only_those_whom_the_chooser_read_of_are_told_whoever_is_linked_meanwhile",
    ),
    Mutant(
        "R33a: a name is read only by those of whom it was chosen",
        "bot/domain/authority.py",
        "    chosen = any(reader_id in told.get(authority.invitation_id, ()) for authority in theirs)",
        "    chosen = any(authority.invitation_id in told for authority in theirs)",
        f"{KNOW}::test_R33a_only_those_whom_the_chooser_read_of_are_told_whoever_is_linked_meanwhile",
    ),
    Mutant(
        "R33a: an objection is not told to whom it is about",
        "handlers/people/tell_of_access.py",
        "    others = [person for person in await tx.managers() if person.id != newcomer.id]",
        "    others = await tx.managers()",
        f"{KNOW}::test_R33a_an_objection_is_not_told_to_whom_it_is_about",
    ),
    Mutant(
        "R33: no parent is handed their grown-up child's code",
        "handlers/people/come_of_age.py",
        "            if role in person.roles and person.id not in answered:",
        "            if role in person.roles:",
        f"{KNOW}::test_R33_who_was_the_parent_is_not_handed_the_childs_code",
    ),
    Mutant(
        "R33: who begins to work here is confirmed again",
        "bot/domain/answering_for.py",
        "replace(authority, needs_second=True, seconded_by=NO_PERSON, seconded_at=None)",
        "replace(authority, needs_second=True)",
        f"{HATS}::test_R33_who_works_here_again_is_confirmed_again",
    ),
    Mutant(
        "R28a: a leaver answers what they were asked as a patient",
        "handlers/people/staff_leaves.py",
        "but=ASKED_OF_PATIENTS if stays else frozenset())",
        "but=frozenset())",
        f"{HATS}::test_R28a_who_leaves_still_answers_what_they_were_asked_as_a_patient",
    ),
    Mutant(
        "R28a: and nothing else",
        "handlers/people/staff_leaves.py",
        "        if choice.about in but:",
        "        if True:",
        f"{HATS}::test_R28a_what_they_were_asked_as_staff_is_closed",
    ),
    Mutant(
        "R33: a manager unlinks nobody from a patient they speak for",
        "handlers/people/unlink.py",
        "    if not may_act_for_the_practice(await tx.circle(patient.id), person, tx.today):",
        "    if False:",
        f"{UNLINK}::test_R33_nobody_does_it_for_a_patient_they_speak_for",
    ),
    Mutant(
        "R33a: who is unlinked is told only where that was chosen",
        "handlers/people/unlink.py",
        '    if choice.value == "tell":',
        "    if True:",
        f"{UNLINK}::test_R28_from_then_on_they_neither_send_nor_hear_and_the_other_parent_does",
    ),
    Mutant(
        "R29a: the no of whose capacity is impaired counts",
        "handlers/uses/consent_answer.py",
        '    if capacity is None and choice.value == "no":',
        "    if False:",
        f"{THEIR_NO}::test_a_no_to_what_they_were_asked_before_counts_and_their_decision_maker_does_not_undo_it",
    ),
    Mutant(
        "R29a: their yes does not",
        "handlers/uses/consent_answer.py",
        '    if capacity is None and choice.value == "no":',
        "    if capacity is None:",
        f"{THEIR_NO}::test_nothing_else_they_tap_does",
    ),
    Mutant(
        "R15: what the wrong person sent is not kept by a word alone",
        "handlers/people/never_theirs.py",
        '{"as": SAYS_SOMEBODY_ELSE}',
        "{}",
        f"{UNLINK}::test_R15_what_was_sent_by_somebody_who_was_never_the_patient_is_held_until_staff_say_whose_it_is",
    ),
    Mutant(
        "R31: what rests on the word of the wrong person ends",
        "handlers/people/never_theirs.py",
        "        if use.state in RECALLABLE and (use.id in agreed or sent.intersection(use.image_ids)):",
        "        if False:",
        f"{UNLINK}::test_R31_a_yes_of_somebody_who_was_never_the_patient_releases_nothing",
    ),
    Mutant(
        "R33: who says not me never was one of the patient's people",
        "handlers/people/not_me.py",
        "end_link(never_theirs(authority, tx.today), [], tx)",
        "end_link(authority, [], tx)",
        "tests/unit/test_not_me.py::test_R15_not_me_ends_what_the_code_gave_and_takes_the_names_back",
    ),
)
