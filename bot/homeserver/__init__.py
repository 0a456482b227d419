"""The embedded homeserver: Synapse from its own virtual environment, set up for a small practice and to keep as little as it can.

Guarantees: its directory is private (0700, files 0600). Its name and keys are made once. Its settings are written anew at each
start (settings.py); the owner's own settings go into `local.yaml`, which wins. It listens on loopback unless told otherwise.
It is never started twice. After `start` it answers.

Privileges are separated: the registration secret stays in this directory; the administrator's token is in one file, read by
this process and by the purger, never by the bot; the bot gets nothing but a pool of single-use registration tokens.

Deliberately not here: TLS and a public name (the work of a reverse proxy, which must not pass on /_synapse/admin), PostgreSQL,
backups.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
import socket
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.domain.errors import OutsideFailure, Permanent
from bot.durable import write_durably

from . import admin as owner
from .admin import RegisteredAccount
from .identity import ensure_identity, registration_secret
from .process import SynapseProcess
from .settings import REDACTED_FOR, homeserver_settings, log_settings
from .tokens import RegistrationToken, TokenPool, drawn_token

__all__ = ["REDACTED_FOR", "EmbeddedHomeserver", "RegisteredAccount", "RegistrationToken", "TokenPool", "synapse_venv"]

PURGER = "consentry-purger"
TOKENS_LAST = timedelta(days=60)
TOKENS_RENEWED = timedelta(days=30)  # before they expire: an invited person has at least this long
_START_WITHIN = 90.0  # seconds
_STEP = 0.1


def synapse_venv() -> Path:
    """Return where Synapse is installed: $CONSENTRY_SYNAPSE_VENV, else beside our own `.venv`, in `.venv-synapse`."""
    if named := os.environ.get("CONSENTRY_SYNAPSE_VENV"):
        return Path(named)
    ours = Path(sys.prefix)
    return ours.with_name(f"{ours.name}-synapse")


class EmbeddedHomeserver:
    """The homeserver of one directory."""

    def __init__(
        self,
        directory: Path,
        server_name: str,
        port: int,
        venv: Path | None = None,
        *,
        host: str = "127.0.0.1",
        fast: bool = False,
    ) -> None:
        self.directory = directory.resolve()
        self.server_name = server_name
        self.url = f"http://{host}:{port}"
        self.purger_token_file = self.directory / "purger.token"
        self.token_pool = TokenPool(self.directory / "registration-tokens.json")
        self._host, self._port, self._fast = host, port, fast
        self._process = SynapseProcess(self.directory, venv or synapse_venv())

    def prepare(self) -> None:
        """Write what Synapse needs; make nothing again that was made once."""
        self.directory.mkdir(parents=True, exist_ok=True)
        self.directory.chmod(0o700)
        ensure_identity(self.directory, self.server_name)
        settings = homeserver_settings(self.directory, self._port, self._host, fast=self._fast)
        heading = "# Written anew at each start. Your own settings go into local.yaml beside this file.\n"
        write_durably(self.directory / "homeserver.yaml", (heading + json.dumps(settings, indent=2) + "\n").encode())
        write_durably(self.directory / "log.yaml", f"{json.dumps(log_settings(self.directory), indent=2)}\n".encode())

    def running(self) -> bool:
        """Return whether it runs, no matter who started it."""
        return self._process.running()

    async def start(self) -> None:
        """Prepare, start and wait until it answers; it is a success when it is running already."""
        self.prepare()
        if not self._process.running():
            self._refuse_a_taken_port()
        configs = ["identity.yaml", "homeserver.yaml"] + ["local.yaml"] * (self.directory / "local.yaml").exists()
        self._process.start([self.directory / name for name in configs])
        for _ in range(int(_START_WITHIN / _STEP)):
            if await owner.answers(self.url):
                return
            if not self._process.running():
                raise Permanent("synapse-ended", f"see homeserver.log and start.err in {self.directory}")
            await asyncio.sleep(_STEP)
        await self.stop()
        raise OutsideFailure("synapse did not answer in time")

    async def stop(self) -> None:
        """End it, no matter who started it; it is a success when it is not running."""
        await self._process.stop()

    async def register(self, localpart: str, password: str, *, admin: bool = False) -> RegisteredAccount:
        """Make an account; `Permanent("M_USER_IN_USE")` when there is one."""
        secret = registration_secret(self.directory)
        return RegisteredAccount(await owner.register(self.url, secret, localpart, password, admin=admin), password)

    async def admin_token(self) -> str:
        """Return the purger's access token, also kept in `purger_token_file`; make its account when there is none."""
        if self.purger_token_file.exists():
            kept = self.purger_token_file.read_text(encoding="utf-8").strip()
            if await owner.token_works(self.url, kept):
                return kept
        # Derived, not stored: a crash between making the account and keeping its token can be mended, with no extra secret.
        secret = registration_secret(self.directory)
        password = hmac.new(secret.encode(), f"password of {PURGER}".encode(), hashlib.sha256).hexdigest()
        try:
            await self.register(PURGER, password, admin=True)
        except Permanent as error:
            if error.code != "M_USER_IN_USE":
                raise
        token = await owner.login(self.url, PURGER, password, "PURGER")
        write_durably(self.purger_token_file, f"{token}\n".encode())
        return token

    async def registration_tokens(self, count: int) -> TokenPool:
        """Fill the pool up to `count` tokens that are good for long enough; return the pool."""
        now = datetime.now(UTC)
        missing = count - self.token_pool.count(now + TOKENS_RENEWED)
        if missing > 0:
            power = await self.admin_token()
            expires = now + TOKENS_LAST
            fresh = [RegistrationToken(drawn_token(), expires) for _ in range(missing)]
            for offered in fresh:
                await owner.offer_registration(self.url, power, offered.token, expires)
            self.token_pool.put(fresh, now + TOKENS_RENEWED)
        return self.token_pool

    def _refuse_a_taken_port(self) -> None:
        with socket.socket(socket.AF_INET6 if ":" in self._host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self._host, self._port))
            except OSError as error:
                raise Permanent("port-taken", f"{self._host}:{self._port}") from error
