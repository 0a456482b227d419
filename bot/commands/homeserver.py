"""`consentry homeserver`: the embedded homeserver and its purger."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from .terminal import CONFIG, ConfigFile, account_on, configured, console, plain


def homeserver(
    config: ConfigFile = CONFIG,
    directory: Annotated[
        Path | None, typer.Option(help="Where it keeps its files. Default: `homeserver` beside the configuration.")
    ] = None,
    account: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only make an account, asking for its password, and end.")
    ] = None,
) -> None:
    """Run the embedded homeserver and the purger until stopped (Ctrl-C or SIGTERM).

    It is set up for forgetting: deleted messages are erased after an hour, nobody joins without an invitation of the
    practice, nothing is shared with other homeservers. At the first start it makes the bot's account.

    It listens on this machine only. For people's phones put a reverse proxy with a certificate in front, one that does
    **not** pass on `/_synapse/admin`.

        consentry homeserver

    An account for the first manager, while it runs:

        consentry homeserver --account lee
    """
    from bot.operate.embedded_homeserver import Embedded

    settings = configured(config)
    embedded = Embedded(settings, (directory or config.absolute().parent / "homeserver"))
    if account is not None:
        name, _, server = account_on(settings.homeserver.name, account).removeprefix("@").partition(":")
        if server != settings.homeserver.name:
            raise typer.BadParameter(f"accounts are made on {settings.homeserver.name} only")
        password = typer.prompt(
            f"Password for {account} (at least 10 characters)", hide_input=True, confirmation_prompt=True
        )
        made = asyncio.run(embedded.make_account(name, password))
        console.print(plain(f"{made} can sign in at {settings.homeserver.url}."), soft_wrap=True)
        return
    asyncio.run(embedded.run(lambda sentence: console.print(plain(sentence), soft_wrap=True)))
