"""The embedded homeserver as a practice runs it: Synapse and the purger side by side, until told to stop.

Guarantees: the bot's account exists before the bot needs it, there are always registration tokens for invitations, and a
purger that ended is started again. Both are ended, by their own ids, when this ends, and end by themselves when it is killed.
Deliberately separate from the bot: this process can do anything on the homeserver, so the bot must not be in it.
"""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from bot.config import Config
from bot.domain.errors import OutsideFailure, Permanent
from bot.homeserver import EmbeddedHomeserver
from bot.stop_signals import stop_when_told
from bot.tethered import ENDS_WITHIN

from .sealed_files import SESSION

TOKENS = 20
LOOK_EVERY = 5.0  # seconds
_PORT = 8008
_PACKAGES = Path(__file__).resolve().parents[2]


class Embedded:
    """The homeserver of one configuration, with its files in `directory`."""

    def __init__(self, config: Config, directory: Path) -> None:
        if not config.homeserver.embedded:
            raise Permanent(
                "not-embedded", "homeserver.embedded is false: the homeserver of this practice runs elsewhere"
            )
        self._config = config
        url = urlsplit(config.homeserver.url)
        # Behind a proxy the configured address is the proxy's; the homeserver itself stays on this machine.
        port = url.port or _PORT if url.scheme == "http" else _PORT
        self._homeserver = EmbeddedHomeserver(directory, config.homeserver.name, port)
        self._purger: Process | None = None

    async def run(self, say: Callable[[str], None]) -> None:
        """Run until told to stop; `say` hears what happens."""
        stop_when_told()
        try:
            await self._refuse_a_second()
            await self._serve(say)
        except asyncio.CancelledError:
            say("Stopped.")

    async def _serve(self, say: Callable[[str], None]) -> None:
        try:
            await self._homeserver.start()
            await self._make_bot_account()
            await self._homeserver.registration_tokens(TOKENS)
            await self._homeserver.admin_token()
            await self._keep_purger()
            say(f"Homeserver {self._homeserver.server_name} answers at {self._homeserver.url}. Ctrl-C stops it.")
            await self._watch(say)
        finally:
            await self._end_purger()
            await self._homeserver.stop()

    async def _refuse_a_second(self) -> None:
        """Refuse to run beside another command; one that was killed may have left a homeserver that is just ending."""
        for _ in range(int(ENDS_WITHIN) + 1):
            if not (self._homeserver.directory.exists() and self._homeserver.running()):
                return
            await asyncio.sleep(1)
        raise Permanent("runs-already", "the homeserver runs already, started by another `consentry homeserver`")

    async def make_account(self, localpart: str, password: str) -> str:
        """Make an account for a person, while the homeserver runs; return its Matrix id."""
        if not (self._homeserver.directory.exists() and self._homeserver.running()):
            raise Permanent("not-running", "the homeserver is not running; start it with `consentry homeserver`")
        try:
            return (await self._homeserver.register(localpart, password)).user_id
        except Permanent as refused:
            if refused.code == "M_USER_IN_USE":
                raise Permanent("account-exists", "there is an account of this name already") from None
            raise

    async def _watch(self, say: Callable[[str], None]) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            if not self._homeserver.running():
                raise OutsideFailure("the homeserver ended; its homeserver.log says why")
            if await self._keep_purger():
                say("The purger had ended and was started again.")
            with suppress(OutsideFailure):  # it is busy: at the next look
                await self._homeserver.registration_tokens(TOKENS)

    async def _make_bot_account(self) -> None:
        path = self._config.homeserver.password_file
        if not path.exists() and (self._config.data.directory / f"{SESSION}.sealed").exists():
            return  # the bot is signed in, so it has an account, and needs no password that was lost with the keys
        try:
            password = path.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise Permanent(
                "no-password", f"{path} cannot be read ({error.strerror}); `consentry init` makes it"
            ) from None
        localpart = self._config.homeserver.user[1:].partition(":")[0]
        try:
            await self._homeserver.register(localpart, password)
        except Permanent as refused:
            if refused.code != "M_USER_IN_USE":
                raise

    async def _keep_purger(self) -> bool:
        """Start the purger unless it runs; return whether it had ended."""
        listens_at = self._config.purger.socket
        if listens_at is None or (self._purger is not None and self._purger.returncode is None):
            return False
        ended = self._purger is not None
        self._purger = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot.tethered", "bot.purger"),
            *("--socket", str(listens_at)),
            *("--homeserver", self._homeserver.url),
            *("--token-file", str(self._homeserver.purger_token_file)),
            *("--register", str(self._homeserver.directory / "purged.jsonl")),
            cwd=_PACKAGES,
            env={"PATH": os.defpath, "LANG": "C.UTF-8"},
            stdin=PIPE,  # its tether
            stdout=DEVNULL,
            start_new_session=True,  # Ctrl-C is for us, who end it in order
        )
        return ended

    async def _end_purger(self) -> None:
        if self._purger is None or self._purger.returncode is not None:
            return
        self._purger.terminate()
        try:
            await asyncio.wait_for(self._purger.wait(), 10)
        except TimeoutError:
            self._purger.kill()
            await self._purger.wait()
