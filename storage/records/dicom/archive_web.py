"""What is said with an image archive over the web: search (QIDO), store (STOW), retrieve (WADO), PS3.18.

Every request has a deadline, every answer a limit. What goes wrong becomes a short code that repeats nothing: `away`, `hangs`,
`not-let-in`, `busy`, `full`, `unwell` and `not-an-archive` are tried again, `too-large` and `not-accepted` are this one copy's.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

from bot.capped_http import CappedHttp, HttpAnswer, NoAnswer, TooLong
from bot.domain.errors import OutsideFailure, Permanent

from .dicom_instance import INSTANCE, SERIES, STUDY, Uids

PATIENCE, SILENCE = 120.0, 30.0  # seconds: for a whole request, and between two bytes of an answer
SLOWEST = 250_000  # bytes a second, of a line over which a large photo still gets there
LONGEST_LIST = 4_000_000  # bytes
_SEARCHED = {"Accept": "application/dicom+json"}
_RETRIEVED = {"Accept": 'multipart/related; type="application/dicom"; transfer-syntax=*'}
_BOUNDARY = re.compile(r'boundary="?([^";,\s]+)"?', re.IGNORECASE)
_CODES: Final = {401: "not-let-in", 403: "not-let-in", 429: "busy", 503: "busy", 507: "full"}
_OF_THIS_COPY: Final = {400, 406, 415, 422}
_UID = re.compile(r"[0-9.]{1,64}")
_MAYBE_LATER = {None, 0x0110, 0x0111}  # no reason told, it failed, or it is there: then it was another request's turn
_OUT_OF_ROOM = range(0xA700, 0xA800)

Found = Mapping[str, Any]  # attributes of one study or instance, by tag


@dataclass(frozen=True, slots=True)
class Credentials:
    """How the archive knows us. The secret is read each time, so that it may be renewed while the bot runs."""

    user: str = ""
    password_file: Path | None = None
    token_file: Path | None = None

    def headers(self) -> dict[str, str]:
        file = self.password_file or self.token_file
        if file is None:
            return {}
        try:
            secret = file.read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            raise OutsideFailure("no-secret") from None
        if self.password_file is None:
            return {"Authorization": f"Bearer {secret}"}
        return {"Authorization": "Basic " + base64.b64encode(f"{self.user}:{secret}".encode()).decode()}


NOBODY: Final = Credentials()


@dataclass(frozen=True, slots=True)
class ArchiveWeb:
    """One conversation; the connection is kept until it ends."""

    http: CappedHttp
    known_by: Mapping[str, str] = field(repr=False)
    patience: float = PATIENCE

    async def search(self, path: str, **filters: str) -> Sequence[Found]:
        """Return what matches; nothing may. `path` names studies or instances."""
        asked = urlencode(filters, quote_via=quote)
        async with self._asked("GET", f"{path}?{asked}", headers=_SEARCHED) as answer:
            if answer.status == 204:
                return []
            _require(answer, 200)
            body = await _read(answer, LONGEST_LIST)
        try:
            found = json.loads(body or b"[]")
        except (ValueError, RecursionError):
            raise OutsideFailure("not-an-archive") from None
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise OutsideFailure("not-an-archive")
        return found

    async def has(self, at: Uids) -> bool:
        """Return whether a search finds the instance."""
        found = await self.search(f"/studies/{at.study}/series/{at.series}/instances", SOPInstanceUID=at.instance)
        return any(said(attributes, INSTANCE) == at.instance for attributes in found)

    async def serves(self, at: Uids) -> bool:
        """Return whether the instance can be retrieved; nothing of it is read."""
        async with self._asked("GET", at.path, headers=_RETRIEVED) as answer:
            if answer.status in (404, 410):
                return False
            _require(answer, 200)
            return True

    async def retrieve(self, at: Uids, limit: int) -> bytes | None:
        """Return the file of the instance; None where there is none. `OutsideFailure("differs")` where it is longer than that."""
        async with self._asked("GET", at.path, headers=_RETRIEVED, longer=limit / SLOWEST) as answer:
            if answer.status in (404, 410):
                return None
            _require(answer, 200)
            try:
                return _first_part(answer.header("Content-Type") or "", await answer.read(limit))
            except TooLong:
                raise OutsideFailure("differs") from None

    async def find(self, instance: str) -> Uids | None:
        """Return where an instance lies of which only its number is known; None where nothing of it is found.

        `OutsideFailure("not-an-archive")` from one that can't be asked this: the standard leaves it free.
        """
        for attributes in await self.search("/instances", SOPInstanceUID=instance):
            study, series = said(attributes, STUDY), said(attributes, SERIES)
            if said(attributes, INSTANCE) == instance and _UID.fullmatch(study) and _UID.fullmatch(series):
                return Uids(study, series, instance)
        return None

    async def store(self, at: Uids, file: bytes) -> OutsideFailure | None:
        """Store the instance; return why the archive says that it did not. Only a look can tell whether it is there."""
        boundary = f"part-{at.instance}"
        start = f"--{boundary}\r\nContent-Type: application/dicom\r\n\r\n".encode()
        body = b"".join((start, file, f"\r\n--{boundary}--\r\n".encode()))
        kind = f'multipart/related; type="application/dicom"; boundary={boundary}'
        async with self._asked(
            "POST", "/studies", body, kind, _SEARCHED, longer=len(body) / SLOWEST, silence=None
        ) as answer:
            if answer.status == 413:
                raise Permanent("too-large")
            if answer.status in _OF_THIS_COPY:
                raise Permanent("not-accepted")
            _require(answer, 200, 202, 409)
            why = _failure_reason(await _read(answer, LONGEST_LIST))
            if why in _OUT_OF_ROOM:
                raise OutsideFailure("full")
            if answer.status != 409 and why is None:
                return None
            return OutsideFailure("unwell") if why in _MAYBE_LATER else Permanent("not-accepted")

    async def delete(self, path: str) -> None:
        """Ask that something be removed; whether it went is seen by looking."""
        async with self._asked("DELETE", path) as answer:
            if answer.status not in (404, 405, 409, 410, 501):
                _require(answer, 200, 202, 204)

    async def look_up(self, uid: str) -> Sequence[Found]:
        """Ask an Orthanc in its own language where an instance is."""
        async with self._asked("POST", "/tools/lookup", uid.encode(), "text/plain") as answer:
            _require(answer, 200)
            body = await _read(answer, LONGEST_LIST)
        try:
            found = json.loads(body)
        except (ValueError, RecursionError):
            raise OutsideFailure("not-an-archive") from None
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    @asynccontextmanager
    async def _asked(
        self,
        method: str,
        path: str,
        data: bytes | None = None,
        kind: str = "application/json",
        headers: Mapping[str, str] | None = None,
        *,
        longer: float = 0.0,
        silence: float | None = SILENCE,
    ) -> AsyncIterator[HttpAnswer]:
        sent = {**(headers or {}), **self.known_by}
        try:
            async with self.http.asking(
                method, path, data, kind, seconds=self.patience + longer, silence=silence, headers=sent
            ) as answer:
                yield answer
        except NoAnswer as why:
            raise OutsideFailure("hangs" if "Timeout" in str(why) else "away") from None


@asynccontextmanager
async def talking_to(url: str, credentials: Credentials, patience: float) -> AsyncIterator[ArchiveWeb]:
    http = CappedHttp(url)
    try:
        yield ArchiveWeb(http, credentials.headers(), patience)
    finally:
        await http.close()


def said(attributes: Found, tag: int) -> str:
    """Return the first value of an attribute, as text; "" where there is none. A name is as it is spelt in letters."""
    told = attributes.get(f"{tag:08X}")
    value = next(iter((told.get("Value") if isinstance(told, dict) else None) or []), "")
    if isinstance(value, dict):
        value = value.get("Alphabetic", "")
    return value.strip() if isinstance(value, str) else ""


def _require(answer: HttpAnswer, *wanted: int) -> None:
    if answer.status not in wanted:
        code = _CODES.get(answer.status, "unwell" if answer.status >= 500 else "not-an-archive")
        raise OutsideFailure(code)


async def _read(answer: HttpAnswer, limit: int) -> bytes:
    try:
        return await answer.read(limit)
    except TooLong:
        raise OutsideFailure("not-an-archive") from None


def _first_part(kind: str, body: bytes) -> bytes:
    """Return the file in an answer: its first part, or all of it where it came alone."""
    boundary = _BOUNDARY.search(kind)
    if not kind.lower().startswith("multipart/") or boundary is None:
        return body
    mark = b"--" + boundary[1].encode()
    start = body.find(b"\r\n\r\n", body.find(mark)) + 4
    end = body.find(b"\r\n" + mark, start)
    return body[start:end] if 4 <= start <= end else b""


def _failure_reason(body: bytes) -> int | None:
    """Return why the instance was not stored, as a number of the standard; None where it was, or nothing is said."""
    try:
        told = json.loads(body)
        return int(told["00081198"]["Value"][0]["00081197"]["Value"][0])
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        return None
