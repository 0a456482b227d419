"""`consentry doctor`: is everything in place, and how to mend what is not."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from bot.config import Config

from .terminal import CONFIG, ConfigFile, configured, console, plain

if TYPE_CHECKING:
    from bot.operate.doctor.deep import Deep


def doctor(
    deep: Annotated[
        bool, typer.Option("--deep", help="Compare record, files, ledger and homeserver, one by one: takes its time.")
    ] = False,
    repair: Annotated[bool, typer.Option("--repair", help="Mend what can be mended; the bot must be stopped.")] = False,
    unclaimed_media: Annotated[
        bool,
        typer.Option(
            "--unclaimed-media",
            help="With --repair: erase people's media that no ledger knows; only if they use no other chats here.",
        ),
    ] = False,
    config: ConfigFile = CONFIG,
) -> None:
    """Check each thing the bot needs, and say how to mend what is wrong.

    Changes nothing, and may be run while the bot runs. The exit code is 1 when something is wrong (`✗`). What was chosen so and
    is a risk (no second copy, no purger) is marked `!`, what cannot be known yet (before the first start, say) `?`; neither
    is a failure.

        consentry doctor

        consentry doctor --deep --repair
    """
    from bot.operate.doctor import examine

    settings = configured(config)
    if deep or repair or unclaimed_media:
        raise typer.Exit(asyncio.run(_compare(settings, repair=repair, erase_peoples=repair and unclaimed_media)))
    findings = asyncio.run(examine(settings, config))
    table = Table(show_lines=False, pad_edge=False)
    table.add_column("")
    table.add_column("Checked", no_wrap=True)
    table.add_column("Found, and how to mend it", ratio=1)
    marks = {True: Text("✓", "green"), False: Text("✗", "bold red"), None: Text("?", "yellow")}
    risk = Text("!", "bold yellow")
    for finding in findings:
        told = plain(finding.what)
        if finding.ok is not True and finding.mend:
            told = Text.assemble(told, "\n", Text.assemble("→ ", plain(finding.mend), style="cyan"))
        table.add_row(risk if finding.risky else marks[finding.ok], finding.name, told)
    console.print(table)
    wrong = sum(finding.ok is False for finding in findings)
    risks = [finding.name.lower() for finding in findings if finding.risky]
    console.print("Nothing is wrong." if not wrong else f"{wrong} to mend.")
    if risks:
        console.print(Text(f"A risk until it is changed: {', '.join(risks)}.", "bold yellow"))
    raise typer.Exit(1 if wrong else 0)


async def _compare(settings: Config, *, repair: bool, erase_peoples: bool) -> int:
    """Compare, and return the exit code: 0 when everything agrees, or was mended."""
    from bot.operate.doctor.deep import opened_deep

    left = total = 0
    async with opened_deep(settings, repair=repair, erase_peoples=erase_peoples) as comparing:
        async for found in comparing.deviations():
            total += 1
            console.print(Text.assemble(("✗ ", "bold red"), plain(found.what), " ", plain(found.lost)), soft_wrap=True)
            if repair and found.repair is not None:
                await found.repair()
                console.print(Text("  Mended.", "green"))
                continue
            left += 1
            how = " `consentry doctor --deep --repair` does it, with the bot stopped." if found.repair else ""
            console.print(Text.assemble(("→ ", "cyan"), plain(found.mend + how)), soft_wrap=True)
        for unseen in await _not_compared(comparing):
            console.print(Text.assemble(("? ", "yellow"), plain(unseen)), soft_wrap=True)
    if not total:
        console.print("All that was compared agrees.")
    return 1 if left else 0


async def _not_compared(comparing: Deep) -> list[str]:
    """Return sentences about what could not be compared."""
    unseen = []
    if comparing.client is None:
        unseen.append("The chat was not compared with the homeserver: the bot has not signed in yet.")
    if comparing.purger is None or not await comparing.purger.available():
        unseen.append("Media that no ledger knows was not looked for: there is no purger, or it does not answer.")
    return unseen
