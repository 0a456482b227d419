"""In which browser a test of the page is played: Chromium and Firefox, except where a row here says why in Chromium alone.

What a browser itself does otherwise than another is played in both each time. The rest is about page, bot and homeserver, and
is played in one: half of the tests in each browser. `make browsers` plays every test in both.
"""

from __future__ import annotations

import os
import zlib

from tests.browser.installed import Engine

ALL = "CONSENTRY_BROWSERS"  # set by `make browsers`

IN_BOTH = frozenset(
    {
        # what is kept, and what is forgotten
        "test_a_photo_goes_from_the_link_into_the_record_and_leaves_nothing_behind",
        "test_nothing_that_was_said_or_shown_is_in_the_browsers_files",
        "test_the_search_of_a_browsers_files_finds_what_is_compressed_there",
        "test_what_a_full_phone_cannot_keep_whole_stays_in_the_form_whole",
        "test_what_was_sent_without_a_connection_goes_by_itself_once_the_page_is_opened_again",
        "test_a_browser_that_keeps_nothing_uses_no_link_up_and_says_what_to_do",
        "test_a_browser_that_has_forgotten_everything_asks_for_a_link",
        "test_a_browser_that_has_forgotten_its_keys_alone_stops_and_sends_nothing",
        "test_a_page_that_is_loaded_again_and_again_while_it_sends_sends_once_and_never_in_clear",
        "test_a_file_that_cannot_be_read_any_more_is_to_be_chosen_again",
        # tabs and their locks
        "test_two_tabs_do_not_use_one_set_of_keys",
        "test_a_tab_takes_the_place_of_one_that_lies_somewhere_and_that_one_sends_nothing_more",
        # buttons, keys, letters, downloads and pictures
        "test_a_question_is_tapped_once_also_on_a_later_visit",
        "test_a_reply_a_request_what_is_held_and_a_copy",
        "test_large_letters_a_small_screen_a_keyboard_and_either_direction_are_enough",
        "test_one_tip_at_most_is_given_before_sending_and_nothing_is_refused",
        "test_a_photo_that_says_where_it_was_taken_is_sent_with_or_without",
        # lines that break
        "test_a_page_whose_script_does_not_come_says_so_and_whom_to_call_and_begins_again_with_the_same_link",
        "test_an_upload_that_breaks_anywhere_begins_again_and_is_filed_once",
    }
)
CHROMIUM_ALONE: dict[str, str] = {  # a test's name, and why
    "test_on_a_phone_that_is_full_nothing_is_half_kept_and_nothing_is_lost": "Firefox has no way to set how much it keeps",
}


def engines_of(test: str) -> list[Engine]:
    """The browsers in which a test is played this time."""
    if test in CHROMIUM_ALONE:
        return [Engine.CHROMIUM]
    if test in IN_BOTH or os.environ.get(ALL):
        return list(Engine)
    return [list(Engine)[zlib.crc32(test.encode()) % 2]]
