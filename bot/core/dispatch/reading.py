"""What an event is by its own content: words, an answer to a poll, an edit, a picture, part of a check by emoji. And which
command its words name, if any."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from bot.domain.arrivals import Arrival
from bot.domain.people import Role
from bot.domain.references import as_reference
from bot.domain.rooms import RoomKind
from bot.heard.own_words import own_words

from .house import Command, Request, Takes

VERIFICATION = "m.key.verification."


def words_said(content: Mapping[str, Any]) -> str:
    """Return what somebody wrote themselves. Some apps put the lines that a reply quotes before it.

    What it replies to stands outside what is encrypted: whether words are quoted, they say themselves.
    """
    body = content.get("body")
    return own_words(body) if isinstance(body, str) else ""


def is_verification(arrival: Arrival) -> bool:
    asked = arrival.type == "m.room.message" and (arrival.content or {}).get("msgtype") == f"{VERIFICATION}request"
    return asked or arrival.type.startswith(VERIFICATION)


def tapped_answer(arrival: Arrival) -> str | None:
    """The answer id of a poll response, in either form apps send; None for anything else."""
    content = arrival.content or {}
    if arrival.type == "org.matrix.msc3381.poll.response":
        answer = content.get(arrival.type)
        ids = answer.get("answers") if isinstance(answer, dict) else None
    elif arrival.type == "m.poll.response":
        ids = content.get("m.selections")
    else:
        return None
    return ids[0] if isinstance(ids, list) and len(ids) == 1 and isinstance(ids[0], str) else ""


def is_edit(content: Mapping[str, Any]) -> bool:
    """Whether it replaces an earlier message. A relation that names none is no relation."""
    relation = content.get("m.relates_to")
    if not isinstance(relation, dict) or relation.get("rel_type") != "m.replace":
        return False
    return isinstance(relation.get("event_id"), str)


def is_picture(content: Mapping[str, Any]) -> bool:
    """A photo or scan sent as a file: named so by its sender's app, or of no kind that it knows. What it really is, its bytes
    decide at capture."""
    info = content.get("info")
    said = info.get("mimetype") if isinstance(info, dict) else None
    kind = said.partition(";")[0].strip().lower() if isinstance(said, str) else ""
    return not _KIND.fullmatch(kind) or kind.startswith("image/") or kind in _DOCUMENTS_OR_ANYTHING


_KIND = re.compile(r"[a-z]+/[a-z0-9.+_-]+")
_DOCUMENTS_OR_ANYTHING = frozenset({"application/pdf", "application/dicom", "application/octet-stream"})


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
