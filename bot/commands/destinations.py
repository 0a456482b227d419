"""`consentry destinations`: the places that get further copies of what is filed, and how sure each copy is."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from bot.domain.assurance import Level
from bot.domain.errors import OutsideFailure, Permanent
from bot.words import about_further_copies as words

from .terminal import CONFIG, ConfigFile, configured, console, plain

destinations = typer.Typer(
    no_args_is_help=True, help="The places that get further copies of what is filed: list, try, fill, retry."
)

Name = Annotated[str, typer.Argument(help="As `consentry destinations list` names it.")]


@destinations.command("list")
def list_(config: ConfigFile = CONFIG) -> None:
    """List each place with what it has, how sure that is, and what a person must look at.

    How sure is said on one scale: verified (read back identical under the right patient), accepted, taken, waiting, refused,
    unknown. The bot may be running or stopped.

        consentry destinations list
    """
    from bot.operate.manage_destinations import standings

    found = asyncio.run(standings(configured(config)))
    if not found:
        console.print("There is none; config.example.toml explains [[destinations]] and [record] mirror.")
        return
    table = Table(show_lines=True)
    for heading in ("Place", "Gets", "The purge waits for", "Has"):
        table.add_column(heading, ratio=2 if heading == "Has" else None)
    for standing in found:
        to = standing.destination
        counts = [
            f"{count.entries:,} {words.assured(count.state, count.form, count.why)}"
            for count in sorted(standing.counts, key=lambda count: list(Level).index(count.state))
        ]
        has = Text("\n").join(plain(line) for line in counts or ["nothing yet"])
        for what, why in standing.stuck:
            has.append_text(Text.assemble("\n! ", plain(f"{what}: {words.meaning(why)}"), style="yellow"))
        gets = "everything, sealed" if to.sealed else words.form(to.form) + (", staff only" if to.staff_only else "")
        table.add_row(plain(to.name), gets, to.wait.value if to.wait else "nothing", has)
    console.print(table)


@destinations.command("try")
def try_(name: Name, config: ConfigFile = CONFIG) -> None:
    """Write something of our own to a place, read it back and remove it; find out anew how it takes photos.

    Nothing about patients goes there, and nothing is left; an archive, where it would stay, is only asked. It does not show that
    anybody takes what is put there.

        consentry destinations try "Practice software"
    """
    from bot.operate.manage_destinations import try_out

    try:
        to, was_written = asyncio.run(try_out(configured(config), name))
    except Permanent:
        raise
    except OutsideFailure as why:
        raise Permanent("not-well", f"it does not work: {words.meaning(str(why))}") from None
    if was_written:
        console.print("It works: written, read back, and removed again.")
    elif to.is_archive:
        console.print("It works: it answers; nothing was written, which would stay there.")
    else:
        console.print(
            "It answers, and took no file by itself: photos go within their documents. Whether it takes those shows with the "
            "next one."
        )


@destinations.command()
def fill(name: Name, config: ConfigFile = CONFIG) -> None:
    """Let everything that was filed before go to a place too.

    A new place gets what is filed from then on; this adds what lacks, oldest first, and sends nothing twice. The bot does it
    while it runs.

        consentry destinations fill "Practice software"
    """
    from bot.operate import manage_destinations

    more = asyncio.run(manage_destinations.fill(configured(config), name))
    console.print(f"{more:,} more wait for it; the bot takes them there while it runs.")


@destinations.command()
def retry(
    name: Annotated[str | None, typer.Argument(help="One place only; all of them when left out.")] = None,
    config: ConfigFile = CONFIG,
) -> None:
    """Let what was refused, failed or is unknown be tried again.

    What lies there already is asked about again, and sent no second time.

        consentry destinations retry
    """
    from bot.operate import manage_destinations

    tried = asyncio.run(manage_destinations.try_anew(configured(config), name))
    console.print(f"{tried:,} are tried again; the bot does it while it runs.")
