"""`consentry run`: the bot itself."""

from __future__ import annotations

import asyncio
import logging

from .terminal import CONFIG, ConfigFile, configured


def run(config: ConfigFile = CONFIG) -> None:
    """Run the bot until it is stopped (Ctrl-C or SIGTERM).

    Nothing is lost by stopping it, even by pulling the plug: what was decided is carried out when it runs again. One bot
    per data directory; a second one is refused. The log (stderr) holds ids and states, never names or pictures.

    As a service:

        consentry run --config /srv/practice/config.toml
    """
    from .. import app

    settings = configured(config)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    asyncio.run(app.run(settings))
