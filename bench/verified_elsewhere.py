"""What it takes until a photo is verified on another server, beside the bare calls of a client that keeps no promise.

The bare client knows beforehand what it sends: it looks the patient up, sends the bytes and what describes them, reads the bytes
back and compares. Beside it, in the same process, our own copy is placed and confirmed. The bot is a process of its own, with a
real homeserver; its photo counts from the moment it is in the inbox, and meanwhile the bot answers, and shows the photo to
others. All send in turn to the same server, photos of the same size.
"""

from __future__ import annotations

import asyncio
import base64
import json
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from sqlalchemy import select

from bench.ground import PATIENCE, Ground, ground
from bench.tables import Row, seconds
from bot.capped_http import CappedHttp
from bot.config.fhir_table import SCOPES
from bot.domain.assurance import Level
from bot.domain.consignment import Consignment
from bot.domain.entries import PatientIdentity
from bot.domain.identifiers import PatientId
from bot.ports import FurtherCopy
from storage.journal import tables
from storage.records.dicom.archive_web import Credentials
from storage.records.dicom.dicom_instance import KnownThere, uids_of, wrapped
from storage.records.dicom.image_archive import ImageArchive
from storage.records.fhir.fhir_access import SmartBackend
from storage.records.fhir.fhir_copy import FhirCopy
from storage.records.fhir.fhir_server import FHIR_JSON, FhirServer
from storage.records.place_notes import PlaceNotes
from storage.sql.database import Database
from tests.archives import consignments
from tests.archives.archive_process import PASSWORD, ArchiveProcess
from tests.archives.consignments import SOURCE
from tests.archives.orthanc import Orthanc
from tests.archives.other_maker import OtherMaker
from tests.archives.tiny_pacs import TinyPacs
from tests.fhir_sekmet import MRN, Sekmet, sekmet

NAME = "There"
WHO = PatientIdentity(PatientId("p0"), "10000", "Patient 0", date(1984, 3, 7))  # as `ground` enrols the first
LOOKS = {"Accept": "application/dicom+json"}
READS = {"Accept": 'multipart/related; type="application/dicom"; transfer-syntax=*'}


class BareClient(ABC):
    """One server as a client sees it that keeps no promise, and how the bot is told of it."""

    destination: str
    copy: FurtherCopy  # our own, in this process

    @abstractmethod
    async def begins(self, directory: Path) -> None:
        """Make the patient known there, and ready what is ours."""

    @abstractmethod
    async def ends(self) -> None:
        """Close what was opened."""

    @abstractmethod
    async def files(self, photo: bytes) -> float:
        """Look the patient up, send the photo and read it back; return how many seconds the calls took."""


class OfFhir(BareClient):
    def __init__(self, server: Sekmet) -> None:
        self._server = server
        self._http = CappedHttp(server.url, server.look_token)
        self.destination = (
            f'kind = "fhir"\nurl = "{server.url}"\npatient_identifier = "{MRN}"\n'
            f'client_id = "consentry"\nkey_file = "{server.key_file}"\n'
        )

    async def begins(self, directory: Path) -> None:
        self._database = await Database.open(directory / "notes.db", b"k" * 32)
        access = SmartBackend("consentry", self._server.key_file, SCOPES, None)
        self.copy = FhirCopy(FhirServer(self._server.url, access), MRN, PlaceNotes(self._database, NAME))
        await self._asked(
            "POST",
            "/Patient",
            {
                "resourceType": "Patient",
                "identifier": [{"system": MRN, "value": WHO.mrn}],
                "name": [{"family": "0", "given": ["Patient"]}],
                "birthDate": WHO.born.isoformat(),
            },
        )

    async def files(self, photo: bytes) -> float:
        own_id, data = str(uuid4()), base64.b64encode(photo).decode()
        binary = {"resourceType": "Binary", "id": own_id, "contentType": "image/jpeg", "data": data}
        began = time.perf_counter()
        found = await self._asked("GET", f"/Patient?identifier={quote(f'{MRN}|{WHO.mrn}')}&birthdate={WHO.born}")
        await self._asked("PUT", f"/Binary/{own_id}", binary)
        await self._asked(
            "POST",
            "/DocumentReference",
            {
                "resourceType": "DocumentReference",
                "identifier": [{"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{own_id}"}],
                "status": "current",
                "subject": {"reference": f"Patient/{found['entry'][0]['resource']['id']}"},
                "content": [{"attachment": {"contentType": "image/jpeg", "url": f"Binary/{own_id}"}}],
            },
        )
        read = await self._asked("GET", f"/Binary/{own_id}")
        assert base64.b64decode(read["data"]) == photo
        return time.perf_counter() - began

    async def ends(self) -> None:
        await self._http.close()
        await self._database.close()

    async def _asked(self, method: str, path: str, resource: object = None) -> dict[str, Any]:
        body = None if resource is None else json.dumps(resource).encode()
        async with self._http.asking(method, path, body, FHIR_JSON, seconds=60) as answer:
            assert answer.status < 300, (answer.status, path)
            return dict(json.loads(await answer.read(64 << 20) or b"{}"))


class OfAnArchive(BareClient):
    def __init__(self, archive: ArchiveProcess) -> None:
        secret = archive.password_file()
        let_in = f'user = "{archive.user}"\npassword_file' if archive.user else "token_file"
        self.destination = (
            f'kind = "dicomweb"\nurl = "{archive.url}"\npatient_id_issuer = "{SOURCE.issuer}"\n{let_in} = "{secret}"\n'
        )
        basic = base64.b64encode(f"{archive.user}:{PASSWORD}".encode()).decode()
        self._known_by = {"Authorization": f"Basic {basic}" if archive.user else f"Bearer {PASSWORD}"}
        self._http = CappedHttp(archive.url)
        self._archive = archive

    async def begins(self, directory: Path) -> None:
        secret, user = self._archive.password_file(), self._archive.user
        known_by = Credentials(user, secret) if user else Credentials(token_file=secret)
        self.copy = ImageArchive(NAME, self._archive.url, SOURCE, known_by)
        OtherMaker(self._archive).stores_a_study(WHO.mrn, "0^PATIENT", f"{WHO.born:%Y%m%d}", SOURCE.issuer)

    async def ends(self) -> None:
        await self._http.close()

    async def files(self, photo: bytes) -> float:
        leaving = _leaving(photo)
        at = uids_of(leaving, NAME)
        file = wrapped(leaving, at, KnownThere("0^PATIENT", "", ""), SOURCE)
        body = b"--x\r\nContent-Type: application/dicom\r\n\r\n" + file + b"\r\n--x--\r\n"
        kind = 'multipart/related; type="application/dicom"; boundary=x'
        began = time.perf_counter()
        await self._asked("GET", f"/studies?PatientID={WHO.mrn}", None, "", LOOKS)
        await self._asked("POST", "/studies", body, kind, LOOKS)
        read = await self._asked("GET", at.path, None, "", READS)
        assert photo in read
        return time.perf_counter() - began

    async def _asked(self, method: str, path: str, body: bytes | None, kind: str, headers: dict[str, str]) -> bytes:
        asked = self._http.asking(method, path, body, kind, seconds=60, headers=headers | self._known_by)
        async with asked as answer:
            assert answer.status < 300, (answer.status, path)
            return await answer.read(64 << 20)


@contextmanager
def _fhir(directory: Path) -> Iterator[BareClient]:
    directory.mkdir()
    with sekmet(directory) as server:
        yield OfFhir(server)


@contextmanager
def _archive(archive: ArchiveProcess) -> Iterator[BareClient]:
    archive.start()
    try:
        yield OfAnArchive(archive)
    finally:
        archive.kill()


SERVERS: Mapping[str, Callable[[Path], AbstractContextManager[BareClient]]] = {
    "SEKMET (FHIR)": _fhir,
    "Orthanc": lambda directory: _archive(Orthanc(directory)),
    "tiny-pacs": lambda directory: _archive(TinyPacs(directory)),
}


async def beside_bare_calls(photo: bytes, count: int) -> list[Row]:
    rows = []
    for name, starting in SERVERS.items():
        with tempfile.TemporaryDirectory(prefix="consentry-bench-") as made, starting(Path(made) / "there") as client:
            await client.begins(Path(made))
            try:
                told = f'\n[[destinations]]\nname = "{NAME}"\n{client.destination}'
                async with ground(Path(made), 1, told) as where:
                    rows += await _in_turn(name, where, client, photo, count)
            finally:
                await client.ends()
    return rows


async def _in_turn(name: str, where: Ground, client: BareClient, photo: bytes, count: int) -> list[Row]:
    took: dict[str, list[float]] = {what: [] for what in ("bare", "copy", "floor", "filed", "whole")}
    for number in range(count + 1):  # the first meets cold files, and how the server takes bytes is tried
        bare = await client.files(different(photo, 1_000_000 + number))
        copied = await _copied(client.copy, different(photo, 2_000_000 + number))
        floor = await where.floor.handle(await where.sender.send(different(photo, 3_000_000 + number)))
        sent = await where.patients[0].send(different(photo, number))
        received, filed, verified = await _moments(where, sent.event_id)
        if number:
            took["bare"].append(bare)
            took["copy"].append(copied)
            took["floor"].append(floor.verified + bare)
            took["filed"].append((verified - filed).total_seconds())
            took["whole"].append((verified - received).total_seconds())
    of, alone = f"{name}, {len(photo) / 1e6:.1f} MB", median(took["bare"])
    return [
        Row(f"{of}: bare client calls", seconds(took["bare"]), "1"),
        Row(
            f"{of}: our copy, placed and read back",
            seconds(took["copy"]),
            f"{median(took['copy']) / alone:.2f}",
            "≤ 1.3",
        ),
        Row(f"{of}: bot, from filed to verified there", seconds(took["filed"]), f"{median(took['filed']) / alone:.2f}"),
        Row(
            f"{of}: bot, from inbox to verified there",
            seconds(took["whole"]),
            f"{median(took['whole']) / alone:.2f}",
            "≤ 1.3",
        ),
        Row(f"{of}: that, to the floor and bare calls", "", f"{median(took['whole']) / median(took['floor']):.2f}"),
    ]


async def _copied(copy: FurtherCopy, photo: bytes) -> float:
    leaving, began = _leaving(photo), time.perf_counter()
    shown = await copy.confirm(await copy.place(leaving, {}))
    assert shown.level is Level.VERIFIED
    return time.perf_counter() - began


def _leaving(photo: bytes) -> Consignment:
    return replace(consignments.photo(photo, WHO), about=str(uuid4()), copy_id=str(uuid4()))


async def _moments(where: Ground, event_id: str) -> tuple[datetime, datetime, datetime]:
    """Return when a photo was in the inbox, verified in the record, and verified elsewhere; wait for that."""
    inbox, end = tables.inbox.c, time.monotonic() + PATIENCE
    while time.monotonic() < end:
        async with where.kept.journal.reading() as rows:
            image = await rows.images.first(event_id=event_id)
            there = await rows.deliveries.to(NAME, image.id) if image is not None else None
        if image is not None and image.verified_at and there is not None and there.state is Level.VERIFIED:
            async with where.kept.database.reading() as connection:
                query = select(inbox.received_at).where(inbox.event_id == event_id)
                return (await connection.execute(query)).scalar_one(), image.verified_at, there.since
        await asyncio.sleep(0.05)
    raise AssertionError("it was never verified there")


def different(photo: bytes, number: int) -> bytes:
    """Another photo of the same size, with nothing after its end: an archive keeps no more than the picture."""
    return photo[:2] + b"\xff\xfe\x00\x06" + number.to_bytes(4, "big") + photo[2:]
