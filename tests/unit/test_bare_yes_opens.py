"""A bare "yes" that answers a clinician opens the record to a newcomer (R32, R33, R34)."""

from __future__ import annotations

from pathlib import Path

from bot.domain.identifiers import Account
from tests.cases import shared_practice, taps
from tests.practice import Someone
from tests.unit.test_two_people import authority_of


async def test_R33_a_yes_said_to_a_clinician_opens_nothing(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.practice.after(minutes=1)
        await shared.kim.writes("!link 10421 self")
        code = shared.practice.last_code(shared.kim.own_room)
        await taps(shared.kim, "Tell")
        eve = Someone(shared.practice, Account("@eve:hs.test"), "EveIdentity")
        await eve.enrol(code)
        assert not (await authority_of(eve)).is_open
        await shared.lee.writes(f"!reply {shared.image.ref} Is it still itching?")
        await shared.sam.writes("yes")
        assert not (await authority_of(eve)).is_open
