"""Last act: what was shown and said fades; the bot has stopped, and the command line reads what is kept."""

from __future__ import annotations

import asyncio
import re
import time
from pathlib import Path

from rich.panel import Panel
from rich.text import Text

from bot.domain.identifiers import EventId, MediaId

from .players import PATIENCE, Play
from .second_act import ANSWER, CAPTION, FILE_NAME, NOTE, REPLY
from .third_act import OPINION, QUESTION, SUMMARY, TEACHING


async def everything_fades(play: Play, shown: tuple[EventId, MediaId]) -> None:
    event_id, mxc = shown
    await play.step("The picture shown to Dr Lee fades", play.lee.sees_redacted(event_id))
    gone = await play.lee.is_gone(mxc)
    play.promises.saw("What was shown is purged after its time", gone, "Dr Lee's app: event redacted, media 404")
    left = await play.step("Words about the photo fade", _words_left(play))
    play.promises.saw(
        "Words about the photo leave the chat after their time",
        not left,
        "no reason, question, opinion, request, reply, note or name in anybody's timeline",
    )


async def _words_left(play: Play) -> list[str]:
    """Return what can still be read about Sam or the photo, as soon as nothing can (empty) or when patience ends."""
    end = time.monotonic() + PATIENCE
    rooms = [(player, player.room) for player in (play.lee, play.sam, play.derm)] + [(play.lee, play.team)]
    wanted = (CAPTION, REPLY, NOTE, QUESTION, OPINION, SUMMARY, TEACHING, "Patel")
    while True:
        timelines = [await player.timeline(room) for player, room in rooms]
        bodies = [str(event["content"]) for events in timelines for event in events if not event["redacted"]]
        left = [body for body in bodies if any(words in body for words in wanted)]
        if not left or time.monotonic() > end:
            return left
        await asyncio.sleep(0.5)


async def the_record_is_there(play: Play) -> None:
    stage, promises = play.stage, play.promises
    folder = stage.home / "export"
    listed, _, consents, in_words, audit = await asyncio.gather(
        stage.command("record", "show", "10421"),
        stage.command("record", "export", "10421", str(folder)),
        stage.command("consents", "list", "--patient", "10421"),
        stage.command("consents", "show", "--image", play.ref),
        stage.command("audit", "verify"),
    )
    play.console.print(Panel(Text(listed.strip()), title="consentry record show 10421", title_align="left"))
    promises.saw(
        "The original is in the record, byte for byte",
        play.sha256[:16] in listed,
        f"command line, new process, bot stopped: SHA-256 {play.sha256[:16]}…",
    )
    originals = [path for path in folder.rglob("*.jpg") if path.read_bytes() == play.photo]
    page = (folder / "index.html").read_text(encoding="utf-8")
    whole = bool(originals) and all(words in page for words in (CAPTION, NOTE, REPLY, ANSWER, SUMMARY))
    promises.saw(
        "The patient's folder opens as one page", whole, "original, note, reply, answer and summary exported and found"
    )
    seen = page.partition("Who has seen it")[2].partition("What became")[0]
    promises.saw(
        "The folder says who has seen the photo",
        "Dr Lee" in seen and "Dr Derm" in seen,
        "Dr Lee and Dr Derm stand under “Who has seen it”",
    )
    receipts = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*receipt*"))
    accounted = [copy for copy in play.sent if f'"{copy}"' in receipts]
    promises.saw(
        "There is a receipt for every copy that Sam's app made",
        len(accounted) == len(play.sent) == 3,
        f"the record's receipts name {len(accounted)} of {len(play.sent)}, message, photo and thumbnail, and what was observed",
    )
    if stage.brief:
        _remove(folder)
    play.console.print(Panel(Text(consents.strip()), title="consentry consents list -p 10421", title_align="left"))
    answers = [answer in in_words for answer in ("implied by sending", "refused", "granted", "withdrawn")]
    promises.saw(
        "Who agreed to what, when, in which words, can be told for ever",
        all(answers) and TEACHING in in_words,
        "command line: implied, refused, granted and withdrawn, each in the words Sam saw",
    )
    promises.saw(
        "The audit chain holds", "whole" in audit.lower() or "ok" in audit.lower(), " ".join(audit.split())[:90]
    )


def nothing_in_clear_on_disk(play: Play) -> None:
    words = ("Sam Patel", CAPTION, FILE_NAME, NOTE, REPLY, QUESTION, OPINION, SUMMARY, TEACHING)
    wanted = [re.escape(canary) for canary in (*(word.encode() for word in words), play.photo[2000:2064])]
    wanted.append(rb"(?<!\d)10421(?!\d)")  # standing alone: the times in a homeserver's events are long numbers
    readable = re.compile(b"|".join(wanted))
    home = play.stage.home
    places = [home / "data", home / "bot.log", home / "purger", home / "homeserver"]
    files = [path for place in places for path in ([place] if place.is_file() else place.rglob("*")) if path.is_file()]
    found = {path.name for path in files if readable.search(path.read_bytes())}
    play.promises.saw(
        "Nothing about Sam is readable on disk",
        not found,
        f"{len(files)} files searched for name, number, reason, question, opinion, note, reply, file name, pixels"
        + (f"; found in {', '.join(sorted(found))}" if found else ""),
    )


def _remove(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            path.unlink()
