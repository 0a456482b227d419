"""Which of the intents that are due goes first, who carries it out, and how long one that failed waits for its next try."""

from __future__ import annotations

from datetime import timedelta

from bot.domain import rooms
from bot.domain.intents import (
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
from bot.domain.planned import (
    Hands,
    Queue,
)

# Back-off: seconds before try n+1. Twenty hours in all, inside what the homeserver remembers of transaction ids;
# then `held`, and a person is told.
BACK_OFF = (1, 2, 4, 8, 15, 30, 60, 120, 300, 600, 900, *([1800] * 40))

STANDS_BACK_FOR = timedelta(seconds=1)


def queue_of(intent: Intent) -> Queue:
    match intent:
        case CaptureImage():
            return Queue.FETCH
        case FileImage():
            return Queue.FILE
        case ScreenImage():
            return Queue.LOOK
        case (
            FileDocument()
            | MoveImage()
            | DiscardImage()
            | DestroySealed()
            | DestroyImage()
            | DestroyWords()
            | PrepareCopy()
        ):
            return Queue.KEEP
        case Say(address=rooms.PRACTICE) | Ask(address=rooms.PRACTICE):
            return Queue.TELL_TEAM
        case EraseCopy(hide_first=False) | RemoveMember() | LeaveRoom():
            return Queue.ERASE
        case _:
            return Queue.ANSWER


def hands_for(intent: Intent) -> Hands:
    return next(hands for hands in Hands if queue_of(intent) in hands.value)


def stands_back(queue: Queue) -> bool:
    """Return whether this queue waits while photos are fetched whose senders want an answer, for `STANDS_BACK_FOR` at most."""
    return queue in {Queue.KEEP, Queue.FILE, Queue.TELL_TEAM, Queue.ERASE}


def urgency(queue: Queue) -> int:
    """Return the rank of a queue among the queues of all hands: the smallest goes first."""
    return queue % 10
