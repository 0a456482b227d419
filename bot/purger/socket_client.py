"""The bot's side of the purger: the port `Purger`, over the socket or without any purger.

Guarantees: erasing twice is as good as once; a rate cap is an answer, with the time to wait; a purger that is away, slow or
babbling is an `OutsideFailure`; one whose token has lost its power is `Permanent`.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.identifiers import MediaId
from bot.ports import MediaErased

from .protocol import MAX_ANSWER, MAX_LINE, Error, PurgerAnswer, PurgerRequest, Verb, encode_request, parse_answer

MOST_PAGES = 10_000
ANSWER_WITHIN = 60.0  # seconds; the purger gives up on the homeserver before that


class SocketPurger:
    """A purger process listening at `path`. Each request has a connection of its own, so there is none to keep alive or mend."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def available(self) -> bool:
        try:
            return (await self._ask(PurgerRequest(Verb.PING))).alive
        except OutsideFailure:
            return False

    async def erase_media(self, mxc: str, owner: str) -> MediaErased:
        request = PurgerRequest(Verb.ERASE, mxc, owner)
        if len(encode_request(request)) > MAX_LINE:
            return MediaErased(False, "malformed")
        answer = await self._ask(request)
        match answer.error:
            case None:
                return MediaErased(answer.gone, answer.reason)
            case Error.RATE_CAPPED:
                return MediaErased(False, "rate-capped", timedelta(seconds=max(1.0, answer.retry_after)))
            case Error.FORBIDDEN:
                raise Permanent("purger-forbidden", "the homeserver refuses the purger's token")
            case Error.AWAY | Error.MALFORMED:
                raise OutsideFailure(f"purger: {answer.error.value}")

    async def media_of(self, owner: str, before: datetime) -> list[MediaId]:
        """Return the encrypted uploads of an account before a time; `OutsideFailure` when it can't be told."""
        found: list[MediaId] = []
        start = 0
        for _ in range(MOST_PAGES):
            answer = await self._ask(
                PurgerRequest(Verb.LIST, owner=owner, before=int(before.timestamp() * 1000), start=start)
            )
            if answer.media is None:
                raise OutsideFailure(f"purger: {answer.error.value if answer.error else answer.reason}")
            found += [MediaId(f"mxc://{owner.partition(':')[2]}/{media_id}") for media_id in answer.media]
            start = answer.next
            if not start:
                return found
        raise OutsideFailure("purger: too many uploads")

    async def _ask(self, request: PurgerRequest) -> PurgerAnswer:
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                reader, writer = await asyncio.open_unix_connection(self._path, limit=MAX_ANSWER)
                try:
                    writer.write(encode_request(request))
                    await writer.drain()
                    line = await reader.readline()
                finally:
                    writer.close()
                    with suppress(OSError):
                        await writer.wait_closed()
        except (OSError, TimeoutError, ValueError) as error:
            raise OutsideFailure(f"purger: {type(error).__name__}") from None
        answer = parse_answer(line)
        if answer is None:
            raise OutsideFailure("purger: no answer")
        return answer


class NoPurger:
    """The purger of a practice without one: all media is beyond reach, and it says so."""

    async def available(self) -> bool:
        return False

    async def erase_media(self, mxc: str, owner: str) -> MediaErased:
        return MediaErased(False, "no-purger")
