"""What is called back, what is said of it, and to whom: a small change, and who notices."""

from __future__ import annotations

from .mutant import Mutant

NAMES = "tests/unit/test_breach_names_nobody.py"

REPLY = "tests/unit/test_recall_reply.py"
RECALL = "handlers/incidents/recall_reply.py"

WORDS = "tests/unit/test_words_deleted.py"
WAY = "tests/unit/test_on_its_way.py"
COPIES = "tests/unit/test_copies_meant_for_no_more.py"
EXPORT = "tests/unit/test_called_back_in_export.py"
BESIDE = "tests/unit/test_recall_beside_others.py"
ARRIVED = "tests/unit/test_not_arrived.py"

OF_RECALLS = (
    Mutant(
        "R24: a picture that could not be sent was seen by nobody",
        "bot/core/effects/show_picture.py",
        "    await tell_not_sent(intent, tx)\n",
        "",
        f"{ARRIVED}::test_R24_a_picture_that_could_not_be_sent_was_seen_by_nobody_and_who_asked_hears_it",
    ),
    Mutant(
        "R24: who asked hears whom a picture did not reach",
        "bot/core/uses/not_shown.py",
        "        await _tell_who_asked(showing, image, about_uses.did_not_arrive, tx)\n",
        "",
        f"{ARRIVED}::test_R24_a_picture_that_could_not_be_sent_was_seen_by_nobody_and_who_asked_hears_it",
    ),
    Mutant(
        "R24: a picture that is not reserved is noted as not shown",
        "bot/core/effects/__init__.py",
        "show_picture.reserved, show_picture.fail, show_picture.give_up",
        "show_picture.reserved",
        f"{ARRIVED}::test_R24_a_picture_that_could_not_be_sent_was_seen_by_nobody_and_who_asked_hears_it",
    ),
    Mutant(
        "R25: what a first try may have shown stands",
        "bot/core/effects/show_picture.py",
        "        if digest or not intent.image_id:\n",
        "        if intent:\n",
        f"{ARRIVED}::test_R25_what_may_have_got_through_stands_and_who_asked_is_to_ask_them",
    ),
    Mutant(
        "R25: who asked hears that what was given up may have got through",
        "bot/core/effects/show_picture.py",
        "    await tell_held_up(intent, tx)\n",
        "",
        f"{ARRIVED}::test_R25_what_was_given_up_may_have_got_through",
    ),
    Mutant(
        "R24: nobody is listed for what only was to be shown",
        "bot/core/lists/held_images.py",
        "any(come.may_have for come in far.values())",
        "bool(seen)",
        f"{ARRIVED}::test_R24_a_picture_that_could_not_be_sent_was_seen_by_nobody_and_who_asked_hears_it",
    ),
    Mutant(
        "R24: a case whose room is not made was seen by nobody",
        "bot/core/effects/make_rooms.py",
        "        await stop_showing(intent.address, tx)",
        "        await tx.cancel(intent.address)",
        f"{ARRIVED}::test_R24_a_case_whose_room_is_not_made_was_seen_by_nobody",
    ),
    Mutant(
        "R24: who could not be sent a copy got none",
        "bot/core/effects/send_copy.py",
        "        await note_copy_not_sent(intent.person_id, intent.entry_ids, tx)",
        "        pass",
        f"{ARRIVED}::test_R24_who_could_not_be_sent_a_copy_is_not_said_to_have_got_one",
    ),
    Mutant(
        "R24: who may not have a copy any more got none",
        "bot/core/effects/send_copy.py",
        "    await note_copy_not_sent(intent.person_id, set(intent.entry_ids) - set(sent.entry_ids), tx)",
        "    pass",
        f"{ARRIVED}::test_R24_who_may_not_have_a_copy_any_more_is_not_said_to_have_got_one",
    ),
    Mutant(
        "R25: a copy that a first try may have sent stands",
        "bot/core/effects/send_copy.py",
        "    return Sent(said.room_id, said.event_id, intent.entry_ids, too_much",
        "    return Sent(said.room_id, said.event_id, (), too_much",
        f"{ARRIVED}::test_R25_a_copy_that_may_have_got_through_stands",
    ),
    Mutant(
        "R25: no breach names somebody who got nothing",
        "bot/core/uses/end.py",
        "for person, each in may_have.items() if each}",
        "for person, each in may_have.items()}",
        f"{ARRIVED}::test_R25_nobody_is_asked_to_delete_what_they_never_got_and_no_breach_names_them",
    ),
    Mutant(
        "R15: who could not look hears of no wrong patient",
        "bot/core/after_refiling.py",
        "if far[shown.id] is Come.ARRIVED and shown.how",
        "if shown.how",
        f"{ARRIVED}::test_R15_who_could_not_look_hears_of_no_wrong_patient",
    ),
    Mutant(
        "R24: nobody is named as having seen what is held up on its way",
        "bot/core/how_far.py",
        "                    far[found.id] = come\n",
        "                    pass\n",
        f"{WAY}::test_R24_a_held_picture_was_seen_by_nobody_until_a_retry_shows_it",
    ),
    Mutant(
        "R25: what may have got through is called back as that",
        "bot/core/how_far.py",
        "        yield planned, Come.PERHAPS if sends and begun else Come.NOT_YET\n",
        "        yield planned, Come.NOT_YET\n",
        f"{WAY}::test_R25_what_may_have_arrived_is_said_to_be_no_more_than_that_and_its_file_goes",
    ),
    Mutant(
        "R25: a case in which nothing was said reached nobody",
        "bot/core/uses/end.py",
        "        return dict.fromkeys(recipients, come) if come.may_have else {}\n",
        "        return dict.fromkeys(recipients, come)\n",
        f"{WAY}::test_R25_a_case_in_which_nothing_was_said_reached_nobody_and_they_are_put_out",
    ),
    Mutant(
        "R25: what was held for a person is not shown after a recall, whoever tries it again",
        "bot/core/uses/end.py",
        "    await stop_showing_for(use, tx)\n",
        "",
        f"{WAY}::test_R25_what_never_left_reached_nobody_and_is_not_shown_after_a_retry",
    ),
    Mutant(
        "R25: a copy on its way when a reply in it is called back is stopped",
        "bot/core/copies_under_way.py",
        "    if not any(entry_id in part.entry_ids for part in sending):\n",
        "    if sending or not sending:\n",
        f"{COPIES}::test_R25_a_copy_on_its_way_brings_no_reply_that_was_called_back_meanwhile",
    ),
    Mutant(
        "R24: one photo that can't be read stops no copy",
        "bot/core/effects/send_copy.py",
        "        if lost.code not in _UNREADABLE:\n            raise\n        unreadable =",
        "        raise\n        unreadable =",
        f"{COPIES}::test_R24_one_photo_that_cannot_be_read_does_not_keep_the_rest_from_coming",
    ),
    Mutant(
        "R25: an export says of a reply that it was called back",
        "storage/records/folder.py",
        '    return {note.facts["reply"]: note for note in notes}\n',
        "    return {}\n",
        f"{EXPORT}::test_R25_a_reply_that_was_called_back_is_marked_in_an_export",
    ),
    Mutant(
        "R7: whoever is outside the practice is not told to run its commands",
        "bot/core/effects/show_picture.py",
        "        text = about_uses.NOT_SHOWN_HERE\n",
        '        text = to_the_team.stuck.english("showing a picture", why.code)\n',
        f"{ARRIVED}::test_R7_who_was_to_see_a_picture_that_did_not_come_hears_what_they_can_do",
    ),
    Mutant(
        "R33a: a breach names nobody to a manager who may not know of them",
        "bot/core/breaches.py",
        "text if manager.id in able else instead",
        "text",
        f"{NAMES}::test_R33a_a_breach_does_not_name_a_mature_minor_to_the_manager_who_is_her_parent",
    ),
    Mutant(
        "R33a: nor when that manager asks for it",
        "handlers/incidents/assess_breach.py",
        "    whole = await may_read_of(tx, reader, breach.reader_ids)",
        "    whole = True",
        f"{NAMES}::test_R33a_a_breach_does_not_name_a_mature_minor_to_the_manager_who_is_her_parent",
    ),
    Mutant(
        "R25: what no manager may read is known to others, too",
        "bot/core/breaches.py",
        "    if managers and not able:",
        "    if False:",
        f"{NAMES}::test_R25_what_no_manager_may_read_is_told_to_the_practice_and_is_whole_at_the_computer",
    ),
    Mutant(
        "R25: nor does it go unnoticed that somebody was not told",
        "bot/core/not_told.py",
        "named, words.SOMEBODY_NOT_TOLD)",
        'named, "")',
        f"{NAMES}::test_R25_that_somebody_was_not_told_goes_unnoticed_nowhere",
    ),
    Mutant(
        "R25: nobody else calls a reply back",
        "bot/domain/breach.py",
        "    theirs = [reply for reply in replies if Role.MANAGER in roles or reply.author_id in work_of]",
        "    theirs = list(replies)",
        f"{REPLY}::test_R25_nobody_else_calls_a_reply_back",
    ),
    Mutant(
        "R33a: a parent calls back nothing that their child alone read",
        "bot/domain/breach.py",
        "    return [reply for reply in theirs if reply.author_id == by or reply.reader_id not in unheard_of]",
        "    return theirs",
        f"{REPLY}::test_R33a_what_a_mature_minor_read_is_not_her_parents_to_call_back_or_to_hear_of",
    ),
    Mutant(
        "R25: a reply to a colleague can be found",
        "handlers/team/reply.py",
        '    key = f"{TO_COLLEAGUE if to_colleague else REPLY}{document.id}"',
        '    key = "" if to_colleague else f"{REPLY}{document.id}"',
        f"{REPLY}::test_R5_a_reply_to_a_colleague_is_called_back_and_they_are_asked_what_became_of_it",
    ),
    Mutant(
        "R25: what stands of a reply is hidden at once",
        RECALL,
        "    await tx.hide_now(*posts, *typed, *of_record)",
        "    await tx.hide_now(*typed, *of_record)",
        f"{REPLY}::test_R25_a_reply_is_taken_back_its_reader_told_and_the_clock_started",
    ),
    Mutant(
        "R25: the copy that holds it goes too",
        RECALL,
        "    await tx.hide_now(*posts, *typed, *of_record)",
        "    await tx.hide_now(*posts, *typed)",
        f"{REPLY}::test_R25_the_record_keeps_it_with_a_note_and_nobody_gets_it_in_a_copy",
    ),
    Mutant(
        "R25: a reply that was called back is in no copy of the record",
        "bot/core/copy_contents.py",
        "        if document is None or document.is_called_back:",
        "        if document is None:",
        f"{REPLY}::test_R25_the_record_keeps_it_with_a_note_and_nobody_gets_it_in_a_copy",
    ),
    Mutant(
        "R25: a reply called back on its way was not stopped for another reason",
        "bot/core/documents.py",
        "    if document.is_called_back:\n        return",
        "    if False:\n        return",
        f"{REPLY}::test_R25_a_reply_still_on_its_way_is_not_sent_and_nobody_is_told_a_wrong_reason",
    ),
    Mutant(
        "R25: of a reply sent by an older version nobody says that nothing of it stood",
        RECALL,
        "    if not posts:\n        return Where.NOT_NOTED",
        "    if not posts:\n        return Where.NOTED",
        f"{REPLY}::test_R25_what_an_older_version_sent_is_said_not_to_be_found_and_is_assessed",
    ),
    Mutant(
        "R28: of deleted words nobody hears who may not hear of the image any more",
        "handlers/photos/words_deleted.py",
        "        if await may_be_told(tx.rows, person, [image], hearing, tx.today):",
        "        if True:",
        f"{WORDS}::test_R28_who_does_not_speak_for_the_patient_any_more_hears_nothing_of_the_record",
    ),
    Mutant(
        "R25: whoever deletes a reply hears that it reached somebody all the same",
        "handlers/photos/message_deleted.py",
        "            await words_deleted(arrival, tx)",
        "            pass",
        f"{WORDS}::test_R25_a_clinician_hears_that_deleting_a_reply_takes_it_from_nobody_and_how_to",
    ),
    Mutant(
        "R25: what one person answers to `!recall` settles nobody else's question",
        "bot/domain/copies.py",
        '    return f"{_WHICH_REPLY}{image_id}:{person_id}"',
        '    return f"{_WHICH_REPLY}{image_id}"',
        f"{BESIDE}::test_R25_what_one_person_answers_leaves_anothers_question_open",
    ),
    Mutant(
        "R33a: a recall takes no copy from somebody who may not know of the reply",
        RECALL,
        "        if person.id == reader.id or await open_to(tx.rows, person.id, reply.patient_id, line, tx.today)\n",
        "        if True\n",
        f"{BESIDE}::test_R33a_a_copy_goes_only_where_it_held_the_reply_and_then_its_reader_is_asked_to_delete",
    ),
    Mutant(
        "R25: whoever else had the reply in a copy is in the assessment",
        RECALL,
        "[reader, *others, *perhaps], where, tx)",
        "[reader], where, tx)",
        f"{BESIDE}::test_R33a_a_copy_goes_only_where_it_held_the_reply_and_then_its_reader_is_asked_to_delete",
    ),
    Mutant(
        "R25: what the record notes about a reply stays where the reply is",
        "bot/core/effects/refile_image.py",
        "    return reply_id is None or reply_id in along",
        "    return True",
        f"{BESIDE}::test_R25_the_note_of_a_called_back_reply_stays_in_the_record_that_holds_it",
    ),
    Mutant(
        "R33a: a manager who may not read a breach does not close it",
        "handlers/incidents/assess_breach.py",
        "    if not await may_assess(tx, request.person, found):",
        "    if False:",
        f"{BESIDE}::test_R33a_a_manager_who_may_not_read_a_breach_neither_adds_to_it_nor_closes_it",
    ),
    Mutant(
        "R25: a breach is told where somebody reads it",
        "bot/core/breaches.py",
        "    managers = [manager for manager in active if manager.id in reached]",
        "    managers = active",
        f"{BESIDE}::test_R25_a_breach_is_not_told_to_a_chat_that_nobody_reads",
    ),
    Mutant(
        "R25: of many replies the older ones can be called back too",
        RECALL,
        "    if len(replies) > first + MOST:",
        "    if False:",
        f"{BESIDE}::test_R25_of_more_replies_than_a_poll_holds_the_older_ones_are_a_tap_away",
    ),
)
