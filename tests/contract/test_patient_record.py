"""What any `PatientRecord` promises, and what the embedded one promises beyond it. Today one keeps the port."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import random
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.domain.entries import SMALL_PICTURE, Entry, EntryKind, PatientIdentity
from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.identifiers import PatientId
from bot.ports import PatientRecord, Vault
from storage.records.embedded import EmbeddedRecord
from storage.records.export import export_patient
from storage.sql.database import Database
from storage.vault.directory_vault import DirectoryVault
from storage.vault.key_ring import KeyRing
from storage.vault.master_keys import MasterKeys
from tests.contract.things import file_size_limit

SAM = PatientIdentity(PatientId("p1"), "10421", "Sam Patel", date(1984, 3, 7))
ALEX = PatientIdentity(PatientId("p2"), "10422", "Alex Ng", date(2011, 12, 1))
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
async def database(tmp_path: Path, keys: KeyRing) -> AsyncIterator[Database]:
    opened = await Database.open(tmp_path / "journal.db", keys.database)
    yield opened
    await opened.close()


@pytest.fixture
def vault(data: Path, database: Database, keys: KeyRing) -> Vault:
    return DirectoryVault(data, MasterKeys(database, keys))


@pytest.fixture(params=["embedded"])
def record(request: pytest.FixtureRequest, database: Database, vault: Vault) -> PatientRecord:
    records: dict[str, PatientRecord] = {"embedded": EmbeddedRecord(database, vault)}
    return records[request.param]


@pytest.fixture
def embedded(database: Database, vault: Vault) -> EmbeddedRecord:
    return EmbeddedRecord(database, vault)


@pytest.fixture
async def photo(vault: Vault) -> Entry:
    sealed = await vault.seal("photo1", PatientId("p1"), PHOTO)
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
    before = await embedded.entries(PatientId("p1"))
    await record.file(replace(photo, by="somebody else", facts={}))
    assert await embedded.entries(PatientId("p1")) == before


async def test_filing_again_with_other_content_is_a_conflict_and_changes_nothing(
    record: PatientRecord, vault: Vault, photo: Entry
) -> None:
    await record.file(photo)
    other = await vault.seal("photo2", PatientId("p1"), b"another picture")
    with pytest.raises(Permanent) as caught:
        await record.file(replace(photo, sealed=other))
    assert caught.value.code == "conflict"
    assert await record.content("i1") == PHOTO


async def test_one_entry_is_never_filed_for_two_patients(record: PatientRecord, vault: Vault, photo: Entry) -> None:
    await record.file(photo)
    assert photo.sealed
    with pytest.raises(Permanent) as caught:
        await record.file(replace(photo, patient=ALEX, sealed=await vault.rewrap(photo.sealed, PatientId("p2"))))
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
    (filed,) = await embedded.entries(PatientId("p1"))
    assert (filed.entry_id, filed.kind, filed.patient_id, filed.about) == ("i1", EntryKind.IMAGE, "p1", "IMG-7F3K")
    assert (filed.at, filed.by, filed.media_type) == (AT, "Sam Patel, patient", "image/jpeg")
    assert filed.facts == FACTS
    assert (filed.sealed, filed.size, filed.sha256) == (photo.sealed, len(PHOTO), hashlib.sha256(PHOTO).hexdigest())


async def test_entries_come_in_the_order_they_happened(embedded: EmbeddedRecord) -> None:
    for entry_id, day in (("c", 3), ("a", 1), ("b", 2)):
        await embedded.file(replace(note(entry_id), at=AT.replace(day=day)))
    assert [filed.entry_id for filed in await embedded.entries(PatientId("p1"))] == ["a", "b", "c"]


async def test_a_patient_is_found_by_the_whole_number_only_however_it_is_typed(embedded: EmbeddedRecord) -> None:
    await embedded.file(note())
    await embedded.file(note("n2", patient=ALEX))
    assert await embedded.find("10421") == SAM
    assert await embedded.patients() == [ALEX, SAM]
    assert await embedded.find(" １0421\u200b") == SAM
    for number in ("1042", "%", "", "0010421"):
        assert await embedded.find(number) is None
    assert [filed.entry_id for filed in await embedded.entries(PatientId("p2"))] == ["n2"]


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
    before = await embedded.entries(PatientId("p1"))
    with pytest.raises(IntegrityError, match="never re"):
        async with database.transaction() as connection:
            await connection.execute(text(statement))
    assert await embedded.entries(PatientId("p1")) == before


async def test_refiling_to_the_right_patient_may_change_whose_it_is_and_the_wrap(
    embedded: EmbeddedRecord, database: Database, vault: Vault, photo: Entry
) -> None:
    await embedded.file(photo)
    await embedded.file(note("n2", patient=ALEX))
    assert photo.sealed
    moved = await vault.rewrap(photo.sealed, PatientId("p2"))
    async with database.transaction() as connection:
        await connection.execute(
            text("UPDATE record_entry SET patient_id = 'p2', wrapped_key = :key WHERE entry_id = 'i1'"),
            {"key": moved.wrapped_key},
        )
    assert await embedded.content("i1") == PHOTO


async def test_a_moved_entry_is_the_right_patients_and_opens_for_nobody_else(
    embedded: EmbeddedRecord, vault: Vault, photo: Entry
) -> None:
    """R15."""
    await embedded.file(photo)
    await embedded.file(note())
    await embedded.file(note("n2", "stays"))
    for _ in range(2):  # safe to run twice
        await embedded.move(("i1", "n1"), ALEX)
        assert [entry.entry_id for entry in await embedded.entries(PatientId("p1"))] == ["n2"]
        moved = {entry.entry_id: entry for entry in await embedded.entries(PatientId("p2"))}
        assert moved.keys() == {"i1", "n1"} and moved["i1"].facts == FACTS
        assert await embedded.content("i1") == PHOTO
        assert await embedded.read_back("i1") == hashlib.sha256(PHOTO).hexdigest()
    sealed = moved["i1"].sealed
    assert sealed is not None
    with pytest.raises(Permanent, match="damaged"):
        await vault.open(replace(sealed, patient_id=PatientId("p1")))


async def test_all_entries_move_or_none(record: PatientRecord, embedded: EmbeddedRecord, photo: Entry) -> None:
    await record.file(photo)
    with pytest.raises(Permanent, match="missing"):
        await record.move(("i1", "never filed"), ALEX)
    assert [entry.entry_id for entry in await embedded.entries(PatientId("p1"))] == ["i1"]
    assert await record.content("i1") == PHOTO


async def test_nothing_moves_to_a_patient_whose_number_is_anothers(
    record: PatientRecord, embedded: EmbeddedRecord, photo: Entry
) -> None:
    await record.file(photo)
    with pytest.raises(Permanent, match="conflict"):
        await record.move(("i1",), replace(ALEX, mrn=SAM.mrn))
    assert [entry.entry_id for entry in await embedded.entries(PatientId("p1"))] == ["i1"]


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


# The exported folder.


@pytest.fixture
async def filled(embedded: EmbeddedRecord, photo: Entry) -> EmbeddedRecord:
    await embedded.file(photo)
    await embedded.file(note())
    for kind, facts in (
        (EntryKind.DISCLOSURE, {"to": "Dr Lee", "role": "clinician", "how": "viewed", "rule": "R1"}),
        (EntryKind.RECEIPT, {"copies": [{"what": "file", "mxc": "mxc://a/b", "state": "gone"}]}),
    ):
        await embedded.file(Entry(kind.value, kind, SAM, "IMG-7F3K", AT, "consentry", facts, text=""))
    return embedded


async def test_the_folder_holds_everything_filed_byte_for_byte(filled: EmbeddedRecord, tmp_path: Path) -> None:
    folder = tmp_path / "out" / "sam"
    assert await export_patient(filled, "10421", folder) == SAM
    assert {path.name for path in folder.iterdir()} == {
        "index.html", "record.json", "IMG-7F3K.jpg", "IMG-7F3K-consent.json", "IMG-7F3K-note-1.txt",
        "IMG-7F3K-disclosure-1.json", "IMG-7F3K-receipt-1.json",
    }  # fmt: skip
    assert (folder / "IMG-7F3K.jpg").read_bytes() == PHOTO
    assert (folder / "IMG-7F3K-note-1.txt").read_text() == "Eczema; cream. 👍"
    assert json.loads((folder / "IMG-7F3K-consent.json").read_text()) == FACTS["consent"]
    listed = json.loads((folder / "record.json").read_text())
    assert listed["entries"][0]["facts"] == FACTS
    for entry in listed["entries"]:
        if not entry["file"].endswith(".json"):
            assert hashlib.sha256((folder / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]


async def test_what_a_page_cannot_show_is_shown_small(embedded: EmbeddedRecord, photo: Entry, tmp_path: Path) -> None:
    await embedded.file(replace(photo, media_type="image/heic"))
    facts: dict[str, object] = {"file": "HEIC", SMALL_PICTURE: base64.b64encode(b"a small jpeg").decode()}
    await embedded.file(replace(note("o1", "File: HEIC"), kind=EntryKind.ORIGIN, facts=facts))
    await export_patient(embedded, "10421", tmp_path / "sam")
    page = (tmp_path / "sam" / "index.html").read_text()
    assert re.findall(r'<a href="([^"]+)"><img src="([^"]+)"', page) == [
        ("IMG-7F3K.heic", "IMG-7F3K-origin-1-small.jpg")
    ]
    assert (tmp_path / "sam" / "IMG-7F3K-origin-1-small.jpg").read_bytes() == b"a small jpeg"
    assert SMALL_PICTURE not in (tmp_path / "sam" / "record.json").read_text()


async def test_only_the_owner_may_open_the_folder(filled: EmbeddedRecord, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        await export_patient(filled, "10421", tmp_path / "sam")
    finally:
        os.umask(before)
    assert (tmp_path / "sam").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "sam").iterdir()} == {0o600}


async def test_the_page_says_what_was_filed_and_lets_no_word_of_it_act(
    embedded: EmbeddedRecord, photo: Entry, tmp_path: Path
) -> None:
    hostile = '"><script>alert(1)</script><img src="https://tracker.example/x">{{ 7 * 7 }}'
    await embedded.file(replace(photo, by=hostile, facts={**FACTS, "reason": hostile, "origin": {hostile: hostile}}))
    await embedded.file(note(words=hostile, patient=replace(SAM, name=hostile)))
    await export_patient(embedded, "10421", tmp_path / "sam")
    page = (tmp_path / "sam" / "index.html").read_text()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{ 7 * 7 }}" in page
    for forbidden in ("<script", 'src="http', 'href="http', "url(", "@import"):
        assert forbidden not in page.lower()
    assert re.findall(r'<img src="([^"]+)"', page) == ["IMG-7F3K.jpg"]


async def test_the_page_permits_itself_only_its_own_style_and_the_pictures_beside_it(
    filled: EmbeddedRecord, tmp_path: Path
) -> None:
    await export_patient(filled, "10421", tmp_path / "sam")
    page = (tmp_path / "sam" / "index.html").read_text()
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; img-src 'self' file:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    assert " style=" not in page


@pytest.mark.parametrize(
    ("answer", "words"), [("granted", "Yes"), ("refused", "No"), ("withdrawn", "Taken back: no longer allowed")]
)
async def test_R9_the_page_says_what_was_answered_to_a_request_never_only_that_there_was_one(
    filled: EmbeddedRecord, tmp_path: Path, answer: str, words: str
) -> None:
    facts: dict[str, object] = {"answer": answer, "wording": "May we use it for teaching?", "by": "Sam Patel"}
    await filled.file(Entry("c1", EntryKind.CONSENT, SAM, "IMG-7F3K", AT, "Sam Patel", facts, text=""))
    await export_patient(filled, "10421", tmp_path / "sam")
    page = (tmp_path / "sam" / "index.html").read_text()
    told = page[page.index("May we use it for teaching?") :]
    assert re.search(rf"<dt>Answer</dt><dd><bdi>{words}</bdi></dd>\s*<dt>Answered by</dt>", told)


@pytest.mark.parametrize("facts", [{}, {"consent": None, "sent_by": None, "origin": None}, {"copies": None}])
async def test_a_fact_nobody_recorded_is_left_out_of_the_page(
    embedded: EmbeddedRecord, photo: Entry, tmp_path: Path, facts: dict[str, object]
) -> None:
    await embedded.file(replace(photo, facts=facts))
    for kind in EntryKind:
        if kind is not EntryKind.IMAGE:
            await embedded.file(Entry(kind.value, kind, SAM, "IMG-7F3K", AT, "", facts, text=""))
    await export_patient(embedded, "10421", tmp_path / "sam")
    assert "No consent is recorded with this image." in (tmp_path / "sam" / "index.html").read_text()


@pytest.mark.parametrize("about", ["../../etc/cron.d/x", "", "a/b", "IMG\n7", "<b>"])
async def test_no_reference_can_write_outside_the_folder(
    embedded: EmbeddedRecord, photo: Entry, vault: Vault, tmp_path: Path, about: str
) -> None:
    await embedded.file(replace(photo, about=about))
    await embedded.file(
        replace(
            photo,
            entry_id="i2",
            about=about,
            media_type="text/html",
            sealed=await vault.seal("photo2", PatientId("p1"), b""),
        )
    )
    await export_patient(embedded, "10421", tmp_path / "out" / "sam")
    written = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert all(path.parent == tmp_path / "out" / "sam" for path in written)
    assert sorted(path.suffix for path in written) == [".bin", ".html", ".jpg", ".json", ".json", ".json"]


async def test_a_folder_that_is_not_empty_is_left_alone_before_anything_is_read(
    filled: EmbeddedRecord, data: Path, tmp_path: Path
) -> None:
    folder, blob = tmp_path / "sam", data / "objects" / "ph" / "photo1"
    folder.mkdir()
    (folder / "thesis.txt").write_text("mine")
    blob.rename(tmp_path / "elsewhere")  # reading would fail
    with pytest.raises(Permanent, match="not-empty"):
        await export_patient(filled, "10421", folder)
    (tmp_path / "elsewhere").rename(blob)
    assert [path.name for path in folder.iterdir()] == ["thesis.txt"]
    (folder / "thesis.txt").unlink()
    await export_patient(filled, "10421", folder)


async def test_a_failure_leaves_nothing_of_the_folder(
    filled: EmbeddedRecord, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    with file_size_limit(100_000), pytest.raises(OutsideFailure, match="disk-full"):
        await export_patient(filled, "10421", out / "sam")
    assert list(out.iterdir()) == []
    (data / "objects" / "ph" / "photo1").write_bytes(b"")
    with pytest.raises(Permanent, match="damaged"):
        await export_patient(filled, "10421", out / "sam")
    assert list(out.iterdir()) == []


async def test_a_number_nobody_has_exports_nothing(filled: EmbeddedRecord, tmp_path: Path) -> None:
    with pytest.raises(Permanent, match="unknown-patient"):
        await export_patient(filled, "99999", tmp_path / "sam")
    assert not (tmp_path / "sam").exists()
