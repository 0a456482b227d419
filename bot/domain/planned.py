"""Intents on their way: when they are due, how often they were tried, and which of those that are due go first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from . import rooms
from .intents import (
    Ask,
    CaptureImage,
    DestroyImage,
    DestroySealed,
    DestroyWords,
    DiscardImage,
    EraseCopy,
    FileDocument,
    FileImage,
    Intent,
    LeaveRoom,
    MoveImage,
    PrepareCopy,
    RemoveMember,
    Say,
    ScreenImage,
)


class Progress(StrEnum):
    """Of what is still to be done: nothing is kept of an intent that is done or cancelled."""

    DUE = "due"
    HELD = "held"  # given up: a person has been told


@dataclass(frozen=True, slots=True)
class Planned:
    """An intent on its way. `seq` is the order of planning.

    Of one `crowd` one at a time is carried out: whatever somebody's own slow server makes last must not take every hand.
    Unlike a lane it has no order, so that one that must wait holds no other up.
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


# Back-off: seconds before try n+1. Twenty hours in all, inside what the homeserver remembers of transaction ids;
# then `held`, and a person is told.
BACK_OFF = (1, 2, 4, 8, 15, 30, 60, 120, 300, 600, 900, *([1800] * 40))


class Hands(StrEnum):
    """Who carries an intent out. Those that keep wait for this machine most of the time, those that speak for the homeserver:
    with hands of their own neither waits for the other."""

    KEEPING = "keeping"
    SPEAKING = "speaking"


FOR_KEEPING = (
    CaptureImage,
    ScreenImage,
    FileImage,
    FileDocument,
    MoveImage,
    DiscardImage,
    DestroySealed,
    DestroyImage,
    DestroyWords,
    PrepareCopy,
)


def hands_for(intent: Intent) -> Hands:
    return Hands.KEEPING if isinstance(intent, FOR_KEEPING) else Hands.SPEAKING


def urgency(intent: Intent) -> int:
    """What goes first of all that is due: the smallest number, and of one number what was planned first.

    0 secures what was sent and answers the people it is from, 1 files it, 2 tells the team, 3 erases what is safe by then.
    `WHEN_IDLE` is begun only while nothing else is carried out: pictures are looked at then.
    A recall goes with the answers (R25). Whoever is put out of a room goes after what was to be erased there, and so does
    the bot itself.
    """
    match intent:
        case ScreenImage():
            return WHEN_IDLE
        case EraseCopy(hide_first=False) | RemoveMember() | LeaveRoom():
            return 3
        case Say(address=rooms.PRACTICE) | Ask(address=rooms.PRACTICE):
            return 2
        case FileImage():
            return 1
        case _:
            return 0


WHEN_IDLE = 4
