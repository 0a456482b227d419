"""Who delivers further copies, as a process that can be killed: the real rows, watch and place, over what a practice has filed.

`python -m tests.crash.delivering DIRECTORY` says "begun", delivers until every copy is as sure as its place can show and the
file `enough` is there, and ends.
Its clock runs fast: pauses, and the day after which a message counts as not answered, pass while somebody waits.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.config.fhir_table import SCOPES
from bot.core.dispatch import Dispatch
from bot.core.further_copies import FurtherCopies
from bot.core.packing import Packing
from bot.core.watches.deliver import DeliveryWatch
from bot.domain.assurance import Level
from bot.domain.delivery import Delivery
from bot.domain.destination import CAPABILITIES, Destination
from bot.domain.entries import Entry, EntryKind, PatientIdentity
from bot.domain.people import Patient
from bot.ids import RandomIds
from bot.ports import Clock, CopyPlace, FurtherCopy
from handlers import HOUSE
from storage.journal.encrypted_journal import EncryptedJournal
from storage.records.dicom.archive_web import Credentials
from storage.records.dicom.image_archive import ImageArchive
from storage.records.embedded import EmbeddedRecord
from storage.records.fhir.fhir_access import SmartBackend
from storage.records.fhir.fhir_copy import FhirCopy
from storage.records.fhir.fhir_server import FhirServer
from storage.records.hl7_folder import Hl7Folder
from storage.records.hl7_message import Sender
from storage.records.place_notes import PlaceNotes
from storage.records.shared_folder import SharedFolder
from storage.sql.database import Database
from storage.vault.directory_vault import DirectoryVault
from storage.vault.key_ring import KeyRing
from storage.vault.master_keys import MasterKeys
from tests.archives.consignments import SOURCE
from tests.contract.a_place import ANN, SAM
from tests.fakes import PlainScreener, PlainSummaries
from tests.fhir_sekmet import MRN
from tests.practice import POLICY

NAME = "There"
SURE = {"fhir": Level.VERIFIED, "dicomweb": Level.VERIFIED, "hl7-folder": Level.ACCEPTED, "folder": Level.TAKEN}
FILED = datetime(2026, 11, 23, 10, tzinfo=UTC)
TIMES_FASTER = 5000  # a day in 17 seconds
TOLD, ENOUGH = "place.json", "enough"


@dataclass(frozen=True)
class FastClock(Clock):
    began: float

    def now(self) -> datetime:
        return FILED + timedelta(seconds=(time.time() - self.began) * TIMES_FASTER)


@dataclass(frozen=True)
class Delivering:
    """What a practice keeps in a directory, and the one place that its photos go to: its kind, and what finds it."""

    directory: Path
    told: dict[str, str]
    began: float

    @property
    def kind(self) -> str:
        return self.told["kind"]

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[tuple[EncryptedJournal, EmbeddedRecord, DirectoryVault, DeliveryWatch]]:
        keys_at = self.directory / "keys"
        keys = KeyRing.load(keys_at) if keys_at.exists() else KeyRing.create(keys_at)
        database, clock = await Database.open(self.directory / "journal.db", keys.database), FastClock(self.began)
        can = CAPABILITIES[self.kind]  # type: ignore[index]
        to = Destination(NAME, staff_only=True, is_archive=can.is_archive, takes_page=can.takes_page)
        try:
            journal, vault = EncryptedJournal(database), DirectoryVault(self.directory, MasterKeys(database, keys))
            record = EmbeddedRecord(database, vault, [to])
            dispatch = Dispatch(journal, HOUSE, clock, RandomIds(), POLICY)
            packing = Packing(journal, PlainScreener(), PlainSummaries(), clock, POLICY)
            place = CopyPlace(to, self._place(database, clock))
            copies = FurtherCopies(journal, dispatch, record, [place], packing, clock)
            yield journal, record, vault, DeliveryWatch(journal, dispatch, record, copies, place)
        finally:
            await database.close()

    def _place(self, database: Database, clock: Clock) -> FurtherCopy:
        told = self.told
        match self.kind:
            case "fhir":
                access = SmartBackend("consentry", Path(told["key_file"]), SCOPES, None)
                return FhirCopy(FhirServer(told["url"], access), MRN, PlaceNotes(database, NAME))
            case "dicomweb":
                known_by = Credentials(told["user"], Path(told["password_file"]))
                return ImageArchive(NAME, told["url"], SOURCE, known_by, patience=20.0)
            case "hl7-folder":
                sender = Sender("Hill Street", "0d8e3a1c-6b6e-4c5b-9b6d-3c1c0d3b8a11", NAME, UTC)
                said = Path(told["acknowledgements"])
                return Hl7Folder(Path(told["directory"]), sender, clock, acknowledged=said)
        return SharedFolder(Path(told["directory"]))

    async def files(self, photos: Sequence[tuple[str, PatientIdentity, bytes]]) -> None:
        """File photos, before anything is delivered."""
        self.directory.mkdir()
        (self.directory / TOLD).write_text(json.dumps([self.told, self.began]))
        async with self.opened() as (journal, record, vault, _):
            async with journal.transaction() as rows:
                for whose in (SAM, ANN):
                    given, family = whose.name.split()
                    known = Patient(whose.patient_id, whose.mrn, whose.name, whose.born, family=family, given=given)
                    await rows.patients.add(known)
            for name, whose, photo in photos:
                sealed = await vault.seal(name, whose.patient_id, photo)
                await record.file(
                    Entry(name, EntryKind.IMAGE, whose, name, FILED, whose.name, {}, sealed, media_type="image/jpeg")
                )

    async def deliveries(self, photos: int) -> Sequence[Delivery]:
        async with self.opened() as (journal, *_), journal.reading() as rows:
            return await rows.deliveries.of_entries([f"e{number}" for number in range(photos)])

    def may_end(self) -> None:
        """Nobody is killed any more."""
        (self.directory / ENOUGH).touch()

    def process(self) -> subprocess.Popen[str]:
        """Start delivering; return when it has begun."""
        command = [sys.executable, "-m", "bot.tethered", "tests.crash.delivering", str(self.directory)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None and process.stdout.readline() == "begun\n"
        return process


async def deliver(directory: Path) -> None:
    at = Delivering(directory, *json.loads((directory / TOLD).read_text()))
    async with at.opened() as (journal, _, _, watch):
        print("begun", flush=True)
        while True:
            await watch.look()
            async with journal.reading() as rows:
                sure = all(count.state is SURE[at.kind] for count in await rows.delivery_counts())
            if sure and (directory / ENOUGH).exists():
                return
            await asyncio.sleep(0.02)


if __name__ == "__main__":
    asyncio.run(deliver(Path(sys.argv[1])))
