"""`consentry managers`: the first managers' one-time codes."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer
from rich.table import Table

from bot.config import Config
from bot.domain.identifiers import Account

from .terminal import CONFIG, ConfigFile, account_on, configured, console, plain


def managers(
    config: ConfigFile = CONFIG,
    also_clinician: Annotated[
        list[str] | None,
        typer.Option(
            help="Account of a manager who is a doctor too, such as lee; several: once for each. Asks for the name."
        ),
    ] = None,
) -> None:
    """Make a one-time code for each manager of the configuration who is not enrolled yet.

    The manager writes the code to the bot from that very account; the bot then knows the account and its keys, and the
    manager enrols everybody else. Codes are made anew each time; earlier ones stop working. The bot must not be running.

    Nobody can use an invitation they made themselves, so a manager who is a doctor gets both roles here, with one code.

        consentry managers
        consentry managers --also-clinician lee
    """
    from bot.operate.first_managers import manager_codes

    settings = configured(config)
    doctors = [Account(account_on(settings.homeserver.name, typed)) for typed in also_clinician or ()]
    clinicians = {account: _name_of(account, settings) for account in doctors}
    codes = asyncio.run(manager_codes(settings, clinicians))
    if not codes:
        console.print("Every manager of the configuration is enrolled already.")
        return
    table = Table("Manager", "Code", title="Hand each code over in person", title_justify="left")
    for account, code in codes.items():
        table.add_row(plain(account), plain(code))
    console.print(table)
    console.print(
        plain(f"Write the code to {settings.homeserver.user} from that account. It works once."), soft_wrap=True
    )


def _name_of(account: Account, settings: Config) -> str:
    """Patients are told who looks at their photos, so a doctor needs a name."""
    if account not in settings.managers.accounts:
        raise typer.BadParameter(f"{account} is not one of the managers of the configuration")
    name = ""
    while not name:
        name = " ".join(str(typer.prompt(f"Which name do patients know {account} by")).split())[:120]
    return name
