"""Every kind of destination, and what speaks to it."""

from __future__ import annotations

from uuid import UUID, uuid5

from bot.config import Config
from bot.config.destination_kinds import ConfiguredDestination
from bot.config.dicomweb_table import DicomwebTable
from bot.config.fhir_table import FhirTable
from bot.config.folder_table import FolderTable
from bot.config.hl7_folder_table import Hl7FolderTable
from bot.ids import SystemClock
from bot.ports import CopyPlace, FurtherCopy
from storage.records.dicom.archive_web import Credentials
from storage.records.dicom.dicom_instance import FiledFrom
from storage.records.dicom.image_archive import ImageArchive, RemovedBy
from storage.records.fhir.fhir_access import Access, GivenToken, SmartBackend
from storage.records.fhir.fhir_copy import FhirCopy
from storage.records.fhir.fhir_server import FhirServer
from storage.records.hl7_folder import Hl7Folder
from storage.records.hl7_message import Charset, Sender
from storage.records.place_notes import PlaceNotes
from storage.records.shared_folder import SharedFolder
from storage.sql.database import Database

_PRACTICES = UUID("3c0d6b1e-8f0e-5c3b-9f57-2f5b1f6c9d10")


def destination_adapters(config: Config, database: Database) -> tuple[CopyPlace, ...]:
    """Return the places that the practice configured, in its order; `database` is where a kind keeps notes of its own."""
    return tuple(_place(to, config, database) for to in config.destinations)


def _place(to: ConfiguredDestination, config: Config, database: Database) -> CopyPlace:
    copy = _speaking_to(to, config, database)
    return CopyPlace(to.destination, copy, copy.ways if isinstance(copy, FhirCopy) else None)


def _speaking_to(to: ConfiguredDestination, config: Config, database: Database) -> FurtherCopy:
    match to:
        case FolderTable():
            return SharedFolder(to.directory)
        case FhirTable():
            server = FhirServer(to.url, _access(to))
            return FhirCopy(server, to.patient_identifier, PlaceNotes(database, to.name))
        case DicomwebTable():
            return ImageArchive(
                name=to.name,
                url=to.url,
                source=FiledFrom(config.practice.name, config.practice.zone, to.patient_id_issuer or ""),
                credentials=Credentials(to.user or "", to.password_file, to.token_file),
                removal=RemovedBy(to.removal),
                adds_patients=to.new_patients == "add",
            )
        case Hl7FolderTable():
            sender = _sender(to, config)
            return Hl7Folder(to.directory, sender, SystemClock(), acknowledged=to.acknowledgements, ending=to.ending)


def _access(to: FhirTable) -> Access:
    if to.token_file is not None:
        return GivenToken(to.token_file)
    assert to.client_id is not None and to.key_file is not None
    return SmartBackend(to.client_id, to.key_file, to.scopes, to.key_id)


def _sender(to: Hl7FolderTable, config: Config) -> Sender:
    """Return the practice as messages name it; its id comes from the account that it has for ever."""
    guid = str(uuid5(_PRACTICES, config.homeserver.user))
    return Sender(config.practice.name, guid, to.name, config.practice.zone, Charset(to.charset))
