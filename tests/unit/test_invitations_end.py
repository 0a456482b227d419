"""An invitation is for one person, once, until a date: it is judged when its code is written and again at the yes (R33)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.identifiers import Account
from bot.domain.invitations import InvitationState
from handlers.people.end_invitations import Why, close_invitations
from tests.practice import Practice, Someone, Staffed, staffed_practice

ADA = '!enrol patient 20001 "Ada Byron" 1990-12-10'
LOBBY = "!ada-lobby"


async def end_all(practice: Practice, why: Why) -> None:
    async with practice.journal.transaction() as rows:
        await close_invitations(practice.dispatch.transaction(rows), await rows.invitations.find(), why)
    await practice.settle()


async def ada_writes_her_code(people: Staffed) -> Someone:
    await people.kim.writes(ADA)
    ada = Someone(people.practice, Account("@ada:hs.test"), "AdaIdentity")
    await ada.enters_lobby(LOBBY)
    await ada.writes(people.practice.last_code(people.kim.own_room), room=LOBBY)
    return ada


@pytest.mark.parametrize("matched", [True, False])
@pytest.mark.parametrize("why", list(Why))
async def test_R33_whoever_ends_invitations_ends_those_too_whose_code_was_written(
    tmp_path: Path, why: Why, matched: bool
) -> None:
    async with staffed_practice(tmp_path) as people:
        await (ada_writes_her_code(people) if matched else people.kim.writes(ADA))
        await end_all(people.practice, why)
        async with people.practice.journal.reading() as rows:
            states = [invitation.state for invitation in await rows.invitations.find()]
        assert states == [InvitationState.USED] * 3 + [InvitationState.EXPIRED]
        assert await people.practice.audited("invitation.ended") == 1
        asks = [line for line in people.kim.heard if "Please write new ones" in line]
        assert len(asks) == (why in {Why.MAKER_LEFT, Why.MAKER_LOST_A_PHONE})
        assert all("Ada Byron" in line and "20001" in line for line in asks)
        room = await people.practice.practice_room()
        assert not any("Ada" in line for line in people.practice.seen_in(room))
