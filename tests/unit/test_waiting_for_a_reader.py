"""Words wait until somebody is in a room to read them; what lets somebody in does not wait behind them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.domain import rooms
from bot.domain.errors import OutsideFailure
from bot.domain.identifiers import Account, RoomId
from bot.domain.intents import OpenRoom
from bot.domain.invitee import Invitee
from bot.domain.people import Role
from handlers.people.enrol import new_invitation
from tests.practice import Someone, open_practice


async def test_an_invitation_goes_out_while_words_wait_for_a_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_practice(tmp_path) as practice:
        homeserver = practice.homeserver
        send = homeserver.send

        async def with_a_reader(room_id: RoomId, content: Any, audience: Any, **rest: Any) -> str:
            wish = homeserver.rooms.get(room_id)
            if wish is not None and wish.name == "team" and not homeserver.invited:
                raise OutsideFailure("nobody-here-yet")
            return await send(room_id, content, audience, **rest)

        monkeypatch.setattr(homeserver, "send", with_a_reader)
        async with practice.journal.transaction() as rows:
            tx = practice.dispatch.transaction(rows)
            await tx.plan(OpenRoom(rooms.PRACTICE, tx.ids.new(), "team", ()), lane=rooms.PRACTICE)
            await tx.tell_practice("No purger is set up.")
            _, code = await new_invitation(Invitee(Role.MANAGER, "Kim", account=Account("@kim:hs.test")), "setup", tx)
        await Someone(practice, Account("@kim:hs.test"), "KimIdentity").enrol(code)
        room = await practice.practice_room()
        assert (room, "@kim:hs.test") in homeserver.invited
        await practice.after(minutes=1)
        assert "No purger is set up." in practice.seen_in(room)
