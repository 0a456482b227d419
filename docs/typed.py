"""`python -m docs.typed`: write docs/commands.md from the table of commands itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.domain.command import ANY_ROOM, OWN_ROOM, Command
from bot.domain.command_table import COMMANDS, DAILY
from bot.domain.people import Role

COMMANDS_PAGE = Path(__file__).with_name("commands.md")
_ROOMS = {ANY_ROOM: "any room", OWN_ROOM: "their own chat"}


def page() -> str:
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    yield "# Every command"
    yield ""
    yield "Made by `python -m docs.typed` from `bot/domain/command_table.py`. Do not edit: change the table, then make it again."
    yield ""
    yield (
        "Staff write a command with its mark, `!`; patients write theirs word for word, or say the same in their own words. "
        "Every line works as it stands, for the photo, patient or person it names. *By reply*: a reply to a message about one "
        "photo stands for its reference."
    )
    yield ""
    yield "| Who | Writes | What for | Where |"
    yield "|---|---|---|---|"
    yield from map(_row, COMMANDS)
    yield ""
    yield "What `help` shows first:"
    yield ""
    yield from (f"- {role.value}: {', '.join(f'`{name}`' for name in DAILY[role])}" for role in Role)


def _row(command: Command) -> str:
    who = "everybody" if command.roles == set(Role) else ", ".join(sorted(role.value for role in command.roles))
    mark = "" if Role.PATIENT in command.roles else "!"
    lines = "<br>".join(f"`{mark}{example}`" for example in command.examples)
    where = _ROOMS.get(command.rooms, "their own chat, the team's room") + ("; by reply" if command.by_reply else "")
    return f"| {who} | {lines} | {command.summary} | {where} |"


if __name__ == "__main__":
    COMMANDS_PAGE.write_text(page(), encoding="utf-8")
