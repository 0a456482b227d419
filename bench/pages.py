"""Many pages at once: the page's own code, a hundred times over, against homeserver, page process, purger and bot as they run.

What stands behind the form is the page's own, to the letter: it registers, makes its keys, compares the assistant's, is asked the
birthday, seals the photo, encrypts, uploads, sends, and reads the answer. It runs under Node, all pages in one process, because a
hundred browsers would leave the practice nothing of two cores. In the place of the browser stand a database in memory and an
upload that tells no progress (`tests/browser/stand_ins.mjs`). The homeserver's limits are those of a practice.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from bench.photos import different
from bench.tables import Row
from bot.domain.image import State
from bot.homeserver import EmbeddedHomeserver, synapse_venv
from bot.operate.kept import opened
from bot.operate.token_stock import KEPT
from tests.bot_process import until
from tests.homeserver import Homeserver, finish, free_port
from tests.page_visits import STATE, PagePractice
from tests.peer.driver import node_alone

HOST = Path(__file__).with_name("web") / "host.mjs"
BORN = "1984-03-07"
JOIN_TOGETHER = 10
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
        self._process.wait(20)
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


def at_once(directory: Path, count: int, photo: bytes) -> list[Row]:
    """So many people open their links, ten at a time; then all send at the same moment. Raise where anything is lost."""
    photos = [directory / f"{number}.jpg" for number in range(count)]
    for number, path in enumerate(photos):
        path.write_bytes(different(photo, number))
    with practice_with_pages(directory, count) as (practice, pages):
        links = list(_links(practice, count))
        joined = pages.call("open", links=links, born=BORN, together=min(count, JOIN_TOGETHER))
        told = pages.call("send", photos=[str(path) for path in photos], words=CAPTION)
        _nothing_is_lost(practice, photos, [one["refs"] for one in told], [one["account"] for one in joined])
        assert not any(pages.call("waiting"))
    size = f"{len(photo) / 1e6:.1f} MB"
    return [
        *_rows(f"{count} pages, {JOIN_TOGETHER} at a time: from the link to a room", [one["took"] for one in joined]),
        *_rows(f"{count} pages at once, {size} each: sealed on the phone", [one["kept"] for one in told]),
        *_rows(f"{count} pages at once, {size} each: sent", [one["sent"] for one in told]),
        *_rows(f"{count} pages at once, {size} each: first answer", [one["answered"] for one in told]),
        *_rows(f"{count} pages at once, {size} each: from sent to first answer", [_after_sent(one) for one in told]),
        Row(f"{count} pages at once: lost, filed twice, told of another's photo, or sent in the clear", "none"),
    ]


def _links(practice: PagePractice, count: int) -> Iterator[str]:
    """Kim enrols them, faster than anybody types: each time the stock of tokens is used up, it is waited for."""
    for number in range(count):
        if number % KEPT == 0:
            until(lambda: finish(_free_tokens(practice)) >= KEPT, "tokens for new accounts")
        yield practice.link(f"{20_000 + number}", f"Patient {number}")


async def _free_tokens(practice: PagePractice) -> int:
    async with opened(practice.running.config, read_only=True) as kept:
        return await kept.journal.free_registration_tokens(datetime.now(UTC) + practice.running.config.questions.code)


def _nothing_is_lost(
    practice: PagePractice, photos: Sequence[Path], told: Sequence[list[str]], accounts: Sequence[str]
) -> None:
    """Each photo is filed once, its own page was told so, and nothing but ciphertext was sent."""
    for photo, refs in zip(photos, told, strict=True):
        assert practice.filed(photo).ref in refs
    for account in accounts:
        assert set(practice.events_of(account)) - STATE == {"m.room.encrypted"}
    until(practice.running.has_nothing_to_erase, "what was in the chats is erased")
    assert all(image.state is State.VERIFIED for image in practice.running.images())


def _after_sent(one: dict[str, float]) -> float:
    return one["answered"] - one["sent"]


def _rows(what: str, milliseconds: list[float]) -> list[Row]:
    took = [one / 1000 for one in milliseconds]
    most = quantiles(took, n=20, method="inclusive")[-1]
    return [Row(f"{what}, median", f"{median(took):.1f} s"), Row(f"{what}, 95th percentile", f"{most:.1f} s")]
