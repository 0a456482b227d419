"""The rooms the bot is in, and the addresses that intents are sent to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class RoomKind(StrEnum):
    LOBBY = "lobby"  # made by somebody's app; only a code is served here
    OWN = "own"  # one person and the bot, made by the bot
    PRACTICE = "practice"  # the staff and the bot, made by the bot
    CASE = "case"  # who asks advice, who gives it, and the bot; made by the bot, for one use


@dataclass(frozen=True, slots=True)
class Room:
    """`id` is the Matrix room id, `address` what intents name it by before it exists.

    `deserted`: whose own room it is has left it, and hears nothing until they come back.
    """

    id: str
    kind: RoomKind
    address: str
    person_id: str = ""
    deserted: bool = False
    version: int = 0


PRACTICE = "practice"


def own(person_id: str) -> str:
    return f"own:{person_id}"


def lobby(room_id: str) -> str:
    return f"room:{room_id}"


def case(use_id: str) -> str:
    return f"case:{use_id}"
