"""A place that gets further copies of what is filed, and what makes and removes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.assurance import Assurance, Left, Residue
from bot.domain.consignment import Consignment, Ref
from bot.domain.destination import Destination


@dataclass(frozen=True, slots=True)
class Moved:
    """Where the copy lies under the right patient, and what is left of the one under the wrong patient."""

    ref: dict[str, str]
    residue: Residue


class FurtherCopy(Protocol):
    """One place. `OutsideFailure` says in a short code what is wrong with the place: away, hangs, full, differs, unwritable;
    `Permanent` that it will not have this one copy. Everything is safe to do twice.
    """

    async def there(self) -> bool:
        """Return whether the place answers, and is the one that was taken into use."""

    async def begin(self) -> None:
        """Take the place into use; called only where nothing was ever placed."""

    async def try_out(self) -> bool:
        """Write something of our own, read it back and remove it; take nothing into use.

        Return False where it was only asked, because what is written would stay or is not taken.
        """

    async def place(self, consignment: Consignment, ref: Ref) -> dict[str, str]:
        """Put a copy there, unless it is there by our own id; return how to find it again."""

    async def confirm(self, ref: Ref) -> Assurance:
        """Ask anew how sure the copy is, and claim nothing that the place does not show now."""

    async def move(self, ref: Ref, to: Consignment) -> Moved:
        """Put the copy under the right patient and read it back; only then remove the one at `ref`. Neither names the other."""

    async def remove(self, ref: Ref) -> Residue:
        """Remove the copy, and observe it gone; say so where that is not within reach. Gone already is success."""


class FoundOut(Protocol):
    """How a place takes copies, where it has to be found out; the next copy finds it out again once it was forgotten."""

    async def noted(self) -> str:
        """Return it in a short code; "" while nobody knows."""

    async def forget(self) -> None: ...


@dataclass(frozen=True, slots=True)
class CopyPlace:
    """A destination, and what speaks to it. `found_out`: None where its kind has but one way to take copies."""

    destination: Destination
    copy: FurtherCopy
    found_out: FoundOut | None = None


class Copying(Protocol):
    """What keeps the further copies."""

    @property
    def is_copying(self) -> bool:
        """Return whether a copy is being made or asked about now."""

    async def secured(self, entry_id: str) -> bool:
        """Return whether every copy that the purge waits for is as sure as it must be: only then may chat copies go.

        Return True for what was never filed.
        """

    async def give_up_moving(self, entry_ids: Sequence[str]) -> None:
        """Say which copies of re-filed entries lie in places that are no longer configured, where nobody moves them (R15)."""

    async def take_out(self, entry_ids: Sequence[str]) -> Mapping[str, Left]:
        """Remove all further copies of entries that are destroyed; return what is left of any, by destination (R23).

        `OutsideFailure` while a place is away that may still hold one.
        """


class Packer(Protocol):
    """What makes of a filed entry what may leave."""

    async def packed(self, original: Consignment, destination: Destination) -> Consignment:
        """Return the entry in the form this destination gets; `Permanent` where it must not or can't go there."""
