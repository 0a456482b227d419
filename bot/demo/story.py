"""The story of the demo: Kim enrols, Sam sends a photo, it is filed, read back and purged, Dr Lee looks and replies.

People act through the independent client; what is promised is observed from their side, from the homeserver's answers, and
from the command line in a new process after the bot has stopped.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from collections.abc import Awaitable
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from bot.imaging.sample import sample_photo

from .promises import Promises
from .stage import SERVER, Stage

T = TypeVar("T")

CAPTION = "rash on my arm, three days"
FILE_NAME = "IMG_20261123_sams_left_arm.jpg"
REPLY = "use the cream twice a day"
ANSWER = "thank you, it itches less already"
NOTE = "contact dermatitis, no sign of infection"
PATIENCE = 45.0  # seconds for anything to arrive


class Story:
    def __init__(self, stage: Stage, promises: Promises, console: Console) -> None:
        self._stage = stage
        self._promises = promises
        self._console = console
        self._photo = sample_photo()
        self._sha256 = hashlib.sha256(self._photo).hexdigest()
        self._ref = ""

    async def play(self) -> None:
        stage = self._stage
        await stage.start_bot()
        await self._kim_and_lee_join()
        await self._sam_is_enrolled()
        await self._sam_sends_a_photo()
        await self._the_chat_is_clean()
        await self._lee_looks()
        await self._they_talk()
        await self._what_is_held()
        if stage.brief:
            await self._everything_fades()
        code = await stage.stop_bot()
        self._promises.saw("The bot stops cleanly", code == 0, f"exit code {code} on SIGTERM")
        await self._the_record_is_there()
        self._nothing_in_clear_on_disk()
        if not stage.brief:
            await stage.start_bot()

    # ---- scenes

    async def _kim_and_lee_join(self) -> None:
        self.kim, self.kim_room = await self._joins(
            "kim", self._stage.manager_code, "Kim, manager and reception, joins"
        )
        code = await self._enrol(f'!enrol clinician @lee:{SERVER} "Dr Lee"')
        self.lee, self.lee_room = await self._joins("lee", code, "Dr Lee joins")
        self.team_room = await self._invited(self.lee, team=True)
        await self._invited(self.kim, team=True)

    async def _sam_is_enrolled(self) -> None:
        code = await self._enrol('!enrol patient 10421 "Sam Patel" 1984-03-07')
        invitation = await self._heard(self.kim, self.kim_room, "Registration token", after=0)
        token = re.search(r"Registration token[^:]*: (\S+)", invitation["content"]["body"])
        assert token is not None
        picture = await self._step(
            "Kim has a QR picture to hand over", self.kim.aio.wait(self.kim_room, msgtype="m.image")
        )
        self._promises.saw(
            "An invitation is a code, an address, a fingerprint and a QR picture",
            "fingerprint" in invitation["content"]["body"] and picture["encrypted"],
            "seen by Kim's app, encrypted",
        )
        await self._stage.register_with_token("sam", token[1])
        self.sam, self.sam_room = await self._joins(
            "sam", code, "Sam makes an account with the token and writes the code", patient=True
        )

    async def _sam_sends_a_photo(self) -> None:
        place = self._stage.home / "sams-phone"
        place.mkdir()
        photo = place / FILE_NAME
        photo.write_bytes(self._photo)
        mark = await asyncio.to_thread(self.sam.mark)
        team_mark = await asyncio.to_thread(self.lee.mark)
        began = time.monotonic()
        self.photo_event = await self._step(
            f"Sam sends a photo: “{CAPTION}”",
            self.sam.aio.send_image(self.sam_room, str(photo), caption=CAPTION, thumbnail=str(photo)),
        )
        sent = await asyncio.to_thread(self.sam.event, self.photo_event)
        self.mxcs = [sent["content"]["file"]["url"], sent["content"]["info"]["thumbnail_file"]["url"]]
        on_server = await asyncio.to_thread(self.sam.server_event, self.sam_room, self.photo_event)
        self._promises.saw(
            "The homeserver sees only ciphertext",
            on_server["type"] == "m.room.encrypted" and "body" not in on_server["content"],
            f"the event as the server stores it: {on_server['type']}, {on_server['content'].get('algorithm')}",
        )
        answer = await self._heard(self.sam, self.sam_room, "^I have your photo", after=mark)
        said = answer["content"]["body"]
        self._ref = (re.search(r"IMG-[0-9A-Z]{4}", said) or [""])[0]
        self._say("consentry → Sam", said)
        right = CAPTION in said and "nothing else" in said and "correct" in said and "000" in said
        self._promises.saw(
            "One message back: reference, purpose, reason, what consent covers", right, "read by Sam's app"
        )
        news = await self._heard(self.lee, self.team_room, f"New image {self._ref}", after=team_mark)
        self._say("consentry → team", news["content"]["body"])
        nameless = "Sam" not in news["content"]["body"] and "Patel" not in news["content"]["body"]
        self._promises.saw(
            "The practice hears at once, without a name", nameless, "read by Dr Lee's app in the team room"
        )
        await self._step("Filed, read back, compared; then purged", self._redacted(self.sam, self.photo_event))
        self._promises.saw(
            "The photo is filed and read back before it leaves the chat",
            True,
            f"redacted {time.monotonic() - began:.1f} s after Sam pressed send; the record is read below",
        )

    async def _the_chat_is_clean(self) -> None:
        gone = [await self._media_is_gone(mxc) for mxc in self.mxcs]
        self._promises.saw(
            "Photo and thumbnail are gone from the homeserver",
            all(gone),
            "Sam's app asks for both media ids: 404, twice",
        )
        left = await asyncio.to_thread(self.sam.server_event, self.sam_room, self.photo_event)
        self._promises.saw("The message is redacted", not left["content"], "the event as the server gives it out: {}")

    async def _lee_looks(self) -> None:
        mark = await asyncio.to_thread(self.lee.mark)
        await self.lee.aio.send_text(self.team_room, f"!mine {self._ref}")
        await self._heard(self.lee, self.team_room, "is yours", after=mark)
        await self.lee.aio.send_text(self.lee_room, f"!show {self._ref}")
        shown = await self._step(
            f"Dr Lee asks !show {self._ref}",
            self.lee.aio.wait(self.lee_room, msgtype="m.image", after=mark, timeout_s=PATIENCE),
        )
        self.shown_event = shown["id"]
        self.shown_mxc = shown["content"]["file"]["url"]
        self._say("consentry → Dr Lee", shown["content"]["body"])
        rendition = self._stage.home / "rendition.jpg"
        await self.lee.aio.download(self.lee_room, shown["id"], str(rendition))
        data = rendition.read_bytes()
        rendition.unlink()
        clean = b"Exif" not in data and b"GPS" not in data and data != self._photo
        named = "Sam Patel" in shown["content"]["body"] and "7 March 1984" in shown["content"]["body"]
        self._promises.saw(
            "Dr Lee sees name, birthday and a picture without metadata",
            clean and named,
            f"Dr Lee's app decrypted it: {len(data):,} bytes, no EXIF; the original has EXIF, GPS and a thumbnail",
        )

    async def _they_talk(self) -> None:
        mark = await asyncio.to_thread(self.sam.mark)
        await self.lee.aio.send_text(self.lee_room, f"!note {self._ref} {NOTE}")
        await self.lee.aio.send_text(self.lee_room, f"!reply {self._ref} {REPLY}")
        reply = await self._step("Dr Lee replies", self._heard(self.sam, self.sam_room, REPLY, after=mark))
        self._say("consentry → Sam", reply["content"]["body"])
        lee_mark = await asyncio.to_thread(self.lee.mark)
        await self.sam.aio.send_text(self.sam_room, ANSWER)
        back = await self._step("Sam answers", self._heard(self.lee, self.lee_room, ANSWER, after=lee_mark))
        self._promises.saw(
            "Words go both ways, in each one's own room",
            reply["shield"] == "none" and back["shield"] == "none",
            "both apps show them encrypted by a verified sender, no warning shield",
        )

    async def _what_is_held(self) -> None:
        mark = await asyncio.to_thread(self.sam.mark)
        await self.sam.aio.send_text(self.sam_room, "my images")
        held = await self._step("Sam asks “my images”", self._heard(self.sam, self.sam_room, "Seen by", after=mark))
        self._say("consentry → Sam", held["content"]["body"])
        right = self._ref in held["content"]["body"] and "Dr Lee" in held["content"]["body"]
        self._promises.saw("Sam sees what is held, for what, and who has seen it", right, "read by Sam's app")

    async def _everything_fades(self) -> None:
        await self._step("The picture shown to Dr Lee fades", self._redacted(self.lee, self.shown_event))
        gone = await self._media_is_gone(self.shown_mxc)
        self._promises.saw("What was shown is purged after its time", gone, "Dr Lee's app: event redacted, media 404")
        await self._step("Words about the photo fade", self._words_fade())

    async def _words_fade(self) -> None:
        end = time.monotonic() + PATIENCE
        left: list[str] = []
        while time.monotonic() < end:
            rooms = ((self.sam, self.sam_room), (self.lee, self.lee_room), (self.lee, self.team_room))
            timelines = [(await asyncio.to_thread(app.timeline, room)) for app, room in rooms]
            bodies = [
                str(event["content"].get("body", ""))
                for events in timelines
                for event in events
                if not event["redacted"]
            ]
            left = [body for body in bodies if CAPTION in body or REPLY in body or NOTE in body or "Patel" in body]
            if not left:
                break
            await asyncio.sleep(1)
        self._promises.saw(
            "Words about the photo leave the chat after their time",
            not left,
            "no reason, reply, note or name in anybody's timeline",
        )

    async def _the_record_is_there(self) -> None:
        listed = await self._stage.command("record", "show", "10421")
        self._console.print(Panel(Text(listed.strip()), title="consentry record show 10421", title_align="left"))
        self._promises.saw(
            "The original is in the record, byte for byte",
            self._sha256[:16] in listed,
            f"command line, new process, bot stopped: SHA-256 {self._sha256[:16]}…",
        )
        folder = self._stage.home / "export"
        await self._stage.command("record", "export", "10421", str(folder))
        originals = [path for path in folder.rglob("*.jpg") if path.read_bytes() == self._photo]
        page = (folder / "index.html").read_text(encoding="utf-8")
        whole = bool(originals) and all(words in page for words in (CAPTION, NOTE, REPLY, ANSWER))
        self._promises.saw(
            "The patient's folder opens as one page", whole, "original, note, reply and answer exported and found"
        )
        seen = page.partition("Who has seen it")[2].partition("What became")[0]
        self._promises.saw(
            "The folder says who has seen the photo", "Dr Lee" in seen, "Dr Lee stands under “Who has seen it”"
        )
        receipts = list(folder.rglob("*receipt*"))
        self._promises.saw(
            "There is a receipt for every copy",
            bool(receipts),
            f"{len(receipts)} purge receipts, each copy with what was observed",
        )
        if self._stage.brief:
            self._remove(folder)
        audit = await self._stage.command("audit", "verify")
        self._promises.saw(
            "The audit chain holds", "whole" in audit.lower() or "ok" in audit.lower(), " ".join(audit.split())[:90]
        )

    def _nothing_in_clear_on_disk(self) -> None:
        wanted = [
            b"Sam Patel",
            b"10421",
            CAPTION.encode(),
            FILE_NAME.encode(),
            NOTE.encode(),
            REPLY.encode(),
            self._photo[2000:2064],
        ]
        places = [
            self._stage.home / "data",
            self._stage.home / "bot.log",
            self._stage.home / "purger",
            self._stage.home / "homeserver",
        ]
        files = [
            path for place in places for path in ([place] if place.is_file() else place.rglob("*")) if path.is_file()
        ]
        found = {path.name for path in files for canary in wanted if canary in path.read_bytes()}
        self._promises.saw(
            "Nothing about Sam is readable on disk",
            not found,
            f"{len(files)} files searched for name, number, reason, note, reply, file name, pixels"
            + (f"; found in {', '.join(sorted(found))}" if found else ""),
        )

    # ---- small steps

    async def _joins(self, localpart: str, code: str, what: str, *, patient: bool = False) -> tuple[Any, str]:
        """Somebody opens an app, writes the code to the bot in a room the app made, and comes into their own room."""
        person = await self._step(what, self._stage.person(localpart))
        lobby = await person.aio.create_dm(self._stage.bot_account)
        await person.aio.wait_member(lobby, self._stage.bot_account, timeout_s=PATIENCE)
        await self._heard(person, lobby, "code")
        await person.aio.send_text(lobby, code)
        asked = await self._heard(person, lobby, "code is right")
        if patient:
            before = [
                e["content"].get("body", "")
                for e in await asyncio.to_thread(person.timeline, lobby)
                if e["seq"] < asked["seq"]
            ]
            self._promises.saw(
                "Name and birthday are said only after the code matched",
                "Sam Patel" in asked["content"]["body"] and not any("Patel" in body for body in before),
                "Sam's app, the lobby read from its beginning",
            )
            self._say("consentry → Sam", asked["content"]["body"])
        await person.aio.send_text(lobby, "yes")
        room = await self._invited(person)
        welcome = await self._heard(person, room, "^Welcome")
        if patient:
            self._say("consentry → Sam", welcome["content"]["body"])
        return person, room

    async def _invited(self, person: Any, *, team: bool = False) -> str:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for room in (await asyncio.to_thread(person.call, "rooms"))["rooms"]:
                if room["membership"] == "invite" and room["name"].endswith(": team") == team:
                    await person.aio.join(room["room"])
                    return str(room["room"])
            await asyncio.sleep(0.2)
        raise TimeoutError("no invitation came")

    async def _enrol(self, command: str) -> str:
        mark = await asyncio.to_thread(self.kim.mark)
        await self.kim.aio.send_text(self.kim_room, command)
        invitation = await self._step(f"Kim: {command}", self._heard(self.kim, self.kim_room, "Code: ", after=mark))
        code = re.search(r"Code: (\S+)", invitation["content"]["body"])
        assert code is not None
        return code[1]

    async def _heard(self, person: Any, room: str, body: str, *, after: int | None = None) -> dict[str, Any]:
        event: dict[str, Any] = await person.aio.wait(
            room, from_=self._stage.bot_account, body_regex=body, utd=False, after=after, timeout_s=PATIENCE
        )
        return event

    async def _redacted(self, person: Any, event_id: str) -> None:
        await person.aio.call("wait", event_id=event_id, redacted=True, timeout_s=PATIENCE)

    async def _media_is_gone(self, mxc: str) -> bool:
        try:
            await asyncio.to_thread(self.sam.call, "fetch_mxc", mxc=mxc)
        except Exception as refused:
            return "404" in str(refused)
        return False

    async def _step(self, what: str, doing: Awaitable[T]) -> T:
        began = time.monotonic()
        with self._console.status(what):
            done = await doing
        self._console.print(f"[green]✓[/] {what} [dim]{time.monotonic() - began:.1f} s[/]")
        return done

    def _say(self, title: str, words: str) -> None:
        self._console.print(Panel(Text(words), title=title, title_align="left", border_style="cyan", width=100))

    @staticmethod
    def _remove(folder: Path) -> None:
        for path in folder.rglob("*"):
            if path.is_file():
                path.unlink()
