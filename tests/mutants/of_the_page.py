"""Promises of the page that a link opens."""

from __future__ import annotations

from .mutant import Mutant

PASSING_ON = "bot/page/passing_on.py"
CONVERSATION = "bot/page/web/src/conversation.js"
SERVER = "tests/unit/test_page_server.py"
SHOWN = "tests/unit/test_page_conversation.py"

OF_THE_PAGE = (
    Mutant(
        "page: there is one way to send",
        "bot/page/allowed.py",
        r"/send/m\.room\.encrypted/",
        r"/send/m\.[a-z.]+/",
        f"{SERVER}::test_what_is_not_encrypted_never_reaches_the_homeserver",
    ),
    Mutant(
        "page: what a browser claims to be its address does not count",
        PASSING_ON,
        'forwarded.rpartition(",")[2]',
        'forwarded.partition(",")[0]',
        f"{SERVER}::test_the_homeserver_is_told_the_one_address_that_the_proxy_saw",
    ),
    Mutant(
        "page: an upload that hides its length is capped too",
        PASSING_ON,
        "            if self.too_large:",
        "            if False:",
        f"{SERVER}::test_an_upload_that_hides_its_length_is_cut_off_at_the_cap",
    ),
    Mutant(
        "page: only the files that were shipped are served",
        "bot/page/bundle.py",
        "    if hashlib.sha256(content).hexdigest() != digest:",
        "    if False:",
        f"{SERVER}::test_a_page_that_is_not_the_one_shipped_is_not_served",
    ),
    Mutant(
        "page: the doctor compares the packed copies too",
        "bot/operate/doctor/check_page.py",
        '("identity", "gzip", "br")',
        '("identity",)',
        "tests/integration/test_doctor_of_the_page.py::test_one_byte_more_in_one_file_is_seen_however_it_is_packed",
    ),
    Mutant(
        "page: an edit counts only from who wrote it",
        CONVERSATION,
        "if (!item || item.sender !== event.sender) return;",
        "if (!item) return;",
        f"{SHOWN}::test_an_edit_of_somebody_else_or_that_nobody_signed_changes_nothing",
    ),
    Mutant(
        "page: words that nobody vouches for are not shown",
        CONVERSATION,
        "    if (!event.trusted) {",
        "    if (false) {",
        f"{SHOWN}::test_words_that_nobody_vouches_for_are_not_shown",
    ),
    Mutant(
        "page: a question that was answered is not open again",
        CONVERSATION,
        "item.chosen = event.content",
        "item.was = event.content",
        f"{SHOWN}::test_a_question_that_was_answered_keeps_its_answer",
    ),
    Mutant(
        "page: the words of a question go only where its poll stands",
        CONVERSATION,
        'asking[at + 1]?.kind === "question"',
        "true",
        f"{SHOWN}::test_the_words_of_a_question_stand_there_only_where_its_poll_does_not",
    ),
    Mutant(
        "page: an edited message brings its mark",
        "bot/core/effects/say.py",
        "            **mark,\n",
        "",
        "tests/unit/test_marks.py::test_the_answer_to_a_photo_is_marked_with_its_reference_also_when_it_is_edited",
    ),
    Mutant(
        "R17: a first sync is not answered as it was before",
        "bot/homeserver/settings.py",
        '"sync_response_cache_duration": "0s"',
        '"sync_response_cache_duration": "2m"',
        "tests/integration/test_homeserver.py::test_a_first_sync_is_never_answered_as_it_was",
    ),
)
