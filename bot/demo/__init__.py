"""The demo: a practice on this machine with a real homeserver, real encryption and an independent client; it shows which
promises are kept.

`play` sets the stage in a directory of its own, plays the story, and prints a table of promises, each with how it was
observed. It needs the source checkout, because the independent client lives under `tests/peer`.
"""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

from rich.console import Console

from .promises import Promises
from .stage import DemoStage
from .three_acts import tell

HOME = Path(".work") / "demo"


async def play(keep: bool = False, home: Path = HOME) -> int:
    """Play the demo and return the exit code: 0 when every promise was seen kept."""
    console = Console()
    await asyncio.to_thread(shutil.rmtree, home, ignore_errors=True)
    promises = Promises(console)
    async with DemoStage(home, console, brief=not keep) as stage:
        await tell(stage, promises, console)
        if keep:
            await _linger(stage, console)
    promises.show()
    return 0 if promises.all_kept else 1


async def _linger(stage: DemoStage, console: Console) -> None:
    """Leave everything running and print the logins, until Ctrl-C."""
    console.print(stage.logins())
    stopped = asyncio.Event()
    try:
        await stopped.wait()
    except asyncio.CancelledError:
        console.print("Stopping.")
