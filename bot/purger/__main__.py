"""`python -m bot.purger`: run the purger until it is told to stop; it writes `ready` once it listens.

Secrets are paths; nothing secret is an argument.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import resource
import sys
from pathlib import Path

from bot.stop_signals import stop_when_told

from .deletion_cap import RateCap
from .deletion_log import Register
from .homeserver_media import HomeserverMedia
from .refusals import CannotServe
from .server import PurgeServer


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bot.purger", description=__doc__)
    parser.add_argument(
        "--socket", type=Path, required=True, help="Unix socket to listen on, in a directory of mode 700"
    )
    parser.add_argument("--homeserver", required=True, help="address of the homeserver: loopback, or https")
    parser.add_argument("--token-file", type=Path, required=True, help="file (mode 600) with the administrator's token")
    parser.add_argument("--register", type=Path, required=True, help="file that remembers every id deleted")
    parser.add_argument("--per-hour", type=_positive, default=600, help="most deletions in an hour (default 600)")
    parser.add_argument(
        "--per-minute", type=_positive, help="most deletions in a minute (default a fifth of --per-hour)"
    )
    chosen = parser.parse_args(arguments)

    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold the token
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("aiohttp").setLevel(logging.WARNING)
    try:
        with contextlib.suppress(asyncio.CancelledError):
            asyncio.run(_serve(chosen))
    except (CannotServe, OSError) as problem:
        sys.stderr.write(f"purger: {problem}\n")
        return 1
    return 0


async def _serve(chosen: argparse.Namespace) -> None:
    media = HomeserverMedia(chosen.homeserver, chosen.token_file)
    register = Register(chosen.register)
    try:
        cap = RateCap(chosen.per_hour, chosen.per_minute or max(1, chosen.per_hour // 5), register.begun)
        server = PurgeServer(chosen.socket, media, register, cap)
        stop_when_told()
        await server.start()
        try:
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            await asyncio.Event().wait()
        finally:
            await server.close()
    finally:
        register.close()


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


if __name__ == "__main__":
    sys.exit(main())
