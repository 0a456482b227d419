"""A backup is whole or not there; a restore brings everything back or leaves nothing; neither asks the bot to stop."""

from __future__ import annotations

import errno
import itertools
import json
import os
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy

from bot.config import Config
from bot.domain.entries import Entry, EntryKind, PatientIdentity
from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.identifiers import Account, EventId, ImageId, PatientId, PersonId, RoomId
from bot.durable import copy_durably
from bot.matrix.store import KeyStore
from bot.operate.backup import format, make
from bot.operate.backup import restore as restoring
from bot.operate.backup.expire import expire
from bot.operate.backup.format import ABOUT, UNFINISHED
from bot.operate.backup.keys_file import back_up_keys, restore_keys
from bot.operate.backup.make import back_up
from bot.operate.backup.restore import restore
from bot.operate.kept import KEY_STORE, LOCK, opened, require_whole
from bot.operate.sealed_files import OLD_SESSION, SEEDS, SESSION, read_sealed, write_sealed
from bot.operate.setup import Answers, write_practice
from bot.operate.signed_in_device import forget_session
from storage import migrations
from storage.sql.database import Database
from storage.vault.key_ring import FILE, KeyRing
from storage.vault.recovery_key import decode_recovery_key
from tests.old_recovery_key import mistyped_unnoticed, written_before

SAM = PatientIdentity(PatientId("p1"), "10421", "Sam Patel", date(1984, 3, 7))
AT = datetime(2026, 3, 2, 1, 5, tzinfo=UTC)
LEE = Account("@lee:localhost")
ANSWERS = Answers(
    "Harbour", "Australia/Sydney", Account("@consentry:localhost"), "http://127.0.0.1:9", False, [LEE], LEE
)


class Died(BaseException):
    """The process is gone, with everything it meant to clean up."""


class Practice:
    def __init__(self, directory: Path) -> None:
        self.file = directory / "config.toml"
        self.config, key = write_practice(self.file, ANSWERS, "the password")
        self.secret = decode_recovery_key(key)
        self.keys = KeyRing.load(self.config.data.keys_directory)

    async def filed(self, *names: str) -> None:
        async with opened(self.config) as kept:
            for name in names:
                sealed = await kept.vault.seal(name, PatientId("p1"), name.encode() * 1000)
                await kept.record.file(Entry(name, EntryKind.IMAGE, SAM, "IMG-1", AT, "Sam", {}, sealed, "image/jpeg"))
            note = Entry(f"note{names[0]}", EntryKind.NOTE, SAM, "IMG-1", AT, "Lee", {}, text="eczema")
            await kept.record.file(note)

    def signed_in(self) -> None:
        data = self.config.data.directory
        write_sealed(self.keys, data, SESSION, json.dumps({"user_id": "@c:l", "device_id": "OLD"}).encode())
        write_sealed(self.keys, data, SEEDS, bytes(96))
        KeyStore(data / KEY_STORE, self.keys.matrix_store, Account("@c:l"), "OLD").close()


@pytest.fixture
async def practice(tmp_path: Path) -> Practice:
    made = Practice(tmp_path / "practice")
    await made.filed("one", "two")
    made.signed_in()
    return made


async def holds(config: Config, *names: str) -> None:
    async with opened(config, read_only=True) as kept:
        for name in names:
            assert await kept.record.content(name) == name.encode() * 1000
        assert await kept.record.content("noteone") == b"eczema"


def below(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir()) if directory.exists() else []


async def test_a_backup_made_beside_a_working_bot_is_restored_on_a_new_machine(
    practice: Practice, tmp_path: Path
) -> None:
    async with opened(practice.config) as bot, bot.journal.transaction():  # it writes while the backup is made
        made = await back_up(practice.config, practice.file, tmp_path / "usb")
    assert (made.objects, made.directory.parent) == (2, tmp_path / "usb")
    everything = b"".join(path.read_bytes() for path in made.directory.rglob("*") if path.is_file())
    assert practice.secret not in everything
    assert b"the password" not in everything
    assert b"Sam Patel" not in everything
    for path in made.directory.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0
    new = tmp_path / "new"
    restored = await restore(made.directory, new / "config.toml", lambda: practice.secret)
    config, objects = restored.config, restored.objects
    assert objects == 2
    await holds(config, "one", "two")
    assert below(new) == ["config.toml", "data", "keys"]
    assert below(config.data.directory) == [
        "cross-signing-seeds.sealed", "journal.db", "matrix-keys.db", "matrix-session-old.sealed", "objects",
    ]  # fmt: skip
    assert config.data.directory.stat().st_mode & 0o077 == 0
    keys = KeyRing.load(config.data.keys_directory)
    assert json.loads(read_sealed(keys, config.data.directory, OLD_SESSION) or b"")["device_id"] == "OLD"


async def test_a_photo_destroyed_while_it_is_copied_is_in_no_backup_and_stops_none(
    practice: Practice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from bot.domain.image import Image

    async with opened(practice.config) as bot, bot.journal.transaction() as rows:
        sealed = await bot.vault.seal("aa", PatientId("p1"), b"withdrawn")
        await rows.images.add(
            Image(
                ImageId("aa"),
                "IMG-2",
                PersonId("sam"),
                RoomId("!room"),
                EventId("$1"),
                AT,
                patient_id=PatientId("p1"),
                sealed=sealed,
            )
        )
    copy, names = make._copy_objects, list[set[str]]()

    def withdrawn_meanwhile(*arguments: Any) -> bool:
        names.append(arguments[2])
        if len(names) == 1:
            import asyncio
            from concurrent.futures import ThreadPoolExecutor

            async def withdraw() -> None:
                async with opened(practice.config) as bot:
                    async with bot.journal.transaction() as rows:
                        await rows.images.save(replace(await rows.images.get(ImageId("aa")), sealed=None))
                    await bot.vault.destroy("aa")

            with ThreadPoolExecutor(1) as thread:
                thread.submit(asyncio.run, withdraw()).result()
        return copy(*arguments)

    monkeypatch.setattr(make, "_copy_objects", withdrawn_meanwhile)
    made = await back_up(practice.config, practice.file, tmp_path / "usb")
    assert [len(one) for one in names] == [3, 2]
    assert made.objects == 2
    assert not (made.directory / "data" / "objects" / "aa" / "aa").exists()


STEPS = ("copy_durably", "copy_database", "write_durably", "sync_tree", "sync_directory", "read_everything")


class Deadly:
    """Dies at the so manieth step on the disk, before it; what it would clean up stays, as after a power cut."""

    def __init__(self, at: int, patch: pytest.MonkeyPatch) -> None:
        self.at, self.count = at, 0
        for module, name in itertools.product((make, restoring, format), STEPS):
            if (there := getattr(module, name, None)) is not None:
                patch.setattr(module, name, self.before(there))
        remove = shutil.rmtree
        patch.setattr(Path, "rename", self.before(Path.rename))
        patch.setattr(shutil, "rmtree", lambda *a, **k: None if self.dead else remove(*a, **k))

    @property
    def dead(self) -> bool:
        return self.count >= self.at

    def step(self) -> None:
        self.count += 1
        if self.count == self.at:
            raise Died

    def before(self, there: Callable[..., Any]) -> Callable[..., Any]:
        def act(*args: Any, **more: Any) -> Any:
            self.step()
            return there(*args, **more)

        return act


async def test_a_backup_that_dies_at_any_step_is_none_and_the_next_one_is_whole(
    practice: Practice, tmp_path: Path
) -> None:
    usb = tmp_path / "usb"
    for at in range(1, 100):
        with pytest.MonkeyPatch.context() as patch:
            try:
                Deadly(at, patch)
                made = await back_up(practice.config, practice.file, usb)
                break
            except Died:
                pass
        for left in usb.glob("*"):
            if left.suffix != UNFINISHED:  # it was all there, and only the last flush was missing
                shutil.rmtree(left)
    assert at > 10
    assert below(usb) == [made.directory.name]
    config = (await restore(made.directory, tmp_path / "new" / "config.toml", lambda: practice.secret)).config
    await holds(config, "one", "two")


async def test_a_restore_that_dies_at_any_step_has_no_data_and_the_next_one_is_whole(
    practice: Practice, tmp_path: Path
) -> None:
    made = await back_up(practice.config, practice.file, tmp_path / "usb")
    new = tmp_path / "new"
    for at in range(1, 100):
        with pytest.MonkeyPatch.context() as patch:
            try:
                Deadly(at, patch)
                config = (await restore(made.directory, new / "config.toml", lambda: practice.secret)).config
                break
            except Died:
                pass
        if (new / "data").exists():  # only the last flush was missing
            shutil.rmtree(new / "data")
    assert at > 10
    assert below(new) == ["config.toml", "data", "keys"]
    await holds(config, "one", "two")


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("torn", "is damaged or not all of it is there .damaged: object one"),
        ("swapped", "is damaged or not all of it is there .damaged: object one"),
        ("missing", "is damaged or not all of it is there .missing: object one"),
        ("changed record", "is damaged or not all of it is there .data/journal.db"),
        ("no record", "is damaged or not all of it is there .data/journal.db"),
        ("changed session", "is damaged or not all of it is there .data/matrix-session.sealed"),
        ("chat keys cut short", "is damaged or not all of it is there .data/matrix-keys.db"),
        ("no identity", "is damaged or not all of it is there .data/cross-signing-seeds.sealed"),
        ("no configuration", "is damaged or not all of it is there .config.toml"),
        ("another's key", "this key does not open this backup; nothing was written"),
    ],
)
async def test_a_damaged_backup_is_found_by_reading_it_and_restores_nothing(
    practice: Practice, tmp_path: Path, what: str, said: str
) -> None:
    made = await back_up(practice.config, practice.file, tmp_path / "usb")
    blob = made.directory / "data" / "objects" / "on" / "one"
    secret = practice.secret
    match what:
        case "torn":
            blob.write_bytes(blob.read_bytes()[:-7])
        case "missing":
            blob.unlink()
        case "changed record":
            journal = made.directory / "data" / "journal.db"
            whole = bytearray(journal.read_bytes())
            whole[len(whole) // 2] ^= 1
            journal.write_bytes(whole)
        case "swapped":
            shutil.copyfile(blob.parents[1] / "tw" / "two", blob)
        case "no record":
            (made.directory / "data" / "journal.db").write_bytes(b"")
        case "changed session":
            (made.directory / "data" / f"{SESSION}.sealed").write_bytes(b"changed")
        case "chat keys cut short":
            os.truncate(made.directory / "data" / KEY_STORE, 4096)
        case "no identity":
            (made.directory / "data" / f"{SEEDS}.sealed").unlink()
        case "no configuration":
            (made.directory / "config.toml").unlink()
        case _:
            secret = bytes(32)
    with pytest.raises(Permanent, match=said):
        await restore(made.directory, tmp_path / "new" / "config.toml", lambda: secret)
    assert not (tmp_path / "new").exists()


async def test_a_vault_that_misses_a_photo_makes_no_backup(practice: Practice, tmp_path: Path) -> None:
    (practice.config.data.directory / "objects" / "on" / "one").unlink()
    with pytest.raises(Permanent, match="not in the vault"):
        await back_up(practice.config, practice.file, tmp_path / "usb")
    assert below(tmp_path / "usb") == []


async def test_a_copy_that_tore_on_the_way_is_found_before_it_counts(
    practice: Practice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def torn(source: Path, target: Path) -> None:
        copy_durably(source, target)
        if target.name == "two":
            target.write_bytes(target.read_bytes()[:100])

    monkeypatch.setattr(make, "copy_durably", torn)
    with pytest.raises(Permanent, match="damaged: object two"):
        await back_up(practice.config, practice.file, tmp_path / "usb")
    assert below(tmp_path / "usb") == []


async def test_chat_keys_that_are_damaged_make_no_backup(practice: Practice, tmp_path: Path) -> None:
    store = practice.config.data.directory / KEY_STORE
    whole = bytearray(store.read_bytes())
    whole[len(whole) // 2] ^= 1
    store.write_bytes(whole)
    with pytest.raises(OutsideFailure, match=r"matrix-keys\.db"):
        await back_up(practice.config, practice.file, tmp_path / "usb")
    assert below(tmp_path / "usb") == []


async def test_two_restores_at_once_neither_build_on_each_other_nor_replace_what_one_has_restored(
    practice: Practice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, new = await back_up(practice.config, practice.file, tmp_path / "usb"), tmp_path / "new" / "config.toml"
    with restoring.alone(tmp_path / "new" / "data"), pytest.raises(Permanent, match="another restore"):
        await restore(made.directory, new, lambda: practice.secret)

    async def quicker(config: Config, *_: object) -> list[Path]:
        config.data.directory.mkdir()
        (config.data.directory / "journal.db").write_text("restored by another")
        return []

    with monkeypatch.context() as meanwhile, pytest.raises(Permanent, match="never replaced"):
        meanwhile.setattr(restoring, "_take_from_mirror", quicker)
        await restore(made.directory, new, lambda: practice.secret)
    assert (tmp_path / "new" / "data" / "journal.db").read_text() == "restored by another"
    shutil.rmtree(tmp_path / "new")
    await holds((await restore(made.directory, new, lambda: practice.secret)).config, "one", "two")


@pytest.mark.parametrize("at", [1, 4, 9])
async def test_a_backup_or_a_restore_for_which_there_is_no_room_says_where_and_leaves_nothing(
    practice: Practice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    made = await back_up(practice.config, practice.file, tmp_path / "good")
    fsync, count = os.fsync, 0

    def full(descriptor: int) -> None:
        nonlocal count
        count += 1
        if count >= at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutsideFailure, match="usb: No space left"):
        await back_up(practice.config, practice.file, tmp_path / "usb")
    count = 0
    with pytest.raises(OutsideFailure, match="data: No space left"):
        await restore(made.directory, tmp_path / "new" / "config.toml", lambda: practice.secret)
    monkeypatch.undo()
    assert below(tmp_path / "usb") == []
    assert not (tmp_path / "new" / "data").exists() and not (tmp_path / "new" / "data.part").exists()


async def test_what_is_there_is_never_replaced(practice: Practice, tmp_path: Path) -> None:
    made = await back_up(practice.config, practice.file, tmp_path / "usb")
    with pytest.raises(Permanent, match="never replaced"):
        await restore(made.directory, practice.file, lambda: practice.secret)
    shutil.rmtree(practice.config.data.directory)
    practice.file.write_text(practice.file.read_text() + "\n[purge]\nmessages = '2h'\n")
    config = (await restore(made.directory, practice.file, lambda: bytes(32))).config  # keys are there: nobody is asked
    assert config.purge.messages.total_seconds() == 7200
    await holds(config, "one", "two")


async def test_a_backup_of_a_newer_version_and_what_is_none_are_refused(practice: Practice, tmp_path: Path) -> None:
    made = await back_up(practice.config, practice.file, tmp_path / "usb")
    (made.directory / ABOUT).write_text('{"format": 2}')
    with pytest.raises(Permanent, match="newer version"):
        await restore(made.directory, tmp_path / "new" / "config.toml", lambda: practice.secret)
    with pytest.raises(Permanent, match="not a finished backup"):
        await restore(tmp_path, tmp_path / "new" / "config.toml", lambda: practice.secret)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("sealed_by", ["nobody", "who made it", "somebody with other keys"])
async def test_what_somebody_changed_where_backups_lie_is_not_restored(
    practice: Practice, tmp_path: Path, sealed_by: str
) -> None:
    """Whoever can write there could name themselves a manager, or another homeserver, and every digest anew."""
    made = (await back_up(practice.config, practice.file, tmp_path / "usb")).directory
    configuration = made / "config.toml"
    configuration.write_text(configuration.read_text().replace(LEE, "@mallory:localhost"))
    about = json.loads((made / ABOUT).read_text())
    (made / ABOUT).write_text(json.dumps(about | {"files": format.digests(made)}))
    if sealed_by == "nobody":
        (made / "backup.sealed").unlink()
    elif sealed_by == "somebody with other keys":
        format.seal(made, Practice(tmp_path / "mallory").keys)
    with pytest.raises(Permanent, match="damaged or not all of it is there"):
        await restore(made, tmp_path / "new" / "config.toml", lambda: practice.secret)
    assert not (tmp_path / "new").exists()


async def test_what_somebody_put_beside_it_is_left_there(practice: Practice, tmp_path: Path) -> None:
    made = (await back_up(practice.config, practice.file, tmp_path / "usb")).directory
    (made / "homeserver").mkdir()
    for stray in (made / ".DS_Store", made / "data" / "._journal.db", made / "homeserver" / "local.yaml"):
        stray.write_text("of somebody else")
    await restore(made, tmp_path / "new" / "config.toml", lambda: practice.secret)
    assert below(tmp_path / "new") == ["config.toml", "data", "keys"]
    assert "._journal.db" not in below(tmp_path / "new" / "data")


async def test_a_backup_of_an_older_version_is_upgraded_where_it_is_restored_and_itself_left_alone(
    practice: Practice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def upgrade(connection: sqlalchemy.Connection) -> None:
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (revision,))

    async with opened(practice.config) as bot, bot.database.transaction() as connection:
        revision = (await connection.execute(sqlalchemy.text("SELECT version_num FROM alembic_version"))).scalar_one()
    made = await back_up(practice.config, practice.file, tmp_path / "usb")
    journal = made.directory / "data" / "journal.db"
    database = await Database.open(journal, practice.keys.database)
    async with database.transaction() as connection:
        await connection.execute(sqlalchemy.text("DELETE FROM alembic_version"))
    await database.close()
    about = json.loads((made.directory / ABOUT).read_text())
    (made.directory / ABOUT).write_text(json.dumps(about | {"files": format.digests(made.directory)}))
    format.seal(made.directory, practice.keys)
    before = journal.read_bytes()
    monkeypatch.setattr(migrations, "upgrade", upgrade)
    restored = await restore(made.directory, tmp_path / "new" / "config.toml", lambda: practice.secret)
    await holds(restored.config, "one", "two")
    assert journal.read_bytes() == before


async def test_a_backup_inside_what_it_copies_is_refused(practice: Practice) -> None:
    for place in (practice.config.data.directory / "b", practice.config.data.keys_directory / "b"):
        with pytest.raises(Permanent, match="another disk"):
            await back_up(practice.config, practice.file, place)


# ---- the keys


async def test_the_keys_file_opens_with_the_recovery_key_alone_and_brings_back_what_is_missing(
    practice: Practice, tmp_path: Path
) -> None:
    config, data, file = practice.config, practice.config.data.directory, tmp_path / "keys-file"
    await back_up_keys(config, file)
    content = file.read_bytes()
    assert practice.secret not in content and b"the password" not in content
    with pytest.raises(Permanent, match="never replaced"):
        await back_up_keys(config, file)
    shutil.rmtree(config.data.keys_directory)
    (data / f"{SEEDS}.sealed").unlink()
    (data / KEY_STORE).unlink()
    with pytest.raises(Permanent, match="does not open"):
        restore_keys(config, bytes(32), file)
    assert not config.data.keys_directory.exists()
    put = restore_keys(config, practice.secret, file)
    assert put == [FILE, "homeserver-password", KEY_STORE, f"{SEEDS}.sealed"]
    assert config.homeserver.password_file.read_text().strip() == "the password"
    assert read_sealed(practice.keys, data, SEEDS) == bytes(96)
    assert read_sealed(practice.keys, data, OLD_SESSION) and not (data / f"{SESSION}.sealed").exists()
    assert restore_keys(config, None, file) == []
    require_whole(config)
    await holds(config, "one", "two")


# ---- a recovery key that was mistyped, or is another practice's


def everything(directory: Path) -> dict[Path, bytes]:
    """All files but the lock, which comes and goes with each command."""
    return {path: path.read_bytes() for path in directory.rglob("*") if path.is_file() and path.name != LOCK}


def mistyped(practice: Practice) -> bytes:
    """What a key written before stands for, once a character is wrong and the parity does not notice."""
    return decode_recovery_key(mistyped_unnoticed(written_before(practice.secret)))


@pytest.mark.parametrize("lost", [set(), {"journal.db"}, {KEY_STORE}, {"journal.db", KEY_STORE}])
@pytest.mark.parametrize("with_file", [False, True])
async def test_a_mistyped_key_writes_nothing_and_the_right_one_then_works(
    practice: Practice, tmp_path: Path, lost: set[str], with_file: bool
) -> None:
    config, file = practice.config, tmp_path / "keys-file" if with_file else None
    if file is not None:
        await back_up_keys(config, file)
    (config.data.keys_directory / FILE).unlink()
    for name in lost:
        (config.data.directory / name).unlink()
    before = everything(tmp_path)
    with pytest.raises(Permanent, match="nothing was written"):
        restore_keys(config, mistyped(practice), file)
    assert everything(tmp_path) == before
    assert FILE in restore_keys(config, practice.secret, file)
    assert KeyRing.load(config.data.keys_directory).database == practice.keys.database


async def test_another_practice_s_paper_and_keys_file_write_nothing_here(practice: Practice, tmp_path: Path) -> None:
    other = Practice(tmp_path / "other")
    other.signed_in()
    file, config = tmp_path / "their-keys", practice.config
    await back_up_keys(other.config, file)
    shutil.rmtree(config.data.keys_directory)
    (config.data.directory / f"{SEEDS}.sealed").unlink()
    before = everything(tmp_path)
    with pytest.raises(Permanent, match="nothing was written"):
        restore_keys(config, other.secret, file)
    KeyRing.recover(other.secret, config.data.keys_directory)  # as it was once possible
    with pytest.raises(Permanent, match="nothing was written"):
        restore_keys(config, None, file)
    (config.data.keys_directory / FILE).unlink()
    assert everything(tmp_path) == before
    restore_keys(config, practice.secret, None)
    await holds(config, "one", "two")


async def test_a_key_that_can_be_tried_on_nothing_is_not_put_back(practice: Practice, tmp_path: Path) -> None:
    config, file = practice.config, tmp_path / "keys-file"
    await back_up_keys(config, file)
    shutil.rmtree(config.data.keys_directory)
    shutil.rmtree(config.data.directory)
    (config.data.directory).mkdir()
    (config.data.directory / "journal.db").touch()  # as a command that died leaves it
    for secret in (mistyped(practice), practice.secret):
        with pytest.raises(Permanent, match=r"nothing lies in .* could be tried on.*consentry restore"):
            restore_keys(config, secret, None)
    assert not config.data.keys_directory.exists()
    assert restore_keys(config, practice.secret, file)[0] == FILE


@pytest.mark.parametrize("damaged", ["journal.db", KEY_STORE, f"{SESSION}.sealed", f"{SEEDS}.sealed"])
async def test_one_damaged_file_does_not_keep_the_right_key_out(practice: Practice, damaged: str) -> None:
    config = practice.config
    (config.data.keys_directory / FILE).unlink()
    (config.data.directory / damaged).write_bytes(b"damaged" * 1000)
    with pytest.raises(Permanent, match="nothing was written"):
        restore_keys(config, mistyped(practice), None)
    assert restore_keys(config, practice.secret, None) == [FILE]


async def test_a_mistyped_key_restores_no_backup_and_the_right_one_then_does(
    practice: Practice, tmp_path: Path
) -> None:
    made = await back_up(practice.config, practice.file, tmp_path / "usb")
    before = everything(tmp_path)
    for file in (tmp_path / "new" / "config.toml", practice.file):
        with pytest.raises(Permanent):
            await restore(made.directory, file, lambda: mistyped(practice))
        assert everything(tmp_path) == before
    await holds(
        (await restore(made.directory, tmp_path / "new" / "config.toml", lambda: practice.secret)).config, "one"
    )


async def test_keys_that_do_not_open_the_record_are_not_backed_up(practice: Practice, tmp_path: Path) -> None:
    """They may lie there: once a mistyped key was put back unseen. Moved away, the right one comes back."""
    config = practice.config
    (config.data.keys_directory / FILE).unlink()
    (config.data.directory / KEY_STORE).unlink()
    KeyRing.recover(mistyped(practice), config.data.keys_directory)
    with pytest.raises(Permanent, match="do not open what lies in"):
        await back_up_keys(config, tmp_path / "keys-file")
    assert not (tmp_path / "keys-file").exists()
    with pytest.raises(Permanent, match=r"never replaced; if it is the wrong one, move it away"):
        restore_keys(config, practice.secret, None)
    (config.data.keys_directory / FILE).rename(tmp_path / "wrong")
    restore_keys(config, practice.secret, None)
    await holds(config, "one")


async def test_no_new_keys_are_made_beside_a_record_that_they_do_not_open(practice: Practice) -> None:
    shutil.rmtree(practice.config.data.keys_directory)
    practice.file.unlink()
    before = everything(practice.file.parent)
    with pytest.raises(Permanent, match="keys restore"):
        write_practice(practice.file, ANSWERS, "the password")
    assert everything(practice.file.parent) == before and not practice.config.data.keys_directory.exists()


# ---- parts that are lost


async def test_a_lost_part_is_told_and_nothing_is_made_in_its_place(practice: Practice) -> None:
    config, data = practice.config, practice.config.data.directory
    (data / KEY_STORE).unlink()
    with pytest.raises(Permanent, match=r"keys restore FILE.*sign-in"):
        require_whole(config)
    await forget_session(config)
    require_whole(config)
    (data / "journal.db").unlink()
    with pytest.raises(Permanent, match="consentry restore"):
        require_whole(config)
    assert not (data / "journal.db").exists()


async def made(practice: Practice, destination: Path, at: datetime) -> Path:
    backup = (await back_up(practice.config, practice.file, destination)).directory
    about = json.loads((backup / ABOUT).read_text())
    (backup / ABOUT).write_text(json.dumps(about | {"made_at": at.isoformat()}))
    format.seal(backup, practice.keys)
    return backup


async def test_what_was_made_longer_ago_than_backups_are_kept_goes_once_a_newer_one_counts(
    practice: Practice, tmp_path: Path
) -> None:
    """R23: what was destroyed is in older backups until they expire."""
    usb, days = tmp_path / "usb", timedelta(days=1)
    old = await made(practice, usb, AT - 36 * days)
    kept = await made(practice, usb, AT - 35 * days)
    newest = await made(practice, usb, AT)
    assert await expire(newest, practice.keys, 35 * days) == [old.name]
    assert below(usb) == sorted(
        [kept.name, newest.name, *(name for name in below(usb) if name.startswith("destroyed"))]
    )
    await restore(kept, tmp_path / "new" / "config.toml", lambda: practice.secret)


async def test_nothing_goes_that_is_newer_another_practice_s_damaged_or_no_backup(
    practice: Practice, tmp_path: Path
) -> None:
    usb, long_ago = tmp_path / "usb", AT - timedelta(days=1000)
    other = Practice(tmp_path / "other")
    await other.filed("theirs")
    theirs = await made(other, usb, long_ago)
    damaged = await made(practice, usb, long_ago)
    (damaged / "data" / "journal.db").write_bytes(b"no database")
    unmarked = await made(practice, usb, long_ago)
    (unmarked / ABOUT).write_text("{}")
    (usb / "consentry-photos-of-the-garden").mkdir()
    later = await made(practice, usb, AT + timedelta(days=1))
    newest = await made(practice, usb, AT)
    before = below(usb)
    assert await expire(newest, practice.keys, timedelta(seconds=1)) == []
    assert before == below(usb) and {theirs, damaged, unmarked, later} <= set(usb.iterdir())


async def test_what_others_left_where_backups_go_stays_and_stops_no_backup(practice: Practice, tmp_path: Path) -> None:
    usb, elsewhere = tmp_path / "usb", tmp_path / "elsewhere"
    moved = await made(practice, elsewhere, AT - timedelta(days=1000))
    usb.mkdir()
    (usb / moved.name).symlink_to(moved)
    (usb / f"consentry-notes{UNFINISHED}").write_text("a file")
    being_made_by_another_practice = usb / f"consentry-20270301-020000{UNFINISHED}"
    being_made_by_another_practice.mkdir()
    before = below(usb)
    newest = await made(practice, usb, AT)
    assert await expire(newest, practice.keys, timedelta(days=1)) == []
    assert set(before) < set(below(usb)) and (moved / ABOUT).exists()
    for_ever = timedelta(days=999_999)
    assert await expire(newest, practice.keys, for_ever) == []


async def test_half_removed_is_no_backup_any_more_and_the_next_one_clears_it_away(
    practice: Practice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usb = tmp_path / "usb"
    old = await made(practice, usb, AT - timedelta(days=2))
    newest = await made(practice, usb, AT)

    def die(where: Path) -> None:
        raise Died

    with monkeypatch.context() as dying, pytest.raises(Died):
        dying.setattr(shutil, "rmtree", die)
        await expire(newest, practice.keys, timedelta(days=1))
    [half] = usb.glob(f"*{UNFINISHED}")
    assert not old.exists() and half.name.startswith(old.name)
    await back_up(practice.config, practice.file, usb)
    assert not half.exists()
