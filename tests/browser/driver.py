"""A person at a real browser: one `Browser` is one Chromium or Firefox, in which several pages may be open.

    with Browser(profile) as browser:
        page = browser.open(link)
        page.type("#day", "7")
        page.tap("button", "Continue")
        page.waits("You are connected")

Calls block. A wait looks at what can be seen on the page, and says what was seen instead when it was in vain.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from tests.browser.installed import Engine, program_of
from tests.patience import PATIENCE
from tests.peer.driver import MissingPart, node_alone

HERE = Path(__file__).resolve().parent
FORGET = """indexedDB.databases().then((all) => Promise.all(all.map(({ name }) => new Promise((done) => {
    indexedDB.deleteDatabase(name).onsuccess = done; }))))"""


class BrowserRefused(AssertionError):
    """The browser did not do it; the text says why."""


@dataclass(frozen=True)
class Line:
    """How fast a phone and its connection are: how many times slower than here, milliseconds, and bits in a second."""

    processor: float = 1
    latency: int = 0
    down: int = 0
    up: int = 0


@dataclass(frozen=True)
class Fault:
    """How the first requests of a kind are answered in the homeserver's place; without a status, the connection breaks."""

    method: str
    path: str
    times: int
    status: int = 0
    answer: object = None


class Browser:
    """One browser with its profile on disk. `stop` and `start` are a browser closed and opened again."""

    def __init__(self, profile: Path, engine: Engine = Engine.CHROMIUM) -> None:
        if not (HERE / "node_modules" / ".unpacked" / "chromium").exists():
            raise MissingPart("The browser of the tests is missing: run `make install`.")
        self.profile = profile
        self.saved = profile.with_name(f"{profile.name}-saved")  # where files go that are saved on a page
        self.saved.mkdir()
        self._engine = engine
        self._program = program_of(engine)
        self._numbers = itertools.count(1)
        self._process = subprocess.Popen(
            [node_alone(), str(HERE / "driver.mjs")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            bufsize=1,
            env={
                "PATH": os.defpath,
                "HOME": str(profile.parent),
                "TMPDIR": str(profile.parent),
                "PATIENCE": str(PATIENCE),
            },
        )

    def call(self, what: str, **how: Any) -> Any:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps({"do": what, **how}) + "\n")
        line = self._process.stdout.readline()
        if not line:
            raise BrowserRefused(f"the browser ended at: {what}")
        answer = json.loads(line)
        if "failed" in answer:
            raise BrowserRefused(answer["failed"])
        return answer["done"]

    def start(self) -> None:
        self.call("start", profile=str(self.profile), saved=str(self.saved), engine=self._engine, program=self._program)

    def stop(self) -> None:
        self.call("stop")

    def open(
        self,
        url: str,
        *,
        alone: bool = False,
        beside: Page | None = None,
        ahead: int = 0,
        older: bool = False,
        before: str = "",
        line: Line | None = None,
        fault: Fault | None = None,
    ) -> Page:
        """Open a page in the profile on disk; `alone`: in one of its own, in memory; `beside`: in the same as that page.

        `ahead`: how many milliseconds its clock goes wrong. `older`: without what browsers have learnt since 2023.
        `before`: a script that runs before the page's own.
        `line`: it is that fast, and measured. `fault`: it is met from the start.
        """
        name = f"page-{next(self._numbers)}"
        profile = beside.profile if beside else name if alone else ""
        more = {"line": line and asdict(line), "fault": fault and asdict(fault)}
        self.call("open", page=name, url=url, fresh=profile, ahead=ahead, older=older, before=before, **more)
        return Page(self, name, profile)

    def troubles(self) -> list[str]:
        """What the browser's console has complained of so far."""
        return list(self.call("troubles"))

    def close(self) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Page:
    """One open page."""

    def __init__(self, browser: Browser, name: str, profile: str) -> None:
        self.profile = profile
        self.acts: list[tuple[str, str]] = []  # what was typed into, tapped and chosen, in order
        self._browser = browser
        self._name = name

    def _call(self, what: str, **how: Any) -> Any:
        return self._browser.call(what, page=self._name, **how)

    def goto(self, url: str) -> None:
        self._call("goto", url=url)

    def type(self, selector: str, text: str) -> None:
        """Write into what is seen there, once it is."""
        self._call("type", selector=selector, text=text)
        self.acts.append(("type", selector))

    def writes(self, text: str) -> None:
        """Write where the focus is."""
        self._call("writes", text=text)

    def press(self, key: str, held: str = "") -> None:
        self._call("press", key=key, held=held)

    def tap(self, selector: str, words: str = "") -> None:
        """Tap the first that is seen there and says so, once there is one that can be tapped."""
        self._call("tap", selector=selector, words=words)
        self.acts.append(("tap", selector))

    def choose(self, *files: Path, selector: str = "#file") -> None:
        self._call("choose", selector=selector, files=[str(file) for file in files])
        self.acts.append(("choose", selector))

    def chooses_by_key(self, key: str, *files: Path) -> None:
        """Press a key where the focus is, and choose these files in what opens."""
        self._call("choosesByKey", key=key, files=[str(file) for file in files])

    def sees(self, selector: str = "body") -> str:
        return str(self._call("sees", selector=selector))

    def waits(self, words: str, selector: str = "body", *, gone: bool = False) -> str:
        """Wait until words that match are seen, or with `gone` are not; return what is seen then."""
        return str(self._call("waits", selector=selector, words=words, gone=gone, seconds=PATIENCE))

    def moment(self, selector: str, words: str = "") -> float:
        """When words that match are seen there: milliseconds since this page was begun, to a frame."""
        return float(self._call("moment", selector=selector, words=words, seconds=PATIENCE))

    @property
    def received(self) -> int:
        """How many bytes came over a measured line."""
        return int(self._call("received"))

    def faults(self, method: str, path: str, *, times: int, status: int = 0, answer: object = None) -> None:
        """Lay a `Fault` from now on."""
        self._call("faults", **asdict(Fault(method, path, times, status, answer)))

    @property
    def met(self) -> int:
        """How many requests there were for which a fault was laid."""
        return int(self._call("met"))

    def forget(self) -> None:
        """Lose all that the page has kept in this browser, as where a browser is short of room. No page of it may be open."""
        self.run(FORGET)

    def quota(self, bytes: int | None) -> None:
        """Let the browser keep so much of this page and of those beside it, None for as much as ever. Chromium alone."""
        self._call("quota", bytes=bytes)

    def comes_to_front(self) -> None:
        """Lie before all other pages: in Firefox, as on a phone, the others can't be seen."""
        self._call("front")

    def offline(self, on: bool = True) -> None:
        self._call("offline", on=on)

    def run(self, script: str) -> Any:
        return self._call("run", script=script)

    def violations(self) -> list[str]:
        """What axe-core finds against WCAG 2.2 A and AA, and its best practices."""
        return list(self._call("violations"))

    def is_wider_than_the_screen(self) -> bool:
        return bool(self.run("document.documentElement.scrollWidth > innerWidth"))

    def shot(self, path: Path, *, whole: bool = True) -> None:
        """Make a picture of the page, or with `whole` false of what the screen shows."""
        self._call("shot", path=str(path), whole=whole)

    def size(self, width: int, height: int = 800) -> None:
        self._call("size", width=width, height=height)

    def close(self) -> None:
        self._call("close")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
