"""A whole practice on real parts: Synapse, the purger and the bot as processes, and people with an app that is not ours.

Nothing is reached into: the bot is configured by a file, spoken to by people, stopped by signals, and read by the command
line or, read-only, from its database. Every process is started here and ended here by its own handle.
"""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest

from bot.config import Config, load
from bot.domain import identifiers
from bot.domain.copies import Copy
from bot.domain.image import Image, State
from bot.domain.intents import EraseCopy
from bot.domain.planned import Planned
from bot.homeserver import RegisteredAccount
from bot.operate.first_managers import manager_codes
from bot.operate.kept import opened
from bot.operate.sealed_files import SESSION
from storage.vault.key_ring import KeyRing
from tests.forked import Forked
from tests.homeserver import Homeserver, finish
from tests.patience import PATIENCE
from tests.peer.driver import DriverError, MatrixUser, MissingPart
from tests.purger import PurgerProcess

T = TypeVar("T")

SOURCES = Path(__file__).resolve().parents[1]
PATIENT = ("10421", "Sam Patel", "1984-03-07")

CONFIG = """\
[practice]
name = "Hill Street Practice"
timezone = "Australia/Sydney"

[duty]
person = "{lee}"

[managers]
accounts = ["{kim}"]

[homeserver]
url = "{url}"
user = "{bot}"
password_file = "keys/bot-password"
allowed = ["{server}"]
embedded = true
registration_tokens = "{tokens}"
redaction_retention = "1h"

[purger]
socket = "purger/socket/purger"

[data]
directory = "data"
keys_directory = "keys"

[purge]
rendition = "{rendition}"
messages = "{messages}"

[reminders]
unread_first = "{unread_first}"
unread_duty = "{unread_duty}"

[questions]
reason = "{reason}"
"""
LONG_TIMES = {"rendition": "15m", "messages": "24h", "unread_first": "2h", "unread_duty": "3h", "reason": "15m"}


def until(seen: Callable[[], T | None], what: str, *, observed: Callable[[], object] | None = None) -> T:
    """What `seen` gives as soon as it is true. `observed` says, when it never is, what is the case instead."""
    end = time.monotonic() + PATIENCE
    while not (found := seen()):
        if time.monotonic() > end:
            instead = f"; instead: {observed()}" if observed else ""
            raise AssertionError(f"not within {PATIENCE:.0f} s: {what}{instead}")
        time.sleep(0.1)
    return found


class BotProcess:
    """`python -m bot run` on one configuration. What it says on stderr goes to `log`."""

    afresh = False  # not forked: /proc says what it was given

    def __init__(self, config_file: Path) -> None:
        self.config_file = config_file
        self.log = config_file.parent / "bot.log"
        self.log.touch(mode=0o600)
        self._temporary = config_file.parent / "tmp"
        self._temporary.mkdir()
        self._process: Forked | subprocess.Popen[bytes] | None = None
        self._module: tuple[str, ...] = ()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def environment(self) -> dict[str, str]:
        return {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TMPDIR": str(self._temporary)}

    def launch(self, *module: str) -> None:
        """Start it, without waiting for anything; `module` is another way to run it than `bot run`."""
        self._module = module
        words = module or ("bot", "run", "--config", str(self.config_file))
        if not self.afresh:
            self._process = Forked(words, SOURCES, self.environment, self.log, self.log)
            return
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot.tethered", *words],
                cwd=SOURCES,
                env=self.environment,
                stdin=subprocess.PIPE,  # its tether
                stdout=log,
                stderr=log,
            )

    def start(self, *module: str) -> None:
        """Start it; returns when it is ready."""
        before = self.log.stat().st_size
        self.launch(*module)
        until(lambda: b"ready" in self.said(before) or not self.alive(), "the bot is ready")
        assert self.alive(), self.said(before).decode()

    def start_again(self) -> None:
        """Start it as it was started last: with a clock that stands where it stood."""
        self.start(*self._module)

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def runs(self, *module: str) -> bool:
        """Whether it is alive, and was started in this way."""
        return self.alive() and self._module == module

    def kill(self) -> None:
        """SIGKILL: as when the power fails."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> int:
        """SIGTERM; its exit code."""
        assert self._process is not None
        self._process.terminate()
        return self.ended()

    def ended(self) -> int:
        """The exit code, once it has ended by itself."""
        assert self._process is not None
        return self._process.wait(PATIENCE)

    def said(self, since: int = 0) -> bytes:
        return self.log.read_bytes()[since:]

    def command(self, *words: str, config_file: Path | None = None) -> subprocess.CompletedProcess[str]:
        """A `consentry` command in a new process."""
        asked = ["bot", *words, "--config", str(config_file or self.config_file)]
        with tempfile.TemporaryDirectory() as directory:
            out, err = Path(directory) / "out", Path(directory) / "err"
            code = Forked(asked, SOURCES, self.environment | {"COLUMNS": "200"}, out, err).wait(PATIENCE)
            return subprocess.CompletedProcess(asked, code, out.read_text(), err.read_text())


class Member:
    """Somebody enrolled: their app, and their own room with the bot."""

    def __init__(self, app: MatrixUser, bot_account: str) -> None:
        self.app = app
        self.lobby = ""
        self.room = ""
        self._bot = bot_account

    def says(self, text: str, room: str = "") -> str:
        return self.app.send_text(room or self.room, text)

    def hears(self, words: str, *, after: int = 0, room: str = "", edits: bool = False) -> str:
        """The bot's first words since `after` that match, as they are shown; with `edits` also in what it put up to date."""
        event = self.app.wait(room or self.room, from_=self._bot, body_regex=words, utd=False, after=after, edits=edits)
        return str(event["content"]["body"])

    def heard(self, words: str, *, after: int = 0, room: str = "") -> list[str]:
        """All the bot's words so far that match, leaving out those that put earlier ones up to date."""
        return [
            event["content"]["body"]
            for event in self.app.timeline(room or self.room, after=after)
            if event["sender"] == self._bot
            and re.search(words, str(event["content"].get("body", "")), re.DOTALL)
            and (event.get("relates_to") or {}).get("rel_type") != "m.replace"
        ]

    def shown_now(self, words: str) -> str:
        """The bot's first words that match, in this person's own room, as the app shows them after every edit."""
        event = self.app.wait(self.room, from_=self._bot, body_regex=words, utd=False)
        now = self.app.event(event["id"])
        return str((now.get("new_content") or now["content"])["body"])

    def sees_redacted(self, event_id: str) -> None:
        self.app.call("wait", event_id=event_id, redacted=True)

    def sees_gone(self, *media: str) -> None:
        """The homeserver answers this person's app 404 for each."""
        until(lambda: all(self.is_gone(mxc) for mxc in media), "its media are gone")

    def is_gone(self, mxc: str) -> bool:
        """Whether the homeserver answers this person's app 404."""
        try:
            self.app.call("fetch_mxc", mxc=mxc)
        except DriverError as refused:
            return "404" in str(refused)
        return False

    def media_of(self, event_id: str) -> list[str]:
        """What this person's app uploaded for a message, which the bot may have redacted by now."""
        return self.app.uploaded[event_id]

    def invited(self, *, team: bool = False) -> str:
        """Accept the bot's invitation, once it is there; the room."""

        def joined() -> str:
            for room in self.app.call("rooms")["rooms"]:
                if room["membership"] == "invite" and room["name"].endswith(": team") == team:
                    self.app.join(room["room"])
                    return str(room["room"])
            return ""

        return until(joined, "an invitation by the bot")


class RunningPractice:
    """Kim (manager, reception), Dr Lee (clinician) and Sam (patient), the bot between them."""

    kim: Member
    lee: Member
    sam: Member
    team: str

    def __init__(self, homeserver: Homeserver, home: Path, through: str = "", **times: str) -> None:
        """`through` is what the bot takes for its homeserver, where something stands between the two."""
        self.homeserver = homeserver
        self.home = home
        self.accounts = {who: homeserver.account(who) for who in ("consentry", "kim", "lee", "sam")}
        KeyRing.create(home / "keys")
        password_file = home / "keys" / "bot-password"
        password_file.touch(mode=0o600)
        password_file.write_text(self.accounts["consentry"].password)
        self.config_file = home / "config.toml"
        self.config_file.write_text(
            CONFIG.format(
                url=through or homeserver.url,
                server=homeserver.server_name,
                bot=self.bot_account,
                kim=self.accounts["kim"].user_id,
                lee=self.accounts["lee"].user_id,
                tokens=homeserver.embedded.directory / "registration-tokens.json",
                **(LONG_TIMES | times),
            )
        )
        self.bot = BotProcess(self.config_file)
        self.purger = PurgerProcess(home / "purger", homeserver.url, homeserver.admin_token)
        self._apps: list[MatrixUser] = []
        self._born: dict[str, str] = {}  # the birthday that opens a code: a colleague's opens by a yes

    @property
    def bot_account(self) -> str:
        return self.accounts["consentry"].user_id

    @property
    def config(self) -> Config:
        return load(self.config_file)

    # ---- people

    def app_of(self, account: RegisteredAccount, **login: Any) -> MatrixUser:
        """A new device of this account, cross-signed and strict unless told otherwise."""
        app = MatrixUser(self.homeserver.url, account.user_id, account.password, **({"strict": True} | login))
        self._apps.append(app)
        return app

    def enter(self, account: RegisteredAccount, code: str) -> Member:
        """Somebody opens an app, writes the code in a room the app made, and comes into their own room."""
        member = Member(self.app_of(account), self.bot_account)
        self.confirm_code(member, code)
        return member

    def confirm_code(self, member: Member, code: str) -> None:
        self.writes_code(member, code)
        self.answers_code(member, code)
        member.room = member.invited()
        member.hears("^Welcome")

    def writes_code(self, member: Member, code: str) -> None:
        """They are asked who they are, and have not answered yet."""
        member.lobby = member.app.create_dm(self.bot_account)
        member.app.wait_member(member.lobby, self.bot_account)
        member.hears("code from your invitation", room=member.lobby)
        member.says(code, member.lobby)
        member.hears("the code is right", room=member.lobby)

    def answers_code(self, member: Member, code: str) -> None:
        member.says(self._born.get(code, "yes"), member.lobby)

    def member(self, app: MatrixUser, lobby: str) -> Member:
        """Somebody whose app has made a room with the bot and who has not written yet."""
        member = Member(app, self.bot_account)
        member.lobby = lobby
        return member

    def enrol(self, command: str) -> str:
        """Kim asks for an invitation; its code."""
        mark = self.kim.app.mark()
        self.kim.says(command)
        said = self.kim.hears("Code: ", after=mark)
        found = re.search(r"Code: (\S+)", said)
        assert found is not None
        if (born := re.search(r"born (\d+ \w+ \d{4}), MRN", said)) is not None:
            self._born[found[1]] = born[1]
        return found[1]

    def open(self) -> None:
        """Purger and bot are running, Kim and Dr Lee are in the practice's room."""
        self.open_desk()
        code = self.enrol(f'!enrol clinician {self.accounts["lee"].user_id} "Dr Lee"')
        self.lee = self.enter(self.accounts["lee"], code)
        self.lee.invited(team=True)

    def open_desk(self) -> None:
        """Purger and bot are running, Kim is in the practice's room."""
        self.purger.start()
        manager_code = finish(manager_codes(self.config))[identifiers.Account(self.accounts["kim"].user_id)]
        self.bot.start()
        self.kim = self.enter(self.accounts["kim"], manager_code)
        self.team = self.kim.invited(team=True)

    def later(self, by: str) -> None:
        """Put the bot's clock so much ahead of the computer's; return when it goes so: what is due by then is due.

        The first time it is stopped and started again, with a clock that can be moved.
        """
        newer = self.home / "ahead.new"
        newer.write_text(by)
        newer.replace(self.home / "ahead")
        movable = ("tests.later_bot", str(self.config_file), str(self.home / "ahead"))
        if not self.bot.runs(*movable):
            assert self.bot.stop() == 0
            self.bot.start(*movable)
        read = self.home / "ahead.read"
        until(lambda: read.exists() and read.read_text() == by, "the bot looked at its clock")

    def enrol_sam(self, written: str = PATIENT[1]) -> None:
        mrn, _, born = PATIENT
        self.sam = self.enter(self.accounts["sam"], self.enrol(f'!enrol patient {mrn} "{written}" {born}'))

    def close(self) -> None:
        with ThreadPoolExecutor() as threads:
            list(threads.map(MatrixUser.close, self._apps))
        self.bot.kill()
        self.purger.stop()

    # ---- what is kept, read beside the bot

    def images(self, **equal: object) -> list[Image]:
        return finish(self._find("images", equal))

    def copies(self, **equal: object) -> list[Copy]:
        return finish(self._find("copies", equal))

    def intents(self, *progress: str) -> list[Planned]:
        async def waiting() -> list[Planned]:
            async with opened(self.config, read_only=True) as kept, kept.journal.reading() as rows:
                return await rows.waiting(*progress)

        return finish(waiting())

    def undecrypted(self) -> set[str]:
        """The messages that wait for their key."""

        async def waiting() -> set[str]:
            async with opened(self.config, read_only=True) as kept:
                return {arrival.event_id for _, arrival in await kept.journal.undecrypted()}

        return finish(waiting())

    def has_nothing_to_erase(self) -> bool:
        """Whether all that arrived is decided, and all that was to be erased by now is."""

        async def at_rest() -> bool:
            async with opened(self.config, read_only=True) as kept:
                undecided = await kept.journal.next_arrivals(1)
                async with kept.journal.reading() as rows:
                    due = [one for one in await rows.waiting("due") if isinstance(one.intent, EraseCopy)]
                return not undecided and all(one.due_at > datetime.now(UTC) for one in due)

        return finish(at_rest())

    @property
    def bot_device(self) -> str:
        sealed = (self.home / "data" / f"{SESSION}.sealed").read_bytes()
        return str(json.loads(KeyRing.load(self.home / "keys").open_secret(SESSION, sealed))["device_id"])

    async def _find(self, kind: str, equal: dict[str, object]) -> list[Any]:
        async with opened(self.config, read_only=True) as kept, kept.journal.reading() as rows:
            found: list[Any] = await getattr(rows, kind).find(**equal)
            return found

    def image_of(self, event_id: str, state: State = State.VERIFIED) -> Image:
        """The image this event became, once it has come so far."""

        def there() -> Image | None:
            found = self.images(event_id=event_id)
            assert len(found) <= 1
            return found[0] if found and found[0].state is state else None

        return until(there, f"{event_id} is {state.value}")


@contextmanager
def practice_of(homeserver: Homeserver, home: Path, through: str = "", **times: str) -> Iterator[RunningPractice]:
    """A practice with everybody but Sam enrolled; ended whatever happens."""
    practice = RunningPractice(homeserver, home, through, **times)
    try:
        practice.open()
        yield practice
    except MissingPart as missing:
        pytest.fail(str(missing), pytrace=False)
    finally:
        with contextlib.suppress(DriverError):
            practice.close()
