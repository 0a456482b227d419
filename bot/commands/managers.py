"""`consentry managers`: the first managers' one-time codes."""

from __future__ import annotations

import asyncio

from rich.table import Table

from .terminal import CONFIG, ConfigFile, configured, console, plain


def managers(config: ConfigFile = CONFIG) -> None:
    """Make a one-time code for each manager of the configuration who is not enrolled yet.

    The manager writes the code to the bot from that very account; the bot then knows the account and its keys, and the
    manager enrols everybody else. Codes are made anew each time; earlier ones stop working. The bot must not be running.

        consentry managers
    """
    from ..managers import manager_codes

    settings = configured(config)
    codes = asyncio.run(manager_codes(settings))
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
