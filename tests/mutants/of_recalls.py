"""What is called back, what is said of it, and to whom: a small change, and who notices."""

from __future__ import annotations

from .mutant import Mutant

NAMES = "tests/unit/test_breach_names_nobody.py"

OF_RECALLS = (
    Mutant(
        "R33a: a breach names nobody to a manager who may not know of them",
        "bot/core/breaches.py",
        "        said = text if await may_read_of(tx, manager, named) else instead",
        "        said = text",
        f"{NAMES}::test_R33a_a_breach_does_not_name_a_mature_minor_to_the_manager_who_is_her_parent",
    ),
    Mutant(
        "R33a: nor when that manager asks for it",
        "handlers/incidents/assess_breach.py",
        "    whole = await may_read_of(tx, reader, breach.reader_ids)",
        "    whole = True",
        f"{NAMES}::test_R33a_a_breach_does_not_name_a_mature_minor_to_the_manager_who_is_her_parent",
    ),
)
