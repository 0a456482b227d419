"""Screen untrusted pictures, each in a process of its own that is thrown away afterwards.

Guarantees: no untrusted byte is decoded in the process that holds the keys, nor twice in the same child; bytes travel over
pipes, never through files; the child gets no environment, no descriptor and no key, and is ended by its id when it takes
too long. What comes back is checked here: size, shape, and that it is a JPEG holding nothing but pixels (R19).
One spare child stands ready, loaded and confined, so that a picture does not wait for an interpreter to start.
Deliberately says little about why a picture cannot be shown: the original is filed all the same.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from datetime import timedelta
from pathlib import Path

from ..domain.errors import OutsideFailure, Permanent
from ..ports import Rendition
from .plain_jpeg import size_of_plain

_PACKAGES = str(Path(__file__).resolve().parents[2])
# Isolated mode ignores the environment and the working directory, so the child is told where this very code lies.
_CHILD = "import sys; sys.path.insert(0, sys.argv[1]); from bot.imaging.child import main; main()"

_READY = b"\x06"
_STARTING = timedelta(seconds=30)
_REASONS = {1: "damaged", 2: "too many pixels", 3: "moving picture"}
_MAX_SIDE = 4096


class SandboxedScreener:
    """The port `Screener` on confined child processes; close it when done."""

    def __init__(self, *, patience: timedelta = timedelta(seconds=20), at_once: int = 2) -> None:
        self._patience = patience.total_seconds()
        self._places = asyncio.Semaphore(at_once)
        self._spare: asyncio.Task[Process] | None = None
        self._closed = False

    async def rendition(self, data: bytes, longest_side: int) -> Rendition:
        """A metadata-free JPEG, upright; `Permanent("not-viewable")` when the bytes cannot be decoded safely."""
        if not 16 <= longest_side <= _MAX_SIDE:
            raise ValueError("longest_side out of range")
        async with self._places:
            child = await self._take()
            try:
                reply = await asyncio.wait_for(_exchange(child, data, longest_side), self._patience)
            except TimeoutError:
                raise Permanent("not-viewable", "took too long") from None
            finally:
                await _end(child)
        return _checked(reply, longest_side)

    async def close(self) -> None:
        """End the spare child; a rendition under way ends its own."""
        self._closed = True
        spare, self._spare = self._spare, None
        if spare is not None:
            with contextlib.suppress(OutsideFailure):
                await _end(await spare)

    async def _take(self) -> Process:
        """The spare child, and another one started in its place; a spare that died meanwhile is passed over."""
        spare, self._spare = self._spare, None
        child = await spare if spare is not None else await _start()
        if child.returncode is not None:
            child = await _start()
        if self._spare is None and not self._closed:
            self._spare = asyncio.create_task(_start())
        return child


async def _start() -> Process:
    """A child that is loaded and confined; `OutsideFailure` when this machine cannot give one."""
    try:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-c", _CHILD, _PACKAGES),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env={},
            cwd="/",
            start_new_session=True,
        )
    except OSError as error:
        raise OutsideFailure(f"screener did not start: {type(error).__name__}") from None
    assert child.stdout is not None
    try:
        ready = await asyncio.wait_for(child.stdout.read(1), _STARTING.total_seconds())
    except TimeoutError:
        ready = b""
    except BaseException:
        await _end(child)
        raise
    if ready != _READY:
        await _end(child)
        raise OutsideFailure("screener could not be confined")
    return child


async def _exchange(child: Process, data: bytes, longest_side: int) -> bytes:
    """Hand the picture over and take the reply, never more of it than an honest one can be."""
    assert child.stdin is not None and child.stdout is not None
    with contextlib.suppress(ConnectionError):
        child.stdin.write(longest_side.to_bytes(4, "big") + data)
        await child.stdin.drain()
        child.stdin.close()
    limit = 4 * longest_side * longest_side + 65_536
    reply = bytearray()
    while piece := await child.stdout.read(65_536):
        reply += piece
        if len(reply) > limit:
            raise Permanent("not-viewable", "reply too long")
    return bytes(reply)


async def _end(child: Process) -> None:
    """End the child if it still runs, and collect it."""
    assert child.stdin is not None and child.stdout is not None
    child.stdin.close()
    if child.stdout.at_eof():
        with contextlib.suppress(TimeoutError):  # it closed its output last of all: it is ending by itself
            await asyncio.wait_for(child.wait(), 1)
    if child.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
    # asyncio calls a process ended only when its pipes are, and a pipe nobody reads never is.
    while await child.stdout.read(65_536):
        pass
    await child.wait()


def _checked(reply: bytes, longest_side: int) -> Rendition:
    """The reply taken apart, believing nothing: the child that wrote it may have been taken over."""
    if not reply:
        raise Permanent("not-viewable", "ended by a limit")
    if reply[0] != 0:
        raise Permanent("not-viewable", _REASONS.get(reply[0], "damaged"))
    width, height = int.from_bytes(reply[1:5], "big"), int.from_bytes(reply[5:9], "big")
    jpeg = reply[9:]
    try:
        size = size_of_plain(jpeg)
    except ValueError:
        raise Permanent("not-viewable", "reply is not a plain picture") from None
    if size != (width, height) or not 0 < max(size) <= longest_side or not min(size):
        raise Permanent("not-viewable", "reply has another size")
    return Rendition(jpeg, "image/jpeg", width, height)
