"""What `consentry init` does: a configuration from answers, private directories, and keys.

Guarantees: nothing that exists is replaced. The configuration is checked by the same rules that `run` applies before anything is
written. Directories are 0700 and files 0600 from their first moment. The recovery key is returned once and kept nowhere.
Deliberately asks nothing (the command does), and needs neither network nor homeserver.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.config import Config, parse, server_of
from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.identifiers import Account
from bot.durable import write_new
from bot.homeserver import REDACTED_FOR
from storage.vault.key_ring import FILE, KeyRing
from storage.vault.recovery_key import encode_recovery_key

from .kept import what_lies_here

PASSWORD_FILE = "homeserver-password"


@dataclass(frozen=True, slots=True)
class Answers:
    """What the practice decided. Paths are as they are to stand in the file."""

    practice: str
    timezone: str
    user: Account
    url: str
    embedded: bool
    managers: Sequence[Account]
    duty: Account
    weekdays: tuple[str, str] | None = ("08:00", "18:00")
    allowed: Sequence[str] = ()
    data: str = "data"
    keys: str = "keys"
    password_file: str = f"keys/{PASSWORD_FILE}"


def write_practice(file: Path, answers: Answers, password: str | None = None) -> tuple[Config, str]:
    """Write configuration, directories and keys; return the configuration and the recovery key, which is shown nowhere else.

    Without a password one is made up, for an embedded homeserver whose accounts do not exist yet. A password file that exists
    already is left alone.
    """
    if file.exists():
        raise Permanent("config-exists", f"{file} is there already and is never replaced; move it away to begin anew")
    text = configuration(answers)
    config = parse(text, file)
    _refuse_beside_a_record(config)
    try:
        _private_directory(config.data.directory)
        ring = KeyRing.create(config.data.keys_directory)
        if not config.homeserver.password_file.exists():
            _private_directory(config.homeserver.password_file.parent)
            write_new(config.homeserver.password_file, f"{password or secrets.token_urlsafe(32)}\n".encode())
        file.parent.mkdir(parents=True, exist_ok=True)
        write_new(file, text.encode())
    except OSError as error:
        raise OutsideFailure(f"{error.filename}: {error.strerror}") from None
    return config, encode_recovery_key(ring.recovery_secret())


def _refuse_beside_a_record(config: Config) -> None:
    """Refuse to make keys where a record lies: they would not open it, and would stand in the way of those that do."""
    if what_lies_here(config.data.directory) and not (config.data.keys_directory / FILE).exists():
        sentence = (
            f"{config.data.directory} is not empty, and new keys would not open what lies there; move it away, or bring back the "
            "configuration it belongs to, and its keys with `consentry keys restore`"
        )
        raise Permanent("data-exists", sentence)


def configuration(answers: Answers) -> str:
    """Return the text of config.toml."""
    allowed = list(answers.allowed) or sorted({server_of(a) for a in (answers.user, answers.duty, *answers.managers)})
    lines = [
        "# The configuration of consentry. Every key is explained in config.example.toml; after a change: consentry doctor",
        "",
        *_table("practice", name=answers.practice, timezone=answers.timezone),
    ]
    if answers.weekdays is not None:
        opens, closes = answers.weekdays
        weekdays = ["mon", "tue", "wed", "thu", "fri"]
        lines += _table("[practice.hours]", days=weekdays, **{"from": opens, "until": closes})
    lines += _table("duty", person=answers.duty)
    lines += _table("managers", accounts=list(answers.managers))
    homeserver: dict[str, object] = {
        "url": answers.url,
        "user": answers.user,
        "password_file": answers.password_file,
        "allowed": allowed,
        "embedded": answers.embedded,
    }
    if answers.embedded:
        homeserver["redaction_retention"] = REDACTED_FOR
        homeserver["registration_tokens"] = "homeserver/registration-tokens.json"
    lines += _table("homeserver", **homeserver)
    if answers.embedded:
        lines += _table("purger", socket="run/purger.sock")
    lines += _table("data", directory=answers.data, keys_directory=answers.keys)
    return "\n".join(lines)


def _table(name: str, /, **keys: object) -> list[str]:
    # A JSON string, list or truth value is the same in TOML.
    return [f"[{name}]", *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in keys.items()), ""]


def _private_directory(path: Path) -> None:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
