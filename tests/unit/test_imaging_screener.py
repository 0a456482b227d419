"""Untrusted pictures are decoded in confined children that cannot harm, hang or talk their way out."""

from __future__ import annotations

import asyncio
import os
import select
import subprocess
import sys
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from textwrap import indent

import pytest
import pytest_asyncio

from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.screening import Findings
from bot.domain.terms import Terms
from bot.imaging import children as module
from bot.imaging.child_protocol import PAGE, REPLY, Form, Layer
from bot.imaging.children import Child, Children
from bot.imaging.jpeg_segments import size_of_plain, with_exif
from bot.imaging.screener import (
    SandboxedScreener,
    _checked_copy,
    _checked_findings,
    _checked_rendition,
    _checked_sheets,
)
from tests.corpus.heifs import HEIC
from tests.corpus.others import DEADLY
from tests.patience import PATIENCE
from tests.photos import corners, encoded, small

ROOT = str(Path(__file__).parents[2])
TERMS = Terms("IMG-7F3K", "Hill Street: for teaching only")


@pytest.fixture
async def screener() -> AsyncIterator[SandboxedScreener]:
    made = SandboxedScreener()
    yield made
    await made.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running() -> AsyncIterator[SandboxedScreener]:
    """One for the tests after which it is as it was before: its server takes long to start."""
    made = SandboxedScreener()
    yield made
    await made.close()


on_its_loop = pytest.mark.asyncio(loop_scope="module")


def child_running(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Put `code` in the place of the child's decoding: what a child does that hostile bytes took over."""
    server = f"""
import os, sys, time
sys.path.insert(0, sys.argv[1])
from bot.imaging import child, forkserver

def taken_over(task, longest_side, data):
{indent(code, "    ")}
    return b"\\xff"

child.answer = taken_over
forkserver.main()
"""
    monkeypatch.setattr(module, "_SERVER", server)


def confined(code: str) -> str:
    """What a confined process prints when it runs `code`."""
    whole = f"import sys; sys.path.insert(0, {ROOT!r}); from bot.imaging.confine import confine\n{code}"
    command = [sys.executable, "-I", "-c", whole]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    return ran.stdout.strip() or f"ended with {ran.returncode}"


@on_its_loop
async def test_a_photo_becomes_a_plain_upright_picture(running: SandboxedScreener) -> None:
    picture = await running.rendition(small(), 64)
    assert (picture.media_type, picture.width, picture.height) == ("image/jpeg", 48, 64)
    assert size_of_plain(picture.data) == (48, 64)


async def test_each_picture_has_a_child_of_its_own_and_none_is_left(
    screener: SandboxedScreener, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[int] = []
    forked = Children._forked

    async def noted(self: Children) -> Child:
        child = await forked(self)
        used.append(os.dup(child.handle))
        return child

    monkeypatch.setattr(Children, "_forked", noted)
    await asyncio.gather(*(screener.rendition(small(), 32) for _ in range(5)))
    server = screener._children._server
    assert server is not None
    ended = select.select(used, [], [], 0)[0]
    for handle in used:
        os.close(handle)
    assert len(used) == 5 and ended == used
    await screener.close()
    with pytest.raises(ProcessLookupError):
        os.kill(server.process.pid, 0)


async def test_a_server_that_died_is_replaced(screener: SandboxedScreener) -> None:
    await screener.rendition(small(), 32)
    server = screener._children._server
    assert server is not None
    server.process.kill()
    await server.process.wait()
    assert (await screener.rendition(small(), 32)).height == 32


async def test_a_child_dies_and_the_next_is_born(screener: SandboxedScreener, monkeypatch: pytest.MonkeyPatch) -> None:
    child_running(monkeypatch, "os.abort()")
    for _ in range(3):
        with pytest.raises(Permanent, match="ended by a limit"):
            await screener.screen(b"x")


@on_its_loop
async def test_a_file_that_ends_its_decoder_ends_nothing_else(running: SandboxedScreener) -> None:
    """A real one, of the decoder in use. A later decoder may survive it, and then has nothing to show but a picture."""
    for ask in (running.screen(DEADLY), running.clean_copy(DEADLY, TERMS), running.rendition(DEADLY, 64)):
        with suppress(Permanent):
            await ask
    assert (await running.screen(HEIC)).viewable


@on_its_loop
@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not-viewable"),
        (b"not a picture", "not-viewable: a kind of file that is not shown here"),
        (small()[:9000], "not-viewable: damaged"),
        (encoded(corners(), "GIF"), "not-viewable: a kind of file that is not shown here"),
    ],
)
async def test_what_cannot_be_decoded_is_permanently_not_viewable(
    running: SandboxedScreener, data: bytes, why: str
) -> None:
    with pytest.raises(Permanent, match=why) as caught:
        await running.rendition(data, 64)
    assert caught.value.code == "not-viewable"


async def test_a_child_that_never_answers_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    child_running(monkeypatch, "time.sleep(600)")
    screener = SandboxedScreener(patience=timedelta(milliseconds=50))
    async with asyncio.timeout(PATIENCE):
        with pytest.raises(Permanent, match="took too long"):
            await screener.rendition(b"x", 64)
    await screener.close()


async def test_a_child_that_never_stops_talking_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    child_running(monkeypatch, "while True: os.write(1, bytes(65536))")
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
        os.lseek(descriptor, 0, os.SEEK_CUR)  # a call that the filter lets through: only then does its error mean anything
    except OSError as error:
        return error.errno != 9  # EBADF
    return True
assert inherited(0)
if not any(map(inherited, range(3, 200))) and "CONSENTRY_CANARY" not in os.environ:
    return bytes([2])
"""
    child_running(monkeypatch, look)
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
        ("open('/etc/passwd')", "PermissionError"),
        ("open('/dev/null')", "PermissionError"),
        ("import socket; socket.socket()", "PermissionError"),
        ("os.fork()", "PermissionError"),
        ("os.execv('/bin/true', ['true'])", "PermissionError"),
        ("os.kill(os.getppid(), 0)", "PermissionError"),
        ("os.pipe()", "PermissionError"),
        ("mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC)", "PermissionError"),
        ("bytearray(1 << 31)", "MemoryError"),
        ("resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))", "ValueError"),
        ("import threading; t = threading.Thread(target=int); t.start(); t.join()", "done"),  # HEIC's decoder wants one
    ],
)
def test_a_confined_process_can_reach_nothing(attempt: str, outcome: str) -> None:
    code = (
        "import mmap, os, resource, socket, threading\nconfine()\n"
        f"try:\n    {attempt}\nexcept Exception as error:\n    print(type(error).__name__)\nelse:\n    print('done')"
    )
    assert confined(code) == outcome


@pytest.mark.parametrize(("whose", "outcome"), [("another", "refused"), ("os.getpid()", "sent")])
def test_a_confined_process_can_signal_only_itself_even_where_landlock_can_not_help(whose: str, outcome: str) -> None:
    """On older kernels any process of the same user could end the bot; the filter of system calls does not let it."""
    code = f"""
import ctypes, os, platform
import bot.imaging.confine as c
c._landlocked = lambda libc: False
layers = c.enclose()
waits, goes_on = os.pipe()
another = os.fork()
if another == 0:
    os.close(goes_on)
    os.read(waits, 1)
    os._exit(0)
whose = {whose}
libc = ctypes.CDLL(None, use_errno=True)
tgkill = {{"x86_64": 234, "aarch64": 131}}[platform.machine()]
confine(layers)
sent = libc.syscall(tgkill, whose, whose, 0)  # signal 0 asks only whether it may
print("sent" if sent == 0 else "refused")
"""
    assert confined(code) == outcome


@pytest.mark.parametrize(
    ("attempt", "outcome"),
    [
        ("open('/etc/passwd')", "OSError"),
        ("import socket; socket.socket()", "OSError"),
        ("os.fork()", "BlockingIOError"),
        ("os.pipe()", "OSError"),
        ("resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))", "ValueError"),
    ],
)
def test_without_the_filter_of_system_calls_the_limits_hold(attempt: str, outcome: str) -> None:
    code = (
        "import os, resource, socket\nimport bot.imaging.confine as c\nc.restrict_to_decoding = lambda: False\n"
        "c._landlocked = lambda libc: False\nconfine()\n"
        f"try:\n    {attempt}\nexcept Exception as error:\n    print(type(error).__name__)\nelse:\n    print('done')"
    )
    assert confined(code) == outcome


def test_the_enclosing_layers_hold_by_themselves() -> None:
    """What the fork server has given up before it forks: files, and any network at all."""
    code = """
import socket
from bot.imaging.confine import enclose
from bot.imaging.child_protocol import Layer
devices = open("/proc/net/dev")
layers = enclose()
tries = []
if Layer.LANDLOCK in layers:
    for path in ("/etc/passwd", "/proc/self/environ"):
        try:
            open(path)
            tries.append("opened")
        except PermissionError:
            tries.append("refused")
if Layer.NETWORK in layers:
    names = socket.if_nameindex()
    tries.append(",".join(name for _, name in names))
print(*tries)
"""
    told = confined(code).split()
    assert set(told) <= {"refused", "lo"}
    assert told


def test_a_confined_process_cannot_gain_privileges_and_leaves_no_core() -> None:
    code = """
import os, resource
status = open("/proc/self/status")
from bot.imaging import confine as c
c.restrict_to_decoding = lambda: False  # which would not let us look
c.confine()
status.seek(0)
lines = dict(line.split(":", 1) for line in status.read().splitlines())
limits = [resource.getrlimit(which)[1] for which in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE)]
print(lines["NoNewPrivs"].strip(), int(lines["CapEff"], 16), int(lines["CapPrm"], 16), *limits, os.geteuid() != 0)
"""
    assert confined(code) == "1 0 0 0 0 True"


@on_its_loop
async def test_every_layer_of_this_kernel_is_told(running: SandboxedScreener) -> None:
    assert await running.layers() == Layer.NETWORK | Layer.LANDLOCK | Layer.SYSTEM_CALLS


def test_processor_time_runs_out() -> None:
    code = "import bot.imaging.confine as c\nc.CPU_SECONDS = 1\nconfine()\nwhile True: pass"
    assert confined(code) == "ended with -9"


async def test_a_machine_that_cannot_confine_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SERVER", "raise SystemExit(1)")
    screener = SandboxedScreener()
    with pytest.raises(OutsideFailure, match="could not be confined") as caught:
        await screener.rendition(small(), 64)
    assert not isinstance(caught.value, Permanent)
    await screener.close()


JPEG = encoded(corners())
PNG = encoded(corners(), "PNG")


def reply(data: bytes = JPEG, width: int = 48, height: int = 32, form: Form = Form.JPEG, orientation: int = 1) -> bytes:
    return b"\0" + REPLY.pack(form, orientation, width, height) + data


def test_an_honest_reply_passes() -> None:
    assert _checked_rendition(reply(), 64).data == JPEG
    assert _checked_copy(reply(PNG, form=Form.PNG), TERMS).media_type == "image/png"
    assert _checked_findings(reply(b'{"format": "JPEG"}', form=Form.FINDINGS)) == Findings(format="JPEG")


@pytest.mark.parametrize(
    "lie",
    [
        b"",
        b"\0",
        b"\xff",
        reply()[:8],
        reply(small(), 200, 150),  # metadata would leave
        reply(width=47),
        reply(JPEG + b"trailer"),
        reply(encoded(corners((90, 32))), width=90),  # larger than asked
        reply(b"GIF89a"),
        reply(form=Form.PNG),
    ],
)
def test_a_child_that_lies_about_a_rendition_is_not_believed(lie: bytes) -> None:
    with pytest.raises(Permanent, match="not-viewable"):
        _checked_rendition(lie, 64)


@pytest.mark.parametrize(
    "lie",
    [
        b"\0",
        reply(small(), 200, 150),
        reply(JPEG + b"trailer"),
        reply(width=47),
        reply(orientation=0),
        reply(orientation=9),
        reply(PNG + b"trailer", form=Form.PNG),
        reply(JPEG, form=Form.PNG),
        reply(PNG),
        reply(form=Form.FINDINGS),
    ],
)
def test_a_child_that_lies_about_a_copy_is_not_believed(lie: bytes) -> None:
    with pytest.raises(Permanent, match="not-viewable"):
        _checked_copy(lie, TERMS)


def sheets(*pages: bytes, form: Form = Form.PNG, size: tuple[int, int] = (48, 32), across: float = 200.0) -> bytes:
    """A reply of pages, each of 48 x 32 pixels on 200 x 100 points unless it lies."""
    parts = [PAGE.pack(form, *size, across, 100.0, len(page)) + page for page in pages]
    return b"\0" + REPLY.pack(Form.PAGES, 1, len(pages), len(pages)) + b"".join(parts)


def test_honest_pages_pass() -> None:
    count, came = _checked_sheets(sheets(PNG, PNG), 2)
    assert (count, [(one.width, one.down) for one in came]) == (2, [(48, 100.0), (48, 100.0)])


@pytest.mark.parametrize(
    "lie",
    [
        b"\0",
        sheets(),
        sheets(PNG, PNG, PNG),  # more than were asked for
        sheets(PNG)[:-1],
        sheets(PNG) + b"trailer",
        sheets(PNG + b"trailer"),
        sheets(JPEG),
        sheets(PNG, size=(47, 32)),
        sheets(PNG, across=0),
        sheets(PNG, across=float("nan")),
        sheets(PNG, across=float("inf")),
        sheets(small(), form=Form.JPEG, size=(200, 150)),  # metadata would leave
        sheets(encoded(corners().convert("P"), "PNG")),
        sheets(encoded(corners().convert("RGBA"), "PNG")),
        sheets(PNG, form=Form.FINDINGS),
        reply(PNG, form=Form.PNG),
    ],
)
def test_a_child_that_lies_about_pages_is_not_believed(lie: bytes) -> None:
    with pytest.raises(Permanent, match="not-viewable"):
        _checked_sheets(lie, 2)


def small_as(data: bytes) -> bytes:
    return b'{"small": "' + b64encode(data) + b'"}'


def test_findings_with_an_honest_thumbnail_pass() -> None:
    assert _checked_findings(reply(small_as(JPEG), form=Form.FINDINGS)).small_picture == JPEG


@pytest.mark.parametrize(
    "lie",
    [
        b"not json",
        b"[]",
        b"[" * 5000,
        b'{"format": 5}',
        b'{"format": "a\\nb"}',
        b'{"camera": "' + b"x" * 101 + b'"}',
        b'{"width": -1}',
        b'{"width": 1e9}',
        b'{"width": 99999999999}',
        b'{"viewable": "yes"}',
        b'{"also": ["everything"]}',
        b'{"also": "xmp"}',
        b'{"hints": [{}]}',
        b'{"secret": "x"}',
        small_as(JPEG[:-2]),
        small_as(with_exif(JPEG, b"Exif\0\0II*\0")),
        small_as(encoded(corners((321, 10)))),
        small_as(PNG),
        b'{"small": "!"}',
        b'{"small": 1}',
    ],
)
def test_findings_that_cannot_be_are_not_believed(lie: bytes) -> None:
    with pytest.raises(Permanent, match="not-viewable"):
        _checked_findings(reply(lie, form=Form.FINDINGS))
