"""A patient sends from a browser, on real parts: link, page process, Synapse, purger, bot and browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

from tests.bot_process import until
from tests.browser.driver import Page
from tests.browser.installed import Engine
from tests.page_visits import (
    FORMS,
    SENT,
    STATE,
    PagePractice,
    account_of,
    another_photo,
    in_files,
    loaded_anew,
    nothing_is_left_to_send,
    queue_of,
    say_born,
    send,
    steps_counted,
    steps_taken,
)
from tests.photos import CAMERA
from tests.qr_judge import says

CAPTION = "itchy violet rash, three days"
EXPECTED = r"status of (401|404) .*/_matrix/client/"  # asked by the library, and not served


def test_the_qr_code_in_the_chat_of_whoever_made_the_link_says_that_link(
    practice: PagePractice, tmp_path: Path
) -> None:
    """As their app receives it: encrypted, uploaded, and opened again by a client that is not ours."""
    kim, received = practice.running.kim, tmp_path / "code"
    mark = kim.app.mark()
    link = practice.link("10499", "Quinn Ray")
    shown = kim.app.wait(kim.room, msgtype="m.image", after=mark)
    kim.app.download(kim.room, shown["id"], received)
    with Image.open(received) as picture:
        assert says(picture) == f"{link}\n"


def test_a_photo_goes_from_the_link_into_the_record_and_leaves_nothing_behind(
    practice: PagePractice, photo: Path, tmp_path: Path, engine: Engine
) -> None:
    browser = practice.browser
    page = practice.visitor(practice.link("10421"), alone=False)
    page.waits("You are connected", "#send-status")
    assert page.run("location.href") == f"{practice.url}/"
    page.run("navigator.storage.persist = async () => { globalThis.isAskedToKeep = true; }")
    send(page, photo, CAPTION)
    assert steps_taken(page) == steps_counted()
    until(lambda: not page.run("document.getElementById('words').value"), "it waits on the phone")
    asks = page.run("Boolean(globalThis.isAskedToKeep)")
    assert asks is (engine is not Engine.FIREFOX), "Firefox would ask the patient in turn"
    page.waits("I have your photo IMG-[0-9A-Z]{4}.*For: your care.*Take back IMG", "#list")
    image = practice.filed(photo)
    assert (image.reason, image.purpose) == (CAPTION, "care")
    folder = tmp_path / "record"
    assert practice.running.bot.command("record", "export", practice.number("10421"), str(folder)).returncode == 0
    assert photo.read_bytes() in [path.read_bytes() for path in folder.rglob("*.jpg")]
    page.waits("rash", "#list li.mine", gone=True)
    assert set(practice.events_of(account_of(page))) - STATE == {"m.room.encrypted"}
    assert [said for said in browser.troubles() if not re.search(EXPECTED, said)] == []

    page.close()
    browser.stop()
    assert in_files(browser.profile, CAPTION, "I have your photo", photo.name, CAMERA[0].decode()) == []
    assert in_files(browser.profile, "1984", among=FORMS) == [], "the birthday; elsewhere any four digits may stand"
    browser.start()
    later = browser.open(practice.url)
    later.waits("I have your photo", "#list")
    assert loaded_anew(later) == []
    later.close()


def test_another_key_than_the_links_stops_the_page_before_anything_is_sent(practice: PagePractice) -> None:
    link = practice.link("10422")
    key = link[-43:]
    before = practice.accounts()
    link = link.removesuffix(key) + ("B" if key[0] == "A" else "A") + key[1:]
    with practice.browser.open(link, alone=True) as page:
        page.waits("date of birth")
        with practice.serving_asleep():  # else the page may see it before anything is written
            say_born(page)
            page.type("#words", "it hurts")
            page.tap("#send")
            until(lambda: queue_of(page), "it waits to be sent")
        page.waits("not your practice's assistant. No photo was sent.*What waited on this phone was not sent")
        [account] = practice.accounts() - before
        assert practice.events_of(account) == []
        until(lambda: (account_of(page), queue_of(page)) == ("", b""), "the page forgets")


def test_a_link_that_names_somebody_else_is_not_used_and_a_phone_that_is_set_up_stays_so(
    practice: PagePractice, ann: Page, photo: Path
) -> None:
    """On the practice's own address it would look like the practice's: anybody with an account there could wait at its end."""
    link = practice.link("10439", "Eve Ho")
    of_another_account = link.replace("b=@consentry", "b=@eve")
    with_another_key = link[:-43] + ("B" if link[-43] == "A" else "A") + link[-42:]
    assert link not in (of_another_account, with_another_key)
    with practice.browser.open(of_another_account, alone=True) as page:
        page.waits("not from this practice")
        assert not page.sees("#born")
    with practice.again(ann) as page:
        page.waits("You are connected")
        page.offline()
        send(page, photo, CAPTION)
        page.waits("waits on this phone", "#send-status")
        account = account_of(page)
    for forged in (of_another_account, with_another_key):
        with practice.browser.open(forged, beside=ann) as page:
            page.waits("not from this practice")
            page.waits(f"You are connected|{SENT}", "#send-status")
            assert account_of(page) == account
    practice.filed(photo)


def test_a_link_works_once(practice: PagePractice) -> None:
    link = practice.link("10425", "Cy Ng")
    with practice.visitor(link) as first, practice.visitor(link) as second:
        first.waits("You are connected")
        second.waits("can't be used any more.*opened it before in another app or browser, please go on there")
        assert second.sees("#send") == "", "there is nothing to tap"


def test_the_same_link_on_the_same_phone_is_the_way_back(practice: PagePractice) -> None:
    link = practice.link("10441", "Cy Ng")
    with practice.visitor(link) as page:
        page.waits("You are connected.*To come back, open the same link again on this phone")
        account = account_of(page)
    with practice.browser.open(link, beside=page) as later:
        later.waits("You are connected.*Welcome")
        assert (account_of(later), later.sees("#another"), later.sees("#notice")) == (account, "", "")


def test_three_wrong_birthdays_close_the_link_and_no_photo_is_sent(practice: PagePractice, photo: Path) -> None:
    with practice.browser.open(practice.link("10427", "Di Ho"), alone=True) as page:
        page.waits("date of birth")
        say_born(page, day="31", month="2")
        page.waits("check the date", "#born-status")
        page.run("document.getElementById('born').reset()")
        with practice.serving_asleep():  # else the form may be gone before anything is chosen
            say_born(page, year="1784")  # nobody's: it is asked again, and does not count
            send(page, photo, CAPTION)
            until(lambda: queue_of(page), "it waits to be sent")
        for year in ("1983", "1985", "1986"):
            page.waits("doesn't match", "#born-status")
            say_born(page, year=year)
        page.waits("the link was closed and no photo was sent. Please ring your practice")
        nothing_is_left_to_send(page)
    assert practice.images_of(photo) == []
    with practice.browser.open(practice.link("10427", "Di Ho"), beside=page) as page:
        page.waits("date of birth")
        say_born(page)
        page.waits("You are connected")


def test_a_page_closed_in_the_middle_goes_on_and_a_photo_chosen_meanwhile_is_sent_only_when_tapped_again(
    practice: PagePractice, photo: Path
) -> None:
    """It waits sealed. The page is closed before a birthday is said, and once more after a wrong one."""
    with practice.browser.open(practice.link("10440", "Jo Ma"), alone=True) as page:
        page.waits("date of birth")
    with practice.again(page) as page:
        page.waits("date of birth")
        with practice.serving_asleep():
            say_born(page, year="1983")
            send(page, photo, CAPTION)
            kept = until(lambda: queue_of(page), "it is kept")
        page.waits("doesn't match", "#born-status")
        assert len(kept) > photo.stat().st_size and photo.read_bytes()[:64] not in kept
    with practice.again(page) as page:
        page.waits("date of birth")
        say_born(page)
        page.waits(f"Send it now.*{CAPTION}", "#unsent")
        assert practice.images_of(photo) == []
        page.tap("#unsent-send")
        practice.filed(photo)
        nothing_is_left_to_send(page)


def test_what_was_sent_without_a_connection_goes_by_itself_once_the_page_is_opened_again(
    practice: PagePractice, ann: Page, photo: Path
) -> None:
    with practice.again(ann) as page:
        page.waits("You are connected")
        page.offline()
        send(page, photo, CAPTION)
        page.waits("No connection.*waits on this phone.*Keep this page open", "#send-status")
        kept = queue_of(page)
        assert len(kept) > photo.stat().st_size
        assert not any(part in kept for part in (CAPTION.encode(), photo.name.encode(), photo.read_bytes()[:64]))
    with practice.again(ann) as page:
        page.waits(SENT, "#send-status")
        practice.filed(photo)
        nothing_is_left_to_send(page)
        assert set(practice.events_of(account_of(page))) - STATE == {"m.room.encrypted"}


def test_a_photo_is_shown_until_it_is_filed_also_when_the_bot_was_away(
    practice: PagePractice, ann: Page, photo: Path
) -> None:
    """It is shown from the page's own memory: fetched again, it would stand in the way of the answer on a slow line."""
    pictures = "document.querySelectorAll('#list li.mine canvas').length"
    with practice.again(ann) as page:
        page.waits("You are connected")
        practice.running.bot.kill()
        page.faults("GET", "/media/download/", times=9)
        send(page, photo, CAPTION)
        until(lambda: page.run(pictures) == 1, "the photo is shown")
        assert page.met == 0
        practice.running.bot.start_again()
        practice.filed(photo)
        until(lambda: page.run(pictures) == 0, "the photo is gone")


def test_no_tip_is_worked_out_for_a_photo_that_is_being_sent(practice: PagePractice, ann: Page, photo: Path) -> None:
    """That takes an old phone seconds, in which nothing else happens on the page."""
    with practice.again(ann) as page:
        page.waits("You are connected")
        page.run("""(() => { const [read, context] = [createImageBitmap, OffscreenCanvas.prototype.getContext];
            Object.assign(globalThis, { readings: 0, looks: 0 });
            globalThis.createImageBitmap = async (...given) => {
                const [number, picture] = [(readings += 1), await read(...given)];
                if (number === 2) await new Promise((go) => (globalThis.go = go));
                return picture;
            };
            OffscreenCanvas.prototype.getContext = function (...given) { looks += 1; return context.apply(this, given); };
        })()""")
        page.type("#words", CAPTION)
        page.choose(photo)
        until(lambda: page.run("Boolean(globalThis.go)"), "the photo is seen, and read once more for a tip")
        page.tap("#send")
        practice.filed(photo)
        page.run("(go(), new Promise((done) => setTimeout(() => setTimeout(done))))")
        assert page.run("looks") == 0


def test_while_the_practice_cannot_be_reached_a_photo_waits_and_is_then_sent_once(
    practice: PagePractice, ann: Page, photo: Path
) -> None:
    with practice.again(ann) as page:
        page.waits("You are connected")
        practice.stop_serving()
        send(page, photo, CAPTION)
        page.waits("No connection", "#send-status")
        practice.serve()
        page.waits(SENT, "#send-status")
        practice.filed(photo)


def test_what_a_full_phone_cannot_keep_whole_stays_in_the_form_whole(
    practice: PagePractice, ann: Page, photo: Path
) -> None:
    second = another_photo(photo, "second.jpg")
    with practice.again(ann) as page:
        page.waits("You are connected")
        page.run("window.adds = IDBObjectStore.prototype.add; window.room = 1")
        full = "if (window.room-- > 0) return window.adds.apply(this, all); throw new DOMException('', 'QuotaExceededError')"
        page.run(f"IDBObjectStore.prototype.add = function (...all) {{ {full}; }}")
        page.choose(photo, second)
        page.moment("#chosen li")
        page.type("#words", CAPTION)
        page.tap("#send")
        page.waits("no room left", "#form-status")
        nothing_is_left_to_send(page)
        assert page.run("document.getElementById('words').value") == CAPTION
        page.run("IDBObjectStore.prototype.add = window.adds")
        page.tap("#send")
        page.waits(SENT, "#send-status")
        for each in (photo, second):
            practice.filed(each)


def test_a_new_link_is_not_needed_on_a_phone_that_is_set_up(practice: PagePractice, ann: Page) -> None:
    with practice.browser.open(practice.link("10431", "Ann Lee"), beside=ann) as page:
        page.waits("set up already.*You are connected")
        page.tap("#another-leave")
        page.waits("set up already", gone=True)


def test_two_tabs_do_not_use_one_set_of_keys(practice: PagePractice, ann: Page) -> None:
    page = practice.again(ann)
    with practice.again(ann) as second:
        second.waits("already open in another tab")
        page.close()
        second.waits("You are connected")


def test_a_tab_takes_the_place_of_one_that_lies_somewhere_and_that_one_sends_nothing_more(
    practice: PagePractice, ann: Page, photo: Path
) -> None:
    """What waited there is sent from here, once; and the first can take its place back."""
    go_on_here = (
        "document.getElementById('here').click()"  # a tab behind another draws nothing, so nothing is tapped there
    )
    with practice.again(ann) as first:
        first.waits("You are connected")
        first.offline()
        send(first, photo, CAPTION)
        first.waits("No connection", "#send-status")
        second = practice.again(ann)
        second.waits("already open in another tab")
        assert second.violations() == []
        second.tap("#here")
        first.waits("goes on in another tab")
        assert first.sees("#send, #list, #deeds").strip() == ""
        second.waits(SENT, "#send-status")
        practice.filed(photo)
        first.offline(False)
        first.run(go_on_here)
        first.waits("already open in another tab")
        first.run(go_on_here)
        second.waits("goes on in another tab")
        second.close()
        first.waits("You are connected")
        first.type("#words", "are you open on Monday?")
        first.tap("#send")
        first.waits("on Monday", "#list")
        nothing_is_left_to_send(first)


def test_a_link_is_not_lost_where_a_tab_has_to_wait_or_a_phone_drops_the_page(
    practice: PagePractice, ann: Page
) -> None:
    link = practice.link("10433", "Ann Lee")
    page = practice.again(ann)
    page.waits("You are connected")
    with practice.browser.open(link, beside=ann) as second:
        second.waits("already open in another tab")
        page.close()
        second.waits("set up already")
        second.goto(f"{practice.url}/?")
        second.waits("set up already")
        second.tap("#another-leave")
        second.waits("set up already", gone=True)
        second.goto(practice.url)
        second.waits("You are connected")
        assert second.sees("#another") == ""


def test_a_question_is_tapped_once_also_on_a_later_visit(practice: PagePractice, ann: Page, photo: Path) -> None:
    with practice.again(ann) as page:
        page.waits("You are connected")
        send(page, photo, CAPTION)
        practice.filed(photo)
        page.type("#words", "wrong photo, sorry")
        page.tap("#send")
        page.waits("No, keep it", ".list li button")
        assert page.violations() == []
        page.tap("#asked button", "No, keep it")
        page.waits("IMG-.{4} stays", "#list")
    with practice.again(ann) as page:
        page.waits("No, keep it", ".list li button")
        pressed = "[...document.querySelectorAll('#list li button[aria-pressed]')]"
        until(lambda: page.run(f"{pressed}.length"), "the answer is shown")
        assert page.run(f"{pressed}.map((each) => [each.innerText, each.disabled])") == [["No, keep it", True]]


def tab_to(page: Page, selector: str, *, back: bool = False) -> None:
    """Press Tab, or with `back` Shift and Tab, until the focus is there; what has it is to be seen."""
    for _ in range(30):
        page.press("Tab", "Shift" if back else "")
        if page.run(f"document.activeElement.matches('{selector}')"):
            return
    raise AssertionError(f"no Tab leads to {selector}")


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_large_letters_a_small_screen_a_keyboard_and_either_direction_are_enough(
    practice: PagePractice, photo: Path, direction: str
) -> None:
    number, language = {"ltr": ("10429", "en"), "rtl": ("10428", "ar-XB")}[direction]
    with practice.browser.open(
        practice.link(number, "Flo Po").replace("/#", f"/?lang={language}#"), alone=True
    ) as page:
        page.size(320)
        until(lambda: page.run("document.activeElement.id") == "day", "the form, and the focus is in it")
        page.run("document.documentElement.style.fontSize = '225%'")
        assert page.run("document.documentElement.dir") == direction
        assert (page.violations(), page.is_wider_than_the_screen()) == ([], False)
        for part in ("7", "3", "1984"):
            page.writes(part)
            page.press("Tab")
        page.press("Enter")
        until(lambda: page.sees("#list"), "the messages")
        assert (page.violations(), page.is_wider_than_the_screen()) == ([], False)
        tab_to(page, "#file")
        page.chooses_by_key("Enter", photo)
        page.moment("#chosen li")
        tab_to(page, "#words")
        page.writes("an itchy rash")
        tab_to(page, "#send")
        page.press("Enter")
        practice.filed(photo)
        assert (page.violations(), page.is_wider_than_the_screen()) == ([], False)
        tab_to(page, "#words", back=True)
        page.writes("wrong photo, sorry")
        tab_to(page, "#send")
        page.press("Enter")
        page.waits("No, keep it", "#asked")
        tab_to(page, "#asked button", back=True)
        assert (page.violations(), page.is_wider_than_the_screen()) == ([], False)
        page.press(" ")
        page.waits("IMG-.{4} stays", "#list")


def test_another_identity_of_the_bot_stops_the_page_and_what_was_chosen_is_not_sent(
    practice: PagePractice, ann: Page, photo: Path
) -> None:
    """The last test here: the bot has lost its identity by it."""
    with practice.again(ann) as page:
        page.waits("You are connected")
        account = account_of(page)
        practice.running.bot.kill()
        practice.running.app_of(practice.running.accounts["consentry"], reset_cross_signing=True)
        before = practice.events_of(account)
        send(page, photo, CAPTION)
        page.waits("assistant is not the one it was, so nothing more is sent. What waits here is kept")
        assert practice.events_of(account) == before
    with practice.again(ann) as page:
        page.waits("assistant is not the one it was")
        assert queue_of(page)
    assert practice.events_of(account) == before
    assert practice.images_of(photo) == []
