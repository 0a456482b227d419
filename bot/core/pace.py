"""How fast one sender is heard: a burst at once, then at a steady rate, so that nobody can starve the rest.

What is beyond the pace is not lost: it rests, in order, until its sender's turn comes again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

BURST = 200  # an album of photos, and the words with it
EVERY = timedelta(milliseconds=500)


class Pace:
    """One allowance for each sender, filled up again as time passes."""

    def __init__(self, burst: int = BURST, every: timedelta = EVERY) -> None:
        self._burst = burst
        self._every = every
        self._spent: dict[str, tuple[int, datetime]] = {}

    def take(self, sender: str, now: datetime) -> bool:
        """Whether the sender may be heard now; if so it counts."""
        spent, since = self._standing(sender, now)
        if spent >= self._burst:
            return False
        self._spent[sender] = (spent + 1, since)
        return True

    def resting(self, now: datetime) -> frozenset[str]:
        """Who has to wait. Whoever has their whole allowance back is forgotten."""
        standings = {sender: self._standing(sender, now) for sender in self._spent}
        self._spent = {sender: standing for sender, standing in standings.items() if standing[0]}
        return frozenset(sender for sender, (spent, _) in self._spent.items() if spent >= self._burst)

    def _standing(self, sender: str, now: datetime) -> tuple[int, datetime]:
        spent, since = self._spent.get(sender, (0, now))
        if now < since:  # the clock was set back: nobody waits until it has caught up
            return spent, now
        regained = (now - since) // self._every
        return max(0, spent - regained), since + regained * self._every
