"""A FHIR server that others wrote is killed, and so is who delivers: each entry is there once, identical, with no orphan.

A few in every run; CONSENTRY_COPIES=25 (`make copies`) kills each of the two so many times.
"""

from __future__ import annotations

import asyncio
import base64
import os
import random
import threading
from contextlib import AsyncExitStack
from pathlib import Path

from aiohttp import web

from bot.domain.assurance import Assurance, Level
from bot.domain.errors import OutsideFailure
from storage.sql.database import Database
from tests.contract.a_place import ANN, PHOTO, SAM
from tests.contract.fhir_places import OnSekmet, patient
from tests.fhir_between import Fault, between
from tests.fhir_sekmet import Sekmet, sekmet

DEATHS = int(os.environ.get("CONSENTRY_COPIES", "3"))
SEED = int(os.environ.get("CONSENTRY_SEED", "1"))
VERIFIED = Assurance(Level.VERIFIED)


class Killer:
    """Kills the server while it answers one of the next requests, once it is told to."""

    def __init__(self, server: Sekmet, chance: random.Random) -> None:
        self.deaths = 0
        self._server, self._chance, self._in = server, chance, -1
        self._kills: list[threading.Timer] = []

    def soon(self) -> None:
        self._in = self._chance.randrange(6)

    def is_over(self) -> None:
        """Return once nobody is going to be killed any more."""
        for kill in self._kills:
            kill.join()

    def chooses(self, _number: int, _request: web.Request) -> Fault | None:
        if self._in == 0:
            self.deaths += 1
            self._kills.append(threading.Timer(self._chance.uniform(0, 0.03), self._server.kill))
            self._kills[-1].start()
        self._in -= 1
        return None


async def test_each_entry_is_there_once_however_often_the_server_and_the_deliverer_die(tmp_path: Path) -> None:
    chance, died = random.Random(SEED), 0
    with sekmet(tmp_path) as server:
        async with AsyncExitStack() as stack:
            proxy = await stack.enter_async_context(between(server.url))
            database = await Database.open(tmp_path / "notes.db", b"k" * 32)
            stack.push_async_callback(database.close)
            at, killer = OnSekmet(server, database, stack, proxy.url), Killer(server, chance)
            for known in (SAM, ANN):
                await at.put(patient(known))
            proxy.chooses = killer.chooses
            entries = [(f"e{number}", chance.choice((SAM, ANN))) for number in range(3 * DEATHS)]
            for number, (entry, whose) in enumerate(entries):
                if number % 3 == 0:
                    killer.soon()
                is_to_die = number % 3 == 1
                shown = None
                while shown != VERIFIED:
                    try:
                        async with asyncio.timeout(chance.uniform(0, 0.12) if is_to_die else None):
                            ref = await at.copy().place(at.photo(whose, entry_id=entry), at.ref(whose, entry))
                            shown = await at.copy().confirm(ref)
                    except TimeoutError:
                        is_to_die, died = False, died + 1
                    except OutsideFailure:
                        if server.is_dead:
                            server.start()
            killer.is_over()
            if server.is_dead:
                server.start()
            documents, binaries = await at.all("DocumentReference"), await at.all("Binary")
    assert killer.deaths == DEATHS and died
    assert len(documents) == len(binaries) == len(entries)
    assert len({document["identifier"][0]["value"] for document in documents}) == len(entries)
    assert all(base64.b64decode(binary["data"]) == PHOTO for binary in binaries)
