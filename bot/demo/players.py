"""The people of the demo, each with an app that is not ours, and what the acts have in common."""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from collections.abc import Awaitable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from bot.domain.identifiers import EventId, MediaId
from bot.imaging.sample import CAMERA, COMMENT, TAKEN, sample_photo

from .promises import Promises
from .stage import DemoStage

T = TypeVar("T")

PATIENCE = 120.0  # seconds for anything to arrive
POLL = "org.matrix.msc3381.poll.start"
BY_THE_CAMERA = (*CAMERA, TAKEN, COMMENT)  # what the camera wrote into Sam's photo


@dataclass
class Player:
    """Somebody, their app, and their own room with the bot."""

    app: Any
    bot: str
    room: str = ""

    async def mark(self) -> int:
        """Return a position in what this app has seen: what comes after it is new."""
        seq: int = await asyncio.to_thread(self.app.mark)
        return seq

    async def says(self, words: str, room: str = "") -> str:
        event_id: EventId = await self.app.aio.send_text(room or self.room, words)
        return event_id

    async def hears(self, words: str, *, room: str = "", after: int | None = None) -> str:
        """Return the bot's words that match, as this app shows them."""
        event = await self.sees(room=room, body_regex=words, after=after)
        return str(event["content"]["body"])

    async def sees(self, *, room: str = "", **wanted: Any) -> dict[str, Any]:
        event: dict[str, Any] = await self.app.aio.wait(
            room or self.room, **{"from_": self.bot, "utd": False, "timeout_s": PATIENCE} | wanted
        )
        return event

    async def taps(self, answer: str, *, room: str = "", after: int | None = None) -> dict[str, Any]:
        """Tap an answer of the bot's next poll; return the poll."""
        poll = await self.sees(room=room, type=POLL, after=after)
        answers = poll["content"][POLL]["answers"]
        secret = next(offered["id"] for offered in answers if offered["org.matrix.msc1767.text"].startswith(answer))
        await self.app.aio.poll_answer(poll["room"], poll["id"], secret)
        return poll

    async def timeline(self, room: str = "", after: int | None = None) -> list[dict[str, Any]]:
        events: list[dict[str, Any]] = await asyncio.to_thread(self.app.timeline, room or self.room, after=after)
        return events

    async def sees_join(self, room: str, other: Player) -> None:
        """Wait until this app knows that the other has joined: what it says before may be encrypted without them."""
        await self.app.aio.wait_member(room, other.app.user_id, timeout_s=PATIENCE)

    async def sees_redacted(self, event_id: EventId) -> None:
        await self.app.aio.call("wait", event_id=event_id, redacted=True, timeout_s=PATIENCE)

    async def is_gone(self, mxc: MediaId) -> bool:
        """Return whether the homeserver answers this app 404."""
        try:
            await asyncio.to_thread(self.app.call, "fetch_mxc", mxc=mxc)
        except RuntimeError as refused:  # the app's answer in place of a picture
            return "404" in str(refused)
        return False

    async def downloads(self, event: dict[str, Any], to: Path) -> bytes:
        """Return what this app decrypts; nothing of it stays on disk."""
        await self.app.aio.download(event["room"], event["id"], str(to))
        try:
            return await asyncio.to_thread(to.read_bytes)
        finally:
            await asyncio.to_thread(to.unlink)

    async def joins(self, *, team: bool = False) -> str:
        """Accept the bot's next invitation; return the room."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for room in (await asyncio.to_thread(self.app.call, "rooms"))["rooms"]:
                if room["membership"] == "invite" and room["name"].endswith(": team") == team:
                    await self.app.aio.join(room["room"])
                    return str(room["room"])
            await asyncio.sleep(0.2)
        raise TimeoutError("no invitation came")


def is_clean(picture: bytes) -> bool:
    """Return whether nothing that the camera wrote travels with the picture; the terms under which it is shown may."""
    return picture.startswith(b"\xff\xd8") and not any(trace in picture for trace in BY_THE_CAMERA)


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation as it stands in Kim's app. `token` makes an account; only a patient's invitation has one."""

    words: str
    code: str
    token: str | None
    link: str | None


@dataclass
class Play:
    """The stage and who is on it. The acts fill it in, one after another."""

    stage: DemoStage
    promises: Promises
    console: Console
    photo: bytes = field(default_factory=sample_photo)
    ref: str = ""
    sent: tuple[str, ...] = ()  # every copy Sam's app made of the photo: its event and its media
    team: str = ""
    kim: Player = field(init=False)
    lee: Player = field(init=False)
    sam: Player = field(init=False)
    derm: Player = field(init=False)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.photo).hexdigest()

    async def step(self, what: str, doing: Awaitable[T]) -> T:
        began = time.monotonic()
        with self.console.status(what):
            done = await doing
        self.console.print(f"[green]✓[/] {what} [dim]{time.monotonic() - began:.1f} s[/]")
        return done

    def tell(self, title: str, words: str) -> None:
        self.console.print(Panel(Text(words), title=title, title_align="left", border_style="cyan", width=100))

    async def enters(self, localpart: str, code: str, what: str, proof: str = "yes") -> Player:
        """Let somebody open an app, write code and `proof` to the bot in a room the app made, and come into their own room."""
        app = await self.step(what, self.stage.person(localpart))
        player = Player(app, self.stage.bot_account)
        lobby = await app.aio.create_dm(player.bot)
        await app.aio.wait_member(lobby, player.bot, timeout_s=PATIENCE)
        await player.hears("code", room=lobby)
        await player.says(code, lobby)
        asked = await player.sees(room=lobby, body_regex="code is right")
        if localpart == "sam":
            self.tell("consentry → Sam", asked["content"]["body"])
        await player.says(proof, lobby)
        player.room = await player.joins()
        welcome = await player.hears("^Welcome")
        if localpart == "sam":
            named = await player.hears("^You are Sam Patel")
            lobby_said = [str(event["content"].get("body", "")) for event in await player.timeline(lobby)]
            self.promises.saw(
                "No name is said before code and birthday were right",
                not any("Patel" in body for body in lobby_said),
                "Sam's app, the lobby read from its beginning",
            )
            self.tell("consentry → Sam", f"{welcome}\n\n{named}")
        return player

    async def enrol(self, command: str) -> Invited:
        """Let Kim make an invitation; return it as Kim's app shows it."""
        mark = await self.kim.mark()
        await self.kim.says(command)
        words = await self.step(f"Kim: {command}", self.kim.hears("Code: ", after=mark))
        code = re.search(r"^Code: (\S+)", words, re.MULTILINE)
        token = re.search(r"registration token: (\S+)", words)
        link = re.search(r"https?://\S+#c=\S+", words)
        assert code is not None
        return Invited(words, code[1], token[1] if token else None, link[0] if link else None)
