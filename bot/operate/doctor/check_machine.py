"""This machine: what the configuration names, who may read it, how much room there is, and whether the keys are there."""

from __future__ import annotations

import os
import shutil
import stat
from datetime import datetime
from pathlib import Path

from bot.config import Config
from bot.config.practice_texts import WordingInvalid, texts_in
from bot.domain.errors import OutsideFailure
from bot.domain.hours import describe, is_open
from storage.vault.key_ring import KeyRing

from .finding import Finding, told

ENOUGH_DISK = 2_000_000_000


def hours(config: Config, now: datetime) -> Finding:
    practice = config.practice
    local = now.astimezone(practice.zone)
    hours = describe(practice.opening_hours) or "no hours: nothing is said of them"
    state = "open" if is_open(practice.opening_hours, now, practice.zone) else "outside hours"
    said = f"{local:%A %H:%M} in {practice.timezone}; {hours}"
    return Finding("Opening hours", True, f"{said}; now {state}" if practice.hours else said)


def wording(config: Config) -> Finding:
    try:
        own = len(texts_in(config.wording.directory).replaced)
    except WordingInvalid as invalid:
        return Finding(
            "Wording", False, "; ".join(invalid.mistakes), "Correct these files: `consentry wording show NAME`."
        )
    return Finding("Wording", True, f"{own} texts of the practice's own, all complete" if own else "the built-in texts")


def modes(config: Config, source: Path | None) -> list[Finding]:
    found = [
        _private("Data directory", config.data.directory, 0o700, "consentry init, or the first start, makes it"),
        _private(
            "Keys directory",
            config.data.keys_directory,
            0o700,
            "consentry init makes it, consentry keys restore mends it",
        ),
        _private("Password file", config.homeserver.password_file, 0o600, "write the bot's password into it"),
    ]
    found += [
        _private(f"{to.name}, {key}", file, 0o600, "write there what the server knows the bot by")
        for to in config.destinations
        for key, file in to.secrets.items()
    ]
    if source is not None:
        mode = stat.S_IMODE(source.stat().st_mode)
        safe = not mode & 0o022
        what = f"{source}, mode {mode:o}" if safe else f"others may change {source} (mode {mode:o})"
        found.insert(0, Finding("Configuration", safe, what, f"chmod go-w {source}"))
    return found


def _private(name: str, where: Path, mode: int, absent: str) -> Finding:
    try:
        seen = stat.S_IMODE(where.stat().st_mode)
    except FileNotFoundError:
        return Finding(name, False, f"{where} is missing", absent)
    except OSError as error:
        return Finding(name, False, f"{where}: {error.strerror}", "run this as the user who runs the bot")
    if seen & 0o077:
        return Finding(name, False, f"others may read {where} (mode {seen:o})", f"chmod {mode:o} {where}")
    return Finding(name, True, f"{where}, mode {seen:o}")


def disk(config: Config) -> Finding:
    free = shutil.disk_usage(_nearest(config.data.directory)).free
    what = f"{free / 1e9:.1f} GB free, room for about {free // 3_000_000:,} photos"
    return Finding("Disk", free >= ENOUGH_DISK, what, "make room: when the disk is full nothing can be filed")


def keys(config: Config) -> Finding:
    try:
        KeyRing.load(config.data.keys_directory)
    except OutsideFailure as failure:
        return Finding(
            "Keys", False, told(failure), "consentry init makes keys, consentry keys restore puts lost ones back"
        )
    return Finding("Keys", True, "present and closed to others")


def theft(config: Config, blocks: Path = Path("/sys/dev/block")) -> Finding:
    """Tell what somebody who takes the disk away could read."""
    name, mend = "Stolen disk", "encrypt the disk (LUKS), or name a keys_directory on another one in [data]"
    data, keys = (_nearest(where).stat().st_dev for where in (config.data.directory, config.data.keys_directory))
    if data != keys:
        return Finding(name, True, "the keys are on another file system than the data; keep that on another disk")
    device = blocks / f"{os.major(data)}:{os.minor(data)}"
    if not device.exists():
        return Finding(
            name, None, "keys and data are on one file system, and whether it is encrypted can't be seen", mend
        )
    if _is_encrypted(device):
        return Finding(name, True, "keys and data are on an encrypted disk")
    what = "keys and data are on one disk that is not encrypted: whoever takes it can read everything"
    return Finding.risk(name, what, mend)


def _is_encrypted(device: Path) -> bool:
    """Return whether the device or everything below it is encrypted: a volume may lie in an encrypted partition."""
    uuid = device / "dm" / "uuid"
    if uuid.exists() and uuid.read_text(encoding="ascii").startswith("CRYPT-"):
        return True
    below = list((device / "slaves").iterdir()) if (device / "slaves").is_dir() else []
    return bool(below) and all(_is_encrypted(device) for device in below)


def _nearest(where: Path) -> Path:
    return next(place for place in (where, *where.absolute().parents) if place.exists())
