"""`consentry demo`: the whole story, played on this machine."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer


def demo(
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave homeserver and bot running, and print the logins.")
    ] = False,
    record: Annotated[
        str | None,
        typer.Option("--record", help="Which record the practice has besides: folder, hl7-folder, fhir, dicomweb."),
    ] = None,
) -> None:
    """Play the story of one photo, on a real homeserver with real encryption, and show what was observed.

    Takes about a minute and leaves nothing behind on the network: everything listens on this machine only. Ends with a
    table of promises; the exit code is 0 when every one was kept.

        consentry demo

        consentry demo --keep            # then join with any Matrix app

        consentry demo --record folder   # the practice gets copies in a folder, and the photo is read back from there
    """
    from bot.demo import play
    from bot.demo.own_record import KINDS

    if record is not None and record not in KINDS:
        raise typer.BadParameter(f"must be one of: {', '.join(KINDS)}")
    raise typer.Exit(asyncio.run(play(keep, record=record)))
