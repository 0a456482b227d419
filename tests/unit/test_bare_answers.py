"""A bare yes or no that is said to somebody else answers no question that can't be taken back (R32, R34)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.image import HeldFor, State
from tests.cases import shared_practice, taps
from tests.households import latest_image
from tests.practice import JPEG
from tests.unit.test_two_people import linked


@pytest.mark.parametrize("word", ["yes", "no"])
async def test_R34_what_is_said_to_a_clinician_keeps_and_destroys_no_photo(tmp_path: Path, word: str) -> None:
    async with shared_practice(tmp_path) as shared:
        tom = await linked(shared, '!link 10421 child "Tom Patel"', "tom")
        await tom.sends_photo(JPEG + b"dad", caption="a sore on his foot")
        assert (await latest_image(shared)).held_for is HeldFor.SOMEBODY_ELSE
        await shared.lee.writes(f"!reply {shared.image.ref} Is it still itching?")
        await shared.sam.writes(word)
        assert (await latest_image(shared)).held_for is HeldFor.SOMEBODY_ELSE
        await taps(shared.sam, word.capitalize())
        assert (await latest_image(shared)).state is {"yes": State.VERIFIED, "no": State.DISCARDED}[word]
