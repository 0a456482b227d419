"""What was not kept, not taken or not sent is said where it was tapped, and stays said. On real parts."""

from __future__ import annotations

from pathlib import Path

from tests.bot_process import Member, until
from tests.browser.driver import Fault, Page
from tests.page_visits import (
    SENT,
    PagePractice,
    account_of,
    another_photo,
    nothing_is_left_to_send,
    queue_of,
    say_born,
    send,
)
from tests.photos import sample_photo

HOUR = 3_600_000  # milliseconds
BUSY = Fault("PUT", "/send/m.room.encrypted/", 1, 429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": HOUR})
REFUSES = "IDBObjectStore.prototype.add = function () { throw new DOMException('', '%s'); }"


def asked(practice: PagePractice, page: Page, photo: Path) -> None:
    """They are asked a question, and can answer it."""
    page.waits("You are connected")
    send(page, photo, "an itchy rash")
    practice.filed(photo)
    page.waits("I have your photo", "#list")
    page.type("#words", "wrong photo, sorry")
    page.tap("#send")
    page.waits("No, keep it", "#asked")
    until(lambda: is_all_said(page.sees("#list")), "the last thing is said of it, and nothing is drawn anew")


def is_all_said(shown: str) -> bool:
    return shown.count("I have your photo") == shown.count("carried its location")


TAPPED_AT_ONCE = """new MutationObserver((_, observer) => {
    const found = [...list.querySelectorAll("button")].find((each) => each.textContent.startsWith("Take back"));
    if (!found) return;
    observer.disconnect();
    found.click();
}).observe(list, { childList: true, subtree: true })"""


def pressed(page: Page, where: str) -> list[list[object]]:
    found = f"[...document.querySelectorAll('{where} button[aria-pressed]')]"
    return list(page.run(f"{found}.map((each) => [each.innerText, each.disabled])"))


def test_a_tap_that_the_phone_does_not_keep_is_said_beside_it_and_can_be_tapped_again(
    practice: PagePractice, ann: Page, photo: Path
) -> None:
    with practice.again(ann) as page:
        page.run(TAPPED_AT_ONCE)
        asked(practice, page, photo)
        page.tap("#list button", "Keep IMG")  # it is asked still, whatever was said since
        page.run("window.adds = IDBObjectStore.prototype.add")
        page.run(REFUSES % "UnknownError")
        page.tap("#asked button", "No, keep it")
        page.waits("went wrong.*nothing was sent", "#asked")
        assert pressed(page, "#asked") == []
        page.tap("#list button", "shows somebody else")
        page.waits("went wrong.*nothing was sent", "#list")
        page.tap("#list button", "Take back")
        page.tap("#list button", "Yes, take back")
        page.waits("went wrong.*nothing was sent", "#list")
        page.run(REFUSES % "QuotaExceededError")
        page.tap("#copy")
        page.waits("no room left", "#messages > .status")
        assert page.violations() == []
        page.run("IDBObjectStore.prototype.add = window.adds")
        page.tap("#asked button", "No, keep it")
        page.waits("IMG-.{4} stays", "#list")
        assert "went wrong" not in page.sees("#asked")


def test_an_answer_that_waits_is_shown_as_given_on_a_later_visit_and_goes_out_once(
    practice: PagePractice, ann: Page, photo: Path
) -> None:
    with practice.again(ann) as page:
        asked(practice, page, photo)
        page.offline()
        page.tap("#asked button", "No, keep it")
        page.waits("No connection", "#send-status")
        page.waits("Waiting to be sent", "#asked")
    with practice.again(ann, BUSY) as page:
        page.waits("busy", "#send-status")
        page.waits("No, keep it.*Waiting to be sent", "#list")
        assert page.sees("#asked") == ""
        assert pressed(page, "#list")[0] == ["No, keep it", True]
        page.run("dispatchEvent(new Event('online'))")
        page.waits("IMG-.{4} stays", "#list")
        page.waits("Waiting to be sent", "#list", gone=True)


def test_of_two_photos_the_one_that_is_not_taken_stays_and_is_said_until_it_is_sent_again(
    practice: PagePractice, ann: Page, photo: Path
) -> None:
    """A proxy on the way may take less than the practice: its answer is no word of the homeserver's."""
    second = another_photo(photo, "second.jpg")
    with practice.again(ann) as page:
        page.waits("You are connected")
        page.faults("POST", "/media/v3/upload", times=1, status=413, answer="<html>")
        page.choose(photo, second)
        page.moment("#chosen li")
        page.type("#words", "a rash on both arms")
        page.tap("#send")
        practice.filed(second)
        page.waits("could not be sent.*Send it again", "#not-taken")
        assert page.violations() == []
        assert practice.images_of(photo) == []
    with practice.again(ann) as page:
        page.waits("could not be sent.*a rash on both arms", "#not-taken")
        page.run("dispatchEvent(new Event('online'))")
        assert page.run("document.querySelectorAll('#not-taken canvas').length") == 1
        page.tap("#not-taken-send")
        practice.filed(photo)
        nothing_is_left_to_send(page)
        page.waits("could not be sent", gone=True)


def test_what_is_not_taken_can_be_thrown_away(practice: PagePractice, ann: Page, photo: Path) -> None:
    with practice.again(ann) as page:
        page.waits("You are connected")
        page.faults("POST", "/media/v3/upload", times=1, status=413, answer="<html>")
        send(page, photo, "a rash")
        page.waits("could not be sent", "#not-taken")
        assert page.sees("#send-status").strip() == "" and page.run("progress.hidden"), "nothing is on its way"
        page.tap("#not-taken-drop")
        nothing_is_left_to_send(page)
        page.waits("could not be sent", gone=True)


def test_what_could_not_be_shown_once_does_not_stop_what_comes_later(practice: PagePractice, ann: Page) -> None:
    with practice.again(ann) as page:
        page.waits("You are connected")
        page.run("""(() => { const right = Element.prototype.replaceChildren;
            Element.prototype.replaceChildren = function () {
                Element.prototype.replaceChildren = right;
                globalThis.thrown = true;
                throw new Error("not shown");
            }; })()""")
        page.type("#words", "are you open on Monday?")
        page.tap("#send")
        until(lambda: page.run("globalThis.thrown"), "it is not shown")
        page.type("#words", "or on Tuesday?")
        page.tap("#send")
        page.waits("on Tuesday.*on Monday", "#list")


def test_on_a_phone_that_is_full_nothing_is_half_kept_and_nothing_is_lost(
    practice: PagePractice, lee: Member, photo: Path
) -> None:
    """Here the browser itself is out of room. What it has left it asks itself seldom, so it is told before it keeps anything."""
    first, second = (photo.with_name(f"{name}.jpg") for name in ("first", "second"))
    for number, large in enumerate((first, second)):
        large.write_bytes(sample_photo(number, megapixels=2))
    other = practice.browser.open(f"{practice.url}/practice.json", alone=True)
    other.quota(first.stat().st_size + second.stat().st_size)  # the keys of the encryption take some of it
    with practice.browser.open(practice.link("10433", "Fay Po"), beside=other) as page:
        say_born(page)
        page.waits("You are connected")
        page.choose(first, second)
        page.moment("#chosen li")
        page.type("#words", "both arms")
        page.tap("#send")
        page.waits("no room left on this phone, so it was not sent.*make some room", "#form-status")
        assert (queue_of(page), page.run("words.value")) == (b"", "both arms")
        assert page.run("file.files.length") == 2
        other.quota(None)
        page.tap("#send")
        for each in (first, second):
            assert practice.filed(each).reason == "both arms"
        nothing_is_left_to_send(page)
        lee.says(f"!reply {practice.filed(first).ref} Please use the cream.")
        page.waits("use the cream", "#list")


def test_a_file_that_cannot_be_read_any_more_is_to_be_chosen_again(
    practice: PagePractice, ann: Page, photo: Path
) -> None:
    with practice.again(ann) as page:
        page.waits(f"You are connected|{SENT}", "#send-status")  # what waited from a visit before goes out at once
        page.choose(photo)
        page.moment("#chosen li")
        page.run("File.prototype.arrayBuffer = async () => { throw new DOMException('', 'NotReadableError'); }")
        page.tap("#send")
        page.waits("can't be read.*choose it again", "#form-status")
        page.type("#words", "a few words")
        page.run("file.value = ''")
        page.run("window.adds = IDBObjectStore.prototype.add")
        page.run(REFUSES % "UnknownError")
        page.tap("#send")
        page.waits("went wrong.*nothing was sent", "#form-status")
        assert page.run("words.value") == "a few words"


def test_what_waited_when_a_phone_was_ended_is_said_not_to_have_been_sent(practice: PagePractice, photo: Path) -> None:
    """It was said to wait on the phone, and is thrown away now."""
    page = practice.visitor(practice.link("10431", "Bo Hay"))
    page.waits("You are connected")
    page.offline()
    send(page, photo, "a rash")
    page.waits("waits on this phone", "#send-status")
    account = account_of(page)
    page.close()
    kim = practice.running.kim
    mark = kim.app.mark()
    kim.says(f"!lost {account}")
    kim.hears("Code: ", after=mark)
    with practice.again(page) as page:
        page.waits("not connected with your practice any more.*What waited on this phone was not sent", "#notice")
        until(lambda: queue_of(page) == b"", "the page forgets")
    assert practice.images_of(photo) == []
