"""`python -m tests.soak`: a practice of real processes, killed with SIGKILL at moments nobody chose while people go on.

Bot, purger and homeserver die and are started again while photos are sent and advice is asked; then everybody waits until
nothing is left to do, and every invariant of `tests.crash.invariants` is asked of the journal, the record, the disk and the
homeserver's own database and media directory. The dice are seeded: who dies after which photo is the same each time; where
in its work it dies is chance. Bounded: what has not come to rest in time fails.
"""

from __future__ import annotations

import argparse
import random
import signal
import sqlite3
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.domain.copies import SETTLED, Copy
from bot.domain.image import State
from bot.domain.intents import EraseCopy, Remind
from bot.homeserver import EmbeddedHomeserver, synapse_venv
from bot.operate.kept import opened
from tests.bot_process import RunningPractice, practice_of
from tests.crash.invariants import Kept, broken, kept
from tests.homeserver import Homeserver, finish, free_port
from tests.integration.consulting import POLL, taps
from tests.patience import PATIENCE
from tests.photos import small

PER_IMAGE = {"bot": 0.2, "purger": 0.1, "homeserver": 0.04}  # how likely each dies after a photo
SHORT_TIMES = {"rendition": "20s", "messages": "30s"}  # longer than an app is out of touch when its homeserver dies


@dataclass
class Soak:
    images: int
    forwards: int
    seed: int
    kills: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=dict)
    end: Kept | None = None

    def run(self, directory: Path) -> dict[str, list[str]]:
        """The invariants that do not hold in the end; none."""
        dice = random.Random(self.seed)
        with a_homeserver(directory / "homeserver") as homeserver:
            home = directory / "practice"
            home.mkdir()
            with practice_of(homeserver, home, **SHORT_TIMES) as practice, self.timed("in all"):
                practice.enrol_sam()
                account = homeserver.account("derm")
                practice.enter(account, practice.enrol(f'!enrol outside-clinician {account.user_id} "Dr Derm"'))
                with self.timed("people write"), started_again(practice):
                    self.people_go_on(practice, account.user_id, dice)
                with self.timed("coming to rest"):
                    self.end = comes_to_rest(practice, PATIENCE + 6 * (self.images + 5 * self.forwards))
        return broken(self.end)

    def people_go_on(self, practice: RunningPractice, derm: str, dice: random.Random) -> None:
        """Photos, one after another; with some, advice is asked about an earlier one, and taken back in the end."""
        advised: list[str] = []
        for number in range(self.images):
            path = practice.home / "photo.jpg"
            path.write_bytes(small(number))
            practice.sam.app.send_image(practice.sam.room, path, caption=f"spot {number}")
            if number * self.forwards // self.images > len(advised):
                advised += ask_advice(practice, derm, advised)
            for victim, chance in PER_IMAGE.items():
                if dice.random() < chance:
                    time.sleep(dice.uniform(0.0, 0.4))
                    kill(practice, victim)
                    self.kills[victim] += 1
        while len(advised) < self.forwards:
            advised += ask_advice(practice, derm, advised)
        for ref in advised:
            practice.sam.says(f"withdraw {ref}")
            if dice.random() < PER_IMAGE["bot"]:
                kill(practice, "bot")
                self.kills["bot"] += 1

    @contextmanager
    def timed(self, what: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.seconds[what] = time.monotonic() - began

    def figures(self) -> str:
        assert self.end is not None
        dead = ", ".join(f"{victim} {self.kills[victim]} times" for victim in PER_IMAGE)
        took = ", ".join(f"{what} {seconds:.0f} s" for what, seconds in self.seconds.items())
        states = Counter(copy.state for copy in self.end.accountable())
        return (
            f"seed {self.seed}: {len(self.end.images)} images, {len(self.end.uses)} forwards; killed: {dead}; {took}; "
            f"{len(self.end.entries)} entries read back, {len(self.end.accountable())} copies "
            f"({', '.join(f'{count} {state.value}' for state, count in states.items())}), "
            f"{self.end.chain.rows} log entries"
        )


@contextmanager
def a_homeserver(directory: Path) -> Iterator[Homeserver]:
    """One of its own: nobody else's tests notice how often it dies."""
    homeserver = Homeserver(EmbeddedHomeserver(directory, "soak.test", free_port(), synapse_venv(), fast=True))
    homeserver.start()
    try:
        yield homeserver
    finally:
        homeserver.stop()


one_at_a_time = threading.Lock()


@contextmanager
def started_again(practice: RunningPractice) -> Iterator[None]:
    """A bot that ended by itself, because its homeserver was away when it started, is started again, as systemd does."""
    over = threading.Event()

    def supervise() -> None:
        while not over.wait(1):
            with one_at_a_time:
                if not practice.bot.alive():
                    practice.bot.launch()

    supervisor = threading.Thread(target=supervise)
    supervisor.start()
    try:
        yield
    finally:
        over.set()
        supervisor.join()


def kill(practice: RunningPractice, victim: str) -> None:
    """SIGKILL, and start it again; the bot is not waited for, so that it may die again while it starts."""
    if victim == "bot":
        with one_at_a_time:
            practice.bot.kill()
            practice.bot.launch()
    elif victim == "purger":
        practice.purger.stop(signal.SIGKILL)
        practice.purger.start()
    else:
        practice.homeserver.kill()


def ask_advice(practice: RunningPractice, derm: str, advised: list[str]) -> list[str]:
    """Dr Lee asks Dr Derm about a filed photo nobody asked about yet, and opens the room; its reference, if there is one."""
    filed = [image.ref for image in practice.images(state=State.VERIFIED) if image.ref not in advised]
    if not filed:
        return []
    lee, mark = practice.lee, practice.lee.app.mark()
    lee.says(f"!forward {filed[0]} {derm} is this a melanoma?")
    question = lee.app.wait(lee.room, type=POLL, content_regex=filed[0], utd=False, after=mark)
    taps(lee, question, "Yes")
    lee.invited()  # to the room of the case
    return [filed[0]]


def comes_to_rest(practice: RunningPractice, within: float) -> Kept:
    """What is kept once nothing is left to do."""
    end = time.monotonic() + within
    while True:
        if not practice.bot.alive():
            practice.bot.launch()
        found = finish(_kept(practice))
        found = _whose_time_has_come(found)
        if not (found.left or found.undecided or any(image.verified_at is None for image in found.images)):
            return replace(found, served=_served(practice), readable=_readable(practice, found))
        if time.monotonic() > end:
            return replace(found, served=_served(practice), readable=_readable(practice, found))
        time.sleep(1)


def _whose_time_has_come(found: Kept) -> Kept:
    """Without an invitation's code, which stays for a week, and what was planned for later about copies that went sooner."""
    stays = {copy.id for copy in found.copies if not copy.image_id and _has_days_left(copy)}
    over = {copy.id for copy in found.copies if copy.state in SETTLED}
    waits = [
        one for one in found.left if not isinstance(one.intent, EraseCopy) or one.intent.copy_id not in stays | over
    ]
    copies = [copy for copy in found.copies if copy.id not in stays]
    return replace(found, left=[one for one in waits if not isinstance(one.intent, Remind)], copies=copies)


def _has_days_left(copy: Copy) -> bool:
    return copy.purge_after is not None and copy.purge_after > datetime.now(UTC) + timedelta(days=1)


async def _kept(practice: RunningPractice) -> Kept:
    config = practice.config
    async with opened(config, read_only=True) as here:
        return await kept(here.journal, here.record, here.database, config.data.directory)


def _served(practice: RunningPractice) -> frozenset[str]:
    """All media the homeserver has: by its own database, and by what lies in its directory."""
    directory = practice.homeserver.data_dir
    with closing(sqlite3.connect(directory / "homeserver.db", timeout=PATIENCE)) as database:
        rows = database.execute("SELECT media_id FROM local_media_repository WHERE media_length IS NOT NULL")
        known = {media_id for (media_id,) in rows}
    return frozenset(known | {path.name for path in directory.rglob("local_content/**/*") if path.is_file()})


def _readable(practice: RunningPractice, found: Kept) -> tuple[str, ...]:
    """The events of the ledger that the homeserver has not redacted."""
    with closing(sqlite3.connect(practice.homeserver.data_dir / "homeserver.db", timeout=PATIENCE)) as database:
        redacted = {event_id for (event_id,) in database.execute("SELECT redacts FROM redactions")}
    return tuple(copy.event_id for copy in found.copies if copy.event_id and copy.event_id not in redacted)


if __name__ == "__main__":
    words = argparse.ArgumentParser(prog="python -m tests.soak")
    words.add_argument("--images", type=int, default=200)
    words.add_argument("--forwards", type=int, default=40)
    words.add_argument("--seed", type=int, default=20261127)
    asked = words.parse_args()
    soak = Soak(asked.images, asked.forwards, asked.seed)
    with tempfile.TemporaryDirectory(prefix="consentry-soak-") as place:
        against = soak.run(Path(place))
    print(soak.figures())
    for name, what in against.items():
        print(f"BROKEN {name}: {'; '.join(what[:5])}")
    raise SystemExit(1 if against else 0)
