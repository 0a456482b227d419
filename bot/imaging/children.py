"""Confined children, one for each file: forked when needed, ended by their own handle, never by a number.

The fork server is started with the first child, and started again if it dies. It gets one socket and nothing else: no
environment, no descriptor, no arguments but where this code lies. A child is reached through a socket pair of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from bot.domain.errors import OutsideFailure

from .child_protocol import READY, Layer

T = TypeVar("T")

_PACKAGES = str(Path(__file__).resolve().parents[2])
# Isolated mode ignores the environment and the working directory, so the server is told where this very code lies.
_SERVER = "import sys; sys.path.insert(0, sys.argv[1]); from bot.imaging.forkserver import main; main()"
_STARTING = timedelta(seconds=30)


@dataclass(slots=True)
class Child:
    """A confined process, ready for its request. `layers` is what confines it beyond the limits."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    handle: int
    layers: Layer = Layer.NONE

    async def end(self) -> None:
        """End it if it still runs, and return once it has gone."""
        self.writer.close()
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.handle, signal.SIGKILL)
        try:
            await asyncio.shield(_once_readable(self.handle, lambda: None))
        finally:
            os.close(self.handle)


@dataclass(frozen=True, slots=True)
class _Server:
    process: Process
    control: socket.socket


class Children:
    """The source of children; close it when done."""

    def __init__(self) -> None:
        self._server: _Server | None = None
        self._one_at_a_time = asyncio.Lock()

    async def child(self) -> Child:
        """Return a child that is loaded and confined; raise `OutsideFailure` when this machine cannot give one."""
        async with self._one_at_a_time:
            try:
                child = await self._forked()
            except (OSError, EOFError):  # the server is gone: a new one, once
                await self._stop()
                try:
                    child = await self._forked()
                except (OSError, EOFError) as error:
                    await self._stop()
                    raise OutsideFailure(f"screener did not start: {type(error).__name__}") from None
        try:
            ready = await asyncio.wait_for(child.reader.read(1), _STARTING.total_seconds())
        except TimeoutError:
            ready = b""
        except BaseException:  # also when it is cancelled: nobody else knows of the child, so it ends here
            await child.end()
            raise
        if not ready or ready[0] & ~0x3F != READY:
            await child.end()
            raise OutsideFailure("screener could not be confined")
        child.layers = Layer(ready[0] & 0x3F)
        return child

    async def close(self) -> None:
        """End the server. A child that is still at work is ended by the task that asked for it."""
        async with self._one_at_a_time:
            await self._stop()

    async def _forked(self) -> Child:
        if self._server is None:
            self._server = await _started()
        control = self._server.control
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                socket.send_fds(control, [b"."], [theirs.fileno()])
            said, handles = await _once_readable(control.fileno(), lambda: socket.recv_fds(control, 1, 1)[:2])
            if said != b"+" or not handles:
                raise EOFError
            ours.setblocking(False)
            reader, writer = await asyncio.open_connection(sock=ours)
        except BaseException:  # also when it is cancelled: a socket left open would keep its child alive
            ours.close()
            raise
        return Child(reader, writer, handles[0])

    async def _stop(self) -> None:
        server, self._server = self._server, None
        if server is None:
            return
        server.control.close()  # this tells the server to end
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(server.process.wait(), 2)
        if server.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                server.process.kill()
            await server.process.wait()


async def _started() -> _Server:
    control, theirs = socket.socketpair()
    try:
        with theirs:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-c", _SERVER, _PACKAGES),
                stdin=theirs.fileno(),
                stdout=DEVNULL,
                stderr=DEVNULL,
                env={},
                cwd="/",
                start_new_session=True,
            )
        control.setblocking(False)
        server = _Server(process, control)
        try:
            ready = await asyncio.wait_for(_once_readable(control.fileno(), lambda: control.recv(1)), 30)
        except TimeoutError:
            ready = b""
    except BaseException:  # also when it is cancelled: closing the socket tells the server to end
        control.close()
        raise
    if not ready or ready[0] & ~0x3F != READY:
        control.close()
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        await process.wait()
        raise OutsideFailure("screener could not be confined")
    return server


async def _once_readable(descriptor: int, act: Callable[[], T]) -> T:
    """Call `act` as soon as there is something to read, or to notice (a process handle reads as ended); return its result."""
    if not select.select([descriptor], [], [], 0)[0]:
        loop, readable = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(descriptor, readable.set)
        try:
            await readable.wait()
        finally:
            loop.remove_reader(descriptor)
    return act()
