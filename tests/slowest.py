"""The test files that take longest, the longest first: begun first, so that no core is idle while another ends one of them."""

from __future__ import annotations

SLOWEST = (
    "tests/histories/test_histories.py",
    "tests/integration/test_bot_restart.py",
    "tests/integration/test_page.py",
    "tests/crash/test_crash.py",
    "tests/integration/test_page_hazards.py",
    "tests/integration/test_corpus.py",
    "tests/heard/test_patients.py",
    "tests/integration/test_page_first_visit.py",
    "tests/integration/test_documents.py",
    "tests/integration/test_page_rights.py",
    "tests/integration/test_demo.py",
    "tests/integration/test_soak.py",
    "tests/integration/test_matrix_talk.py",
    "tests/integration/test_attacks_on_the_bot.py",
    "tests/integration/test_incidents.py",
    "tests/integration/test_page_way_back.py",
    "tests/integration/test_page_told.py",
    "tests/integration/test_matrix_feed.py",
    "tests/integration/test_bot_bad_input.py",
    "tests/integration/test_one_ear_played.py",
    "tests/integration/test_bot_refuses_to_run.py",
    "tests/integration/test_attacks_on_authority.py",
    "tests/unit/test_imaging_documents.py",
    "tests/integration/test_bot_story.py",
    "tests/integration/test_page_opened.py",
    "tests/integration/test_canary.py",
    "tests/contract/test_fhir_faults.py",
    "tests/integration/test_archive_of_a_running_bot.py",
    "tests/integration/test_uses_advice.py",
    "tests/integration/test_purger.py",
)


def rank(node_id: str) -> int:
    """Where a test stands: those of the slowest files before all others, which keep their order."""
    file = node_id.partition("::")[0]
    return SLOWEST.index(file) if file in SLOWEST else len(SLOWEST)
