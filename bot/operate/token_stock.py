"""The stock of registration tokens: each patient's invitation takes one, and a link that has none can't be given out.

The homeserver's owner puts them into a pool; from there the journal is filled up again for as long as the bot runs. A pool that
is empty, or in use, stops nothing: it is looked for again.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from bot.domain.errors import OutsideFailure
from bot.homeserver import TokenPool
from bot.ports import Clock
from storage.journal.encrypted_journal import EncryptedJournal

KEPT = 20
LOOK_EVERY = 5.0  # seconds
log = logging.getLogger("consentry.tokens")


class TokenStock:
    """`lasts` is for how long an invitation that is made now is good: its token has to be good for longer."""

    def __init__(self, pool: TokenPool, journal: EncryptedJournal, clock: Clock, lasts: timedelta) -> None:
        self._pool = pool
        self._journal = journal
        self._clock = clock
        self._lasts = lasts
        self._trouble = ""

    async def run_for_ever(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                await self.fill()
                trouble = ""
            except OutsideFailure as why:
                trouble = str(why)
            if trouble and trouble != self._trouble:  # once, however long it lasts
                log.warning("no registration tokens at the moment: %s", trouble)
            self._trouble = trouble

    async def fill(self) -> None:
        """Take from the pool what is missing, as far as it is there."""
        until = self._clock.now() + self._lasts
        for _ in range(KEPT - await self._journal.free_registration_tokens(until)):
            token = await asyncio.to_thread(self._pool.take, until + timedelta(days=1))
            if token is None:
                return
            await self._journal.offer_registration_token(token.token, token.expires)
