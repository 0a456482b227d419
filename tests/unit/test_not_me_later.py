"""“This is not me”, said of a photo by somebody enrolled long ago who never sent one, ends their account (R15, R34)."""

from __future__ import annotations

from pathlib import Path

from bot.domain.people import Standing
from tests.cases import shared_practice, taps
from tests.unit.test_two_people import linked


async def test_R34_not_me_about_a_photo_ends_nobody(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await linked(shared, "!link 10421 self", "ann")  # the patient's second account: nothing was sent by it
        await shared.lee.writes("!confirm 10421")
        await taps(shared.lee, "Yes")
        await shared.practice.after(days=300)
        await ann.writes("my images")
        assert shared.image.ref in ann.last_heard
        await ann.writes("This is not me")
        async with shared.practice.journal.reading() as rows:
            person = await rows.people.holder(ann.account)
        assert person is not None and person.standing is Standing.ACTIVE
