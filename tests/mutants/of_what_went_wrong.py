"""What is done when something went wrong, and whom it reaches: a small change, and who notices."""

from __future__ import annotations

from .mutant import Mutant

WHOLE = "tests/unit/test_recall_whole.py"
CALLS = "tests/unit/test_somebody_calls_them.py"
DATES = "tests/unit/test_agreed_dates.py"
DUTY = "tests/unit/test_duty_not_here.py"
WITHOUT = "tests/unit/test_case_without_them.py"
HOLD = "tests/unit/test_hold_before_destruction.py"
PARENT = "tests/unit/test_handed_over_to_a_parent.py"
DISCUSSED = "tests/unit/test_discussion_outlives_the_stop.py"
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
    Mutant(
        "R25: a breach holds every picture that was recalled",
        "bot/core/breaches.py",
        "    return [*own, *await rows.breaches.of_uses([use.id for use in uses])]",
        "    return own",
        f"{WHOLE}::test_R25_every_picture_of_the_use_is_named_and_held_by_the_breach",
    ),
    Mutant(
        "R25: what a patient stopped can still be called back",
        "bot/domain/breach.py",
        "use.state is UseState.WITHDRAWN and use.was_released",
        "False",
        f"{WHOLE}::test_R25_what_a_patient_stopped_can_still_be_called_back",
    ),
    Mutant(
        "R25: who took over calls back",
        "bot/core/uses/who_asked.py",
        "    return {asker for asker, line in lines.items() if by.id in {person.id for person in line}}",
        "    return {by.id} & lines.keys()",
        f"{WHOLE}::test_R25_who_took_over_calls_back_a_closed_case",
    ),
    Mutant(
        "R25: who has left the chat is not recorded as told",
        "handlers/incidents/recall.py",
        "    return await tx.reached(person.id for person in recipients if person.standing is Standing.ACTIVE)",
        "    return {person.id for person in recipients if person.standing is Standing.ACTIVE}",
        f"{WHOLE}::test_R25_who_has_left_the_chat_is_not_recorded_as_told",
    ),
    Mutant(
        "R25: who was paused meanwhile is recorded as not told",
        "bot/core/effects/say.py",
        "    awaited = bool(intent.reply_id) or intent.hearing == Hearing.RECALL",
        "    awaited = bool(intent.reply_id)",
        f"{WHOLE}::test_R25_who_was_paused_before_the_words_reached_them_is_recorded_as_not_told",
    ),
    Mutant(
        "R28a: the managers call them where who asked is not here",
        "bot/core/uses/who_asked.py",
        "    told = first or await tx.managers()",
        "    told = line[:1]",
        f"{CALLS}::test_R28a_the_managers_call_them_where_who_asked_is_not_here",
    ),
    Mutant(
        "R28a: who took over calls them",
        "bot/core/uses/who_asked.py",
        "    while line[-1].succeeded_by and",
        "    while False and",
        f"{CALLS}::test_R28a_who_took_over_calls_them",
    ),
    Mutant(
        "R12: somebody calls them when the agreed time is over",
        "bot/core/uses/stop.py",
        "    if not_told:",
        "    if False:",
        f"{CALLS}::test_R13_who_asked_calls_whom_no_message_reaches",
    ),
    Mutant(
        "a clock put back while the bot was stopped keeps nothing waiting",
        "bot/core/watches/clock_jumps.py",
        "max(stopped - self._clock.now(), timedelta())",
        "timedelta()",
        f"{DATES}::test_a_clock_put_back_while_the_bot_was_stopped_lets_nothing_wait_until_it_is_caught_up",
    ),
    Mutant(
        "a record by the new clock does not hide that the old one was ahead",
        "storage/journal/audit_chain.py",
        "return max((row.at for row in last[: begins + 1]), default=None)",
        "return last[0].at if last else None",
        f"{DATES}::test_a_clock_put_back_while_the_bot_was_stopped_lets_nothing_wait_until_it_is_caught_up",
    ),
    Mutant(
        "R12: setting the clock moves no agreed date",
        "storage/journal/journal_commit.py",
        "where(waiting, not_(HAS_A_DATE))",
        "where(waiting)",
        f"{DATES}::test_R12_a_clock_put_forward_lets_no_use_outlast_the_agreed_day",
    ),
    Mutant(
        "R12: a use does not end before the agreed day",
        "bot/core/uses/stop.py",
        "    if use.until is not None and tx.now < use.until:",
        "    if False:",
        f"{DATES}::test_R12_a_deadline_that_comes_too_soon_waits_for_the_agreed_day",
    ),
    Mutant(
        "R28a: nobody who is paused is on duty",
        "bot/core/on_duty.py",
        "    here = person is not None and person.standing is Standing.ACTIVE and await tx.reached([person.id])",
        "    here = True",
        f"{DUTY}::test_R28a_at_night_the_managers_read_what_a_patient_writes",
    ),
    Mutant(
        "R28a: the managers hear of a photo that nobody took",
        "handlers/team/remind_untaken.py",
        "    for manager in await instead_of_duty_for(image, tx):",
        "    for manager in ():",
        f"{DUTY}::test_R28a_the_managers_hear_of_a_photo_that_nobody_took",
    ),
    Mutant(
        "R28a: a lost phone reads no case any more",
        "handlers/people/pause.py",
        "        await put_out_of(address, person, tx)",
        "        pass",
        f"{WITHOUT}::test_R28a_an_adviser_whose_phone_is_lost_is_put_out_of_the_case",
    ),
    Mutant(
        "R28a: a lost phone reads no case that is over",
        "handlers/people/pause.py",
        "if use.is_advice]",
        "if use.is_advice and use.state is UseState.RELEASED]",
        f"{WITHOUT}::test_R28a_a_lost_phone_is_put_out_of_a_case_that_is_over_and_stays_out",
    ),
    Mutant(
        "R28a: who comes back is invited into the case again",
        "handlers/people/pause.py",
        "            await let_into(rooms.case(use.id), person, tx)",
        "            pass",
        f"{WITHOUT}::test_R28a_who_comes_back_is_invited_into_the_case_again",
    ),
    Mutant(
        "R25: nobody comes back into a case that was never for them",
        "handlers/people/pause.py",
        "(use.lacks_summary and use.asked_by == person.id)",
        "use.lacks_summary",
        f"{WITHOUT}::test_R5_who_has_still_to_file_the_discussion_of_a_stopped_case_is_invited_back",
    ),
    Mutant(
        "R28a: a lost phone reads nothing in the practice room",
        "handlers/people/pause.py",
        "        await put_out_of(rooms.PRACTICE, person, tx)",
        "        pass",
        f"{WITHOUT}::test_R28a_a_lost_phone_reads_nothing_that_colleagues_write_in_the_practice_room",
    ),
    Mutant(
        "R28a: an emoji check invites them into the practice room again",
        "handlers/people/pause.py",
        "        await let_into(rooms.PRACTICE, person, tx)",
        "        pass",
        f"{WITHOUT}::test_R28a_an_emoji_check_brings_back_whose_identity_had_changed",
    ),
    Mutant(
        "R28a: nobody who was never away is said to be back",
        "handlers/people/compare_emoji.py",
        "    if was_paused:\n        await resume(person, tx)",
        "    await resume(person, tx)",
        f"{WITHOUT}::test_an_emoji_check_of_somebody_who_was_never_away_brings_nobody_back",
    ),
    Mutant(
        "R28a: whoever comes back before they could be put out stays",
        "bot/core/memberships.py",
        "    await tx.plan(intent, _lane(address, person))",
        "    await tx.plan(intent)",
        f"{WITHOUT}::test_R28a_whoever_comes_back_before_they_could_be_put_out_stays",
    ),
    Mutant(
        "R28a: nobody is invited who was paused since",
        "bot/core/effects/make_rooms.py",
        "if rooms.is_own(address) or person.standing is Standing.ACTIVE}",
        "}",
        f"{WITHOUT}::test_R28a_whoever_was_paused_since_it_was_planned_is_invited_nowhere_but_into_their_own_room",
    ),
    Mutant(
        "R28a: whoever is paused while a room is made is put out of it",
        "bot/core/effects/make_rooms.py",
        "                await put_out_of(intent.address, person, tx)",
        "                pass",
        f"{WITHOUT}::test_R28a_whoever_is_paused_while_the_room_of_a_case_is_made_is_put_out_of_it",
    ),
    Mutant(
        "R23: what a legal hold keeps is not destroyed again after a restore",
        "bot/operate/destroyed_again.py",
        "        return self.on_its_way or self.held_by_law\n",
        "        return self.on_its_way\n",
        "tests/unit/test_destroyed_again.py::test_R23_what_a_legal_hold_keeps_is_not_destroyed_again_and_that_is_told",
    ),
    Mutant(
        "R23: a hold that came after the tap stops the destruction",
        "bot/core/effects/destroy_filed.py",
        "        if any(hold.holds(image) for hold in await rows.legal_holds.standing()):",
        "        if False:",
        f"{HOLD}::test_R23_a_hold_between_the_tap_and_the_destruction_stops_it",
    ),
    Mutant(
        "R23: what a hold stopped goes once it is released",
        "handlers/retention/legal_hold.py",
        "            await tx.plan(DestroyImage(image.id, by), lane=image.id)",
        "            pass",
        f"{HOLD}::test_R23_what_a_hold_stopped_goes_once_it_is_released",
    ),
    Mutant(
        "R33a: a mature minor's own photo is handed over to no parent",
        "handlers/people/staff_leaves.py",
        "    return bool(may_look_after(circle, await tx.matter(image, circle), successor, tx.today))",
        "    return True",
        f"{PARENT}::test_R33a_a_mature_minors_own_photo_is_handed_over_to_no_parent",
    ),
    Mutant(
        "R5: what was said stays until the summary is filed",
        "bot/core/uses/end.py",
        "    for line in [] if lacks_summary else await tx.rows.lines.of_use(use.id):",
        "    for line in await tx.rows.lines.of_use(use.id):",
        f"{DISCUSSED}::test_R5_a_withdrawal_asks_for_the_discussion_and_leaves_what_was_said_until_then",
    ),
    Mutant(
        "R5: who does not file the discussion of a stopped case is reminded",
        "bot/domain/use/value.py",
        "        over = {UseState.RELEASED, UseState.WITHDRAWN, UseState.RECALLED}",
        "        over = {UseState.RELEASED}",
        f"{DISCUSSED}::test_R5_who_does_not_file_it_is_reminded_and_then_the_managers_are",
    ),
    Mutant(
        "R5: a case whose patient leaves can still be summarised",
        "handlers/people/patient_leaves.py",
        "    if use.state is UseState.RELEASED and use.is_advice and not said:",
        "    if use.state is UseState.RELEASED and use.is_advice:",
        f"{DISCUSSED}::test_R5_a_case_whose_patient_leaves_can_still_be_summarised",
    ),
)
