"""Have what a message brings read, once, before a handler sees it. What is open is looked up first: it shapes the meaning."""

from __future__ import annotations

from bot.core.transaction import Transaction
from bot.domain.arrivals import Arrival
from bot.domain.deeds import SaidInLobby, SayNo
from bot.domain.invitations import InvitationState
from bot.heard.a_no import no_in
from bot.heard.lobby import hear_in_lobby

from .reading import words_said


async def heard_in_lobby(arrival: Arrival, tx: Transaction) -> SaidInLobby:
    """Return what was written in a lobby: after a code, the answer to what was asked for it."""
    content = arrival.content or {}
    if content.get("msgtype") != "m.text":
        return SaidInLobby(is_text=False)
    asked = await tx.rows.invitations.typed_in(arrival.sender, arrival.room_id, InvitationState.MATCHED)
    return hear_in_lobby(words_said(content), asked, tx.today, tx.policy.alarm_words)


def no_of(arrival: Arrival) -> SayNo | None:
    """Return the no that somebody wrote who may not be heard: it is all that is read of them (R28a)."""
    return no_in(words_said(arrival.content or {}))
