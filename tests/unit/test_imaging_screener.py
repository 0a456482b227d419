"""Untrusted pictures are decoded in confined children that cannot harm, hang or talk their way out."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.errors import OutsideFailure, Permanent
from bot.imaging import screener as module
from bot.imaging.plain_jpeg import size_of_plain
from bot.imaging.screener import SandboxedScreener, _checked
from tests.photos import corners, encoded, small

ROOT = str(Path(__file__).parents[2])


@pytest.fixture
async def screener() -> AsyncIterator[SandboxedScreener]:
    made = SandboxedScreener()
    yield made
    await made.close()


def child_running(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Put `code` in the place of the child's decoding: what a child does that hostile bytes took over."""
    prelude = (
        "import sys, os, time; sys.path.insert(0, sys.argv[1]); from bot.imaging.confine import confine; confine();"
        "sys.stdout.buffer.write(b'\\x06'); sys.stdout.buffer.flush(); asked = sys.stdin.buffer.read();"
    )
    monkeypatch.setattr(module, "_CHILD", prelude + code)


def confined(code: str) -> str:
    """What a confined process prints when it runs `code`."""
    whole = f"import sys; sys.path.insert(0, {ROOT!r}); from bot.imaging.confine import confine\n{code}"
    command = [sys.executable, "-I", "-c", whole]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return ran.stdout.strip() or f"ended with {ran.returncode}"


async def test_a_photo_becomes_a_plain_upright_picture(screener: SandboxedScreener) -> None:
    picture = await screener.rendition(small(), 64)
    assert (picture.media_type, picture.width, picture.height) == ("image/jpeg", 48, 64)
    assert size_of_plain(picture.data) == (48, 64)


async def test_each_picture_has_a_child_of_its_own_and_none_is_left(
    screener: SandboxedScreener, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[int] = []
    started = module._start

    async def noted() -> asyncio.subprocess.Process:
        child = await started()
        used.append(child.pid)
        return child

    monkeypatch.setattr(module, "_start", noted)
    await asyncio.gather(*(screener.rendition(small(), 32) for _ in range(5)))
    await screener.close()
    assert len(set(used)) == len(used) >= 5
    for pid in used:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


async def test_a_spare_that_died_is_passed_over(screener: SandboxedScreener) -> None:
    await screener.rendition(small(), 32)
    assert screener._spare is not None
    spare = await screener._spare
    spare.kill()
    await spare.wait()
    assert (await screener.rendition(small(), 32)).height == 32


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not-viewable"),
        (b"not a picture", "not-viewable: damaged"),
        (small()[:9000], "not-viewable: damaged"),
        (encoded(corners(), "GIF"), "not-viewable: damaged"),
    ],
)
async def test_what_cannot_be_decoded_is_permanently_not_viewable(
    screener: SandboxedScreener, data: bytes, why: str
) -> None:
    with pytest.raises(Permanent, match=why) as caught:
        await screener.rendition(data, 64)
    assert caught.value.code == "not-viewable"


async def test_a_child_that_never_answers_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    child_running(monkeypatch, "time.sleep(600)")
    screener = SandboxedScreener(patience=timedelta(milliseconds=50))
    with pytest.raises(Permanent, match="took too long"):
        await screener.rendition(b"x", 64)
    await screener.close()


async def test_a_child_that_never_stops_talking_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    child_running(monkeypatch, "\nwhile True: sys.stdout.buffer.write(bytes(65536))")
    screener = SandboxedScreener()
    with pytest.raises(Permanent, match="reply too long"):
        await screener.rendition(b"x", 64)
    await screener.close()


async def test_a_child_that_takes_too_much_memory_takes_down_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    child_running(monkeypatch, "bytearray(1 << 32)")
    screener = SandboxedScreener()
    with pytest.raises(Permanent, match="ended by a limit"):
        await screener.rendition(b"x", 64)
    await screener.close()


async def test_a_child_sees_no_environment_and_no_descriptor_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSENTRY_CANARY", "secret")
    ours = os.open(ROOT, os.O_RDONLY)
    os.set_inheritable(ours, True)
    look = """
def inherited(descriptor):
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True
if not any(map(inherited, range(3, 200))) and "CONSENTRY_CANARY" not in os.environ:
    sys.stdout.buffer.write(bytes([2]))
"""
    child_running(monkeypatch, "\n" + look)
    screener = SandboxedScreener()
    try:
        with pytest.raises(Permanent, match="too many pixels"):  # status 2: the child found nothing
            await screener.rendition(b"x", 64)
    finally:
        os.close(ours)
        await screener.close()


@pytest.mark.parametrize(
    ("attempt", "outcome"),
    [
        ("open('/etc/passwd')", "OSError"),
        ("open('/dev/null')", "OSError"),
        ("import socket; socket.socket()", "OSError"),
        ("os.fork()", "BlockingIOError"),
        ("os.pipe()", "OSError"),
        ("bytearray(1 << 31)", "MemoryError"),
        ("resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))", "ValueError"),
    ],
)
def test_a_confined_process_can_reach_nothing(attempt: str, outcome: str) -> None:
    code = (
        "import os, resource, socket\nconfine()\n"
        f"try:\n    {attempt}\nexcept Exception as error:\n    print(type(error).__name__)\nelse:\n    print('done')"
    )
    assert confined(code) == outcome


def test_a_confined_process_cannot_gain_privileges_and_leaves_no_core() -> None:
    code = """
import os, resource
status = open("/proc/self/status")
confine()
status.seek(0)
kept = [line.split()[1] for line in status.read().splitlines() if line.startswith("NoNewPrivs")]
limits = [resource.getrlimit(which)[1] for which in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE)]
print(*kept, *limits, os.geteuid() != 0)
"""
    assert confined(code) == "1 0 0 True"


def test_processor_time_runs_out() -> None:
    code = "import bot.imaging.confine as c\nc.CPU_SECONDS = 1\nconfine()\nwhile True: pass"
    assert confined(code) == "ended with -9"


async def test_a_machine_that_cannot_confine_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CHILD", "raise SystemExit(1)")
    screener = SandboxedScreener()
    with pytest.raises(OutsideFailure, match="could not be confined") as caught:
        await screener.rendition(small(), 64)
    assert not isinstance(caught.value, Permanent)
    await screener.close()


JPEG = encoded(corners())


def reply(jpeg: bytes = JPEG, width: int = 48, height: int = 32) -> bytes:
    return b"\0" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + jpeg


def test_an_honest_reply_passes() -> None:
    assert _checked(reply(), 64).data == JPEG


@pytest.mark.parametrize(
    "lie",
    [
        b"",
        b"\0",
        b"\xff",
        reply(small(), 200, 150),  # metadata would leave
        reply(width=47),
        reply(jpeg=JPEG + b"trailer"),
        reply(jpeg=encoded(corners((90, 32))), width=90),  # larger than asked
        reply(jpeg=b"GIF89a"),
    ],
)
def test_a_child_that_lies_is_not_believed(lie: bytes) -> None:
    with pytest.raises(Permanent, match="not-viewable"):
        _checked(lie, 64)
