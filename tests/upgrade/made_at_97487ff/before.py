"""Years ago: what has been destroyed since, who has left, what the law asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.domain.errors import OutsideFailure
from tests.cases import taps
from tests.practice import JPEG, Practice, Someone, Staffed, staffed
from tests.upgrade.outside import Trouble


async def newest(practice: Practice) -> str:
    return (await practice.images())[-1].ref


async def photo(who: Someone, mark: bytes, caption: str = "") -> str:
    await who.sends_photo(JPEG + mark, caption)
    return await newest(who.practice)


async def enrols(people: Staffed, account: str, identity: str, line: str) -> Someone:
    """Kim invites, they come."""
    return await people.kim.joins_as(account, identity, f"!enrol {line}")


async def away(*_: Any, **__: Any) -> None:
    raise OutsideFailure("away")


async def long_ago(practice: Practice, ports: dict[str, Trouble]) -> tuple[Staffed, Someone]:
    practice.clock.move(timedelta(days=-9 * 366))
    people = await staffed(practice)
    derm = await enrols(people, "@derm:hs.test", "DermIdentity", 'outside-clinician @derm:hs.test "Dr Derm"')
    kim, lee, sam = people.kim, people.lee, people.sam
    first = await photo(sam, b"first", "rash on my arm")
    await lee.writes(f"!note {first} no infection")
    await lee.writes(f"!reply {first} use the cream")
    doomed = await photo(sam, b"doomed", "my elbow")
    kept = await photo(sam, b"kept", "the scar")
    await kim.writes(f"!legal-hold {kept} subpoena 12/2018")
    await kim.writes("!legal-hold 10421 a complaint")
    await kim.writes("!release-hold 10421")
    old = await enrols(people, "@old:hs.test", "OldIdentity", 'patient 10900 "Oliver Old" 1930-01-02')
    await photo(old, b"old", "my foot")
    await kim.writes("!patient-leaves 10900")
    await taps(kim, "Leaves")
    gone = await enrols(people, "@gone:hs.test", "GoneIdentity", 'clinician @gone:hs.test "Dr Gone"')
    await photo(sam, b"gone", "my knee")
    await gone.writes(f"!mine {await newest(practice)}")
    await kim.writes("!leaves @gone:hs.test to @lee:hs.test")
    await practice.after(hours=30)
    await practice.after(days=8 * 366)
    await kim.writes(f"!destroy {first}")
    await taps(kim, "Destroy")
    await practice.after(hours=30)
    ports["record"].instead = {"destroy": away}
    for whose in (doomed, "10900"):
        await kim.writes(f"!destroy {whose}")
        await taps(kim, "Destroy")
    return people, derm
