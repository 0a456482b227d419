"""Signing in to the homeserver, as the device and under the identity that people know.

Session and cross-signing seeds are sealed before they are first used; the identity is published before any room is joined.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from bot.config import Config
from bot.domain.errors import Permanent
from bot.matrix.cross_signing import Seeds, bootstrap
from bot.matrix.new_device import read_what_waits, sign_out_others, take_over
from bot.matrix.session import Session, login
from storage.vault.key_ring import KeyRing

from .kept import KEY_STORE, Kept, only_one
from .sealed_files import OLD_SESSION, SEEDS, SESSION, read_sealed, retire_session, write_sealed


def _password(config: Config) -> str:
    path = config.homeserver.password_file
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as why:
        raise Permanent("no-password", f"the password file {path} can't be read ({type(why).__name__})") from None


async def sign_in(config: Config, kept: Kept) -> tuple[Session, Seeds]:
    """Sign in and return session and seeds.

    After `forget_session` or a restore the bot is a new device: it reads what the old one could, and signs the old one out.
    """
    directory, keys, url = config.data.directory, kept.keys, config.homeserver.url
    store = directory / KEY_STORE, keys.matrix_store
    old = _session(keys, directory, OLD_SESSION)
    if old is not None and (directory / KEY_STORE).exists():
        await read_what_waits(url, old, *store, await kept.journal.token())
    session = _session(keys, directory, SESSION)
    if session is None or session == old:  # they are equal when retiring the session was interrupted
        session = await login(url, config.homeserver.user, _password(config))
        write_sealed(keys, directory, SESSION, json.dumps(asdict(session)).encode())
    sealed_seeds = read_sealed(keys, directory, SEEDS)
    seeds = Seeds.from_bytes(sealed_seeds) if sealed_seeds else Seeds.generate()
    if sealed_seeds is None:
        write_sealed(keys, directory, SEEDS, seeds.to_bytes())
    # An identity published long ago needs no password: keys put back from the recovery key come without one.
    password = _password(config) if config.homeserver.password_file.exists() else None
    await bootstrap(url, session, seeds, password)
    if old is not None:
        take_over(session, old, *store)
        await sign_out_others(url, session, _password(config))
        (directory / f"{OLD_SESSION}.sealed").unlink()
    return session, seeds


def _session(keys: KeyRing, directory: Path, name: str) -> Session | None:
    kept = read_sealed(keys, directory, name)
    return None if kept is None else Session(**json.loads(kept))


async def forget_session(config: Config) -> None:
    """End the session for good; the next start signs in as a new device that can read what this one could."""
    async with only_one(config):
        retire_session(KeyRing.load(config.data.keys_directory), config.data.directory)
