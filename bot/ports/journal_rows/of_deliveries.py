"""Questions about entries on their way to further copies."""

from __future__ import annotations

from bot.domain.assurance import Level
from bot.domain.delivery import OPEN, Delivery
from bot.domain.delivery_reasons import LACKS_BESIDE, MOVING
from bot.domain.identifiers import DeliveryId

from .one_table import Rows, Several


class DeliveryRows(Rows[Delivery, DeliveryId]):
    async def of_entries(self, entry_ids: Several[str]) -> list[Delivery]:
        """Return all deliveries of these entries, also those whose copy was taken out."""
        return await self._table.find(entry_id=list(entry_ids)) if entry_ids else []

    async def to(self, destination: str, entry_id: str) -> Delivery | None:
        return await self._table.first(destination=destination, entry_id=entry_id)

    async def in_state(self, destination: str, state: Level) -> list[Delivery]:
        return await self._table.find(destination=destination, state=state)

    async def lacking_beside(self, destination: str) -> list[Delivery]:
        """Return what is verified there, but for what programs read beside it."""
        return await self._table.find(destination=destination, state=Level.VERIFIED, why=sorted(LACKS_BESIDE))

    async def moving(self, destination: str) -> list[Delivery]:
        """Return what is to move there, because its entry is another patient's now."""
        return await self._table.find(destination=destination, state=sorted(OPEN), why=MOVING)
