"""A practice for the tests of use: the real bot and purger as processes, a real homeserver, and five people with strict apps.

Everyone acts and looks through the independent client. `Rows` of the journal are read only to say what was decided, never
to make it so.
"""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from bot.app import manager_codes, opened
from bot.config import Config, load
from bot.domain.use import Use
from storage.keys import KeyRing
from tests.homeserver import Homeserver, finish
from tests.peer.driver import DriverError, MatrixUser
from tests.photos import small
from tests.purger import PurgerProcess

PATIENCE = 60.0
POLL = "org.matrix.msc3381.poll.start"
TEXT = "org.matrix.msc1767.text"
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
password_file = "bot-password"
allowed = ["{server}"]
redaction_retention = "1h"
[purger]
socket = "{socket}"
[data]
directory = "data"
keys_directory = "keys"
"""


@dataclass
class Someone:
    """A person, their app, and their own room with the bot."""

    app: MatrixUser
    room: str
    bot: str

    @property
    def account(self) -> str:
        return self.app.user_id

    def writes(self, text: str, room: str = "") -> str:
        return self.app.send_text(room or self.room, text)

    def hears(self, words: str, *, room: str = "", after: int | None = None) -> str:
        event = self.app.wait(
            room or self.room, from_=self.bot, body_regex=words, utd=False, after=after, timeout_s=PATIENCE
        )
        return str(event["content"]["body"])

    def asks_bot(self, text: str, answer: str, room: str = "") -> str:
        """Write, and wait for the bot's answer."""
        mark = self.app.mark()
        self.writes(text, room)
        return self.hears(answer, room=room, after=mark)

    def poll(self, question: str, *, room: str = "", after: int | None = None) -> dict[str, Any]:
        """The poll as this app shows it."""
        return self.app.wait(
            room or self.room,
            from_=self.bot,
            type=POLL,
            content_regex=question,
            utd=False,
            after=after,
            timeout_s=PATIENCE,
        )

    def taps(self, poll: dict[str, Any], label: str) -> str:
        return self.app.poll_answer(poll["room"], poll["id"], secret_of(poll, label))

    def picture(self, room: str, *, after: int | None = None) -> dict[str, Any]:
        return self.app.wait(room, from_=self.bot, msgtype="m.image", utd=False, after=after, timeout_s=PATIENCE)

    def pictures(self, room: str, after: int) -> list[dict[str, Any]]:
        return [e for e in self.app.timeline(room, after=after) if e["content"].get("msgtype") == "m.image"]

    def sees_redacted(self, event_id: str) -> None:
        self.app.call("wait", event_id=event_id, redacted=True, timeout_s=PATIENCE)

    def is_invited(self, to: str = "") -> str:
        """Join the room with this ending in its name ("" = their own) that this person is invited to; its id."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for room in self.app.call("rooms")["rooms"]:
                if room["membership"] == "invite" and room["name"].removeprefix("Hill Street Practice") == to:
                    self.app.join(room["room"])
                    return str(room["room"])
        raise TimeoutError("no invitation came")

    def media_is_gone(self, mxc: str) -> bool:
        try:
            self.app.call("fetch_mxc", mxc=mxc)
        except DriverError as refused:
            return "404" in str(refused)
        return False


def secret_of(poll: dict[str, Any], label: str) -> str:
    answers = poll["content"][POLL]["answers"]
    return str(next(one["id"] for one in answers if one[TEXT].startswith(label)))


@dataclass
class Consulting:
    """The practice, staffed; `photo` gives each test an image of its own."""

    homeserver: Homeserver
    config: Config
    kim: Someone
    lee: Someone
    sam: Someone
    derm: Someone
    noor: Someone  # another patient
    directory: Path
    _numbers: Iterator[int]

    def photo(self, caption: str = "rash on my arm, three days") -> str:
        """Sam sends a photo; its reference, once it is in the record and gone from the chat."""
        number = next(self._numbers)
        path = self.directory / f"IMG_sam_{number}.jpg"
        path.write_bytes(small(number))
        mark = self.sam.app.mark()
        sent = self.sam.app.send_image(self.sam.room, path, caption=caption)
        said = self.sam.hears("^I have your photo", after=mark)
        self.sam.sees_redacted(sent)
        return re.findall(r"IMG-[0-9A-Z]{4}", said)[0]

    def use_of(self, ref: str) -> Use:
        """The last use asked of this image, as the journal has it."""

        async def read() -> Use:
            async with opened(self.config, read_only=True) as kept, kept.journal.reading() as rows:
                image = await rows.images.first(ref=ref)
                assert image is not None
                return [use for use in await rows.uses.find() if image.id in use.image_ids][-1]

        return finish(read())

    def entries(self, mrn: str) -> list[Any]:
        """What is filed for somebody."""

        async def read() -> list[Any]:
            async with opened(self.config, read_only=True) as kept:
                patient = await kept.record.find(mrn)
                assert patient is not None
                return await kept.record.entries(patient.patient_id)

        return finish(read())


@contextlib.contextmanager
def open_consulting(homeserver: Homeserver, directory: Path) -> Iterator[Consulting]:
    """The practice, from nothing to five people in their own rooms; all processes end with it."""
    names = ("bot", "kim", "lee", "sam", "derm", "noor")
    accounts = {name: homeserver.account(name) for name in names}
    bot = accounts["bot"].user_id
    KeyRing.create(directory / "keys")
    (directory / "bot-password").write_text(accounts["bot"].password)
    with contextlib.ExitStack() as stack:
        purger = PurgerProcess(directory / "purger", homeserver.url, homeserver.admin_token)
        stack.callback(purger.stop)
        purger.start()
        file = directory / "config.toml"
        file.write_text(
            CONFIG.format(
                lee=accounts["lee"].user_id,
                kim=accounts["kim"].user_id,
                url=homeserver.url,
                bot=bot,
                server=homeserver.server_name,
                socket=purger.socket,
            )
        )
        config = load(file)
        code = finish(manager_codes(config))[accounts["kim"].user_id]
        stack.enter_context(_running(file, directory / "bot.log"))

        def joins(name: str, code: str) -> Someone:
            account = accounts[name]
            app = stack.enter_context(MatrixUser(homeserver.url, account.user_id, account.password, strict=True))
            someone = Someone(app, app.create_dm(bot), bot)
            app.wait_member(someone.room, bot, timeout_s=PATIENCE)
            someone.hears("code")
            someone.asks_bot(code, "code is right")
            someone.writes("yes")
            someone.room = someone.is_invited()
            someone.hears("^Welcome")
            return someone

        def invited(command: str) -> str:
            said = kim.asks_bot(command, "Code: ")
            return str(re.findall(r"Code: (\S+)", said)[0])

        kim = joins("kim", code)
        kim.is_invited(": team")
        lee = joins("lee", invited(f'!enrol clinician {accounts["lee"].user_id} "Dr Lee"'))
        lee.is_invited(": team")
        derm = joins("derm", invited(f'!enrol outside-clinician {accounts["derm"].user_id} "Dr Derm"'))
        sam = joins("sam", invited('!enrol patient 10421 "Sam Patel" 1984-03-07'))
        noor = joins("noor", invited('!enrol patient 10422 "Noor Haddad" 1990-01-02'))
        yield Consulting(homeserver, config, kim, lee, sam, derm, noor, directory, count(1))


@contextlib.contextmanager
def _running(config: Path, log: Path) -> Iterator[None]:
    """`consentry run` in a process of its own, ended by its own handle."""
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run", "--config", str(config)], stdout=out, stderr=out, cwd=Path.cwd()
        )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
