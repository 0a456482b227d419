"""Ask a FHIR R4 server: what it answers, or in a short code what is wrong with it.

A code is all that a failure says: an address, a patient or what the server wrote could stand in a log else. Redirects are not
followed, and nothing is read from another host, so the token goes to this server alone. Deadlines: 10 s to connect, 30 s of
silence, 120 s in all.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from bot.capped_http import CappedHttp, NoAnswer, TooLong, object_in
from bot.domain.errors import OutsideFailure, Permanent

from .fhir_access import NOT_LET_IN, Access

Resource = dict[str, Any]  # one FHIR resource, as its JSON says it

NOT_FHIR: Final = "not-fhir"  # what is asked for does not exist there at all
NOT_SHOWN: Final = "not-shown"  # it took something, and does not show it as it was sent
FHIR_JSON: Final = "application/fhir+json"
GONE: Final = frozenset({404, 410})
UNABLE: Final = frozenset({404, 405, 501})  # the server has no such thing, or can't do this with it
_FORM: Final = "application/x-www-form-urlencoded"
SECONDS, SILENCE = 120.0, 30.0
_OUR_FAULT: Final = frozenset({400, 406, 415, 422})
_MANY: Final = 4 * 1024 * 1024  # more than a page of what is searched for here
_MOST_PAGES: Final = 20


class NoSuchKind(OutsideFailure):
    """The server has no such kind of resource, or what answers is no such server for now: nothing is refused for good by it."""


@dataclass(frozen=True, slots=True)
class FhirAnswer:
    status: int
    kind: str  # the media type
    body: bytes

    @property
    def resource(self) -> Resource:
        """Return the body as a resource; empty where it is none."""
        return object_in(self.body)


class FhirServer:
    """One server and who we are there."""

    def __init__(self, base_url: str, access: Access) -> None:
        self.base_url = base_url
        self._access = access

    @asynccontextmanager
    async def talking(self, room: int = 0) -> AsyncIterator[FhirTalk]:
        """Talk over connections of its own; answers may be so much longer than those about documents without content."""
        http = CappedHttp(self.base_url)
        try:
            yield FhirTalk(http, self._access, self.base_url, _MANY + 2 * room)
        finally:
            await http.close()


class FhirTalk:
    """What can be asked of a server. `OutsideFailure` while it is unwell, `Permanent` where it will not have what it got."""

    def __init__(self, http: CappedHttp, access: Access, base_url: str, longest: int) -> None:
        self._http = http
        self._access = access
        self._base = base_url
        self._longest = longest

    def path_of(self, address: str) -> str | None:
        """Return the path of an address on this server, such as "Binary/12"; None when it is somewhere else."""
        path = address.removeprefix(f"{self._base}/")
        return None if "://" in path or path.startswith(("urn:", "/", "#")) else path.partition("/_history")[0]

    async def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        kind: str = FHIR_JSON,
        *,
        headers: Mapping[str, str] | None = None,
        accept: str = FHIR_JSON,
    ) -> FhirAnswer:
        """Ask, and ask once more with a new token where the first is not taken."""
        for anew in (False, True):
            token = await self._access.token(self._http, anew=anew)
            sent = {"Accept": accept, "Authorization": f"Bearer {token}", **(headers or {})}
            try:
                async with self._http.asking(
                    method, f"/{path}", body, kind, seconds=SECONDS, silence=SILENCE, headers=sent
                ) as answer:
                    if answer.status == 401 and not anew:
                        continue
                    media_type = (answer.header("Content-Type") or "").partition(";")[0].strip().lower()
                    return FhirAnswer(answer.status, media_type, await answer.read(self._longest))
            except NoAnswer as why:
                raise OutsideFailure("hangs" if "Timeout" in str(why) else "away") from None
            except TooLong:
                raise OutsideFailure("unwell") from None
        raise OutsideFailure(NOT_LET_IN)

    async def find(self, kind: str, **asked: str) -> list[Resource]:
        """Return the resources that match, on all pages of the answer, and nothing that the server includes besides.

        `NoSuchKind` where it finds others alone: it passes over the question, and what there is of ours can't be asked.
        """
        found: list[Resource] = []
        answer = await self._searched(kind, urlencode({**asked, "_count": "50"}))
        for _ in range(_MOST_PAGES):
            if answer.status in UNABLE:
                raise NoSuchKind(NOT_FHIR)
            if well(answer).status != 200 or answer.resource.get("resourceType") != "Bundle":
                raise OutsideFailure("unwell")
            entries = answer.resource.get("entry", [])
            found += [entry["resource"] for entry in entries if _is_match(entry)]
            address = _next_page(answer.resource)
            if address is None or not entries:
                break
            answer = await self.ask("GET", self._page_at(address))
        else:
            raise OutsideFailure("unwell")  # what was not read might be another patient of that number
        of_kind = [one for one in found if one.get("resourceType") == kind]
        matching = [one for one in of_kind if self._is_asked(one, asked)]
        if of_kind and not matching:
            raise NoSuchKind(NOT_SHOWN)
        return matching

    def _page_at(self, address: str) -> str:
        """Return the path of a page on this server; on another host nothing is asked."""
        path = address.removeprefix(self._base).removeprefix("/")
        if "://" in path or path.startswith("/"):
            raise OutsideFailure("unwell")
        return path

    def _is_asked(self, resource: Resource, asked: Mapping[str, str]) -> bool:
        """Return whether it carries the id, or names the thing, that was asked for; of patients more is looked at later."""
        if resource["resourceType"] != "Patient" and (wanted := asked.get("identifier")) is not None:
            ids = resource.get("identifier", [])
            return any(token_search(str(one.get("system")), str(one.get("value"))) == wanted for one in ids)
        if (wanted := asked.get("entity")) is not None:
            named = [one.get("what", {}).get("reference", "") for one in resource.get("entity", [])]
            return any(self.path_of(str(address)) == wanted for address in named)
        return True

    async def _searched(self, kind: str, words: str) -> FhirAnswer:
        """Search; for patients in the body of a request where the server can: addresses stand in logs."""
        if kind == "Patient":
            answer = await self.ask("POST", f"{kind}/_search", words.encode(), _FORM)
            if answer.status not in UNABLE | _OUR_FAULT:
                return answer
        return await self.ask("GET", f"{kind}?{words}")

    async def read(self, path: str) -> Resource | None:
        """Return a resource; None when it is gone."""
        answer = await self.ask("GET", path)
        return None if answer.status in GONE else well(answer).resource

    async def create(self, resource: Resource, unless: str) -> FhirAnswer:
        """Create a resource unless one answers to this search; the answer may say that the server can't."""
        return await self.ask("POST", resource["resourceType"], _told(resource), headers={"If-None-Exist": unless})

    async def update(self, resource: Resource) -> FhirAnswer:
        """Write a resource anew, unless somebody else did since it was read."""
        version = resource.get("meta", {}).get("versionId")
        headers = {"If-Match": f'W/"{version}"'} if version else {}
        return await self.ask("PUT", path_of(resource), _told(resource), headers=headers)

    async def delete(self, path: str) -> FhirAnswer:
        return await self.ask("DELETE", path)


def path_of(resource: Resource) -> str:
    return f"{resource['resourceType']}/{resource['id']}"


def token_search(system: str, value: str) -> str:
    """Return how to search for an identifier; marks that mean something in a search are escaped."""
    escaped = value
    for mark in ("\\", ",", "|", "$"):
        escaped = escaped.replace(mark, f"\\{mark}")
    return f"{system}|{escaped}"


def taken(answer: FhirAnswer) -> FhirAnswer:
    """Return the answer to something that was written; `Permanent` where the server will not have it."""
    if answer.status == 413:
        raise Permanent("too-large")
    if answer.status in _OUR_FAULT | UNABLE:
        raise Permanent("not-accepted", f"HTTP {answer.status}")
    return well(answer)


def well(answer: FhirAnswer) -> FhirAnswer:
    """Return an answer; `OutsideFailure` where it says that the server is unwell, or won't let us in."""
    if answer.status < 300:
        return answer
    if answer.status in (401, 403):
        raise OutsideFailure(NOT_LET_IN)
    raise OutsideFailure("busy" if answer.status in (409, 412, 429) else "unwell")


def _next_page(bundle: Resource) -> str | None:
    """Return where the next page of what was found is; None after the last."""
    addresses = [link.get("url") for link in bundle.get("link", []) if link.get("relation") == "next"]
    return str(addresses[0]) if addresses else None


def _is_match(entry: object) -> bool:
    if not isinstance(entry, dict) or not isinstance(entry.get("resource"), dict):
        return False
    return bool(entry.get("search", {}).get("mode", "match") == "match")


def _told(resource: Resource) -> bytes:
    return json.dumps(resource, ensure_ascii=True).encode()
