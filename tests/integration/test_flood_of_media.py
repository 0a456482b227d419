"""One person sends messages that name media without end; another patient's photo is filed and erased beside them.

The real bot, the real purger and a real homeserver. A short version runs in the suite, where what came first says who waited for
whom; `make flood` sends ten thousand ids, and there the time beside the flood is compared with the quiet time before it.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import time
from collections.abc import AsyncIterator
from pathlib import Path
from statistics import median
from typing import Any

import pytest
import pytest_asyncio

from bot.domain.copies import SETTLED, Copy
from bot.domain.image import State
from bot.domain.intents import EraseCopy
from bot.domain.people import Role
from bot.homeserver import RegisteredAccount
from tests.homeserver import Homeserver
from tests.live import Live, Someone, staffed_live
from tests.patience import PATIENCE
from tests.peer.driver import MatrixUser
from tests.photos import small
from tests.purger import PurgerProcess

pytestmark = pytest.mark.asyncio(loop_scope="module")

PHOTOS = 3 if "CONSENTRY_FLOOD" in os.environ else 1
MEASURED = "CONSENTRY_FLOOD" in os.environ
IDS = int(os.environ.get("CONSENTRY_FLOOD", "400"))
OF_ONE_EVENT = 20
UPLOADS = (
    40  # of the flooder's own: of these the purger deletes a third of what it may in a minute, so they wait for ten
)
PER_MINUTE = 12


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def purger(homeserver: Homeserver, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[PurgerProcess]:
    home = tmp_path_factory.mktemp("purger")
    process = PurgerProcess(home, homeserver.url, homeserver.admin_token, per_minute=PER_MINUTE).start()
    try:
        yield process
    finally:
        process.stop()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def live(
    homeserver: Homeserver, purger: PurgerProcess, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Live]:
    extra = f'\n[purger]\nsocket = "{purger.socket}"\n'
    async with staffed_live(homeserver, tmp_path_factory.mktemp("bot"), extra) as practice:
        yield practice


@pytest.fixture(scope="module")
def account(homeserver: Homeserver) -> RegisteredAccount:
    return homeserver.account("mallory")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def mallory(live: Live, account: RegisteredAccount) -> AsyncIterator[Someone]:
    """Another patient, with a room of their own."""
    app = await asyncio.to_thread(MatrixUser, live.homeserver.url, account.user_id, account.password, strict=True)
    code = await live.code_for(Role.PATIENT, "Mal Ory", patient_id=await live.patient("Mal Ory", "10666"))
    try:
        yield await live.joins(app, code)
    finally:
        await asyncio.to_thread(app.close)


def naming(live: Live, sender: Someone, ids: list[str]) -> dict[str, Any]:
    return {
        "type": "m.room.message",
        "event_id": f"${secrets.token_hex(16)}",
        "sender": sender.app.user_id,
        "origin_server_ts": int(time.time() * 1000),
        "room_id": sender.room,
        "content": {
            "msgtype": "m.video",
            "body": "film",
            "also": [f"mxc://{live.homeserver.server_name}/{one}" for one in ids],
        },
    }


def flood(live: Live, sender: Someone, media: list[str]) -> None:
    """All of it at once: a hundred events in each answer to a sync."""
    named = [media[start : start + OF_ONE_EVENT] for start in range(0, len(media), OF_ONE_EVENT)]
    for start in range(0, len(named), 100):
        live.proxy.inject(sender.room, *(naming(live, sender, ids) for ids in named[start : start + 100]))


async def copies_of(live: Live, owner: str) -> list[Copy]:
    async with live.bot.kept.journal.reading() as rows:
        return await rows.copies.find(owner=owner)


async def until_erased(live: Live, photos: int) -> None:
    """So many photos of Sam's are in the record, and the homeserver has none of their media."""
    end = time.monotonic() + 3 * PATIENCE
    while time.monotonic() < end:
        async with live.bot.kept.journal.reading() as rows:
            images = await rows.images.find(sender_id=live.sam.person.id, state=State.VERIFIED)
        sent = await copies_of(live, live.sam.app.user_id)
        if len(images) == photos and sent and all(copy.state in SETTLED for copy in sent):
            assert {live.homeserver.download_status(copy.mxc) for copy in sent} == {404}
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it was never erased")


async def sends_photo(live: Live, directory: Path, seed: int) -> float:
    """Sam sends a photo; in how many seconds it is filed, read back, and erased from the homeserver."""
    photo = directory / f"{seed}.jpg"
    photo.write_bytes(small(seed))
    began = time.monotonic()
    await live.sam.app.aio.send_image(live.sam.room, photo, caption=f"my arm, day {seed}")
    await until_erased(live, seed)
    return time.monotonic() - began


def uploads(homeserver: Homeserver, account: RegisteredAccount) -> list[str]:
    """Media that is really there, and the sender's: of this the purger deletes only so much."""
    ids, token = [], homeserver.token(account)
    for _ in range(UPLOADS):
        _, answer = homeserver.ask("POST", "/_matrix/media/v3/upload", b"ciphertext", token)
        ids.append(json.loads(answer)["content_uri"].rpartition("/")[2])
    return ids


async def waiting(live: Live, owner: str) -> int:
    """How much of this owner's is still to be erased."""
    theirs = {copy.id for copy in await copies_of(live, owner)}
    async with live.bot.kept.journal.reading() as rows:
        planned = [one.intent for one in await rows.waiting("due")]
    return sum(isinstance(one, EraseCopy) and one.copy_id in theirs for one in planned)


async def test_another_patients_photo_is_filed_and_erased_beside_a_flood_of_media_ids(
    live: Live, account: RegisteredAccount, mallory: Someone, purger: PurgerProcess, tmp_path: Path
) -> None:
    quiet = median([await sends_photo(live, tmp_path, seed) for seed in range(1, 1 + PHOTOS)])
    began = time.monotonic()
    before = len(purger.register.read_text().splitlines())
    real = uploads(live.homeserver, account)
    flood(live, mallory, real + [secrets.token_hex(12) for _ in range(IDS)])
    end = time.monotonic() + PATIENCE
    while not await waiting(live, mallory.app.user_id):
        assert time.monotonic() < end, "the flood never came"
        await asyncio.sleep(0.05)

    beside = median([await sends_photo(live, tmp_path, seed) for seed in range(1 + PHOTOS, 1 + 2 * PHOTOS)])

    left = await waiting(live, mallory.app.user_id)
    print(f"filed and erased in {quiet:.1f} s quiet, {beside:.1f} s beside {IDS} ids, {left} of which still waited")
    assert left, "the flood was still there: nobody waited for it"
    if MEASURED:
        assert beside <= 3 * quiet
    registered = [json.loads(line)["media"] for line in purger.register.read_text().splitlines()[before:]]
    minutes = 1 + int(time.monotonic() - began) // 60
    assert len(registered) <= minutes * PER_MINUTE // 3 + 2 * PHOTOS, "what was never there costs nothing"
    async with live.bot.kept.journal.reading() as rows:
        held = await rows.waiting("held")
    assert held == [], "what waits for the cap is no failure"
