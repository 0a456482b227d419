"""Which command somebody's words name, if any."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.people import Role
from bot.domain.references import as_reference
from bot.domain.rooms import RoomKind

from .house import (
    Command,
    Request,
    Takes,
)


def command_meant(request: Request, commands: Iterable[Command]) -> tuple[Command | None, str]:
    """The command, and what follows its name; None for words that are no command."""
    text = request.text.strip()
    as_staff = request.person.is_professional and text.startswith("!")
    if request.person.is_professional and not as_staff and not _is_a_patient_here(request):
        return None, ""
    text = text[1:] if as_staff else text
    meant: Command | None = None
    argument = ""
    for command in commands:
        for_staff_only = Role.PATIENT not in command.roles
        rest = _after_name(command, text)
        if rest is None or (for_staff_only and not as_staff) or not (as_staff or _fits(command, rest)):
            continue
        if meant is None or command.roles & request.person.roles:
            meant, argument = command, rest
    return meant, argument


def _is_a_patient_here(request: Request) -> bool:
    """Whoever works here and is a patient too says what patients say in their own chat, without a mark."""
    return request.person.may_act_as(Role.PATIENT) and request.room.kind is RoomKind.OWN


def _after_name(command: Command, text: str) -> str | None:
    word, rest = text[: len(command.name)], text[len(command.name) :]
    if word.casefold() != command.name or (rest and not (rest[0].isspace() or rest[0] in ".!?:")):
        return None
    rest = rest.strip(" :\n\t") if rest.strip(" .!?:\n\t") else ""
    return rest.rstrip(".!?") if len(rest.split()) == 1 else rest


def _fits(command: Command, rest: str) -> bool:
    if command.takes is Takes.NOTHING:
        return not rest
    return not rest or bool(as_reference(rest.split(maxsplit=1)[0]))
