"""The records of the demo: what their own clients find there is what was put there, and nothing where nothing was."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from pathlib import Path

from bot.demo.folder_record import FolderRecord
from bot.demo.hl7_record import Hl7Record
from bot.domain.formal_names import FormalName
from storage.records.hl7_folder import Hl7Folder
from storage.records.hl7_message import Sender
from storage.records.shared_folder import SharedFolder
from tests.contract.a_place import PHOTO, SAM
from tests.contract.place_kinds import Folder
from tests.fakes import ManualClock


async def test_the_importer_of_the_folder_finds_the_photo_by_number_and_reference(tmp_path: Path) -> None:
    record, leaving = FolderRecord(tmp_path), Folder(tmp_path).photo()
    await record.start()
    assert await record.photo_of(SAM.mrn, leaving.about) is None
    share = SharedFolder(tmp_path / "share")
    await share.begin()
    await share.place(leaving, {})
    found = await record.photo_of(SAM.mrn, leaving.about)
    assert found is not None and (found.patient, found.content, found.claimed) == (SAM.name, PHOTO, leaving.sha256)
    assert await record.photo_of("20771", leaving.about) is None


async def test_the_importer_of_messages_finds_the_photo_by_number(tmp_path: Path) -> None:
    record, leaving = Hl7Record(tmp_path), replace(Folder(tmp_path).photo(), formal=FormalName("Patel", "Sam"))
    await record.start()
    assert await record.photo_of(SAM.mrn, leaving.about) is None
    sender = Sender("Hill Street", "0d8e3a1c-6b6e-4c5b-9b6d-3c1c0d3b8a11", record.name, UTC)
    messages = Hl7Folder(tmp_path / "messages", sender, ManualClock(), acknowledged=tmp_path / "acknowledgements")
    await messages.begin()
    await messages.place(leaving, {})
    found = await record.photo_of(SAM.mrn, leaving.about)
    assert found is not None and (found.patient, found.content) == (SAM.name, PHOTO)
    assert await record.photo_of("20771", leaving.about) is None
