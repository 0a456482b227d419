"""A practice with a page: bot, purger and page process as they run, Kim at the desk, and patients at a browser."""

from __future__ import annotations

import hashlib
import re
import signal
import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import pytest

from bot.domain.identifiers import Account
from bot.domain.image import Image, State
from bot.operate.first_managers import manager_codes
from bot.operate.kept import opened
from bot.operate.token_stock import KEPT
from tests.bot_process import SOURCES, RunningPractice, until
from tests.browser.driver import Browser, Fault, Page
from tests.browser.installed import Engine
from tests.browser_files import held_in
from tests.homeserver import Homeserver, finish, free_port
from tests.patience import PATIENCE
from tests.peer.driver import MissingPart
from tests.photos import small

STATE = {
    "m.room.create",
    "m.room.member",
    "m.room.power_levels",
    "m.room.join_rules",
    "m.room.history_visibility",
    "m.room.guest_access",
    "m.room.encryption",
}


PHONE = "02 9999 0000"
SENT = r"^Sent\.$"  # all that is said once nothing waits; before that, to wait "until it says Sent."


class PagePractice:
    """The practice, its page, and one browser of each kind, in which all patients have profiles of their own.

    Whoever visits in another browser is another patient, with another number.
    """

    engine = Engine.CHROMIUM

    def __init__(self, homeserver: Homeserver, home: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.running = RunningPractice(homeserver, home)
        said = self.running.config_file.read_text(encoding="utf-8")
        with self.running.config_file.open("w", encoding="utf-8") as config:
            config.write(said.replace("[practice]", f'[practice]\nphone = "{PHONE}"', 1))
            config.write(f'\n[page]\nurl = "{self.url}"\nlisten = "127.0.0.1:{self.port}"\n')
        self._home = home
        self._browsers: dict[Engine, Browser] = {}
        self._regulars: dict[str, Page] = {}
        self._hours_ahead = 0
        self.log = home / "page.log"
        self._page: subprocess.Popen[bytes] | None = None

    def open(self) -> None:
        self.running.purger.start()
        kim = self.running.accounts["kim"]
        code = finish(manager_codes(self.running.config))[Account(kim.user_id)]
        self.running.bot.start()
        self.serve()
        self.running.kim = self.running.enter(kim, code)
        until(self._has_its_tokens, "tokens for new accounts")

    def _has_its_tokens(self) -> bool:
        """Each patient's link takes one. Other bots at this homeserver take theirs from the same pool, perhaps the last."""
        finish(self.running.homeserver.embedded.registration_tokens(KEPT))
        return self.free_tokens() >= KEPT

    def free_tokens(self) -> int:
        async def counted() -> int:
            async with opened(self.running.config, read_only=True) as kept:
                return await kept.journal.free_registration_tokens(
                    datetime.now(UTC) + self.running.config.questions.code
                )

        return finish(counted())

    def serve(self) -> None:
        """Run the page process; return when it answers."""
        with self.log.open("ab") as log:
            self._page = subprocess.Popen(
                [sys.executable, "-m", "bot", "page", "--config", str(self.running.config_file)],
                cwd=SOURCES,
                env=self.running.bot.environment,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        assert self._page.stdout is not None
        assert b"ready" in self._page.stdout.readline(), self.log.read_text()

    def kill_serving(self) -> None:
        """End the page process without a word."""
        assert self._page is not None and self._page.stdout is not None
        self._page.kill()
        self._page.wait()
        self._page.stdout.close()
        self._page = None

    @contextmanager
    def serving_asleep(self) -> Iterator[None]:
        """Inside, a page gets no answer, so it comes no further than it can alone; then it goes on."""
        assert self._page is not None
        self._page.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._page.send_signal(signal.SIGCONT)

    def stop_serving(self) -> None:
        if self._page is not None:
            self._page.terminate()
            assert self._page.wait(PATIENCE) == 0
            assert self._page.stdout is not None
            self._page.stdout.close()
            self._page = None

    def close(self) -> None:
        for browser in self._browsers.values():
            browser.close()
        self.stop_serving()
        self.running.close()

    @property
    def browser(self) -> Browser:
        """The browser in which it is visited now."""
        if self.engine not in self._browsers:
            self._browsers[self.engine] = Browser(self._home / self.engine, self.engine)
            self._browsers[self.engine].start()
        return self._browsers[self.engine]

    def later(self, hours: int) -> None:
        """Let so much time pass for the bot."""
        self._hours_ahead += hours
        self.running.later(f"{self._hours_ahead}h")

    # ---- people

    def number(self, mrn: str) -> str:
        """The number of this patient where they visit in this browser."""
        return mrn if self.engine is Engine.CHROMIUM else f"2{mrn[1:]}"

    def link(self, mrn: str, name: str = "Sam Patel", parent: str = "") -> str:
        """Kim enrols a patient; the link for them, or for a parent."""
        kim = self.running.kim
        mark = kim.app.mark()
        born, for_whom = ("2019-05-01", f' parent "{parent}"') if parent else ("1984-03-07", "")
        kim.says(f'!enrol patient {self.number(mrn)} "{name}" {born}{for_whom}')
        said = kim.hears("Code: ", after=mark)
        found = re.search(r"http://\S+#c=\S+", said)
        assert found is not None, said
        return found[0]

    def visitor(self, link: str, *, alone: bool = True) -> Page:
        """Somebody opens the link and says when they were born."""
        page = self.browser.open(link, alone=alone)
        page.waits("date of birth")
        say_born(page)
        return page

    def regular(self, mrn: str, name: str = "Sam Patel", *, alone: bool = True) -> Page:
        """Somebody who is connected already, and has closed the page; the same for all tests in this browser."""
        number = self.number(mrn)
        if number not in self._regulars:
            with self.visitor(self.link(mrn, name), alone=alone) as page:
                page.waits("You are connected")
            self._regulars[number] = page
        return self._regulars[number]

    def again(self, page: Page, fault: Fault | None = None) -> Page:
        """The same person opens the page once more."""
        return self.browser.open(self.url, beside=page, fault=fault)

    # ---- what became of it

    def images_of(self, photo: Path) -> list[Image]:
        """The images with exactly these bytes."""
        return self.running.images(sha256=hashlib.sha256(photo.read_bytes()).hexdigest())

    def filed(self, photo: Path) -> Image:
        """The one image that this file became, once it is filed and read back."""
        until(lambda: any(each.state is State.VERIFIED for each in self.images_of(photo)), "the photo is filed")
        [image] = self.images_of(photo)
        return image

    def events_of(self, account: str) -> list[str]:
        """The types of all events of this account that the homeserver holds."""
        found = self._asked("SELECT type FROM events WHERE sender = ?", account)
        return [str(kind) for (kind,) in found]

    def last_event(self) -> int:
        """The place of the latest event of all that the homeserver holds."""
        [(place,)] = self._asked("SELECT max(stream_ordering) FROM events")
        return int(str(place))

    def seen_up_to(self, account: str) -> int:
        """The place of the latest event that this account is known to have seen, 0 for none."""
        receipts = """SELECT max(events.stream_ordering) FROM receipts_linearized AS seen JOIN events USING (event_id)
            WHERE user_id = ? AND receipt_type = 'm.read'"""
        [(place,)] = self._asked(receipts, account)
        return int(str(place or 0))

    def accounts(self) -> set[str]:
        """All accounts that the homeserver has."""
        return {str(account) for (account,) in self._asked("SELECT name FROM users")}

    def _asked(self, question: str, *about: str) -> list[tuple[object, ...]]:
        database = self.running.homeserver.data_dir / "homeserver.db"
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=PATIENCE)) as connection:
            return connection.execute(question, about).fetchall()


def another_photo(photo: Path, name: str) -> Path:
    """One more photo that no other test sends."""
    path = photo.with_name(name)
    path.write_bytes(small(zlib.crc32(name.encode(), zlib.crc32(photo.read_bytes()))))
    return path


def type_born(page: Page, day: str = "7", month: str = "3", year: str = "1984") -> None:
    for selector, text in (("#day", day), ("#month", month), ("#year", year)):
        page.type(selector, text)


def say_born(page: Page, day: str = "7", month: str = "3", year: str = "1984") -> None:
    type_born(page, day, month, year)
    page.tap("#born button")


def nothing_is_left_to_send(page: Page) -> None:
    """The page has emptied its queue; the practice may have filed what stood in it before the page heard that it was sent."""
    until(lambda: queue_of(page) == b"", "nothing is left to send")


def send(page: Page, photo: Path, words: str) -> None:
    page.choose(photo)
    page.moment("#chosen li")
    page.type("#words", words)
    page.tap("#send")


def button_for(deed: str, ref: str) -> str:
    """What stands on this photo's button; whoever taps the first of a kind may tap one of an earlier photo."""
    return f"{deed} " + ref.replace("-", "\u2060-\u2060")


STEPS = {"#born button": "Saying when the patient was born", "#file": "Choosing a photo", "#send": "Sending it"}
TYPED = dict.fromkeys(("#day", "#month", "#year"), "the date of birth") | {"#words": "what it is about"}


def steps_taken(page: Page) -> list[tuple[str, str]]:
    """What somebody did on this page, and what they typed for it; what is typed belongs to the tap that follows."""
    steps, typed = [("Opening the link", "nothing")], "nothing"
    for act, selector in page.acts:
        if act == "type":
            typed = TYPED[selector]
        else:
            chose = act == "choose"
            steps.append((STEPS[selector], "nothing" if chose else typed))
            typed = typed if chose else "nothing"
    return steps


def steps_counted() -> list[tuple[str, str]]:
    """The steps that docs/conversations.md counts."""
    page = (SOURCES / "docs" / "conversations.md").read_text(encoding="utf-8")
    table = page.partition("### Joining by a link")[2].partition("## ")[0]
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", table, re.MULTILINE)
    return [(step, typed) for step, typed in rows if step != "Step"]


def account_of(page: Page) -> str:
    """The account that this browser has kept; "" for none."""
    script = """new Promise((found) => { indexedDB.open("consentry").onsuccess = (opened) => {
        opened.target.result.transaction("me").objectStore("me").get("me").onsuccess = (got) =>
            found(got.target.result?.account?.userId ?? ""); }; })"""
    return str(page.run(script))


def queue_of(page: Page) -> bytes:
    """All bytes that wait in this browser to be sent, as they are kept."""
    script = """new Promise((found) => { indexedDB.open("consentry").onsuccess = (opened) => {
        opened.target.result.transaction("queue").objectStore("queue").getAll().onsuccess = (got) => found(
            got.target.result.flatMap(({ about, photo, uploaded }) => [about, photo, uploaded])
                .filter(Boolean).map(({ bytes }) => [...new Uint8Array(bytes)].map((each) =>
                    each.toString(16).padStart(2, "0")).join("")).join("")); }; })"""
    return bytes.fromhex(page.run(script))


def loaded_anew(page: Page) -> list[str]:
    """The files of the page that this visit got from the network; those that the browser has kept are not among them."""
    script = """performance.getEntriesByType("resource").filter((each) => each.transferSize > 0)
        .map((each) => new URL(each.name).pathname)"""
    return [path for path in page.run(script) if not path.startswith("/_matrix") and path != "/practice.json"]


FORMS = ("Web Data*", "Session*/*", "formhistory.sqlite*", "sessionstore*")  # where browsers keep what was typed


def in_files(directory: Path, *words: str | bytes, among: Sequence[str] = ("*",)) -> list[str | bytes]:
    """Those of the words or bytes that stand in a file below of such a name, compressed or not."""
    held = []
    for path in chain.from_iterable(directory.rglob(name) for name in among):
        with suppress(FileNotFoundError):  # a browser that just ended may still be tidying up
            held += held_in(path) if path.is_file() else []
    assert held
    return [each for each in words if any(form in file for form in _forms(each) for file in held)]


def _forms(words: str | bytes) -> tuple[bytes, ...]:
    return (words,) if isinstance(words, bytes) else (words.encode(), words.encode("utf-16-le"))


@contextmanager
def page_practice(homeserver: Homeserver, home: Path) -> Iterator[PagePractice]:
    try:
        practice = PagePractice(homeserver, home)
    except MissingPart as missing:
        pytest.fail(str(missing), pytrace=False)
    try:
        practice.open()
        yield practice
    finally:
        practice.close()
