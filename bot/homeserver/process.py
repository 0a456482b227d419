"""Synapse as a child process: started once, found by any other process meanwhile, stopped by its own process id.

Guarantees: never two on one directory, never a signal to a stranger, and it ends with whoever started it. The child inherits a
locked descriptor, so the lock is held exactly as long as the child lives, no matter who started it; the process id in the file
counts only while the lock is held.

Rules: arguments are paths only; the environment of the parent is not handed on; umask 077.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

from bot import tethered
from bot.domain.errors import OutsideFailure, Permanent

STOP_WITHIN = 30.0  # seconds after SIGTERM before SIGKILL
_STEP = 0.05


class SynapseProcess:
    """The one Synapse of a directory."""

    def __init__(self, directory: Path, venv: Path) -> None:
        self._directory = directory
        self._python = venv / "bin" / "python"
        self._lock_file = directory / "homeserver.lock"
        self._child: subprocess.Popen[bytes] | None = None

    def running(self) -> bool:
        """Return whether it runs, started by us or by another process."""
        self._reap()
        descriptor = self._open_lock()
        try:
            return not _try_lock(descriptor)
        finally:
            os.close(descriptor)  # this also gives back a lock just taken

    def start(self, configs: Sequence[Path]) -> None:
        """Start it; it is a success when it is running already."""
        if not self._python.exists():
            raise Permanent(
                "no-synapse", f"{self._python} is missing: `make install`, or `install.sh`, puts Synapse there"
            )
        self._reap()
        descriptor = self._open_lock()
        try:
            if not _try_lock(descriptor):
                return
            arguments = [str(self._python), "-P", tethered.__file__, "synapse.app.homeserver"]
            for config in configs:
                arguments += ["-c", str(config)]
            with open(self._directory / "start.err", "wb", opener=_private) as errors:
                self._child = subprocess.Popen(  # noqa: S603  our own interpreter and paths
                    arguments,
                    cwd=self._directory,
                    env={"PATH": os.defpath, "LANG": "C.UTF-8", "HOME": str(self._directory)},
                    stdin=subprocess.PIPE,  # its tether
                    stdout=subprocess.DEVNULL,
                    stderr=errors,
                    pass_fds=(descriptor,),
                    umask=0o077,
                    start_new_session=True,  # Ctrl-C is for the one who started it, who then stops it in order
                )
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, str(self._child.pid).encode(), 0)
        finally:
            os.close(descriptor)

    async def stop(self) -> None:
        """Ask it to end, and force it in the end; it is a success when it is not running."""
        if not self.running():
            return
        pid = int(self._lock_file.read_text() or 0)
        if pid <= 1:
            raise OutsideFailure("synapse has only just been started by another process")
        for force in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.kill(pid, force)
            except ProcessLookupError:
                return
            for _ in range(int(STOP_WITHIN / _STEP)):
                if not self.running():
                    return
                await asyncio.sleep(_STEP)
        raise OutsideFailure("synapse does not end")

    def _open_lock(self) -> int:
        return os.open(self._lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def _reap(self) -> None:
        if self._child is not None and self._child.poll() is not None:
            self._child = None


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
