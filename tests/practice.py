"""A practice for tests: the real core on real storage, a fake homeserver, and people who write to it."""

from __future__ import annotations

import atexit
import hashlib
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.core.dispatch import Dispatch
from bot.core.effects import World
from bot.core.further_copies import FurtherCopies
from bot.core.inbox import Inbox
from bot.core.packing import Packing
from bot.core.worker import Worker
from bot.domain import rooms
from bot.domain.arrivals import Arrival, ArrivalKind, Proof, TrustVerdict
from bot.domain.hours import OpeningHours
from bot.domain.identifiers import NO_ROOM, Account, Address, EventId, MediaId, RoomId
from bot.domain.image import Image
from bot.domain.intents import OpenRoom, Remind
from bot.domain.invitee import Invitee
from bot.domain.people import Role
from bot.domain.planned import Planned, Progress
from bot.domain.policy import Policy
from bot.heard.written_days import spelt
from bot.ports import CopyPlace
from handlers import HOUSE
from handlers.people.enrol import new_invitation
from storage.journal import audit_chain, tables
from storage.journal.encrypted_journal import EncryptedJournal
from storage.outside.outside_register import RegisterFiles
from storage.records.embedded import EmbeddedRecord
from storage.sql.database import Database
from storage.vault.directory_vault import DirectoryVault
from storage.vault.key_ring import KeyRing
from storage.vault.master_keys import MasterKeys
from tests.fakes import (
    BOT,
    Counter,
    CountingIds,
    FakeHomeserver,
    FakePurger,
    FakeVerifier,
    ManualClock,
    PlainPainter,
    PlainScreener,
    PlainSummaries,
    Post,
)
from tests.one_by_one import run_what_is_due

Places = Callable[[KeyRing], Sequence[CopyPlace]]  # where further copies of the record go

UNJUDGED = TrustVerdict(Proof.NONE)
JPEG = b"\xff\xd8\xff\xe0" + b"a photo of a rash " * 40

POLICY = Policy(
    practice="Hill Street Practice",
    bot_account=BOT,
    emergency_text="Not for emergencies: call 000.",
    hours=(OpeningHours((0, 1, 2, 3, 4), time(8), time(18)),),
    timezone=ZoneInfo("UTC"),
    managers=frozenset({Account("@kim:hs.test")}),
    allowed_homeservers=frozenset({"hs.test"}),
    duty="@lee:hs.test",
    redaction_retention=timedelta(hours=1),
    fingerprint="BotIdentity",
    device_check_months=0,  # it comes round for ever: only tests about it have it (test_own_devices)
)


@dataclass
class Practice:
    homeserver: FakeHomeserver
    purger: FakePurger
    clock: ManualClock
    ids: CountingIds
    policy: Policy
    keys: KeyRing
    database: Database
    journal: EncryptedJournal
    vault: DirectoryVault
    record: EmbeddedRecord
    dispatch: Dispatch
    inbox: Inbox
    worker: Worker
    verifier: FakeVerifier
    further: FurtherCopies
    _events: Counter = field(default_factory=Counter)

    # ---- the world turns

    async def receive(self, *arrivals: Arrival) -> None:
        """The arrivals stand in the homeserver's timeline, and the inbox has pulled them."""
        self.homeserver.timeline.extend(arrivals)
        await self.pull()

    async def pull(self) -> None:
        """Whatever the homeserver has that was not received yet."""
        await self.inbox.pull(timedelta(0))

    async def key_comes(self, *arrivals: Arrival) -> None:
        """What came `locked` can be read now."""
        self.homeserver.opened |= {arrival.event_id: arrival for arrival in arrivals}
        await self.pull()
        await self.settle()

    async def settle(self) -> None:
        """Until nothing more is due."""
        for _ in range(50):
            await self.inbox.drain()
            if not await run_what_is_due(self.worker) and not await self.journal.next_arrivals(1):
                return
        raise AssertionError("it never settles")

    async def after(self, **time: float) -> None:
        self.clock.move(timedelta(**time))
        await self.settle()

    # ---- what people see

    def seen_in(self, room_id: str) -> list[str]:
        return [post.body for post in self.homeserver.posts if post.room_id == room_id and not post.closes]

    def posts_in(self, room_id: str) -> list[Post]:
        return [post for post in self.homeserver.posts if post.room_id == room_id]

    async def room(self, address: Address) -> RoomId:
        async with self.journal.reading() as rows:
            found = await rows.rooms.first(address=address)
        assert found is not None, f"no room {address}"
        return found.id

    async def practice_room(self) -> RoomId:
        return await self.room(rooms.PRACTICE)

    async def images(self) -> list[Image]:
        async with self.journal.reading() as rows:
            return await rows.images.find()

    async def only_image(self) -> Image:
        images = await self.images()
        assert len(images) == 1, images
        return images[0]

    async def audited(self, action: str, subject: str = "") -> int:
        """How many audit entries say this, about `subject` or about anything."""
        statement = select(func.count()).select_from(tables.audit).where(tables.audit.c.action == action)
        if subject:
            statement = statement.where(tables.audit.c.subject == subject)
        async with self.database.reading() as connection:
            count: int = (await connection.execute(statement)).scalar_one()
            return count

    async def audit_is_whole(self) -> bool:
        async with self.database.reading() as connection:
            return (await audit_chain.verify(connection)).broken is None

    async def left(self, *progress: Progress) -> list[Planned]:
        """Intents in these states, reminders aside."""
        async with self.journal.reading() as rows:
            waiting = await rows.waiting(*(progress or (Progress.DUE, Progress.HELD)))
        return [one for one in waiting if not isinstance(one.intent, Remind)]

    def event_id(self) -> EventId:
        return EventId(f"$event{next(self._events)}")

    # ---- people

    async def enrol_manager(self) -> Someone:
        async with self.journal.transaction() as rows:
            tx = self.dispatch.transaction(rows)
            await tx.plan(OpenRoom(rooms.PRACTICE, tx.ids.new(), "team", ()), lane=rooms.PRACTICE)
            _, code = await new_invitation(Invitee(Role.MANAGER, "Kim", account=Account("@kim:hs.test")), "setup", tx)
        kim = Someone(self, Account("@kim:hs.test"), "KimIdentity")
        await kim.enrol(code)
        return kim

    async def opened_by(self, code: str) -> str:
        """What has to be written after this code."""
        async with self.journal.reading() as rows:
            invitation = await rows.invitations.with_selector(code[:3].upper())
            if invitation is None or not invitation.patient_id:
                return "yes"
            return spelt((await rows.patients.get(invitation.patient_id)).born)

    def last_code(self, room_id: str) -> str:
        codes = re.findall(r"Code: (\S+)", "\n".join(self.seen_in(room_id)))
        return str(codes[-1])


@dataclass
class Someone:
    """A person with an app. `identity` is their master key."""

    practice: Practice
    account: Account
    identity: str
    own_room: RoomId = NO_ROOM
    standing: Proof = Proof.SIGNED

    def arrival(self, room_id: str, content: dict[str, Any], kind: ArrivalKind = ArrivalKind.MESSAGE) -> Arrival:
        verdict = TrustVerdict(self.standing, "DEVICE", self.identity, "curve", "ed", "session", 1)
        if kind is not ArrivalKind.MESSAGE:
            verdict = UNJUDGED
        return Arrival(
            kind,
            RoomId(room_id),
            self.practice.event_id(),
            self.account,
            self.practice.clock.now(),
            "m.room.message",
            content,
            verdict=verdict,
        )

    async def enters_lobby(self, room_id: str) -> None:
        invited = self.arrival(room_id, {}, ArrivalKind.INVITED)
        await self.practice.receive(invited)
        await self.practice.settle()

    async def enrol(self, code: str, *, answer: str = "") -> None:
        """They write the code and what is asked for then: the patient's date of birth, or a colleague's yes; or else `answer`."""
        lobby = f"!lobby-{self.account}-{next(self.practice._events)}"
        await self.enters_lobby(lobby)
        await self.writes(code, room=lobby)
        await self.writes(answer or await self.practice.opened_by(code), room=lobby)
        async with self.practice.journal.reading() as rows:
            person = await rows.people.holder(self.account)
            room = await rows.rooms.first(address=rooms.own(person.id)) if person else None
        if room is not None:
            self.own_room = room.id

    async def writes(self, text: str, *, room: str = "", settle: bool = True, **more: Any) -> Arrival:
        arrival = self.arrival(room or self.own_room, {"msgtype": "m.text", "body": text} | more)
        await self.practice.receive(arrival)
        if settle:
            await self.practice.settle()
        return arrival

    def photo(self, data: bytes = JPEG, caption: str = "", *, room: str = "", **more: Any) -> Arrival:
        """A photo as an app sends it, its media already uploaded."""
        mxc = MediaId(f"mxc://hs.test/photo{next(self.practice._events)}")
        self.practice.homeserver.media[mxc], self.practice.homeserver.owners[mxc] = data, self.account
        content: dict[str, Any] = {
            "msgtype": "m.image",
            "body": caption or "photo.jpg",
            "filename": "photo.jpg",
            "info": {"mimetype": "image/jpeg", "size": len(data)},
            "file": {"url": mxc, "sha256": hashlib.sha256(data).hexdigest(), "key": {"k": "attachment-secret"}},
        }
        return self.arrival(room or self.own_room, content | more)

    async def sends_photo(self, data: bytes = JPEG, caption: str = "", **more: Any) -> Arrival:
        arrival = self.photo(data, caption, **more)
        await self.practice.receive(arrival)
        await self.practice.settle()
        return arrival

    async def joins_as(self, account: str, identity: str, enrolment: str) -> Someone:
        """Somebody new: this person makes the invitation, and it is used at once."""
        await self.writes(enrolment)
        someone = Someone(self.practice, Account(account), identity)
        await someone.enrol(self.practice.last_code(self.own_room))
        return someone

    async def deletes(self, arrival: Arrival, *, settle: bool = True) -> None:
        gone = replace(self.arrival(arrival.room_id, {}, ArrivalKind.REDACTION), target=arrival.event_id)
        await self.practice.receive(gone)
        if settle:
            await self.practice.settle()

    @property
    def heard(self) -> list[str]:
        return self.practice.seen_in(self.own_room)

    @property
    def last_heard(self) -> str:
        return self.heard[-1]


def locked(arrival: Arrival) -> Arrival:
    """The same as it comes before its room key."""
    source = {"event_id": arrival.event_id, "content": {"session_id": "late"}}
    return replace(arrival, kind=ArrivalKind.UNDECRYPTABLE, type="m.room.encrypted", content=source, verdict=UNJUDGED)


@asynccontextmanager
async def open_practice(
    directory: Path,
    policy: Policy = POLICY,
    *,
    reopen: Practice | None = None,
    around: Callable[[str, Any], Any] = lambda _name, port: port,
    places: Places = lambda _keys: (),
) -> AsyncIterator[Practice]:
    """A practice on `directory`. With `reopen`, the homeserver and the clock live on, as after a restart.

    `around` may put something between the worker and the ports it acts upon: chat, vault, record, purger, screener.
    """
    keys_at = directory / "keys"
    keys = KeyRing.load(keys_at) if keys_at.exists() else KeyRing.create(keys_at)
    database = await Database.open(directory / "journal.db", keys.database)
    try:
        homeserver = reopen.homeserver if reopen else FakeHomeserver()
        purger = reopen.purger if reopen else FakePurger(homeserver)
        verifier = FakeVerifier(signed=homeserver.signed)
        clock, ids = (reopen.clock, reopen.ids) if reopen else (ManualClock(), CountingIds())
        journal = EncryptedJournal(database)
        vault = DirectoryVault(directory, MasterKeys(database, keys))
        destination_adapters = tuple(places(keys))
        record = EmbeddedRecord(database, vault, [place.destination for place in destination_adapters])
        port = around("record", record)
        dispatch = Dispatch(journal, HOUSE, clock, ids, policy)
        packing = Packing(journal, PlainScreener(), PlainSummaries(), clock, policy)
        further = FurtherCopies(journal, dispatch, port, destination_adapters, packing, clock)
        world = World(
            around("chat", homeserver),
            around("vault", vault),
            port,
            around("purger", purger),
            around("screener", PlainScreener()),
            PlainPainter(),
            clock,
            journal,
            policy,
            around("verifier", verifier),
            around("register", RegisterFiles([keys_at], keys)),
            around("further", further),
        )
        yield Practice(
            homeserver,
            purger,
            clock,
            ids,
            policy,
            keys,
            database,
            journal,
            vault,
            record,
            dispatch,
            Inbox(journal, homeserver, dispatch, clock),
            Worker(world, dispatch.transaction, HOUSE.deadlines),
            verifier,
            further,
            reopen._events if reopen else Counter(),
        )
    finally:
        await database.close()


@dataclass
class Staffed:
    """A practice with Kim (manager and reception), Dr Lee (clinician) and Sam Patel (patient)."""

    practice: Practice
    kim: Someone
    lee: Someone
    sam: Someone


async def staffed(practice: Practice) -> Staffed:
    kim = await practice.enrol_manager()
    await kim.writes('!enrol clinician @lee:hs.test "Dr Lee"')
    lee = Someone(practice, Account("@lee:hs.test"), "LeeIdentity")
    await lee.enrol(practice.last_code(kim.own_room))
    await kim.writes('!enrol patient 10421 "Sam Patel" 1984-03-07')
    sam = Someone(practice, Account("@sam:hs.test"), "SamIdentity")
    await sam.enrol(practice.last_code(kim.own_room))
    return Staffed(practice, kim, lee, sam)


@dataclass(frozen=True)
class Snapshot:
    """A staffed practice at rest: its data directory, and what lives outside it. Opened as often as wanted."""

    directory: Path
    lives_on: Practice
    own_rooms: tuple[RoomId, ...]

    @classmethod
    async def of(cls, prelude: Callable[[Staffed], Awaitable[None]], start: Snapshot | None = None) -> Snapshot:
        """What `prelude` makes of `start`, or of a freshly staffed practice. Gone with this process."""
        directory = Path(tempfile.mkdtemp(prefix="consentry-test-"))
        atexit.register(shutil.rmtree, directory, ignore_errors=True)
        if start is not None:
            async with start.opened(directory, start.lives_on.policy) as people:
                await prelude(people)
            return cls(directory, people.practice, start.own_rooms)
        async with open_practice(directory) as practice:
            practice.clock.move(timedelta(hours=-20))
            people = await staffed(practice)
            await prelude(people)
        return cls(directory, practice, (people.kim.own_room, people.lee.own_room, people.sam.own_room))

    def copied(self, directory: Path) -> Practice:
        """The data directory at `directory`, and a homeserver, purger, clock and ids of its own, for `reopen`."""
        shutil.copytree(self.directory, directory, dirs_exist_ok=True)
        live = self.lives_on
        outside = deepcopy((live.homeserver, live.purger, live.clock, live.ids, live._events))
        homeserver, purger, clock, ids, events = outside
        return replace(live, homeserver=homeserver, purger=purger, clock=clock, ids=ids, _events=events)

    @asynccontextmanager
    async def opened(
        self,
        directory: Path,
        policy: Policy = POLICY,
        around: Callable[[str, Any], Any] = lambda _name, port: port,
        places: Places = lambda _keys: (),
    ) -> AsyncIterator[Staffed]:
        lives_on = self.copied(directory)
        async with open_practice(directory, policy, reopen=lives_on, around=around, places=places) as practice:
            yield people_of(practice, self.own_rooms)


_staffed: list[Snapshot] = []


async def staffed_snapshot() -> Snapshot:
    """The practice that was staffed once for all tests of this process, with nothing left to do."""

    async def a_day_later(people: Staffed) -> None:
        await people.practice.after(hours=25)  # the next words begin a conversation

    if not _staffed:
        _staffed.append(await Snapshot.of(a_day_later))
    return _staffed[0]


@asynccontextmanager
async def staffed_practice(
    directory: Path,
    policy: Policy = POLICY,
    around: Callable[[str, Any], Any] = lambda _name, port: port,
    places: Places = lambda _keys: (),
) -> AsyncIterator[Staffed]:
    """A staffed practice on a copy of the one that was enrolled once."""
    async with (await staffed_snapshot()).opened(directory, policy, around, places) as people:
        yield people


def people_of(practice: Practice, own_rooms: tuple[RoomId, ...]) -> Staffed:
    kim = Someone(practice, Account("@kim:hs.test"), "KimIdentity", own_rooms[0])
    lee = Someone(practice, Account("@lee:hs.test"), "LeeIdentity", own_rooms[1])
    sam = Someone(practice, Account("@sam:hs.test"), "SamIdentity", own_rooms[2])
    return Staffed(practice, kim, lee, sam)
