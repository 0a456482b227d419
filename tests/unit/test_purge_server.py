"""What the purger answers, without a homeserver: what costs nothing, and who must wait for whom."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.purger.deletion_cap import RateCap
from bot.purger.deletion_log import Register
from bot.purger.homeserver_media import HomeserverMedia
from bot.purger.protocol import Media, PurgerAnswer, PurgerRequest, Verb, encode_request
from bot.purger.server import PurgeServer

SAM, MALLORY = "@sam:practice.test", "@mallory:practice.test"


@dataclass
class Uploads(HomeserverMedia):
    """Who uploaded what; nothing else of a homeserver."""

    owners: dict[str, str] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)

    async def server_name(self) -> str:
        return "practice.test"

    async def owner(self, media: Media) -> str | None:
        return self.owners.get(media.media_id)

    async def delete(self, media: Media) -> None:
        self.deleted.append(media.media_id)


@dataclass
class Bench:
    server: PurgeServer
    uploads: Uploads
    register: Path

    async def erase(self, media_id: str, owner: str) -> PurgerAnswer:
        request = PurgerRequest(Verb.ERASE, f"mxc://practice.test/{media_id}", owner)
        return await self.server.answer(encode_request(request))

    @property
    def registered(self) -> int:
        return len(self.register.read_bytes().splitlines())


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    register, uploads = Register(tmp_path / "register"), Uploads()
    yield Bench(PurgeServer(tmp_path / "socket", uploads, register, RateCap(6, 6)), uploads, tmp_path / "register")
    register.close()


async def test_what_the_homeserver_never_had_is_gone_and_costs_nothing(bench: Bench) -> None:
    bench.uploads.owners["photo"] = SAM
    for number in range(2_600):
        assert (await bench.erase(f"invented{number}", MALLORY)).gone
    assert (bench.registered, bench.uploads.deleted) == (0, [])
    assert (await bench.erase("photo", SAM)).gone and bench.uploads.deleted == ["photo"]


async def test_one_owner_waits_for_their_share_and_nobody_else_does(bench: Bench) -> None:
    bench.uploads.owners |= {f"film{number}": MALLORY for number in range(5)} | {"photo": SAM}
    answers = [await bench.erase(f"film{number}", MALLORY) for number in range(5)]
    assert [one.gone for one in answers] == [True, True, False, False, False]
    assert answers[-1].retry_after > 0 and json.loads(answers[-1].encode())["error"] == "rate-capped"
    assert (await bench.erase("photo", SAM)).gone
    assert bench.registered == 3


async def test_nobody_uses_up_anothers_share_by_naming_their_media(bench: Bench) -> None:
    bench.uploads.owners |= {f"photo{number}": SAM for number in range(4)}
    assert {(await bench.erase(f"photo{number}", MALLORY)).reason for number in range(4)} == {"not-theirs"}
    assert (await bench.erase("photo0", SAM)).gone
