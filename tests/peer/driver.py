"""A person with a real Matrix app: one `MatrixUser` is one matrix-js-sdk client in a process of its own.

    with MatrixUser(url, "sam", password) as sam:
        room = sam.create_dm("@bot:practice.test")
        sam.wait_member(room, "@bot:practice.test")
        mark = sam.mark()
        sam.send_text(room, "hello")
        print(sam.wait(room, from_="@bot:practice.test", after=mark)["content"]["body"])

Calls block. In a coroutine use `sam.aio`, whose every method is the same one, awaited in a thread:
`await sam.aio.wait(room, body_regex="^Thank")`. Commands of one user run one after another, also from several threads.

Every command of README.md is reachable as `user.call("cmd", key=value)` or `user.cmd(key=value)`; a trailing underscore
is dropped from key words (`from_`). A refused command raises `DriverError` with the driver's words.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import queue
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

from tests.patience import PATIENCE

HERE = Path(__file__).resolve().parent
BACKSTOP = PATIENCE  # seconds beyond the driver's own bound, after which it counts as hung
ABSENT = 5.0  # seconds for what must not come


class DriverError(RuntimeError):
    """The driver refused a command, or ended. `reply` is its whole answer."""

    def __init__(self, reply: dict[str, Any]) -> None:
        super().__init__(reply.get("error"))
        self.reply = reply


class MissingPart(RuntimeError):
    """Node or the client's packages are not there; the text says how to get them."""


def node_alone() -> str:
    """The Node to run something with; raises `MissingPart` with a sentence when there is none."""
    node = os.environ.get("CONSENTRY_NODE") or shutil.which("node")
    if not node:
        raise MissingPart("The tests need Node 20 or later on the PATH (or CONSENTRY_NODE).")
    return node


def node_command() -> str:
    """The Node to run the client with; raises `MissingPart` with a sentence when the client cannot run here."""
    node = node_alone()
    if not (HERE / "node_modules" / "matrix-js-sdk").exists():
        raise MissingPart("The independent client's packages are missing: run `make install`.")
    return node


class Mark(int):
    """A place in what one app has seen. Another app has seen other things, so there it means nothing."""

    of: Driver


class Driver:
    """The process and its protocol: one JSON command per line in, one answer per line out."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [node_command(), str(HERE / "driver.mjs")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            bufsize=1,
        )
        assert self._process.stdin and self._process.stdout
        self._commands, self._output = self._process.stdin, self._process.stdout
        self._answers: queue.Queue[str | None] = queue.Queue()
        self._turn = threading.Lock()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self._output:
            self._answers.put(line)
        self._answers.put(None)

    def call(self, cmd: str, **arguments: Any) -> dict[str, Any]:
        arguments = {key.rstrip("_"): value for key, value in arguments.items() if value is not None}
        after = arguments.get("after")
        assert not isinstance(after, Mark) or after.of is self, "that is a mark of another app"
        arguments.setdefault("timeout_s", ABSENT if cmd == "absent" else PATIENCE)
        limit = arguments["timeout_s"] * 3 + BACKSTOP
        with self._turn:
            try:
                self._commands.write(json.dumps({"cmd": cmd, **arguments}) + "\n")
                self._commands.flush()
                line = self._answers.get(timeout=limit)
            except queue.Empty:
                self._process.kill()
                raise DriverError({"error": f"the driver gave no answer to {cmd} within {limit:.0f} s"}) from None
            except (BrokenPipeError, ValueError):
                line = None
        if line is None:
            raise DriverError({"error": f"the driver ended before it answered {cmd}"})
        answer: dict[str, Any] = json.loads(line)
        if not answer.get("ok"):
            raise DriverError(answer)
        return answer

    def __getattr__(self, cmd: str) -> Callable[..., dict[str, Any]]:
        if cmd.startswith("_"):
            raise AttributeError(cmd)
        return lambda **arguments: self.call(cmd, **arguments)

    @property
    def aio(self) -> InThread:
        """The same methods, each awaited in a thread."""
        return InThread(self)

    def close(self) -> None:
        """End the process; safe to call twice."""
        if self._process.poll() is None:
            try:
                self.call("quit")
                self._process.wait(PATIENCE)
            except (DriverError, subprocess.TimeoutExpired):
                self._process.kill()
        self._process.wait()
        self._reader.join(PATIENCE)
        with contextlib.suppress(BrokenPipeError):
            self._commands.close()
        self._output.close()

    def kill(self) -> None:
        """The app is gone at once, as when its phone loses power."""
        self._process.kill()
        self._process.wait()

    @contextlib.contextmanager
    def asleep(self) -> Iterator[None]:
        """As a phone whose screen is off: it hears and answers nothing until it wakes."""
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class InThread:
    """A driver's methods as coroutines."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._driver, name)

        async def awaited(*args: Any, **kwargs: Any) -> Any:
            return await asyncio.to_thread(method, *args, **kwargs)

        return awaited


class MatrixUser(Driver):
    """A logged-in user on a new device, cross-signed unless told otherwise; strict: only cross-signed devices count.

    Options of login: strict, cross_signing, reset_cross_signing, recovery, recovery_key, device_name.
    """

    def __init__(self, url: str, user: str, password: str, **login: Any) -> None:
        super().__init__()
        try:
            self.info = self.call("login", hs=url, user=user, password=password, **login)
        except BaseException:
            self.close()
            raise
        self.uploaded: dict[
            str, list[str]
        ] = {}  # by the message that shows it: the file, and its thumbnail if it has one
        self.user_id: str = self.info["user_id"]
        self.device_id: str = self.info["device_id"]

    def mark(self) -> Mark:
        """A position in what this client has seen; pass it as `after` to wait only for what is new.

        The client has seen by then all that the homeserver had: what was said before, and is still on its way, is not new.
        """
        mark = Mark(self.call("mark")["seq"])
        mark.of = self
        return mark

    def create_dm(self, invite: str, **more: Any) -> str:
        return self.call("create_dm", invite=invite, **more)["room"]

    def join(self, room: str, **more: Any) -> dict[str, Any]:
        return self.call("join", room=room, **more)

    def wait_member(self, room: str, user: str, **more: Any) -> dict[str, Any]:
        return self.call("wait_member", room=room, user=user, **more)

    def send_text(self, room: str, body: str, reply_to: str | None = None, **more: Any) -> str:
        return self.call("send_text", room=room, body=body, reply_to=reply_to, **more)["event_id"]

    def edit(self, room: str, event_id: str, body: str) -> str:
        return self.call("edit", room=room, event_id=event_id, body=body)["event_id"]

    def send_image(self, room: str, path: Path | str, caption: str | None = None, **more: Any) -> str:
        return self._sent(self.call("send_image", room=room, path=str(path), caption=caption, **more))

    def send_file(self, room: str, path: Path | str, **more: Any) -> str:
        return self._sent(self.call("send_file", room=room, path=str(path), **more))

    def _sent(self, answer: dict[str, Any]) -> str:
        event_id: str = answer["event_id"]
        self.uploaded[event_id] = answer["uploaded"]
        return event_id

    def react(self, room: str, event_id: str, key: str) -> str:
        return self.call("react", room=room, event_id=event_id, key=key)["event_id"]

    def send_poll(self, room: str, question: str, answers: list[Any], **more: Any) -> str:
        return self.call("send_poll", room=room, question=question, answers=answers, **more)["event_id"]

    def poll_answer(self, room: str, event_id: str, answer_id: str) -> str:
        return self.call("poll_answer", room=room, event_id=event_id, answer_id=answer_id)["event_id"]

    def redact(self, room: str, event_id: str, reason: str | None = None) -> str:
        return self.call("redact", room=room, event_id=event_id, reason=reason)["event_id"]

    def timeline(self, room: str, **more: Any) -> list[dict[str, Any]]:
        """All events of the room that the homeserver had when this was asked."""
        return self.call("timeline", room=room, **more)["events"]

    def event(self, event_id: str) -> dict[str, Any]:
        return self.call("event", event_id=event_id)["event"]

    def server_event(self, room: str, event_id: str) -> dict[str, Any]:
        """The event as the homeserver stores it: ciphertext."""
        return self.call("server_event", room=room, event_id=event_id)["event"]

    def wait(self, room: str, **wanted: Any) -> dict[str, Any]:
        """The first event that matches, past or to come; `DriverError` after `timeout_s`.

        What puts earlier words up to date is passed over unless `edits` is true: it comes when it will, and repeats them.
        """
        return self.call("wait", room=room, **wanted)["event"]

    def absent(self, room: str, **unwanted: Any) -> dict[str, Any]:
        """Nothing that matches turns up within `timeout_s` (5), by an edit neither."""
        return self.call("absent", room=room, **({"edits": True} | unwanted))

    def download(self, room: str, event_id: str, to: Path | str, **more: Any) -> dict[str, Any]:
        return self.call("download", room=room, event_id=event_id, to=str(to), **more)

    def device_trust(self, user: str) -> dict[str, Any]:
        return self.call("device_trust", user=user)

    def set_strict(self, strict: bool) -> dict[str, Any]:
        return self.call("set_strict", strict=strict)
