"""The way back from a backup.

What was destroyed after the backup was made is destroyed again, as far as the register outside the data tells (R23,
`bot/operate/destroyed_again`).

Guarantees: a restore leaves nothing partial, replaces nothing, and appears only after all of it was read back where it is to
be used. If it is interrupted anywhere, doing it again succeeds.
"""

# ruff: noqa: ASYNC240  (a command of its own: nothing else waits meanwhile)
from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.config import Config, load, parse
from bot.config.policy_of import policy_of
from bot.config.sections import Wording
from bot.domain.destination import THE_SECOND_COPY
from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.retention_rules import Destruction
from bot.durable import copy_durably, private_directory, sync_directory, sync_tree
from bot.ids import SystemClock
from bot.operate.destroyed_again import Back, destroy_again
from bot.operate.kept import JOURNAL, LOCK, mirror_of, register_of
from bot.operate.sealed_files import retire_session
from storage.journal.encrypted_journal import EncryptedJournal
from storage.records.embedded import EmbeddedRecord
from storage.records.take_back import take_back
from storage.sql.database import Database
from storage.sql.database_errors import NewerDatabase, OlderDatabase, WrongKey
from storage.vault.directory_vault import DirectoryVault
from storage.vault.key_ring import FILE, KeyRing
from storage.vault.master_keys import MasterKeys

from .format import ABOUT, FORMAT, UNFINISHED, Told, belongs, differing, is_sealed, on_disk, read_back, silently


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore brought back, and what it could not.

    `again` was destroyed again; `unread` are the places where the destruction register could not be read; `unopened` are files
    of the second copy that hold what the backup lacks, and do not open.
    """

    config: Config
    objects: int
    again: tuple[Back, ...]
    unread: tuple[Path, ...]
    unopened: tuple[Path, ...]


async def restore(backup: Path, file: Path, recovery_key: Callable[[], bytes], told: Told = silently) -> Restored:
    """Restore everything of a backup, at the places that its configuration names.

    A configuration or keys that are there already are used and left alone; `recovery_key` is only asked for without keys.
    """
    files = _files_of_a_whole(backup)
    config = load(file) if file.exists() else parse((backup / "config.toml").read_text(encoding="utf-8"), file)
    data, keys_at = config.data.directory, config.data.keys_directory
    _refuse_what_is_there(data)
    had_keys = (keys_at / FILE).exists()
    keys = KeyRing.load(keys_at) if had_keys else KeyRing(recovery_key())
    older = False
    try:
        await read_back(backup / "data", keys, lambda done, every: told("Reading the backup", done, every))
    except WrongKey:
        raise Permanent("wrong-key", "this key does not open this backup; nothing was written") from None
    except OlderDatabase:
        older = True  # it is read back where it is restored, once it is upgraded
    except NewerDatabase:
        raise
    except Permanent as broken:
        raise _not_whole(backup, str(broken)) from None
    if not is_sealed(backup, keys):
        raise _not_whole(backup, ABOUT)
    building = data.with_name(data.name + UNFINISHED)
    with on_disk(data), alone(data):
        shutil.rmtree(building, ignore_errors=True)
        try:
            _copy_tree(_of_it(backup, "data", files), backup / "data", building, told)
            if older:
                await (await Database.open(building / JOURNAL, keys.database)).close()
            retire_session(keys, building)  # the device it was made on may still be running somewhere
            unopened = await _take_from_mirror(config, keys, building)
            noted = await register_of(config, keys, backup.absolute().parent).noted()
            again = await _destroy_again(config, keys, building, noted.lines)
            objects = await read_back(building, keys, lambda done, every: told("Reading back", done, every))
            at_home = file.absolute().parent / "homeserver"
            _put_homeserver(_of_it(backup, "homeserver", files), backup / "homeserver", at_home)
            if not file.exists():
                copy_durably(backup / "config.toml", file)
            if not had_keys:
                KeyRing.recover(keys.recovery_secret(), keys_at)
            sync_tree(building)
            _refuse_what_is_there(data)  # another restore may have been quicker
            (data / LOCK).unlink(missing_ok=True)
            building.rename(data)  # from now on it is restored
            sync_directory(data.parent)
        except BaseException:  # also when it is cancelled: half a record is none
            shutil.rmtree(building, ignore_errors=True)
            raise
    # Before there were keys here, nothing was noted beside them.
    unread = (place for place in noted.unread if had_keys or place != keys_at)
    return Restored(config, objects, tuple(again), tuple(unread), tuple(unopened))


def _refuse_what_is_there(data: Path) -> None:
    if data.exists() and any(path.name != LOCK for path in data.iterdir()):
        raise Permanent("data-exists", f"{data} is not empty and is never replaced; move it away first")


def _files_of_a_whole(backup: Path) -> Mapping[str, str]:
    """Return the digests of a whole backup's files; refuse a backup of which something is missing or differs.

    Above all this finds one that was copied in part, which nobody would notice before the missing part is needed.
    """
    try:
        about = json.loads((backup / ABOUT).read_text(encoding="utf-8"))
        of_format, files = about["format"], dict(about.get("files", {}))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise Permanent("no-backup", f"{backup} is not a finished backup made by `consentry backup`") from None
    if of_format != FORMAT:
        raise Permanent("newer-backup", f"{backup} was made by a newer version; install that version or a later one")
    with on_disk(backup):
        name = differing(backup, files)
    if name is not None:
        raise _not_whole(backup, name)
    return files


def _of_it(backup: Path, part: str, files: Mapping[str, str]) -> list[Path]:
    found = sorted(path for path in (backup / part).rglob("*") if path.is_file())
    return [path for path in found if belongs(path, backup, files)]


def _not_whole(backup: Path, what: str) -> Permanent:
    sentence = (
        f"{backup} is damaged or not all of it is there ({what}); nothing was written. Copy it anew, or restore another"
    )
    return Permanent("damaged-backup", sentence)


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """Hold the place of a restore, because two restores onto one place would build on each other's files.

    The lock is on the directory, and leaves no file.
    """
    private_directory(data.parent)
    parent = os.open(data.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(parent, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise Permanent("already-running", f"another restore into {data.parent} is under way") from None
    finally:
        os.close(parent)


def _copy_tree(files: Sequence[Path], source: Path, target: Path, told: Told) -> None:
    private_directory(target)
    for done, path in enumerate(files):
        told("Restoring", done, len(files))
        copy_durably(path, target / path.relative_to(source))
    told("Restoring", len(files), len(files))


async def _take_from_mirror(config: Config, keys: KeyRing, data: Path) -> list[Path]:
    """Take back what was filed after the backup, if there is a second copy of the record.

    Return the files of the copy that do not open.
    """
    mirror = mirror_of(config, keys)
    if mirror is None:
        return []
    try:
        if not await mirror.there():
            return []
    except OutsideFailure:
        sentence = f"{config.record.mirror} does not answer; nothing was written. Unmount that share, or mend it, and try again"
        raise OutsideFailure(sentence) from None
    database = await Database.open(data / JOURNAL, keys.database)
    try:
        vault = DirectoryVault(data, MasterKeys(database, keys))
        destinations = [THE_SECOND_COPY, *(to.destination for to in config.destinations)]
        record = EmbeddedRecord(database, vault, destinations)
        return await take_back(record, vault, mirror)
    finally:
        await database.close()


async def _destroy_again(config: Config, keys: KeyRing, data: Path, lines: Sequence[Destruction]) -> list[Back]:
    if not lines:
        return []
    policy = policy_of(config.model_copy(update={"wording": Wording()}))  # the practice's texts may not be here yet
    database = await Database.open(data / JOURNAL, keys.database)
    try:
        vault = DirectoryVault(data, MasterKeys(database, keys))
        record = EmbeddedRecord(database, vault)
        return await destroy_again(EncryptedJournal(database), record, vault, policy, SystemClock().now(), lines)
    finally:
        await database.close()


def _put_homeserver(files: Sequence[Path], source: Path, target: Path) -> None:
    if not files or target.exists():
        return
    building = target.with_name(target.name + UNFINISHED)
    shutil.rmtree(building, ignore_errors=True)
    _copy_tree(files, source, building, silently)
    building.rename(target)
