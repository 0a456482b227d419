"""A practice that runs: the bot as it is wired for real, on a real homeserver behind the lying proxy, and people with apps.

Sam is a patient and Kim the manager; both write with the independent client in strict mode. `well` is what every attack ends
with: the bot lives, and a good message is answered within seconds.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from bot.config import Config
from bot.domain import rooms
from bot.domain.identifiers import Account, PatientId
from bot.domain.invitee import Invitee
from bot.domain.people import Patient, Person, Relation, Role
from bot.operate.app import Bot, assembled, set_up
from bot.operate.setup import Answers, write_practice
from handlers.people.enrol import new_invitation
from tests.attackers import Attacker
from tests.homeserver import Homeserver
from tests.lying import LyingProxy
from tests.patience import PATIENCE
from tests.peer.driver import MatrixUser

BORN, BIRTHDAY = date(1984, 3, 7), "7 March 1984"  # every patient here


@dataclass
class Someone:
    """A person with an app, in their own room with the bot."""

    app: MatrixUser
    room: str
    person: Person

    async def hears(self, words: str, *, after: int, **more: Any) -> dict[str, Any]:
        event: dict[str, Any] = await self.app.aio.wait(self.room, body_regex=words, after=after, utd=False, **more)
        return event


@dataclass
class Live:
    config: Config
    proxy: LyingProxy
    homeserver: Homeserver
    bot: Bot = field(init=False)
    running: asyncio.Task[None] = field(init=False, repr=False)
    sam: Someone = field(init=False)
    kim: Someone = field(init=False)
    team: str = ""

    async def start(self) -> None:
        self._parts = AsyncExitStack()
        self.bot = await self._parts.enter_async_context(assembled(self.config))
        await set_up(self.config, self.bot)
        self.running = asyncio.create_task(self.bot.run())

    async def stop(self) -> None:
        self.running.cancel()
        await asyncio.gather(self.running, return_exceptions=True)
        await self._parts.aclose()

    @property
    def bot_account(self) -> str:
        return self.bot.matrix.user_id

    async def well(self) -> float:
        """The bot lives and answers Sam; in how many seconds."""
        assert not self.running.done(), "the bot has ended"
        mark = await self.sam.app.aio.mark()
        began = time.monotonic()
        await self.sam.app.aio.send_text(self.sam.room, "my images")
        await self.sam.hears("We hold no images|IMG-", after=mark)
        assert not self.running.done()
        return time.monotonic() - began

    async def refused(self, why: str) -> bool:
        """Whether the practice room was told that nothing was sent because of this."""
        event = await self.kim.app.aio.wait(self.team, body_regex=why, utd=False)
        return bool(event)

    async def audited(self, action: str) -> int:
        """How often this was written into the audit log."""
        from sqlalchemy import func, select

        from storage.journal import tables

        async with self.bot.kept.database.reading() as connection:
            count = select(func.count()).where(tables.audit.c.action == action)
            return int((await connection.execute(count)).scalar_one())

    async def becomes(self, action: str, more_than: int) -> None:
        """Wait until the audit log holds more of this."""
        end = time.monotonic() + PATIENCE
        while await self.audited(action) <= more_than:
            assert time.monotonic() < end, f"{action} never came"
            await asyncio.sleep(0.05)

    async def brings_key_of(self, attacker: Attacker, room_id: str) -> None:
        """The homeserver delivers the attacker's room key as if the user it claims to be had sent it."""
        content = await attacker.room_key(self.bot_account, self.bot.matrix.device_id, room_id)
        message = {"type": "m.room.encrypted", "sender": attacker.user_id, "content": content}
        self.proxy.inject_sync(to_device={"events": [message]})

    # ---- people

    async def code_for(self, role: Role, name: str, account: str = "", patient_id: str = "") -> str:
        async with self.bot.kept.journal.transaction() as rows:
            tx = self.bot.dispatch.transaction(rows)
            relation = Relation.SELF if patient_id else None
            invitee = Invitee(role, name, PatientId(patient_id), relation, account=Account(account))
            _, code = await new_invitation(invitee, "setup", tx)
        return code

    async def patient(self, name: str, mrn: str) -> str:
        async with self.bot.kept.journal.transaction() as rows:
            patient = Patient(PatientId(f"patient{mrn}"), mrn, name, BORN)
            await rows.patients.add(patient)
        return patient.id

    async def joins(self, app: MatrixUser, code: str) -> Someone:
        """Somebody opens an app, writes the code to the bot and what it asks for then, and comes into their own room."""
        lobby = await app.aio.create_dm(self.bot_account)
        await app.aio.wait_member(lobby, self.bot_account)
        await app.aio.send_text(lobby, code)
        asked = await app.aio.wait(lobby, body_regex="code is right", utd=False)
        await app.aio.send_text(lobby, BIRTHDAY if "date of birth" in asked["content"]["body"] else "yes")
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            async with self.bot.kept.journal.reading() as rows:
                person = await rows.people.first(account=app.user_id)
                room = await rows.rooms.first(address=rooms.own(person.id)) if person else None
            if person is not None and room is not None:
                await self.invited(app, room.id)
                await app.aio.join(room.id)
                await app.aio.wait(room.id, body_regex="^Welcome", utd=False)
                return Someone(app, room.id, person)
            await asyncio.sleep(0.05)
        raise AssertionError("no room of one's own")

    async def invited(self, app: MatrixUser, room_id: str) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if any(room["room"] == room_id for room in (await app.aio.call("rooms"))["rooms"]):
                return
            await asyncio.sleep(0.1)
        raise AssertionError("no invitation came")

    async def person(self, account: str) -> Person:
        async with self.bot.kept.journal.reading() as rows:
            person = await rows.people.first(account=account)
        assert person is not None
        return person


@asynccontextmanager
async def live_practice(homeserver: Homeserver, directory: Path, extra: str = "") -> AsyncIterator[Live]:
    """A practice in `directory`, running, without people. `extra` is added to its configuration."""
    account = homeserver.account("bot")
    async with LyingProxy(homeserver.url).listening() as proxy:
        kim = Account(f"@kim:{homeserver.server_name}")
        answers = Answers("Harbour", "Australia/Sydney", Account(account.user_id), proxy.url, False, [kim], kim)
        config, _ = write_practice(directory / "config.toml", answers, account.password)
        if extra:
            from bot.config import load

            file = directory / "config.toml"
            file.write_text(file.read_text(encoding="utf-8") + extra, encoding="utf-8")
            config = load(file)
        live = Live(config, proxy, homeserver)
        await live.start()
        try:
            yield live
        finally:
            await live.stop()


class Listener(logging.Handler):
    """Everything that any part of the program logs, as text."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append((record.name, record.getMessage()))


@contextmanager
def quiet_log(*never: str) -> Iterator[None]:
    """Inside, no library that knows what was decrypted logs at all, and nobody logs any of these words."""
    listener = Listener()
    root = logging.getLogger()
    root.addHandler(listener)
    try:
        yield
    finally:
        root.removeHandler(listener)
    told = [
        each for each in listener.heard if each[0].startswith(("nio", "peewee")) or any(w in each[1] for w in never)
    ]
    assert told == []


@asynccontextmanager
async def staffed_live(homeserver: Homeserver, directory: Path, extra: str = "") -> AsyncIterator[Live]:
    """The same with Sam and Kim enrolled, Kim also in the practice room."""
    apps: list[MatrixUser] = []

    async def app(stem: str) -> MatrixUser:
        account = homeserver.account(stem)
        user = await asyncio.to_thread(MatrixUser, homeserver.url, account.user_id, account.password, strict=True)
        apps.append(user)
        return user

    try:
        async with live_practice(homeserver, directory, extra) as live:
            sam, kim = await asyncio.gather(app("sam"), app("kim"))
            sams = await live.code_for(Role.PATIENT, "Sam Patel", patient_id=await live.patient("Sam Patel", "10421"))
            kims = await live.code_for(Role.MANAGER, "Kim", account=kim.user_id)
            live.sam, live.kim = await asyncio.gather(live.joins(sam, sams), live.joins(kim, kims))
            async with live.bot.kept.journal.reading() as rows:
                team = await rows.rooms.first(address=rooms.PRACTICE)
            assert team is not None
            live.team = team.id
            await live.invited(kim, team.id)
            await kim.aio.join(team.id)
            yield live
    finally:
        for user in apps:
            await asyncio.to_thread(user.close)
