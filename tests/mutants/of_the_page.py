"""Promises of the page that a link opens."""

from __future__ import annotations

from .mutant import Mutant

PASSING_ON = "bot/page/passing_on.py"
CONVERSATION = "bot/page/web/src/conversation.js"
SERVER = "tests/unit/test_page_server.py"
SHOWN = "tests/unit/test_page_conversation.py"
SOURCE = "bot/page/web/src"
ENGINE = "tests/unit/test_page_engine.py"
PLACE = "tests/unit/test_page_place.py"
BROWSER = "tests/integration/test_page.py"
ONE_WAY = f"{ENGINE}::test_ciphertext_is_sent_to_a_room_that_is_known_encrypted_and_shared_with_the_bot_of_the_link_or_nothing_is"

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
        'forwarded[-1].rpartition(",")[2]',
        'forwarded[0].partition(",")[0]',
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
        "page: the bot is who the link says",
        f"{SOURCE}/matrix.js",
        "if (master !== this.#key) throw new OtherBot();",
        "",
        ONE_WAY,
    ),
    Mutant(
        "page: nothing is sent before the bot was compared",
        f"{SOURCE}/matrix.js",
        'this.#pinned && known?.getMyMembership() === "join"',
        'known?.getMyMembership() === "join"',
        ONE_WAY,
    ),
    Mutant(
        "page: the bot is compared again each time",
        f"{SOURCE}/matrix.js",
        "    if (!ready) throw new NotReady();\n    await this.#pinnedIdentity();\n",
        "    if (!ready) throw new NotReady();\n",
        ONE_WAY,
    ),
    Mutant(
        "page: nothing goes to a room that is not encrypted",
        f"{SOURCE}/matrix.js",
        " && (await this.#crypto.isEncryptionEnabledInRoom(room))",
        "",
        ONE_WAY,
    ),
    Mutant(
        "page: what came out in the clear is not sent",
        f"{SOURCE}/matrix.js",
        'if (event.getWireType() !== ENCRYPTED) throw new Error("not encrypted");',
        "",
        ONE_WAY,
    ),
    Mutant(
        "page: the key of what waits can't be taken out",
        f"{SOURCE}/kept.js",
        '{ name: "AES-GCM", length: 256 }, false,',
        '{ name: "AES-GCM", length: 256 }, true,',
        f"{ENGINE}::test_what_waits_is_sealed_with_a_key_that_nobody_can_take_out",
    ),
    Mutant(
        "page: what waits is sealed",
        f"{SOURCE}/kept.js",
        'bytes: await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, await sealingKey(), bytes) };',
        "bytes: new Uint8Array([...additionalData, ...new Uint8Array(bytes)]) };",
        f"{ENGINE}::test_what_waits_is_sealed_with_a_key_that_nobody_can_take_out",
    ),
    Mutant(
        "page: what was uploaded is kept before it is sent",
        f"{SOURCE}/queue.js",
        "await replaceQueued(place, kept).catch(() => {});",
        "",
        f"{ENGINE}::test_a_page_that_was_closed_in_between_sends_the_same_once",
    ),
    Mutant(
        "page: a second try is sent under the same id",
        f"{SOURCE}/queue.js",
        "await this.#send(type, content, kept.id);",
        "await this.#send(type, content, crypto.randomUUID());",
        f"{ENGINE}::test_a_page_that_was_closed_in_between_sends_the_same_once",
    ),
    Mutant(
        "page: the queue is gone through once at a time",
        f"{SOURCE}/queue.js",
        "this.#running ??= this.#all()",
        "this.#running = this.#all()",
        f"{ENGINE}::test_a_queue_that_is_asked_twice_sends_each_once_and_in_order",
    ),
    Mutant(
        "page: what the homeserver does not take stays",
        f"{SOURCE}/queue.js",
        "    if (failure.isForGood) {\n",
        "    if (failure.isForGood) {\n      await dequeue(place);\n",
        f"{ENGINE}::test_what_the_homeserver_does_not_take_stays_and_does_not_hold_up_the_rest",
    ),
    Mutant(
        "page: an answer that waits can't be given again",
        f"{SOURCE}/waiting.js",
        "return [...said, ...[...waiting].map",
        "return [...said, ...[].map",
        f"{SHOWN}::test_an_answer_that_waits_is_given_and_once_it_has_come_back_does_not_wait",
    ),
    Mutant(
        "page: what could not be shown is not said to be seen",
        CONVERSATION,
        "unsure === -1 ? items : items.slice(0, unsure)",
        "items",
        f"{SHOWN}::test_what_is_said_to_be_seen_ends_before_what_could_not_be_shown",
    ),
    Mutant(
        "page: a browser that can't encrypt uses no link up",
        f"{SOURCE}/visit.js",
        "    await Matrix.isReady(); // before the link is used up\n",
        "",
        "tests/integration/test_page_first_visit.py::test_a_browser_that_cannot_encrypt_uses_no_link_up",
    ),
    Mutant(
        "page: one tab at a time",
        f"{SOURCE}/only_tab.js",
        "return lock && forEver();",
        "return undefined;",
        f"{ENGINE}::test_a_second_tab_waits_for_as_long_as_the_first_is_open",
    ),
    Mutant(
        "page: a code that was closed opens nothing",
        f"{SOURCE}/meeting.js",
        'if (means(answer, "birthday-locked")) throw new NotYou();',
        "",
        f"{ENGINE}::test_a_wrong_birthday_is_asked_again_until_the_code_is_closed",
    ),
    Mutant(
        "page: no birthday is told where the code was refused",
        f"{SOURCE}/meeting.js",
        "this.#goesOn(await this.#answerTo(code));",
        "await this.#answerTo(code);",
        f"{ENGINE}::test_a_code_that_is_refused_is_followed_by_no_birthday",
    ),
    Mutant(
        "page: in the lobby, too, only the bot is believed",
        f"{SOURCE}/meeting.js",
        "event.sender === this.#bot && event.trusted",
        "event.sender === this.#bot",
        f"{ENGINE}::test_only_the_bot_and_what_a_device_of_its_own_signed_is_believed",
    ),
    Mutant(
        "page: a place that could not be left out is not said to be",
        f"{SOURCE}/place.js",
        "return tellsAPlace(cut) ? null : cut;",
        "return cut;",
        f"{PLACE}::test_a_place_that_can_not_be_taken_out_is_told_all_the_same",
    ),
    Mutant(
        "page: a place is left out of captions",
        f"{SOURCE}/place.js",
        "for (const caption of captions(cut, text))",
        "for (const caption of [])",
        f"{PLACE}::test_a_place_is_taken_out_and_no_byte_moves",
    ),
    Mutant(
        "page: a PNG without its place is whole",
        f"{SOURCE}/place.js",
        "if (isPng(cut)) sumUp(cut, bytes);",
        "",
        f"{PLACE}::test_a_place_is_taken_out_and_no_byte_moves",
    ),
    Mutant(
        "page: what waited for a wrong birthday is not sent by itself",
        f"{SOURCE}/visit.js",
        "      await offerUnsent();\n",
        "",
        f"{BROWSER}::test_a_page_closed_in_the_middle_goes_on_and_a_photo_chosen_meanwhile_is_sent_only_when_tapped_again",
    ),
    Mutant(
        "page: what can never go on is forgotten",
        f"{SOURCE}/visit.js",
        '    if (await throwAllAway()) tellAlso("notSent");\n',
        "",
        f"{BROWSER}::test_another_key_than_the_links_stops_the_page_before_anything_is_sent",
    ),
    Mutant(
        "page: an answer is tapped once",
        f"{SOURCE}/buttons.js",
        "tapped.disabled = over || chosen !== null;",
        "",
        f"{BROWSER}::test_a_question_is_tapped_once_also_on_a_later_visit",
    ),
    Mutant(
        "page: a phone that is set up stays so when another link is opened",
        f"{SOURCE}/app.js",
        " || (known.room && link.key === known.key)",
        "",
        f"{BROWSER}::test_a_new_link_is_not_needed_on_a_phone_that_is_set_up",
    ),
    Mutant(
        "page: an account that has ended shows nothing more",
        f"{SOURCE}/visit.js",
        "if ((await ended) || (await this.#endedMeanwhile(Matrix))) throw new SignedOut();",
        "",
        "tests/integration/test_page_way_back.py::test_R28a_a_page_reported_lost_ends_at_once_also_when_it_is_opened_later",
    ),
    Mutant(
        "R17: a first sync is not answered as it was before",
        "bot/homeserver/settings.py",
        '"sync_response_cache_duration": "0s"',
        '"sync_response_cache_duration": "2m"',
        "tests/integration/test_homeserver.py::test_a_first_sync_is_never_answered_as_it_was",
    ),
)
