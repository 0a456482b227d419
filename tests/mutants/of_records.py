"""Mutants of the further copies of the record: what leaves, how sure it is called, what is left behind."""

from __future__ import annotations

from .mutant import Mutant

SHARE = "tests/unit/test_destinations.py"
MEANWHILE = "tests/unit/test_copies_meanwhile.py"
PLACES = "tests/contract/test_further_copies.py"
KILLED = (
    "tests/crash/test_shared_folder.py"
    "::test_killed_at_any_step_it_is_there_whole_once_or_not_yet_and_the_next_start_goes_on"
)
FURTHER = "bot/core/further_copies.py"
ACCOUNT = "bot/core/delivery_account.py"
FOLDER = "storage/records/shared_folder.py"
CORNER = "storage/records/own_corner.py"

OF_RECORDS = (
    Mutant(
        "R33a: a further copy holds nothing that is held back from somebody",
        "bot/core/packing.py",
        "            held_back = taken_back or is_held_back(circle, matter, involved, told, today, at)",
        "            held_back = taken_back",
        f"{SHARE}::test_R33a_a_mature_minors_own_goes_only_where_staff_alone_read_nor_words_that_mention_it",
        seen_by_histories=True,
    ),
    Mutant(
        "R33a: nor do the further copies of words that mention it",
        "bot/core/packing.py",
        "            if held_back or await _mentions_their_own(rows, leaving, circle, today):",
        "            if held_back:",
        f"{SHARE}::test_R33a_a_mature_minors_own_goes_only_where_staff_alone_read_nor_words_that_mention_it",
    ),
    Mutant(
        "R30: a further copy of what was moved names nobody in whose record it lay",
        "bot/core/packing.py",
        "            leaving = await without_another_patient(rows, leaving)\n",
        "            pass\n",
        "tests/unit/test_refiled_copies.py"
        "::test_R30_the_copy_under_the_right_patient_names_nobody_in_whose_record_it_lay",
        seen_by_histories=True,
    ),
    Mutant(
        "R23: what was sent of a refused copy goes, or is not called gone",
        FURTHER,
        "may_lie = stays or await _remove_under(place, delivery, [whose]) is not Residue.GONE",
        "may_lie = False",
        "tests/unit/test_fhir_destination.py::test_R23_bytes_that_a_server_refuses_to_give_back_are_never_called_gone",
    ),
    Mutant(
        "what was told of a place's trouble before a start is not told again after it",
        "bot/core/watches/deliver.py",
        "self._knows_what_was_told = False",
        "self._knows_what_was_told = True",
        "tests/unit/test_delivery_watch.py"
        "::test_trouble_that_goes_on_over_a_start_is_told_once_and_that_it_is_over_is_told_too",
    ),
    Mutant(
        "R13a: what is concealed goes into a further copy only where staff alone read",
        "bot/domain/destination.py",
        " and (self.staff_only or not facts.get(CONCEALED))",
        "",
        f"{SHARE}::test_R13a_what_is_concealed_from_the_patient_goes_only_where_staff_alone_read",
    ),
    Mutant(
        "no further copy holds a proof",
        "bot/core/packing.py",
        "replace(original, facts=without_proofs(original.facts))",
        "original",
        f"{SHARE}::test_a_photo_is_dropped_whole_clean_and_without_a_name_in_its_name",
    ),
    Mutant(
        "R35: a further copy that lies there is not called taken",
        FOLDER,
        "        if all(digest is None for digest in found.values()):",
        "        if True:",
        f"{PLACES}::test_R35_nothing_is_claimed_that_the_place_does_not_show",
    ),
    Mutant(
        "R35: a further copy on a share that went away is not called taken",
        FOLDER,
        "            self._corner.require()  # it may have gone away in the middle, with all that lies there\n",
        "",
        f"{SHARE}::test_R35_a_share_that_goes_away_in_the_middle_of_a_look_was_taken_by_nobody",
    ),
    Mutant(
        "a further copy is put there once, whatever was restored",
        FOLDER,
        '            if note is None or "left" in note:  # never put there, or taken out since',
        "            if True:",
        f"{SHARE}::test_nothing_is_put_there_twice_after_a_backup_older_than_the_deliveries_was_restored",
    ),
    Mutant(
        "a further copy is seen whole or not at all",
        FOLDER,
        "        writing, ready = self._corner.aside(copy, WRITING), self._corner.aside(copy, READY)",
        "        writing, ready = self.directory / _folder(leaving), self._corner.aside(copy, READY)",
        KILLED,
    ),
    Mutant(
        "what died while it made further copies is swept at the start",
        CORNER,
        "        if self._swept:\n",
        "        if True:\n",
        f"{SHARE}::test_what_an_earlier_process_left_half_is_swept_by_the_next_that_puts_something_there",
    ),
    Mutant(
        "R15: a further copy placed under the wrong patient and never noted is known",
        FURTHER,
        "            delivery = await self.account.save(delivery, PlacingBegun(whose))",
        "            pass",
        f"{SHARE}::test_R15_after_dying_between_placing_and_noting_going_back_leaves_nothing_under_the_wrong_patient",
    ),
    Mutant(
        "R15: a wrong further copy that stays is told of",
        ACCOUNT,
        "                if residue is not Residue.GONE:\n",
        "                if False:\n",
        f"{SHARE}::test_R15_a_wrong_copy_that_was_taken_is_told_as_out_of_reach_and_never_whose_it_became",
    ),
    Mutant(
        "R15: a further copy follows its entry to another patient",
        FOLDER,
        "        return Moved(placed, await self.remove(ref))",
        "        return Moved(placed, Residue.GONE)",
        f"{PLACES}::test_moving_leaves_the_right_copy_alone_and_neither_names_the_other_patient[folder]",
        seen_by_histories=True,
    ),
    Mutant(
        "R23: a further copy goes with its entry",
        FURTHER,
        "            delivery = known if known.residue is not None else await self._take_out(known)",
        "            delivery = known",
        f"{SHARE}::test_R23_what_is_destroyed_goes_from_the_share_and_the_register_says_what_could_not[False]",
        seen_by_histories=True,
    ),
    Mutant(
        "R23: a copy is taken out from where it lies when its turn comes",
        FURTHER,
        "            delivery = await self.account.to(name, known.entry_id) or known",
        "            delivery = known",
        f"{MEANWHILE}::test_R23_what_moves_while_its_destruction_waits_for_its_turn_is_destroyed_where_it_went",
    ),
    Mutant(
        "R15: what was begun under a second patient goes when the photo moves to a third",
        FURTHER,
        "            if delivery.towards != NO_PATIENT:",
        "            if False:",
        f"{MEANWHILE}::test_R15_a_copy_begun_under_a_second_patient_does_not_stay_there_when_the_photo_moves_to_a_third",
    ),
    Mutant(
        "R35: an answer to another message is none to this one",
        "storage/records/hl7_folder.py",
        '        said_now = self._said.get(str(note["control"]))',
        "        said_now = next(iter(self._said.values()), None)",
        "tests/unit/test_hl7_folder.py::test_an_answer_to_another_message_says_nothing_of_this_one",
    ),
    Mutant(
        "what practice software turned down is not sent again",
        "storage/records/hl7_folder.py",
        '            if begins or note.get("silent"):',
        '            if begins or note.get("said"):',
        "tests/unit/test_hl7_folder.py::test_what_was_turned_down_is_never_sent_again[AE]",
    ),
    Mutant(
        "R15: a name in parts has the words of the name it stands for",
        "handlers/people/family_name.py",
        "    if not deed.parts.name.is_of(patient.name):",
        "    if False:",
        "tests/unit/test_formal_names.py::test_R15_another_name_is_no_order_of_the_same_words_and_changes_nothing",
    ),
    Mutant(
        "R23: a further copy that was taken before it could be hidden is not called gone",
        FOLDER,
        "Residue.GONE if is_all_here else Residue.BEYOND_REACH",
        "Residue.GONE",
        "tests/unit/test_copies_left_behind.py::test_R23_what_was_taken_after_a_removal_looked_is_not_called_gone",
    ),
    Mutant(
        "an entry without a further copy yet stops no other",
        FURTHER,
        "tries = await self.account.note_failed(name, entry_id, code)",
        "tries = 1",
        f"{SHARE}::test_a_failure_in_the_middle_is_tried_again_after_a_pause_and_others_have_their_turn",
    ),
    Mutant(
        "an entry that fails while others go is its own trouble",
        "bot/core/delivery_round.py",
        "            self.apart |= failing\n",
        "            pass\n",
        "tests/unit/test_one_that_does_not_go.py::test_it_is_told_once_by_its_reference_while_others_go_and_once_when_it_went_after_all",
    ),
    Mutant(
        "what one place answers does not stop the bot",
        FURTHER,
        "_UNFORESEEN = (AttributeError, LookupError, TypeError, ValueError)",
        "_UNFORESEEN = ()",
        "tests/unit/test_fhir_destination.py::test_an_answer_that_nobody_foresaw_is_the_servers_trouble_and_stops_nothing_else",
    ),
    Mutant(
        "a place that is away is known before it is needed",
        FURTHER,
        "            elif not seen and await self.account.is_begun(name):",
        "            elif False:",
        "tests/unit/test_delivery_watch.py::test_trouble_is_heard_of_before_the_place_is_needed_once_and_once_that_it_is_over",
    ),
    Mutant(
        "R27: what is learnt of a further copy stands in the log",
        ACCOUNT,
        "isinstance(event, Placed) or not same or (",
        "isinstance(event, Placed) or (",
        "tests/unit/test_hl7_destination.py::test_R27_each_change_of_what_is_known_of_a_copy_has_one_line_in_the_log",
    ),
    Mutant(
        "R15, R27: that the copy under the wrong patient went stands in the log",
        ACCOUNT,
        " and delivery.astray(after.patient_id):",
        " and False:",
        "tests/unit/test_fhir_destination.py::test_R15_a_photo_that_is_re_filed_there_and_back_is_in_one_record_at_a_time",
    ),
    Mutant(
        "what a place has lost is put there again",
        "bot/domain/delivery_reasons.py",
        "PLACED_AGAIN = frozenset({MOVING, LOST, ALONE, BESIDE_TWICE})",
        "PLACED_AGAIN = frozenset({MOVING, ALONE, BESIDE_TWICE})",
        "tests/unit/test_copies_in_an_archive.py::test_what_an_archive_has_lost_before_it_was_read_back_goes_there_again",
    ),
    Mutant(
        "and once only, until somebody says so",
        "bot/domain/delivery_events.py",
        "    lost_again = delivery.why == LOST == event.shown.why",
        "    lost_again = False",
        "tests/unit/test_delivery.py"
        "::test_what_a_place_has_lost_is_placed_again_once_and_then_only_asked_about_until_somebody_says_so",
    ),
    Mutant(
        "R35: an answer that is neither yes nor no is told of",
        "storage/records/hl7_acknowledgement.py",
        "_CODES.get(fields[1].strip().upper(), Acknowledgement.UNCLEAR)",
        "_CODES.get(fields[1].strip().upper(), Acknowledgement.RECEIVED)",
        "tests/unit/test_hl7_destination.py"
        "::test_an_answer_that_is_neither_yes_nor_no_is_told_once_and_a_clear_one_after_it_counts",
    ),
)
