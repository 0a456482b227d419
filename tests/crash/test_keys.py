"""Killed at any step of `keys restore`: whatever is there is right, and once more completes it; a wrong key writes nothing."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path

import pytest

import bot.durable
from bot.config import Config
from bot.domain.errors import Permanent
from bot.domain.identifiers import Account
from bot.durable import UNFINISHED
from bot.operate.backup import keys_file
from bot.operate.backup.keys_file import back_up_keys, restore_keys
from bot.operate.kept import opened
from bot.operate.sealed_files import SEEDS
from bot.operate.setup import Answers, write_practice
from storage.vault import key_ring
from storage.vault.key_ring import FILE, KeyRing
from tests.dying import die_at, is_killed

STEPS = (
    "open",
    "fdopen",
    "fsync",
    "link",
    "replace",
    "rename",
    "unlink",
    "write_durably",
    "appearing",
    "sync_directory",
)


def practice(directory: Path) -> tuple[Config, bytes, Path]:
    """A practice with a record and a password, the secret on paper, and a file of `keys backup`."""
    lee = Account("@lee:localhost")
    answers = Answers("Harbour", "Australia/Sydney", Account("@bot:localhost"), "http://localhost:1", False, [lee], lee)
    config, _ = write_practice(directory / "config.toml", answers, "a password")
    asyncio.run(begun(config))
    ring = KeyRing.load(config.data.keys_directory)
    seeds = config.data.directory / f"{SEEDS}.sealed"
    seeds.write_bytes(ring.seal_secret(SEEDS, b"seeds"))
    asyncio.run(back_up_keys(config, directory / "usb" / "keys"))
    return config, ring.recovery_secret(), directory / "usb" / "keys"


async def begun(config: Config) -> None:
    """Have a record that the key can be tried on."""
    async with opened(config):
        pass


def elsewhere(config: Config, directory: Path) -> Config:
    """The same practice, with its data and keys in another place."""
    password = directory / "keys" / config.homeserver.password_file.name
    data = config.data.model_copy(update={"directory": directory / "data", "keys_directory": directory / "keys"})
    homeserver = config.homeserver.model_copy(update={"password_file": password})
    return config.model_copy(update={"data": data, "homeserver": homeserver})


def parts(config: Config) -> dict[str, bytes]:
    """All that a restore puts back, where it is there."""
    keys, seeds = config.data.keys_directory, config.data.directory / f"{SEEDS}.sealed"
    return {path.name: path.read_bytes() for path in (*keys.iterdir(), seeds) if path.exists()}


def test_killed_anywhere_it_writes_nothing_wrong_and_completes_when_it_is_done_again(tmp_path: Path) -> None:
    config, secret, file = practice(tmp_path / "whole")
    whole = parts(config)
    step, killed = 0, True
    while killed:
        step += 1
        here = tmp_path / str(step)
        shutil.copytree(config.data.directory, here / "data")
        (here / "data" / f"{SEEDS}.sealed").unlink()
        lost = elsewhere(config, here)

        def restored(step: int = step, lost: Config = lost) -> None:
            die_at(step, (os, bot.durable, keys_file, key_ring), STEPS)
            restore_keys(lost, secret, file)

        killed = is_killed(restored)
        there = parts(lost) if (here / "keys").exists() else {}
        finished = {name: data for name, data in there.items() if name[0] != "." and not name.endswith(UNFINISHED)}
        assert finished.items() <= whole.items()
        with pytest.raises(Permanent):
            restore_keys(lost, bytes(32), None)
        restore_keys(lost, None if FILE in there else secret, file)
        assert KeyRing.load(here / "keys").recovery_secret() == secret
        assert parts(lost) == whole, f"after a death before step {step}"
    assert step > 10
