"""Stand between the assistant and the fake homeserver: see who gets what, hold things back, and lose an event."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from bot.domain import identifiers
from bot.domain.errors import OutsideFailure
from bot.domain.identifiers import MediaId, RoomId
from bot.domain.terms import Terms
from bot.ports import Audience, NewRoom, Rendition
from tests.fakes import FakeHomeserver, PlainScreener, Post

from .observed import Account, Delivered, Photo, Tap

POLL = "org.matrix.msc3381.poll"
TEXT = "org.matrix.msc1767.text"
_PATTERN = re.compile(rb"pattern\d+x")


class Kept(dict[str, bytes]):
    """Media that a server deleted, and a witness still remembers."""

    def __init__(self, media: Mapping[str, bytes]) -> None:
        super().__init__(media)
        self.ever = dict(media)

    def __setitem__(self, mxc: str, data: bytes) -> None:
        self.ever[mxc] = data
        super().__setitem__(mxc, data)


class Server:
    """The chat as the worker knows it. What it is not told to hold back or to lose goes through."""

    def __init__(self, behind: FakeHomeserver) -> None:
        self.behind = behind
        self.held_back = ""  # the room that nothing comes into; nothing is uploaded meanwhile
        self.cases_are_empty = False  # nobody has come into their rooms yet
        self.lose_next_in = ""
        self.lost: set[str] = set()
        self.members: dict[str, set[str]] = {}
        behind.media = Kept(behind.media)
        for room_id, wish in behind.rooms.items():
            self.members[room_id] = set(wish.invite) if wish else set()
        for room_id, account in behind.invited:
            self.members.setdefault(room_id, set()).add(account)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.behind, name)

    def _let(self, through: bool) -> None:
        if not through:
            raise OutsideFailure("held back")

    async def send(self, room_id: str, content: Mapping[str, Any], audience: Audience, **more: Any) -> str:
        self._let(room_id != self.held_back and not (self.cases_are_empty and self._is_a_case(room_id)))
        event_id = await self.behind.send(RoomId(room_id), content, audience, **more)
        if room_id == self.lose_next_in:
            self.lost.add(event_id)
            self.lose_next_in = ""
        return event_id

    def _is_a_case(self, room_id: str) -> bool:
        wish = self.behind.rooms.get(RoomId(room_id))
        return wish is not None and wish.name.endswith(": case")

    async def put(self, mxc: str, data: bytes) -> dict[str, Any]:
        self._let(not self.held_back)
        return await self.behind.put(MediaId(mxc), data)

    async def create_room(self, wish: NewRoom) -> str:
        room_id = await self.behind.create_room(wish)
        self.members.setdefault(room_id, set(wish.invite))
        return room_id

    async def invite(self, room_id: str, user_id: str) -> None:
        await self.behind.invite(RoomId(room_id), identifiers.Account(user_id))
        self.members.setdefault(room_id, set()).add(user_id)

    async def remove(self, room_id: str, user_id: str) -> None:
        await self.behind.remove(RoomId(room_id), identifiers.Account(user_id))
        self.members.setdefault(room_id, set()).discard(user_id)

    def seen(self, post: Post, identities: Mapping[str, str], at: Any) -> Delivered:
        """Return a post as it was delivered: whoever is in the room, and can decrypt it, reads it."""
        pins: dict[str, str] = dict(post.audience.pins.items())
        readers = {
            Account(account)
            for account in self.members.get(post.room_id, set())
            if post.audience.open or (pins.get(account) and pins[account] == identities.get(account))
        }
        media = list(_media(post.content, getattr(self.behind.media, "ever", {})))
        return Delivered(
            at=at,
            event_id=post.event_id,
            readers=frozenset() if post.event_id in self.lost else frozenset(readers),
            body="\n".join([*_texts(post.content), *(text for data in media for text in _inside(data))]),
            type="poll" if f"{POLL}.start" in post.content else str(post.content.get("msgtype", "")),
            room=post.room_id,
            taps=tuple(_taps(post.content)),
            relates_to=post.content.get("m.relates_to", {}).get("event_id"),
            pictures=frozenset(Photo(mark.decode()) for data in media for mark in _marks(data)),
        )


def _texts(content: Any) -> Iterator[str]:
    """Go through every text in an event."""
    if isinstance(content, str):
        yield html.unescape(re.sub(r"<[^>]+>", " ", content))
    elif isinstance(content, Mapping):
        for name, value in content.items():
            if name not in {"file", "m.relates_to", "id"}:
                yield from _texts(value)
    elif isinstance(content, list | tuple):
        for value in content:
            yield from _texts(value)


def _taps(content: Mapping[str, Any]) -> Iterator[Tap]:
    for answer in content.get(f"{POLL}.start", {}).get("answers", ()):
        yield Tap(str(answer["id"]), str(answer[TEXT]))


def _media(content: Any, ever: Mapping[str, bytes]) -> Iterator[bytes]:
    if isinstance(content, Mapping):
        url = content.get("url")
        if isinstance(url, str) and url in ever:
            yield ever[url]
        for value in content.values():
            yield from _media(value, ever)


def _parts(data: bytes) -> Iterator[bytes]:
    """Go through a file, or all that is in an archive."""
    if not data.startswith(b"PK"):
        yield data
        return
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            yield name.encode()
            yield archive.read(name)


def _inside(data: bytes) -> Iterator[str]:
    for part in _parts(data):
        try:
            yield html.unescape(re.sub(r"<[^>]+>", " ", part.decode()))
        except UnicodeDecodeError:
            continue


def _marks(data: bytes) -> Iterator[bytes]:
    for part in _parts(data):
        yield from _PATTERN.findall(part)


class MarkedScreener(PlainScreener):
    """Hand out renditions that still show the pattern of the picture."""

    async def rendition(self, data: bytes, longest_side: int) -> Rendition:
        return Rendition(b"rendition " + b" ".join(_marks(data)), "image/jpeg", 10, 10)

    async def clean_copy(self, data: bytes, terms: Terms) -> Rendition:
        shown = b"clean copy: " + terms.text.encode() + b" " + b" ".join(_marks(data))
        return Rendition(shown, "image/jpeg", 10, 10)
