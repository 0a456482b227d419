"""Mutants of whom words reach, and where they are filed (R28–R30, R33a)."""

from __future__ import annotations

from .mutant import Mutant

REPLY = "tests/unit/test_reply.py"
WORDS = "tests/unit/test_right_words.py"
EAR = "tests/unit/test_one_ear.py"
NAMES = "tests/unit/test_names_another_child.py"
REPLIED = "tests/unit/test_answers_for_their_question.py"
COMMANDS = "tests/unit/test_staff_commands.py"
ALARM = "tests/unit/test_alarm_words.py"
ANOTHER = "tests/unit/test_shows_another.py"
THEIR_PHOTO = "tests/unit/test_answers_for_their_photo.py"
TWO = "tests/unit/test_two_questions_of_a_kind.py"

OF_WORDS = (
    Mutant(
        "R1: words beside a choice that no photo took as its reason are filed",
        "handlers/photos/answer_question.py",
        "    if rest and not taken:  # words that no photo took as its reason go with the first\n",
        "    if rest and reason is None:\n",
        f"{THEIR_PHOTO}::test_R1_words_beside_a_choice_that_are_no_reason_any_more_are_filed",
    ),
    Mutant(
        "R15: long after a form was asked for, a picture without words is no form",
        "handlers/colleagues/colleague_image.py",
        "    if waiting and (request.said.words or named or tx.now < waiting[0].asked_at + FORM_COMES_NEXT):\n",
        "    if waiting:\n",
        "tests/unit/test_colleague_images.py::"
        "test_R15_long_after_the_form_was_asked_for_a_picture_without_words_is_a_photo_of_its_own",
    ),
    Mutant(
        "R15: an answer that hangs on one photo is for that photo alone",
        "handlers/photos/around.py",
        "        return tuple(image_id for image_id in question.image_ids if image_id in meant) or question.image_ids\n",
        "        return question.image_ids\n",
        f"{THEIR_PHOTO}::test_R15_a_reply_to_one_of_two_photos_says_whose_that_one_is",
    ),
    Mutant(
        "R15: words that name another of theirs put nothing right",
        "bot/heard/family.py",
        "            return patient_id not in named or self._denies(text, patient_id)\n",
        "            return False\n",
        f"{ANOTHER}::test_R15_a_correction_that_names_another_child_doubts_the_photo",
    ),
    Mutant(
        "R15: all photos of a message are held, not the last alone",
        "handlers/photos/which_to_hold.py",
        "    return together if sent and latest == sent[-1] else [latest]\n",
        "    return [latest]\n",
        f"{ANOTHER}::test_R15_all_photos_of_a_message_are_held",
    ),
    Mutant(
        "R30: that it shows somebody else is heard before any answer",
        "bot/heard/patient/meant.py",
        "        if plainly and not takes_away(words):\n",
        "        if False:\n",
        f"{ANOTHER}::test_R30_under_a_request_the_photo_it_is_about_is_held",
    ),
    Mutant(
        "R28: whether it may be said is asked again when it is said",
        "bot/core/effects/say.py",
        "    if not to.verdict:\n",
        "    if False:\n",
        f"{REPLY}::test_R28_what_may_not_be_said_any_more_is_not_sent_and_its_author_hears_so",
        seen_by_histories=True,
    ),
    Mutant(
        "R28: a tap is judged again",
        "handlers/team/reply.py",
        "    if person_id not in whom:\n",
        "    if False:\n",
        f"{REPLY}::test_R28_at_the_tap_it_is_judged_again",
    ),
    Mutant(
        "R29: a patient's words are filed only where they may write",
        "bot/core/effects/file_document.py",
        "            if not verdict:\n",
        "            if False:\n",
        f"{WORDS}::test_R29_words_whose_author_may_not_write_there_any_more_are_kept_and_the_practice_is_told",
    ),
    Mutant(
        "R33a: words that mention what is closed are left out of a copy",
        "bot/core/copy_contents.py",
        "        if entry.mentions & closed:\n",
        "        if False:\n",
        f"{WORDS}::test_R33a_a_mature_minors_own_stands_in_no_parents_list_or_copy_nor_words_that_mention_it",
    ),
    Mutant(
        "R30: a photo of somebody its sender doesn't decide for is held",
        "handlers/photos/send_image.py",
        "    not_theirs = bool(first.patient_id) and decides_not(await tx.circle(first.patient_id), person.id, tx.today)\n",
        "    not_theirs = False\n",
        f"{WORDS}::test_R30_a_grown_up_childs_photo_is_held_and_implies_nothing_until_the_patient_agrees",
    ),
    Mutant(
        "R34: a wish to have a photo back is no caption",
        "bot/heard/captions.py",
        "        return HoldPhoto()\n",
        "        return StateReason()\n",
        f"{EAR}::test_R34_in_a_caption_too_and_before_it_is_fetched",
    ),
    Mutant(
        "R34: a wish to have a photo back is no reason",
        "handlers/photos/listen.py",
        "        HoldPhoto: _hold,\n",
        "        HoldPhoto: _reason,\n",
        f"{EAR}::test_R34_a_wish_to_have_it_back_holds_the_photo_and_a_tap_withdraws_it",
    ),
    Mutant(
        "R34: what is in the record leaves for nobody before they answer",
        "handlers/photos/hold_photo.py",
        "            await doubt_use(use, request.person.id, tx)\n",
        "            pass\n",
        f"{EAR}::test_R34_what_is_in_the_record_is_shared_with_nobody_before_they_answer",
    ),
    Mutant(
        "R13: a yes to a request in words has its number",
        "handlers/photos/answer_open.py",
        "    if answer.answer is PlainAnswer.YES and not answer.number:\n",
        "    if False:\n",
        f"{EAR}::test_R13_a_request_is_answered_by_a_clear_no_and_by_a_yes_with_its_number",
    ),
    Mutant(
        "R34: alarm words bring the emergency sentence",
        "handlers/photos/sound_alarm.py",
        "    return as_configured(tx.policy.emergency_text)\n",
        '    return ""\n',
        f"{ALARM}::test_R34_the_sentence_comes_first_and_the_words_are_filed_and_stand_in_the_teams_line",
    ),
    Mutant(
        "R34: who works here and is a patient hears of emergencies too",
        "bot/core/dispatch/dispatcher.py",
        "        of_a_patient = room.kind is RoomKind.OWN and person.may_act_as(Role.PATIENT)\n",
        "        of_a_patient = room.kind is RoomKind.OWN and not person.is_professional\n",
        f"{COMMANDS}::test_R34_who_works_here_and_is_a_patient_is_told_of_emergencies",
    ),
    Mutant(
        "R15: a reply in the app names no photo that words are filed with",
        "bot/heard/staff.py",
        "        elif place.takes is Takes.PHOTO and command.by_reply and _stands_for_it(rest, typed):\n",
        "        elif place.takes is Takes.PHOTO and _stands_for_it(rest, typed):\n",
        f"{COMMANDS}::test_R15_a_reply_sends_files_and_destroys_nothing_and_the_line_is_given_back",
    ),
    Mutant(
        "a mistyped command does nothing",
        "bot/heard/staff.py",
        "        return NotClear(Unclear.ALMOST, said, (_line(*almost, typed),))\n",
        "        return _asked(*almost, typed)\n",
        f"{COMMANDS}::test_a_mistyped_command_does_nothing_and_is_given_back",
    ),
    Mutant(
        "R25: what is put to a message leaves the chat with it",
        "bot/core/transaction.py",
        "                until = min(until, edits.purge_after)",
        "                pass",
        "tests/unit/test_screening.py::test_the_line_leaves_the_chat_with_the_words_it_is_put_to",
    ),
    Mutant(
        "R25: a line that comes too late repeats nothing",
        "bot/core/effects/say.py",
        "        if not earlier.stands_at(world.clock.now()):\n",
        "        if False:\n",
        "tests/unit/test_screening.py::test_a_line_that_could_not_be_sent_in_time_repeats_nothing",
    ),
    Mutant(
        "R34: alarm words that answer a question ring the team",
        "bot/core/dispatch/dispatcher.py",
        "        if first and not tx.words_told and not _is_announced(request.content):\n",
        "        if False:\n",
        "tests/unit/test_alarm_words.py::test_R34_as_an_answer_the_words_reach_the_team_in_a_message_of_their_own",
    ),
    Mutant(
        "R34: a reply to a question answers no other that is open",
        "handlers/photos/replied_to.py",
        "        waiting = {kind for kind, question in questions.items() if self.may_answer(question)}\n",
        "        waiting = set(questions)\n",
        f"{REPLIED}::test_R15_words_in_reply_to_what_is_closed_are_no_reason_of_the_next_photo",
    ),
    Mutant(
        "R34: a reply to a question refuses no use",
        "handlers/photos/replied_to.py",
        '        return self.subject in {"", choice.subject}\n',
        "        return True\n",
        f"{REPLIED}::test_R34_a_no_in_reply_to_whose_a_photo_is_refuses_no_use",
    ),
    Mutant(
        "R32: a yes with the number of one request, in reply to another, gives neither",
        "bot/core/dispatch/answers.py",
        "        if choice.subject == subject or (_says_number(request, choice) and not (stands_open and _agrees(choice)))\n",
        "        if choice.subject == subject or _says_number(request, choice)\n",
        f"{REPLIED}::test_R32_a_yes_with_the_number_of_another_request_than_it_replies_to_is_asked_about",
    ),
    Mutant(
        "R13: a no in reply to one of two requests refuses that one",
        "handlers/photos/around.py",
        "        return [choice for choice in self.requests if self.replied_to.may_choose(choice)]\n",
        "        return self.requests\n",
        f"{REPLIED}::test_R13_a_no_in_reply_to_one_request_refuses_that_one_alone",
    ),
    Mutant(
        "R15: a caption that names another child than the one chosen is asked about",
        "handlers/photos/answer_question.py",
        "    if another := await naming_another(images, rest, chosen, request.person, tx):\n",
        "    if another := []:\n",
        f"{NAMES}::test_R15_a_caption_that_names_another_child_than_the_one_chosen_is_asked_about",
    ),
    Mutant(
        "R15: a reason that names another child files nothing",
        "handlers/photos/listen.py",
        "    if another := await _naming_another(images, around):\n",
        "    if another := []:\n",
        f"{NAMES}::test_R15_a_reason_that_names_another_child_files_nothing_and_asks_again_whose_it_is",
    ),
    Mutant(
        "R15: words that name a child are filed with no other's photo",
        "handlers/photos/written_about.py",
        "    able = around.of_whom_they_name(around.theirs)\n",
        "    able = around.theirs\n",
        f"{NAMES}::test_R15_words_that_name_another_child_are_filed_with_that_childs_photo_or_with_none",
    ),
    Mutant(
        "R15: the photo of the child named is held",
        "handlers/photos/which_to_hold.py",
        "    return await _meant(around.of_whom_they_name(able) or able, around)\n",
        "    return await _meant(able, around)\n",
        f"{NAMES}::test_R15_the_photo_of_the_child_named_is_held_and_the_question_says_whose_it_is",
    ),
    Mutant(
        "R15: an answer that chooses two children chooses none",
        "bot/heard/whose.py",
        "        return numbered if not others and all(numbered.number in who for who in named) else None\n",
        "        return numbered if all(numbered.number in who for who in named) else None\n",
        f"{NAMES}::test_R15_an_answer_that_chooses_two_chooses_none",
    ),
    Mutant(
        "R15: not this child, whatever its name, is nobody they answer for",
        "bot/heard/given_names.py",
        '    return " ".join("them" if word in named else word for word in words.split())\n',
        "    return words\n",
        f"{NAMES}::test_R15_it_is_said_of_any_name_that_a_photo_shows_nobody_they_answer_for",
    ),
    Mutant(
        "R34: photos asked back one after the other are one question",
        "handlers/photos/hold_photo.py",
        "        if overlap or (as_patient and len(together) <= MOST):\n",
        "        if overlap:\n",
        f"{NAMES}::test_R34_two_photos_asked_back_one_after_the_other_are_one_question_and_a_no_keeps_both",
    ),
    Mutant(
        "R15: an answer that fits two photos is asked about",
        "handlers/photos/answer_open.py",
        "        if len(found) > 1:\n",
        "        if False:\n",
        f"{TWO}::test_R15_an_answer_that_fits_two_photos_is_taken_for_neither_unasked",
    ),
    Mutant(
        "R15: a tap that says which photo is for those that it named",
        "handlers/photos/which_photo.py",
        '    meant = tuple(ImageId(one) for one in named.split(",") if one in question.image_ids)\n',
        "    meant = question.image_ids if named else ()\n",
        f"{TWO}::test_R15_a_tap_is_for_the_photos_that_it_named_and_for_none_that_came_since",
    ),
    Mutant(
        "R15: of what was answered meanwhile, a tap that says which photo moves nothing",
        "handlers/photos/which_photo.py",
        "    if question.about is not About.PATIENT or question.state is not QuestionState.OPEN or not meant:\n",
        "    if not meant:\n",
        f"{TWO}::test_R15_a_tap_that_comes_after_the_answer_moves_nothing",
    ),
    Mutant(
        "R15: what photos are about is asked in order of asking, also of those whose patient was said late",
        "bot/domain/conversation.py",
        "    return replace(question, about=About.REASON, image_ids=event.image_ids, asked_at=event.at)\n",
        "    return replace(question, about=About.REASON, image_ids=event.image_ids)\n",
        f"{TWO}::test_R15_words_are_about_the_photo_that_was_asked_about_by_name",
    ),
)
