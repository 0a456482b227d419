"""`consentry page`: the page from which patients send."""

from __future__ import annotations

import asyncio
import signal

from .terminal import CONFIG, ConfigFile, configured, console, plain


def page(config: ConfigFile = CONFIG) -> None:
    """Serve the page from which patients send, until stopped (Ctrl-C or SIGTERM).

    A link that `!enrol` and `!link` give out opens it in any browser; nothing is installed. It holds no keys and opens no
    database. It listens on this machine only: put a reverse proxy with a certificate in front, at the address that `url` in
    `[page]` names.

        consentry page
    """
    from bot.page import PageServer, PageSettings, load_bundle

    practice = configured(config)
    settings = PageSettings(
        practice=practice.practice.name,
        assistant=practice.homeserver.user,
        emergency_text=practice.practice.emergency_text,
        homeserver=practice.homeserver.url,
        largest_photo=practice.images.max_bytes,
        listen=practice.page.listen,
        phone=practice.practice.phone,
    )
    server = PageServer(load_bundle(), settings)

    async def serve() -> None:
        stop = asyncio.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
        try:
            await server.start()
            console.print(plain(f"ready: http://{settings.listen}"), soft_wrap=True)
            await stop.wait()
        finally:
            await server.stop()

    asyncio.run(serve())
