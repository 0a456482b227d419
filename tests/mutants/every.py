"""Every mutant: one small change that breaks one promise, and the test that must fail because of it.

To add one, name the promise, the file, text that stands there once, what stands there instead, and the test.
"""

from __future__ import annotations

from .mutant import Mutant
from .of_admission import ADMISSION
from .of_archives import OF_ARCHIVES
from .of_attacks import OF_ATTACKS
from .of_authority import AUTHORITY
from .of_callers import OF_CALLERS
from .of_chapters import OF_CHAPTERS
from .of_documents import DOCUMENTS
from .of_fhir import OF_FHIR
from .of_invariants import INVARIANTS
from .of_media import OF_MEDIA
from .of_parents import OF_PARENTS
from .of_pictures import SHOWN_AS_SENT
from .of_purging import OF_PURGING
from .of_readers import OF_READERS
from .of_reading import READING
from .of_recalls import OF_RECALLS
from .of_records import OF_RECORDS
from .of_stops import OF_STOPS
from .of_telling import TELLING
from .of_the_moment import OF_THE_MOMENT
from .of_the_page import OF_THE_PAGE
from .of_what_went_wrong import OF_WHAT_WENT_WRONG
from .of_words import OF_WORDS

NEVER = "    if False:"
AGAIN = "tests/unit/test_destroyed_again.py"
USES = "bot/domain/use_rules.py"
RULES_OF_USE = "tests/unit/test_rules_of_use.py"
RULES_OF_COLLEAGUES = "tests/unit/test_rules_of_colleagues.py"
TROUBLE = "tests/unit/test_handlers_trouble.py"
MEETING = "tests/unit/test_handlers_meeting.py"
LISTS = "tests/unit/test_lists.py"
UNDER_WHOSE_NAME = "tests/unit/test_under_whose_name.py"


LAW = (
    Mutant(
        "R1: nothing is forwarded before its reason is stated",
        USES,
        "    if not image.reason_stated:",
        NEVER,
        f"{RULES_OF_USE}::test_R1_no_forward_until_the_reason_is_stated",
    ),
    Mutant(
        "R2: no attestation, no use",
        "bot/domain/image/value.py",
        "attestation = frozenset() if image.attested_at else frozenset({Missing.ATTESTATION})",
        "attestation = frozenset()",
        f"{RULES_OF_COLLEAGUES}::test_R2_a_body_needs_consent_and_the_attestation",
    ),
    Mutant(
        "R3: a document needs no specific consent for advice",
        USES,
        "    if image.kind is Kind.DOCUMENT and image.source is not Source.PATIENT:",
        NEVER,
        f"{RULES_OF_USE}::test_R3_a_document_from_a_colleague_needs_no_specific_consent_for_advice",
    ),
    Mutant(
        "R4: of what is left with its sender nothing is kept",
        "bot/domain/image/attesting.py",
        "    return left, (Then.LEAVE,)",
        "    return left, ()",
        f"{RULES_OF_COLLEAGUES}::test_R4_filed_under_the_senders_name_or_left_with_them_and_then_nothing_is_kept",
    ),
    Mutant(
        "R5: an outside case waits for its note",
        "bot/domain/image/filing.py",
        "    note = (Then.AWAIT_NOTE,) if image.source is Source.OUTSIDE and not image.form_of else ()",
        "    note = ()",
        f"{RULES_OF_COLLEAGUES}::test_R5_only_what_comes_from_outside_awaits_a_note",
    ),
    Mutant(
        "R6: a stranger is nobody here",
        "bot/core/dispatch/dispatcher.py",
        " or not await _belongs(person, room, tx):",
        ":",
        f"{MEETING}::test_R6_a_patient_in_the_practice_room_is_a_stranger_there",
    ),
    Mutant(
        "R7: the clinician attests before anything is forwarded",
        USES,
        "    if asked.relatedness is Relatedness.NOT_ATTESTED:",
        NEVER,
        f"{RULES_OF_USE}::test_R7_nothing_is_forwarded_before_the_clinician_attests",
    ),
    Mutant(
        "R8: unrelated care asks for consent",
        USES,
        "    if asked.relatedness is Relatedness.UNRELATED:",
        NEVER,
        f"{RULES_OF_USE}::test_R8_care_that_is_not_related_needs_specific_consent",
    ),
    Mutant(
        "R9: whatever is not care asks for consent",
        USES,
        "    if asked.purpose is not Purpose.CARE:",
        NEVER,
        f"{RULES_OF_USE}::test_R9_any_other_purpose_needs_specific_consent",
    ),
    Mutant(
        "R10: “de-identified” changes nothing",
        USES,
        "    if asked.purpose is not Purpose.CARE:",
        "    if asked.purpose is not Purpose.CARE and not asked.deidentified:",
        f"{RULES_OF_USE}::test_R10_calling_it_de_identified_changes_nothing",
    ),
    Mutant(
        "R11: the venue is the one agreed to",
        USES,
        "            and asked.venue == self.venue\n",
        "",
        f"{RULES_OF_USE}::test_R11_the_venue_is_named_in_what_the_patient_agreed_to",
    ),
    Mutant(
        "R12: the recipient is one agreed to",
        USES,
        "            and recipient.account in self.recipients\n",
        "",
        f"{RULES_OF_USE}::test_R12_an_old_consent_never_stretches",
    ),
    Mutant(
        "R12: the time is the time agreed to",
        USES,
        "self.given_at <= at < self.until",
        "self.given_at <= at",
        f"{RULES_OF_USE}::test_R12_an_old_consent_never_stretches",
    ),
    Mutant(
        "R13: withdrawn is withdrawn",
        USES,
        "            and self.withdrawn_at is None\n",
        "",
        f"{RULES_OF_USE}::test_R13_withdrawn_is_refused_whatever_was_agreed_before",
    ),
    Mutant(
        "R13a: basis, authority and recipient are all named",
        "bot/domain/answering.py",
        " and self.recipient.strip())",
        ")",
        "tests/unit/test_required_by_law.py::test_R13a_basis_authority_and_recipient_are_all_named",
    ),
    Mutant(
        "R14: used only when in the record",
        USES,
        "    if not image.in_record:",
        NEVER,
        f"{RULES_OF_USE}::test_R14_an_image_that_is_not_in_the_record_is_used_for_nothing",
    ),
    Mutant(
        "R15: nobody's photo is filed",
        "bot/domain/image/value.py",
        "    if not image.patient_id:",
        NEVER,
        "tests/unit/test_domain_image.py::test_R14_what_is_missing_is_named",
    ),
    Mutant(
        "R15: two identifiers move an image",
        "handlers/photos/refile.py",
        "patients.identified(deed.number, deed.born)",
        "patients.with_mrn(deed.number)",
        "tests/unit/test_refile.py::test_R15_less_than_two_matching_identifiers_move_nothing",
    ),
    Mutant(
        "R15: an echo that was answered late moves nothing that was settled meanwhile",
        "handlers/photos/echo_whose.py",
        "    if image.patient_id != before:",
        "    if False:",
        "tests/unit/test_handlers_people.py::test_R15_whose_photo_it_is_is_echoed_and_nothing_is_done_before_the_tap",
    ),
    Mutant(
        "R16: filed counts when the bytes match",
        "bot/core/effects/file_image.py",
        "    return FiledImage(digest == image.sha256)",
        "    return FiledImage(True)",
        f"{TROUBLE}::test_a_record_that_gives_back_other_bytes_purges_nothing",
    ),
    Mutant(
        "R17: gone is what was seen gone",
        "bot/core/effects/erase.py",
        "    if not await world.chat.media_is_gone(copy.mxc):",
        NEVER,
        f"{TROUBLE}::test_media_that_is_still_served_is_never_called_gone",
    ),
    Mutant(
        "R17: media goes before the message that shows it",
        "bot/domain/copies.py",
        "    if copy.is_media:\n        return []",
        "    if copy:\n        return []",
        "tests/unit/test_domain_copies.py::test_R17_media_goes_before_its_message_and_messages_wait_for_nothing_else",
    ),
    Mutant(
        "R18: patients are never asked to delete",
        "bot/domain/image/filing.py",
        "    ask = (Then.ASK_DELETED,) if image.from_colleague else ()",
        "    ask = (Then.ASK_DELETED,)",
        f"{RULES_OF_COLLEAGUES}::test_R18_clinicians_are_asked_to_delete_their_own_and_patients_never",
    ),
    Mutant(
        "R21: overdue gets no images",
        USES,
        "    if recipient.device_overdue:",
        NEVER,
        f"{RULES_OF_COLLEAGUES}::test_R21_who_is_overdue_gets_no_images_whatever_was_agreed",
    ),
    Mutant(
        "R22: policy tightens",
        USES,
        "    if policy.advice_always_asks:",
        NEVER,
        f"{RULES_OF_USE}::test_R22_policy_tightens",
    ),
    Mutant(
        "R25: only who sent it on, or a manager, calls it back",
        "bot/domain/breach.py",
        "if Role.MANAGER in roles or use.asked_by in work_of",
        "if roles",
        "tests/unit/test_recall.py::test_R25_whoever_sent_it_on_or_a_manager_calls_it_back",
    ),
    Mutant(
        "R25: a recall hides first",
        "bot/core/transaction.py",
        "EraseCopy(copy.id, hide_first=True)",
        "EraseCopy(copy.id)",
        "tests/unit/test_recall.py::test_R25_a_recall_hides_the_message_before_its_media_is_deleted",
    ),
    Mutant(
        "R26: only homeservers on the list",
        USES,
        "    if not recipient.homeserver_allowed:",
        NEVER,
        f"{RULES_OF_USE}::test_R26_a_homeserver_that_is_not_on_the_list_is_refused",
    ),
)

DURABILITY = (
    Mutant(
        "purge only what is verified",
        "bot/domain/image/filing.py",
        "    return kept, ((Then.SAY_IT_STAYS,) if wished_away else ())",
        "    return kept, (Then.PURGE,)",
        "tests/unit/test_domain_image.py::test_no_path_through_the_table_breaks_a_promise",
    ),
    Mutant(
        "a sealed blob is flushed before anybody relies on it",
        "bot/durable.py",
        "            yield file\n            file.flush()\n            os.fsync(file.fileno())\n",
        "            yield file\n",
        "tests/contract/test_vault.py::test_the_blob_then_its_directory_are_flushed_before_seal_returns",
    ),
    Mutant(
        "what arrived and the sync token are one commit",
        "storage/journal/encrypted_journal.py",
        "            await _set(connection, _TOKEN, batch.token)\n",
        "        await self.set(_TOKEN, batch.token)\n",
        "tests/contract/test_journal.py::test_a_batch_and_its_token_are_one_commit",
    ),
    Mutant(
        "the sync token never runs ahead",
        "bot/core/inbox.py",
        "        await self._journal.receive(batch, self._clock.now())\n",
        '        await self._journal.set("sync-token", batch.token)\n'
        "        await self._journal.receive(batch, self._clock.now())\n",
        "tests/unit/test_mutants.py::test_dying_between_hearing_and_storing_loses_nothing",
    ),
    Mutant(
        "one that fails is rolled back alone, though it shares a commit",
        "storage/sql/database.py",
        "        savepoint = None if self.committer is None else self.connection.begin_nested()\n",
        "        savepoint = None\n",
        "tests/contract/test_shared_commits.py::test_one_that_fails_is_rolled_back_alone",
    ),
    Mutant(
        "nobody is told of success before it is on the disk",
        "storage/sql/database.py",
        "        await asyncio.shield(shared.outcome)\n",
        "        await asyncio.sleep(0)\n",
        "tests/contract/test_shared_commits.py::test_nobody_is_told_of_success_before_it_is_on_the_disk",
    ),
    Mutant(
        "R25: whoever got it by mistake stays in the room until their app was told to hide it",
        "bot/core/effects/make_rooms.py",
        '        raise OutsideFailure("what is called back there goes first")\n',
        "        pass\n",
        "tests/unit/test_recall.py::test_R25_the_wrong_recipient_stays_in_the_room_until_their_app_was_told_to_hide_it",
    ),
    Mutant(
        "nobody overwrites what somebody changed meanwhile",
        "storage/sql/rows.py",
        'return table.c.id == bindparam("_id"), table.c.version == bindparam("_version")',
        'return table.c.id == bindparam("_id"), bindparam("_version").is_not(None)',
        "tests/contract/test_journal.py::test_a_row_that_somebody_changed_meanwhile_is_not_overwritten",
    ),
    Mutant(
        "a commit reads what it wrote itself",
        "storage/sql/rows.py",
        "        self._answers.clear()",
        "        pass",
        "tests/contract/test_journal.py::test_a_commit_reads_what_it_wrote_itself",
    ),
    Mutant(
        "R13: nothing is said that was taken back while it waited",
        "bot/core/effects/say.py",
        "        if any(post.because == TAKEN_BACK for post in posts):",
        f"    {NEVER}",
        "tests/unit/test_uses.py::test_R13_words_that_are_taken_back_while_they_wait_are_not_said_whoever_might_hear_them",
    ),
    Mutant(
        "what was cancelled stays cancelled",
        "storage/journal/queue_rows.py",
        """delete(tables.intents).where(tables.intents.c.id == bindparam("finished_id"))""",
        """update(tables.intents).where(tables.intents.c.id == bindparam("finished_id")).values(attempts=0)""",
        "tests/contract/test_journal.py::test_what_was_cancelled_while_it_was_under_way_is_not_tried_again",
    ),
    Mutant(
        "a message keeps its transaction id",
        "bot/core/effects/say.py",
        "send(room.id, content, audience, transaction_id=planned.id, event_type=event_type)",
        'send(room.id, content, audience, transaction_id=f"{planned.id}.{id(planned)}", event_type=event_type)',
        "tests/unit/test_mutants.py::test_what_was_sent_just_before_a_death_is_not_said_again",
    ),
    Mutant(
        "every step of an image is in the log",
        "bot/core/consequences.py",
        '    await tx.audit(by, f"image.{type(event).__name__}", image.id, state=saved.state.value, ref=image.ref)\n',
        "",
        "tests/unit/test_audit.py::test_every_state_an_image_goes_through_is_in_the_chain",
    ),
)

TRUST = (
    Mutant(
        "a code made for somebody else pins no new identity",
        "handlers/people/judge_invitation.py",
        "    if here.is_professional or not same_name(here.name, invitation.name):\n        return False",
        "    if here.is_professional:\n        return True",
        f"{MEETING}::test_a_code_made_for_somebody_else_pins_no_new_identity_to_a_known_account",
    ),
    Mutant(
        "an invitation is judged again at the yes",
        "handlers/people/redeem_code.py",
        "    refused = await why_not(invitation, arrival, tx)\n    if refused is not None:",
        "    refused = None\n    if refused is not None:",
        "tests/unit/test_two_people.py::test_R33_a_code_that_was_written_ends_like_any_other",
    ),
    Mutant(
        "the tap of a second person is judged again",
        "handlers/people/confirm_person.py",
        "    if not _waits(authority, tx) or not _may(circle, authority, request.person, tx):",
        NEVER,
        "tests/unit/test_two_people.py::test_R33_the_tap_is_judged_again",
    ),
    Mutant(
        "a case is introduced only while its images may be shown",
        "bot/core/effects/say.py",
        "    if hearing == Hearing.USE:",
        NEVER,
        "tests/unit/test_uses.py::test_nothing_is_said_in_a_case_that_ended_before_anybody_could_read_it",
    ),
    Mutant(
        "a photo forwarded for another child is not the first child's",
        "bot/core/effects/capture.py",
        " and filed.form_of == image.form_of and _for_the_same(filed, image)",
        " and filed.form_of == image.form_of",
        "tests/unit/test_sent_again.py::test_R15_forwarded_for_another_child_it_is_not_taken_for_the_first_childs",
    ),
    Mutant(
        "what one child's photo is about is not said of another's",
        "handlers/photos/ask_what_is_missing.py",
        "    return {other.patient_id for other in await tx.rows.images.among(question.image_ids)} == {image.patient_id}",
        "    return True",
        "tests/unit/test_marks.py::test_R15_what_is_said_of_one_child_is_not_taken_as_said_of_the_other",
    ),
    Mutant(
        "what was filed before is closed to a new account",
        "handlers/people/admit.py",
        "is_open = opened is not None or not await anything_filed(await tx.circle(patient.id), relation, tx)",
        "is_open = True",
        "tests/unit/test_two_people.py::test_R33_what_was_filed_before_opens_by_a_second_person",
    ),
    Mutant(
        "the front desk makes nobody a colleague",
        "handlers/people/enrol.py",
        "    if Role.MANAGER not in request.person.roles:",
        NEVER,
        f"{MEETING}::test_the_front_desk_makes_nobody_a_colleague",
    ),
    Mutant(
        "only a signed device is heard",
        "bot/core/dispatch/dispatcher.py",
        "        if arrival.verdict.standing is not Proof.SIGNED:",
        "        if False:",
        f"{MEETING}::test_a_device_nobody_vouches_for_is_told_what_to_do_and_changes_nothing",
    ),
    Mutant(
        "only the pinned identity is heard",
        "bot/core/dispatch/dispatcher.py",
        " or person.identity != arrival.verdict.identity:",
        ":",
        f"{MEETING}::test_a_changed_identity_pauses_holds_and_tells_and_a_new_code_lets_go_on",
    ),
    Mutant(
        "the room inside the message is the room it came in",
        "bot/matrix/trust.py",
        "    if not opened.right_room:",
        NEVER,
        "tests/unit/test_matrix_trust.py::test_who_said_it",
    ),
    Mutant(
        "a message counts once",
        "bot/matrix/trust.py",
        "    elif opened.replayed:",
        "    elif False:",
        "tests/unit/test_matrix_trust.py::test_who_said_it",
    ),
    Mutant(
        "a device its owner did not sign proves nothing",
        "bot/matrix/trust.py",
        "Proof.SIGNED if device.signed else Proof.UNSIGNED",
        "Proof.SIGNED",
        "tests/unit/test_matrix_trust.py::test_who_said_it",
    ),
    Mutant(
        "only the pinned identity may read",
        "bot/matrix/trust.py",
        "        if identities[user].master == audience.pins[user]\n",
        "",
        "tests/unit/test_matrix_trust.py::test_a_changed_identity_shuts_one_person_out_and_nobody_else",
    ),
)

CONSENT = (
    Mutant(
        "an answer counts once",
        "bot/core/dispatch/answers.py",
        "(choice.used_at is None and at < choice.expires_at)",
        "at < choice.expires_at",
        "tests/unit/test_mutants.py::test_an_answer_is_handed_on_once_in_its_time_and_from_whom_was_asked",
    ),
    Mutant(
        "an answer counts in its time",
        "bot/core/dispatch/answers.py",
        "(choice.used_at is None and at < choice.expires_at)",
        "choice.used_at is None",
        "tests/unit/test_mutants.py::test_an_answer_is_handed_on_once_in_its_time_and_from_whom_was_asked",
    ),
    Mutant(
        "R23: what is destroyed is noted outside first",
        "bot/core/effects/destroy_filed.py",
        "    await world.register.note(lines)\n    entries = ",
        "    entries = ",
        f"{AGAIN}::test_nothing_is_destroyed_before_its_line_is_in_every_place_outside",
    ),
    Mutant(
        "R23: a restore destroys again what was destroyed since",
        "bot/operate/backup/restore.py",
        "_destroy_again(config, keys, building, noted.lines)",
        "_destroy_again(config, keys, building, ())",
        f"{AGAIN}::test_restoring_a_backup_from_before_destroys_again_what_a_newer_backup_knows_of",
    ),
    Mutant(
        "R23: the database's log is cut when something is destroyed",
        "storage/records/embedded.py",
        "        await self._database.empty_log()\n",
        "",
        "tests/unit/test_retention.py::test_no_key_and_no_word_of_it_is_left_in_any_file",
    ),
    Mutant(
        "R23: what is deleted is overwritten",
        "storage/sql/engine.py",
        "PRAGMA secure_delete = ON",
        "PRAGMA secure_delete = OFF",
        "tests/unit/test_retention.py::test_no_key_and_no_word_of_it_is_left_in_any_file",
    ),
    Mutant(
        "R27: details that somebody removed are missed",
        "storage/journal/audit_chain.py",
        "    if unopened - lawful:",
        "    if False:",
        "tests/unit/test_audit.py::test_details_that_somebody_else_removed_are_missed",
    ),
    Mutant(
        "a backup of which a part is missing is not restored",
        "bot/operate/backup/restore.py",
        "    if name is not None:\n        raise _not_whole(backup, name)\n",
        "",
        "tests/unit/test_backup.py::test_a_damaged_backup_is_found_by_reading_it_and_restores_nothing",
    ),
    Mutant(
        "what somebody changed where backups lie is not restored",
        "bot/operate/backup/restore.py",
        "    if not is_sealed(backup, keys):",
        NEVER,
        "tests/unit/test_backup.py::test_what_somebody_changed_where_backups_lie_is_not_restored",
    ),
    Mutant(
        "another practice's backups are never removed",
        "bot/operate/backup/expire.py",
        " and await _is_ours(backup, keys):",
        ":",
        "tests/unit/test_backup.py::test_nothing_goes_that_is_newer_another_practice_s_damaged_or_no_backup",
    ),
    Mutant(
        "R23: what is destroyed goes in both copies",
        "bot/core/effects/destroy_filed.py",
        "    left = await world.further.take_out(entries)",
        "    left = {}",
        "tests/unit/test_mirror.py::test_what_is_destroyed_is_destroyed_in_both_copies_and_in_neither_while_one_is_away",
    ),
    Mutant(
        "a share that hangs holds up nobody",
        "storage/outside/far_disk.py",
        "timeout=0 if self._hangs else self._seconds",
        "timeout=None",
        "tests/unit/test_far_disk.py::test_a_process_ends_though_a_call_never_comes_back",
    ),
    Mutant(
        "R13: what was withdrawn is shown to nobody new",
        "bot/core/uses/stop.py",
        "    await note_fact(tx, image, Stopped())\n",
        "",
        "tests/unit/test_uses.py::test_withdrawing_stops_the_use_tells_the_recipient_purges_and_names_what_is_beyond_reach",
    ),
    Mutant(
        "a yes that comes too late grants nothing",
        "bot/domain/use/table.py",
        "    if use.expires_at is None or event.at >= use.expires_at:",
        NEVER,
        "tests/unit/test_mutants.py::test_a_yes_that_comes_too_late_grants_nothing",
    ),
    Mutant(
        "an answer counts from whom was asked",
        "bot/core/dispatch/dispatcher.py",
        "        if choice is None or choice.person_id != request.person.id:",
        "        if choice is None:",
        "tests/unit/test_mutants.py::test_an_answer_is_handed_on_once_in_its_time_and_from_whom_was_asked",
    ),
    Mutant(
        "R32: an answer is bound to the whole text in its event",
        "handlers/uses/consent_answer.py",
        "if digest_of(stood) == choice.digest and",
        "if",
        "tests/unit/test_whole_question.py::test_R32_an_answer_to_another_text_releases_nothing_and_the_whole_is_asked_again",
    ),
    Mutant(
        "R32: a number counts only if its message was sent",
        "handlers/uses/consent_answer.py",
        "    was_sent = not choice.number or any(post.event_id for post in posts)\n",
        "    was_sent = True\n",
        "tests/unit/test_whole_question.py::test_R32_a_number_whose_message_was_never_sent_counts_for_nothing",
    ),
    Mutant(
        "R31: a use is released by its own consent, for whom it was asked",
        "bot/core/uses/judge.py",
        "meant=use is None or bool(is_recipient(use, person))",
        "meant=True",
        "tests/unit/test_own_consent.py::test_R31_a_new_human_on_the_account_receives_nothing_that_was_agreed_for_another",
    ),
    Mutant(
        "R28: what changed between the yes and the picture counts",
        "bot/core/uses/still_allowed.py",
        "    if not any(is_recipient(use, person) and may_act_for_the_practice(circle, person, day) for person in people):",
        NEVER,
        "tests/unit/test_own_consent.py::test_R28_what_changed_between_the_yes_and_the_picture_counts",
    ),
    Mutant(
        "R28: whether a question may be put is judged again when it is sent",
        "bot/core/effects/ask.py",
        "    if not to.verdict:",
        NEVER,
        "tests/unit/test_whom_to_ask.py::test_R28_a_question_that_may_not_be_put_any_more_when_it_is_sent_is_not",
    ),
    Mutant(
        "R29: a patient's words do not go along with a photo to somebody else's record",
        "bot/core/effects/refile_image.py",
        " and (not whose or whose in here)",
        "",
        f"{UNDER_WHOSE_NAME}::test_R29_a_patients_words_are_not_moved_under_somebody_they_do_not_speak_for",
    ),
    Mutant(
        "R30: a list names nobody a photo lay under by mistake",
        "bot/core/lists/held_images.py",
        "if await answered_for(rows, image, answer) == image.patient_id",
        "if True",
        f"{UNDER_WHOSE_NAME}::test_R30_the_list_of_the_right_patient_names_nobody_it_lay_under",
    ),
    Mutant(
        "R28: a list is read out only to somebody who may have it when it is said",
        "bot/core/effects/read_out.py",
        "if page is None or not verdict:",
        "if page is None:",
        f"{LISTS}::test_R28_nothing_is_read_out_to_somebody_who_lost_a_phone_meanwhile",
    ),
    Mutant(
        "a list says nothing of an image that was changed since it was read",
        "bot/core/effects/read_out.py",
        " != read:",
        " is None:",
        f"{LISTS}::test_what_changed_after_it_was_read_is_read_again_before_it_is_said",
    ),
    Mutant(
        "the longest waiting comes first",
        "storage/journal/list_rows.py",
        "_OLDEST_FIRST = (_IMAGE.received_at, _IMAGE.id)",
        "_OLDEST_FIRST = (_IMAGE.received_at.desc(), _IMAGE.id)",
        f"{LISTS}::test_the_longest_waiting_comes_first_and_the_oldest_is_never_hidden",
    ),
    Mutant(
        "R15: it is not said whose it is while that is doubted",
        "bot/core/lists/waiting_images.py",
        "image.may_be_seen and image.patient_id",
        "image.patient_id",
        f"{LISTS}::test_whose_it_may_be_is_not_said_while_it_is_doubted",
    ),
    Mutant(
        "R23: what is destroyed meanwhile hides nothing else that is due",
        "bot/core/lists/due_records.py",
        "(image.received_at, image.id) <= (after.at, after.id)",
        "image.received_at <= after.at + _A_DAY",
        f"{LISTS}::test_what_is_due_is_read_out_a_page_at_a_time_and_each_once",
    ),
    Mutant(
        "R23: the index leaves out nothing that the rule says is due",
        "bot/core/lists/due_records.py",
        "min(rule.children_until, _GROWN_UP + rule.years)",
        "(rule.children_until + 1)",
        f"{LISTS}::test_what_one_command_says_is_due_the_other_says_too",
    ),
    Mutant(
        "R30: a copy names nobody a photo lay under by mistake",
        "storage/records/export.py",
        'if first_moves.get(entry.entry_id) == "here" and',
        "if False and",
        f"{UNDER_WHOSE_NAME}::test_R30_a_copy_made_at_the_computer_names_nobody_it_lay_under",
    ),
    Mutant(
        "R29a: a no is not asked away with somebody else",
        "bot/core/uses/request_consent.py",
        "straight = (refused_by & able.keys()) or",
        "straight =",
        "tests/unit/test_whom_to_ask.py::test_R29a_a_no_of_one_parent_is_not_asked_away_with_the_other",
    ),
    Mutant(
        "a bare yes agrees to nothing",
        "bot/domain/choices.py",
        " and not choice.needs_number]",
        "]",
        "tests/unit/test_uses.py::test_the_same_answer_in_words_needs_the_number",
    ),
)

SCREENER = "tests/unit/test_imaging_screener.py"
SCREENING = "tests/unit/test_screening.py"

PICTURES = (
    Mutant(
        "people are answered while photos are kept, and the other way round",
        "bot/core/worker.py",
        "OF_EACH - at_work[hands]",
        "OF_EACH - at_work.total()",
        "tests/unit/test_worker.py"
        "::test_while_every_hand_that_keeps_is_busy_people_are_answered_and_the_other_way_round",
    ),
    Mutant(
        "filing never waits for a decoder",
        "bot/core/effects/capture.py",
        "ScreenImage(image.id), lane=SCREENING)",
        "ScreenImage(image.id), lane=image.id)",
        f"{SCREENING}::test_filing_never_waits_for_a_decoder_that_hangs",
    ),
    Mutant(
        "what can't be viewed is filed all the same, and a person is told",
        "bot/core/effects/screen.py",
        "    if not found.viewable:",
        NEVER,
        f"{SCREENING}::test_what_cannot_be_viewed_is_filed_all_the_same_and_a_person_is_told",
    ),
    Mutant(
        "photos in memory have a budget",
        "bot/core/effects/capture.py",
        "world.in_flight.room_for(2 * limit)",
        "world.in_flight.room_for(0)",
        "tests/unit/test_in_flight.py::test_photos_that_come_together_hold_no_more_than_the_budget",
    ),
    Mutant(
        "a decoder that hangs is ended",
        "bot/imaging/screener.py",
        "return await asyncio.wait_for(exchange, self._patience)",
        "return await asyncio.wait_for(exchange, 500)",
        f"{SCREENER}::test_a_child_that_never_answers_is_ended",
    ),
    Mutant(
        "a decoder that lies about a copy is not believed",
        "bot/imaging/jpeg_segments.py",
        '            raise ValueError("holds more than a picture")',
        "            continue",
        f"{SCREENER}::test_a_child_that_lies_about_a_copy_is_not_believed",
    ),
    Mutant(
        "findings that can't be are not believed",
        "bot/domain/screening.py",
        "if not isinstance(value, str) or len(value) > LONGEST or not value.isprintable():",
        "if not isinstance(value, str):",
        f"{SCREENER}::test_findings_that_cannot_be_are_not_believed",
    ),
    Mutant(
        "a decoder takes no more memory than its limit",
        "bot/imaging/confine.py",
        "        (resource.RLIMIT_AS, MEMORY),\n",
        "",
        f"{SCREENER}::test_a_confined_process_can_reach_nothing",
    ),
    Mutant(
        "a decoder has no more than its time",
        "bot/imaging/confine.py",
        "        (resource.RLIMIT_CPU, CPU_SECONDS),\n",
        "",
        f"{SCREENER}::test_processor_time_runs_out",
    ),
    Mutant(
        "a decoder writes no file and leaves no core",
        "bot/imaging/confine.py",
        "        (resource.RLIMIT_FSIZE, 0),\n",
        "",
        f"{SCREENER}::test_a_confined_process_cannot_gain_privileges_and_leaves_no_core",
    ),
    Mutant(
        "a decoder starts no process",
        "bot/imaging/confine.py",
        "    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))",
        "    pass",
        f"{SCREENER}::test_without_the_filter_of_system_calls_the_limits_hold",
    ),
    Mutant(
        "a decoder gains no privilege",
        "bot/imaging/confine.py",
        "(_PR_SET_NO_NEW_PRIVS, 1), ",
        "",
        f"{SCREENER}::test_a_confined_process_cannot_gain_privileges_and_leaves_no_core",
    ),
    Mutant(
        "a decoder has no network",
        "bot/imaging/confine.py",
        "        if libc.unshare(_CLONE_NEWNET | _CLONE_NEWIPC) == 0:",
        "        if True:",
        f"{SCREENER}::test_the_enclosing_layers_hold_by_themselves",
    ),
    Mutant(
        "a decoder opens no file",
        "bot/imaging/confine.py",
        "        return bool(libc.syscall(_LANDLOCK_RESTRICT_SELF, rules, 0) == 0)",
        "        return True",
        f"{SCREENER}::test_the_enclosing_layers_hold_by_themselves",
    ),
    Mutant(
        "a decoder makes no system call that is not listed",
        "bot/imaging/syscalls.py",
        "        calls.load()",
        "        pass",
        f"{SCREENER}::test_a_confined_process_can_reach_nothing",
    ),
    Mutant(
        "a decoder inherits no descriptor",
        "bot/imaging/forkserver.py",
        "        os.closerange(3, 64)",
        "        pass",
        f"{SCREENER}::test_a_child_sees_no_environment_and_no_descriptor_of_ours",
    ),
    Mutant(
        "a decoder has no environment",
        "bot/imaging/children.py",
        "                env={},\n",
        "",
        f"{SCREENER}::test_a_child_sees_no_environment_and_no_descriptor_of_ours",
    ),
    Mutant(
        "R20: what looks like a film carries the caution to whoever gets it",
        "bot/core/uses/release.py",
        "await with_caution(about_uses.case_picture(image, use), image, tx)",
        "about_uses.case_picture(image, use)",
        "tests/unit/test_uses.py::test_what_looks_like_a_film_or_a_screen_carries_the_caution_wherever_it_goes",
    ),
)

EVERY = (
    *LAW,
    *DURABILITY,
    *TRUST,
    *CONSENT,
    *PICTURES,
    *SHOWN_AS_SENT,
    *DOCUMENTS,
    *READING,
    *TELLING,
    *INVARIANTS,
    *OF_READERS,
    *OF_WHAT_WENT_WRONG,
    *OF_WORDS,
    *OF_PARENTS,
    *OF_MEDIA,
    *OF_PURGING,
    *AUTHORITY,
    *OF_CALLERS,
    *ADMISSION,
    *OF_ATTACKS,
    *OF_CHAPTERS,
    *OF_RECALLS,
    *OF_RECORDS,
    *OF_STOPS,
    *OF_FHIR,
    *OF_ARCHIVES,
    *OF_THE_MOMENT,
    *OF_THE_PAGE,
)
