"""The page as patients reach it: asked for at its public address, through whatever stands in front of it.

What protects patients there is the code that their browser gets. So every file is compared, plain and packed, with the one
that was shipped, the strict headers have to arrive, and nothing of the homeserver may be there but what the page passes on.
The check is made from this machine: it does not show what somebody elsewhere gets from an address that answers differently.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Final

from bot.capped_http import CappedHttp, NoAnswer, TooLong
from bot.config import Config
from bot.domain.errors import Permanent
from bot.page import PRACTICE, STRICT, UPLOAD, Bundle, ServedFile, load_bundle

from .finding import Finding, told

PATIENCE: Final = 60.0  # seconds; the largest file has 8 MB
UPLOAD_PATIENCE: Final = 300.0  # seconds; the largest photo may go out over the practice's own line, and come back
VERSIONS: Final = "/_matrix/client/versions"
ADMIN: Final = "/_synapse/admin/v1/server_version"
BEYOND: Final = "/_matrix/client/v3/login"  # not among what the page passes on
_CODINGS: Final = ("identity", "gzip", "br")
_PROXYS_OWN: Final = "Server"  # most proxies name themselves there
_SMALL: Final = 64 * 1024
_TOO_LARGE: Final = 413


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str | None]
    coding: str
    body: bytes | None  # None when it is longer than it should be


async def page(config: Config) -> AsyncIterator[Finding]:
    """Look at the page, where the practice has one."""
    if config.page.url is None:
        return
    try:
        bundle = load_bundle()
    except Permanent as failure:
        yield Finding("Page", False, told(failure), "install consentry again, or build the page: `make install`")
        return
    try:
        yield await _files(config.page.url, bundle)
        yield await _headers(config.page.url)
        yield await _the_practices_own(config)
        yield await _homeserver_behind(config.page.url)
        yield await _largest_photo(config.page.url, config.images.max_bytes)
    except NoAnswer as failure:
        start = f"start `consentry page`, and let the proxy pass everything of that address on to {config.page.listen}"
        yield Finding("Page", False, f"{config.page.url} does not answer ({failure})", start)


async def _files(url: str, bundle: Bundle) -> Finding:
    """Compare every file with the one that was shipped."""
    paths = {"/": bundle.at("/"), **bundle.files}
    strange = sorted(
        {path for coding in _CODINGS for path, file in paths.items() if file and not await _is(file, url, path, coding)}
    )
    if not strange:
        return Finding("Page", True, f"{url} serves the {len(bundle.files)} files that were shipped, to the last byte")
    return Finding(
        "Page",
        False,
        f"{url} serves something else than was shipped: {', '.join(strange)}",
        "Give out no link until this is cleared up: whoever changes the page can read what patients send. Restart "
        "`consentry page`, which may be of another version; then look for a proxy or cache that changes what it passes on",
    )


async def _is(file: ServedFile, url: str, path: str, coding: str) -> bool:
    answer = await _get(url, path, coding, limit=len(file.plain) + _SMALL)
    if answer.status != 200 or answer.body is None:
        return False
    if answer.coding == "gzip":  # also one that the proxy packed
        return _unpacked(answer.body, len(file.plain)) == file.plain
    return answer.body == (file.packed.get(answer.coding) if answer.coding else file.plain)


def _unpacked(body: bytes, most: int) -> bytes | None:
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        plain = unpacking.decompress(body, most + 1)
    except zlib.error:
        return None
    return plain if unpacking.eof and not unpacking.unused_data else None


async def _headers(url: str) -> Finding:
    """Look for each strict header in what the page itself, what it asks first, and a refusal answer."""
    lost = sorted(
        {
            name
            for path in ("/", PRACTICE, BEYOND)
            for name, value in (await _get(url, path)).headers.items()
            if value != STRICT[name]
        }
    )
    if not lost:
        return Finding("Page's headers", True, f"all {len(STRICT) - 1} arrive as they were sent")
    what = f"lost or changed on the way: {', '.join(lost)}"
    mend = "let the proxy pass on all headers as they come, and add none of these itself"
    return Finding("Page's headers", False, what, mend)


async def _the_practices_own(config: Config) -> Finding:
    url = str(config.page.url)
    answer = await _get(url, PRACTICE)
    try:
        said = json.loads(answer.body or b"")
    except ValueError:
        said = None
    name = said.get("name") if isinstance(said, dict) else None
    if answer.status == 200 and name == config.practice.name:
        return Finding("Page's practice", True, name)
    what = f"{url} is not this practice's page" if name else f"{url}{PRACTICE} is not there"
    mend = "restart `consentry page` with this configuration, and let the proxy pass that address on to it"
    return Finding("Page's practice", False, what, mend)


async def _homeserver_behind(url: str) -> Finding:
    """See that the page reaches the homeserver, and that nobody reaches more of it through the page's address."""
    name = "Behind the page"
    for path, where in (
        (ADMIN, "the homeserver's administration"),
        (BEYOND, "more of the homeserver than the page needs"),
    ):
        answer = await _get(url, path)
        if answer.status not in (403, 404) or _is_synapses(path, answer):
            what = f"{where} can be reached at {url}{path}"
            mend = "let the proxy pass everything of that address on to the page, and nothing of it to the homeserver"
            return Finding(name, False, what, mend)
    if (await _get(url, VERSIONS)).status != 200:
        mend = "start the homeserver, and see whether homeserver.url is right for `consentry page`"
        return Finding(name, False, "the homeserver does not answer through the page", mend)
    return Finding(name, True, "the homeserver answers, and nothing of it is there that patients don't need")


async def _largest_photo(url: str, size: int) -> Finding:
    """Send as many bytes as the largest photo has, as nobody: whatever Matrix answers, they came through the proxy."""
    name, megabytes = "Behind the page's proxy", f"{size / 1_000_000:g} MB"
    mend = (
        f"let the proxy take {megabytes} at once (nginx: `client_max_body_size`), or lower `max_megabytes` in [images]"
    )
    http = CappedHttp(url)
    try:
        async with http.asking(
            "POST", UPLOAD, bytes(size), "application/octet-stream", seconds=UPLOAD_PATIENCE
        ) as answer:
            status, said = answer.status, await answer.read(_SMALL)
    except (NoAnswer, TooLong) as failure:
        return Finding(name, False, f"a photo of {megabytes} breaks off on its way ({type(failure).__name__})", mend)
    finally:
        await http.close()
    if status == _TOO_LARGE or b"errcode" not in said:
        return Finding(name, False, f"a photo of {megabytes} is refused on its way ({status})", mend)
    return Finding(name, True, f"a photo of {megabytes} comes through")


def _is_synapses(path: str, answer: _Answer) -> bool:
    """Return whether a refusal came from the homeserver: of what is not Matrix, the page says nothing in Matrix's words."""
    return path == ADMIN and b"errcode" in (answer.body or b"")


async def _get(url: str, path: str, coding: str = "identity", limit: int = _SMALL) -> _Answer:
    http = CappedHttp(url, coding=coding)
    try:
        async with http.asking("GET", path, seconds=PATIENCE) as answer:
            headers = {name: answer.header(name) for name in STRICT if name != _PROXYS_OWN}
            try:
                body = await answer.read(limit)
            except TooLong:
                body = None
            return _Answer(answer.status, headers, answer.header("Content-Encoding") or "", body)
    finally:
        await http.close()
