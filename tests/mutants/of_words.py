"""Mutants of whom words reach, and where they are filed (R28–R30, R33a)."""

from __future__ import annotations

from .mutant import Mutant

REPLY = "tests/unit/test_reply.py"
WORDS = "tests/unit/test_right_words.py"

OF_WORDS = (
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
        "    not_theirs = bool(image.patient_id) and await decides_not(person.id, image.patient_id, tx)\n",
        "    not_theirs = False\n",
        f"{WORDS}::test_R30_a_grown_up_childs_photo_is_held_and_implies_nothing_until_the_patient_agrees",
    ),
)
