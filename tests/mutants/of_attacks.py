"""Mutants of what attacks found: rooms where others read, the wrong sibling, copies and lists, what ended meanwhile."""

from __future__ import annotations

from .mutant import Mutant

ROOMS = "tests/unit/test_where_answers_stand.py"
ATTACKS = "tests/unit/test_more_attacks_on_words.py"
MISFILED = "tests/unit/test_words_of_the_misfiled.py"
CHANGES = "tests/unit/test_attacks_when_things_change.py"
ASKS = "tests/unit/test_attacks_on_who_asks.py"
ONE_PATIENT = "tests/unit/test_one_patient_at_a_time.py"
REASON = "tests/unit/test_no_reason.py"
WRONGLY = "tests/unit/test_read_by_the_wrong_person.py"

OF_ATTACKS = (
    Mutant(
        "R29: a command is answered only where everybody may read the answer",
        "bot/core/dispatch/dispatcher.py",
        "        if request.room.kind not in asked.command.rooms:\n",
        "        if False:\n",
        f"{ROOMS}::test_R29_the_room_of_a_case_hears_nothing_of_other_patients",
    ),
    Mutant(
        "R33a: a child's account does not show by what was written to it",
        "bot/core/documents.py",
        "    return ({words} if as_staff else {words, document.author_id}) - {NO_PERSON}",
        "    return (set() if as_staff else {document.author_id}) - {NO_PERSON}",
        f"{ATTACKS}::test_R33a_a_reply_to_a_mature_minor_stands_in_no_parents_copy",
    ),
    Mutant(
        "R29: of what proved to be another's a copy holds what its reader was told",
        "bot/core/copy_contents.py",
        " or not was_told(document, of, person_id)",
        "",
        f"{MISFILED}::test_R29_what_one_parent_said_and_heard_of_a_misfiled_photo_is_not_the_others",
    ),
    Mutant(
        "R28a: what a lost phone stopped on its way was told to nobody",
        "bot/core/effects/say.py",
        "(isinstance(said, NotSaid) or await _was_taken_back(tx, intent))",
        "isinstance(said, NotSaid)",
        f"{MISFILED}::test_R28a_a_reply_that_a_lost_phone_stopped_reaches_them_in_no_copy_after_a_refile",
    ),
    Mutant(
        "R30: an answer stands under the patient in whose record it was filed",
        "bot/core/circles.py",
        "    return whose[0] if whose else await whose_then(rows, image, answer.at)\n",
        "    return image.patient_id\n",
        f"{ATTACKS}::test_R30_the_page_to_sign_off_says_of_whom_it_was_agreed_to",
    ),
    Mutant(
        "R15: words are filed under the photo they name",
        "handlers/photos/written_about.py",
        "    meant = around.photo_meant()\n",
        "    meant = None\n",
        f"{ATTACKS}::test_R15_words_that_name_a_photo_are_filed_under_that_photo",
    ),
    Mutant(
        "R15: what is said of one photo is no reason of another",
        "handlers/photos/around.py",
        "        return bool(self.meant) and all(image.id not in question.image_ids for image in self.meant)\n",
        "        return False\n",
        f"{ATTACKS}::test_R15_what_is_said_of_one_photo_is_no_reason_of_another",
    ),
    Mutant(
        "R15: the same photo for another child is another image",
        "bot/core/effects/capture.py",
        "    return image.from_colleague or (earlier.sent_for or earlier.patient_id) == image.patient_id\n",
        "    return True\n",
        f"{ATTACKS}::test_R15_the_same_photo_sent_for_another_child_is_another_image",
    ),
    Mutant(
        "R25: a breach is opened also where who holds the copy is not here",
        "bot/core/after_refiling.py",
        "        if not away and not may_write(circle, matter, person.id, tx.today):\n",
        "        if person.standing is Standing.ACTIVE and not may_write(circle, matter, person.id, tx.today):\n",
        f"{CHANGES}::test_R25_a_breach_is_opened_also_where_who_holds_the_copy_is_not_here",
    ),
    Mutant(
        "R28a: what a no holds is not released",
        "handlers/uses/forward.py",
        "    if use.waits:\n",
        "    if False:\n",
        f"{CHANGES}::test_R28a_what_a_no_holds_is_not_released_by_the_tap_that_comes_after",
    ),
    Mutant(
        "R30: the yes of who can't decide alone lets no photo in",
        "handlers/photos/somebody_else.py",
        '    if choice.value == "yes" and await tx.capacity(request.person.id, image.patient_id) is None:\n',
        "    if False:\n",
        f"{CHANGES}::test_R30_the_yes_of_who_cannot_decide_alone_lets_no_photo_in_and_their_no_keeps_it_out",
    ),
    Mutant(
        "R28: a parent who works here is asked about like any other",
        "handlers/team/reply.py",
        "    hearing = Hearing.SPEAKS if to_colleague",
        "    hearing = Hearing.SPEAKS if True or to_colleague",
        f"{CHANGES}::test_R28_a_reply_to_a_parent_who_works_here_is_judged_again_too",
    ),
    Mutant(
        "R33: a manager hands over nothing of whom they speak for",
        "handlers/uses/required_by_law.py",
        "    await act_for_the_practice(request.person, image, image.patient_id, tx)\n",
        "",
        f"{CHANGES}::test_R33_a_manager_hands_over_by_law_nothing_of_whom_they_speak_for",
    ),
    Mutant(
        "R30: who was linked after sending implied nothing",
        "bot/domain/authority/consenting.py",
        "    if not any(was_recorded(held, sent_at) for held in then):\n",
        "    if not then:\n",
        f"{CHANGES}::test_R30_who_was_linked_after_sending_implied_nothing",
    ),
    Mutant(
        "R30: what somebody else lets in implies nothing",
        "bot/domain/image/holding.py",
        "    if image.held_for is HeldFor.SOMEBODY_ELSE:\n        # Who",
        "    if False:\n        # Who",
        f"{CHANGES}::test_R30_what_a_child_sent_alone_and_a_clinician_let_in_implies_nothing",
    ),
    Mutant(
        "R12: new words widen no implied consent",
        "bot/core/uses/still_allowed.py",
        " and (given.purpose, given.reason) == sent_for,",
        ",",
        f"{CHANGES}::test_R12_an_impaired_patients_new_words_widen_no_consent",
    ),
    Mutant(
        "R33a: a reminder asks again who may be asked",
        "bot/core/uses/request_consent.py",
        "        capacity = await capacity_for(use, images, person_id, tx)\n",
        "        capacity = await tx.capacity(person_id, images[0].patient_id)\n",
        f"{CHANGES}::test_R33a_a_reminder_names_no_photo_that_is_a_mature_minors_own_now",
    ),
    Mutant(
        "R33: a case goes to nobody who speaks for its patient",
        "handlers/people/staff_leaves.py",
        "        await _may_take_over(successor, cases, tx)\n",
        "        pass\n",
        f"{ASKS}::test_R33_a_case_is_not_handed_to_who_speaks_for_its_patient",
    ),
    Mutant(
        "R28a: nothing is released for who is paused",
        "bot/core/uses/release.py",
        "    if asker.standing is not Standing.ACTIVE:",
        "    if False:",
        f"{ASKS}::test_R28a_nothing_is_released_for_who_asked_and_is_paused",
    ),
    Mutant(
        "R29a: a no to advice holds against what is implied too",
        "bot/domain/use_rules.py",
        "    if image.refused:\n",
        "    if False:\n",
        f"{ASKS}::test_R29a_a_no_to_advice_is_not_gone_round_by_calling_it_related",
    ),
    Mutant(
        "R15: words follow whose it is until it is filed",
        "bot/core/consequences.py",
        "        await follow(tx, saved)\n",
        "        pass\n",
        f"{ASKS}::test_R15_what_was_noted_while_it_was_doubted_is_filed_for_whom_it_shows",
    ),
    Mutant(
        "R15: a picture is shown under no name it had before",
        "bot/core/effects/show_picture.py",
        ' or intent.patient_id not in {"", image.patient_id}:\n',
        ":\n",
        f"{ASKS}::test_R15_a_picture_is_never_shown_under_the_name_it_had_before",
    ),
    Mutant(
        "R34: a refusal is no reason",
        "bot/heard/patient/meant.py",
        "    return about_health(words) or (leaning(words) is Lean.NEITHER and not asks(words))\n",
        "    return True\n",
        f"{REASON}::test_R34_these_say_nothing_of_what_a_photo_is_about",
    ),
    Mutant(
        "R15: a line that names another photo than it replies to is a slip",
        "bot/heard/staff.py",
        "        otherwise = _names_another(command, values, typed)\n",
        "        otherwise = False\n",
        f"{ONE_PATIENT}::test_R15_a_reply_to_one_photo_that_names_another_does_nothing_and_offers_both",
    ),
    Mutant(
        "R15: words about one patient name no photo of another",
        "bot/core/one_patient.py",
        "        if other is not None and other.patient_id not in patients:\n",
        "        if False:\n",
        f"{ONE_PATIENT}::test_R15_words_that_name_a_photo_of_another_patient_go_nowhere",
    ),
    Mutant(
        "R29: what was refused in the room of a case is taken out of it",
        "bot/core/dispatch/dispatcher.py",
        "room.kind is RoomKind.CASE and refused.rule in _OF_OTHERS:",
        "False:",
        f"{ONE_PATIENT}::test_R15_a_summary_that_names_a_photo_of_another_patient_is_not_filed",
    ),
    Mutant(
        "R15: what the former patient read of it is taken back",
        "bot/core/after_refiling.py",
        "        await take_back(tx, reached)\n",
        "        pass\n",
        f"{WRONGLY}::test_R15_a_reply_that_the_wrong_person_read_is_taken_back_and_is_a_breach",
    ),
    Mutant(
        "R25: a reply that the wrong person read is a breach",
        "bot/core/wrong_readers.py",
        "        return bool(self.copied) or self.is_read\n",
        "        return bool(self.copied)\n",
        f"{WRONGLY}::test_R15_a_reply_that_the_wrong_person_read_is_taken_back_and_is_a_breach",
    ),
    Mutant(
        "R25: each move counts what was read since the one before",
        "bot/core/after_refiling.py",
        "    return max((at for at, number in notes.items() if number >= BOTH), default=None)",
        "    return None",
        f"{WRONGLY}::test_R15_away_and_back_each_move_counts_what_was_read_since_the_one_before",
    ),
    Mutant(
        "R25: the file with the picture goes with its message",
        "bot/core/wrong_readers.py",
        "    return [*posts, *media]\n",
        "    return posts\n",
        f"{WRONGLY}::test_R15_the_copy_of_the_record_with_the_picture_goes_and_its_media_too",
    ),
    Mutant(
        "R15: an answer in the app is for the photo it hangs on",
        "handlers/colleagues/statements.py",
        "    about = {named} if named else {*await photos_replied_to(request, tx)}\n",
        "    about = {named} - {''}\n",
        f"{ONE_PATIENT}::test_R15_an_answer_to_a_patient_is_no_reason_of_another_patients_photo",
    ),
    Mutant(
        "R25: what a code gave to the wrong person is a breach",
        "handlers/people/undo_link.py",
        "    if not reached.is_breach:\n",
        "    if True:\n",
        f"{WRONGLY}::test_R25_what_a_code_gave_to_the_wrong_person_is_taken_back_and_is_a_breach",
    ),
    Mutant(
        "R29: the patient's name goes from the chat of whom a code reached wrongly",
        "handlers/people/undo_link.py",
        "    await _take_back_names(person, tx)\n",
        "",
        f"{WRONGLY}::test_R25_what_a_code_gave_to_the_wrong_person_is_taken_back_and_is_a_breach",
    ),
    Mutant(
        "R30: after a second person's no nothing is implied by what they sent",
        "handlers/people/confirm_person.py",
        "    if ended.never_theirs:\n",
        "    if False:\n",
        f"{WRONGLY}::test_R30_a_second_persons_no_holds_what_they_had_sent",
    ),
    Mutant(
        "R29: a reply that was taken back stands in no later copy",
        "bot/core/copy_contents.py",
        "        if of is not None and document.kind is EntryKind.REPLY and of.id not in theirs_there:\n",
        "        if False:\n",
        f"{WRONGLY}::test_R29_a_reply_that_was_taken_back_stands_in_no_later_copy",
    ),
)
