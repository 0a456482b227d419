"""Before the first act: Kim and Dr Lee, who work here, join."""

from __future__ import annotations

from .players import Play
from .stage import SERVER


async def the_practice_opens(play: Play) -> None:
    play.kim = await play.enters("kim", play.stage.manager_code, "Kim, manager and reception, joins")
    invited = await play.enrol(f'!enrol clinician @lee:{SERVER} "Dr Lee"')
    play.lee = await play.enters("lee", invited.code, "Dr Lee joins")
    play.team = await play.lee.joins(team=True)
    await play.kim.joins(team=True)
