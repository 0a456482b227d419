"""What holds when something takes effect: a small change to what is asked then, and who notices."""

from __future__ import annotations

from .mutant import Mutant

CIRCLE = "bot/domain/authority/circle.py"
HEARING = "bot/domain/authority/hearing.py"
WHOSE = "tests/unit/test_unsettled_whose.py"
REASON = "tests/unit/test_reason_after_all.py"
RELEASED = "tests/unit/test_released_to_their_own.py"
NAMED = "tests/unit/test_named_on_the_way.py"
SETTLED = "bot/core/uses/settle_requests.py"
ENDS = "tests/unit/test_requests_end.py"
STAFF = "tests/unit/test_read_as_staff.py"

OF_THE_MOMENT = (
    Mutant(
        "R13: whoever agreed hears that nothing was shared",
        "handlers/uses/consent_answer.py",
        "        return about_requests.thanks_yes_not_shared()",
        "        return about_requests.thanks_yes(images[0].ref)",
        f"{ENDS}::test_R13_whoever_agrees_while_nothing_can_be_shared_hears_that_nothing_was",
    ),
    Mutant(
        "R34: a plea for confidence takes no photo back",
        "bot/heard/suspicion.py",
        "_DENIES.search(_IN_CONFIDENCE.without(_UNKNOWN.without(words)))",
        "_DENIES.search(_UNKNOWN.without(words))",
        "tests/unit/test_captions_that_say_nothing.py::test_R34_a_plea_for_confidence_is_no_wish_to_have_the_photo_back",
    ),
    Mutant(
        "R33a: whoever works here reads as staff no words that are held back from them",
        HEARING,
        '    return Verdict(bool(apart) or may_know_of(circle, author_id, person.id, told, day, at), "R33a", "told-of-nobody")',
        '    return Verdict(True, "R33a")',
        f"{STAFF}::test_R33a_a_parent_reads_as_staff_none_of_the_other_parents_words",
    ),
    Mutant(
        "R33a: the line in the team's room has no reason that one of them may not read",
        "bot/core/telling.py",
        "    return to_the_team.announcement(image, taker, again, said_why=said_why)",
        "    return to_the_team.announcement(image, taker, again)",
        f"{STAFF}::test_R33a_the_teams_room_does_not_show_them_and_who_treats_reads_them_in_their_own_chat",
    ),
    Mutant(
        "R33a: nor has its thread their words",
        "bot/core/who_reads.py",
        "    if await reads_words_in_the_team(tx.rows, image, tx.today, document.author_id):",
        "    if True:",
        f"{STAFF}::test_R33a_the_teams_room_does_not_show_them_and_who_treats_reads_them_in_their_own_chat",
    ),
    Mutant(
        "R28: a request ends when nobody who was asked may answer any more",
        SETTLED,
        "    if use.state is UseState.AWAITING_CONSENT and not may_be_agreed(",
        "    if False and not may_be_agreed(",
        f"{ENDS}::test_R28_a_request_ends_on_the_18th_birthday_of_the_child_it_is_about",
    ),
    Mutant(
        "R31: what was asked under an authority that ran out is not answered under another",
        "handlers/people/admit.py",
        "    await settle_requests(patient.id, tx)  # first:",
        "    # first:",
        f"{ENDS}::test_R31_what_was_asked_under_an_authority_that_ran_out_is_not_answered_under_another",
    ),
    Mutant(
        "R32: a yes counts only for a text that stands in the chat",
        "handlers/uses/consent_answer.py",
        "    return was_sent and all(post.stands_at(tx.now) for post in posts)",
        "    return was_sent",
        f"{ENDS}::test_R32_a_yes_to_a_text_that_no_longer_stands_in_the_chat_is_asked_for_again",
    ),
    Mutant(
        "R32: what went with a lost phone is asked once more",
        "handlers/people/pause.py",
        "    await ask_again_what_was_taken_back(person, tx)\n",
        "",
        f"{ENDS}::test_R32_a_question_taken_back_with_a_lost_phone_is_sent_anew_before_anybody_answers_it",
    ),
    Mutant(
        "R15: while a photo is being moved nobody gets it",
        HEARING,
        "    if matter.being_moved:",
        "    if False:",
        f"{WHOSE}::test_R15_while_a_photo_is_being_moved_it_is_in_nobodys_copy",
    ),
    Mutant(
        "R15: nobody hears of a photo that is doubted",
        HEARING,
        "    if is_doubted(circle, matter, day):",
        "    if False:",
        f"{WHOSE}::test_R29_no_words_about_a_doubted_photo_go_to_whoever_says_it_does_not_show_them",
    ),
    Mutant(
        "R30: whom a child's photo shows is asked about it",
        HEARING,
        "    return matter.held_as_anothers and not asked",
        "    return matter.held_as_anothers",
        f"{WHOSE}::test_R30_whom_a_childs_photo_shows_is_asked_and_may_name_it_though_it_is_held",
    ),
    Mutant(
        "R29a: a no about a doubted photo counts",
        "bot/core/who_may_hear.py",
        "    return await _theirs(rows, person_id, image, Hearing.SAYS, day)",
        "    return await _theirs(rows, person_id, image, Hearing.LISTED, day)",
        f"{WHOSE}::test_R29a_a_no_about_a_doubted_photo_counts_and_is_answered",
    ),
    Mutant(
        "R15: a doubted photo goes to no other system",
        "bot/core/delivery_account.py",
        "        if image is None or not (image.moving_to or doubted):",
        "        if True:",
        f"{WHOSE}::test_R15_a_doubted_photo_goes_to_no_other_system_until_it_is_settled_whose_it_is",
    ),
    Mutant(
        "R28: words that name a patient are judged again when they are sent",
        "bot/core/effects/say.py",
        "        if verdict and patient_ids:",
        "        if False:",
        f"{NAMED}::test_R28_a_parent_is_told_nothing_new_of_who_turned_18_meanwhile",
    ),
    Mutant(
        "R28a: words that name a patient stop when they answer no longer",
        "handlers/people/end_link.py",
        " | await _naming_others(person, tx)",
        "",
        f"{NAMED}::test_R28a_what_was_on_its_way_does_not_come_once_they_answer_again",
    ),
    Mutant(
        "R28: who answers no longer is not linked",
        CIRCLE,
        "held.person_id == person_id and held.may_hold(day) for held",
        "held.person_id == person_id for held",
        "tests/unit/test_authority.py::test_R28_who_may_be_told_of_a_patient_and_who_answers_for_them",
    ),
    Mutant(
        "R29: who answers no longer states no reason",
        "handlers/photos/answer_question.py",
        "    theirs = [image for image in unstated if await _may_state(question, image, tx)]",
        "    theirs = unstated",
        f"{REASON}::test_R29_who_answers_no_longer_states_no_reason_and_nothing_they_write_is_filed",
    ),
    Mutant(
        "R29: a long answer is not what was sent with a photo",
        "bot/core/documents.py",
        " if sent_with_it or image.from_colleague else {}",
        "",
        f"{REASON}::test_R29_a_long_answer_waits_for_a_person_where_its_writer_answers_no_longer_when_it_is_filed",
    ),
    Mutant(
        "R28: what somebody was asked is settled once they answer no longer",
        "handlers/people/end_link.py",
        "    await _settle_what_was_asked(person, images, tx)\n",
        "",
        f"{REASON}::test_R28_what_they_were_asked_is_settled_once_they_answer_no_longer",
    ),
    Mutant(
        "R33: nothing leaves for who came to speak for the patient and asked for it",
        "bot/core/uses/still_allowed.py",
        "    if not may_act_for_the_practice(circle, asker, day):",
        "    if False:",
        f"{RELEASED}::test_R33_what_was_released_does_not_leave_once_who_asked_or_gets_it_speaks_for_the_patient",
    ),
    Mutant(
        "R33: nor for who came to speak for the patient and is to get it",
        "bot/core/uses/still_allowed.py",
        " and may_act_for_the_practice(circle, person, day) for person",
        " for person",
        f"{RELEASED}::test_R33_what_was_released_does_not_leave_once_who_asked_or_gets_it_speaks_for_the_patient",
    ),
    Mutant(
        "R33: nor by law through a manager who came to speak for the patient",
        "bot/core/effects/show_picture.py",
        " in reader.roles and bool(apart)",
        " in reader.roles",
        f"{RELEASED}::test_R33_a_manager_is_handed_nothing_by_law_once_they_speak_for_the_patient",
    ),
    Mutant(
        "R29: a reply that reached nobody goes where its photo goes",
        "bot/core/documents.py",
        ' or document.facts.get("as") == UNREAD:\n        return NO_PERSON',
        ":\n        return NO_PERSON",
        f"{WHOSE}::test_R28_a_reply_on_its_way_to_whoever_then_doubts_the_photo_does_not_arrive",
    ),
)
