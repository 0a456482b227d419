"""How often the purger may delete: a limit per hour and one per minute, counted over the register, so that a restart
earns nothing. Whoever takes over the bot can then destroy only so much before somebody notices.

Pure: times come in.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta

_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)


class RateCap:
    """Counts deletions. A clock set back lets nothing more through: later times count as just now."""

    def __init__(self, per_hour: int, per_minute: int, past: Iterable[datetime] = ()) -> None:
        self._limits = ((_HOUR, per_hour), (_MINUTE, per_minute))
        self._times = deque(past, maxlen=max(per_hour, per_minute))

    def wait(self, now: datetime) -> float:
        """Seconds until the next one is allowed; 0.0 when it is now."""
        waits = [0.0]
        for window, limit in self._limits:
            if len(self._times) >= limit:
                waits.append((min(self._times[-limit], now) + window - now).total_seconds())
        return max(waits)

    def count(self, now: datetime) -> None:
        """One was begun."""
        self._times.append(now)
