"""Mutants of the copies on a FHIR server: whose they are, how sure they are called, and what is left of them."""

from __future__ import annotations

from .mutant import Mutant

COPIES = "tests/contract/test_fhir_copies.py"
FAULTS = "tests/contract/test_fhir_faults.py"
ONLY_PATIENT = f"{COPIES}::test_R15_nothing_is_placed_but_under_the_only_patient_on_whom_all_agrees"
PATIENTS = "storage/records/fhir/fhir_patients.py"
FHIR = "storage/records/fhir/fhir_copy.py"
REMOVAL = "storage/records/fhir/fhir_removal.py"

OF_FHIR = (
    Mutant(
        "R15: of a FHIR server's patients, one that was replaced by another gets nothing",
        PATIENTS,
        ' and not any(link.get("type") == "replaced-by" for link in links)',
        "",
        ONLY_PATIENT,
    ),
    Mutant(
        "R15: nor does either of two",
        PATIENTS,
        "    if len(theirs) > 1:\n",
        "    if False:\n",
        ONLY_PATIENT,
    ),
    Mutant(
        "R15: nor one with another date of birth, whatever the server makes of the question",
        PATIENTS,
        "    return born and any(",
        "    return any(",
        f"{COPIES}::test_a_server_that_passes_over_the_date_of_birth_is_not_believed",
    ),
    Mutant(
        "R15: nor one with another family name",
        PATIENTS,
        "    if not named:\n",
        "    if False:\n",
        ONLY_PATIENT,
    ),
    Mutant(
        "R35: a copy on a FHIR server is verified by its bytes",
        FHIR,
        'if digest == ref["sha256"] else',
        "if True else",
        "tests/contract/test_further_copies.py::test_R35_nothing_is_claimed_that_the_place_does_not_show",
    ),
    Mutant(
        "R35: and under the right patient",
        FHIR,
        'if not _is_of(talk, document, ref["patient"]):',
        "if False:",
        f"{COPIES}::test_R35_a_document_that_somebody_moved_to_another_patient_is_not_verified",
    ),
    Mutant(
        "two documents of one id are refused",
        FHIR,
        "    if len(found) > 1:\n",
        "    if False:\n",
        f"{COPIES}::test_two_of_one_id_are_refused_and_a_person_looks",
    ),
    Mutant(
        "bytes that a FHIR server got are not sent again after a crash",
        FHIR,
        "                await self._notes.keep(about, ended(begun(noted), path, sha256))\n",
        "                pass\n",
        f"{COPIES}::test_bytes_whose_place_was_noted_before_the_bot_died_are_used_and_not_sent_again",
    ),
    Mutant(
        "R30: consents to an image that was under the wrong patient end on the FHIR server",
        REMOVAL,
        "                if of_image:\n",
        "                if False:\n",
        f"{COPIES}::test_R15_what_is_left_under_the_wrong_patient_is_empty_and_permits_nothing",
    ),
    Mutant(
        "R23: what a FHIR server keeps of a copy is said",
        REMOVAL,
        "            elif left is Residue.GONE and await self._gives_older_versions(path, now):\n",
        "            elif False:\n",
        f"{COPIES}::test_R23_what_a_server_keeps_is_said_also_by_a_second_try",
    ),
    Mutant(
        "R13: a consent that arrives after its withdrawal permits nothing",
        "storage/records/fhir/fhir_companions.py",
        '            consent["status"] = "inactive"\n',
        "            pass\n",
        f"{COPIES}::test_R13_a_consent_is_inactive_once_it_was_withdrawn_whichever_answer_arrives_first",
    ),
    Mutant(
        "who is not known at a FHIR server is asked for again the next day",
        "bot/domain/delivery_events.py",
        " if event.why in OF_THE_PATIENT else None\n",
        " if False else None\n",
        "tests/unit/test_fhir_destination.py"
        "::test_R15_a_patient_who_is_not_known_there_is_told_of_and_asked_for_again_the_next_day",
    ),
    Mutant(
        "R23: what may have gone astray on a FHIR server is said",
        "storage/records/fhir/fhir_removal.py",
        "        if may_be_astray(",
        "        if not may_be_astray(",
        f"{COPIES}::test_bytes_whose_place_was_never_noted_are_left_over_only_where_the_server_chose_it",
    ),
)
