"""`help`: what somebody can do, the things of their day first; with a command's name, how it is written."""

from __future__ import annotations

from bot.core.dispatch import Request
from bot.core.transaction import Transaction
from bot.domain.command_table import COMMANDS
from bot.domain.deeds import SeeHelp
from bot.domain.message import Message
from bot.words.about_commands import all_they_can_do, how_to_write


async def show_help(deed: SeeHelp, request: Request, tx: Transaction) -> Message:
    roles, mark = request.person.roles, "!" if request.person.is_professional else ""
    asked = [command for command in COMMANDS if command.name == deed.about and command.roles & roles]
    return how_to_write(asked, mark) if asked else all_they_can_do(roles, mark, tx.policy.emergency_text)
