"""`consentry run`: the bot itself."""

from __future__ import annotations

import asyncio
import logging

from .terminal import CONFIG, ConfigFile, configured


class OneLine(logging.Formatter):
    """Log records that stay one line each.

    People choose the ids of devices and accounts: none may begin a line of its own, or steer a terminal.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:
        line = super().formatMessage(record)
        return "".join(
            character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
            for character in line
        )


def run(config: ConfigFile = CONFIG) -> None:
    """Run the bot until it is stopped (Ctrl-C or SIGTERM).

    Nothing is lost by stopping it, even by pulling the plug: what was decided is carried out when it runs again. One bot
    per data directory; a second one is refused. The log (stderr) holds ids and states, never names or pictures.

    As a service:

        consentry run --config /srv/practice/config.toml
    """
    from bot.operate import app

    settings = configured(config)
    to_stderr = logging.StreamHandler()
    to_stderr.setFormatter(OneLine("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[to_stderr])
    asyncio.run(app.run(settings))
