"""What any `PatientRecord` promises, and what the embedded one promises beyond it. Today one keeps the port."""

from __future__ import annotations

import hashlib
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.domain.entries import Entry, EntryKind, PatientIdentity
from bot.domain.errors import Permanent
from bot.ports import PatientRecord, Vault
from storage.database import Database
from storage.keys import KeyRing
from storage.records.embedded import EmbeddedRecord
from storage.vault import DirectoryVault

SAM = PatientIdentity("p1", "10421", "Sam Patel", date(1984, 3, 7))
ALEX = PatientIdentity("p2", "10422", "Alex Ng", date(2011, 12, 1))
AT = datetime(2026, 3, 9, 9, 30, 0, 123456, tzinfo=UTC)
PHOTO = random.Random(3).randbytes(200_000)
FACTS = {
    "purpose": "care",
    "reason": "rash on my arm, three days 🌶",
    "consent": {"basis": "implied", "by": "Sam Patel", "at": AT.isoformat()},
    "proof": {"keys": ["a", "b"], "index": 3, "lone": "\ud800"},
}


@pytest.fixture
def keys(tmp_path: Path) -> KeyRing:
    return KeyRing.create(tmp_path / "keys")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def vault(data: Path, keys: KeyRing) -> Vault:
    return DirectoryVault(data, keys)


@pytest.fixture
async def database(tmp_path: Path, keys: KeyRing) -> AsyncIterator[Database]:
    opened = await Database.open(tmp_path / "journal.db", keys.database)
    yield opened
    await opened.close()


@pytest.fixture(params=["embedded"])
def record(request: pytest.FixtureRequest, database: Database, vault: Vault) -> PatientRecord:
    records: dict[str, PatientRecord] = {"embedded": EmbeddedRecord(database, vault)}
    return records[request.param]


@pytest.fixture
def embedded(database: Database, vault: Vault) -> EmbeddedRecord:
    return EmbeddedRecord(database, vault)


@pytest.fixture
async def photo(vault: Vault) -> Entry:
    sealed = await vault.seal("photo1", "p1", PHOTO)
    return Entry("i1", EntryKind.IMAGE, SAM, "IMG-7F3K", AT, "Sam Patel, patient", FACTS, sealed, "image/jpeg")


def note(entry_id: str = "n1", words: str = "Eczema; cream. 👍", patient: PatientIdentity = SAM) -> Entry:
    return Entry(entry_id, EntryKind.NOTE, patient, "IMG-7F3K", AT, "Dr Lee, clinician", text=words)


async def test_a_filed_image_reads_back_byte_identical(record: PatientRecord, photo: Entry) -> None:
    await record.file(photo)
    assert await record.content("i1") == PHOTO
    assert await record.read_back("i1") == hashlib.sha256(PHOTO).hexdigest()


@pytest.mark.parametrize("words", ["Eczema; cream. 👍", "", " two\r\nlines\0 \u202eright to left", "x" * 10_000])
async def test_a_filed_text_reads_back_letter_for_letter(record: PatientRecord, words: str) -> None:
    await record.file(note(words=words))
    assert await record.content("n1") == words.encode()
    assert await record.read_back("n1") == hashlib.sha256(words.encode()).hexdigest()


async def test_filing_again_with_the_same_content_is_success_and_changes_nothing(
    record: PatientRecord, embedded: EmbeddedRecord, photo: Entry
) -> None:
    await record.file(photo)
    before = await embedded.entries("p1")
    await record.file(replace(photo, by="somebody else", facts={}))
    assert await embedded.entries("p1") == before


async def test_filing_again_with_other_content_is_a_conflict_and_changes_nothing(
    record: PatientRecord, vault: Vault, photo: Entry
) -> None:
    await record.file(photo)
    other = await vault.seal("photo2", "p1", b"another picture")
    with pytest.raises(Permanent) as caught:
        await record.file(replace(photo, sealed=other))
    assert caught.value.code == "conflict"
    assert await record.content("i1") == PHOTO


async def test_one_entry_is_never_filed_for_two_patients(record: PatientRecord, vault: Vault, photo: Entry) -> None:
    await record.file(photo)
    assert photo.sealed
    with pytest.raises(Permanent) as caught:
        await record.file(replace(photo, patient=ALEX, sealed=await vault.rewrap(photo.sealed, "p2")))
    assert caught.value.code == "conflict"


async def test_bytes_sealed_for_another_patient_are_not_filed(record: PatientRecord, photo: Entry) -> None:
    with pytest.raises(Permanent) as caught:
        await record.file(replace(photo, patient=ALEX))
    assert caught.value.code == "wrong-patient"
    with pytest.raises(Permanent, match="missing"):
        await record.content("i1")


async def test_a_text_that_cannot_be_stored_whole_is_refused(record: PatientRecord) -> None:
    with pytest.raises(Permanent) as caught:
        await record.file(note(words="half a character: \ud800"))
    assert caught.value.code == "malformed"


async def test_an_entry_is_either_bytes_or_text(record: PatientRecord, photo: Entry) -> None:
    for wrong in (replace(photo, sealed=None), replace(photo, text="and words")):
        with pytest.raises(ValueError):
            await record.file(wrong)


async def test_what_was_never_filed_is_missing(record: PatientRecord) -> None:
    for ask in (record.content, record.read_back):
        with pytest.raises(Permanent, match="missing"):
            await ask("nothing")


async def test_reading_back_notices_a_blob_that_changed_on_disk(
    record: PatientRecord, photo: Entry, data: Path
) -> None:
    await record.file(photo)
    path = data / "objects" / "ph" / "photo1"
    whole = path.read_bytes()
    for changed in (whole[:-1], whole[:100] + bytes([whole[100] ^ 1]) + whole[101:], b""):
        path.write_bytes(changed)
        with pytest.raises(Permanent, match="damaged"):
            await record.read_back("i1")
    path.unlink()
    with pytest.raises(Permanent, match="missing"):
        await record.read_back("i1")


async def test_reading_back_reads_the_stored_text_and_not_the_digest_beside_it(
    record: PatientRecord, database: Database
) -> None:
    await record.file(note())
    async with database.transaction() as connection:
        await connection.execute(text("DROP TRIGGER record_entry_is_final"))
        await connection.execute(text("UPDATE record_entry SET text = 'Healthy' WHERE entry_id = 'n1'"))
    assert await record.read_back("n1") == hashlib.sha256(b"Healthy").hexdigest()


async def test_everything_that_belongs_to_an_image_is_kept_with_it(embedded: EmbeddedRecord, photo: Entry) -> None:
    await embedded.file(photo)
    (filed,) = await embedded.entries("p1")
    assert (filed.entry_id, filed.kind, filed.patient_id, filed.about) == ("i1", EntryKind.IMAGE, "p1", "IMG-7F3K")
    assert (filed.at, filed.by, filed.media_type) == (AT, "Sam Patel, patient", "image/jpeg")
    assert filed.facts == FACTS
    assert (filed.sealed, filed.size, filed.sha256) == (photo.sealed, len(PHOTO), hashlib.sha256(PHOTO).hexdigest())


async def test_entries_come_in_the_order_they_happened(embedded: EmbeddedRecord) -> None:
    for entry_id, day in (("c", 3), ("a", 1), ("b", 2)):
        await embedded.file(replace(note(entry_id), at=AT.replace(day=day)))
    assert [filed.entry_id for filed in await embedded.entries("p1")] == ["a", "b", "c"]


async def test_a_patient_is_found_by_the_exact_number_only(embedded: EmbeddedRecord) -> None:
    await embedded.file(note())
    await embedded.file(note("n2", patient=ALEX))
    assert await embedded.find("10421") == SAM
    assert await embedded.patients() == [ALEX, SAM]
    for number in ("1042", "10421 ", "%", "", "0010421"):
        assert await embedded.find(number) is None
    assert [filed.entry_id for filed in await embedded.entries("p2")] == ["n2"]


async def test_a_corrected_name_reaches_the_record_and_a_repeated_filing_does_not_bring_the_old_one_back(
    embedded: EmbeddedRecord,
) -> None:
    married = replace(SAM, name="Sam Ng-Patel")
    await embedded.file(note())
    await embedded.file(note("n2", patient=married))
    await embedded.file(note())
    assert await embedded.patients() == [married]


async def test_a_record_number_never_belongs_to_two_patients(embedded: EmbeddedRecord) -> None:
    await embedded.file(note())
    with pytest.raises(Permanent) as caught:
        await embedded.file(note("n2", patient=replace(ALEX, mrn=SAM.mrn)))
    assert caught.value.code == "conflict"
    assert await embedded.patients() == [SAM]


async def test_two_entries_never_share_a_blob(embedded: EmbeddedRecord, photo: Entry) -> None:
    await embedded.file(photo)
    with pytest.raises(Permanent) as caught:
        await embedded.file(replace(photo, entry_id="i2"))
    assert caught.value.code == "conflict"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE record_entry SET text = 'Healthy'",
        "UPDATE record_entry SET facts = '{}'",
        "UPDATE record_entry SET at = 0",
        "UPDATE record_entry SET sha256 = ''",
        "UPDATE record_entry SET \"by\" = 'nobody'",
        "UPDATE record_entry SET entry_id = 'n9'",
        "UPDATE record_entry SET object_id = 'photo2', text = NULL, wrapped_key = ''",
        "DELETE FROM record_entry",
    ],
)
async def test_the_database_itself_refuses_to_rewrite_an_entry(
    embedded: EmbeddedRecord, database: Database, statement: str
) -> None:
    await embedded.file(note())
    before = await embedded.entries("p1")
    with pytest.raises(IntegrityError, match="never re"):
        async with database.transaction() as connection:
            await connection.execute(text(statement))
    assert await embedded.entries("p1") == before


async def test_refiling_to_the_right_patient_may_change_whose_it_is_and_the_wrap(
    embedded: EmbeddedRecord, database: Database, vault: Vault, photo: Entry
) -> None:
    await embedded.file(photo)
    await embedded.file(note("n2", patient=ALEX))
    assert photo.sealed
    moved = await vault.rewrap(photo.sealed, "p2")
    async with database.transaction() as connection:
        await connection.execute(
            text("UPDATE record_entry SET patient_id = 'p2', wrapped_key = :key WHERE entry_id = 'i1'"),
            {"key": moved.wrapped_key},
        )
    assert await embedded.content("i1") == PHOTO


async def test_the_record_is_read_by_another_process_that_may_only_read(
    embedded: EmbeddedRecord, photo: Entry, tmp_path: Path, keys: KeyRing, vault: Vault
) -> None:
    await embedded.file(photo)
    reader = await Database.open(tmp_path / "journal.db", keys.database, read_only=True)
    assert await EmbeddedRecord(reader, vault).read_back("i1") == hashlib.sha256(PHOTO).hexdigest()
    await reader.close()


async def test_no_name_or_word_of_an_entry_is_in_an_error(embedded: EmbeddedRecord) -> None:
    await embedded.file(note())
    with pytest.raises(Permanent) as caught:
        await embedded.file(note(words="Psoriasis"))
    for private in ("Psoriasis", "Sam", "10421", "Eczema"):
        assert private not in repr(caught.value)
