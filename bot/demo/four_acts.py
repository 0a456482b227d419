"""The story of the demo, in four acts: a photo from a browser; one from an app; advice and another purpose; what is left.

People act through the independent client. What is promised is observed from their side, from the homeserver's answers, and
from the command line in a new process after the bot has stopped.
"""

from __future__ import annotations

from rich.console import Console

from .first_act import first_act
from .last_act import everything_fades, nothing_in_clear_on_disk, the_record_is_there
from .opening import the_practice_opens
from .players import Play
from .promises import Promises
from .record_act import it_is_in_their_record_too
from .second_act import second_act
from .stage import DemoStage
from .third_act import third_act


async def tell(stage: DemoStage, promises: Promises, console: Console) -> Play:
    """Play all of it, and return who is on stage. On a stage that is not brief the bot runs on afterwards."""
    play = Play(stage, promises, console)
    await stage.start_bot()
    await the_practice_opens(play)
    await first_act(play)
    shown = await second_act(play)
    await third_act(play)
    if stage.brief:
        await everything_fades(play, shown)
    if stage.record is not None:
        await it_is_in_their_record_too(play, stage.record)
    code = await stage.stop_bot()
    promises.saw("The bot stops cleanly", code == 0, f"exit code {code} on SIGTERM")
    await the_record_is_there(play)
    nothing_in_clear_on_disk(play)
    if not stage.brief:
        await stage.start_bot()
    return play
