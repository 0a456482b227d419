"""A parent who writes the code of their child's own account (R33, R33a)."""

from __future__ import annotations

from pathlib import Path

from tests.cases import Shared, polls_in, shared_practice, taps
from tests.households import family, latest_image
from tests.practice import Someone


def asked_about(shared: Shared, account: str, label: str) -> tuple[str, str]:
    """The question to Lee about this account, and the secret of one of its answers."""
    poll = next(p for p in polls_in(shared.practice, shared.lee.own_room)[::-1] if account in p["question"]["body"])
    secret = next(a["id"] for a in poll["answers"] if a["org.matrix.msc1767.text"].startswith(label))
    return poll["question"]["body"], secret


async def claims_to_be_mia(shared: Shared, ann: Someone) -> None:
    """Ann, the mother, has got hold of the code for Mia's own account, and knows the birthday."""
    await shared.practice.after(minutes=1)
    await shared.kim.writes("!link 10423 self")
    await ann.enrol(shared.practice.last_code(shared.kim.own_room))
    await shared.lee.writes("!confirm 10423")


async def test_R33_a_yes_says_that_a_minors_own_opens_by_it(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, _ = await family(shared)
        mias = await latest_image(shared)
        await ann.writes("my images")
        assert mias.ref not in ann.last_heard
        await claims_to_be_mia(shared, ann)
        question, yes = asked_about(shared, "@ann", "Yes")
        await taps(shared.lee, "Yes", secret=yes)
        await ann.writes("my images")
        assert mias.ref not in ann.last_heard or "all that is filed" in question


async def test_R33a_a_claim_that_was_not_confirmed_makes_nothing_a_minors_own(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, _ = await family(shared)
        anns = (await shared.practice.images())[-2]
        await ann.writes("my images")
        assert anns.ref in ann.last_heard
        await claims_to_be_mia(shared, ann)
        _, no = asked_about(shared, "@ann", "No")
        await taps(shared.lee, "No", secret=no)
        await ann.writes("my images")
        assert anns.ref in ann.last_heard
