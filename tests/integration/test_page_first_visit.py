"""A first visit on a bad line, an old phone, or another browser: it goes on, or the link stays whole. On real parts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.bot_process import SOURCES
from tests.browser.driver import Fault, Page
from tests.page_visits import PHONE, STATE, PagePractice, account_of, say_born, send

NO_GLOBAL = "delete globalThis.WebAssembly"
NO_ENGINE = "WebAssembly.instantiateStreaming = async () => { throw new WebAssembly.CompileError('too new'); }"
SOON = {"errcode": "M_LIMIT_EXCEEDED", "error": "Too many", "retry_after_ms": 100}


CUT_OFF = "the script's beginning"


def cut_off() -> str:
    """The page's own script as far as some browsers take it for whole, where it breaks off behind a sentence: it can be run."""
    [script] = (SOURCES / "bot" / "page" / "built").glob("app-*.js")
    begun = 'document.getElementById("old").remove();'
    before, found, _ = script.read_text(encoding="utf-8").partition(begun)
    assert found
    return before + found


@pytest.mark.parametrize(
    "fault",
    [
        Fault("GET", "/practice.json", 2),
        Fault("GET", "/matrix-.*js", 1),
        Fault("GET", "/matrix_sdk.*wasm", 2),
        Fault("POST", "/v3/register", 2, 502, "<html>"),
        Fault("POST", "/v3/createRoom", 2),
        Fault("POST", "/device_signing/upload", 2, 429, SOON),
        Fault("PUT", "/send/m.room.encrypted/", 3, 502, "<html>"),
        Fault("POST", "/v3/join/", 2, 429, SOON),
    ],
    ids=["practice", "code", "engine", "register", "createRoom", "keys", "send", "join"],
)
def test_a_line_that_breaks_once_makes_a_first_visit_longer_and_nothing_is_typed_again(
    practice: PagePractice, fault: Fault, request: pytest.FixtureRequest
) -> None:
    number = 10460 + sum(map(ord, request.node.callspec.id)) % 1000
    with practice.browser.open(practice.link(str(number), "Bo Hay"), alone=True, fault=fault) as page:
        page.waits("date of birth")
        say_born(page)
        page.waits("You are connected")
        assert page.met >= fault.times


def ends(page: Page) -> None:
    page.waits("can't encrypt your photos.*link is not used up")
    assert account_of(page) == ""


@pytest.mark.parametrize("lack", [NO_GLOBAL, NO_ENGINE])
def test_a_browser_that_cannot_encrypt_uses_no_link_up(practice: PagePractice, lack: str) -> None:
    link = practice.link({NO_GLOBAL: "10451", NO_ENGINE: "10452"}[lack], "Cy Ng")
    before = practice.accounts()
    with practice.browser.open(link, alone=True, before=lack) as page:
        if lack == NO_ENGINE:
            page.waits("date of birth")
            say_born(page)
        ends(page)
    assert practice.accounts() == before
    with practice.visitor(link) as page:
        page.waits("You are connected")


NO_DATABASE = "Object.defineProperty(globalThis, 'indexedDB', { value: undefined })"
FORBIDDEN = "IDBFactory.prototype.open = () => { throw new DOMException('', 'SecurityError'); }"
BROKEN = """IDBFactory.prototype.open = () => { const request = { error: new DOMException('', 'UnknownError') };
    setTimeout(() => request.onerror()); return request; }"""
NO_LOCKS = "LockManager.prototype.request = async () => { throw new DOMException('', 'SecurityError'); }"
NO_KEYS = """{ const right = IDBObjectStore.prototype.put; IDBObjectStore.prototype.put = function (value, ...rest) {
    if (value instanceof CryptoKey) throw new DOMException('', 'DataCloneError'); return right.call(this, value, ...rest); }; }"""
NO_ROOM = "IDBObjectStore.prototype.put = () => { throw new DOMException('', 'QuotaExceededError'); }"


@pytest.mark.parametrize(
    "lack",
    [NO_DATABASE, FORBIDDEN, BROKEN, NO_LOCKS, NO_KEYS, NO_ROOM],
    ids=["absent", "forbidden", "broken", "locks", "keys", "room"],
)
def test_a_browser_that_keeps_nothing_uses_no_link_up_and_says_what_to_do(
    practice: PagePractice, lack: str, request: pytest.FixtureRequest
) -> None:
    """As private windows, a policy, blocked cookies or a full phone have it: nothing could be sealed there."""
    link = practice.link(str(10470 + len(request.node.callspec.id)), "Jo Ma")
    before = practice.accounts()
    with practice.browser.open(link, alone=True, before=lack) as page:
        if lack == NO_KEYS:
            page.waits("date of birth")
            say_born(page)
        page.waits("keeps nothing.*no link was used up.*ordinary window")
        assert (page.sees("#send"), page.violations()) == ("", [])
    assert practice.accounts() == before


@pytest.mark.parametrize(
    "fault",
    [
        Fault("GET", "/app-.*js", 1),
        Fault("GET", "/app-.*js", 1, 404, "Not here."),
        Fault("GET", "/app-.*js", 1, 200, "sign in first"),
        Fault("GET", "/chunk-.*js", 4),
        Fault("GET", "/app-.*js", 1, 200, CUT_OFF),
    ],
    ids=["broken", "gone", "another", "part", "cut"],
)
def test_a_page_whose_script_does_not_come_says_so_and_whom_to_call_and_begins_again_with_the_same_link(
    practice: PagePractice, fault: Fault, request: pytest.FixtureRequest
) -> None:
    number = 10480 + len(request.node.callspec.id)
    if fault.answer == CUT_OFF:
        fault = replace(fault, answer=cut_off())
    with practice.browser.open(practice.link(str(number), "Bo Hay"), alone=True, fault=fault) as page:
        page.waits(
            f"emergencies: call 000.*could not be loaded, and sends nothing before it is.*call your practice.*{PHONE}"
        )
        assert page.violations() == []
        page.tap("#try-again")
        page.waits("date of birth")
        say_born(page)
        page.waits("You are connected")
        assert "could not be loaded" not in page.sees("main")


def test_a_page_that_nothing_comes_of_tells_what_to_do_and_what_is_an_emergency(practice: PagePractice) -> None:
    """As where both scripts fail: what stands in the page itself is all there is."""
    with practice.browser.open(practice.url, alone=True, fault=Fault("GET", "/(app|unstarted)-.*js", 9)) as page:
        page.waits(
            "emergencies: call 000.*connection is slow, or this browser is too old.*load this page.*call your practice"
        )
        assert page.violations() == []
    with practice.browser.open(practice.url, alone=True) as page:
        page.waits("Please open the link")
        assert "too old" not in page.run("document.body.textContent")


KEYS_FULL = """globalThis.isFull = true; for (const name of ["put", "add"]) { const right = IDBObjectStore.prototype[name];
    IDBObjectStore.prototype[name] = function (...all) {
        if (isFull && this.transaction.db.name !== "consentry") throw new DOMException("", "QuotaExceededError");
        return right.apply(this, all); }; }"""


def test_a_phone_that_is_full_where_the_encryption_keeps_its_keys_says_so_and_goes_on_when_there_is_room(
    practice: PagePractice, photo: Path
) -> None:
    """On a first visit, and when a photo is sent; nothing has to be tapped again."""
    no_room = "no room left on this phone.*make some room, and keep this page open"
    with practice.browser.open(practice.link("10448", "Kai Ho"), alone=True, before=KEYS_FULL) as page:
        page.waits("date of birth")
        say_born(page)
        page.waits(no_room, "#send-status")
        page.run("globalThis.isFull = false")
        page.waits("You are connected", "#send-status")
        page.run("globalThis.isFull = true")
        send(page, photo, "itchy rash")
        page.waits(no_room, "#send-status")
        assert (page.sees("#not-taken"), practice.images_of(photo)) == ("", [])
        page.run("globalThis.isFull = false")
        practice.filed(photo)
        assert set(practice.events_of(account_of(page))) - STATE == {"m.room.encrypted"}
