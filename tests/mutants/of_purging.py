"""Erasing, fetching and reading what others write: nobody stops the purge for all, and one error loses nothing."""

from __future__ import annotations

from .mutant import Mutant

ERASING = "tests/unit/test_erasing.py"
REGISTER = "tests/unit/test_purge_register.py"
PURGER = "tests/unit/test_purge_server.py"
NOT_FETCHED = "tests/unit/test_not_fetched.py"
READERS = "tests/unit/test_readers.py"
CAP = "test_what_the_purgers_cap_puts_off_was_not_tried_alarms_nobody_and_goes_by_itself"
AGAIN = "test_what_was_out_of_reach_because_of_the_purger_is_asked_for_again_at_the_next_start"

OF_PURGING = (
    Mutant(
        "one owner has a third of the purger's cap",
        "bot/purger/deletion_cap.py",
        "max(1, limit // OWNERS_SHARE)",
        "limit",
        f"{REGISTER}::test_one_owner_has_a_third_of_the_cap_and_the_rest_is_for_others",
    ),
    Mutant(
        "a restart gives nobody a new share",
        "bot/purger/deletion_cap.py",
        "        self._begun = deque(past, maxlen",
        "        self._begun = deque([(at, '') for at, _ in past], maxlen",
        f"{REGISTER}::test_a_restart_gives_nobody_a_new_share",
    ),
    Mutant(
        "the register names no account",
        "bot/purger/deletion_log.py",
        "    return hashlib.sha256(owner.encode()).hexdigest()[:16]",
        "    return owner",
        f"{REGISTER}::test_the_register_names_no_account",
    ),
    Mutant(
        "media the homeserver never had costs neither cap nor register",
        "bot/purger/server.py",
        "            if uploaded_by is None:\n                return PurgerAnswer(gone=True)\n"
        "            if uploaded_by != owner:",
        "            if uploaded_by not in {None, owner}:",
        f"{PURGER}::test_what_the_homeserver_never_had_is_gone_and_costs_nothing",
    ),
    Mutant(
        "what the cap puts off is no failed try",
        "bot/core/effects/erase.py",
        "        return NotYet(erased.ask_again)",
        '        raise OutsideFailure("rate-capped")',
        f"{ERASING}::{CAP}",
    ),
    Mutant(
        "it is looked at again when the purger says",
        "bot/core/effects/erase.py",
        "        return NotYet(erased.ask_again)",
        "        return NotYet(A_PHOTO_WAITS)",
        f"{ERASING}::test_it_is_looked_at_again_when_the_purger_says",
    ),
    Mutant(
        "of one sender's media one is erased at a time, also when it was put off",
        "bot/core/effects/erase.py",
        "due=tx.now + event.look_again, crowd=copy.crowd)",
        "due=tx.now + event.look_again)",
        f"{ERASING}::test_of_one_senders_media_one_is_erased_at_a_time_also_when_it_was_put_off",
    ),
    Mutant(
        "whoever writes during a flood has the next turn",
        "bot/core/inbox.py",
        "                if self._journal.has_arrived():\n                    break\n",
        "",
        "tests/unit/test_pace.py::test_whoever_writes_while_a_flood_is_decided_has_the_next_turn",
    ),
    Mutant(
        "what a person can bring within reach is asked for again at a start",
        "bot/domain/copies.py",
        'CAN_BE_MENDED = frozenset({"no-purger", "purger-forbidden"})',
        "CAN_BE_MENDED: frozenset[str] = frozenset()",
        f"{ERASING}::{AGAIN}",
    ),
    Mutant(
        "what is out of reach as before is not said again",
        "bot/core/effects/erase.py",
        "    if settled == copy:\n        return",
        "    if False:\n        return",
        f"{ERASING}::{AGAIN}",
    ),
    Mutant(
        "R17: a lost phone erases no media before the second copy is there",
        "bot/core/effects/erase.py",
        "    hides = intent.hide_first and not copy.is_media",
        "    hides = intent.hide_first",
        f"{ERASING}::test_a_lost_phone_hides_at_once_and_erases_media_only_when_the_second_copy_is_there",
    ),
    Mutant(
        "a lost phone hides what was sent at once, whatever its media waits for",
        "bot/core/effects/erase.py",
        "    hides = intent.hide_first and not copy.is_media",
        "    hides = False",
        f"{ERASING}::test_a_lost_phone_hides_at_once_and_erases_media_only_when_the_second_copy_is_there",
    ),
    Mutant(
        "one wrong answer of the homeserver discards no photo",
        "bot/core/effects/capture.py",
        "        raise OutsideFailure(why.code, tries=TRIES) from None",
        "        raise",
        f"{NOT_FETCHED}::test_what_cannot_be_fetched_at_first_is_fetched_later_and_nobody_is_told_of_it",
    ),
    Mutant(
        "whose photo can't be fetched hears so after minutes, not after a day",
        "bot/core/effects/capture.py",
        "        raise OutsideFailure(why.code, tries=TRIES) from None",
        "        raise OutsideFailure(why.code) from None",
        f"{NOT_FETCHED}::test_what_cannot_be_fetched_for_minutes_stays_in_the_chat_and_both_sides_hear_it",
    ),
    Mutant(
        "sender and practice hear that a photo could not be fetched",
        "bot/core/worker.py",
        "            if effect is not None and effect.give_up is not None:",
        "            if False:",
        f"{NOT_FETCHED}::test_what_cannot_be_fetched_for_minutes_stays_in_the_chat_and_both_sides_hear_it",
    ),
    Mutant(
        "the practice's word about a photo that was given up is obeyed",
        "bot/core/consequences.py",
        "        await tx.rows.settle(due_again(planned, tx.now))",
        "        await tx.rows.settle(planned)",
        f"{NOT_FETCHED}::test_discarded_by_the_practice_its_message_and_media_go",
    ),
    Mutant(
        "what was withdrawn is not fetched",
        "bot/core/effects/capture.py",
        "    if image.held_for is HeldFor.WITHDRAWAL:\n        raise Permanent(WITHDRAWN)",
        "    if False:\n        raise Permanent(WITHDRAWN)",
        f"{NOT_FETCHED}::test_withdrawn_by_its_sender_it_goes_too",
    ),
    Mutant(
        "one copy of a record lies in a chat",
        "bot/core/effects/send_copy.py",
        "    await tx.erase_now(*media, *posts)\n",
        "",
        "tests/unit/test_my_copy.py::test_however_often_it_is_asked_for_one_copy_lies_in_the_chat",
    ),
    Mutant(
        "the copy of another record stays",
        "bot/domain/copies.py",
        '    return f"{COPY}{person_id}:{patient_id}:"',
        '    return f"{COPY}{person_id}:"',
        "tests/unit/test_my_copy.py::test_the_copy_of_another_record_stays_where_it_is",
    ),
    Mutant(
        "fillers are dropped in one pass",
        "bot/heard/statement_line.py",
        "            at = to_look_at.pop()\n",
        "            at = to_look_at.pop()\n            fillers = {one for one in fillers if one not in self._taken}\n",
        f"{READERS}::test_twice_as_much_to_read_takes_twice_the_steps",
    ),
    Mutant(
        "of a long line so many numbers are looked up",
        "bot/heard/statement_line.py",
        "[:MOST_NUMBERS]",
        "",
        f"{READERS}::test_so_many_numbers_are_looked_up_and_no_more",
    ),
    Mutant(
        "no pattern can be made to try without end",
        "bot/domain/references.py",
        r'_NAMED = re.compile(r"\bIMG[\s–—-]*[0-9A-Z]',
        r'_NAMED = re.compile(r"\bIMG[\s–—-]*\s*[0-9A-Z]',
        f"{READERS}::test_no_pattern_can_be_made_to_try_without_end",
    ),
    Mutant(
        "a command is bounded",
        "bot/heard/quoted_words.py",
        "    if len(text) > LONGEST_COMMAND:",
        "    if False:",
        f"{READERS}::test_a_command_longer_than_any_is_refused",
    ),
    Mutant(
        "50 MB are 50 MB",
        "bot/core/consequences.py",
        "    megabytes = tx.policy.largest_image // MEGABYTE",
        "    megabytes = tx.policy.largest_image // (1024 * 1024)",
        "tests/unit/test_maps_by_kind.py::test_fifty_megabytes_are_fifty_megabytes_everywhere",
    ),
    Mutant(
        "every kind of work has words",
        "bot/words/to_the_team.py",
        '        "sign-identity": "vouching for an identity that was compared by emoji",\n',
        "",
        "tests/unit/test_maps_by_kind.py::test_every_kind_of_intent_has_words_an_effect_and_a_place_among_the_kinds",
    ),
    Mutant(
        "every map by kind knows every kind",
        "bot/words/to_the_team.py",
        '        HeldFor.WITHDRAWAL: "it is being withdrawn",\n',
        "",
        "tests/unit/test_maps_by_kind.py::test_every_map_by_kind_knows_every_kind_or_says_which_it_leaves_out",
    ),
)
