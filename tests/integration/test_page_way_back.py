"""Two browsers of one patient, on real parts: a new link, and the page that was forgotten ends (R28a, R33)."""

from __future__ import annotations

import re
from pathlib import Path

from tests.bot_process import Member, until
from tests.browser.driver import Page
from tests.integration.consulting import poll_of, taps
from tests.page_visits import PagePractice, account_of, another_photo, queue_of, say_born, send

OVER = "not connected with your practice any more"


def connected(practice: PagePractice, link: str) -> Page:
    page = practice.browser.open(link, alone=True)
    page.waits("date of birth")
    say_born(page)
    page.waits("You are connected")
    return page


def sends(practice: PagePractice, page: Page, photo: Path) -> str:
    """They send a photo, and it is filed; its reference."""
    send(page, photo, "itchy rash, three days")
    ref = practice.filed(photo).ref
    page.waits(f"photo {ref}", "#list")
    return ref


def test_R33_a_new_link_sends_at_once_and_once_confirmed_the_page_before_ends(
    practice: PagePractice, lee: Member, photo: Path
) -> None:
    old = connected(practice, practice.link("10421"))
    first = sends(practice, old, photo)
    new = connected(practice, practice.link("10421"))
    second = sends(practice, new, another_photo(photo, "second.jpg"))
    new.tap("#held")
    new.waits(f"{second}.*in the record", "#list")
    assert first not in new.run("document.getElementById('list').textContent"), "what was filed before waits"
    account = account_of(old)

    mark = lee.app.mark()
    lee.says(f"!confirm {practice.number('10421')}")
    taps(lee, poll_of(lee, f"their earlier page ends: {account}", after=mark), "Yes")
    old.waits(OVER)
    until(lambda: (account_of(old), queue_of(old)) == ("", b""), "the page forgets")
    assert first not in old.run("document.body.textContent")
    new.waits("open to you now", "#list")
    new.tap("#held")
    new.waits(first, "#list")
    old.close()
    new.close()


def test_R28a_a_page_reported_lost_ends_at_once_also_when_it_is_opened_later(
    practice: PagePractice, photo: Path
) -> None:
    kim = practice.running.kim
    page = connected(practice, practice.link("10422", "Ann Lee"))
    sends(practice, page, photo)
    account = account_of(page)
    page.close()
    mark = kim.app.mark()
    kim.says(f"!lost {account}")
    said = kim.hears("Code: ", after=mark)
    with practice.again(page) as later:
        later.waits(OVER)
        assert "rash" not in later.run("document.body.textContent")
    link = re.search(r"http://\S+#c=\S+", said)
    assert link is not None
    with connected(practice, link[0]) as new:
        new.waits("Welcome", "#list")  # until then buttons move under the finger
        new.tap("#held")
        new.waits("We hold no images", "#list")


KNOWS_ANOTHER_KEY = """new Promise((done) => { indexedDB.open("consentry").onsuccess = (opened) => {
    const store = opened.target.result.transaction("me", "readwrite").objectStore("me");
    store.get("me").onsuccess = (got) => { const me = got.target.result;
        me.key = (me.key[0] === "A" ? "B" : "A") + me.key.slice(1);
        store.put(me, "me").onsuccess = () => done(true); }; }; })"""


def test_R28a_once_the_assistant_has_other_keys_nothing_is_sent_and_a_new_link_begins_anew(
    practice: PagePractice, photo: Path
) -> None:
    """Played the other way round: the phone is made to know another key than the assistant has, which looks the same to it."""
    page = connected(practice, practice.link("10424", "Di Ho"))
    account = account_of(page)
    page.offline()
    send(page, photo, "a rash")
    page.waits("waits on this phone", "#send-status")
    page.close()
    with practice.browser.open(f"{practice.url}/practice.json", beside=page) as nowhere:
        assert nowhere.run(KNOWS_ANOTHER_KEY)
    with practice.again(page) as later:
        later.waits(
            "assistant is not the one it was, so nothing more is sent.*kept on this phone.*call your practice",
            "#notice",
        )
        assert (later.sees("#send"), later.violations()) == ("", [])
        assert account_of(later) == account and queue_of(later)
    with practice.browser.open(practice.link("10424", "Di Ho"), beside=page) as anew:
        anew.waits("What waited on this phone was not sent.*date of birth")
        say_born(anew)
        anew.waits("You are connected")
        assert account_of(anew) != account
        other = another_photo(photo, "other.jpg")
        sends(practice, anew, other)
    assert practice.images_of(photo) == []


def test_R28a_a_phone_that_was_lost_and_found_begins_anew_with_a_new_link(practice: PagePractice, photo: Path) -> None:
    """What waited there was for the page that has ended: it is not sent, and that is said."""
    kim = practice.running.kim
    page = connected(practice, practice.link("10423", "Cy Ng"))
    account = account_of(page)
    page.offline()
    send(page, photo, "a rash")
    page.waits("waits on this phone", "#send-status")
    page.close()
    mark = kim.app.mark()
    kim.says(f"!lost {account}")
    link = re.search(r"http://\S+#c=\S+", kim.hears("Code: ", after=mark))
    assert link is not None
    with practice.browser.open(link[0], beside=page) as found:
        found.waits("was not sent.*date of birth")
        say_born(found)
        found.waits("You are connected")
        assert account_of(found) != account
    assert practice.images_of(photo) == []
