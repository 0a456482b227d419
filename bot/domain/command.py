"""What a command is made of: its names, what it takes, who may ask it, and in which rooms. `command_table` has them all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from .people import Role
from .rooms import RoomKind
from .staff_deeds import StaffDeed


class Takes(StrEnum):
    """What stands at one place of a command."""

    PHOTO = "photo"  # a reference
    PHOTO_OR_NUMBER = "photo-or-number"
    NUMBER = "number"  # a record number
    BIRTHDAY = "birthday"
    WHOSE = "whose"  # a record number and a birthday
    PERSON = "person"  # however one is written: an account, a pill, a name; up to "to"
    SUCCESSOR = "successor"  # "to" and a person
    CAPACITY = "capacity"
    CONSENT = "consent"
    DEMAND = "demand"  # what the law asks for
    BREACH = "breach"  # its reference
    BREACH_ENTRY = "breach-entry"
    KNOWN_STOP = "known-stop"
    MORE = "more"
    COMMAND = "command"  # its name
    TEXT = "text"  # all that follows, as it stands
    CORRECTION = "correction"  # the same, as what a photo is about
    WHY = "why"  # the same, without quotation marks around it
    REMARK = "remark"  # anything; it is not kept
    ASKED = "asked"  # a person, and what they are asked
    PHOTOS = "photos"  # references, one or more
    USE = "use"  # what it is for, who sees it, until when
    ENROLMENT = "enrolment"  # who is enrolled, and as what
    ANSWERING = "answering"  # a relation and a name
    FORMAL_NAME = "formal-name"  # family name, comma, given names; then the sex, where it is said


@dataclass(frozen=True, slots=True)
class Parameter:
    """One place of a command, and the field of its deed that it fills; a remark fills none."""

    field: str
    takes: Takes
    example: str = ""
    needed: bool = True


OWN_ROOM = frozenset({RoomKind.OWN})
STAFF_ROOMS = frozenset({RoomKind.OWN, RoomKind.PRACTICE})
ANY_ROOM = frozenset(RoomKind)  # also where colleagues from elsewhere read


@dataclass(frozen=True, slots=True)
class Command:
    """A thing that can be asked for by name. What stands in a room of a case, outside clinicians read: so `rooms`.

    `by_reply`: a reply in the app stands for the reference. The homeserver can change what a message replies to, so this is for
    what can be looked at and given back, or waits for a tap that names the photo; elsewhere the line is filled in, to be sent.
    `unmarked`: the rooms where its name and a photo, and nothing else, are the command without its mark.
    """

    name: str
    makes: Callable[..., StaffDeed]
    summary: str
    roles: frozenset[Role]
    parameters: tuple[Parameter, ...] = ()
    rooms: frozenset[RoomKind] = STAFF_ROOMS
    aliases: tuple[str, ...] = ()
    by_reply: bool = False
    unmarked: frozenset[RoomKind] = frozenset()
    more: tuple[str, ...] = ()  # other examples, without the name

    @property
    def examples(self) -> tuple[str, ...]:
        """Return lines that would work, without the mark; the first of them is the shortest."""
        shown = (place.example for place in self.parameters if place.needed or place.takes is Takes.PHOTO)
        return tuple(f"{self.name} {words}".strip() for words in (" ".join(shown), *self.more))
