"""The destinations: whether each is there, what waits for it or was refused, and who may open it."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from bot.config import Config
from bot.config.destination_kinds import ConfiguredDestination
from bot.domain.assurance import Level
from bot.domain.delivery_reasons import LACKS_BESIDE, MOVING, NO_PLACE, UNREAD, WITHHELD
from bot.domain.destination import CAPABILITIES
from bot.domain.errors import OutsideFailure
from bot.operate.kept import Kept
from bot.ports import CopyPlace, DeliveryCount
from bot.words import about_further_copies as words
from storage.outside.far_disk import FarDisk

from .finding import Finding

PATIENCE = 10.0  # seconds


async def further_copies(config: Config, kept: Kept) -> AsyncIterator[Finding]:
    """Yield a finding for each destination."""
    async with kept.journal.reading() as rows:
        counts = await rows.delivery_counts()
        begun = {to.name: await rows.delivery_begun(to.name) for to in config.destinations}
        failing = {to.name: await rows.deliveries_failing(to.name) for to in config.destinations}
    places = {place.destination.name: place for place in kept.places}
    for to in config.destinations:
        mine = [count for count in counts if count.destination == to.name]
        yield await _finding(to, places[to.name], mine, begun[to.name], len(failing[to.name]))
    for name in sorted({count.destination for count in counts} - places.keys()):
        yield _not_configured(name, [count for count in counts if count.destination == name])


async def _finding(
    to: ConfiguredDestination, place: CopyPlace, mine: Sequence[DeliveryCount], was_begun: bool, failing: int
) -> Finding:
    what = _counted(mine)
    directories = tuple(to.directories.values())
    try:
        async with asyncio.timeout(PATIENCE):
            there = await place.copy.there()
            modes = await FarDisk("hangs", PATIENCE).do(lambda: [_mode(at) for at in directories])
    except OutsideFailure as why:
        mend = f'`consentry destinations try "{to.name}"`; what waits goes there as soon as it works'
        return Finding(to.name, False, f"{words.meaning(str(why))}; {what or 'nothing waits for it'}", mend)
    except TimeoutError:
        mend = "see whether that computer is on and the network up; what waits goes there as soon as it answers"
        return Finding(to.name, False, f"it does not answer; {what or 'nothing waits for it'}", mend)
    if None in modes or (not there and was_begun):
        mend = "mount it, or see whether it runs; what waits goes there then"
        return Finding(to.name, False, f"it is not there; {what or 'nothing waits for it'}", mend)
    if not mine:
        mend = (
            f'`consentry destinations try "{to.name}"`; the next filing goes there, `fill` adds what was filed before'
        )
        return Finding(to.name, None, "nothing has gone there yet", mend)
    if any(_needs_a_look(count) for count in mine):
        mend = "`consentry destinations list` says which; `consentry destinations retry`"
        return Finding(to.name, False, what, mend)
    if failing:  # that it answers does not show that it takes anything
        mend = (
            f'`consentry destinations try "{to.name}"` shows whether it takes anything; whoever runs it should look. '
            "What waits is tried again by itself, and at once with `consentry destinations retry`"
        )
        return Finding(to.name, False, f"{what}; of {failing:,} the last try failed", mend)
    if Level.VERIFIED in CAPABILITIES[to.kind].shows:
        way = await place.found_out.noted() if place.found_out is not None else ""
        return Finding(to.name, True, f"{what}; {words.takes(way)}" if way else what)
    return Finding.risk(
        to.name,
        f"{what}. It can't be asked what it has, or in whose record; what lies there is NOT SEALED"
        + (", and ANYBODY on this machine may open it" if any((mode or 0) & stat.S_IROTH for mode in modes) else ""),
        "let nobody open it who may not read photos, and see from time to time that what is taken arrives",
    )


def _not_configured(name: str, mine: Sequence[DeliveryCount]) -> Finding:
    """Say what became of a place that was taken out of the configuration, or got another name there."""
    what = f"{_counted(mine)}; it is no longer configured, so nothing is put there, moved there or removed from there"
    if any(count.why in {MOVING, NO_PLACE} for count in mine):
        mend = (
            "a copy may lie there under the wrong patient: the practice room hears of which photo when the bot starts; have it "
            "removed there, or configure the place again under this name"
        )
        return Finding(name, False, what, mend)
    return Finding(name, None, what, "nothing, unless it was to stay: then configure it again under this name")


def _counted(mine: Sequence[DeliveryCount]) -> str:
    return ", ".join(f"{count.entries:,} {words.assured(count.state, count.form, count.why)}" for count in mine)


def _needs_a_look(count: DeliveryCount) -> bool:
    return count.why in {*LACKS_BESIDE, UNREAD} or (
        count.state in (Level.REFUSED, Level.UNKNOWN) and count.why not in WITHHELD
    )


def _mode(directory: Path) -> int | None:
    """Return the mode of a directory; None when it is not there. A share may have a list of people of its own besides."""
    try:
        return directory.stat().st_mode
    except OSError:
        return None
