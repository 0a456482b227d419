"""What the practice decided: the configuration, read from one TOML file.

Guarantees: reading does nothing but parse and check; every mistake is reported at once, by key and line, in a sentence
that says what to do; what was loaded cannot change. Secrets are never in it, only the paths of the files that hold them,
and no value of the file is repeated in a report (someone may have pasted a password where its path belongs).
Deliberately does not look at the network, the data or the secrets: `consentry doctor` does.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo

from .config_report import ConfigInvalid, Problem, explain, nearest_line
from .domain.hours import MIDNIGHT, OpeningHours
from .domain.purposes import Purpose

__all__ = ["Config", "ConfigInvalid", "Problem", "load", "parse"]

NOT_FOR_EMERGENCIES: Final = "Not for emergencies: call 000."

_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LOOPBACK: Final = {"localhost", "127.0.0.1", "::1"}


def _duration(value: object) -> timedelta:
    match = re.fullmatch(r"([1-9][0-9]{0,5})([smhd])", value) if isinstance(value, str) else None
    if match is None:
        raise ValueError('must be a duration in quotes: a whole number and s, m, h or d, such as "15m", "24h" or "7d"')
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _clock(value: object) -> time:
    if value == "24:00":
        return MIDNIGHT
    match = re.fullmatch(r"([01][0-9]|2[0-3]):([0-5][0-9])", value) if isinstance(value, str) else None
    if match is None:
        raise ValueError('must be a time in quotes, from "00:00" to "24:00", such as "08:30"')
    return time(int(match[1]), int(match[2]))


def _day(value: object) -> int:
    if value not in _DAYS:
        raise ValueError('must be one of "mon", "tue", "wed", "thu", "fri", "sat", "sun"')
    return _DAYS.index(str(value))


def _path(value: object, info: ValidationInfo) -> Path:
    """Relative paths start at the directory of the configuration file, wherever the bot is started from."""
    if not isinstance(value, str) or not value or "\0" in value:
        raise ValueError("must be a path in quotes")
    base: Path = (info.context or {})["base"]
    try:
        return base / Path(value).expanduser()
    except RuntimeError:
        raise ValueError("names the home of a user this machine does not have") from None


def _account(value: str) -> str:
    if not re.fullmatch(r"@[!-9;-~]+:[A-Za-z0-9.\-\[\]:]+", value) or len(value) > 255:
        raise ValueError('must be a whole Matrix id, such as "@lee:example.org"')
    return value


def _server_name(value: str) -> str:
    if not re.fullmatch(r"([A-Za-z0-9.\-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?", value):
        raise ValueError(
            'must be a homeserver name as it stands in Matrix ids, such as "example.org", without https://'
        )
    return value


def _url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError('must be the address of the homeserver, such as "https://matrix.example.org"')
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise ValueError("must begin with https:// (http:// is only for a homeserver on this machine)")
    return value.rstrip("/")


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, OSError, ValueError):
        raise ValueError('must be an IANA time zone, such as "Australia/Sydney"') from None
    return value


def _words(value: str) -> str:
    if not value.strip() or len(value) > 200 or not value.isprintable():
        raise ValueError("must be one line of text, at most 200 characters")
    return value


def _purpose(value: object) -> Purpose:
    others = [purpose.value for purpose in Purpose if purpose is not Purpose.CARE]
    if value not in others:
        raise ValueError(f"must be one of {', '.join(others)} (care can't be ruled out)")
    return Purpose(str(value))


Duration = Annotated[timedelta, BeforeValidator(_duration)]
ClockTime = Annotated[time, BeforeValidator(_clock)]
Day = Annotated[int, BeforeValidator(_day)]
FilePath = Annotated[Path, BeforeValidator(_path)]
Account = Annotated[str, AfterValidator(_account)]
ServerName = Annotated[str, AfterValidator(_server_name)]
Url = Annotated[str, AfterValidator(_url)]
Zone = Annotated[str, AfterValidator(_zone)]
Words = Annotated[str, AfterValidator(_words)]
RuledOutPurpose = Annotated[Purpose, BeforeValidator(_purpose)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


class Hours(_Table):
    """One `[[practice.hours]]` entry."""

    days: Annotated[tuple[Day, ...], Field(strict=False, min_length=1)]
    opens: Annotated[ClockTime, Field(alias="from")]
    closes: Annotated[ClockTime, Field(alias="until")]


class Practice(_Table):
    """Who the practice is and when it looks at photos."""

    name: Words
    timezone: Zone
    emergency_text: Words = NOT_FOR_EMERGENCIES
    hours: Annotated[tuple[Hours, ...], Field(strict=False)] = ()

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the practice."""
        return ZoneInfo(self.timezone)

    @property
    def opening_hours(self) -> tuple[OpeningHours, ...]:
        """The hours as the domain judges them (`bot.domain.hours`)."""
        return tuple(OpeningHours(tuple(sorted(set(h.days))), h.opens, h.closes) for h in self.hours)


class Duty(_Table):
    """Who is told when an image stays unread."""

    person: Account


class Managers(_Table):
    """The first managers; later ones are enrolled."""

    accounts: Annotated[tuple[Account, ...], Field(strict=False, min_length=1)]


class Homeserver(_Table):
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
        """The homeserver's name, as in the bot's own Matrix id."""
        return server_of(self.user)


class PurgerSocket(_Table):
    """Where the purger listens; without one, media is beyond the bot's reach."""

    socket: FilePath | None = None


class Data(_Table):
    """Where the record and its keys are kept, apart from one another."""

    directory: FilePath
    keys_directory: FilePath


class Purge(_Table):
    """How long what was shown or said stays in the chat."""

    rendition: Duration = timedelta(minutes=15)
    messages: Duration = timedelta(hours=24)


class Reminders(_Table):
    """When an unread image is said again, and when the person on duty is told."""

    unread_first: Duration = timedelta(minutes=30)
    unread_duty: Duration = timedelta(minutes=60)


class Questions(_Table):
    """How long an answer is waited for."""

    reason: Duration = timedelta(minutes=15)
    code: Duration = timedelta(days=7)


class Images(_Table):
    """What is accepted."""

    max_megabytes: Annotated[int, Field(ge=1, le=200)] = 50

    @property
    def max_bytes(self) -> int:
        """The largest file accepted, in bytes."""
        return self.max_megabytes * 1_000_000


class PolicyTable(_Table):
    """What the practice decided about images and their uses: it tightens the rules, never loosens them (R22)."""

    advice_always_asks: bool = False
    never: Annotated[tuple[RuledOutPurpose, ...], Field(strict=False)] = ()
    keep_transcripts: bool = False
    consent_days: Annotated[int, Field(ge=1, le=90)] = 7
    case_reminder_days: Annotated[int, Field(ge=1, le=90)] = 7
    keep_shared_days: Annotated[int, Field(ge=1, le=365)] = 30
    written_consent_only: bool = False
    verify_clinicians: bool = False
    device_check_months: Annotated[int, Field(ge=0, le=24)] = 6


class Wording(_Table):
    """Where the practice keeps texts of its own."""

    directory: FilePath | None = None


class Audit(_Table):
    """Where signed checkpoints of the audit log are kept, and when one is made."""

    checkpoints: FilePath | None = None
    checkpoint_every: Duration = timedelta(hours=1)
    checkpoint_entries: Annotated[int, Field(ge=1, le=1_000_000)] = 500


class Retention(_Table):
    """How long a record is kept (R23): never shorter than the law, longer if the practice decides so."""

    years: Annotated[int, Field(ge=7, le=100)] = 7
    children_until: Annotated[int, Field(ge=25, le=100)] = 25


class RecordTable(_Table):
    """The record, and its second copy."""

    mirror: FilePath | None = None


class Config(_Table):
    """The whole configuration."""

    practice: Practice
    duty: Duty
    managers: Managers
    homeserver: Homeserver
    data: Data
    purger: PurgerSocket = PurgerSocket()
    purge: Purge = Purge()
    reminders: Reminders = Reminders()
    questions: Questions = Questions()
    images: Images = Images()
    policy: PolicyTable = PolicyTable()
    wording: Wording = Wording()
    record: RecordTable = RecordTable()
    audit: Audit = Audit()
    retention: Retention = Retention()


def server_of(account: str) -> str:
    """The homeserver name in a Matrix id."""
    return account.partition(":")[2]


def load(path: Path) -> Config:
    """The configuration in the file at `path`; `ConfigInvalid` with every problem found."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        sentence = "there is no such file; `consentry init` writes one, `--config` names another"
        raise ConfigInvalid(path, [Problem("", None, sentence)]) from None
    except (OSError, UnicodeDecodeError) as error:
        sentence = f"cannot be read ({type(error).__name__}); make it a UTF-8 text file this user may read"
        raise ConfigInvalid(path, [Problem("", None, sentence)]) from None
    return parse(text, path)


def parse(text: str, path: Path) -> Config:
    """The configuration in `text`; relative paths start at the directory of `path`, which need not exist."""
    text = text.replace("\r\n", "\n")
    try:
        document: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigInvalid(path, [Problem.of_syntax(str(error), text)]) from None
    except RecursionError:
        raise ConfigInvalid(path, [Problem("", None, "has brackets within brackets without end")]) from None
    try:
        config = Config.model_validate(document, context={"base": path.absolute().parent})
    except ValidationError as error:
        raise ConfigInvalid(path, explain(error, Config, text)) from None
    problems = [Problem(".".join(key), nearest_line(text, key), said) for key, said in _contradictions(config)]
    if problems:
        raise ConfigInvalid(path, problems)
    return config


def _contradictions(config: Config) -> Iterator[tuple[tuple[str, ...], str]]:
    """Keys that are right each by itself and wrong together."""
    data, keys = config.data.directory, config.data.keys_directory
    if _inside(data, keys) or _inside(keys, data):
        yield (
            ("data", "keys_directory"),
            "must lie apart from data.directory, neither inside the other: who copies the data must not get its keys",
        )
    if _inside(config.homeserver.password_file, data):
        yield ("homeserver", "password_file"), "must lie outside data.directory; data.keys_directory is a good place"
    for place in (data, keys):
        if config.audit.checkpoints is not None and _inside(config.audit.checkpoints, place):
            yield (
                ("audit", "checkpoints"),
                "must lie outside data.directory and data.keys_directory, best on another machine: "
                "who can change the log must not reach them",
            )
    mirror = config.record.mirror
    if mirror is not None and any(_inside(mirror, place) or _inside(place, mirror) for place in (data, keys)):
        yield ("record", "mirror"), "must lie apart from data and keys, best on another disk: it is the second copy"
    if config.reminders.unread_duty <= config.reminders.unread_first:
        yield ("reminders", "unread_duty"), "must be longer than reminders.unread_first: the practice is told first"
    for number, entry in enumerate(config.practice.hours):
        if entry.closes != MIDNIGHT and entry.closes <= entry.opens:
            until = ("practice", "hours", str(number), "until")
            yield until, "must be later than `from`; for hours past midnight write two entries"
    named: dict[tuple[str, ...], tuple[str, ...]] = {
        ("homeserver", "user"): (config.homeserver.user,),
        ("duty", "person"): (config.duty.person,),
        ("managers", "accounts"): config.managers.accounts,
    }
    for key, accounts in named.items():
        strangers = sorted({server_of(a) for a in accounts} - set(config.homeserver.allowed))
        if strangers:
            servers = ", ".join(strangers)
            yield key, f"names someone on {servers}: add that to homeserver.allowed or choose another account"


def _inside(inner: Path, outer: Path) -> bool:
    return inner.resolve().is_relative_to(outer.resolve())
