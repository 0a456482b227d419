"""`help`: what somebody can do, the things of their day first; with a command's name, how it is written.

Where colleagues from elsewhere read, it is what works in that room.
"""

from __future__ import annotations

from bot.core.dispatch import Request
from bot.core.transaction import Transaction
from bot.domain.command_table import COMMANDS
from bot.domain.deeds import SeeHelp
from bot.domain.message import Message
from bot.domain.people import Role
from bot.domain.rooms import RoomKind
from bot.words.about_commands import all_that_works_here, all_they_can_do, how_to_write


async def show_help(deed: SeeHelp, request: Request, tx: Transaction) -> Message:
    roles, mark = request.person.roles, "!" if request.person.is_professional else ""
    asked = [command for command in COMMANDS if command.name == deed.about and command.roles & roles]
    if asked:
        return how_to_write(asked, mark)
    if request.room.kind is RoomKind.CASE:
        here = [
            command
            for command in COMMANDS
            if RoomKind.CASE in command.rooms and command.roles & (roles - {Role.PATIENT})
        ]
        return all_that_works_here(here, mark)
    return all_they_can_do(roles, mark, tx.policy.emergency_text)
