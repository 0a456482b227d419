"""FHIR servers that get further copies: a fake of our own, and one that others wrote."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from bot.capped_http import CappedHttp
from bot.config.fhir_table import SCOPES
from bot.domain.assurance import Residue
from bot.domain.entries import PatientIdentity
from storage.records.fhir.fhir_access import Access, GivenToken, SmartBackend
from storage.records.fhir.fhir_copy import FhirCopy
from storage.records.fhir.fhir_server import FHIR_JSON, FhirServer
from storage.records.place_notes import PlaceNotes
from storage.sql.database import Database
from tests import fhir_medplum, fhir_sekmet
from tests.fhir_between import between
from tests.fhir_fake import TOKEN, FhirFake, Resource, Ways, fhir_fake
from tests.fhir_sekmet import MRN, Sekmet

from .a_place import ANN, SAM, APlace

OURS = ("DocumentReference", "Binary", "Consent", "AuditEvent")


def patient(known: PatientIdentity, **more: Any) -> Resource:
    given, family = known.name.split()
    return {
        "resourceType": "Patient",
        "active": True,
        "identifier": [{"system": MRN, "value": known.mrn}],
        "name": [{"use": "official", "family": family, "given": [given]}],
        "birthDate": known.born.isoformat(),
    } | more


class AFhirServer(APlace):
    is_marked, shows_loss = False, True

    def __init__(self, url: str, access: Access, database: Database) -> None:
        self.url, self._access = url, access
        self.notes = PlaceNotes(database, self.name)

    def copy(self, url: str = "") -> FhirCopy:
        return FhirCopy(FhirServer(url or self.url, self._access), MRN, self.notes)

    @abstractmethod
    async def all(self, kind: str) -> list[Resource]:
        """Everything of a kind that is there now, as somebody else finds it."""

    @abstractmethod
    async def put(self, resource: Resource) -> Resource:
        """Put something there, as those who run the server do; return it as it is kept."""

    async def holds(self) -> Mapping[str, bytes]:
        return {
            f"{kind}/{resource['id']}": json.dumps(resource).encode()
            for kind in OURS
            for resource in await self.all(kind)
        }

    @abstractmethod
    async def drop(self, path: str) -> None:
        """Let something be gone there."""

    async def loses(self, bytes_alone: bool) -> None:
        for kind in ("Binary",) if bytes_alone else ("DocumentReference", "Binary"):
            for resource in await self.all(kind):
                await self.drop(f"{kind}/{resource['id']}")

    async def damage(self) -> None:
        for binary in await self.all("Binary"):
            await self.put({**binary, "data": "YW5vdGhlcg=="})


class OnAFake(AFhirServer):
    name = "fhir"

    def __init__(self, fake: FhirFake, token_file: Path, database: Database) -> None:
        super().__init__(fake.url, GivenToken(token_file), database)
        self.fake = fake

    async def all(self, kind: str) -> list[Resource]:
        return self.fake.all(kind)

    async def put(self, resource: Resource) -> Resource:
        return self.fake.put(resource)

    async def drop(self, path: str) -> None:
        self.fake.versions[path].append(None)

    async def goes_away(self) -> None:
        await self.fake.stop()


@asynccontextmanager
async def on_a_fake(directory: Path, ways: Ways | None = None) -> AsyncIterator[OnAFake]:
    (directory / "token").write_text(f"{TOKEN}\n")
    database = await Database.open(directory / "notes.db", b"k" * 32)
    async with fhir_fake(ways) as fake:
        for known in (SAM, ANN):
            fake.put(patient(known))
        try:
            yield OnAFake(fake, directory / "token", database)
        finally:
            await database.close()


@asynccontextmanager
async def a_fhir_fake(directory: Path) -> AsyncIterator[OnAFake]:
    async with on_a_fake(directory) as place:
        yield place


class OnAServer(AFhirServer):
    """A server in a process of its own; it is looked at by a client of its own, with a token of its own."""

    def __init__(
        self, url: str, look_token: str, access: Access, database: Database, stack: AsyncExitStack, proxied: str = ""
    ) -> None:
        self.name = f"fhir {uuid4()}"  # a server never forgets an id
        super().__init__(proxied or url, access, database)
        self._direct, self._look_token, self._stack = url, look_token, stack

    async def asked(self, method: str, path: str, resource: Resource | None = None) -> Resource:
        body = None if resource is None else json.dumps(resource).encode()
        http = CappedHttp(self._direct, self._look_token)
        try:
            async with http.asking(method, f"/{path}", body, FHIR_JSON, seconds=60) as answer:
                assert answer.status < 300, (answer.status, path)
                told: Resource = json.loads(await answer.read(64 << 20) or b"{}")
                return told
        finally:
            await http.close()

    async def all(self, kind: str) -> list[Resource]:
        found = await self.asked("GET", f"{kind}?_count=1000")
        return [entry["resource"] for entry in found.get("entry", [])]

    async def put(self, resource: Resource) -> Resource:
        kind, known = resource["resourceType"], resource.get("id")
        return await self.asked("PUT" if known else "POST", f"{kind}/{known}" if known else kind, resource)

    async def drop(self, path: str) -> None:
        await self.asked("DELETE", path)

    async def is_emptied(self) -> None:
        for kind in (*reversed(OURS), "Patient"):
            for resource in await self.all(kind):
                await self.drop(f"{kind}/{resource['id']}")

    async def goes_away(self) -> None:
        await self._stack.aclose()


class OnSekmet(OnAServer):
    left = left_by_moving = Residue.OLD_VERSIONS

    def __init__(self, server: Sekmet, database: Database, stack: AsyncExitStack, proxied: str = "") -> None:
        access = SmartBackend("consentry", server.key_file, SCOPES, None)
        super().__init__(server.url, server.look_token, access, database, stack, proxied)


class OnMedplum(OnAServer):
    """It forgets what is deleted, and keeps older versions of what is there."""

    left_by_moving = Residue.OLD_VERSIONS


@asynccontextmanager
async def a_sekmet(directory: Path) -> AsyncIterator[OnSekmet]:
    server = fhir_sekmet.shared()
    database = await Database.open(directory / "notes.db", b"k" * 32)
    async with AsyncExitStack() as stack:
        proxy = await stack.enter_async_context(between(server.url))
        place = OnSekmet(server, database, stack, proxy.url)
        await _begins(place)
        yield place
    await database.close()


@asynccontextmanager
async def a_medplum(directory: Path) -> AsyncIterator[OnMedplum]:
    server = fhir_medplum.shared()
    (directory / "token").write_text(server.token)
    database = await Database.open(directory / "notes.db", b"k" * 32)
    async with AsyncExitStack() as stack:
        proxy = await stack.enter_async_context(between(server.url))
        access = GivenToken(directory / "token")
        place = OnMedplum(server.url, server.token, access, database, stack, proxy.url)
        await _begins(place)
        yield place
    await database.close()


async def _begins(place: OnAServer) -> None:
    """Nothing is there but the two patients."""
    await place.is_emptied()
    for known in (SAM, ANN):
        await place.put(patient(known))
