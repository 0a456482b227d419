"""A small FHIR R4 server in this process, whose ways can be chosen: what it takes, what it keeps, and which kinds it knows.

It keeps to what the specification says of reading, searching, conditional creation, versions and deletion, and to nothing more.
"""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

from aiohttp import web
from yarl import URL

from storage.records.fhir.fhir_binaries import Upload
from storage.records.fhir.fhir_server import FHIR_JSON

Resource = dict[str, Any]
TOKEN = "let-me-in"
KINDS = frozenset({"Patient", "DocumentReference", "Binary", "Consent", "AuditEvent"})


@dataclass(frozen=True)
class Ways:
    """How a server is: servers differ."""

    takes: frozenset[Upload] = frozenset({Upload.RAW, Upload.OWN_ID, Upload.JSON})
    reads_raw: bool = True
    keeps_versions: bool = False
    kinds: frozenset[str] = KINDS
    never_deletes: frozenset[str] = frozenset()
    most_bytes: int = 64 << 20
    searches_by_post: bool = True
    signs_addresses: bool = False  # gives out addresses elsewhere in place of those of its Binaries
    conditional_creates: bool = True  # some spread their work, and let two through
    token: str = TOKEN


@dataclass
class FhirFake:
    ways: Ways = field(default_factory=Ways)
    versions: dict[str, list[Resource | None]] = field(default_factory=dict)  # by path; None: deleted
    asked: list[str] = field(default_factory=list)
    url: str = ""
    release: str = "4.0.1"
    token_endpoint: str = ""
    wrong_with_access: dict[str, int] = field(
        default_factory=dict
    )  # the status of what is asked for before a token is there
    _runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application(client_max_size=512 << 20)
        app.router.add_route("*", "/fhir/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}/fhir"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    # ---- what lies there, seen from inside

    def all(self, kind: str) -> list[Resource]:
        """Everything of a kind that is there now, the newest version of each."""
        return [held[-1] for path, held in self.versions.items() if path.startswith(f"{kind}/") and held[-1]]

    def put(self, resource: Resource) -> Resource:
        """Put something there, as those who run the server do."""
        resource = {**resource, "id": resource.get("id", uuid4().hex)}
        path = f"{resource['resourceType']}/{resource['id']}"
        held = self.versions.setdefault(path, [])
        resource["meta"] = {"versionId": str(len(held) + 1)}
        held.append(resource)
        return resource

    # ---- answering

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        parts = request.match_info["path"].split("/")
        self.asked.append(f"{request.method} {request.match_info['path']}?{request.query_string}")
        if parts[-1] in self.wrong_with_access:
            return _wrong(self.wrong_with_access[parts[-1]])
        if parts == ["metadata"]:
            return _told({"resourceType": "CapabilityStatement", "fhirVersion": self.release})
        if parts == [".well-known", "smart-configuration"]:
            return _told({"token_endpoint": self.token_endpoint})
        if request.headers.get("Authorization") != f"Bearer {self.ways.token}":
            return _wrong(401)
        body = await request.read()
        if len(body) > self.ways.most_bytes:
            return _wrong(413)
        if parts[0] not in self.ways.kinds:
            return _wrong(404)
        if len(parts) == 1:
            return (
                self._search(parts[0], request.query)
                if request.method == "GET"
                else self._create(parts[0], request, body)
            )
        if parts[1] == "_search":
            if not self.ways.searches_by_post:
                return _wrong(405)
            return self._search(parts[0], dict(parse_qsl(body.decode())))
        path = "/".join(parts[:2])
        if parts[2:]:
            return self._history(path, parts[3:])
        match request.method:
            case "GET":
                return self._read(path, request)
            case "PUT":
                return self._update(path, request, body)
        return self._delete(path)

    def _search(self, kind: str, asked: Mapping[str, str]) -> web.Response:
        found = [resource for resource in self.all(kind) if _matches(resource, asked)]
        return _bundle([_signed(resource) for resource in found] if self.ways.signs_addresses else found)

    def _create(self, kind: str, request: web.Request, body: bytes) -> web.Response:
        media_type = request.content_type
        if kind == "Binary":
            way = Upload.JSON if "json" in media_type else Upload.RAW
            if way not in self.ways.takes:
                return _wrong(500 if way is Upload.RAW else 400)
            if way is Upload.RAW:
                body = json.dumps(_binary(media_type, body)).encode()
        unless = request.headers.get("If-None-Exist")
        if unless is not None and self.ways.conditional_creates:
            found = [there for there in self.all(kind) if _matches(there, URL(f"?{unless}").query)]
            if found:
                return _told(found[0], 200) if len(found) == 1 else _wrong(412)
        return _told(self.put({**json.loads(body), "id": uuid4().hex}), 201)

    def _read(self, path: str, request: web.Request) -> web.Response:
        held = self.versions.get(path, [])
        if not held or held[-1] is None:
            return _wrong(410 if held else 404)
        now = held[-1]
        if now["resourceType"] == "Binary" and "json" not in request.headers["Accept"]:
            if not self.ways.reads_raw:
                return _wrong(406)
            return web.Response(body=base64.b64decode(now["data"]), content_type=now["contentType"])
        return _told(now)

    def _update(self, path: str, request: web.Request, body: bytes) -> web.Response:
        held = self.versions.get(path, [])
        if path.startswith("Binary/"):
            way = Upload.OWN_ID if "json" in request.content_type else Upload.RAW_OWN_ID
            if way not in self.ways.takes:
                return _wrong(405)
            if way is Upload.RAW_OWN_ID:
                body = json.dumps({**_binary(request.content_type, body), "id": path.partition("/")[2]}).encode()
        expected = request.headers.get("If-Match")
        now = held[-1] if held else None
        if expected is not None and (now is None or expected != f'W/"{now["meta"]["versionId"]}"'):
            return _wrong(412)
        return _told(self.put(json.loads(body)), 200 if now else 201)

    def _delete(self, path: str) -> web.Response:
        if path.partition("/")[0] in self.ways.never_deletes:
            return _wrong(405)
        if path not in self.versions:
            return _wrong(404)
        self.versions[path].append(None)
        return web.Response(status=204)

    def _history(self, path: str, version: list[str]) -> web.Response:
        held = [there for there in self.versions.get(path, []) if there is not None]
        if not self.ways.keeps_versions:
            held = held[-1:] if self.versions.get(path, [None])[-1] else []
        if version:
            found = [there for there in held if there["meta"]["versionId"] == version[0]]
            return _told(found[0]) if found else _wrong(404)
        return _bundle(held)


@asynccontextmanager
async def fhir_fake(ways: Ways | None = None) -> AsyncIterator[FhirFake]:
    fake = FhirFake(ways or Ways())
    await fake.start()
    try:
        yield fake
    finally:
        await fake.stop()


def only(**ways: Any) -> Ways:
    return replace(Ways(), **ways)


def _matches(resource: Resource, asked: Mapping[str, str]) -> bool:
    return all(_has(resource, name, value) for name, value in asked.items() if not name.startswith("_"))


def _has(resource: Resource, name: str, value: str) -> bool:
    match name:
        case "identifier":
            system, _, wanted = value.replace("\\|", "\0").partition("|")
            wanted = wanted.replace("\0", "|").replace("\\,", ",").replace("\\$", "$").replace("\\\\", "\\")
            return any((one.get("system"), one["value"]) == (system, wanted) for one in resource.get("identifier", []))
        case "birthdate":
            return bool(resource.get("birthDate") == value)
        case "entity":
            return any(one.get("what", {}).get("reference") == value for one in resource.get("entity", []))
    return True  # a server may pass over what it does not know


def _signed(resource: Resource) -> Resource:
    told: Resource = json.loads(json.dumps(resource))
    for content in told.get("content", []):
        url = content["attachment"].get("url", "")
        if url.startswith("Binary/"):
            content["attachment"]["url"] = f"https://storage.example/{url.removeprefix('Binary/')}/1?signature=x"
    return told


def _binary(media_type: str, content: bytes) -> Resource:
    return {"resourceType": "Binary", "contentType": media_type, "data": base64.b64encode(content).decode()}


def _bundle(resources: list[Resource]) -> web.Response:
    return _told({"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": each} for each in resources]})


def _told(resource: Resource, status: int = 200) -> web.Response:
    return web.Response(status=status, body=json.dumps(resource).encode(), content_type=FHIR_JSON)


def _wrong(status: int) -> web.Response:
    return _told({"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "invalid"}]}, status)
