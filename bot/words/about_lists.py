"""How lists are read out to those who work here: what waits, for how long and with whom, without a name of a patient."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from bot.domain.identifiers import ImageId, PersonId
from bot.domain.image import Image, State

from .phrases import A_REASON_WAS_GIVEN, MISFILED, quoted
from .sentence import sentence
from .typed import typed

NOTHING_WAITS = "Nothing is waiting."
WAITING = "Waiting, the longest first:"
YOURS = "Yours, in the record:"
THERE_IS_MORE = f"There is more.{typed(' To go on, write “more”.')}"
THERE_IS_MORE_HERE = "There is more. To go on, write “!list more”."
LONGEST_REASON = 80

STANDS: Mapping[State, str] = MappingProxyType(
    {
        State.RECEIVED: "still only in the chat",
        State.CAPTURED: "waiting for an answer",
        State.READY: "being filed",
        State.FILED: "being read back",
        State.VERIFIED: "in the record",
        State.HELD: "on hold",
        State.DISCARDED: "not kept",
        State.LEFT_WITH_SENDER: "left with its sender",
        State.DESTROYED: "destroyed",
    }
)


@sentence
def nothing_more() -> str:
    return "There is no more to read out. To begin again, write the command alone."


def age(since: datetime, now: datetime) -> str:
    """Return how long ago that was, in the largest unit of which it is at least one: "2 days"."""
    past = max(now - since, timedelta())
    for unit, length in (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1))):
        if past >= length:
            count = past // length
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return "just now"


@dataclass(frozen=True, slots=True)
class Lines:
    """How images are listed at a moment: `takers` are the names of those who took them."""

    now: datetime
    takers: Mapping[PersonId, str]
    without_a_note: Set[ImageId]
    kept_back: Set[ImageId] = frozenset()  # the reader may not read what their senders wrote (R33a)

    def under(self, title: str, groups: Iterable[Sequence[Image]]) -> list[str]:
        """Return the title and a line for each image; of those of one patient, that they are. Nothing where there is none."""
        told = [line for group in groups for line in self._group(group)]
        return [title, *told] if told else []

    def _group(self, images: Sequence[Image]) -> list[str]:
        lines = [self._line(image) for image in images]
        if len(images) == 1:
            return lines
        return [f"Same patient: {', '.join(image.ref for image in images)}", *(f"· {line}" for line in lines)]

    def _line(self, image: Image) -> str:
        reason = MISFILED if image.misfiled else quoted(image.reason or "no reason yet", LONGEST_REASON)
        if image.id in self.kept_back and image.reason:
            reason = A_REASON_WAS_GIVEN
        taker = self.takers.get(image.taken_by, "nobody yet")
        note = " · needs a note" if image.id in self.without_a_note else ""
        waits = age(image.received_at, self.now)
        return f"{image.ref} · {waits} · {reason} · {STANDS[image.state]} · taken by {taker}{note}"
