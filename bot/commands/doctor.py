"""`consentry doctor`: is everything in place, and how to mend what is not."""

from __future__ import annotations

import asyncio

import typer
from rich.table import Table
from rich.text import Text

from .terminal import CONFIG, ConfigFile, configured, console, plain


def doctor(config: ConfigFile = CONFIG) -> None:
    """Check each thing the bot needs, and say how to mend what is wrong.

    Changes nothing, and may be run while the bot runs. The exit code is 0 when nothing is wrong; what cannot be known
    yet (before the first start, say) is marked `?` and is no failure.

        consentry doctor
    """
    from ..doctor import examine

    settings = configured(config)
    findings = asyncio.run(examine(settings, config))
    table = Table(show_lines=False, pad_edge=False)
    table.add_column("")
    table.add_column("Checked", no_wrap=True)
    table.add_column("Found, and how to mend it", ratio=1)
    marks = {True: Text("✓", "green"), False: Text("✗", "bold red"), None: Text("?", "yellow")}
    for finding in findings:
        told = plain(finding.what)
        if finding.ok is not True and finding.mend:
            told = Text.assemble(told, "\n", Text.assemble("→ ", plain(finding.mend), style="cyan"))
        table.add_row(marks[finding.ok], finding.name, told)
    console.print(table)
    wrong = sum(finding.ok is False for finding in findings)
    console.print("Nothing is wrong." if not wrong else f"{wrong} to mend.")
    raise typer.Exit(1 if wrong else 0)
