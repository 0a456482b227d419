"""First act: Alex, who has no app, sends a photo from a browser, and reads there what Dr Lee replies.

Where there is no browser here, that is said, and the story goes on.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import sqlite3
import time
import warnings
from typing import Any

from bot.capped_http import NoAnswer, ask_once
from bot.imaging.sample import sample_photo

from .players import PATIENCE, Play
from .stage import with_the_tests

MRN = "10566"
WORDS = "a blister, since Sunday"
REPLY = "leave it closed and keep it dry"
ACCOUNT = """new Promise((found) => { indexedDB.open("consentry").onsuccess = (opened) => {
    opened.target.result.transaction("me").objectStore("me").get("me").onsuccess = (got) =>
        found(got.target.result.account.userId); }; })"""


async def first_act(play: Play) -> None:
    driver = with_the_tests("browser")
    try:
        with warnings.catch_warnings(action="ignore"):  # any browser will do here
            browser = await asyncio.to_thread(driver.Browser, play.stage.home / "browser")
    except RuntimeError as missing:  # the text says how to get one
        play.console.print(f"[yellow]![/] The first act is not played: {missing}")
        return
    try:
        await asyncio.to_thread(browser.start)
        await _alex_sends_a_photo(play, browser)
    finally:
        await asyncio.to_thread(browser.close)


async def _alex_sends_a_photo(play: Play, browser: Any) -> None:
    invited = await play.enrol(f'!enrol patient {MRN} "{play.stage.written("Alex", "Morgan")}" 1990-05-14')
    await _is_served(play)
    page = await play.step(
        "Alex, who has no app, opens the link in a browser", asyncio.to_thread(_born, browser, invited.link)
    )
    photo = play.stage.home / "alex.jpg"
    photo.write_bytes(sample_photo(seed=2, megapixels=1.0))
    content = await asyncio.to_thread(photo.read_bytes)
    said = await play.step(f"Alex sends a photo: “{WORDS}”", asyncio.to_thread(_send, page, photo))
    await asyncio.to_thread(photo.unlink)
    play.tell("consentry → Alex, in the browser", said)
    await play.step("Filed, and gone from the page", asyncio.to_thread(page.waits, WORDS, "#list li.mine", gone=True))
    address = await asyncio.to_thread(page.run, "location.href")
    play.promises.saw(
        "A link and a birthday are enough: no app, no account to make",
        "#" not in address and "IMG-" in said,
        "Alex's browser: answered on the page; the link is out of the address bar",
    )
    kinds = await asyncio.to_thread(_sent_by, play, str(await asyncio.to_thread(page.run, ACCOUNT)))
    play.promises.saw(
        "What a browser sends is encrypted there",
        kinds == {"m.room.encrypted"},
        f"the homeserver's own database, all that Alex's account said: {', '.join(sorted(kinds))}",
    )
    digest = hashlib.sha256(content).hexdigest()[:16]
    listed = await play.stage.command("record", "show", MRN)
    play.promises.saw(
        "The photo from the browser is in the record, byte for byte",
        digest in listed,
        f"command line: SHA-256 {digest}…",
    )
    await _lee_looks_and_replies(play, (re.search(r"IMG-[0-9A-Z]{4}", said) or [""])[0])
    replied = await play.step("Alex reads the reply", asyncio.to_thread(_read, page, REPLY))
    play.tell("consentry → Alex, in the browser", replied)
    play.promises.saw("What Dr Lee replies is read in the browser", REPLY in replied, "Alex's browser")


async def _lee_looks_and_replies(play: Play, ref: str) -> None:
    lee, mark = play.lee, await play.lee.mark()
    await lee.says(f"!show {ref}")
    await play.step(f"Dr Lee asks !show {ref}", lee.sees(msgtype="m.image", after=mark))
    await lee.says(f"!reply {ref} {REPLY}")
    play.tell("consentry → Dr Lee", await lee.hears("On its way to", after=mark))


async def _is_served(play: Play) -> None:
    """Wait until the page answers: its process was started with all the others."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            await ask_once("GET", f"http://{play.stage.page_at}", "/practice.json")
            return
        except NoAnswer:
            play.stage.require_the_page()
            if time.monotonic() > end:
                raise
            await asyncio.sleep(0.2)


def _born(browser: Any, link: str | None) -> Any:
    """Open the link and say when Alex was born; return the page once it is connected."""
    page = browser.open(link)
    page.waits("date of birth")
    for field, text in (("#day", "14"), ("#month", "5"), ("#year", "1990")):
        page.type(field, text)
    page.tap("#born button")
    page.waits("You are connected")
    return page


def _send(page: Any, photo: Any) -> str:
    """Send it; return the answer as it stands on the page."""
    page.choose(photo)
    page.type("#words", WORDS)
    page.tap("#send")
    return _read(page, "I have your photo IMG-")


def _read(page: Any, words: str) -> str:
    """Wait for a message with these words; return it as it stands on the page."""
    page.waits(words)
    items = """[...document.querySelectorAll("#list li")].map((each) => each.innerText)"""
    return next(str(text) for text in page.run(items) if words in text)


def _sent_by(play: Play, account: str) -> set[str]:
    """Return the kinds of what the account has said, as the homeserver keeps it; what makes a room is not said."""
    database = play.stage.homeserver.directory / "homeserver.db"
    asked = "SELECT DISTINCT type FROM events WHERE sender = ? AND state_key IS NULL"
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        return {kind for (kind,) in connection.execute(asked, (account,))}
