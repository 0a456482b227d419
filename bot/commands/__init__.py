"""The command line, one file per command or pair of commands; `terminal` is shared. Thin: a command reads options, calls one part
of the product, and prints.
"""

from __future__ import annotations

from typing import Annotated

import typer

from bot import __version__

from .audit import audit
from .backup import backup, restore
from .confirm import confirm
from .consents import consents
from .demo import demo
from .destinations import destinations
from .doctor import doctor
from .homeserver import homeserver
from .init import init
from .keys import keys
from .leaflet import leaflet
from .managers import managers
from .page import page
from .record import record
from .run import run
from .sign_in import sign_in
from .verify import verify
from .wording import wording

app = typer.Typer(
    name="consentry",
    no_args_is_help=True,
    add_completion=False,
    # Local variables in a printed traceback could hold names or keys.
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def consentry(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which one.")
    ] = False,
) -> None:
    """Clinical images over Matrix: filed with consent, verified, and purged from the chat.

    A new practice: `consentry init`, then what it says. To see it first: `consentry demo`.

    A tool, not legal or medical advice, and not for emergencies.
    """


for command in (init, homeserver, doctor, managers, run, page, leaflet, verify, confirm, demo, backup, restore):
    app.command()(command)
app.command("sign-in")(sign_in)
app.add_typer(keys, name="keys")
app.add_typer(record, name="record")
app.add_typer(destinations, name="destinations")
app.add_typer(consents, name="consents")
app.add_typer(audit, name="audit")
app.add_typer(wording, name="wording")
