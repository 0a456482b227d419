"""What goes wrong on a patient's side: lines that break, phones that forget, clocks that are wrong. On real parts."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.bot_process import until
from tests.browser.driver import Fault, Page
from tests.cutting import ANSWER_LOST, BreakingLine
from tests.page_visits import (
    SENT,
    STATE,
    PagePractice,
    account_of,
    another_photo,
    nothing_is_left_to_send,
    say_born,
    send,
)

DEATHS = int(os.environ.get("CONSENTRY_PAGES", "1"))
HOUR, YEAR = 3_600_000, 365 * 24 * 3_600_000  # milliseconds


LATER = {"errcode": "M_LIMIT_EXCEEDED", "error": "Too many", "retry_after_ms": HOUR}
BUSY = "busy. Please keep this page open"


def at_once(page: Page) -> None:
    """The connection is back: what waits for a next try waits no longer."""
    page.run("dispatchEvent(new Event('online'))")


def is_connected_at_once(page: Page) -> bool:
    at_once(page)
    return "You are connected" in page.sees("#send-status")


def test_an_upload_that_breaks_anywhere_begins_again_and_is_filed_once(practice: PagePractice, photo: Path) -> None:
    with BreakingLine(practice.port) as line:
        link = practice.link("10432", "Bo Hay").replace(practice.url, line.url)
        with practice.visitor(link) as page:
            page.waits("You are connected")
            size = photo.stat().st_size
            # A browser tries once more by itself on a connection that it had used before, so each end comes twice.
            somewhere = random.Random(size).sample(range(2, size - 1), 8)
            line.cuts.extend(cut for cut in (0, 1, *somewhere, size - 1, ANSWER_LOST) for _ in range(2))
            send(page, photo, "itchy rash")
            page.waits("No connection", "#send-status")

            def every_cut_was_met() -> bool:
                at_once(page)
                return not line.cuts

            until(every_cut_was_met, "the page to try until nothing breaks any more")
            practice.filed(photo)
            nothing_is_left_to_send(page)
            assert set(practice.events_of(account_of(page))) - STATE == {"m.room.encrypted"}


@pytest.mark.parametrize(("method", "path"), [("POST", "/media/v3/upload"), ("PUT", "/send/m.room.encrypted/")])
def test_a_homeserver_that_asks_for_patience_gets_it(
    practice: PagePractice, ann: Page, photo: Path, method: str, path: str
) -> None:
    with practice.again(ann) as page:
        page.waits("You are connected")
        page.faults(method, path, times=1, status=429, answer=LATER)
        send(page, photo, "itchy rash")
        page.waits(BUSY, "#send-status")
        page.type("#words", "and another word")
        page.tap("#send")
        page.waits("It waits on this phone. Keep this page open until it says Sent", "#send-status")
        assert page.met == 1
        at_once(page)
        page.waits(SENT, "#send-status")
        practice.filed(photo)


NOTE_WHAT_IS_SAID = """globalThis.said = []; { const status = document.getElementById("send-status");
    new MutationObserver(() => said.push(status.textContent)).observe(status, { childList: true }); }"""


def test_the_homeservers_own_limit_is_waited_for_and_said_and_each_is_sent_once(
    practice: PagePractice, ann: Page, photo: Path
) -> None:
    """Synapse itself counts: it takes one message a second. A few words leave faster, also where all else is slow."""
    words = [f"and word {number}" for number in range(6)]
    with practice.again(ann) as page:
        page.waits("You are connected")
        account = account_of(page)
        before = len(sent_by(practice, account))
        page.run(NOTE_WHAT_IS_SAID)
        page.offline()
        send(page, photo, "itchy rash")
        for each in words:
            until(lambda: page.run("words.value") == "", "what was tapped before is kept")
            page.type("#words", each)
            page.tap("#send")
        page.waits("No connection", "#send-status")
        with one_message_a_second(practice, account):
            page.offline(False)
            at_once(page)
            practice.filed(photo)
            nothing_is_left_to_send(page)
        assert any(BUSY in each for each in page.run("said"))
        assert len(sent_by(practice, account)) - before == 1 + len(words)


@contextmanager
def one_message_a_second(practice: PagePractice, account: str) -> Iterator[None]:
    """Synapse takes no more of this account."""
    homeserver = practice.running.homeserver
    limit = f"/_synapse/admin/v1/users/{account}/override_ratelimit"
    least = json.dumps({"messages_per_second": 1, "burst_count": 1}).encode()
    assert homeserver.ask("POST", limit, least, homeserver.admin_token)[0] == 200
    try:
        yield
    finally:
        assert homeserver.ask("DELETE", limit, b"", homeserver.admin_token)[0] == 200


def sent_by(practice: PagePractice, account: str) -> list[str]:
    return [kind for kind in practice.events_of(account) if kind == "m.room.encrypted"]


def test_a_later_visit_says_how_far_it_is_and_waits_as_long_as_a_busy_homeserver_asks(
    practice: PagePractice, ann: Page
) -> None:
    """The library asks about keys too, where an earlier visit was closed before it had: it may be answered first."""
    with practice.again(ann, fault=Fault("POST", "/keys/query", times=3, status=429, answer=LATER)) as page:
        page.waits(BUSY, "#send-status")
        until(lambda: is_connected_at_once(page), "it is connected")
    with practice.again(ann, fault=Fault("GET", "/sync", times=99, status=502, answer={})) as page:
        page.waits("Making a private connection", "#send-status")


def test_a_homeserver_that_is_busy_when_keys_are_given_is_waited_for_and_that_is_said(practice: PagePractice) -> None:
    """The library gives them, and would wait in silence as long as it is told to."""
    with practice.browser.open(practice.link("10445", "Ivy Ho"), alone=True) as page:
        page.waits("date of birth")
        page.faults("PUT", "/sendToDevice/", times=3, status=429, answer=LATER)
        say_born(page)
        page.waits(BUSY, "#send-status")
        until(lambda: is_connected_at_once(page), "it is connected")


def test_a_page_that_is_loaded_again_and_again_while_it_sends_sends_once_and_never_in_clear(
    practice: PagePractice, ann: Page, photo: Path
) -> None:
    with practice.again(ann) as page:
        page.waits("You are connected")
        page.offline()
        send(page, photo, "itchy rash")
        page.waits("No connection", "#send-status")
        page.offline(False)
        for _ in range(3):
            page.goto(f"{practice.url}/?")
        practice.filed(photo)  # by whichever visit came so far
        nothing_is_left_to_send(page)
        assert set(practice.events_of(account_of(page))) - STATE == {"m.room.encrypted"}


def test_a_first_visit_that_breaks_while_keys_are_made_goes_on(practice: PagePractice) -> None:
    """The homeserver has the keys already, and the page does not know."""
    with practice.browser.open(practice.link("10438", "Cy Ho"), alone=True) as page:
        page.waits("date of birth")
        page.faults(
            "POST", "/signatures/upload", times=9, status=403, answer={"errcode": "M_FORBIDDEN", "error": "Not now"}
        )
        say_born(page)
        page.waits("Something went wrong")
    with practice.again(page) as page:
        page.waits("You are connected")  # the date is not typed again


# What is known of the account takes more room than there is: played by a database that refuses it.
FULL = """globalThis.isFull = true; { const { put } = IDBObjectStore.prototype; IDBObjectStore.prototype.put = function (...all) {
    if (isFull && all[0]?.account) throw new DOMException("", "QuotaExceededError");
    return put.apply(this, all); }; }"""


def test_a_phone_that_is_full_when_the_account_was_made_loses_it_not_and_goes_on_when_there_is_room(
    practice: PagePractice,
) -> None:
    before = practice.accounts()
    with practice.browser.open(practice.link("10447", "Kai Ho"), alone=True, before=FULL) as page:
        page.waits("date of birth")
        say_born(page)
        page.waits("no room left on this phone.*make some room, and keep this page open", "#send-status")
        page.run("globalThis.isFull = false")
        at_once(page)
        page.waits("You are connected", "#send-status")
        assert practice.accounts() - before == {account_of(page)}


def test_a_phone_that_is_full_connects_once_it_is_set_up(practice: PagePractice, ann: Page) -> None:
    with practice.browser.open(practice.url, beside=ann, before=FULL) as page:
        page.waits("You are connected", "#send-status")


def test_a_phone_of_some_years_ago_connects(practice: PagePractice) -> None:
    with practice.browser.open(practice.link("10439", "Gus Ho"), alone=True, older=True) as page:
        page.waits("date of birth")
        say_born(page)
        page.waits("You are connected")


@pytest.mark.parametrize("ahead", [-3 * YEAR, 3 * YEAR])
def test_a_phone_whose_clock_is_wrong_sends_all_the_same(practice: PagePractice, photo: Path, ahead: int) -> None:
    number = "10434" if ahead > 0 else "10435"
    other = another_photo(photo, "other.jpg")
    page = practice.browser.open(practice.link(number, "Di Ho"), alone=True, ahead=ahead)
    page.waits("date of birth")
    say_born(page)
    page.waits("You are connected")
    send(page, other, "a rash")
    practice.filed(other)
    page.waits("I have your photo")
    page.close()


def test_a_phone_that_slept_for_a_day_sends_what_waited(practice: PagePractice, ann: Page, photo: Path) -> None:
    with practice.again(ann) as page:
        page.waits("You are connected")
        page.offline()
        send(page, photo, "itchy rash")
        page.waits("No connection", "#send-status")
        practice.later(24)
        page.offline(False)
        page.waits(SENT, "#send-status")
        practice.filed(photo)
        page.waits("I have your photo", "#list")


def test_whoever_is_killed_meanwhile_each_photo_is_filed_once(practice: PagePractice, ann: Page, photo: Path) -> None:
    """Bot and page process, at some moment of a photo's way; `make pages` does it more often, and to the homeserver too."""
    dice = random.Random(DEATHS)
    with practice.again(ann) as page:
        page.waits("You are connected")
        for number in range(DEATHS):
            sent = another_photo(photo, f"{number}.jpg")
            send(page, sent, "itchy rash")
            page.waits(dice.choice((SENT, f"Sending|{SENT}", f"Encrypting|Sending|{SENT}", ".")), "#send-status")
            practice.running.bot.kill()
            practice.kill_serving()
            if number:  # it takes longest to come back
                practice.running.homeserver.kill()
            practice.serve()
            practice.running.bot.start_again()
            at_once(page)
            practice.filed(sent)
            nothing_is_left_to_send(page)
        assert set(practice.events_of(account_of(page))) - STATE == {"m.room.encrypted"}


def test_a_browser_that_has_forgotten_everything_asks_for_a_link(practice: PagePractice) -> None:
    with practice.visitor(practice.link("10436", "Ed Fu")) as page:
        page.waits("You are connected")
        page.goto(f"{practice.url}/practice.json")
        page.forget()
        page.goto(practice.url)
        page.waits("Please open the link")


def test_a_browser_that_has_forgotten_its_keys_alone_stops_and_sends_nothing(
    practice: PagePractice, photo: Path
) -> None:
    """A device that made itself new keys under its old name would be somebody whom nobody vouches for."""
    with practice.visitor(practice.link("10437", "Flo Po")) as page:
        page.waits("You are connected")
        account = account_of(page)
        before = [event for event in practice.events_of(account) if event not in STATE]
        page.goto(f"{practice.url}/practice.json")
        gone = page.run(
            "indexedDB.databases().then((all) => Promise.all(all.map(({ name }) => name).filter((name) => name !== 'consentry')"
            ".map((name) => new Promise((done) => indexedDB.deleteDatabase(name).onsuccess = () => done(name)))))"
        )
        assert gone
        page.goto(practice.url)
        page.waits("not connected with your practice any more")
        until(lambda: account_of(page) == "", "the page forgets")
        assert [event for event in practice.events_of(account) if event not in STATE] == before
