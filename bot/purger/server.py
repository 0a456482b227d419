"""The purger at its socket: who may ask, what may be asked, and in which order things happen.

Rules: only media that the named owner uploaded is deleted, so that nobody can have another's media deleted by naming it in a
message of their own. What the homeserver does not have is gone, and costs neither cap nor register, so invented ids use up
nothing. Only the purger's own user is answered (file modes, and the kernel's word about the peer where it gives one). A line
is short and comes in time, or the connection ends. Erasures happen one at a time; the id is in the register, on disk, before
the homeserver is asked to delete it. No request can stop the process.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import stat
import struct
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from .deletion_cap import RateCap
from .deletion_log import Register, whose_media
from .homeserver_media import HomeserverMedia
from .protocol import MAX_LINE, Error, PurgerAnswer, PurgerRequest, Verb, parse_media, parse_request
from .refusals import CannotServe, Forbidden, HomeserverAway

_log = logging.getLogger("consentry.purger")
IDLE = 30.0  # seconds a connection may say nothing
CONNECTIONS = 16


def _now() -> datetime:
    return datetime.now(UTC)


class PurgeServer:
    """A server that answers requests on `path` until it is closed."""

    def __init__(
        self,
        path: Path,
        media: HomeserverMedia,
        register: Register,
        cap: RateCap,
        *,
        uid: int | None = None,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._path = path
        self._media = media
        self._register = register
        self._cap = cap
        self._uid = os.getuid() if uid is None else uid
        self._now = now
        self._one_at_a_time = asyncio.Lock()
        self._connections = 0
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen. The register's lock proves that a socket already there belongs to a dead purger."""
        _make_private(self._path.parent)
        self._path.unlink(missing_ok=True)
        mask = os.umask(0o177)
        try:
            self._server = await asyncio.start_unix_server(self._serve, self._path, limit=MAX_LINE)
        finally:
            os.umask(mask)

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        self._path.unlink(missing_ok=True)

    async def answer(self, line: bytes) -> PurgerAnswer:
        """Return the answer to one line, whatever it holds."""
        request = parse_request(line)
        if request is None:
            return PurgerAnswer(error=Error.MALFORMED)
        if request.verb is Verb.PING:
            return PurgerAnswer(alive=True)
        if request.verb is Verb.LIST:
            return await self._list(request)
        async with self._one_at_a_time:
            return await self._erase(request.media, request.owner)

    async def _list(self, request: PurgerRequest) -> PurgerAnswer:
        try:
            if request.owner.partition(":")[2] != await self._media.server_name():
                return PurgerAnswer(reason="not-local")
            media, start = await self._media.uploads(request.owner, request.before, request.start)
        except HomeserverAway as away:
            _log.warning("homeserver away: %s", away)
            return PurgerAnswer(error=Error.AWAY)
        except (Forbidden, CannotServe):
            return PurgerAnswer(error=Error.FORBIDDEN)
        return PurgerAnswer(media=media, next=start)

    async def _erase(self, address: str, owner: str) -> PurgerAnswer:
        media = parse_media(address)
        if media is None:
            return PurgerAnswer(reason="malformed")
        try:
            if media.server != await self._media.server_name():
                return PurgerAnswer(reason="not-local")
            uploaded_by = await self._media.owner(media)
            if uploaded_by is None:
                return PurgerAnswer(gone=True)
            if uploaded_by != owner:
                _log.warning("%s is somebody else's upload", media)
                return PurgerAnswer(reason="not-theirs")
            whose, now = whose_media(owner), self._now()
            if wait := self._cap.wait(whose, now):
                _log.warning("rate cap reached, %s must wait", media)
                return PurgerAnswer(error=Error.RATE_CAPPED, retry_after=wait)
            self._cap.count(whose, now)
            self._register.append(media, whose, now)
            await self._media.delete(media)
        except HomeserverAway as away:
            _log.warning("homeserver away: %s", away)
            return PurgerAnswer(error=Error.AWAY)
        except (Forbidden, CannotServe):
            _log.error("the homeserver refuses the token, or its file cannot be used")
            return PurgerAnswer(error=Error.FORBIDDEN)
        except OSError as error:
            _log.error("the register cannot be written: %s", type(error).__name__)
            return PurgerAnswer(error=Error.AWAY)
        return PurgerAnswer(gone=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections += 1
        try:
            if self._connections <= CONNECTIONS and _peer_uid(writer) in (None, self._uid):
                await self._converse(reader, writer)
        except (OSError, TimeoutError) as error:
            _log.info("a connection ended: %s", type(error).__name__)
        finally:
            self._connections -= 1
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            try:
                line = await asyncio.wait_for(reader.readuntil(b"\n"), IDLE)
            except asyncio.IncompleteReadError:
                return
            except asyncio.LimitOverrunError:  # where the next line begins can no longer be known
                writer.write(PurgerAnswer(error=Error.MALFORMED).encode())
                await asyncio.wait_for(writer.drain(), IDLE)
                return
            writer.write((await self.answer(line)).encode())
            await asyncio.wait_for(writer.drain(), IDLE)


def _make_private(directory: Path) -> None:
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = directory.stat()
    if found.st_uid != os.getuid() or found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise CannotServe(f"the socket's directory {directory} must be ours and closed to others: chmod 700 it")


def _peer_uid(writer: asyncio.StreamWriter) -> int | None:
    """Return the user that the kernel says is at the other end; None where it does not say and the file modes alone hold."""
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return None
    credentials = writer.get_extra_info("socket").getsockopt(socket.SOL_SOCKET, option, struct.calcsize("3i"))
    return int(struct.unpack("3i", credentials)[1])
