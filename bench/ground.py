"""Where it is measured: Synapse, the purger and the bot as processes, patients enrolled, and a room for whoever is compared.

The bot is configured by a file and read beside, from its own journal, so that looking costs it nothing. People are written into
the journal before its first start: how long enrolling takes is not measured here.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select

from bench.floor import Floor, Took
from bench.nio_callback import NioCallback
from bench.people import Phone, Sent
from bot.config.policy_of import policy_of
from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.identifiers import Account, AuthorityId, PatientId, PersonId
from bot.domain.intents import Invite, OpenRoom
from bot.domain.people import Authority, Patient, Person, Relation, Role
from bot.homeserver import EmbeddedHomeserver, synapse_venv
from bot.ids import RandomIds, SystemClock
from bot.matrix.session import login
from bot.operate.kept import Kept, opened
from bot.ports import NewRoom
from storage.journal import tables
from tests.bot_process import RunningPractice
from tests.homeserver import Homeserver, free_port

PATIENCE = 300.0  # seconds


@dataclass
class Ground:
    homeserver: Homeserver
    practice: RunningPractice
    directory: Path
    kim: Phone
    patients: list[Phone]
    sender: Phone  # in the room of the floor and of nio
    floor: Floor
    nio: NioCallback
    kept: Kept = field(init=False)

    # ---- the bot

    def start_bot(self) -> None:
        self.practice.bot.start()

    def stop_bot(self) -> None:
        self.practice.bot.stop()

    async def taken(self, several: Sequence[Sent]) -> list[Took]:
        """When the bot has verified these and settled all their copies: the seconds since each was in its inbox.

        A moment is noted at the beginning of the commit that writes it down, some two milliseconds before that is on the disk.
        """
        events = [sent.event_id for sent in several]
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            took = await self._moments(events)
            if len(took) == len(events):
                return [Took(*(moment - received for moment in moments)) for received, *moments in took.values()]
            await asyncio.sleep(0.1)
        raise AssertionError("the bot did not come to an end with them")

    async def span(self, several: Sequence[Sent]) -> Took:
        """From when the first was in the inbox until the last was verified, and purged."""
        await self.taken(several)
        took = (await self._moments([sent.event_id for sent in several])).values()
        first = min(received for received, _, _ in took)
        return Took(max(one[1] for one in took) - first, max(one[2] for one in took) - first)

    async def _moments(self, events: list[str]) -> dict[str, tuple[float, float, float]]:
        inbox, wanted = tables.inbox.c, set(events)
        async with self.kept.database.reading() as connection:
            query = select(inbox.event_id, inbox.received_at).where(inbox.event_id.in_(events))
            received = {row.event_id: row.received_at for row in await connection.execute(query)}
        async with self.kept.journal.reading() as rows:
            verified: dict[str, datetime | None] = {
                one.event_id: one.verified_at for one in await rows.images.find(event_id=events)
            }
            settled: dict[str, list[datetime | None]] = {}
            for copy in await rows.copies.find(event_id=events):
                settled.setdefault(copy.event_id, []).append(copy.settled_at)
        return {
            event: (received[event].timestamp(), at.timestamp(), max(ended).timestamp())
            for event in wanted
            if (at := verified.get(event)) and (ended := _all(settled.get(event, [None])))
        }

    # ---- what it costs

    def cpu(self) -> dict[str, float]:
        """Seconds of processor time so far."""
        return {"bot": _cpu(self.practice.bot.pid), "purger": _cpu(self.practice.purger.pid)}

    def memory(self, what: str) -> float:
        """MB of the bot: VmRSS now, VmHWM at most so far."""
        for line in Path(f"/proc/{self.practice.bot.pid}/status").read_text(encoding="ascii").splitlines():
            name, _, value = line.partition(":")
            if name == what:
                return int(value.split()[0]) / 1024
        raise LookupError(what)


def _all(moments: list[datetime | None]) -> list[datetime]:
    """All of them, or none while one is missing."""
    return [one for one in moments if one is not None] if None not in moments else []


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def ground(directory: Path, patients: int, more: str = "") -> AsyncIterator[Ground]:
    """Set it all up; `more` is what the configuration says besides."""
    async with AsyncExitStack() as stack:
        embedded = EmbeddedHomeserver(directory / "hs", "practice.test", free_port(), synapse_venv(), fast=True)
        homeserver = Homeserver(embedded)
        homeserver.start()
        stack.callback(homeserver.stop)
        home, phones_at = directory / "practice", directory / "phones"
        for place in (home, phones_at, directory / "floor"):
            place.mkdir(mode=0o700)
        practice = RunningPractice(homeserver, home)
        practice.config_file.write_text(practice.config_file.read_text() + more)
        stack.callback(practice.close)

        async def phone(name: str) -> Phone:
            made = await Phone.of(homeserver.url, homeserver.account(name), phones_at)
            stack.push_async_callback(made.matrix.close)
            return made

        kim = await Phone.of(homeserver.url, practice.accounts["kim"], phones_at)
        stack.push_async_callback(kim.matrix.close)
        people = [await phone("patient") for _ in range(patients)]
        sender, owner, nio_account = await phone("sender"), await phone("floor"), homeserver.account("nio")
        owner.room = await owner.matrix.create_room(
            NewRoom("floor", "Floor", (Account(sender.account.user_id), Account(nio_account.user_id)))
        )
        await sender.join_first_invitation()
        nio = NioCallback(homeserver.url, nio_account, directory / "nio")
        stack.push_async_callback(nio.close)
        await nio.enter(owner.room)
        token = (await login(homeserver.url, owner.account.user_id, owner.account.password)).access_token
        floor = await stack.enter_async_context(
            Floor(homeserver.url, token, homeserver.admin_token, directory / "floor")
        )
        await _write_people(practice, kim, people)
        made = Ground(homeserver, practice, directory, kim, people, sender, floor, nio)
        practice.purger.arguments += ["--per-hour", "100000", "--per-minute", "100000"]
        practice.purger.start()
        made.start_bot()
        for each in (kim, *people):
            await each.join_first_invitation()
        made.kept = await stack.enter_async_context(opened(practice.config, read_only=True))
        yield made


async def _write_people(practice: RunningPractice, kim: Phone, people: list[Phone]) -> None:
    practice.config.data.directory.mkdir(mode=0o700)
    async with opened(practice.config) as kept, kept.journal.transaction() as rows:
        tx = Transaction(rows, SystemClock().now(), RandomIds(), policy_of(practice.config))
        manager = Person(
            PersonId(tx.ids.new()), Account(kim.account.user_id), "Kim", frozenset({Role.MANAGER}), kim.identity
        )
        await rows.people.add(manager)
        await tx.plan(OpenRoom(rooms.PRACTICE, tx.ids.new(), "Practice: team", ()), lane=rooms.PRACTICE)
        await tx.plan(Invite(rooms.PRACTICE, Account(kim.account.user_id)), lane=rooms.PRACTICE)
        for number, phone in enumerate(people):
            patient = Patient(PatientId(tx.ids.new()), f"{10_000 + number}", f"Patient {number}", date(1984, 3, 7))
            roles = frozenset({Role.PATIENT})
            person = Person(PersonId(tx.ids.new()), Account(phone.account.user_id), patient.name, roles, phone.identity)
            await rows.patients.add(patient)
            await rows.people.add(person)
            await rows.authorities.add(Authority(AuthorityId(tx.ids.new()), person.id, patient.id, Relation.SELF))
            own = rooms.own(person.id)
            await tx.plan(OpenRoom(own, tx.ids.new(), "Hill Street Practice", (person.account,)), lane=own)
