"""`consentry audit`: the log of everything that happened, and whether it is whole."""

from __future__ import annotations

import asyncio

import typer

from .terminal import CONFIG, ConfigFile, configured, console, plain, say

audit = typer.Typer(no_args_is_help=True, help="Check the log of everything that happened.")


@audit.callback()
def about() -> None:
    """Check the log of everything that happened."""


@audit.command()
def verify(config: ConfigFile = CONFIG) -> None:
    """Walk the whole audit chain and say whether any entry was changed, moved, inserted or removed.

    Each entry holds the hash of the one before it. Note the last hash somewhere else now and then: if it is ever missing
    from a later chain, the end was cut off. Details erased by law leave their place in the chain.

        consentry audit verify
    """
    from storage.audit import Verified
    from storage.audit import verify as walk

    from ..app import opened

    async def walked() -> Verified:
        async with opened(settings, read_only=True) as kept, kept.database.reading() as connection:
            return await walk(connection)

    settings = configured(config)
    found = asyncio.run(walked())
    if found.broken is not None:
        say(f"The audit log is broken at entry {found.broken.seq}: {found.broken.what}.")
        say("Stop the bot, keep this data directory as it is, and compare it with a backup.")
        raise typer.Exit(1)
    erased = f", {found.erased} of them with details erased" if found.erased else ""
    console.print(plain(f"Whole: {found.rows} entries{erased}."))
    console.print(plain(f"Last hash: {found.head}"), soft_wrap=True)
