"""The vault's master key is renewed: beside a working bot, stopped anywhere, and never at the cost of a photo."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from bot.domain.entries import Entry, EntryKind, PatientIdentity
from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.identifiers import EventId, ImageId, PatientId, PersonId, RoomId
from bot.domain.image import Image
from bot.domain.sealed import SealedObject
from bot.ports import Conflict
from storage.journal import audit_chain
from storage.journal.encrypted_journal import EncryptedJournal
from storage.records.embedded import EmbeddedRecord
from storage.sql.database import Database
from storage.vault import rotation
from storage.vault.directory_vault import DirectoryVault
from storage.vault.key_ring import KeyRing
from storage.vault.master_keys import MasterKeys, master_keys
from storage.vault.rotation import Rotated, Rotation

AT = datetime(2026, 3, 9, tzinfo=UTC)
SAM = PatientIdentity(PatientId("p1"), "10421", "Sam Patel", AT.date())


class Died(BaseException):
    pass


class House:
    """A database with a vault, as one process has it open; a second process is another one on the same files."""

    def __init__(self, database: Database, ring: KeyRing, directory: Path) -> None:
        self.database = database
        self.journal = EncryptedJournal(database)
        self.masters = MasterKeys(database, ring)
        self.vault = DirectoryVault(directory, self.masters)
        self.record = EmbeddedRecord(database, self.vault)

    async def rotate(self) -> Rotated:
        return await Rotation(self.database, self.masters, self.vault, lambda: AT).run()

    async def hold(self, name: str) -> SealedObject:
        """A photo that is not filed yet."""
        sealed = await self.vault.seal(name, PatientId("p1"), name.encode())
        image = Image(
            ImageId(name),
            f"IMG-{name}",
            PersonId("sam"),
            RoomId("!room"),
            EventId(f"${name}"),
            AT,
            patient_id=PatientId("p1"),
            sealed=sealed,
        )
        async with self.journal.transaction() as rows:
            await rows.images.add(image)
        return sealed

    async def file(self, name: str) -> None:
        sealed = await self.vault.seal(name, PatientId("p1"), name.encode())
        await self.record.file(Entry(name, EntryKind.IMAGE, SAM, "IMG-1", AT, "Sam", {}, sealed, "image/jpeg"))

    async def image(self, name: str) -> Image:
        async with self.journal.reading() as rows:
            return await rows.images.get(ImageId(name))

    async def versions(self) -> list[int]:
        async with self.database.reading() as connection:
            return list((await connection.execute(select(master_keys.c.version))).scalars())

    async def opens(self, held: list[str], filed: list[str]) -> None:
        for name in held:
            sealed = (await self.image(name)).sealed
            assert sealed is not None
            assert await self.vault.open(sealed) == name.encode()
        for name in filed:
            assert await self.record.content(name) == name.encode()


Enter = Callable[[], Awaitable[House]]


@pytest.fixture
async def enter(tmp_path: Path) -> AsyncIterator[Enter]:
    """One more process on the same files."""
    ring = KeyRing.create(tmp_path / "keys")
    opened: list[Database] = []

    async def entered() -> House:
        opened.append(await Database.open(tmp_path / "journal.db", ring.database))
        return House(opened[-1], ring, tmp_path)

    yield entered
    for database in opened:
        await database.close()


HELD, FILED = ["h1", "h2", "h3"], ["f1", "f2", "f3"]


async def filled(house: House) -> None:
    for name in HELD:
        await house.hold(name)
    for name in FILED:
        await house.file(name)


async def test_everything_is_wrapped_with_the_new_key_and_the_old_one_is_gone_from_the_files(
    enter: Enter, tmp_path: Path
) -> None:
    house = await enter()
    await filled(house)
    async with house.database.reading() as connection:
        old = (await connection.execute(select(master_keys.c.sealed))).scalar_one()
    blobs = {path: path.read_bytes() for path in (tmp_path / "objects").rglob("*") if path.is_file()}
    assert await house.rotate() == Rotated(2, 6)
    assert await house.versions() == [2]
    await (await enter()).opens(HELD, FILED)
    assert blobs == {path: path.read_bytes() for path in blobs}, "a blob was touched"
    assert (tmp_path / "journal.db-wal").stat().st_size == 0
    async with house.database.reading() as connection:
        assert (await audit_chain.verify(connection)).broken is None
        assert old not in list((await connection.execute(select(master_keys.c.sealed))).scalars())


async def test_stopped_anywhere_it_goes_on_where_it_was(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each commit of a rotation is a place to die: before it nothing of the step is there, after it all is."""
    monkeypatch.setattr(rotation, "AT_ONCE", 1)
    house = await enter()
    await filled(house)
    commits = 0
    for deadly in range(1, 50):
        dying = await enter()
        count = 0
        there = dying.database.transaction

        def transaction(there: Callable[[], Any] = there, deadly: int = deadly) -> Any:
            nonlocal count
            count += 1
            if count == deadly:
                raise Died
            return there()

        dying.database.transaction = transaction
        before = await house.versions()
        try:
            await dying.rotate()
        except Died:
            await (await enter()).opens(HELD, FILED)
            assert (await house.versions())[-1] in (before[-1], before[-1] + 1)
            continue
        commits = deadly
        break
    assert 2 < commits < 50
    assert len(await house.versions()) == 1
    await (await enter()).opens(HELD, FILED)


async def test_the_bot_works_beside_it_and_its_own_change_is_kept(enter: Enter) -> None:
    bot, command = await enter(), await enter()
    await filled(bot)
    stale = await bot.image("h1")
    before = stale.sealed
    assert before is not None
    wrap = command.vault.rewrap

    async def meanwhile(sealed: SealedObject, patient_id: str) -> SealedObject:
        command.vault.rewrap = wrap  # once
        assert await bot.vault.open(before) == b"h1"
        return await wrap(sealed, PatientId(patient_id))

    command.vault.rewrap = meanwhile  # the bot acts before it
    await command.rotate()
    with pytest.raises(Conflict):  # whoever decided about the old row decides again, and never puts the old wrap back
        async with bot.journal.transaction() as rows:
            await rows.images.save(replace(stale, reason="rash"))
    async with bot.journal.transaction() as rows:
        await rows.images.save(replace(await rows.images.get(ImageId("h1")), reason="rash"))
    await bot.hold("h4")
    assert ((await bot.image("h4")).sealed or before).key_version == 2
    await bot.opens([*HELD, "h4"], FILED)


async def test_what_was_wrapped_before_and_stored_after_is_refused_and_can_be_tried_again(enter: Enter) -> None:
    """Sealed with the old key, committed when it is gone: without this the photo could never be opened."""
    bot, command = await enter(), await enter()
    sealed = await bot.vault.seal("late", PatientId("p1"), b"late")
    entry = Entry("late", EntryKind.IMAGE, SAM, "IMG-1", AT, "Sam", {}, sealed, "image/jpeg")
    await command.rotate()
    with pytest.raises(OutsideFailure, match="old-key") as refused:
        await bot.record.file(entry)
    assert not isinstance(refused.value, Permanent)
    with pytest.raises(IntegrityError):
        async with bot.journal.transaction() as rows:
            await rows.images.add(
                Image(ImageId("late"), "IMG-9", PersonId("sam"), RoomId("!room"), EventId("$late"), AT, sealed=sealed)
            )
    await bot.record.file(replace(entry, sealed=await bot.vault.rewrap(sealed, PatientId("p1"))))
    await bot.opens([], ["late"])


async def test_a_key_that_something_is_wrapped_with_cannot_be_destroyed_by_anybody(enter: Enter) -> None:
    house = await enter()
    await filled(house)
    with pytest.raises(IntegrityError, match="wrapped with"):
        async with house.database.transaction() as connection:
            await connection.execute(text("DELETE FROM vault_keys"))
    async with house.database.transaction() as connection:
        assert not await house.masters.destroy_before(connection, 2)
    await house.opens(HELD, FILED)


async def test_numbers_are_never_given_twice_and_other_keys_open_no_master_key(enter: Enter, tmp_path: Path) -> None:
    house = await enter()
    for version in (2, 3):
        assert (await house.rotate()).version == version
    stranger = MasterKeys(house.database, KeyRing.create(tmp_path / "other"))
    with pytest.raises(Permanent, match="damaged"):
        await stranger.current()
    with pytest.raises(OutsideFailure, match="anew"):
        await (await enter()).masters.of(1)
