"""Whose turn it is: how fast one sender is heard, which of the intents that are due goes first, who carries it out, and how long
one that failed waits for its next try.

A sender is heard a burst at once, then at a steady rate, so that nobody can starve the rest. What exceeds the pace is not lost:
it rests, in order, until its sender's turn comes again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain import rooms
from bot.domain.identifiers import Account
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
from bot.domain.planned import Hands, Queue

BURST = 200  # an album of photos, and the words that go with it
EVERY = timedelta(milliseconds=500)

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


def stands_back(intent: Intent, before: Queue) -> bool:
    """Return whether this waits while something of that queue is under way, for `STANDS_BACK_FOR` at most.

    Somebody wants an answer about a photo that is fetched, and hears one that is being said: the homeserver does one thing at a
    time in a room, so what else it is asked to do there comes after. Whoever is put out of a room is at once (R25, R28a).
    """
    queue = queue_of(intent)
    if isinstance(intent, RemoveMember):
        return False
    if before is Queue.FETCH:
        return queue in {Queue.KEEP, Queue.FILE, Queue.TELL_TEAM, Queue.ERASE}
    return before is Queue.ANSWER and queue in {Queue.TELL_TEAM, Queue.ERASE}


def stands_back_from_copies(intent: Intent) -> bool:
    """Return whether this waits while a further copy is made, as long: the chat is cleared after that, and nobody waits."""
    return queue_of(intent) in {Queue.TELL_TEAM, Queue.ERASE, Queue.LOOK} and not isinstance(intent, RemoveMember)


class Pace:
    """One allowance for each sender, which fills up again as time passes."""

    def __init__(self, burst: int = BURST, every: timedelta = EVERY) -> None:
        self._burst = burst
        self._every = every
        self._spent: dict[Account, tuple[int, datetime]] = {}

    def take(self, sender: Account, now: datetime) -> bool:
        """Return whether the sender may be heard now; if so, count it."""
        spent, since = self._standing(sender, now)
        if spent >= self._burst:
            return False
        self._spent[sender] = (spent + 1, since)
        return True

    def resting(self, now: datetime) -> frozenset[Account]:
        """Return who has to wait; forget those who have their whole allowance back."""
        standings = {sender: self._standing(sender, now) for sender in self._spent}
        self._spent = {sender: standing for sender, standing in standings.items() if standing[0]}
        return frozenset(sender for sender, (spent, _) in self._spent.items() if spent >= self._burst)

    def _standing(self, sender: Account, now: datetime) -> tuple[int, datetime]:
        spent, since = self._spent.get(sender, (0, now))
        if now < since:  # the clock was set back: nobody has to wait until it catches up
            return spent, now
        regained = (now - since) // self._every
        return max(0, spent - regained), since + regained * self._every
