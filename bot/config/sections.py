"""The sections of the configuration, in the order of config.example.toml, which explains each key. Defaults stand here."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from pydantic import Field

from bot.domain.hours import OpeningHours
from bot.domain.policy import MEGABYTE

from .destination_kinds import ConfiguredDestination
from .strict_table import StrictTable
from .values import (
    Account,
    ClockTime,
    Day,
    Duration,
    FilePath,
    Listen,
    LoopbackAddress,
    PageUrl,
    RuledOutPurpose,
    ServerName,
    Url,
    Words,
    Zone,
    server_of,
)

NOT_FOR_EMERGENCIES: Final = "Not for emergencies: call 000."


class Hours(StrictTable):
    """One `[[practice.hours]]` entry."""

    days: Annotated[tuple[Day, ...], Field(strict=False, min_length=1)]
    opens: Annotated[ClockTime, Field(alias="from")]
    closes: Annotated[ClockTime, Field(alias="until")]


class Practice(StrictTable):
    """Who the practice is and when it looks at photos."""

    name: Words
    timezone: Zone
    emergency_text: Words = NOT_FOR_EMERGENCIES
    phone: Words | None = None
    alarm_words: Annotated[tuple[Words, ...], Field(strict=False)] = ()
    hours: Annotated[tuple[Hours, ...], Field(strict=False)] = ()

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone of the practice."""
        return ZoneInfo(self.timezone)

    @property
    def opening_hours(self) -> tuple[OpeningHours, ...]:
        """Return the hours as the domain judges them (`bot.domain.hours`)."""
        return tuple(OpeningHours(tuple(sorted(set(h.days))), h.opens, h.closes) for h in self.hours)


class Duty(StrictTable):
    """Who is told when an image stays unread."""

    person: Account


class Managers(StrictTable):
    """The first managers; later ones are enrolled."""

    accounts: Annotated[tuple[Account, ...], Field(strict=False, min_length=1)]


class Homeserver(StrictTable):
    """Where the bot lives and whose people may take part (R26)."""

    url: Url
    user: Account
    password_file: FilePath
    allowed: Annotated[tuple[ServerName, ...], Field(strict=False, min_length=1)]
    embedded: bool = False
    redaction_retention: Duration = timedelta(days=7)
    registration_tokens: FilePath | None = None

    @property
    def name(self) -> str:
        """Return the homeserver's name, as in the bot's own Matrix id."""
        return server_of(self.user)

    @property
    def makes_accounts(self) -> bool:
        """Return whether invited people can make an account here, with a token that the bot hands out."""
        return self.embedded and self.registration_tokens is not None


class PurgerSocket(StrictTable):
    """Where the purger listens; without one, media is beyond the bot's reach."""

    socket: FilePath | None = None


class PageTable(StrictTable):
    """Where patients send from without an app; without `url`, no link is given out."""

    url: PageUrl | None = None
    listen: Listen = LoopbackAddress("127.0.0.1", 8018)


class Data(StrictTable):
    """Where the record and its keys are kept, apart from one another."""

    directory: FilePath
    keys_directory: FilePath


class Purge(StrictTable):
    """How long what was shown or said stays in the chat."""

    rendition: Duration = timedelta(minutes=15)
    messages: Duration = timedelta(hours=24)


class Reminders(StrictTable):
    """When an unread image is announced again, and when the person on duty is told."""

    unread_first: Duration = timedelta(minutes=30)
    unread_duty: Duration = timedelta(minutes=60)


class Questions(StrictTable):
    """How long the bot waits for an answer."""

    reason: Duration = timedelta(minutes=15)
    code: Duration = timedelta(days=7)


class Images(StrictTable):
    """What is accepted."""

    max_megabytes: Annotated[int, Field(ge=1, le=200)] = 50

    @property
    def max_bytes(self) -> int:
        """Return the largest file that is accepted, in bytes."""
        return self.max_megabytes * MEGABYTE


class PolicyTable(StrictTable):
    """What the practice decided about images and their uses. It tightens the rules, never loosens them (R22)."""

    advice_always_asks: bool = False
    confirm_twice: bool = True
    never: Annotated[tuple[RuledOutPurpose, ...], Field(strict=False)] = ()
    keep_transcripts: bool = False
    consent_days: Annotated[int, Field(ge=1, le=90)] = 7
    case_reminder_days: Annotated[int, Field(ge=1, le=90)] = 7
    keep_shared_days: Annotated[int, Field(ge=1, le=365)] = 30
    written_consent_only: bool = False
    verify_clinicians: bool = False
    device_check_months: Annotated[int, Field(ge=0, le=24)] = 6


class Wording(StrictTable):
    """Where the practice keeps texts of its own."""

    directory: FilePath | None = None


class Audit(StrictTable):
    """Where signed checkpoints of the audit log are kept, and when one is made."""

    checkpoints: FilePath | None = None
    checkpoint_every: Duration = timedelta(hours=1)
    checkpoint_entries: Annotated[int, Field(ge=1, le=1_000_000)] = 500


class Retention(StrictTable):
    """How long a record is kept (R23): never shorter than the law, longer if the practice decides so."""

    years: Annotated[int, Field(ge=7, le=100)] = 7
    children_until: Annotated[int, Field(ge=25, le=100)] = 25


class RecordTable(StrictTable):
    """The record, and its second copy."""

    mirror: FilePath | None = None


class Config(StrictTable):
    """The whole configuration."""

    practice: Practice
    duty: Duty
    managers: Managers
    homeserver: Homeserver
    data: Data
    purger: PurgerSocket = PurgerSocket()
    page: PageTable = PageTable()
    purge: Purge = Purge()
    reminders: Reminders = Reminders()
    questions: Questions = Questions()
    images: Images = Images()
    policy: PolicyTable = PolicyTable()
    wording: Wording = Wording()
    record: RecordTable = RecordTable()
    audit: Audit = Audit()
    retention: Retention = Retention()
    destinations: Annotated[tuple[ConfiguredDestination, ...], Field(strict=False)] = ()
