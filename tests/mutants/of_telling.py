"""Telling of photos that come together, and what goes before what: a small change to each promise."""

from __future__ import annotations

from .mutant import Mutant

TELLING_TESTS = "tests/unit/test_telling.py"
TELLING = (
    Mutant(
        "photos that come together have one answer",
        "bot/core/telling.py",
        "    return any(abs(tx.now - image.received_at) < ON_ITS_WAY for image in coming)  # the clock may have been set back",
        "    return False",
        f"{TELLING_TESTS}::test_photos_that_come_together_have_one_answer_and_one_line_for_the_team",
    ),
    Mutant(
        "those that are safe wait ten seconds at most",
        "bot/core/telling.py",
        '        await tx.remind("burst", added.id, WAIT)\n',
        "",
        f"{TELLING_TESTS}::test_ten_seconds_at_most_those_that_are_safe_are_told_of",
    ),
    Mutant(
        "what can't be fetched keeps no other photo waiting",
        "bot/core/telling.py",
        "    return any(abs(tx.now - image.received_at) < ON_ITS_WAY for image in coming)  # the clock may have been set back",
        "    return bool(coming)",
        f"{TELLING_TESTS}::test_what_can_t_be_fetched_for_a_minute_keeps_no_other_photo_waiting",
    ),
    Mutant(
        "R1: nobody reads under one photo the reason of another",
        "bot/core/telling.py",
        "        alike.setdefault((image.patient_id, image.purpose, image.reason), []).append(image)",
        '        alike.setdefault(("", None, ""), []).append(image)',
        f"{TELLING_TESTS}::test_what_was_sent_for_different_things_is_answered_apart",
    ),
    Mutant(
        "R17: each image has what was said of it among its copies",
        "bot/core/transaction.py",
        "            for about in (image_id, *others):",
        "            for about in (image_id,):",
        f"{TELLING_TESTS}::test_each_has_what_was_said_of_it_among_its_copies_and_it_is_redacted_once",
    ),
    Mutant(
        "what nobody waits for stands back for a second at most",
        "bot/core/worker.py",
        "    return planned.due_at + STANDS_BACK_FOR if comes_first else now",
        "    return now + LOOK_AGAIN if comes_first else now",
        "tests/unit/test_worker.py::test_while_photos_are_fetched_what_nobody_waits_for_stands_back_for_a_second",
    ),
    Mutant(
        "people are answered before what nobody waits for is begun",
        "bot/core/worker.py",
        "    return planned.due_at + STANDS_BACK_FOR if comes_first else now",
        "    return now",
        "tests/unit/test_worker.py::test_while_photos_are_fetched_what_nobody_waits_for_stands_back_for_a_second",
    ),
    Mutant(
        "a further copy is made before the chat is cleared",
        "bot/core/schedule.py",
        "    return queue_of(intent) in {Queue.TELL_TEAM, Queue.ERASE, Queue.LOOK} and not isinstance(intent, RemoveMember)",
        "    return False",
        "tests/unit/test_worker.py::test_while_a_further_copy_is_made_clearing_stands_back_and_answers_do_not",
    ),
    Mutant(
        "an answer is said before the chat is cleared",
        "bot/core/schedule.py",
        "    return before is Queue.ANSWER and queue in {Queue.TELL_TEAM, Queue.ERASE}",
        "    return False",
        "tests/unit/test_worker.py::test_while_an_answer_is_said_clearing_and_telling_stand_back_and_filing_does_not",
    ),
    Mutant(
        "R28a: who is put out of a room waits for no answer",
        "bot/core/schedule.py",
        "    if isinstance(intent, RemoveMember):\n        return False\n",
        "",
        "tests/unit/test_worker.py::test_while_an_answer_is_said_clearing_and_telling_stand_back_and_filing_does_not",
    ),
)
