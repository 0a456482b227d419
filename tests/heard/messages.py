"""Read the messages that people write, and refuse a file in which anything is out of place."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

FILE = Path(__file__).with_name("messages.toml")
REFERENCE = re.compile(r"IMG-[0-9A-HJKMNP-TV-Z]{4}")
ID = re.compile(r"[a-z]+(-[a-z]+)*-[0-9]+")


class Who(StrEnum):
    PATIENT = "patient"
    PARENT = "parent"
    CLINICIAN = "clinician"
    OUTSIDE = "outside"
    RECEPTION = "reception"
    MANAGER = "manager"
    INVITED = "invited"


class Open(StrEnum):
    NOTHING = ""
    REASON = "reason"
    TWO_REASONS = "two reasons"
    WITHDRAW = "withdraw?"
    CONSENT = "consent"
    CONFIRM = "confirm"
    WHICH_PHOTO = "which photo"
    ATTEST = "attest"
    DEVICE_CHECK = "device check"
    STATEMENT_MISSING = "statement missing"


class HangsOn(StrEnum):
    NOTHING = ""
    PHOTO = "photo"
    CLINICIANS_REPLY = "clinician's reply"
    BOTS_QUESTION = "bot's question"
    ANNOUNCEMENT = "announcement"


class Meaning(StrEnum):
    ALARM = "alarm"
    HOLD = "hold"
    LOST_PHONE = "lost phone"
    QUESTION = "question"
    YES = "yes"
    NO = "no"
    LATER = "later"
    CONSENT_NEEDS_TAP = "consent needs tap"
    REASON = "reason"
    ABOUT_PHOTO = "about photo"
    PASS_ON = "pass on"
    NOT_ME = "not me"
    CORRECT = "correct"
    MY_IMAGES = "my images"
    MY_COPY = "my copy"
    HELP = "help"
    STOP_WHAT = "stop what?"
    CODE = "code"
    STATEMENT = "statement"
    COMMAND = "command"
    ASK = "ask"


class Consent(StrEnum):
    VERBAL = "verbal"
    WRITTEN = "written"
    IMPLIED = "implied"
    NONE = "none"
    DENIED = "denied"


class Purpose(StrEnum):
    """Name a purpose that a statement may give; *advice* is that the consent covers asking a colleague."""

    CARE = "care"
    ADVICE = "advice"
    EDUCATION = "education"
    RESEARCH = "research"
    PUBLICATION = "publication"
    SOCIAL_MEDIA = "social-media"
    LEGAL_OR_INSURANCE = "legal-or-insurance"
    QUALITY_AUDIT = "quality-audit"
    OTHER = "other"


class Kind(StrEnum):
    BODY = "body"
    DOCUMENT = "document"


COMMANDS = """
list status mine show note reply forward use close enrol link unlink match refile keep discard due destroy legal-hold
release-hold recall breach lost leaves patient-leaves died not-dead capacity confirm attest device verify retry help
go-on required-by-law
"""


@dataclass(frozen=True)
class Facts:
    """Hold what a colleague says of a photo; None is what was not said."""

    mrn: str | None = None
    born: date | None = None
    consent: Consent | None = None
    day: date | None = None
    purpose: Purpose | None = None
    kind: Kind | None = None


@dataclass(frozen=True)
class WrittenMessage:
    """Hold one message, and what it means; the package says what each field is."""

    id: str
    who: Who
    text: str
    means: Meaning
    open: Open = Open.NOTHING
    hangs_on: HangsOn = HangsOn.NOTHING
    photos: int = 0
    photo: str | None = None
    command: str | None = None
    args: tuple[str, ...] = ()
    facts: Facts | None = None
    unsure: frozenset[str] = frozenset()
    also: frozenset[Meaning] = frozenset()
    never: frozenset[Meaning] = field(default_factory=frozenset)

    def accepts(self, meaning: Meaning) -> bool:
        """Say whether a careful reader may give it this meaning."""
        return meaning is self.means or meaning in self.also


class OutOfPlace(Exception):
    """Name the entry, and what is wrong with it."""


def load(path: Path = FILE) -> tuple[WrittenMessage, ...]:
    """Read every message; raise OutOfPlace at the first entry that is not as the package says."""
    return parse(path.read_text(encoding="utf-8"))


def parse(toml: str) -> tuple[WrittenMessage, ...]:
    """Read messages from the text of a file; refuse an id used twice, and the same message in the same place twice."""
    tables = tomllib.loads(toml)
    if set(tables) != {"message"}:
        raise OutOfPlace(f"the file holds [[message]] only, not {sorted(tables)}")
    messages = tuple(_message(entry) for entry in tables["message"])
    _refuse_twice((message.id, message.id) for message in messages)
    _refuse_twice(
        (message.id, (message.who, message.open, message.hangs_on, message.photos, message.text))
        for message in messages
    )
    return messages


def _message(entry: Mapping[str, Any]) -> WrittenMessage:
    name = str(entry.get("id", "an entry without id"))
    try:
        message = _typed(entry)
    except (KeyError, TypeError, ValueError) as wrong:
        raise OutOfPlace(f"{name}: {wrong!r}") from wrong
    for wrong_if, because in _checks(message, set(entry)):
        if wrong_if:
            raise OutOfPlace(f"{name}: {because}")
    return message


def _typed(entry: Mapping[str, Any]) -> WrittenMessage:
    known = set(WrittenMessage.__dataclass_fields__)
    if unknown := set(entry) - known:
        raise ValueError(f"no such key: {sorted(unknown)}")
    photos = entry.get("photos", 0)
    if type(photos) is not int or photos < 0:
        raise ValueError(f"photos is a count, not {photos!r}")
    return WrittenMessage(
        id=_text(entry["id"]),
        who=Who(entry["who"]),
        text=_text(entry["text"]),
        means=Meaning(entry["means"]),
        open=Open(entry.get("open", "")),
        hangs_on=HangsOn(entry.get("hangs_on", "")),
        photos=photos,
        photo=_text(entry["photo"]) if "photo" in entry else None,
        command=_text(entry["command"]) if "command" in entry else None,
        args=tuple(_text(arg) for arg in entry.get("args", [])),
        facts=_facts(entry["facts"]) if "facts" in entry else None,
        unsure=_set(_text(fact) for fact in entry.get("unsure", [])),
        also=_set(Meaning(meaning) for meaning in entry.get("also", [])),
        never=_set(Meaning(meaning) for meaning in entry["never"]),
    )


def _facts(said: Mapping[str, Any]) -> Facts:
    if unknown := set(said) - set(Facts.__dataclass_fields__):
        raise ValueError(f"no such fact: {sorted(unknown)}")
    return Facts(
        mrn=_text(said["mrn"]) if "mrn" in said else None,
        born=_day(said["born"]) if "born" in said else None,
        consent=Consent(said["consent"]) if "consent" in said else None,
        day=_day(said["day"]) if "day" in said else None,
        purpose=Purpose(said["purpose"]) if "purpose" in said else None,
        kind=Kind(said["kind"]) if "kind" in said else None,
    )


def _checks(message: WrittenMessage, given: set[str]) -> Iterable[tuple[bool, str]]:
    possible = {message.means, *message.also}
    yield not ID.fullmatch(message.id), "an id is small words and a number, joined by hyphens"
    yield message.means in message.also, "also repeats what it means"
    yield bool(possible & message.never), "what is right can't be harmful"
    yield not message.never, "every message can be read in a harmful way: name one"
    yield message.photo is not None and not REFERENCE.fullmatch(message.photo), "photo is a reference such as IMG-7F3K"
    yield (message.command is not None) is not (Meaning.COMMAND in possible), "a command goes with that meaning"
    yield message.command is not None and message.command not in COMMANDS.split(), "there is no such command"
    with_args = {Meaning.COMMAND, Meaning.CODE, Meaning.CORRECT}
    yield "args" in given and not possible & with_args, "args go with a command, a code or a correction"
    yield Meaning.CODE is message.means and len(message.args) != 1, "a code is one argument"
    yield message.means is Meaning.STATEMENT and message.facts is None, "a statement has facts"
    yield message.facts is not None and Meaning.STATEMENT not in possible, "facts go with a statement"
    yield bool(message.unsure - set(Facts.__dataclass_fields__)), "only facts can be unsure"
    yield bool(message.unsure) and message.facts is None, "unsure goes with facts"


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"words are expected, not {value!r}")
    return value


def _day(value: object) -> date:
    if type(value) is not date:
        raise ValueError(f"a day is expected, written 2026-11-30, not {value!r}")
    return value


def _set(values: Iterable[T]) -> frozenset[T]:
    listed = list(values)
    if len(listed) != len(set(listed)):
        raise ValueError(f"named twice in {listed}")
    return frozenset(listed)


def _refuse_twice(named: Iterable[tuple[str, object]]) -> None:
    first: dict[object, str] = {}
    for name, value in named:
        if value in first:
            raise OutOfPlace(f"{name}: the same as {first[value]}")
        first[value] = name
