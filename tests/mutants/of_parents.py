"""Mutants of what is held back from one of a patient's people about another (R24, R33a)."""

from __future__ import annotations

from .mutant import Mutant

HEARING = "bot/domain/authority/hearing.py"
CONTENTS = "bot/core/copy_contents.py"
HELD = "bot/core/lists/held_images.py"
APART = "tests/unit/test_parents_apart.py"
WORK_HERE = "tests/unit/test_parents_who_work_here.py"
BESIDE = "tests/unit/test_minor_beside_a_parent.py"
NO_CLOSES = f"{BESIDE}::test_R33a_a_minors_no_closes_no_question_of_a_parents_and_changes_no_answer"
KNOWN = f"{APART}::test_R33a_of_the_other_parent_a_parent_knows_only_what_was_chosen"
HIS_PHOTO = f"{APART}::test_R33a_a_photo_of_the_other_parent_stands_there_without_whose_it_is_and_why"

OF_PARENTS = (
    Mutant(
        "R33a: what is exported at the computer says that it is not for everybody",
        "storage/records/export.py",
        "indexes(patient, items, at, NOT_FOR_EVERYBODY)",
        "indexes(patient, items, at)",
        f"{APART}::test_R33a_what_is_exported_at_the_computer_says_that_it_is_not_for_everybody",
    ),
    Mutant(
        "R19: a photo of the other parent does not say where they live",
        CONTENTS,
        "    return frozenset(image.id for image in images if not image.from_colleague and image.sender_id != reader_id)",
        "    return frozenset()",
        f"{APART}::test_R19_a_photo_of_the_other_parent_does_not_say_where_they_live",
    ),
    Mutant(
        "R19: nor does what was found in it",
        CONTENTS,
        "document.kind is EntryKind.ORIGIN and document.image_id in of_others",
        "False",
        f"{APART}::test_R19_a_photo_of_the_other_parent_does_not_say_where_they_live",
    ),
    Mutant(
        "R19: what can't be cleaned is not copied as it came",
        "bot/core/effects/send_copy.py",
        'Rendition(about_rights.NOT_CLEANED.encode(), "text/plain", 0, 0)',
        "Rendition(await world.original(image), image.media_type, 0, 0)",
        f"{APART}::test_R19_what_cannot_be_cleaned_is_not_copied_as_it_came",
    ),
    Mutant(
        "R33a: of the other parent a parent knows only what was chosen",
        HEARING,
        "    return any(reader_id in told.get(held.invitation_id, ()) for held in theirs)\n\n\ndef _is_a",
        "    return True\n\n\ndef _is_a",
        KNOWN,
        seen_by_histories=True,
    ),
    Mutant(
        "R33a: of a child's own account nobody is told",
        HEARING,
        "        if day < eighteenth_birthday(circle.patient.born):\n            return False\n        if not _came",
        "        if not _came",
        KNOWN,
    ),
    Mutant(
        "R33a: an account of the patient's that came later is told where that was chosen",
        HEARING,
        "        if not _came_later(circle, theirs, reader_id, day):",
        "        if True:",
        f"{APART}::test_R33a_a_grown_ups_own_words_are_known_to_who_decides_for_them_unless_the_account_came_later",
    ),
    Mutant(
        "R33a: what one of them may not know goes nowhere that anybody reads",
        HEARING,
        "    return not all(may_know_of(circle, id, reader_id, told, day, at) for id in involved for reader_id in readers)",
        "    return False",
        f"{APART}::test_R33a_what_one_parent_may_not_know_is_held_back_from_where_anybody_reads",
    ),
    Mutant(
        "R33a: who is linked anew had not chosen to have told what came before",
        HEARING,
        "    theirs = [held for held in ever if at is None or was_recorded(held, at)] or ever",
        "    theirs = ever",
        f"{APART}::test_R33a_whoever_is_linked_anew_and_told_of_then_was_not_so_before",
        seen_by_histories=True,
    ),
    Mutant(
        "R33a: what the other parent said and was told stands in no copy",
        CONTENTS,
        "        if not all(authority.may_know_of(circle, id, person_id, told, day, document.at) for id in involved):",
        "        if False:",
        f"{APART}::test_R33a_what_the_other_parent_says_under_a_photo_stands_in_no_copy",
        seen_by_histories=True,
    ),
    Mutant(
        "R33a: nor whose their photo is, and why they sent it",
        "bot/domain/entries.py",
        "        if entry_id in self.sent_unknown:",
        "        if False:",
        HIS_PHOTO,
        seen_by_histories=True,
    ),
    Mutant(
        "R33a: nor in the list",
        HELD,
        "    said_why = image.from_colleague or may_know_of(image.sender_id, image.received_at)",
        "    said_why = True",
        HIS_PHOTO,
        seen_by_histories=True,
    ),
    Mutant(
        "R33a: a receipt says nothing of the other parent's chat",
        "bot/domain/entries.py",
        "        return [copy for copy in copies if self.elsewhere.isdisjoint",
        "        return [copy for copy in copies if set().isdisjoint",
        f"{APART}::test_R33a_a_receipt_accounts_only_for_what_lay_in_the_readers_own_chat",
    ),
    Mutant(
        "R33a: nor does the list say what they answered",
        HELD,
        "    answers = [answer for answer in every_answer if may_know_of(answer.person_id, answer.at)]",
        "    answers = every_answer",
        f"{APART}::test_R33a_what_the_other_parent_answered_stands_in_no_list_and_no_copy",
    ),
    Mutant(
        "R33a: nor a request for consent why they sent it",
        "bot/core/uses/request_consent.py",
        " if unknown else use.wording",
        " if False else use.wording",
        f"{APART}::test_R33a_who_is_asked_about_the_other_parents_photo_reads_none_of_their_words",
    ),
    Mutant(
        "R33a: a no closes no question of somebody who may not know who said it",
        "bot/core/uses/close_request.py",
        "    if not unaware:",
        "    if True:",
        NO_CLOSES,
    ),
    Mutant(
        "R33a: they are thanked for their answer as if they were asked alone",
        "handlers/uses/consent_answer.py",
        "    ended = use.state in ENDED_BY_ANOTHER and choice.used_at is None",
        "    ended = False",
        NO_CLOSES,
    ),
    Mutant(
        "R33a: and reminded of it",
        "bot/core/uses/request_consent.py",
        "    waits = use.state in {UseState.AWAITING_CONSENT, *ENDED_BY_ANOTHER}",
        "    waits = use.state is UseState.AWAITING_CONSENT",
        NO_CLOSES,
    ),
    Mutant(
        "R33a: a list does not say that somebody else stopped the use of a photo",
        HELD,
        "    return any(may_know_of(person_id, at) for person_id, at in by)",
        "    return True",
        f"{BESIDE}::test_R33a_a_parents_list_says_that_use_was_stopped_where_they_stopped_it",
    ),
    Mutant(
        "R33a: nor that they are asked what somebody else was asked",
        HELD,
        "    return any(question.about is About.WITHDRAW and image.id in question.image_ids for question in asked)",
        "    return image.sender_id == reader.id",
        f"{BESIDE}::test_R33a_what_a_minor_asks_back_is_to_a_parent_a_photo_that_a_person_looks_at",
    ),
    Mutant(
        "R33a: in the list a child's own photo stands alone for their parent",
        "bot/core/lists/waiting_images.py",
        " and image.id not in alone\n",
        "\n",
        f"{WORK_HERE}::test_R33a_in_the_list_a_childs_own_photo_stands_alone_for_their_parent",
    ),
    Mutant(
        "R33a: what a parent may not do is refused before it shows who is linked",
        "handlers/people/unlink.py",
        "    if patient is not None:\n        await act_about(request.person, patient.id, tx)\n",
        "",
        f"{WORK_HERE}::test_R33a_no_answer_of_a_command_shows_a_parent_that_the_child_has_an_account",
    ),
    Mutant(
        "R33a: whoever a parent may not know of is nobody here, to them",
        "handlers/people/begin_emoji_check.py",
        "        hidden = await unheard_of(tx.rows, request.person, tx.today)",
        "        hidden = set[PersonId]()",
        f"{WORK_HERE}::test_R33a_no_answer_of_a_command_shows_a_parent_that_the_child_has_an_account",
    ),
    Mutant(
        "R33a: a parent does not hear which invitation of their child's has ended",
        "handlers/people/end_invitations.py",
        "await apart(managers, patient.id, tx) if patient else managers",
        "managers",
        f"{WORK_HERE}::test_R33a_a_parent_does_not_hear_which_invitation_of_their_childs_has_ended",
    ),
    Mutant(
        "R33a: nor who was not confirmed",
        "handlers/people/confirm_person.py",
        "    hear = {person.id for person in await apart([*await tx.managers(), *makers], circle.patient.id, tx)}",
        "    hear = {person.id for person in [*await tx.managers(), *makers]}",
        f"{WORK_HERE}::test_R33a_a_parent_hears_nothing_of_who_was_not_confirmed_or_waits_for_the_computer",
    ),
    Mutant(
        "R33a: nor that the child objects",
        "handlers/people/tell_of_access.py",
        "    return await apart(others, circle.patient.id, tx) or",
        "    return others or",
        f"{WORK_HERE}::test_R33a_a_minors_objection_is_heard_by_somebody_who_is_none_of_their_people",
    ),
    Mutant(
        "R33a: nor does it stand among whose identity has changed",
        "bot/core/lists/how_it_stands.py",
        "    hidden = await unheard_of(rows, reader, view.today)",
        "    hidden = set[str]()",
        f"{WORK_HERE}::test_R33a_what_stands_still_names_no_account_of_their_childs",
    ),
    Mutant(
        "R33a: a parent writes no note on what is a minor's own",
        "handlers/team/note.py",
        "    await look_after(request.person, image, tx)\n",
        "",
        "tests/unit/test_who_may_know.py"
        "::test_R33a_a_clinician_who_is_the_minors_parent_is_shown_and_told_nothing_of_their_own",
    ),
    Mutant(
        "R33: whoever is on duty is not told of a photo of whom they speak for",
        "handlers/team/remind_untaken.py",
        "    person = await on_duty_for(image, tx)",
        "    person = await on_duty(tx)",
        f"{WORK_HERE}::test_R33_whoever_is_on_duty_is_not_told_of_a_photo_that_nobody_took_of_whom_they_speak_for",
    ),
    Mutant(
        "R33a: the team does not read which of the patient's people wrote",
        "bot/core/who_reads.py",
        "text(about_reading.ONE_OF_THEM)",
        "text(await who_wrote(tx, document, image))",
        f"{WORK_HERE}::test_R33_who_wrote_is_read_by_name_by_the_clinician_who_has_it_and_by_nobody_else",
    ),
)
