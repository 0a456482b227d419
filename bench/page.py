"""The page in a real browser, beside bare matrix-js-sdk in the same browser: in turn, so that what else goes on falls on both.

Bare (`bench/web/bare.js`) signs in, syncs, encrypts and uploads the same photo, and shows an echo by another client; the page's
files and questions and bare's go through one kind of page process. Both are measured as they are, and on a slow line and
processor, which the browser plays.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from urllib.parse import quote

from bench.photos import different
from bench.tables import Row
from bot.config import LoopbackAddress
from bot.homeserver import EmbeddedHomeserver, synapse_venv
from bot.page import Bundle, PageServer, PageSettings, ServedFile
from tests.browser.driver import Line, Page
from tests.homeserver import Homeserver, free_port
from tests.page_visits import PagePractice, page_practice, say_born
from tests.peer.driver import MatrixUser, node_alone

WEB = Path(__file__).with_name("web")
LINES = {"unthrottled": Line(), "slow 4G, CPU 6×": Line(processor=6, latency=150, down=1_600_000, up=750_000)}
CAPTION = "rash on my arm, three days"
FORM, CHOOSING, CONNECTED, BYTES = "form", "may choose a photo", "connected", "bytes until then"
ANSWERED, LISTED = "tap to “I have your photo”", "later visit, its list"
ECHOED, SYNCED = "bare matrix-js-sdk, tap to echo", "bare matrix-js-sdk, later visit, synced"
IDLE = "new Promise((idle) => requestIdleCallback(() => requestIdleCallback(() => idle(true))))"
TAP = "(() => { const tapped = performance.now(); document.getElementById('send').click(); return tapped; })()"


@dataclass
class Times:
    """Milliseconds, by what they were measured of; and bytes."""

    of: dict[str, list[float]] = field(default_factory=dict)

    def add(self, what: str, value: float) -> None:
        self.of.setdefault(what, []).append(value)

    def row(self, what: str, beside: str = "", goal: str = "") -> Row:
        middle = median(self.of[what])
        ratio = f"{middle / median(self.of[beside]):.2f}" if beside else ""
        return Row(what, f"{middle / 1e6:.2f} MB" if "bytes" in what else f"{middle / 1000:.2f} s", ratio, goal)


def tapped_until(page: Page, photo: Path, selector: str, words: str) -> float:
    """Milliseconds from the tap on "Send" until this is seen. A person sees what was chosen first: then the browser is idle."""
    page.choose(photo)
    page.moment("#chosen li")
    page.run(IDLE)
    tapped = float(page.run(TAP))
    return page.moment(selector, words) - tapped


def visit(practice: PagePractice, link: str, line: Line, photo: Path, times: Times) -> None:
    """Somebody opens the link, sends a photo, and comes back later."""
    with practice.browser.open(link, alone=True, line=line) as page:
        times.add(FORM, page.moment("#born"))
        say_born(page)
        times.add(CHOOSING, page.moment("#sending"))
        times.add(CONNECTED, page.moment("#send-status", "You are connected"))
        times.add(BYTES, page.received)
        page.moment("#list li")  # the assistant has welcomed them
        page.type("#words", CAPTION)
        times.add(ANSWERED, tapped_until(page, photo, "#list", "I have your photo"))
    with practice.browser.open(practice.url, beside=page, line=line) as later:
        times.add(LISTED, later.moment("#list li"))


def bare_visit(practice: PagePractice, bare: Bare, line: Line, photo: Path, times: Times) -> None:
    url = bare.account()
    with practice.browser.open(url, alone=True, line=line) as page:
        page.moment("#state", "joined")
        with bare.echoing():
            times.add(ECHOED, tapped_until(page, photo, "#echo", "I have it"))
    with practice.browser.open(url, beside=page, line=line) as later:
        times.add(SYNCED, later.moment("#state", "joined"))


class Bare:
    """Where bare matrix-js-sdk is served, and who echoes what it sends."""

    def __init__(self, homeserver: Homeserver, directory: Path) -> None:
        self._homeserver = homeserver
        self._address = LoopbackAddress("127.0.0.1", free_port())
        self.server = PageServer(_built(directory), PageSettings("", "", "", homeserver.url, 64_000_000, self._address))
        echo = homeserver.account("echo")
        self._echo = MatrixUser(homeserver.url, echo.user_id, echo.password, strict=False)  # bare signs nothing
        self._hand = ThreadPoolExecutor(1)
        self._room = ""

    def account(self) -> str:
        """Make an account and a room for it; the address at which it is signed in there."""
        made = self._homeserver.account("bare")
        body = {"type": "m.login.password", "user": made.user_id, "password": made.password}
        session = json.loads(self._homeserver.ask("POST", "/_matrix/client/v3/login", json.dumps(body).encode())[1])
        self._room = self._echo.create_dm(made.user_id)
        known = {"userId": made.user_id, "deviceId": session["device_id"], "accessToken": session["access_token"]}
        return f"http://{self._address}/#{quote(json.dumps(known | {'room': self._room}))}"

    @contextmanager
    def echoing(self) -> Iterator[None]:
        """Answer the photo that is sent meanwhile."""
        echoed = self._hand.submit(self._answer)
        yield
        echoed.result()

    def _answer(self) -> None:
        self._echo.wait(self._room, msgtype="m.image", timeout_s=120)
        self._echo.send_text(self._room, "I have it")

    def close(self) -> None:
        self._hand.shutdown()
        self._echo.close()


def _built(directory: Path) -> Bundle:
    subprocess.run([node_alone(), WEB / "build_bare.mjs", directory], check=True)
    kinds = {".js": "text/javascript", ".wasm": "application/wasm", ".html": "text/html"}
    files = {path.name: (kinds[path.suffix], path.read_bytes()) for path in [*directory.iterdir(), WEB / "bare.html"]}
    served = {name: ServedFile(kind, data, {"gzip": gzip.compress(data)}) for name, (kind, data) in files.items()}
    return Bundle({f"/{name.replace('bare.html', 'index.html')}": file for name, file in served.items()})


async def beside_js_sdk(directory: Path, photo: bytes, rounds: int) -> dict[str, list[Row]]:
    """Visits of both in turn, on either line; each round with accounts that nobody has used."""
    homeserver = Homeserver(
        EmbeddedHomeserver(directory / "hs", "practice.test", free_port(), synapse_venv(), fast=True)
    )
    homeserver.start()
    for name in ("bare", "practice"):
        (directory / name).mkdir(mode=0o700)
    try:
        bare = Bare(homeserver, directory / "bare")
        await bare.server.start()
        try:
            return await asyncio.to_thread(_measured, homeserver, bare, directory, photo, rounds)
        finally:
            await bare.server.stop()
            bare.close()
    finally:
        homeserver.stop()


def _measured(homeserver: Homeserver, bare: Bare, directory: Path, photo: bytes, rounds: int) -> dict[str, list[Row]]:
    times, file = {name: Times() for name in LINES}, directory / "photo.jpg"
    with page_practice(homeserver, directory / "practice") as practice:
        for number in range(rounds):
            for at, (name, line) in enumerate(LINES.items()):
                file.write_bytes(different(photo, 2 * number + at))
                visit(practice, practice.link(f"{30_000 + 2 * number + at}"), line, file, times[name])
                bare_visit(practice, bare, line, file, times[name])
    return {f"The page, {name}": _rows(each) for name, each in times.items()}


def _rows(times: Times) -> list[Row]:
    of_the_page = [times.row(what) for what in times.of if what not in (ANSWERED, LISTED, ECHOED, SYNCED)]
    return [
        *of_the_page,
        times.row(ECHOED),
        times.row(ANSWERED, ECHOED, "≤ 1.3"),
        times.row(SYNCED),
        times.row(LISTED, SYNCED),
    ]
