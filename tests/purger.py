"""A purger of the test run: the real process, as the practice runs it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Self

from bot.purger.socket_client import SocketPurger
from tests.patience import PATIENCE


class PurgerProcess:
    """`python -m bot.purger` in a directory of its own."""

    def __init__(self, directory: Path, url: str, token: str, *, per_hour: int = 3000, per_minute: int = 3000) -> None:
        self.directory = directory
        self.socket = directory / "socket" / "purger"
        self.register = directory / "register"
        self.token_file = directory / "token"
        directory.mkdir(exist_ok=True)
        self.token_file.touch(mode=0o600)
        self.token_file.write_text(token)
        self.arguments = [sys.executable, "-m", "bot.tethered", "bot.purger"]
        self.arguments += ["--socket", str(self.socket), "--homeserver", url, "--token-file", str(self.token_file)]
        self.arguments += ["--register", str(self.register)]
        self.arguments += ["--per-hour", str(per_hour), "--per-minute", str(per_minute)]
        self.client = SocketPurger(self.socket)
        self._process: subprocess.Popen[str] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> Self:
        """Start it; returns when it listens. Fails with what it said if it does not."""
        log = (self.directory / "log").open("a")
        self._process = subprocess.Popen(
            self.arguments,
            stdin=subprocess.PIPE,  # its tether
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env={"PATH": os.defpath},
        )
        log.close()
        assert self._process.stdout is not None
        if self._process.stdout.readline() != "ready\n":
            raise RuntimeError(self.said())
        return self

    def stop(self, with_signal: signal.Signals = signal.SIGTERM) -> int:
        """End it; its exit status."""
        if self._process is None:
            return 0
        self._process.send_signal(with_signal)
        status = self._process.wait(PATIENCE)
        for end in (self._process.stdin, self._process.stdout):
            assert end is not None
            end.close()
        self._process = None
        return status

    def said(self) -> str:
        """All it logged so far."""
        return (self.directory / "log").read_text()
