"""Run a module in a process that is forked from one which has imported the bot already, so that no start waits for that again.

It is a process like any other: it has an id, dies of SIGKILL, and ends when its tether is cut. Only what /proc says of its
arguments and of its first environment is not its own.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path

from bot import tethered

IMPORTED = ["bot.commands", "bot.operate.app", "tests.one_by_one"]
IN, OUT, ERR = 0, 1, 2  # as every process knows them


class Forked:
    """`python -m MODULE ARGUMENT…` in `directory` with this environment and no other; what it prints is added to files."""

    def __init__(
        self, module: Sequence[str], directory: Path, environment: Mapping[str, str], out: Path, err: Path
    ) -> None:
        tether, self._tether = _context().Pipe(duplex=False)
        self._process = _context().Process(
            target=_run, args=(tuple(module), directory, dict(environment), out, err, tether), daemon=True
        )
        self._process.start()
        tether.close()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        """Its exit code, as `subprocess` gives it; None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, once it has ended."""
        self._process.join(timeout)
        code = self._process.exitcode
        if code is None:
            raise TimeoutError(f"it has not ended within {timeout} s")
        return code

    def kill(self) -> None:
        if self.poll() is None:  # its number may be another's by now
            self._process.kill()

    def terminate(self) -> None:
        if self.poll() is None:
            self._process.terminate()


@cache
def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(IMPORTED)
    return context


def _run(
    module: tuple[str, ...], directory: Path, environment: dict[str, str], out: Path, err: Path, tether: Connection
) -> None:
    os.dup2(tether.fileno(), IN)
    for number, file in ((OUT, out), (ERR, err)):
        opened = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    os.chdir(directory)
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = None
    sys.argv = ["", *module]
    tethered.main()
