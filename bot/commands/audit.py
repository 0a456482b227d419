"""`consentry audit`: the log of everything that happened, whether it is whole, and what it says in plain words."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from ..domain.errors import Refused
from .terminal import CONFIG, ConfigFile, configured, console, plain, say

audit = typer.Typer(no_args_is_help=True, help="The log of everything that happened: check it, read it.")


@audit.callback()
def about() -> None:
    """The log of everything that happened: check it, read it."""


@audit.command()
def verify(
    checkpoints: Annotated[
        Path | None, typer.Option(help="Check only the checkpoints in this directory; needs --key, and nothing else.")
    ] = None,
    key: Annotated[str, typer.Option(help="The public key of the checkpoints, as this command prints it.")] = "",
    config: ConfigFile = CONFIG,
) -> None:
    """Say whether any entry of the audit log was changed, moved, inserted, removed, or cut off at the end.

    Each entry holds the hash of the one before it, and signed checkpoints outside the data directory know how long the
    log was. Details erased by law leave their place in the chain. Whoever keeps the checkpoints can check them alone:

        consentry audit verify

        consentry audit verify --checkpoints /mnt/elsewhere --key PUBLIC-KEY
    """
    from ..app import opened
    from ..audit_check import Checked, check_checkpoints, check_log

    async def checked() -> Checked:
        async with opened(settings, read_only=True) as kept:
            return await check_log(settings, kept)

    if checkpoints is not None or key:
        if checkpoints is None or not key:
            raise Refused("To check the checkpoints alone, name both --checkpoints and --key.")
        found = check_checkpoints(checkpoints, key, ZoneInfo("UTC"))
    else:
        settings = configured(config)
        found = asyncio.run(checked())
    if found.wrong:
        say(found.wrong)
        raise typer.Exit(1)
    for line in found.lines:
        console.print(plain(line), soft_wrap=True)
