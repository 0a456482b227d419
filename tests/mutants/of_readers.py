"""Mutants of the readers of what staff write: names, numbers, people, days, and a consent that is withheld (R9, R15, R34)."""

from __future__ import annotations

from .mutant import Mutant

SPELLINGS = "tests/unit/test_spellings.py"
WHOM = "tests/unit/test_whom_words_name.py"
DAYS = "tests/unit/test_written_days.py"
WITHHELD = "tests/unit/test_withheld.py"
USE_LINE = "tests/unit/test_use_line.py"

OF_READERS = (
    Mutant(
        "R15: a record number is compared folded",
        "bot/domain/spelling.py",
        '    return folded(number).replace(" ", "")',
        "    return number",
        f"{SPELLINGS}::test_R15_who_is_enrolled_already_gets_no_second_record",
    ),
    Mutant(
        "R15: a name is compared in one form of its letters",
        "bot/domain/spelling.py",
        'normalize("NFKC", name.translate(_ONE_FORM)).casefold()',
        "name.translate(_ONE_FORM).casefold()",
        f"{SPELLINGS}::test_a_name_is_the_same_however_it_is_typed",
    ),
    Mutant(
        "R15: the account of a pill counts, not its name",
        "bot/core/who_is_meant.py",
        "    text = with_accounts(text, content)\n    named = read(text, [])",
        "    named = read(text, [])",
        f"{WHOM}::test_R15_the_name_that_a_pill_shows_is_never_trusted_over_its_account",
    ),
    Mutant(
        "R15: of two whom words fit neither is chosen",
        "bot/core/who_is_meant.py",
        "    if len(people) > 1:\n",
        "    if False:\n",
        f"{WHOM}::test_R15_of_two_whom_the_words_fit_neither_is_chosen",
    ),
    Mutant(
        "R15: who is named by a name leaves by a tap",
        "handlers/people/staff_leaves.py",
        "    if as_account(deed.who) and (deed.successor is None or as_account(deed.successor)):\n",
        "    if True:\n",
        f"{WHOM}::test_R15_who_leaves_by_name_leaves_by_a_tap_that_names_them",
    ),
    Mutant(
        "R15: a reply mentions nobody by itself",
        "bot/heard/mentions.py",
        "    if is_reply or not isinstance(ids, list):\n",
        "    if not isinstance(ids, list):\n",
        f"{WHOM}::test_a_reply_mentions_nobody_by_itself",
    ),
    Mutant(
        "the managers hear once whom to enrol",
        "handlers/uses/ask_to_enrol.py",
        "    if not await tx.rows.copies.of_posts([key]):\n        for manager in await tx.managers():\n            text",
        "    if True:\n        for manager in await tx.managers():\n            text",
        f"{WHOM}::test_the_managers_hear_once_whom_a_colleague_wants_to_ask_with_the_line_to_write",
    ),
    Mutant(
        "R15: a day in doubt is asked about",
        "bot/heard/written_days.py",
        "    if found.doubt:\n",
        "    if not found.readings and not found.turned:\n",
        f"{DAYS}::test_what_may_be_two_days_is_asked_with_the_line_to_write",
    ),
    Mutant(
        "R15: the month is never put first silently",
        "bot/heard/written_days.py",
        "    return WrittenDay(found.start(), found.end(), found[0], readings, turned)\n",
        "    return WrittenDay(found.start(), found.end(), found[0], readings or turned)\n",
        f"{DAYS}::test_what_may_be_two_days_is_asked_with_the_line_to_write",
    ),
    Mutant(
        "R34: a consent that is withheld is not given",
        "bot/heard/statement_line.py",
        "    return _without_consent(said, text) if consent_withheld(text) else said\n",
        "    return said\n",
        f"{WITHHELD}::test_R34_what_is_denied_doubted_or_to_come_is_never_given",
    ),
    Mutant(
        "R34: a denial undoes what was said before",
        "handlers/photos/fill_in.py",
        "    if said.withheld:  # also what was said before (R34)\n",
        "    if False:\n",
        f"{WITHHELD}::test_R34_a_denial_undoes_the_consent_that_was_said_and_is_no_reason",
    ),
    Mutant(
        "R9: words that may belong in two places are asked about",
        "bot/heard/use_line.py",
        "        if not something_is_said or has_its_place or",
        "        if True or has_its_place or",
        f"{USE_LINE}::test_what_cannot_be_meant_is_said_by_name",
    ),
    Mutant(
        "R9: what the requester did not say is not told as their word",
        "bot/words/about_requests.py",
        '    if use.recognisable in {"", NOT_SAID}:\n',
        "    if False:\n",
        f"{USE_LINE}::test_the_line_in_the_readme_asks_its_writer_nothing_more",
    ),
    Mutant(
        "R1: a purpose is stated alone or before a mark",
        "bot/domain/purposes.py",
        r"(?:(?:\s?[:,.;!]|\s[–—-]\s)(.*)|\s*)$",
        r"\b[\s:,.;-]*(.*)$",
        "tests/unit/test_domain_words.py::test_a_purpose_is_care_unless_the_sender_says_otherwise",
    ),
)
