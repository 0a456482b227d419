"""Mutants of media that several events show, and of events that are odd."""

from __future__ import annotations

from .mutant import Mutant

EVENTS = "tests/unit/test_media_of_events.py"
AGAIN = "tests/unit/test_sent_again.py"
ODD = "tests/unit/test_odd_events.py"
NEEDED = "bot/core/effects/media_needed.py"

OF_MEDIA = (
    Mutant(
        "an edit waits for the key of what it edits",
        "handlers/photos/edit.py",
        "    if await tx.rows.wait_for_key(arrival.event_id, target, tx.now - KEY_MAY_COME, MOST_WAITING):\n",
        "    if False:\n",
        f"{EVENTS}::test_an_edit_read_before_the_key_of_its_photo_waits_for_it_and_goes_with_it",
    ),
    Mutant(
        "an edit that waited is decided once the key has come",
        "storage/journal/encrypted_journal.py",
        "            await connection.execute(update(tables.inbox).where(*waited).values(state=InboxState.NEW))\n",
        "            pass\n",
        f"{EVENTS}::test_an_edit_read_before_the_key_of_its_photo_waits_for_it_and_goes_with_it",
    ),
    Mutant(
        "a deletion waits for the key of what was deleted",
        "handlers/photos/message_deleted.py",
        "        if not await tx.rows.wait_for_key(arrival.event_id, target, tx.now - KEY_MAY_COME, MOST_WAITING):\n",
        "        if True:\n",
        f"{EVENTS}::test_a_deletion_that_came_before_the_key_of_its_photo_is_asked_about",
    ),
    Mutant(
        "an edit waits for a day at most",
        "bot/core/inbox.py",
        "        await self._journal.decide_anyway(now - KEY_MAY_COME)\n",
        "",
        f"{EVENTS}::test_an_edit_waits_for_a_day_at_most",
    ),
    Mutant(
        "while an event of its sender is unread no media goes",
        "bot/core/effects/erase.py",
        "        return NotYet(A_KEY_IS_LATE) if waiting else await _erase_media(world, copy)\n",
        "        return await _erase_media(world, copy)\n",
        f"{EVENTS}::test_while_an_event_of_its_sender_is_unread_media_stays_and_its_message_is_hidden",
    ),
    Mutant(
        "hiding waits for no unread event",
        "bot/core/effects/erase.py",
        "    if len(waiting) < len(first):\n",
        "    if first:\n",
        f"{EVENTS}::test_while_an_event_of_its_sender_is_unread_media_stays_and_its_message_is_hidden",
    ),
    Mutant(
        "media waits for an unread event for a day at most",
        "storage/journal/queue_rows.py",
        '        inbox.received_at > bindparam("since"),\n',
        '        bindparam("since").is_not(None),\n',
        f"{EVENTS}::test_media_waits_for_an_unread_event_for_a_day_at_most",
    ),
    Mutant(
        "R6: a stranger's media waits for no event",
        NEEDED,
        "or not _is_heard(person, room):\n        return False\n",
        "or not _is_heard(person, room):\n"
        "        return await rows.may_show(media.mxc, media.owner, {media.room_id}, now - KEY_MAY_COME)\n",
        f"{EVENTS}::test_an_unread_event_of_a_stranger_keeps_no_photo_of_theirs",
    ),
    Mutant(
        "what was withdrawn waits for no event",
        NEEDED,
        "(await rows.images.get(media.image_id)).must_go",
        "False",
        f"{EVENTS}::test_a_withdrawn_photo_waits_for_no_unread_event",
    ),
    Mutant(
        "a filed photo that is withdrawn waits for no event",
        "bot/domain/image/value.py",
        "        return taken_back or self.stopped or self.state",
        "        return taken_back or self.state",
        f"{EVENTS}::test_a_filed_photo_that_is_withdrawn_waits_for_no_unread_event",
    ),
    Mutant(
        "what is read and not decided yet may need its media",
        "storage/journal/queue_rows.py",
        "or_(unread, undecided)",
        "unread",
        f"{EVENTS}::test_what_is_decided_later_in_the_queue_may_show_the_same",
    ),
    Mutant(
        "a photo refused with “send it there” keeps its media for an hour",
        "handlers/photos/refuse_photo.py",
        "keep_until=expected(tx.now) if send_again else None",
        "keep_until=None",
        f"{AGAIN}::test_a_photo_refused_with_send_it_there_keeps_its_media_until_it_arrives",
    ),
    Mutant(
        "media that a photo needs after all is the photo's",
        "handlers/photos/media_named.py",
        "        await _claim(tx, media)\n",
        "        pass\n",
        f"{AGAIN}::test_what_was_refused_and_arrives_is_accounted_for_with_the_photo",
    ),
    Mutant(
        "a photo whose media is in the record is known there",
        "bot/core/effects/capture.py",
        '    filed = await _sent_before(tx.rows, image) if why.code == "gone" else None',
        "    filed = None",
        f"{AGAIN}::test_a_photo_whose_media_is_in_the_record_is_known_there",
    ),
    Mutant(
        "a photo on hold is not the one that is sent again",
        "bot/domain/image/value.py",
        "        return self.in_reach and (self.held_for is None or self.verified_at is not None)\n",
        "        return self.in_reach\n",
        f"{AGAIN}::test_a_photo_on_hold_that_is_sent_again_lives_on_when_the_first_is_discarded",
    ),
    Mutant(
        "R33a: a photo is the same as none that somebody else sent",
        "bot/core/effects/capture.py",
        "with_digest(kept.sealed.sha256, image.sender_id)",
        "with_digest(kept.sealed.sha256)",
        f"{AGAIN}::test_R33a_what_the_other_parent_sent_before_is_answered_like_any_new_photo",
    ),
    Mutant(
        "R15: what its sender doubts is doubted also when it is sent again",
        "bot/core/effects/capture.py",
        "        image = await _doubted_too(image, tx)\n",
        "        pass\n",
        f"{AGAIN}::test_R15_what_its_sender_doubts_is_doubted_also_when_it_is_sent_again",
    ),
    Mutant(
        "of one event twenty media ids are looked at",
        "handlers/photos/media_named.py",
        "MOST_MEDIA = 20 ",
        "MOST_MEDIA = 60 ",
        f"{EVENTS}::test_of_one_event_twenty_media_ids_are_looked_at_and_the_practice_hears_once_a_day",
    ),
    Mutant(
        "the copies of a message are loaded once",
        "bot/core/effects/erase.py",
        "        siblings = [] if copy.is_media else await _siblings(copy, rows)\n",
        "        siblings = await _siblings(copy, rows)\n",
        f"{EVENTS}::test_the_copies_of_a_message_are_loaded_once",
    ),
    Mutant(
        "a relation that names no event makes no edit",
        "bot/core/dispatch/reading.py",
        '    return isinstance(relation.get("event_id"), str)\n',
        "    return True\n",
        f"{ODD}::test_a_field_that_is_not_needed_sinks_no_photo",
    ),
    Mutant(
        "what is nested too deep sinks nothing beside it",
        "bot/matrix/olm_machine.py",
        "    payload = pruned(parse(plaintext))\n",
        "    payload = parse(plaintext)\n",
        f"{ODD}::test_what_is_nested_too_deep_is_left_out_and_the_rest_is_read",
    ),
    Mutant(
        "whoever sent what can't be read hears so",
        "bot/core/dispatch/dispatcher.py",
        "            ArrivalKind.MALFORMED: self._house.malformed,\n",
        "",
        f"{ODD}::test_who_sent_what_cannot_be_read_is_told_once_a_day",
    ),
    Mutant(
        "what is said once a day is said once a day",
        "bot/core/transaction.py",
        "        if not await self.rows.copies.of_post(today):\n",
        "        if True:\n",
        f"{ODD}::test_who_sent_what_cannot_be_read_is_told_once_a_day",
    ),
)
