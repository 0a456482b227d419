"""What a command starts ends with it, however the command ends; and a closed terminal stops it in order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import PATIENCE
from tests.processes import gone, living

SOURCES = Path(__file__).resolve().parents[2]
ENDS_IN_ORDER = """
import asyncio, sys
from bot.stop_signals import stop_when_told
async def run():
    stop_when_told()
    print("ready", flush=True)
    try:
        await asyncio.Event().wait()
    finally:
        open(sys.argv[1], "w").write("ended in order")
try:
    asyncio.run(run())
except asyncio.CancelledError:
    pass
"""
STARTER = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-m", "bot.tethered", *sys.argv[1:]], stdin=subprocess.PIPE, start_new_session=True)
print(child.pid, flush=True)
child.wait()
"""


def started(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, *words], cwd=SOURCES, stdout=subprocess.PIPE, text=True)


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def ready_child(starter: subprocess.Popen[str]) -> int:
    """The child, once it is ready: it says so beside its starter, which says its number."""
    said = {line(starter), line(starter)}
    assert "ready" in said
    (number,) = said - {"ready"}
    return int(number)


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "ends_in_order.py").write_text(ENDS_IN_ORDER)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{SOURCES}")
    return "ends_in_order"


def test_a_child_ends_in_order_when_its_starter_is_killed(module: str, tmp_path: Path) -> None:
    starter = started("-c", STARTER, module, str(tmp_path / "said"))
    with starter:
        child = ready_child(starter)
        starter.kill()
        gone(child)
    assert (tmp_path / "said").read_text() == "ended in order"


def test_a_child_goes_on_while_its_starter_lives(module: str, tmp_path: Path) -> None:
    starter = started("-c", STARTER, module, str(tmp_path / "said"))
    with starter:
        child = ready_child(starter)
        assert living(child)
        os.kill(child, signal.SIGTERM)
        assert starter.wait(PATIENCE) == 0


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_every_way_of_being_told_to_stop_ends_in_order(told: signal.Signals, module: str, tmp_path: Path) -> None:
    with started("-m", module, str(tmp_path / "said")) as command:
        assert line(command) == "ready"
        command.send_signal(told)
        assert command.wait(PATIENCE) == 0
    assert (tmp_path / "said").read_text() == "ended in order"


def test_what_was_started_with_nohup_goes_on_when_the_terminal_is_closed(module: str, tmp_path: Path) -> None:
    ignoring = (
        "import os, signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN); os.execv(sys.executable, sys.argv[1:])"
    )
    with started("-c", ignoring, sys.executable, "-m", module, str(tmp_path / "said")) as command:
        assert line(command) == "ready"
        command.send_signal(signal.SIGHUP)
        assert command.poll() is None
        command.send_signal(signal.SIGTERM)
        assert command.wait(PATIENCE) == 0
