"""An invitation carries a link where the practice has a page: said to whoever invites, and in the QR picture."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.intents import ReservePicture
from bot.domain.policy import Policy
from tests.practice import POLICY, Staffed, staffed_practice

PAGE = replace(POLICY, page_url="https://photos.example", own_homeserver="https://hs.example")
TOKEN = "tOken-1234567890"


async def invited(people: Staffed) -> tuple[str, str]:
    """What Kim is told when a patient is enrolled, and what the QR picture says."""
    await people.kim.writes('!enrol patient 20001 "Flo Po" 1999-01-02', settle=False)
    await people.practice.inbox.drain()
    [qr] = [each.intent.qr for each in await people.practice.left() if isinstance(each.intent, ReservePicture)]
    await people.practice.settle()
    return next(line for line in people.kim.heard if "Code: " in line and "Flo Po" in line), qr


async def offer_token(people: Staffed) -> None:
    until = people.practice.clock.now() + timedelta(days=30)
    await people.practice.journal.offer_registration_token(TOKEN, until)


async def test_the_link_is_said_and_pictured(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path, PAGE) as people:
        await offer_token(people)
        said, qr = await invited(people)
        code = said.partition("Code: ")[2].split()[0]
        assert qr == f"https://photos.example/#c={code}&t={TOKEN}&b={POLICY.bot_account}&k=BotIdentity"
        assert qr in said.split()


@pytest.mark.parametrize(("policy", "has_token"), [(PAGE, False), (replace(PAGE, page_url=None), True)])
async def test_without_a_token_or_a_page_the_picture_is_of_the_bots_address(
    policy: Policy, has_token: bool, tmp_path: Path
) -> None:
    async with staffed_practice(tmp_path, policy) as people:
        if has_token:
            await offer_token(people)
        said, qr = await invited(people)
        assert "https://photos.example" not in said
        assert qr == f"https://matrix.to/#/{POLICY.bot_account}"
