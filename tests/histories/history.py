"""Hold a history in order, and answer what was known up to a moment of it."""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from .observed import Account, Delivered, Event, Filed, Held, Mrn, PatientKnown, Person, Photo, PhotoSent

T = TypeVar("T", bound=Event)
F = TypeVar("F", bound=Callable[..., Any])
BEGINNING = datetime.min.replace(tzinfo=ZoneInfo("UTC"))


@dataclass
class History:
    """All that was done and seen, in order. A *moment* is how many events had happened by then."""

    zone: ZoneInfo
    events: list[Event] = field(default_factory=list)
    known: dict[Any, Any] = field(default_factory=dict)  # what was derived once: the past does not change
    _of: dict[type, list[int]] = field(default_factory=dict)

    def add(self, event: Event) -> int:
        """Add what happened next; return its index."""
        self.events.append(event)
        self._of.setdefault(type(event), []).append(len(self.events) - 1)
        return len(self.events) - 1

    @property
    def now(self) -> int:
        """Return the present moment."""
        return len(self.events)

    def time(self, moment: int) -> datetime:
        """Return what the clock showed at a moment."""
        return self.events[moment - 1].at if moment else BEGINNING

    def of(self, kind: type[T], until: int, since: int = 0) -> Iterator[tuple[int, T]]:
        """Go through what is of a kind, with its index, in the order it happened."""
        found = self._of.get(kind, [])
        for index in found[bisect_left(found, since) : bisect_left(found, until)]:
            yield index, self.events[index]  # type: ignore[misc]

    def last(self, kind: type[T], until: int, **where: object) -> tuple[int, T] | None:
        """Return the last of a kind that agrees in these fields."""
        found = self._of.get(kind, [])
        for index in reversed(found[: bisect_left(found, until)]):
            event = self.events[index]
            if all(getattr(event, name) == value for name, value in where.items()):
                return index, event  # type: ignore[return-value]
        return None

    def holder(self, account: Account, moment: int) -> Person | None:
        """Return whose account it was."""
        found = self.last(Held, moment, account=account)
        return found[1].person if found else None

    def holder_name(self, account: Account, moment: int) -> str:
        """Return the name of whose account it was."""
        found = self.last(Held, moment, account=account)
        return found[1].name if found else ""

    def patient(self, mrn: Mrn, moment: int) -> PatientKnown | None:
        """Return what is known of a patient."""
        found = self.last(PatientKnown, moment, mrn=mrn)
        return found[1] if found else None

    def sent(self, photo: Photo, moment: int) -> tuple[int, PhotoSent] | None:
        """Return who sent a picture, and when."""
        return self.last(PhotoSent, moment, photo=photo)

    def delivery(self, event_id: str, moment: int) -> tuple[int, Delivered] | None:
        """Return an event as it was delivered, if it was."""
        return self.last(Delivered, moment, event_id=event_id)

    def moves(self, photo: Photo, moment: int) -> list[tuple[int, Mrn]]:
        """Return under whom a picture was filed, one after the other."""
        filed: list[tuple[int, Mrn]] = []
        for index, entry in self.of(Filed, moment):
            if photo in entry.pictures and (not filed or filed[-1][1] != entry.mrn):
                filed.append((index, entry.mrn))
        return filed


def derived(fact: F) -> F:
    """Derive a fact once for each moment it is asked about. Whoever gets it must not change it."""

    @wraps(fact)
    def known(history: History, *args: Any) -> Any:
        key = (fact, args)
        if key not in history.known:
            history.known[key] = fact(history, *args)
        return history.known[key]

    return cast(F, known)
