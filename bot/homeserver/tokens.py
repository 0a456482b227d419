"""The pool of registration tokens: the homeserver's owner fills it, the bot takes one for each person it enrols.

So the bot can invite without any power over the homeserver. A token makes one account and expires.
It is typed on a phone, into an app that forgives nothing: twelve small letters and digits, such as 7kqm-4xdr-9tpw.

Guarantees: a token is handed out once, also between processes; if the taker dies in between it is lost, which harms nobody.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from bot.domain.errors import OutsideFailure
from bot.durable import write_durably

_PATIENCE = 5.0  # seconds
_DIGITS = "23456789"
_TYPED = f"{_DIGITS}abcdefghjkmnpqrstvwxyz"  # nothing that is mistaken for something else: no 0, 1, i, l, o or u


def drawn_token() -> str:
    """Return a new token of 57 bits (docs/decisions.md). It begins with a digit: phones make a first letter a capital."""
    drawn = secrets.choice(_DIGITS) + "".join(secrets.choice(_TYPED) for _ in range(11))
    return "-".join((drawn[:4], drawn[4:8], drawn[8:]))


@dataclass(frozen=True, slots=True)
class RegistrationToken:
    """A token and when it stops working. Its `repr` does not show the token."""

    token: str
    expires: datetime

    def __repr__(self) -> str:
        return f"RegistrationToken(expires={self.expires.isoformat()})"


class TokenPool:
    """The pool's file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def take(self, valid_until: datetime) -> RegistrationToken | None:
        """Remove and return a token that is good at least until then; None when there is none."""
        with self._held():
            pool = self._read()
            for token in pool:
                if token.expires >= valid_until:
                    self._write(other for other in pool if other is not token)
                    return token
        return None

    def count(self, valid_until: datetime) -> int:
        """Return how many tokens are good at least until then."""
        return sum(token.expires >= valid_until for token in self._read())

    def put(self, fresh: Iterable[RegistrationToken], drop_before: datetime) -> None:
        """Add these tokens; drop those that expire before `drop_before`."""
        with self._held():
            self._write([token for token in self._read() if token.expires >= drop_before] + list(fresh))

    def _held(self) -> AbstractContextManager[object]:
        try:
            return FileLock(str(self._path) + ".lock", mode=0o600).acquire(timeout=_PATIENCE)
        except Timeout:
            raise OutsideFailure("the registration tokens are in use") from None

    def _read(self) -> list[RegistrationToken]:
        try:
            rows = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return []
        return [RegistrationToken(str(row["token"]), datetime.fromisoformat(row["expires"])) for row in rows]

    def _write(self, pool: Iterable[RegistrationToken]) -> None:
        rows = [{"token": each.token, "expires": each.expires.isoformat()} for each in pool]
        write_durably(self._path, f"{json.dumps(rows, indent=1)}\n".encode())
