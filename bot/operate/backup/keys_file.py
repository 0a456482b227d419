"""What the bot is, in one small file: its password, the identity people know it by, its session and the keys of its chats.

Only the recovery key opens the file, so it may lie beside other backups. Putting it back replaces nothing that is there. The
record is not in it: `make` copies that, with the vault's master keys, which belong to it.
"""

from __future__ import annotations

import base64
import json
import tempfile
from pathlib import Path

from bot.config import Config
from bot.domain.errors import OutsideFailure, Permanent
from bot.durable import write_durably
from bot.operate.kept import JOURNAL, KEY_STORE, opens_what_lies_here
from bot.operate.sealed_files import OLD_SESSION, SEEDS, SESSION
from storage.sql.database_copies import copy_database
from storage.vault.key_ring import FILE, KeyRing

NAME = "keys-backup"
PASSWORD = "password"


async def back_up_keys(config: Config, file: Path) -> None:
    """Write `file`; never replace one that is there."""
    keys, data = KeyRing.load(config.data.keys_directory), config.data.directory
    _refuse_existing(file)
    if opens_what_lies_here(data, keys) is False:
        raise Permanent("wrong-key", f"the keys do not open what lies in {data}; nothing was written")
    parts = {name: (data / name).read_bytes() for name in _sealed() if (data / name).exists()}
    if config.homeserver.password_file.exists():
        parts[PASSWORD] = config.homeserver.password_file.read_bytes()
    if (data / KEY_STORE).exists():
        with tempfile.TemporaryDirectory(dir=data, prefix=".keys-") as beside:
            await copy_database(data / KEY_STORE, keys.matrix_store, Path(beside) / KEY_STORE)
            parts[KEY_STORE] = (Path(beside) / KEY_STORE).read_bytes()
    text = json.dumps({name: base64.b64encode(part).decode() for name, part in parts.items()})
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_durably(file, keys.seal_secret(NAME, text.encode()))
        _read(keys, file)
    except OSError as error:
        raise OutsideFailure(f"{file}: {error.strerror}") from None


def _refuse_existing(file: Path) -> None:
    if file.exists():
        raise Permanent("file-exists", f"{file} is there already and is never replaced; choose another name")


def restore_keys(config: Config, secret: bytes | None, file: Path | None) -> list[str]:
    """Put back the root key, if `secret` is given, and whatever is missing from `file`; return the names of what was put back.

    The key is first tried on the file and on what lies here. A key that opens nothing is not written, so it can't keep out a
    right one.
    """
    keys_at, data = config.data.keys_directory, config.data.directory
    keys = KeyRing.load(keys_at) if secret is None else KeyRing(secret)
    parts = _read(keys, file) if file is not None else {}
    _refuse_untried(data, keys, file)
    put = []
    if secret is not None:
        KeyRing.recover(secret, keys_at)
        put.append(FILE)
    if PASSWORD in parts and not config.homeserver.password_file.exists():
        config.homeserver.password_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_durably(config.homeserver.password_file, parts[PASSWORD])
        put.append(config.homeserver.password_file.name)
    if (data / JOURNAL).exists():  # without a record they would only stand in the way of restoring one
        put += _put_missing(keys, data, parts)
    return put


def _refuse_untried(data: Path, keys: KeyRing, file: Path | None) -> None:
    """Refuse a mistyped key, another practice's paper, or another practice's file."""
    opens = opens_what_lies_here(data, keys)
    if opens is False:
        raise Permanent("wrong-key", f"this key does not open what lies in {data}; nothing was written")
    if opens is None and file is None:
        sentence = (
            f"nothing lies in {data} that the key could be tried on, and it was not written; put the data back first, or name "
            "a file of `consentry keys backup`. `consentry restore` asks for the key by itself; a practice that never ran is "
            "begun anew with `consentry init`"
        )
        raise Permanent("nothing-to-open", sentence)


def _put_missing(keys: KeyRing, data: Path, parts: dict[str, bytes]) -> list[str]:
    put = []
    if KEY_STORE in parts and not (data / KEY_STORE).exists():
        session = data / f"{SESSION}.sealed"
        old = parts.get(f"{SESSION}.sealed") or parts.get(f"{OLD_SESSION}.sealed")
        if old is not None:  # keys from a backup only ever serve to read: the bot becomes a new device
            was = SESSION if f"{SESSION}.sealed" in parts else OLD_SESSION
            write_durably(data / f"{OLD_SESSION}.sealed", keys.seal_secret(OLD_SESSION, keys.open_secret(was, old)))
        write_durably(data / KEY_STORE, parts[KEY_STORE])
        session.unlink(missing_ok=True)
        put.append(KEY_STORE)
    seeds = f"{SEEDS}.sealed"
    if seeds in parts and not (data / seeds).exists():
        write_durably(data / seeds, parts[seeds])
        put.append(seeds)
    return put


def _sealed() -> list[str]:
    return [f"{name}.sealed" for name in (SESSION, OLD_SESSION, SEEDS)]


def _read(keys: KeyRing, file: Path) -> dict[str, bytes]:
    try:
        opened = json.loads(keys.open_secret(NAME, file.read_bytes()))
    except Permanent:
        raise Permanent(
            "wrong-key", f"this key does not open {file}, or the file is damaged; nothing was written"
        ) from None
    except OSError as error:
        raise OutsideFailure(f"{file}: {error.strerror}") from None
    return {name: base64.b64decode(part) for name, part in opened.items()}
