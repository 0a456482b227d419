"""A command in a terminal, as a person sees it: a pseudo-terminal with a size, what is on it, and what is typed."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import pty
import re
import struct
import sys
import termios
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.patience import PATIENCE

ROWS, COLUMNS = 40, 100
_STEERING = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_PROJECT = Path(__file__).resolve().parents[1]


@dataclass
class Terminal:
    """`text` is all that was shown so far, without what colours it; `raw` as it came."""

    master: int
    process: asyncio.subprocess.Process
    raw: bytes = b""
    _is_read: asyncio.Event = field(default_factory=asyncio.Event)
    _more: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def text(self) -> str:
        return _STEERING.sub("", self.raw.decode("utf-8", "replace"))

    async def shows(self, words: str) -> None:
        async with asyncio.timeout(PATIENCE):
            while words not in self.text:
                assert self.process.returncode is None, self.text
                self._more.clear()
                await self._more.wait()

    def types(self, line: str) -> None:
        os.write(self.master, line.encode() + b"\n")

    async def ends(self) -> int:
        """Its exit status, once all that it showed is in `text`."""
        async with asyncio.timeout(PATIENCE):
            await self._is_read.wait()
            return await self.process.wait()

    def read(self) -> None:
        try:
            self.raw += os.read(self.master, 65536)
        except OSError as error:
            if error.errno != errno.EIO:  # the other end is closed
                raise
            asyncio.get_running_loop().remove_reader(self.master)
            self._is_read.set()
        self._more.set()


@asynccontextmanager
async def terminal(*arguments: str) -> AsyncIterator[Terminal]:
    """`consentry` with these arguments; ended when the block is left, if it has not by itself."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments),
        stdin=slave,
        stdout=slave,
        stderr=slave,
        cwd=_PROJECT,
        env={"PATH": os.defpath, "LANG": "C.UTF-8", "TERM": "xterm-256color", "HOME": "/nonexistent"},
        start_new_session=True,
    )
    os.close(slave)
    screen = Terminal(master, process)
    loop = asyncio.get_running_loop()
    loop.add_reader(master, screen.read)
    try:
        yield screen
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        loop.remove_reader(master)
        os.close(master)
