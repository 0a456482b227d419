"""What `consentry destinations` reads and writes, with the bot running or stopped."""

from __future__ import annotations

from dataclasses import dataclass

from bot.config import Config
from bot.domain.assurance import Level
from bot.domain.delivery_events import TriedAnew, delivery_after
from bot.domain.delivery_reasons import OF_ONE_PATIENT
from bot.domain.destination import Destination
from bot.domain.errors import Refused
from bot.ids import SystemClock
from bot.ports import AuditEntry, Commit, CopyPlace, DeliveryCount
from bot.words import at_the_computer

from .kept import Kept, opened

MOST_SHOWN = 20
TRIED_ANEW = (Level.WAITING, Level.REFUSED, Level.UNKNOWN)


@dataclass(frozen=True, slots=True)
class PlaceStanding:
    """How much stands how at one destination. `stuck`: what a person must look at, with the reason, oldest first."""

    destination: Destination
    counts: tuple[DeliveryCount, ...]
    stuck: tuple[tuple[str, str], ...]


async def standings(config: Config) -> list[PlaceStanding]:
    async with opened(config, read_only=True) as kept:
        async with kept.journal.reading() as rows:
            counts = await rows.delivery_counts()
        return [
            PlaceStanding(
                place.destination,
                tuple(count for count in counts if count.destination == place.destination.name),
                await _stuck(kept, place.destination.name),
            )
            for place in kept.places
        ]


async def fill(config: Config, name: str) -> int:
    """Let everything that was filed before wait for this destination too; return how much that is."""
    async with opened(config) as kept:
        to = _named(kept, name).destination
        more = await kept.record.fill(to)
        async with kept.journal.transaction() as rows:
            await _note(rows, "destination.filled", to.name, more)
        return more


async def try_anew(config: Config, name: str | None) -> int:
    """Let what was refused, failed or is unknown be tried again, at one destination or all; return how much that is."""
    tried = 0
    async with opened(config) as kept:
        places = kept.places if name is None else (_named(kept, name),)
        async with kept.journal.transaction() as rows:
            now = SystemClock().now()
            for to in (place.destination.name for place in places):
                found = [one for state in TRIED_ANEW for one in await rows.deliveries.in_state(to, state)]
                for delivery in (*found, *await rows.deliveries.lacking_beside(to)):
                    anew = delivery_after(delivery, TriedAnew(now))
                    if anew != delivery:
                        await rows.deliveries.save(anew)
                        tried += 1
                await _note(rows, "destination.retried", to, tried)
        for place in places:
            if place.found_out is not None:
                await place.found_out.forget()
    return tried


async def try_out(config: Config, name: str) -> tuple[Destination, bool]:
    """Write something of our own there, read it back and remove it; raise `OutsideFailure` with a short code.

    Return also whether it was written: an archive is only asked, for what is written there stays. How the place takes copies is
    found out anew on the way.
    """
    async with opened(config) as kept:
        place = _named(kept, name)
        return place.destination, await place.copy.try_out()


def _named(kept: Kept, name: str) -> CopyPlace:
    found = [place for place in kept.places if place.destination.name.casefold() == name.strip().casefold()]
    if not found:
        raise Refused(at_the_computer.unknown_destination([place.destination.name for place in kept.places]))
    return found[0]


async def _stuck(kept: Kept, name: str) -> tuple[tuple[str, str], ...]:
    async with kept.journal.reading() as rows:
        stuck = [
            delivery
            for state in (Level.REFUSED, Level.UNKNOWN)
            for delivery in await rows.deliveries.in_state(name, state)
        ] + await rows.deliveries.lacking_beside(name)
    told = []
    for delivery in [delivery for delivery in stuck if not delivery.is_withheld][:MOST_SHOWN]:
        if delivery.residue is None and (held := await kept.record.held(delivery.entry_id)) is not None:
            entry, _ = await kept.record.filed(delivery.entry_id)
            whose = f" of patient {held.patient.mrn}" if delivery.why in OF_ONE_PATIENT else ""
            told.append((f"{entry.about} {entry.kind.value}{whose}".strip(), delivery.why))
    return tuple(told)


async def _note(rows: Commit, action: str, name: str, entries: int) -> None:
    await rows.audit(AuditEntry("operator", action, name, {"entries": entries}), SystemClock().now())
