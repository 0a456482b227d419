"""A registration token can be read aloud and typed on a phone, and the invitation says where."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.homeserver.tokens import drawn_token
from tests.cases import shared_practice
from tests.practice import POLICY

HERE = "https://chat.example.org"


def test_a_token_is_three_groups_of_four_without_look_alikes_and_begins_with_a_digit() -> None:
    drawn = {drawn_token() for _ in range(200)}
    assert len(drawn) == 200
    for token in drawn:
        assert re.fullmatch(r"[2-9][2-9a-z]{3}-[2-9a-z]{4}-[2-9a-z]{4}", token), token
        assert not set(token) & set("01ilou"), token


async def test_a_patients_invitation_says_on_which_server_an_account_is_made_and_with_which_token(
    tmp_path: Path,
) -> None:
    async with shared_practice(tmp_path, replace(POLICY, own_homeserver=HERE)) as shared:
        clock = shared.practice.clock
        await shared.practice.journal.offer_registration_token("7kqm-4xdr-9tpw", clock.now() + timedelta(days=60))
        await shared.kim.writes('!enrol patient 10999 "Noor Haddad" 1990-01-02')
        invitation = next(words for words in shared.kim.heard[::-1] if "Code: " in words)
        assert f"server {HERE} " in invitation and "registration token: 7kqm-4xdr-9tpw\n" in invitation
        await shared.kim.writes('!enrol reception @rory:hs.test "Rory"')
        invitation = next(words for words in shared.kim.heard[::-1] if "Code: " in words)
        assert HERE not in invitation and "token" not in invitation
