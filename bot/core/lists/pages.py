"""One page of a list: what it is read from, what it says, and where the next one begins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.image import Image
from bot.domain.policy import Policy
from bot.ports import Commit

MOST = 20  # lines, or images, on a page


@dataclass(frozen=True, slots=True)
class View:
    """One moment of the journal, and the time at which it is looked at."""

    rows: Commit
    now: datetime
    policy: Policy

    @property
    def today(self) -> date:
        """Return the date at the practice."""
        return self.now.astimezone(self.policy.timezone).date()


@dataclass(frozen=True, slots=True)
class ListPage:
    """What is to be said. `about`: the images it names, as they were read; `after`: its end, where more follows.

    `names_somebody`: it leaves the chat again, like all words about people and images.
    """

    text: str
    about: tuple[Image, ...] = ()
    after: str = ""
    lines: int = 0
    names_somebody: bool = False


def oldest_first(*several: Iterable[Image]) -> list[Image]:
    """Return the images of several lists in the order they came, each once."""
    found = {image.id: image for images in several for image in images}
    return sorted(found.values(), key=lambda image: (image.received_at, image.id))
