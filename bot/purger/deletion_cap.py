"""How often the purger may delete: a limit per hour and one per minute, of which one owner has at most a third.

Deletions are counted over the register, so that a restart earns nothing. Somebody who takes over the bot can then destroy only so
much before it is noticed, and somebody who floods the bot with media leaves two thirds to everybody else.

Pure: times come in.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta

_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)
OWNERS_SHARE = 3  # one owner has this part of each limit


class RateCap:
    """The count of deletions. Setting the clock back lets nothing more through: later times count as just now.

    `past` says when each earlier deletion was begun and whose media it was, as `Register.begun` has it.
    """

    def __init__(self, per_hour: int, per_minute: int, past: Iterable[tuple[datetime, str]] = ()) -> None:
        self._limits = ((_HOUR, per_hour), (_MINUTE, per_minute))
        self._begun = deque(past, maxlen=max(per_hour, per_minute))

    def wait(self, whose: str, now: datetime) -> float:
        """Return the seconds until this owner's next deletion is allowed; 0.0 when it is allowed now."""
        of_all = [at for at, _ in self._begun]
        of_theirs = [at for at, owner in self._begun if owner == whose]
        waits = [0.0]
        for window, limit in self._limits:
            for times, most in ((of_all, limit), (of_theirs, max(1, limit // OWNERS_SHARE))):
                if len(times) >= most:
                    waits.append((min(times[-most], now) + window - now).total_seconds())
        return max(waits)

    def count(self, whose: str, now: datetime) -> None:
        """Count one deletion that was begun."""
        self._begun.append((now, whose))
