"""A backup of a practice while it runs.

Guarantees: a backup appears whole or not at all, and only after everything in it was read back, as a restore would read it. A
sealed photo that its database names is in it. If it is interrupted anywhere, doing it again succeeds.

Not in a backup: the keys (`keys_file`, or the recovery key on paper), the homeserver's media, which is deleted on purpose, and
whatever came afterwards. Old backups are not removed here (`expire`).
"""

# ruff: noqa: ASYNC240  (a command of its own: nothing else waits meanwhile)
from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from bot import __version__
from bot.config import Config
from bot.domain.errors import Permanent
from bot.durable import copy_durably, private_directory, sync_directory, sync_tree, write_durably
from bot.operate.kept import JOURNAL, KEY_STORE
from bot.operate.sealed_files import OLD_SESSION, SEEDS, SESSION
from storage.journal.encrypted_journal import EncryptedJournal
from storage.outside.outside_register import RegisterFiles
from storage.sql.database import Database
from storage.sql.database_copies import copy_database, copy_plain_database, sealed_objects
from storage.vault.key_ring import KeyRing

from .format import (
    ABOUT,
    FORMAT,
    PREFIX,
    Told,
    clear_unfinished,
    digests,
    on_disk,
    read_back,
    seal,
    silently,
    unfinished,
)

TRIES = 5
# Of the embedded homeserver: never its media, its administrator's token, or what it writes anew by itself.
HOMESERVER_LEFT_OUT = ("homeserver.yaml", "log.yaml")
HOMESERVER_KINDS = (".yaml", ".key", ".json", ".jsonl", ".head", ".secret")


@dataclass(frozen=True, slots=True)
class BackedUp:
    directory: Path
    objects: int


async def back_up(config: Config, source: Path, destination: Path, told: Told = silently) -> BackedUp:
    """Make a new backup in `destination`. `source` is the configuration file. The bot may be running."""
    _refuse_inside(destination, config)
    keys = KeyRing.load(config.data.keys_directory)
    if not (config.data.directory / JOURNAL).exists():
        raise Permanent("nothing-yet", "there is nothing to back up before the bot has run once")
    directory = _new_name(destination, datetime.now(UTC))
    building = unfinished(directory, keys)
    with on_disk(destination), _alone(config.data.directory / "backup.lock"):
        private_directory(destination)
        clear_unfinished(destination, keys)
        building.mkdir(mode=0o700)
        try:
            await _copy_data(config.data.directory, keys, building / "data", told)
            copy_durably(source, building / "config.toml")
            if config.homeserver.embedded:
                await _copy_homeserver(source.absolute().parent / "homeserver", building / "homeserver")
            await _note_destroyed(building / "data", keys, destination)
            objects = await read_back(building / "data", keys, lambda done, every: told("Reading back", done, every))
            about: dict[str, object] = {
                "format": FORMAT,
                "made_at": datetime.now(UTC).isoformat(),
                "version": __version__,
            }
            about |= {"objects": objects, "files": digests(building)}
            write_durably(building / ABOUT, json.dumps(about, indent=2).encode())
            seal(building, keys)
            sync_tree(building)
            building.rename(directory)
            sync_directory(destination)
        except BaseException:  # also when it is cancelled: a half-made one is no backup
            shutil.rmtree(building, ignore_errors=True)
            raise
    return BackedUp(directory, objects)


def _new_name(destination: Path, now: datetime) -> Path:
    """Return a free name for a backup made now; add a number if two are made within a second."""
    name = f"{PREFIX}{now:%Y%m%d-%H%M%S}"
    names = itertools.chain([name], (f"{name}-{number}" for number in itertools.count(2)))
    return next(path for path in (destination / candidate for candidate in names) if not path.exists())


async def _copy_data(data: Path, keys: KeyRing, target: Path, told: Told) -> None:
    """Copy the database, then the photos it names; if one was destroyed in between, copy the database once more."""
    for _ in range(TRIES):
        (target / JOURNAL).unlink(missing_ok=True)
        await copy_database(data / JOURNAL, keys.database, target / JOURNAL)
        named = await _named(target / JOURNAL, keys)
        if _copy_objects(data / "objects", target / "objects", named, told):
            break
    else:
        raise Permanent("missing", "a photo that the record names is not in the vault; `consentry doctor` says more")
    for path in (target / "objects").glob("*/*"):
        if path.name not in named:
            path.unlink()
    # After the journal: one room key too many does no harm, one too few could.
    if (data / KEY_STORE).exists():
        await copy_database(data / KEY_STORE, keys.matrix_store, target / KEY_STORE)
    for name in (SESSION, OLD_SESSION, SEEDS):
        if (data / f"{name}.sealed").exists():
            copy_durably(data / f"{name}.sealed", target / f"{name}.sealed")


async def _note_destroyed(data: Path, keys: KeyRing, destination: Path) -> None:
    """Note beside the backups what was destroyed: older ones still hold it, and restoring one destroys it again (R23)."""
    database = await Database.open(data / JOURNAL, keys.database, read_only=True)
    try:
        async with EncryptedJournal(database).reading() as rows:
            lines = await rows.destructions.every()
    finally:
        await database.close()
    await RegisterFiles([destination], keys).note(lines)


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


async def _copy_homeserver(source: Path, target: Path) -> None:
    if not (source / "homeserver.db").exists():
        return
    await copy_plain_database(source / "homeserver.db", target / "homeserver.db")
    for path in sorted(source.iterdir()):
        if path.is_file() and path.suffix in HOMESERVER_KINDS and path.name not in HOMESERVER_LEFT_OUT:
            copy_durably(path, target / path.name)


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
