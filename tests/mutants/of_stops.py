"""Mutants of a no and a stop of a use, whatever else is asked (R13, R29a, R34)."""

from __future__ import annotations

from .mutant import Mutant

STOPS = "tests/unit/test_stops_of_a_use.py"
AROUND = "handlers/photos/around.py"

OF_STOPS = (
    Mutant(
        "R13: a stop that names what is under way answers no other request",
        AROUND,
        "        return of_these if of_these or (purposes and self.photos_in_use) else able\n",
        "        return of_these or able\n",
        f"{STOPS}::test_R13_a_stop_that_names_what_is_under_way_holds_it_and_answers_no_other_request",
    ),
    Mutant(
        "R13: a stop that names no purpose holds what is under way, beside what it refuses",
        "handlers/photos/in_use.py",
        "        return _images([use for use in self.under_way if use.state in LIVE]) if said.of_what_goes_on else frozenset()\n",
        "        return frozenset()\n",
        f"{STOPS}::test_R13_a_stop_of_what_it_does_not_name_refuses_what_is_asked_and_holds_what_is_under_way",
    ),
    Mutant(
        "R13: a no to the request after the yes takes it back",
        "handlers/uses/consent_answer.py",
        "    if use.state in _AGREED:\n",
        "    if False:\n",
        f"{STOPS}::test_R13_a_no_to_the_request_after_the_yes_takes_it_back",
    ),
    Mutant(
        "R13: a no right after the yes holds the use",
        AROUND,
        "        agreed=bool(around.in_use.agreed),\n",
        "",
        f"{STOPS}::test_R13_a_no_right_after_the_yes_holds_the_use_and_is_asked_about",
    ),
    Mutant(
        "R29a: the other parent's no to a use under way holds it",
        AROUND,
        "        in_use=around.in_use.purposes,\n",
        "",
        f"{STOPS}::test_R29a_the_other_parents_no_to_a_use_under_way_holds_it",
    ),
    Mutant(
        "R13: an edit to no is a no",
        "handlers/photos/edit.py",
        "    return partial(do, around) if says_no else None\n",
        "    return None\n",
        f"{STOPS}::test_R13_an_edit_to_no_is_a_no",
    ),
    Mutant(
        "R34: an edit to yes stays no consent",
        "bot/core/dispatch/answers.py",
        '    return named if named is not None and named.about == "specific-consent" and named.value == "no" else None\n',
        '    return named if named is not None and named.about == "specific-consent" else None\n',
        f"{STOPS}::test_R34_an_edit_to_yes_stays_no_consent",
    ),
    Mutant(
        "R13: a no to both counts for both",
        "handlers/photos/answer_open.py",
        "    to_all = refuses and not answer.numbers and around.request.said.of_all\n",
        "    to_all = False\n",
        f"{STOPS}::test_R13_a_no_to_both_counts_for_both",
    ),
)
