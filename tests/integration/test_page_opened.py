"""Whether a reply was seen in a browser, and that no question gets out of sight. On real parts (R28a)."""

from __future__ import annotations

from pathlib import Path

from bot.domain.intents import LookIfOpened
from tests.bot_process import Member, until
from tests.browser.driver import Page
from tests.page_visits import PagePractice, account_of, another_photo, nothing_is_left_to_send, say_born, send

MORE_THAN_A_VISIT_BEGINS_WITH = 61
NOBODY_LOOKS = "Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' })"
KEYS_ARE_LATE = """{ const right = WebAssembly.instantiateStreaming; globalThis.held = [];
    WebAssembly.instantiateStreaming = async (...given) => {
        const exports = { ...(await right(...given)).instance.exports };
        const [open, table] = [exports.olmmachine_decryptRoomEvent, exports.__wbindgen_externrefs];
        exports.olmmachine_decryptRoomEvent = (...which) => {
            const [place, ...failed] = open(...which);
            const opened = table.get(place);
            table.set(place, new Promise((done) => held.push(() => done(opened))));
            return [place, ...failed];
        };
        return { instance: { exports } };
    }; }"""
NOTE_WHAT_IS_READ_OUT = """globalThis.heard = [];
    for (const [kind, name] of [[Node, "insertBefore"], [Element, "replaceChildren"]]) {
        const right = kind.prototype[name];
        kind.prototype[name] = function (...given) {
            const done = right.apply(this, given);
            if (this.closest?.("[aria-live=polite]")) heard.push((this.matches("li") ? this : given[0]).textContent);
            return done;
        };
    }"""
WRITE = """(async () => { for (let count = 0; count < %d; count += 1) {
    words.value = `good morning ${count}`;
    document.getElementById("sending").requestSubmit();
    while (words.value) await new Promise((done) => setTimeout(done, 10));
} })()"""


def sends(practice: PagePractice, page: Page, photo: Path) -> str:
    """They send a photo, and it is filed; its reference."""
    send(page, photo, "an itchy rash")
    ref = practice.filed(photo).ref
    page.waits(f"photo {ref}", "#list")
    return ref


def connected(practice: PagePractice, number: str, name: str) -> Page:
    page = practice.visitor(practice.link(number, name))
    page.waits("You are connected")
    return page


def test_a_question_is_what_a_visit_opens_on_however_much_was_said_since(practice: PagePractice, photo: Path) -> None:
    page = connected(practice, "10430", "Ann Lee")
    sends(practice, page, photo)
    page.type("#words", "wrong photo, sorry")
    page.tap("#send")
    page.waits("No, keep it", "#asked")
    page.run(WRITE % MORE_THAN_A_VISIT_BEGINS_WITH)
    nothing_is_left_to_send(page)
    page.close()
    with practice.again(page) as later:
        later.waits("You are connected")
        later.waits("No, keep it", "#asked")
        later.tap("#asked button", "No, keep it")
        later.waits("IMG-.{4} stays", "#list")


def test_nothing_said_before_is_read_out_however_late_it_is_opened(
    practice: PagePractice, lee: Member, photo: Path
) -> None:
    """A screen reader reads out news, and each once: neither what is there already, nor the words that stand in for it."""
    page = connected(practice, "10433", "Di Ho")
    ref = sends(practice, page, photo)
    page.type("#words", "wrong photo, sorry")
    page.tap("#send")
    page.waits("No, keep it", "#asked")
    page.close()
    with practice.browser.open(practice.url, beside=page, before=KEYS_ARE_LATE + NOTE_WHAT_IS_READ_OUT) as later:
        until(lambda: later.run("held.length"), "a message is being opened")
        later.waits("You are connected")
        assert "could not be checked" not in later.sees("#messages")
        until(
            lambda: later.run("(held.pop()?.(), held.length)") == 0 and later.sees("#asked"),
            "all is opened, the last first",
        )
        later.waits("No, keep it", "#asked")
        later.run("held.push = (open) => open()")
        assert later.run("heard") == []
        lee.says(f"!reply {ref} Please use the cream.")
        later.waits("use the cream", "#list")
        [reply] = later.run("heard")
        assert "Please use the cream" in reply
        later.tap("#asked button", "No, keep it")
        later.waits(f"{ref} stays", "#list")
        later.type("#words", "wrong photo, sorry")
        later.tap("#send")
        later.tap("#asked button", "No, keep it")  # the new one: the other can't be tapped any more
        later.waits(f"{ref} stays.*{ref} stays", "#list")
        assert len([said for said in later.run("heard") if "No, keep it" in said]) == 1


def test_R28a_a_reply_that_was_seen_is_not_rung_about_and_one_on_a_page_that_nobody_looks_at_is(
    practice: PagePractice, lee: Member, photo: Path
) -> None:
    """The last test here: the practice's clock is a day ahead then, and two in the second browser."""
    sees = connected(practice, "10431", "Bo Hay")
    is_away = practice.browser.open(practice.link("10432", "Cy Ng"), alone=True, before=NOBODY_LOOKS)
    say_born(is_away)
    is_away.waits("You are connected")
    seen, unseen = sends(practice, sees, photo), sends(practice, is_away, another_photo(photo, "unseen.jpg"))
    before = practice.last_event()
    sees.comes_to_front()
    for page, ref in ((sees, seen), (is_away, unseen)):
        lee.says(f"!reply {ref} Please use the cream.")
        page.waits("use the cream", "#list")
    account = account_of(sees)
    until(lambda: practice.seen_up_to(account) > before, "the page says that it was seen")
    assert practice.seen_up_to(account_of(is_away)) == 0
    for page in (sees, is_away):
        page.close()
    mark = lee.app.mark()
    practice.later(25)
    lee.hears(f"opened what you wrote to them about {unseen}", after=mark)
    until(
        lambda: not [each for each in practice.running.intents("due") if isinstance(each.intent, LookIfOpened)],
        "all is looked at",
    )
    assert lee.heard(f"opened what you wrote to them about {seen}", after=mark) == []
