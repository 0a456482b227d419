"""Real parts for every test: one Synapse for the whole run, and as many independent Matrix clients as a test asks for.

A part that is missing fails the test with a sentence that says what to install; nothing is ever skipped.
"""

from __future__ import annotations

import gc
import os
import re
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from bot.domain.errors import OutsideFailure
from bot.homeserver import EmbeddedHomeserver, RegisteredAccount, synapse_venv
from storage import migrations
from tests import ready_schema
from tests.homeserver import Homeserver, free_port
from tests.peer.driver import MatrixUser, MissingPart
from tests.slowest import rank

Peer = Callable[..., MatrixUser]

MEMORY, ROOM = Path("/dev/shm"), 4 << 30  # bytes; the whole suite takes less than a quarter at a time


def pytest_configure(config: pytest.Config) -> None:
    """Being told to end is like Ctrl-C: fixtures still stop what they started, a homeserver above all.

    A closed terminal ends what it started, also where the tests were begun under nohup, which children would inherit.
    A new database is not made by the revisions each time, and no disk is waited for. What pytest makes of the tests is kept in
    `__pycache__`, also where Python is told to keep nothing: else each process makes it anew, which is most of collecting.
    Where files are handed out to several processes, it is in the order of `slowest`, and not by how many tests are in each.
    No test rests on speed: made-up input may take as long as a busy machine makes it.
    """
    settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("any machine")
    sys.dont_write_bytecode = False
    config.option.loadscopereorder = False
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    migrations.upgrade = ready_schema.upgrade
    if "TMPDIR" not in os.environ and has_room(MEMORY):
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def has_room(memory: Path) -> bool:
    """Whether temporary files go there: a disk would be written to all the time, and no test needs one."""
    try:
        there, free = os.statvfs(memory), Path("/proc/meminfo").read_text()
    except OSError:
        return False
    available = re.search(r"^MemAvailable: +(\d+) kB$", free, re.MULTILINE)
    roomy = min(there.f_bavail * there.f_frsize, int(available[1]) << 10 if available else 0) >= ROOM
    return roomy and os.access(memory, os.W_OK) and not there.f_flag & os.ST_NOEXEC


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the slowest files first."""
    items.sort(key=lambda item: rank(item.nodeid))


def pytest_collection_finish() -> None:
    """Let the garbage collector leave alone what was imported and collected, which stays: it was a tenth of the tests' time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


@pytest.fixture
def real_migrations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every database of this test is made by the revisions themselves."""
    monkeypatch.setattr(migrations, "upgrade", ready_schema.real_upgrade)


@pytest.fixture(scope="session")
def homeserver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Homeserver]:
    """A Synapse of our own settings on a free loopback port, without rate limits."""
    embedded = EmbeddedHomeserver(
        tmp_path_factory.mktemp("homeserver"), "practice.test", free_port(), synapse_venv(), fast=True
    )
    server = Homeserver(embedded)
    try:
        server.start()
    except OutsideFailure as failure:
        pytest.fail(f"No homeserver to test with: {failure}", pytrace=False)
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def peer(homeserver: Homeserver) -> Iterator[Peer]:
    """`peer(account, **login options)` logs the account in on a new cross-signed device; all end with the test."""
    users: list[MatrixUser] = []

    def log_in(account: RegisteredAccount, **login: Any) -> MatrixUser:
        try:
            user = MatrixUser(homeserver.url, account.user_id, account.password, **({"strict": True} | login))
        except MissingPart as missing:
            pytest.fail(str(missing), pytrace=False)
        users.append(user)
        return user

    try:
        yield log_in
    finally:
        for user in users:
            user.close()
