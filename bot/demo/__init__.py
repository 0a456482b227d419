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
from rich.text import Text

from bot.stop_signals import stop_when_told

from .four_acts import tell
from .newcomers import how_to_join, invite_newcomers
from .own_record import own_record
from .promises import Promises
from .stage import DemoStage

HOME = Path(".work") / "demo"


async def play(keep: bool = False, home: Path = HOME, record: str | None = None) -> int:
    """Play the demo and return the exit code: 0 when every promise was seen kept.

    `record` says which kind of further record the practice has. With `keep` everything runs on until it is told to stop, and
    newcomers may join. However this ends, all that it started ends.
    """
    stop_when_told()
    console = Console()
    await asyncio.to_thread(shutil.rmtree, home, ignore_errors=True)
    promises, told = Promises(console), False
    own = own_record(record, home) if record is not None else None
    try:
        async with DemoStage(home, console, brief=not keep, record=own) as stage:
            acted = await tell(stage, promises, console)
            promises.show()
            told = True
            if keep:
                newcomers = await invite_newcomers(acted)
                console.print(Text(how_to_join(stage, *newcomers)), soft_wrap=True)
                await asyncio.Event().wait()
    except asyncio.CancelledError:
        console.print("Stopped.")
    return 0 if told and promises.all_kept else 1
