"""Intents on their way: when they are due, how often they were tried, and in which queue they wait."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, IntEnum, StrEnum

from .identifiers import CopyId
from .intents import Ask, Intent, Say, SendCopy, ShowPicture


class Progress(StrEnum):
    """How far an intent has come that is still to be carried out: nothing is kept of one that is done or cancelled."""

    DUE = "due"
    HELD = "held"  # given up: a person has been told


@dataclass(frozen=True, slots=True)
class Planned:
    """An intent on its way. `seq` is the order of planning.

    Intents of one `crowd` are carried out one at a time: what somebody's own slow server makes last must not take every hand.
    Unlike a lane a crowd has no order, so that an intent that must wait holds up no other.
    """

    id: str
    lane: str
    due_at: datetime
    intent: Intent
    attempts: int = 0
    progress: Progress = Progress.DUE
    trouble: str = ""
    planned_at: datetime | None = None
    crowd: str = ""
    seq: int = 0

    @property
    def posts(self) -> tuple[CopyId, ...]:
        """Return the copies that ledger what the intent posts."""
        match self.intent:
            case Say(copy_ids=several):
                return several
            case Ask(copy_id=copy_id) | ShowPicture(copy_id=copy_id) | SendCopy(copy_id=copy_id) if copy_id:
                return (copy_id,)
        return ()


def due_again(planned: Planned, at: datetime) -> Planned:
    """Return it as if it had never been tried: a person mended the cause, or asks for it once more."""
    return replace(planned, progress=Progress.DUE, attempts=0, due_at=at, trouble="")


def after_last_try(planned: Planned, trouble: str) -> Planned:
    """Return it after its last try: it waits for a person."""
    return replace(planned, attempts=planned.attempts + 1, progress=Progress.HELD, trouble=trouble)


class Queue(IntEnum):
    """Where an intent waits. Each kind of worker takes from its first queue first, and from each queue what was due first.

    Securing what was sent and answering the people it is from come before filing, that before telling the team, that before
    erasing what is safe by then. Somebody is put out of a room after what was to be erased there, and so is the bot.
    """

    FETCH = 0
    KEEP = 10
    FILE = 11
    LOOK = 14  # begun only while nothing else is carried out
    ANSWER = 20  # with recalls (R25)
    TELL_TEAM = 22
    ERASE = 23


class Hands(Enum):
    """Who carries intents out, and from which queues.

    Those that keep wait for this machine most of the time, those that speak for the homeserver: with hands of their own neither
    waits for the other. What was fetched is filed while the next photos arrive.
    """

    FETCHING = (Queue.FETCH,)
    KEEPING = (Queue.KEEP, Queue.FILE, Queue.LOOK)
    SPEAKING = (Queue.ANSWER, Queue.TELL_TEAM, Queue.ERASE)
