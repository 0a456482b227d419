"""Media: reserve, upload, download, and observe that it is gone.

An id is reserved before any byte is uploaded, so that the ledger of copies can name it first: nothing on the homeserver is ever
missing from the ledger. What is uploaded is ciphertext of no stated kind, without a file name. Downloads have limits of size and
time. "Gone" means that the homeserver itself answers 404, nothing less.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.identifiers import MediaId

from .homeserver_client import HomeserverClient

_MXC = re.compile(r"mxc://(?P<server>[A-Za-z0-9\[][A-Za-z0-9.:\[\]-]{0,254})/(?P<media>[A-Za-z0-9_-]{1,255})\Z")


def split_mxc(mxc: MediaId) -> tuple[str, str]:
    """Return server and media id; `Permanent("bad-attachment")` for anything that is not a plain mxc URI."""
    match = _MXC.match(mxc)
    if match is None:
        raise Permanent("bad-attachment", "not a media id")
    return match["server"], match["media"]


class MediaRepository:
    """The homeserver's media repository."""

    def __init__(self, client: HomeserverClient) -> None:
        self._client = client

    async def reserve(self) -> MediaId:
        body = await self._client.call("POST", "/_matrix/media/v1/create")
        mxc = body.get("content_uri")
        if not isinstance(mxc, str) or _MXC.match(mxc) is None:
            raise OutsideFailure("a reserved media id is missing in the answer")
        return MediaId(mxc)

    async def upload(self, mxc: MediaId, ciphertext: bytes) -> None:
        """Upload the ciphertext; `Permanent("already-uploaded")` when bytes are there already."""
        server, media = split_mxc(mxc)
        await self._client.put_bytes(f"/_matrix/media/v3/upload/{server}/{media}", ciphertext)

    async def download(self, mxc: MediaId, limit: int, seen: Callable[[bytes], None] | None = None) -> bytes:
        """Return the bytes; show each piece to `seen` as it comes."""
        return await self._client.get_bytes(self._download_path(mxc), limit, seen)

    async def is_gone(self, mxc: MediaId) -> bool:
        """Return True only on the homeserver's own 404 (M_NOT_FOUND; a proxy's is a failure); media that exists is not read."""
        try:
            await self._client.get_bytes(self._download_path(mxc), 0)
        except Permanent as answer:
            if answer.code == "gone":
                return True
            if answer.code == "too-large":
                return False
            raise
        return False

    def _download_path(self, mxc: MediaId) -> str:
        server, media = split_mxc(mxc)
        # Ask for what is there now: without timeout_ms Synapse waits 20 s for a reserved id to be filled.
        return f"/_matrix/client/v1/media/download/{server}/{media}?timeout_ms=0"
