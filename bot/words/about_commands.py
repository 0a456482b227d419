"""What the bot says about commands: what one can do, how a line is written, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.domain.command import Command
from bot.domain.command_table import COMMANDS, DAILY, FIRST
from bot.domain.message import Message
from bot.domain.people import Role
from bot.domain.staff_deeds import StaffDeed

from .phrases import many
from .sentence import in_words, sentence
from .typed import typed

SEND_A_PHOTO = (
    "Send a photo here, with a few words about it. It goes into your record and then leaves this chat, and any chat you forwarded "
    "it from."
)
# What staff do most often comes first, also of somebody who manages as well.
_ROLES = (Role.CLINICIAN, Role.RECEPTION, Role.MANAGER, Role.OUTSIDE_CLINICIAN, Role.PATIENT)
_ONE_OF = {
    Role.CLINICIAN: "a clinician",
    Role.RECEPTION: "reception",
    Role.MANAGER: "a manager",
    Role.OUTSIDE_CLINICIAN: "an outside clinician",
    Role.PATIENT: "a patient",
}


@sentence
def all_they_can_do(roles: frozenset[Role], mark: str, emergency_text: str) -> str:
    """Tell what somebody with these roles can do: the five things of their day, then the names of the rest."""
    theirs = [command for command in COMMANDS if command.roles & roles]
    first = _of_the_day(theirs, roles)
    lines = _shown(first, mark)
    rest = dict.fromkeys(f"{mark}{command.name}" for command in theirs if command not in first)
    if rest:
        lines.append(f"More: {', '.join(rest)}. “{mark}help” and one of these names shows how it is written.")
    if Role.PATIENT in roles:
        lines = [SEND_A_PHOTO, typed("\n".join(lines)), emergency_text]
    return "\n".join(lines)


@sentence
def all_that_works_here(commands: Sequence[Command], mark: str) -> str:
    """Tell what can be written in a room where colleagues from elsewhere read."""
    return "\n".join([*_shown(commands, mark), "Others read here: anything else works in your own chat with me."])


def _shown(commands: Iterable[Command], mark: str) -> list[str]:
    return [f"{mark}{command.examples[0]}\n   {command.summary}" for command in commands]


def _of_the_day(theirs: Sequence[Command], roles: frozenset[Role]) -> list[Command]:
    """Return the first things of each role in turn, until there are five."""
    of_roles = [DAILY[role] for role in _ROLES if role in roles]
    names = dict.fromkeys(names[at] for at in range(FIRST) for names in of_roles)
    by_name = {command.name: command for command in theirs}
    return [by_name[name] for name in names if name in by_name][:FIRST]


@sentence
def how_to_write(commands: Iterable[Command], mark: str) -> str:
    """Tell what commands of one name do, and show lines that work."""
    return "\n".join(
        line
        for command in commands
        for line in (
            f"{command.summary[0].upper()}{command.summary[1:]}:",
            *(f"{mark}{words}" for words in command.examples),
        )
    )


def line(deed: type[StaffDeed], *words: str) -> str:
    """Return a line by which staff ask for this deed, with these words."""
    return " ".join((f"!{_of_staff(deed).name}", *words))


def example(deed: type[StaffDeed]) -> str:
    """Return a line that works by which staff ask for this deed; the fullest there is."""
    return f"!{_of_staff(deed).examples[-1]}"


def _of_staff(deed: type[StaffDeed]) -> Command:
    return next(command for command in COMMANDS if command.makes is deed and command.roles != {Role.PATIENT})


@sentence
def not_your_role(command: Command) -> str:
    if command.roles == {Role.PATIENT}:  # nobody who works here can have it done for them
        return "That is for patients. Write !help to read what you can do here."
    *others, last = sorted(_ONE_OF[role] for role in command.roles)
    who = f"{', '.join(others)} or {last}" if others else last
    return f"Only {who} can do that. Please ask one of them."


@sentence
def not_understood() -> str:
    return "I didn't understand that. !help shows what I can do."


@sentence
def unknown(said: str) -> str:
    return f"I don't know !{said}. !help shows what I can do."


@sentence
def did_you_mean(lines: Sequence[str]) -> str:
    return f"I did nothing yet. Did you mean this? Then please send:\n{lines[0]}"


@sentence
def no_reference(said: str, lines: Sequence[str]) -> str:
    asked = f"I don't know {said}. References look like IMG-7F3K; !list shows them." if said else "Which photo?"
    return f"{asked} Please write: {_or(lines)}"


@sentence
def only_one_waits(ref: str, lines: Sequence[str]) -> str:
    return f"Which photo? Only {ref} is waiting. If you mean it, please write: {_or(lines)}"


@sentence
def one_of_these(refs: Sequence[str], lines: Sequence[str]) -> str:
    asked = f"You replied to {many(refs)}. So that nothing goes to a wrong photo,"
    return f"{asked} please write its reference too: {_or(lines)}"


@sentence
def one_of_both(refs: Sequence[str], named: str, lines: Sequence[str]) -> str:
    """Say that a line names another photo than the message that it was written under."""
    did = f"You replied to {many(refs)} and wrote {named}, so I did nothing."
    return f"{did} So that nothing goes to a wrong photo, please send the line you mean as a message of its own: {_or(lines)}"


@sentence
def no_day(said: str, lines: Sequence[str]) -> str:
    asked = f"“{said}” is not a date of birth that I can read." if said else "The date of birth is missing."
    return f"{asked} Two identifiers are needed: record number and date of birth. Please write: {_or(lines)}"


@sentence
def write_this(lines: Sequence[str]) -> str:
    return f"Please write: {_or(lines)}"


@sentence
def which_day(doubt: Message, lines: Sequence[str]) -> str:
    """Say what is unclear about a date of birth, with a line for each day it may be."""
    return f"{in_words(doubt)} {write_this.english(lines)}"


@sentence
def too_much(said: str, lines: Sequence[str]) -> str:
    return f"I'm not sure about “{said}”, so I did nothing. If you mean only this, please send: {_or(lines)}"


def _or(lines: Sequence[str]) -> str:
    return lines[0] if len(lines) == 1 else "\n" + "\nor ".join(lines)
