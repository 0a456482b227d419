"""`consentry audit`: the log of everything that happened, whether it is whole, and what it says in plain words."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from bot.domain.errors import Refused
from bot.words.at_the_computer import name_both

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
    from bot.operate.audit.check import Checked, check_checkpoints, check_log
    from bot.operate.kept import opened

    async def checked() -> Checked:
        async with opened(settings, read_only=True) as kept:
            return await check_log(settings, kept)

    if checkpoints is not None or key:
        if checkpoints is None or not key:
            raise Refused(name_both())
        found = check_checkpoints(checkpoints, key, ZoneInfo("UTC"))
    else:
        settings = configured(config)
        found = asyncio.run(checked())
    if found.wrong:
        say(found.wrong)
        raise typer.Exit(1)
    for line in found.lines:
        console.print(plain(line), soft_wrap=True)


@audit.command()
def show(
    named: Annotated[str, typer.Argument(metavar="IMG-7F3K|MRN|@ACCOUNT", help="An image, a patient, or a person.")],
    config: ConfigFile = CONFIG,
) -> None:
    """Tell who did what to an image, for a patient, or as a person: every entry of the log, in plain words.

    Times are those of the practice's clock. Of what was destroyed when its time was over the entries remain, without details.

        consentry audit show IMG-7F3K
    """
    from bot.operate.audit.story import Story, story_of
    from bot.operate.kept import opened

    async def read() -> Story:
        async with opened(settings, read_only=True) as kept:
            return await story_of(kept, named.strip())

    settings = configured(config)
    story = asyncio.run(read())
    if not story.lines:
        console.print("The log has nothing about that.")
        return
    table = Table(title=plain(f"{story.title}: {len(story.lines)} entries"), title_justify="left")
    several = len({line.concerns for line in story.lines}) > 1
    table.add_column("When", no_wrap=True)
    table.add_column("Who")
    table.add_column("What", ratio=1)
    if several:
        table.add_column("Image", no_wrap=True)
    for line in story.lines:
        when = line.at.astimezone(settings.practice.zone).strftime("%Y-%m-%d %H:%M")
        cells = [plain(when), plain(line.who), plain(line.what)]
        table.add_row(*cells, *([plain(line.concerns)] if several else []))
    console.print(table)


@audit.command()
def breaches(config: ConfigFile = CONFIG) -> None:
    """List what reached the wrong person and is being assessed, whole: whom it is about, what was done, and until when.

    In a chat a manager reads only what names nobody of whom they may not know. Names appear on your screen.

        consentry audit breaches
    """
    from bot.core.breaches import breaches_in_words
    from bot.operate.kept import opened

    async def read() -> list[str]:
        async with opened(settings, read_only=True) as kept, kept.journal.reading() as rows:
            return await breaches_in_words(rows, settings.practice.zone)

    settings = configured(config)
    for line in asyncio.run(read()) or ["No breach is being assessed."]:
        console.print(plain(line), soft_wrap=True)
