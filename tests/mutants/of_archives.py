"""Mutants of the promises about copies in an image archive."""

from __future__ import annotations

from .mutant import Mutant

ARCHIVE, INSTANCE = "storage/records/dicom/image_archive.py", "storage/records/dicom/dicom_instance.py"
BASELINE = "bot/domain/baseline_jpeg.py"
JUDGED = "tests/unit/test_dicom_instance.py"
ARCHIVES = "tests/contract/test_image_archives.py"
PRACTICE = "tests/unit/test_copies_in_an_archive.py"

OF_ARCHIVES = (
    Mutant(
        "a photo stands in its instance byte for byte",
        INSTANCE,
        "        dicom.in_one_fragment(leaving.content),",
        "        dicom.in_one_fragment(leaving.content[:-2]),",
        f"{JUDGED}::test_a_baseline_photo_stands_in_it_byte_for_byte_and_comes_out_so",
    ),
    Mutant(
        "a mirrored photo is not shown the wrong way round",
        BASELINE,
        "        elif marker == _APP1 and body",
        "        elif False and body",
        f"{JUDGED}::test_what_no_archive_keeps_as_it_is_is_refused_and_goes_as_something_else",
    ),
    Mutant(
        "what may be there is not sent again",
        ARCHIVE,
        "            if await archive.has(uids):",
        "            if False:",
        f"{ARCHIVES}::test_what_is_placed_again_is_there_once_and_was_sent_once",
    ),
    Mutant(
        "R35: verified in an archive means identical",
        ARCHIVE,
        'if found.sha256 == ref["sha256"] else',
        "if True else",
        f"{ARCHIVES}::test_R35_a_byte_flipped_on_the_way_back_is_never_verified",
    ),
    Mutant(
        "R35: verified in an archive means under the right patient",
        ARCHIVE,
        '        if not self._is_right(found, ref["whose"], ref["instance"]):',
        "        if False:",
        f"{ARCHIVES}::test_R35_nothing_is_verified_under_another_patient",
    ),
    Mutant(
        "R15: a patient of another birth date in an archive is somebody else",
        ARCHIVE,
        'if born - {f"{patient.born:%Y%m%d}"} or not',
        "if not",
        f"{ARCHIVES}::test_a_patient_is_known_by_number_birth_date_and_family_name_and_named_as_the_archive_spells_it",
    ),
    Mutant(
        "R15: in an archive the wrong copy stays until the right one was read back",
        ARCHIVE,
        "        if (await self.confirm(placed)).level is not Level.VERIFIED:",
        "        if False:",
        f"{ARCHIVES}::test_R15_a_moved_photo_is_verified_under_the_right_patient_before_the_wrong_one_is_touched",
    ),
    Mutant(
        "R23: what an archive goes on serving is not called gone",
        ARCHIVE,
        "            return Residue.GONE if await _is_gone(archive, at) else Residue.BEYOND_REACH",
        "            return Residue.GONE",
        f"{ARCHIVES}::test_an_archive_that_knows_no_delete_is_believed_by_what_it_serves",
    ),
    Mutant(
        "R23: of what stays in an archive the number is said",
        "bot/core/delivery_account.py",
        "{to.name for to in destinations if to.is_archive}",
        "set[str]()",
        f"{PRACTICE}::test_R23_of_what_is_destroyed_the_register_keeps_the_number_under_which_it_still_lies_there",
    ),
    Mutant(
        "R35: a rendition is called one",
        "bot/core/packing.py",
        "shown.media_type, CopyForm.RENDITION)",
        "shown.media_type, CopyForm.ORIGINAL)",
        f"{PRACTICE}::test_R35_what_no_archive_keeps_as_it_is_goes_as_a_rendition_and_is_called_so",
    ),
    Mutant(
        "what an archive has lost goes there again",
        "bot/domain/delivery_reasons.py",
        "PLACED_AGAIN = frozenset({MOVING, LOST, ALONE, BESIDE_TWICE})",
        "PLACED_AGAIN = frozenset({MOVING, ALONE, BESIDE_TWICE})",
        f"{PRACTICE}::test_what_an_archive_has_lost_before_it_was_read_back_goes_there_again",
    ),
)
