"""Who takes over gets no photo that they may not look after: a mature minor's own goes to no parent who works here (R33a)."""

from __future__ import annotations

from pathlib import Path

from bot.domain.identifiers import Account
from tests.cases import Shared, shared_practice, taps
from tests.households import enrolled, latest_image, person_id
from tests.practice import JPEG, Someone


async def ann_works_here_and_mia_is_her_child(shared: Shared) -> tuple[Someone, Someone]:
    await shared.kim.writes('!enrol clinician @ann:hs.test "Ann Patel"')
    ann = Someone(shared.practice, Account("@ann:hs.test"), "AnnIdentity")
    await ann.enrol(shared.practice.last_code(shared.kim.own_room))
    await shared.kim.writes('!enrol patient 10423 "Mia Patel" 2010-12-01 parent "Ann Patel"')
    await ann.enrol(shared.practice.last_code(shared.kim.own_room))
    await shared.lee.writes("!confirm 10423")
    await taps(shared.lee, "Yes")
    mia = await enrolled(shared, "!link 10423 self", "mia", "Mia")
    await shared.lee.writes("!capacity 10423 mature-minor")
    await shared.lee.writes("!confirm 10423")
    await taps(shared.lee, "Yes")
    return ann, mia


async def test_R33a_a_mature_minors_own_photo_is_handed_over_to_no_parent(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, mia = await ann_works_here_and_mia_is_her_child(shared)
        await mia.sends_photo(JPEG + b"mia's", caption="pill rash")
        image = await latest_image(shared)
        await shared.lee.writes(f"!mine {image.ref}")
        await shared.lee.writes(f"!mine {shared.image.ref}")
        before = len(ann.heard)
        await shared.kim.writes("!leaves @lee:hs.test to @ann:hs.test")
        assert (await latest_image(shared)).taken_by == ""
        assert (await shared.now()).taken_by == await person_id(ann)
        assert not any(image.ref in words for words in ann.heard[before:])
        assert any(shared.image.ref in words for words in ann.heard[before:])
        assert f"Nobody's now: {image.ref}" in shared.kim.last_heard
        await mia.writes(f"about {image.ref}: it got worse")
        assert not any("it got worse" in words for words in ann.heard[before:])
