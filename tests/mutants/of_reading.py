"""Who reads what, and what is told when nothing shows that they did: a small change to each promise."""

from __future__ import annotations

from .mutant import Mutant

READS = "tests/unit/test_who_reads.py"
UNOPENED = "tests/unit/test_unopened.py"
READING = (
    Mutant(
        "words stand in the thread of their photo",
        "bot/core/effects/say.py",
        "        content |= in_thread(root)\n",
        "        pass\n",
        f"{READS}::test_words_stand_in_the_thread_of_the_photos_announcement",
    ),
    Mutant(
        "nothing hangs on an announcement that is gone",
        "bot/core/effects/say.py",
        "    return next((post.event_id for post in posts if post.stands_at(world.clock.now())), NO_EVENT)",
        "    return next((post.event_id for post in posts), NO_EVENT)",
        f"{READS}::test_where_the_announcement_is_gone_words_are_a_message_of_their_own",
    ),
    Mutant(
        "a photo that was never announced changes no other message",
        "bot/core/telling.py",
        "    return await tx.rows.copies.of_post(posted, what=What.POST) if posted else []",
        "    return await tx.rows.copies.of_post(posted, what=What.POST)",
        f"{READS}::test_a_photo_that_was_never_announced_changes_no_other_message",
    ),
    Mutant(
        "who took the photo hears the words in their own chat",
        "bot/core/who_reads.py",
        "    if taker is not None:\n",
        "    if False:\n",
        f"{READS}::test_whoever_took_the_photo_hears_the_words_too_in_their_own_chat",
    ),
    Mutant(
        "whom words reach is said once",
        "handlers/photos/pass_on.py",
        "    if len(theirs) <= 1 and await",
        "    if False and await",
        f"{READS}::test_it_is_said_once_and_again_when_another_day_begins",
    ),
    Mutant(
        "R15: who answers for several hears each time whose photo it is",
        "handlers/photos/pass_on.py",
        "    if len(theirs) <= 1 and await",
        "    if await",
        f"{READS}::test_R15_who_answers_for_several_hears_each_time_whose_photo_it_is",
    ),
    Mutant(
        "it is said again when the practice closes",
        "handlers/photos/pass_on.py",
        ":{tx.today}:{turn}",
        ":{tx.today}",
        f"{READS}::test_it_is_said_again_when_the_practice_closes_and_when_another_photo_is_meant",
    ),
    Mutant(
        "what was opened goes to nobody else",
        "bot/core/effects/look_if_opened.py",
        "    if document is None or await _shows_opened(world, posts):\n",
        "    if document is None:\n",
        f"{READS}::test_what_was_opened_or_answered_goes_to_nobody_else",
    ),
    Mutant(
        "what was answered goes to nobody else",
        "bot/core/unopened.py",
        "    elif not await _answered(tx, document, image):\n",
        "    else:\n",
        f"{READS}::test_what_was_opened_or_answered_goes_to_nobody_else",
    ),
    Mutant(
        "R33: whoever is on duty reads nothing as staff of whom they speak for",
        "bot/core/on_duty.py",
        "    return duty if duty is not None and await _is_apart(duty, image, tx) else None",
        "    return duty",
        f"{READS}::test_R33_whoever_is_on_duty_hears_nothing_as_staff_of_a_patient_they_speak_for",
    ),
    Mutant(
        "R29: words hang on what is asked",
        "handlers/photos/written_about.py",
        "    return asked[-1] if asked else await",
        "    return await",
        f"{READS}::test_R29_words_that_name_nothing_are_about_what_is_asked",
    ),
    Mutant(
        "R29: words hang on the photo a clinician last wrote about",
        "handlers/photos/written_about.py",
        "    return sent if latest is None or newer else known[latest.image_id]",
        "    return sent",
        f"{READS}::test_R29_else_about_the_photo_a_clinician_last_wrote_about",
    ),
    Mutant(
        "R28a: nobody is asked to call somebody who may not hear it any more",
        "bot/core/unopened.py",
        "    if not may or not reply.counts_as_told:\n",
        "    if not reply.counts_as_told:\n",
        f"{UNOPENED}::test_R28a_nobody_is_asked_to_call_somebody_who_may_not_hear_it_any_more",
    ),
    Mutant(
        "R28a: whoever is on duty is told in place of who left",
        "bot/core/unopened.py",
        "    told = author if treats(author) else await on_duty_for(image, tx)",
        "    told = author",
        f"{UNOPENED}::test_R28a_once_its_author_has_left_whoever_is_on_duty_is_told",
    ),
    Mutant(
        "a reply stays until its reader can be called",
        "handlers/team/reply.py",
        "    lasts = None if to_colleague else STAYS * tx.policy.keep_messages\n",
        "    lasts = None\n",
        f"{UNOPENED}::test_the_reply_is_still_there_when_its_reader_is_called",
    ),
    Mutant(
        "a thread is read for itself",
        "bot/matrix/opened.py",
        '    return event_id in read or any(event.get("event_id") in read and _thread_of(event) == thread for event in later)',
        '    return event_id in read or any(event.get("event_id") in read for event in later)',
        "tests/unit/test_matrix_opened_by.py::test_what_does_not_show_it",
    ),
)
