"""A client that knows nothing of consentry, as a process of its own: what it says is what anybody finds there."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE
from typing import Any


async def told_by(client: str, *arguments: object, secret: str = "") -> list[Any] | None:
    """Run a client; return the first line that it prints, which is a list in JSON, or None where it found nothing.

    A secret goes to it by standard input: arguments are seen by everybody on the machine.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-c", client, *map(str, arguments)), stdin=PIPE, stdout=PIPE, stderr=DEVNULL
    )
    printed, _ = await process.communicate(secret.encode())
    return list(json.loads(printed.splitlines()[0])) if printed else None
