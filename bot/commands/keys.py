"""`consentry keys`: what opens the record, and what the bot is to others."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from .terminal import CONFIG, ConfigFile, configured, console, plain, recovery_secret, working

keys = typer.Typer(no_args_is_help=True, help="Back up, put back and renew the keys.")


@keys.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The file to write; it must not exist.")], config: ConfigFile = CONFIG
) -> None:
    """Write what the bot is into one small file that only the recovery key opens.

    In it: the bot's password, the identity people know it by, its session, the keys of its chats. Not in it: the recovery key
    itself, and the record, which `consentry backup` copies. The bot may run.

        consentry keys backup /mnt/backup/consentry-keys
    """
    from bot.operate.backup.keys_file import back_up_keys

    asyncio.run(back_up_keys(configured(config), file))
    console.print(
        plain(f"Written and read back: {file}. It opens with the recovery key on paper only."), soft_wrap=True
    )


@keys.command()
def restore(
    file: Annotated[Path | None, typer.Argument(help="A file that `consentry keys backup` wrote.")] = None,
    config: ConfigFile = CONFIG,
) -> None:
    """Put lost keys back: the root key from the recovery key on paper, everything else from a file of `keys backup`.

    Asks for the recovery key at a prompt, unless the root key is there, and tries it on the data and the file before it writes
    anything. What is there is never replaced. Stop the bot first.

        consentry keys restore
        consentry keys restore /mnt/backup/consentry-keys
    """
    from bot.domain.errors import Permanent
    from bot.operate.backup.keys_file import restore_keys
    from bot.operate.kept import only_one
    from storage.vault.key_ring import FILE, never_replaced

    settings = configured(config)
    root = settings.data.keys_directory / FILE
    there = root.exists()
    if there and file is None:
        raise Permanent("keys-exist", never_replaced(root))
    secret = None if there else recovery_secret()

    async def put_back() -> list[str]:
        async with only_one(settings):
            return restore_keys(settings, secret, file)

    put = asyncio.run(put_back())
    console.print(plain(f"Put back: {', '.join(put)}." if put else "Nothing was missing."), soft_wrap=True)
    console.print("`consentry doctor` checks that everything opens.")


@keys.command()
def rotate(config: ConfigFile = CONFIG) -> None:
    """Renew the vault's master key, which every photo's own key is wrapped with. The bot may run meanwhile.

    No photo is touched. The old key is destroyed as soon as nothing is wrapped with it; stopped anywhere, the command goes on
    where it was. It does not change the recovery key, and backups made before still hold the old key.

        consentry keys rotate
    """
    from bot.ids import SystemClock
    from bot.operate.kept import opened
    from storage.vault.rotation import Rotated, Rotation

    settings = configured(config)

    async def rotated() -> Rotated:
        async with opened(settings) as kept:
            with working() as told:
                rotation = Rotation(kept.database, kept.masters, kept.vault, SystemClock().now)
                return await rotation.run(lambda done, every: told("Wrapping", done, every))

    done = asyncio.run(rotated())
    console.print(
        f"Master key {done.version} is in use, {done.wrapped} photos are wrapped with it, older keys are gone."
    )
