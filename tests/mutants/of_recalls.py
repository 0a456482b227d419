"""What is called back, what is said of it, and to whom: a small change, and who notices."""

from __future__ import annotations

from .mutant import Mutant

NAMES = "tests/unit/test_breach_names_nobody.py"

OF_RECALLS = (
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
)
