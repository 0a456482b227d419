"""`make demo KEEP=1` can be joined by who reads what it prints; and what a command started ends with it, however it ends.

The demo is a process like any other here; the newcomers have nothing but its words, and an app that is not ours.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.domain.identifiers import Account
from bot.operate.setup import Answers, write_practice
from tests.bot_process import Member, until
from tests.homeserver import free_port
from tests.patience import PATIENCE
from tests.peer.driver import MatrixUser
from tests.photos import small
from tests.processes import command_of, gone, started_by

SOURCES = Path(__file__).resolve().parents[2]
BOT = "@consentry:practice.localhost"
Steps = list[tuple[str, str]]  # what is done, and what is typed for it


@contextmanager
def command(directory: Path, *words: str) -> Iterator[tuple[subprocess.Popen[bytes], Callable[[], str]]]:
    """`consentry` with these words, run in this directory; the process, and what it has printed so far."""
    printed = directory / "printed"
    with printed.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", *words],
            cwd=directory,
            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONPATH": str(SOURCES), "COLUMNS": "150"},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process, lambda: printed.read_text(encoding="utf-8")
    finally:
        process.kill()
        process.wait()


def register(url: str, name: str, password: str, token: str) -> None:
    """Make an account as an app does: the token, and then whatever else the homeserver asks for."""

    def ask(auth: dict[str, str] | None) -> dict[str, Any]:
        body = {"username": name, "password": password, "inhibit_login": True} | ({"auth": auth} if auth else {})
        request = urllib.request.Request(f"{url}/_matrix/client/v3/register", json.dumps(body).encode(), method="POST")
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return dict(json.load(answer))
        except urllib.error.HTTPError as refused:
            return dict(json.load(refused))

    session = str(ask(None)["session"])
    answer = ask({"session": session, "type": "m.login.registration_token", "token": token})
    if "user_id" not in answer:
        answer = ask({"session": session, "type": "m.login.dummy"})
    assert answer["user_id"] == f"@{name}:practice.localhost", answer


def joins(app: MatrixUser, code: str, proof: str) -> tuple[Member, Steps]:
    """Somebody does what stands in the steps; return them, and what they did and typed."""
    steps: Steps = []
    member = Member(app, BOT)
    lobby = app.create_dm(BOT)
    app.wait_member(lobby, BOT)
    member.says("hello", lobby)
    steps.append(("Starting a chat", "the assistant's account, hello"))
    member.hears("code from your invitation", room=lobby)
    member.says(code, lobby)
    member.hears("the code is right", room=lobby)
    member.says(proof, lobby)
    steps.append(("Proving who one is", f"the code, {'yes' if proof == 'yes' else 'the date of birth'}"))
    member.room = member.invited()
    steps.append(("Accepting the invitation", "nothing"))
    member.hears("^Welcome")
    return member, steps


def steps_counted() -> Steps:
    """The steps that docs/conversations.md counts."""
    table = (
        (SOURCES / "docs" / "conversations.md").read_text().partition("### Joining, all of it")[2].partition("## ")[0]
    )
    return [
        (step, typed)
        for step, typed in re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", table, re.MULTILINE)
        if step != "Step"
    ]


@pytest.fixture
def near() -> Iterator[Path]:
    """A directory with a short path: below pytest's own, a socket's path would be too long."""
    with tempfile.TemporaryDirectory(prefix="demo-") as directory:
        yield Path(directory)


def test_the_demo_says_so_where_its_path_is_too_long_for_a_socket(tmp_path: Path) -> None:
    far = tmp_path / ("a" * 90)
    far.mkdir()
    with command(far, "demo") as (demo, printed):
        assert demo.wait(PATIENCE) != 0
        assert "in a directory with a shorter path" in " ".join(printed().split())


def test_whoever_reads_what_the_kept_demo_prints_can_join_and_told_to_stop_it_ends_all_that_it_started(
    near: Path,
) -> None:
    with command(near, "demo", "--keep") as (demo, printed):
        for stage in (
            "Dr Lee joins",
            "Sam sends a photo",
            "Dr Derm sees",
            "Sam taps: no",
            "promises kept",
            "lists the rest",
        ):
            seen = partial(lambda words: words in printed() or demo.poll() is not None, stage)
            until(seen, stage, observed=printed)
        assert "promises kept" in printed(), printed()
        steps = printed().partition("Now it is your turn")[2]
        patient, colleague = steps.split("As a colleague")

        def told(part: str, what: str) -> str:
            found = re.search(rf"^ +{what} +(\S.*)$", part, re.MULTILINE)
            assert found, part
            return found[1]

        url = told(patient, "Homeserver")
        register(url, "robin", "a password of robin's", told(patient, "Registration token"))
        steps_taken = [("Making an account", "the server's address, a user name, a password, the registration token")]
        with MatrixUser(url, "robin", "a password of robin's", strict=True, recovery=True) as app:
            steps_taken.append(("Setting up recovery", "nothing"))
            robin, more = joins(app, told(patient, "Code"), told(patient, "Date of birth"))
            assert steps_counted() == [("Getting an app", "nothing"), *steps_taken, *more]
            photo = near / "photo.jpg"
            photo.write_bytes(small())
            sent = app.send_image(robin.room, photo, caption="a sting on my hand")
            said = robin.hears("^I have your photo")
            assert "a sting on my hand" in said
            robin.sees_redacted(sent)
            ref = re.search(r"IMG-\w{4}", said)
            assert ref is not None
            password = told(colleague, "Password")
            with MatrixUser(
                told(colleague, "Homeserver"), told(colleague, "User name"), password, strict=True
            ) as second:
                chen, _ = joins(second, told(colleague, "Code"), "yes")
                chen.invited(team=True)
                mark = second.mark()
                chen.says(f"!show {ref[0]}")
                assert "Robin Shaw" in chen.hears("Robin", after=mark)

        everything = started_by(demo.pid)
        ran = {command_of(pid) for pid in everything}
        for part in ("bot.purger", "bot run", "synapse.app.homeserver"):
            assert any(part in words for words in ran), ran
        demo.send_signal(signal.SIGTERM)
        assert demo.wait(PATIENCE) == 0, printed()
        gone(*everything)


@pytest.mark.parametrize("told", [signal.SIGHUP, signal.SIGKILL])
def test_homeserver_and_purger_end_with_the_command_that_runs_them(told: signal.Signals, tmp_path: Path) -> None:
    lee = Account("@lee:practice.test")
    here = f"http://127.0.0.1:{free_port()}"
    answers = Answers("Hill Street", "Australia/Sydney", Account("@consentry:practice.test"), here, True, [lee], lee)
    write_practice(tmp_path / "config.toml", answers)
    with command(tmp_path, "homeserver") as (homeserver, printed):
        until(lambda: "answers at" in printed(), "the homeserver answers", observed=printed)
        everything = started_by(homeserver.pid)
        assert len(everything) == 2
        homeserver.send_signal(told)
        homeserver.wait(PATIENCE)
        gone(*everything)
