"""What may stand for one value of the configuration: a duration, a path, an account. Each mistake is a sentence."""

from __future__ import annotations

import re
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Final, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, ValidationInfo

from bot.domain import identifiers
from bot.domain.hours import MIDNIGHT
from bot.domain.purposes import Purpose

_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LOOPBACK: Final = {"localhost", "127.0.0.1", "::1"}


def duration(value: object) -> timedelta:
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
    """Return the path; a relative one starts at the directory of the configuration file, wherever the bot is started from."""
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


def _service_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError('must be the address of the server, such as "https://records.example.org/r4"')
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise ValueError("must begin with https:// (http:// is only for a server on this machine)")
    return value.rstrip("/")


def _page_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.path.strip("/"):
        raise ValueError(
            'must be the address of the page, with nothing behind it, such as "https://photos.example.org"'
        )
    if parts.query or parts.fragment:
        raise ValueError("must end with the name of the page's host")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise ValueError("must begin with https:// (without it, browsers do not encrypt)")
    return value.rstrip("/")


class LoopbackAddress(NamedTuple):
    """Where something listens, on this machine only."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def _loopback_address(value: object) -> LoopbackAddress:
    if isinstance(value, LoopbackAddress):
        return value
    match = re.fullmatch(r"(localhost|127\.0\.0\.1):([1-9][0-9]{0,4})", value) if isinstance(value, str) else None
    if match is None or int(match[2]) > 65535:
        raise ValueError(
            'must be this machine and a port, such as "127.0.0.1:8018"; a proxy answers people\'s browsers'
        )
    return LoopbackAddress("127.0.0.1", int(match[2]))


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


Duration = Annotated[timedelta, BeforeValidator(duration)]
ClockTime = Annotated[time, BeforeValidator(_clock)]
Day = Annotated[int, BeforeValidator(_day)]
FilePath = Annotated[Path, BeforeValidator(_path)]
Account = Annotated[identifiers.Account, AfterValidator(_account)]
ServerName = Annotated[str, AfterValidator(_server_name)]
Url = Annotated[str, AfterValidator(_url)]
ServiceUrl = Annotated[str, AfterValidator(_service_url)]
PageUrl = Annotated[str, AfterValidator(_page_url)]
Listen = Annotated[LoopbackAddress, BeforeValidator(_loopback_address)]
Zone = Annotated[str, AfterValidator(_zone)]
Words = Annotated[str, AfterValidator(_words)]
RuledOutPurpose = Annotated[Purpose, BeforeValidator(_purpose)]


def server_of(account: Account) -> str:
    """Return the homeserver name in a Matrix id."""
    return account.partition(":")[2]
