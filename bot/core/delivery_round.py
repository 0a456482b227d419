"""What became of everything that was due at one place, and whose trouble a failure is: the place's, or one entry's own.

A place that answers may have trouble with one photo: it is too much for it, or its patient is closed to the bot there. While
others go there, that is told of the entry, and holds up no other. While nothing goes, nobody can tell, and it is the place's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

MOST_ALIKE = 3  # failures one after another
_PLACE = ""  # the id of no entry
OFTEN = 4  # failures of one entry in a row, until it is told: half a minute


@dataclass(frozen=True, slots=True)
class DidNotGo:
    """Why an entry did not go there, in a short code, how often in a row, and the photo it is about."""

    why: str
    tries: int
    about: str


@dataclass(slots=True)
class Round:
    """`apart`: the entries whose failures say nothing of the place."""

    apart: Collection[str] = ()
    done: int = 0
    placed: int = 0
    failed: dict[str, DidNotGo] = field(default_factory=dict)
    _alike: int = 0
    _apart: int = 0

    def went(self, *, placed: bool) -> None:
        self.done += 1
        if placed:
            self.placed, self._alike = self.placed + 1, 0

    def failed_at(self, entry_id: str, failed: DidNotGo) -> None:
        self.failed[entry_id] = failed
        if entry_id in self.apart:
            self._apart += 1
        else:
            self._alike += 1

    @property
    def takes_nothing(self) -> bool:
        """Return whether so much failed in a row that more would not tell more: it is the place's trouble."""
        return self._alike >= MOST_ALIKE

    @property
    def is_long(self) -> bool:
        """Return whether so much failed that is known to, that whatever came meanwhile should have its turn."""
        return self._apart >= MOST_ALIKE


@dataclass(slots=True)
class Troubles:
    """`of_place`: its trouble in a short code, "" while it is well. `apart`: what failed and fails while others go."""

    of_place: str = ""
    apart: set[str] = field(default_factory=set)
    told: dict[str, str] = field(default_factory=dict)  # of whom people were told, and the photo it is about

    def begin(self, told: Mapping[str, str]) -> None:
        """Go on from what people were told, as `as_told` gives it."""
        self.of_place = told.get(_PLACE, "")
        self.told = {entry_id: about for entry_id, about in told.items() if entry_id != _PLACE}
        self.apart = set(self.told)

    def as_told(self, entries: Mapping[str, str]) -> Mapping[str, str]:
        """Return what people were told and is not over: of the place, and of these entries."""
        return {**entries, **({_PLACE: self.of_place} if self.of_place else {})}

    def stopped(self, why: str) -> None:
        """The place failed as a whole: what fails now may go once it is well."""
        self.of_place, self.apart = why, set(self.told)

    def ended(self, round: Round, failing: set[str]) -> None:
        """The place answered to the end of a round, after which these entries are left that failed."""
        if round.placed:
            self.apart |= failing
        self.apart &= failing | self.told.keys()
        others = [failed.why for entry_id, failed in round.failed.items() if entry_id not in self.apart]
        if round.placed or not failing - self.apart:
            self.of_place = ""
        elif others and not self.of_place:
            self.of_place = others[-1]

    def to_tell(self, round: Round) -> Mapping[str, DidNotGo]:
        """Return what people are to hear of now: it failed again and again, while others went."""
        return {
            entry_id: failed
            for entry_id, failed in round.failed.items()
            if entry_id in self.apart and entry_id not in self.told and failed.tries >= OFTEN
        }
