"""What any `Vault` promises. Today one keeps it; another implementation is one more parameter."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.identifiers import NO_PATIENT, PatientId
from bot.domain.sealed import SealedObject
from bot.ports import Vault
from storage.sql.database import Database
from storage.vault.directory_vault import DirectoryVault
from storage.vault.key_ring import KeyRing
from storage.vault.master_keys import MasterKeys
from storage.vault.stream import CHUNK
from tests.contract.things import file_size_limit

PHOTO = random.Random(7).randbytes(3 * CHUNK + 1234)
Open = Callable[[], Vault]


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


@pytest.fixture(params=[DirectoryVault])
def vault(request: pytest.FixtureRequest, data: Path, database: Database, keys: KeyRing) -> Vault:
    made: Vault = request.param(data, MasterKeys(database, keys))
    return made


def made_as(vault: Vault, data: Path, masters: MasterKeys) -> Vault:
    """Another of the same kind."""
    kind: Callable[[Path, MasterKeys], Vault] = type(vault)
    return kind(data, masters)


def blob(data: Path, object_id: str) -> Path:
    return data / "objects" / object_id[:2] / object_id


def files(data: Path) -> list[Path]:
    return sorted(path for path in data.rglob("*") if path.is_file())


@pytest.mark.parametrize("size", [0, 1, CHUNK, len(PHOTO)])
async def test_what_is_sealed_opens_byte_identical(vault: Vault, size: int) -> None:
    sealed = await vault.seal("abc123", PatientId("p1"), PHOTO[:size])
    assert await vault.open(sealed) == PHOTO[:size]
    assert await vault.digest(sealed) == sealed.sha256 == hashlib.sha256(PHOTO[:size]).hexdigest()
    assert (sealed.object_id, sealed.patient_id, sealed.size) == ("abc123", "p1", size)
    assert sealed.sha256 == hashlib.sha256(PHOTO[:size]).hexdigest()


async def test_it_opens_in_a_new_process_with_the_same_keys(
    vault: Vault, data: Path, database: Database, tmp_path: Path
) -> None:
    sealed = await vault.seal("abc123", PatientId("p1"), PHOTO)
    again = made_as(vault, data, MasterKeys(database, KeyRing.load(tmp_path / "keys")))
    assert await again.open(sealed) == PHOTO


async def test_other_keys_open_nothing(vault: Vault, data: Path, database: Database, tmp_path: Path) -> None:
    sealed = await vault.seal("abc123", PatientId("p1"), PHOTO)
    stranger = made_as(vault, data, MasterKeys(database, KeyRing.create(tmp_path / "other")))
    with pytest.raises(Permanent, match="damaged"):
        await stranger.open(sealed)


async def test_no_two_objects_share_a_key_even_with_the_same_bytes(vault: Vault, data: Path) -> None:
    await vault.seal("aa1", PatientId("p1"), PHOTO)
    await vault.seal("aa2", PatientId("p1"), PHOTO)
    assert blob(data, "aa1").read_bytes()[:64] != blob(data, "aa2").read_bytes()[:64]


async def test_the_key_of_one_patient_does_not_open_for_another(vault: Vault) -> None:
    sealed = await vault.seal("abc123", PatientId("p1"), PHOTO)
    for patient in ("p2", "", "p1 ", "P1"):
        with pytest.raises(Permanent, match="damaged"):
            await vault.open(replace(sealed, patient_id=PatientId(patient)))
        with pytest.raises(Permanent, match="damaged"):
            await vault.rewrap(replace(sealed, patient_id=PatientId(patient)), PatientId("p3"))


async def test_a_key_moved_to_another_object_opens_nothing(vault: Vault) -> None:
    ours, theirs = await vault.seal("aa1", PatientId("p1"), PHOTO), await vault.seal("aa2", PatientId("p1"), PHOTO)
    with pytest.raises(Permanent, match="damaged"):
        await vault.open(replace(ours, wrapped_key=theirs.wrapped_key))
    with pytest.raises(Permanent, match="damaged"):
        await vault.open(replace(ours, object_id="aa2"))
    with pytest.raises(Permanent, match="damaged"):  # where no blob is looked at, the wrap alone must notice
        await vault.rewrap(replace(ours, object_id="aa2"), PatientId("p1"))


async def test_swapped_blobs_are_noticed(vault: Vault, data: Path) -> None:
    ours, theirs = await vault.seal("aa1", PatientId("p1"), PHOTO), await vault.seal("aa2", PatientId("p1"), PHOTO)
    first, second = blob(data, "aa1"), blob(data, "aa2")
    kept = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(kept)
    for sealed in (ours, theirs):
        for read in (vault.open, vault.digest):
            with pytest.raises(Permanent, match="damaged"):
                await read(sealed)


@pytest.mark.parametrize("left", [0, 1, 16, CHUNK, CHUNK + 16, 2 * (CHUNK + 16), -1])
async def test_a_truncated_blob_is_noticed(vault: Vault, data: Path, left: int) -> None:
    sealed = await vault.seal("abc123", PatientId("p1"), PHOTO)
    path = blob(data, "abc123")
    path.write_bytes(path.read_bytes()[:left])
    for read in (vault.open, vault.digest):
        with pytest.raises(Permanent, match="damaged"):
            await read(sealed)


async def test_a_changed_or_extended_blob_is_noticed(vault: Vault, data: Path) -> None:
    sealed = await vault.seal("abc123", PatientId("p1"), PHOTO)
    whole = blob(data, "abc123").read_bytes()
    for changed in (whole + b"\0", whole[:500] + bytes([whole[500] ^ 4]) + whole[501:]):
        blob(data, "abc123").write_bytes(changed)
        for read in (vault.open, vault.digest):
            with pytest.raises(Permanent, match="damaged"):
                await read(sealed)


@pytest.mark.parametrize(
    "change",
    [
        {"wrapped_key": ""},
        {"wrapped_key": "not base64!"},
        {"wrapped_key": base64.b64encode(bytes(60)).decode()},
        {"wrapped_key": base64.b64encode(bytes(5)).decode()},
        {"size": 3},
    ],
)
async def test_a_row_that_was_tampered_with_opens_nothing(vault: Vault, change: dict[str, Any]) -> None:
    sealed = await vault.seal("abc123", PatientId("p1"), PHOTO)
    for read in (vault.open, vault.digest):
        with pytest.raises(Permanent, match="damaged"):
            await read(replace(sealed, **change))


async def test_a_key_version_nobody_has_is_refused(vault: Vault) -> None:
    sealed = await vault.seal("abc123", PatientId("p1"), PHOTO)
    with pytest.raises(Permanent):
        await vault.open(replace(sealed, key_version=2))


async def test_matching_a_patient_rewraps_the_key_and_touches_no_blob(vault: Vault, data: Path) -> None:
    sealed = await vault.seal("abc123", NO_PATIENT, PHOTO)
    before = (blob(data, "abc123").stat().st_mtime_ns, blob(data, "abc123").read_bytes())
    matched = await vault.rewrap(sealed, PatientId("p1"))
    assert (blob(data, "abc123").stat().st_mtime_ns, blob(data, "abc123").read_bytes()) == before
    assert matched.wrapped_key != sealed.wrapped_key
    assert replace(matched, patient_id=NO_PATIENT, wrapped_key="") == replace(sealed, wrapped_key="")
    assert await vault.open(matched) == PHOTO
    with pytest.raises(Permanent, match="damaged"):
        await vault.open(replace(matched, patient_id=NO_PATIENT))


async def test_sealing_again_replaces_the_blob_whole_and_the_old_key_opens_nothing(vault: Vault, data: Path) -> None:
    first = await vault.seal("abc123", PatientId("p1"), PHOTO)
    second = await vault.seal("abc123", PatientId("p1"), PHOTO[:100])
    assert await vault.open(second) == PHOTO[:100]
    with pytest.raises(Permanent, match="damaged"):
        await vault.open(first)
    assert files(data) == [blob(data, "abc123")]


async def test_a_destroyed_object_is_missing_and_destroying_it_again_is_success(vault: Vault, data: Path) -> None:
    sealed = await vault.seal("abc123", PatientId("p1"), PHOTO)
    for _ in range(2):
        await vault.destroy("abc123")
        with pytest.raises(Permanent, match="missing"):
            await vault.open(sealed)
    await vault.destroy("never0was")
    assert files(data) == []


@pytest.mark.parametrize(
    "object_id", ["", "a", "../../etc/passwd", "ab/cd", "AB12", "ab.part", "a\0b", "x" * 65, "ab\n"]
)
async def test_an_id_that_could_be_a_path_is_refused(vault: Vault, data: Path, object_id: str) -> None:
    forged = SealedObject(object_id, PatientId("p1"), base64.b64encode(bytes(60)).decode(), 1, 0, "")
    with pytest.raises((ValueError, Permanent)):
        await vault.seal(object_id, PatientId("p1"), PHOTO)
    with pytest.raises((ValueError, Permanent)):
        await vault.open(forged)
    with pytest.raises((ValueError, Permanent)):
        await vault.destroy(object_id)
    assert not data.exists()


async def test_no_plaintext_is_on_disk_and_only_the_owner_may_open_what_is(vault: Vault, data: Path) -> None:
    before = os.umask(0)
    try:
        await vault.seal("abc123", PatientId("p1"), b"itchy arm " * 50_000)
    finally:
        os.umask(before)
    assert b"itchy arm" not in blob(data, "abc123").read_bytes()
    for path in [data, *data.rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0


async def test_a_full_disk_can_be_tried_again_and_leaves_no_partial_file(vault: Vault, data: Path) -> None:
    with file_size_limit(2 * CHUNK), pytest.raises(OutsideFailure, match="disk-full") as caught:
        await vault.seal("abc123", PatientId("p1"), PHOTO)
    assert not isinstance(caught.value, Permanent)
    assert files(data) == []
    assert await vault.open(await vault.seal("abc123", PatientId("p1"), PHOTO)) == PHOTO


async def test_a_full_disk_leaves_the_blob_that_was_there(vault: Vault, data: Path) -> None:
    sealed = await vault.seal("abc123", PatientId("p1"), PHOTO)
    with file_size_limit(2 * CHUNK), pytest.raises(OutsideFailure):
        await vault.seal("abc123", PatientId("p1"), PHOTO)
    assert await vault.open(sealed) == PHOTO
    assert files(data) == [blob(data, "abc123")]


async def test_a_blob_whose_flush_failed_is_not_kept(vault: Vault, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flush = os.fsync
    monkeypatch.setattr(os, "fsync", lambda descriptor: fails_for_files(descriptor, flush))
    with pytest.raises(OutsideFailure, match="disk-error"):
        await vault.seal("abc123", PatientId("p1"), PHOTO)
    assert files(data) == []


async def test_the_blob_then_its_directory_are_flushed_before_seal_returns(
    vault: Vault, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[str] = []
    flush, replace_file = os.fsync, Path.replace

    def fsync(descriptor: int) -> None:
        flushed.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        flush(descriptor)

    def renamed(self: Path, target: Path) -> Path:
        flushed.append("rename")
        return replace_file(self, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", renamed)
    await vault.seal("abc123", PatientId("p1"), PHOTO)
    directory = str(blob(data, "abc123").parent)
    assert flushed[-3].endswith(".part")
    assert flushed[-2:] == ["rename", directory]
    assert str(data) in flushed and str(data / "objects") in flushed


async def test_what_a_crash_left_half_written_is_cleared_and_nothing_else(
    data: Path, database: Database, keys: KeyRing
) -> None:
    vault = DirectoryVault(data, MasterKeys(database, keys))
    sealed = await vault.seal("abc123", PatientId("p1"), PHOTO)
    half = blob(data, "abc123").with_name("abc999.0123456789abcdef.part")
    half.write_bytes(b"half")
    vault.clear_unfinished()
    assert files(data) == [blob(data, "abc123")]
    assert await vault.open(sealed) == PHOTO


async def test_many_are_sealed_at_once(vault: Vault) -> None:
    sealed = await asyncio.gather(*(vault.seal(f"ab{n}", PatientId("p1"), PHOTO + bytes([n])) for n in range(12)))
    opened = await asyncio.gather(*(vault.open(one) for one in sealed))
    assert list(opened) == [PHOTO + bytes([n]) for n in range(12)]


async def test_no_key_or_content_is_in_an_error(vault: Vault, data: Path) -> None:
    sealed = await vault.seal("abc123", PatientId("patient-42"), b"itchy arm")
    blob(data, "abc123").write_bytes(b"itchy arm")
    with pytest.raises(Permanent) as caught:
        await vault.open(sealed)
    for secret in ("itchy", "patient-42", sealed.wrapped_key):
        assert secret not in repr(caught.value)


def fails_for_files(descriptor: int, flush: Callable[[int], None]) -> None:
    if Path(f"/proc/self/fd/{descriptor}").resolve().is_dir():
        flush(descriptor)
    else:
        raise OSError(5, "Input/output error")
