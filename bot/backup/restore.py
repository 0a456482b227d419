"""The way back from a backup.

Guarantees: a restore leaves nothing partial, replaces nothing, and appears only after all of it was read back where it is to be
used. Interrupted anywhere, doing it again succeeds.
"""

# ruff: noqa: ASYNC240  (a command of its own: nothing else waits meanwhile)
from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from storage.database import Database
from storage.database_errors import WrongKey
from storage.files import copy_durably, private_directory, sync_directory, sync_tree
from storage.keys import FILE, KeyRing
from storage.master_keys import MasterKeys
from storage.records.mirror import Mirror
from storage.records.mirrored import MirroredRecord
from storage.vault import DirectoryVault

from ..config import Config, load, parse
from ..domain.errors import Permanent
from ..kept import JOURNAL
from ..sealed_files import retire_session
from .format import ABOUT, FORMAT, UNFINISHED, Told, on_disk, read_back, silently


async def restore(
    backup: Path, file: Path, recovery_key: Callable[[], bytes], told: Told = silently
) -> tuple[Config, int]:
    """Everything of a backup, at the places its configuration names; the configuration and how many sealed objects.

    A configuration or keys that are there already are used and left alone; `recovery_key` is asked only without keys.
    """
    _refuse_what_is_no_backup(backup)
    config = load(file) if file.exists() else parse((backup / "config.toml").read_text(encoding="utf-8"), file)
    data, keys_at = config.data.directory, config.data.keys_directory
    if data.exists() and any(path.name not in ("consentry.lock",) for path in data.iterdir()):
        raise Permanent("data-exists", f"{data} is not empty and is never replaced; move it away first")
    keys = KeyRing.load(keys_at) if (keys_at / FILE).exists() else KeyRing(recovery_key())
    try:
        await read_back(backup / "data", keys, lambda done, every: told("Reading the backup", done, every))
    except WrongKey:
        raise Permanent("wrong-key", "this key does not open this backup; nothing was written") from None
    building = data.with_name(data.name + UNFINISHED)
    with on_disk(data):
        shutil.rmtree(building, ignore_errors=True)
        try:
            _copy_tree(backup / "data", building, told)
            retire_session(keys, building)  # the device it was made on may still be running somewhere
            await _take_from_mirror(config, keys, building)
            objects = await read_back(building, keys, lambda done, every: told("Reading back", done, every))
            _put_homeserver(backup / "homeserver", file.absolute().parent / "homeserver")
            if not file.exists():
                copy_durably(backup / "config.toml", file)
            if not (keys_at / FILE).exists():
                KeyRing.recover(keys.recovery_secret(), keys_at)
            sync_tree(building)
            if data.exists():
                shutil.rmtree(data)  # nothing but a lock
            building.rename(data)  # from here on it is restored
            sync_directory(data.parent)
        except BaseException:  # also when it is cancelled: what is half there is no record
            shutil.rmtree(building, ignore_errors=True)
            raise
    return config, objects


def _refuse_what_is_no_backup(backup: Path) -> None:
    try:
        about = json.loads((backup / ABOUT).read_text(encoding="utf-8"))
        of_format = about["format"]
    except (OSError, ValueError, KeyError, TypeError):
        raise Permanent("no-backup", f"{backup} is not a finished backup made by `consentry backup`") from None
    if of_format != FORMAT:
        raise Permanent("newer-backup", f"{backup} was made by a newer version; install that version or a later one")


def _copy_tree(source: Path, target: Path, told: Told) -> None:
    files = sorted(path for path in source.rglob("*") if path.is_file())
    private_directory(target)
    for done, path in enumerate(files):
        told("Restoring", done, len(files))
        copy_durably(path, target / path.relative_to(source))
    told("Restoring", len(files), len(files))


async def _take_from_mirror(config: Config, keys: KeyRing, data: Path) -> None:
    """What was filed after the backup, where there is a second copy of the record."""
    if config.record.mirror is None or not await Mirror(config.record.mirror, keys).there():
        return
    database = await Database.open(data / JOURNAL, keys.database)
    try:
        vault = DirectoryVault(data, MasterKeys(database, keys))
        await MirroredRecord(database, vault, Mirror(config.record.mirror, keys)).take_back()
    finally:
        await database.close()


def _put_homeserver(source: Path, target: Path) -> None:
    if not source.exists() or target.exists():
        return
    building = target.with_name(target.name + UNFINISHED)
    shutil.rmtree(building, ignore_errors=True)
    _copy_tree(source, building, silently)
    building.rename(target)
