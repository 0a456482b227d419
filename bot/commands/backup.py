"""`consentry backup` and `consentry restore`."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .terminal import CONFIG, ConfigFile, configured, console, plain, recovery_secret, working

if TYPE_CHECKING:
    from bot.operate.backup.restore import Restored


def _duration(words: str) -> timedelta:
    from bot.config.values import duration

    try:
        return duration(words)
    except ValueError:
        raise typer.BadParameter("a whole number and s, m, h or d, such as 35d") from None


def backup(
    directory: Annotated[Path, typer.Argument(help="Where backups go: a directory on another disk or machine.")],
    config: ConfigFile = CONFIG,
    keep_for: Annotated[
        timedelta | None,
        typer.Option(
            parser=_duration,
            metavar="<duration>",
            help="Once this one counts, remove older backups of this practice there that were made longer ago, such as 35d.",
        ),
    ] = None,
) -> None:
    """Back up the record while everything runs, and read the backup back before it counts.

    Each time a new directory, complete in itself. Old ones stay, and with them what was destroyed since, until you remove
    them or say for how long to keep them. In it: record, sealed photos, log, chat keys, configuration, and of an embedded
    homeserver its accounts and rooms. **Not in it: the keys.** For those there is the recovery key on paper, and
    `consentry keys backup`.

        consentry backup /mnt/backup --keep-for 35d
    """
    from bot.operate.backup.expire import expire
    from bot.operate.backup.make import back_up
    from storage.vault.key_ring import KeyRing

    settings = configured(config)
    with working() as told:
        made = asyncio.run(back_up(settings, config, directory, told))
    console.print(
        plain(f"Backed up and read back, with {made.objects} photos and files: {made.directory}"), soft_wrap=True
    )
    if keep_for is not None:
        keys = KeyRing.load(settings.data.keys_directory)
        for name in asyncio.run(expire(made.directory, keys, keep_for)):
            console.print(plain(f"Its time was over, and it is removed: {name}"))
    if directory.stat().st_dev == settings.data.directory.stat().st_dev:
        console.print(plain("It is on the same disk as the record. If that disk dies, both are gone."), style="yellow")
    console.print(
        "Not in it: the keys (the recovery key on paper, `consentry keys backup`), and what comes from now on."
    )


def restore(
    backup: Annotated[Path, typer.Argument(help="One backup: a directory named consentry-… by `consentry backup`.")],
    config: ConfigFile = CONFIG,
) -> None:
    """Restore a backup onto a new machine, or where the data was lost.

    What was destroyed since, as its time of keeping was over, is destroyed again; where the register of that could not be read is
    said. Asks for the recovery key, unless the keys are there. Everything is read back before it counts; nothing that is there is
    replaced. The bot then signs in as a new device under its old identity, and the old device is signed out.

        consentry restore /mnt/backup/consentry-20270301-020000
    """
    from bot.operate.backup.restore import restore as put_back

    with working() as told:
        restored = asyncio.run(put_back(backup, config, recovery_secret, told))
    settings = restored.config
    console.print(
        plain(f"Restored and read back, with {restored.objects} photos and files: {settings.data.directory}"),
        soft_wrap=True,
    )
    for line in (*_of_what_was_destroyed(restored), *_of_what_is_lost(restored)):
        console.print(plain(line), style="yellow", soft_wrap=True)
    if not settings.homeserver.password_file.exists():
        console.print(
            plain(
                f"The bot's password is missing: `consentry keys restore FILE`, or write it into "
                f"{settings.homeserver.password_file} (chmod 600)."
            ),
            soft_wrap=True,
        )
    console.print("Then `consentry doctor`, and `consentry run`. What came after the backup is not in it.")


def _of_what_was_destroyed(restored: Restored) -> Iterator[str]:
    for back in restored.again:
        what = f"{back.line.ref}, {back.line.what} of MRN {back.line.mrn}, was destroyed on {back.line.decided_at:%Y-%m-%d}"
        if back.held_by_law:
            yield (
                f"{what}, and a legal hold in this backup keeps it. Once a manager has ended the hold, and with the bot stopped, "
                "`consentry doctor --deep --repair` destroys it again."
            )
        elif back.on_its_way:
            yield f"{what}, and was still on its way when this backup was made: once it is filed, write !destroy {back.line.ref}."
        else:
            yield f"{what}, and is destroyed again."
    for place in restored.unread:
        yield (
            f"{place} could not be looked into: what only the register there names as destroyed is back. Once it is there, and "
            "with the bot stopped, `consentry doctor --deep --repair` destroys it again."
        )


def _of_what_is_lost(restored: Restored) -> Iterator[str]:
    for file in restored.unopened:
        yield f"{file} does not open: what it holds came after this backup, and is not back. Keep it, and try a later backup."
