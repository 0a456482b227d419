"""Whether a reply was seen in a browser, and that no question gets out of sight. On real parts (R28a)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.intents import LookIfOpened
from tests.bot_process import until
from tests.browser.driver import Page
from tests.homeserver import Homeserver
from tests.page_visits import PagePractice, account_of, nothing_is_left_to_send, page_practice, say_born, send
from tests.photos import small

MORE_THAN_A_VISIT_BEGINS_WITH = 61
NOBODY_LOOKS = "Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' })"
WRITE = """(async () => { for (let count = 0; count < %d; count += 1) {
    words.value = `good morning ${count}`;
    document.getElementById("sending").requestSubmit();
    while (words.value) await new Promise((done) => setTimeout(done, 10));
} })()"""


@pytest.fixture(scope="module")
def practice(homeserver: Homeserver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PagePractice]:
    with page_practice(homeserver, tmp_path_factory.mktemp("page")) as practice:
        running = practice.running
        lee = running.accounts["lee"]
        running.lee = running.enter(lee, running.enrol(f'!enrol clinician {lee.user_id} "Dr Lee"'))
        yield practice


def sends(practice: PagePractice, page: Page, photo: Path, seed: int) -> str:
    """They send a photo, and it is filed; its reference."""
    photo.write_bytes(small(seed))
    send(page, photo, "an itchy rash")
    ref = practice.filed(photo).ref
    page.waits(f"photo {ref}", "#list")
    return ref


def connected(practice: PagePractice, number: str, name: str) -> Page:
    page = practice.visitor(practice.link(number, name))
    page.waits("You are connected")
    return page


def test_a_question_is_what_a_visit_opens_on_however_much_was_said_since(
    practice: PagePractice, tmp_path: Path
) -> None:
    page = connected(practice, "10430", "Ann Lee")
    sends(practice, page, tmp_path / "asked.jpg", 41)
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


def test_R28a_a_reply_that_was_seen_is_not_rung_about_and_one_on_a_page_that_nobody_looks_at_is(
    practice: PagePractice, tmp_path: Path
) -> None:
    """The last test here: the practice's clock is a day ahead then."""
    lee = practice.running.lee
    sees = connected(practice, "10431", "Bo Hay")
    is_away = practice.browser.open(practice.link("10432", "Cy Ng"), alone=True, before=NOBODY_LOOKS)
    say_born(is_away)
    is_away.waits("You are connected")
    seen, unseen = (sends(practice, page, tmp_path / f"{seed}.jpg", seed) for page, seed in ((sees, 42), (is_away, 43)))
    before = practice.last_event()
    for page, ref in ((sees, seen), (is_away, unseen)):
        lee.says(f"!reply {ref} Please use the cream.")
        page.waits("use the cream", "#list")
    account = account_of(sees)
    until(lambda: practice.seen_up_to(account) > before, "the page says that it was seen")
    assert practice.seen_up_to(account_of(is_away)) == 0
    for page in (sees, is_away):
        page.close()
    mark = lee.app.mark()
    practice.running.later("25h")
    lee.hears(f"opened what you wrote to them about {unseen}", after=mark)
    until(
        lambda: not [each for each in practice.running.intents("due") if isinstance(each.intent, LookIfOpened)],
        "all is looked at",
    )
    assert lee.heard(f"opened what you wrote to them about {seen}", after=mark) == []
