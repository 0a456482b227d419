"""The homeserver: what comes from it, what is said and erased there, and comparing emoji."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from bot.domain.arrivals import Arrival, Batch
from bot.domain.identifiers import NO_ACCOUNT, Account, EventId, MediaId, RoomId
from bot.domain.verification import Reached, Verification


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may read what is sent. If anyone else has joined or is invited, or the room is unsafe, nothing is sent.

    `pins` maps each allowed user id to the master key pinned for that person; "" means: in the room, but gets no room key.
    An `open` audience is for fixed sentences without anything about anybody: any member and any device may read them.
    `passing`: a lobby, made by somebody's app, so its history setting is theirs; the bot takes back what it said there.
    `homeservers`: where everybody's account must be; empty for anywhere.
    """

    pins: Mapping[Account, str]
    open: bool = False
    passing: bool = False
    homeservers: frozenset[str] = frozenset()


class UnsafeRoom(Exception):
    """Nothing was sent: the room is not what it should be. `reason` is a short word, `who` a user id or ""."""

    def __init__(self, reason: str, who: Account = NO_ACCOUNT) -> None:
        super().__init__(reason)
        self.reason = reason
        self.who = who


@dataclass(frozen=True, slots=True)
class NewRoom:
    """A room that the bot is to make. `key` is random and names the wish: asking twice gives the same room."""

    key: str
    name: str  # sent unencrypted: nothing about health, no patient's name
    invite: tuple[Account, ...]


class Feed(Protocol):
    """What arrives."""

    async def next_batch(self, since: str | None, timeout: timedelta) -> Batch:
        """Return everything after `since`, back-filled, decrypted and judged; wait up to `timeout` for news."""

    async def decrypt_again(self, arrival: Arrival) -> Arrival | None:
        """Return the same UNDECRYPTABLE arrival, decrypted and judged, or None while the room key is still missing."""


class Chat(Protocol):
    """What is sent, and what is fetched."""

    @property
    def user_id(self) -> Account: ...

    async def send(
        self,
        room_id: RoomId,
        content: Mapping[str, Any],
        audience: Audience,
        *,
        transaction_id: str,
        event_type: str = "m.room.message",
    ) -> EventId:
        """Send an encrypted event; return its id. Raises `UnsafeRoom` when the audience does not hold."""

    async def send_in_clear(self, room_id: RoomId, body: str, *, transaction_id: str) -> None:
        """Send a fixed sentence of the program's own, without anything about anybody, into an unencrypted room."""

    async def is_opened(self, room_id: RoomId, event_id: EventId) -> bool:
        """Return whether anything shows that somebody else in the room opened this event, or wrote after it."""

    async def redact(self, room_id: RoomId, event_id: EventId, *, transaction_id: str) -> None:
        """Redact; already redacted is success. `Permanent("forbidden")` when the bot lacks the power."""

    async def fetch(self, file: Mapping[str, Any], limit: int) -> bytes:
        """Download an EncryptedFile, check its hash, decrypt it in memory.

        `Permanent`: "gone", "too-large", "wrong-hash", "bad-attachment".
        """

    async def put(self, mxc: MediaId, data: bytes) -> dict[str, Any]:
        """Encrypt `data`, upload it under a reserved id, and return its EncryptedFile.

        `Permanent("already-uploaded")` when the id was used before: reserve another.
        """

    async def reserve_media(self) -> MediaId:
        """Reserve a media id (/_matrix/media/v1/create) so that it can be ledgered before any byte is uploaded."""

    async def media_is_gone(self, mxc: MediaId) -> bool:
        """Return whether the homeserver now answers 404 for this media: the observation that a purge receipt rests on."""

    async def create_room(self, wish: NewRoom) -> RoomId:
        """Make an encrypted room (history `joined`, guests forbidden, invite only), the bot having all power; return its id."""

    async def invite(self, room_id: RoomId, user_id: Account) -> None: ...

    async def remove(self, room_id: RoomId, user_id: Account) -> None:
        """Put somebody out of one of the bot's rooms; already out is success."""

    async def join(self, room_id: RoomId) -> None: ...

    async def leave(self, room_id: RoomId) -> None: ...


class Verifier(Protocol):
    """Emoji verification with other people's apps. Its secrets end with the running program."""

    async def step(self, check: Verification, event: str, content: Mapping[str, Any], *, key: str) -> Reached:
        """Take one event, send what follows from it, and return how far the check is. Twice with the same `key` counts once.

        `event`: `ask`, `same`, `different`, `give-up`, or what the other side sent. `LOST` when the check began before
        the program did; the other side is then told that it has ended.
        """

    async def sign_identity(self, account: Account, identity: str) -> None:
        """Vouch for this identity with the bot's own. `Permanent("identity-changed")` when it is not theirs any more."""
