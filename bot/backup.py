"""A backup of a practice while it runs, and the way back.

Guarantees: a backup appears whole or not at all, and only after everything in it was read back, as a restore would read it; a
sealed photo that its database names is in it. A restore leaves nothing partial, replaces nothing, and appears only after all of
it was read back where it is to be used. Interrupted anywhere, doing it again succeeds.

Not in a backup: the keys (`keys_backup`, or the recovery key on paper), the homeserver's media, which is deleted on purpose, and
whatever came after. Old backups are not removed.
"""

# ruff: noqa: ASYNC240  (a command of its own: nothing else waits meanwhile)
from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from storage.copies import copy_database, copy_plain_database, read_everything, sealed_objects
from storage.database import Database, WrongKey
from storage.files import copy_durably, private_directory, sync_directory, sync_tree, write_durably
from storage.keys import FILE, KeyRing
from storage.master_keys import MasterKeys
from storage.records.mirror import Mirror
from storage.records.mirrored import MirroredRecord
from storage.vault import DirectoryVault

from . import __version__
from .app import JOURNAL, KEY_STORE
from .config import Config, load, parse
from .domain.errors import OutsideFailure, Permanent
from .sealed_files import OLD_SESSION, SEEDS, SESSION, read_sealed, retire_session

FORMAT = 1
ABOUT = "backup.json"
UNFINISHED = ".part"
TRIES = 5
# Of the embedded homeserver: never its media, nor what it writes anew by itself.
HOMESERVER_LEFT_OUT = ("homeserver.yaml", "log.yaml")
HOMESERVER_KINDS = (".yaml", ".key", ".token", ".json", ".jsonl", ".head", ".secret")

Told = Callable[[str, int, int], None]  # what is being done, how much of it is done, of how much


def _silently(_what: str, _done: int, _all: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class BackedUp:
    directory: Path
    objects: int


async def back_up(config: Config, source: Path, destination: Path, told: Told = _silently) -> BackedUp:
    """A new backup in `destination`. `source` is the configuration file. The bot may run."""
    _refuse_inside(destination, config)
    keys = KeyRing.load(config.data.keys_directory)
    if not (config.data.directory / JOURNAL).exists():
        raise Permanent("nothing-yet", "there is nothing to back up before the bot has run once")
    directory = destination / f"consentry-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    building = directory.with_name(directory.name + UNFINISHED)
    with _disk(destination), _alone(config.data.directory / "backup.lock"):
        private_directory(destination)
        for left in destination.glob(f"consentry-*{UNFINISHED}"):
            shutil.rmtree(left)
        building.mkdir(mode=0o700)
        try:
            await _copy_data(config.data.directory, keys, building / "data", told)
            copy_durably(source, building / "config.toml")
            if config.homeserver.embedded:
                _copy_homeserver(source.absolute().parent / "homeserver", building / "homeserver")
            objects = await _read_back(building / "data", keys, lambda done, every: told("Reading back", done, every))
            about = {"format": FORMAT, "made_at": datetime.now(UTC).isoformat(), "version": __version__}
            write_durably(building / ABOUT, json.dumps(about | {"objects": objects}, indent=2).encode())
            sync_tree(building)
            building.rename(directory)
            sync_directory(destination)
        except BaseException:
            shutil.rmtree(building, ignore_errors=True)
            raise
    return BackedUp(directory, objects)


async def _copy_data(data: Path, keys: KeyRing, target: Path, told: Told) -> None:
    """The database first, then the photos it names; where one was destroyed in between, the database once more."""
    for _ in range(TRIES):
        (target / JOURNAL).unlink(missing_ok=True)
        copy_database(data / JOURNAL, keys.database, target / JOURNAL)
        named = await _named(target / JOURNAL, keys)
        if _copy_objects(data / "objects", target / "objects", named, told):
            break
    else:
        raise Permanent("missing", "a photo that the record names is not in the vault; `consentry doctor` says more")
    for path in (target / "objects").glob("*/*"):
        if path.name not in named:
            path.unlink()
    # After the journal: a room key more does no harm, one less could.
    if (data / KEY_STORE).exists():
        copy_database(data / KEY_STORE, keys.matrix_store, target / KEY_STORE)
    for name in (SESSION, OLD_SESSION, SEEDS):
        if (data / f"{name}.sealed").exists():
            copy_durably(data / f"{name}.sealed", target / f"{name}.sealed")


async def _named(journal: Path, keys: KeyRing) -> set[str]:
    database = await Database.open(journal, keys.database, read_only=True)
    try:
        return {sealed.object_id for sealed in await sealed_objects(database)}
    finally:
        await database.close()


def _copy_objects(source: Path, target: Path, named: set[str], told: Told) -> bool:
    for done, name in enumerate(sorted(named)):
        told("Copying", done, len(named))
        blob = target / name[:2] / name
        if blob.exists():
            continue
        try:
            copy_durably(source / name[:2] / name, blob)
        except FileNotFoundError:
            blob.unlink(missing_ok=True)
            return False
    told("Copying", len(named), len(named))
    return True


def _copy_homeserver(source: Path, target: Path) -> None:
    if not (source / "homeserver.db").exists():
        return
    copy_plain_database(source / "homeserver.db", target / "homeserver.db")
    for path in sorted(source.iterdir()):
        if path.is_file() and path.suffix in HOMESERVER_KINDS and path.name not in HOMESERVER_LEFT_OUT:
            copy_durably(path, target / path.name)


async def _read_back(data: Path, keys: KeyRing, progress: Callable[[int, int], None]) -> int:
    """All of a copy, read as the bot would read it; the number of sealed objects."""
    for name in (SESSION, OLD_SESSION, SEEDS):
        read_sealed(keys, data, name)
    database = await Database.open(data / JOURNAL, keys.database, read_only=True)
    try:
        return await read_everything(database, DirectoryVault(data, MasterKeys(database, keys)), progress)
    finally:
        await database.close()


# ---- the way back


async def restore(
    backup: Path, file: Path, recovery_key: Callable[[], bytes], told: Told = _silently
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
        await _read_back(backup / "data", keys, lambda done, every: told("Reading the backup", done, every))
    except WrongKey:
        raise Permanent("wrong-key", "this key does not open this backup; nothing was written") from None
    building = data.with_name(data.name + UNFINISHED)
    with _disk(data):
        shutil.rmtree(building, ignore_errors=True)
        try:
            _copy_tree(backup / "data", building, told)
            retire_session(keys, building)  # the device it was made on may still be running somewhere
            await _take_from_mirror(config, keys, building)
            objects = await _read_back(building, keys, lambda done, every: told("Reading back", done, every))
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
        except BaseException:
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
    if config.record.mirror is None or not Mirror(config.record.mirror, keys).there:
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
    _copy_tree(source, building, _silently)
    building.rename(target)


# ---- what can be wrong with the place


def _refuse_inside(destination: Path, config: Config) -> None:
    for place in (config.data.directory, config.data.keys_directory):
        if destination.resolve().is_relative_to(place.resolve()):
            raise Permanent("bad-place", f"a backup can't lie inside {place}; choose a directory on another disk")


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    try:
        with FileLock(lock, timeout=0, mode=0o600):
            yield
    except Timeout:
        raise Permanent("already-running", "another backup is being made") from None


@contextmanager
def _disk(where: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutsideFailure(f"{where}: {error.strerror}") from None
