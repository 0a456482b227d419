"""Questions about entries on their way to further copies."""

from __future__ import annotations

from bot.domain.assurance import Level
from bot.domain.delivery import Delivery
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
