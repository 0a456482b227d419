"""Many pages in one process: the page's own code, under Node, against a whole practice.

What stands behind the form is the page's own, to the letter: it registers, makes its keys, compares the assistant's, is asked the
birthday, seals the photo, encrypts, uploads, sends, and reads the answer. In the place of the browser stand a database in memory
and an upload that tells no progress (`tests/browser/stand_ins.mjs`). The homeserver's limits are those of a practice.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.domain.image import State
from bot.homeserver import EmbeddedHomeserver, synapse_venv
from bot.operate.token_stock import KEPT
from tests.bot_process import SOURCES, until
from tests.homeserver import Homeserver, finish, free_port
from tests.page_visits import STATE, PagePractice
from tests.patience import PATIENCE
from tests.peer.driver import node_alone

HOST = SOURCES / "tests" / "browser" / "many_pages.mjs"
BORN = "1984-03-07"
CAPTION = "rash on my arm, three days"


class Pages:
    """The process in which they are."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [node_alone(), HOST], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def call(self, what: str, **how: object) -> Any:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps({"do": what, **how}) + "\n")
        answer = json.loads(self._process.stdout.readline() or '{"failed": "the pages ended"}')
        if "failed" in answer:
            raise AssertionError(answer["failed"])
        return answer["done"]

    def close(self) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(PATIENCE)
        self._process.stdout.close()


@contextmanager
def practice_with_pages(directory: Path, count: int) -> Iterator[tuple[PagePractice, Pages]]:
    homeserver = Homeserver(EmbeddedHomeserver(directory / "hs", "practice.test", free_port(), synapse_venv()))
    homeserver.start()
    home = directory / "practice"
    home.mkdir(mode=0o700)
    try:
        practice, pages = PagePractice(homeserver, home), Pages()
        try:
            finish(homeserver.embedded.registration_tokens(count + 20))
            practice.open()
            yield practice, pages
        finally:
            pages.close()
            practice.close()
    finally:
        homeserver.stop()


def links_for(practice: PagePractice, count: int) -> Iterator[str]:
    """Kim enrols them, faster than anybody types: each time the stock of tokens is used up, it is waited for."""
    for number in range(count):
        if number % KEPT == 0:
            until(lambda: practice.free_tokens() >= KEPT, "tokens for new accounts")
        yield practice.link(f"{20_000 + number}", f"Patient {number}")


def nothing_is_lost(
    practice: PagePractice, photos: Sequence[Sequence[Path]], told: Sequence[set[str]], accounts: Sequence[str]
) -> None:
    """Each photo is filed once, its own page was told of it and of no other, and nothing but ciphertext was sent."""
    for of_page, refs in zip(photos, told, strict=True):
        assert {practice.filed(photo).ref for photo in of_page} == refs
    for account in accounts:
        assert set(practice.events_of(account)) - STATE == {"m.room.encrypted"}
    until(practice.running.has_nothing_to_erase, "what was in the chats is erased")
    assert all(image.state is State.VERIFIED for image in practice.running.images())
