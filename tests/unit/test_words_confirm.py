"""Words with the number confirm as a tap does (R32: either is enough)."""

from __future__ import annotations

import re
from pathlib import Path

from tests.cases import shared_practice
from tests.unit.test_two_people import holds, linked


async def test_R32_words_with_the_number_confirm_as_a_tap_does(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await linked(shared, '!link 10421 decision-maker "Ann Patel"', "ann")
        await shared.lee.writes("!confirm 10421")
        [*_, number] = re.findall(r"“yes (\d{4})”", "\n".join(shared.lee.heard))
        await shared.lee.writes(f"yes {number}")
        assert await holds(ann), shared.lee.heard[-3:]
