"""Fakes of what a test does not want for real: the homeserver, the purger, the clock, chance. Each keeps the port's promises.

The record, the vault, the journal, the audit chain and the screener are the real ones everywhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.arrivals import Arrival, Batch
from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.identifiers import Account, EventId, MediaId, RoomId
from bot.domain.marks import KEY
from bot.domain.screening import Findings
from bot.domain.terms import Terms
from bot.domain.verification import LOST, Reached, Verification
from bot.ports import (
    Audience,
    Chat,
    Clock,
    Feed,
    Ids,
    MediaErased,
    NewRoom,
    Page,
    Purger,
    QrPainter,
    Rendition,
    Screener,
    SummaryPainter,
    UnsafeRoom,
    Verifier,
)


class ManualClock(Clock):
    """Time stands still until a test moves it."""

    def __init__(self) -> None:
        self._now = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self._now

    def move(self, by: timedelta) -> None:
        self._now += by


BOT = Account("@bot:hs.test")


class Counter:
    """Numbers from one on. Unlike `itertools.count` it may be copied, as a prepared practice is."""

    def __init__(self) -> None:
        self._last = 0

    def __next__(self) -> int:
        self._last += 1
        return self._last


class CountingIds(Ids):
    """Predictable ids: a failing test fails the same way again."""

    def __init__(self) -> None:
        self._count = Counter()

    def new(self) -> str:
        return f"id{next(self._count):024d}"

    def reference(self) -> str:
        return f"{next(self._count):04d}"

    def number(self) -> str:
        return f"{1000 + next(self._count) % 9000}"

    def code(self) -> tuple[str, str]:
        count = next(self._count)
        return f"{count % 1000:03d}", f"{count:08d}"


@dataclass
class Post:
    """Something the bot sent. `transaction_id` is remembered as a homeserver remembers it."""

    event_id: EventId
    room_id: RoomId
    content: dict[str, Any]
    audience: Audience
    transaction_id: str
    follows: int = 0  # how many arrivals stand before it in the timeline

    @property
    def closes(self) -> str:
        """The event whose question it says is closed; "" for words and polls."""
        return str(self.content.get(KEY, {}).get("asked", ""))

    @property
    def body(self) -> str:
        if "org.matrix.msc3381.poll.start" in self.content:
            return str(self.content["org.matrix.msc3381.poll.start"]["question"]["body"])
        return str(self.content.get("m.new_content", self.content)["body"])


@dataclass
class FakeHomeserver(Chat, Feed):
    """Rooms, events and media in memory, with the real server's idempotence."""

    user_id: Account = BOT
    rooms: dict[RoomId, NewRoom | None] = field(default_factory=dict)
    posts: list[Post] = field(default_factory=list)
    redacted: set[str] = field(default_factory=set)
    media: dict[str, bytes] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)  # who uploaded media
    reserved: set[str] = field(default_factory=set)
    left: list[str] = field(default_factory=list)
    invited: list[tuple[RoomId, Account]] = field(default_factory=list)
    removed: list[tuple[RoomId, Account]] = field(default_factory=list)
    powerless: set[str] = field(default_factory=set)  # rooms in which the bot may not redact
    clear: list[str] = field(default_factory=list)
    unsafe: dict[str, str] = field(default_factory=dict)
    down: bool = False
    timeline: list[Arrival] = field(default_factory=list)
    signed: list[tuple[str, str]] = field(default_factory=list)  # accounts and identities the bot vouches for
    read: set[EventId] = field(default_factory=set)  # what somebody's read receipt stands on
    opened: dict[str, Arrival] = field(default_factory=dict)  # what came unreadable and whose key has come since
    _count: Counter = field(default_factory=Counter)

    def _up(self) -> None:
        if self.down:
            raise OutsideFailure("homeserver is down")

    async def send(
        self,
        room_id: RoomId,
        content: Mapping[str, Any],
        audience: Audience,
        *,
        transaction_id: str,
        event_type: str = "m.room.message",
    ) -> EventId:
        self._up()
        json.dumps(content, ensure_ascii=False).encode()  # what can't be sent raises here too
        if room_id in self.unsafe and not audience.open:
            raise UnsafeRoom(self.unsafe[room_id])
        for post in self.posts:
            if post.transaction_id == transaction_id:
                return post.event_id
        post = Post(EventId(f"$post{next(self._count)}"), room_id, dict(content), audience, transaction_id)
        post.follows = len(self.timeline)
        self.posts.append(post)
        return post.event_id

    async def send_in_clear(self, room_id: RoomId, body: str, *, transaction_id: str) -> None:
        self._up()
        self.clear.append(body)

    async def fetch(self, file: Mapping[str, Any], limit: int) -> bytes:
        self._up()
        url = str(file["url"])
        if url not in self.media:
            raise Permanent("gone")
        data = self.media[url]
        if len(data) > limit:
            raise Permanent("too-large")
        if file.get("sha256") != hashlib.sha256(data).hexdigest():
            raise Permanent("wrong-hash")
        return data

    async def put(self, mxc: MediaId, data: bytes) -> dict[str, Any]:
        self._up()
        if mxc in self.media:
            raise Permanent("already-uploaded")
        self.media[mxc], self.owners[mxc] = data, self.user_id
        return {"url": mxc, "sha256": hashlib.sha256(data).hexdigest()}

    async def reserve_media(self) -> MediaId:
        self._up()
        mxc = MediaId(f"mxc://hs.test/own{next(self._count)}")
        self.reserved.add(mxc)
        return mxc

    async def media_is_gone(self, mxc: MediaId) -> bool:
        self._up()
        return mxc not in self.media

    async def is_opened(self, room_id: RoomId, event_id: EventId) -> bool:
        self._up()
        post = next(post for post in self.posts if post.event_id == event_id)
        later = self.timeline[post.follows :]
        return event_id in self.read or any(arrival.room_id == room_id for arrival in later)

    async def redact(self, room_id: RoomId, event_id: EventId, *, transaction_id: str) -> None:
        self._up()
        if room_id in self.powerless:
            raise Permanent("forbidden")
        self.redacted.add(event_id)

    async def create_room(self, wish: NewRoom) -> RoomId:
        self._up()
        for room_id, made in self.rooms.items():
            if made is not None and made.key == wish.key:
                return room_id
        room_id = RoomId(f"!room{next(self._count)}")
        self.rooms[room_id] = wish
        return room_id

    async def invite(self, room_id: RoomId, user_id: Account) -> None:
        self._up()
        self.invited.append((room_id, user_id))

    async def remove(self, room_id: RoomId, user_id: Account) -> None:
        self._up()
        self.removed.append((room_id, user_id))

    async def join(self, room_id: RoomId) -> None:
        self._up()
        self.rooms.setdefault(room_id, None)

    async def leave(self, room_id: RoomId) -> None:
        self._up()
        self.left.append(room_id)

    async def next_batch(self, since: str | None, timeout: timedelta) -> Batch:
        self._up()
        seen = int(since.removeprefix("t")) if since else 0
        return Batch(f"t{len(self.timeline)}", tuple(self.timeline[seen:]), new_room_keys=bool(self.opened))

    async def decrypt_again(self, arrival: Arrival) -> Arrival | None:
        return self.opened.get(arrival.event_id)


@dataclass
class FakePurger(Purger):
    """Deletes from the fake homeserver; like the real one local media only, and only what the named owner uploaded."""

    homeserver: FakeHomeserver
    erased: list[str] = field(default_factory=list)
    away: bool = False
    none: bool = False  # the practice has set none up
    forbidden: bool = False  # its token has lost its power
    capped: timedelta | None = None  # it has done as much as it may for now

    async def available(self) -> bool:
        return not (self.away or self.none)

    async def erase_media(self, mxc: MediaId, owner: Account) -> MediaErased:
        if self.none:
            return MediaErased(False, "no-purger")
        if self.away:
            raise OutsideFailure("purger is away")
        if not mxc.startswith("mxc://hs.test/"):
            return MediaErased(False, "not-local")
        if self.homeserver.owners.get(mxc, owner) != owner:
            return MediaErased(False, "not-theirs")
        if self.forbidden:
            raise Permanent("purger-forbidden")
        if self.capped is not None:
            return MediaErased(False, "rate-capped", self.capped)
        self.homeserver.media.pop(mxc, None)
        self.erased.append(mxc)
        return MediaErased(True)


@dataclass
class FakeVerifier(Verifier):
    """Other people's apps in a check by emoji: each step reaches what the test lays out. A new one knows of no check."""

    reaches: dict[str, Reached] = field(default_factory=dict)  # by event
    steps: list[tuple[str, str]] = field(default_factory=list)  # check, event
    signed: list[tuple[str, str]] = field(default_factory=list)
    _began: set[str] = field(default_factory=set)

    async def step(self, check: Verification, event: str, content: Mapping[str, Any], *, key: str) -> Reached:
        self.steps.append((check.id, event))
        if event in ("ask", "request"):
            self._began.add(check.id)
        return self.reaches.get(event, Reached(check.stage)) if check.id in self._began else LOST

    async def sign_identity(self, account: Account, identity: str) -> None:
        self.signed.append((account, identity))


class PlainScreener(Screener):
    """For tests that are not about pictures: hands out a fixed rendition."""

    async def rendition(self, data: bytes, longest_side: int) -> Rendition:
        return Rendition(b"rendition", "image/jpeg", 10, 10)

    async def clean_copy(self, data: bytes, terms: Terms) -> Rendition:
        if data.startswith(b"%PDF"):
            return Rendition(b"clean document", "application/pdf", 0, 0)
        return Rendition(b"clean copy: " + terms.text.encode(), "image/jpeg", 10, 10)

    async def page(self, data: bytes, number: int) -> Page:
        return Page(Rendition(b"page %d" % (number + 1), "image/png", 10, 10), max(1, data.count(b"/Page ")))

    async def screen(self, data: bytes) -> Findings:
        return Findings()


class PlainSummaries(SummaryPainter):
    def page(self, lines: Sequence[str], picture: Rendition | None) -> bytes:
        return "\n".join([*lines, "with a picture" if picture else "without a picture"]).encode()


class PlainPainter(QrPainter):
    def paint(self, text: str) -> Rendition:
        return Rendition(b"qr", "image/png", 10, 10)
