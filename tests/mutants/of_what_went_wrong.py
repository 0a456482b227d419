"""What is done when something went wrong, and whom it reaches: a small change, and who notices."""

from __future__ import annotations

from .mutant import Mutant

AS_ASKED = "tests/unit/test_words_as_asked.py"

OF_WHAT_WENT_WRONG = (
    Mutant(
        "R7: a tap about other words sends nothing",
        "handlers/uses/forward.py",
        "    if use.state is UseState.ASKED and use.reason_shown != sent_for(image):",
        "    if False:",
        f"{AS_ASKED}::test_R7_a_tap_about_other_words_sends_nothing_and_is_asked_for_anew",
    ),
    Mutant(
        "R8: an adviser reads nothing newer than what was agreed to",
        "bot/words/about_uses.py",
        "    return use.reason_shown or spoken(use.purpose)",
        "    return spoken(use.purpose)",
        f"{AS_ASKED}::test_R8_the_adviser_reads_what_was_agreed_to_and_nothing_newer",
    ),
)
