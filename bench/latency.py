"""How long a patient's photo takes, from the moment the app begins to send it: filed and verified, and gone from the chat.

Real parts on one machine: Synapse on SQLite, the purger, the bot as a process, and an independent app that encrypts and
uploads. One photo after the other, each when the one before is gone. The moments come from the bot's own journal, so that
looking costs nothing: `verified_at` is written when the record was read back and compared, and a copy's `settled_at` when its
media was seen to be 404 or its event redacted. Memory is the bot process's own, without the children that decode pictures.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

from rich.progress import track

from bot.homeserver import EmbeddedHomeserver, synapse_venv
from bot.imaging.sample import sample_photo
from tests.bot_process import RunningPractice, until
from tests.homeserver import Homeserver, free_port

Rows = list[tuple[str, str]]


def measured(directory: Path, photos: int) -> Rows:
    """Set a practice up in `directory`, send so many photos, and say what was seen."""
    embedded = EmbeddedHomeserver(directory / "homeserver", "practice.test", free_port(), synapse_venv(), fast=True)
    homeserver = Homeserver(embedded)
    homeserver.start()
    (directory / "practice").mkdir(mode=0o700)
    practice = RunningPractice(homeserver, directory / "practice")
    try:
        practice.open()
        practice.enrol_sam()
        return _measured(practice, directory, photos)
    finally:
        practice.close()
        homeserver.stop()


def _measured(practice: RunningPractice, directory: Path, photos: int) -> Rows:
    picture = sample_photo()
    at_rest = _memory(practice.bot.pid, "VmRSS")
    verified, purged, seen, sent = [], [], [], []
    for number in track(range(photos), "Photos", transient=True):
        path = directory / "photo.jpg"
        path.write_bytes(picture + number.to_bytes(2, "big"))  # each another photo, and all of one size
        began, clock = datetime.now(UTC), time.monotonic()
        event = practice.sam.app.send_image(practice.sam.room, path, caption="rash on my arm, three days")
        sent.append(time.monotonic() - clock)
        practice.sam.sees_redacted(event)
        seen.append(time.monotonic() - clock)
        done, gone = _moments(practice, event)
        verified.append((done - began).total_seconds())
        purged.append((gone - began).total_seconds())
    return [
        ("photo", f"{len(picture) / 1e6:.1f} MB JPEG, {photos} of them"),
        ("the app encrypts, uploads and sends it", _spread(sent)),
        ("until it is filed and verified", _spread(verified)),
        ("until every copy is gone from the homeserver or redacted", _spread(purged)),
        ("until the patient's app shows it as gone", _spread(seen)),
        ("memory of the bot, at rest", at_rest),
        ("memory of the bot, after the photos", _memory(practice.bot.pid, "VmRSS")),
        ("memory of the bot, at most", _memory(practice.bot.pid, "VmHWM")),
    ]


def _moments(practice: RunningPractice, event: str) -> tuple[datetime, datetime]:
    """When it was verified, and when the last of its copies was settled."""

    def all_settled() -> list[datetime]:
        settled = [copy.settled_at for copy in practice.copies(event_id=event)]
        return [each for each in settled if each is not None] if all(settled) else []

    moments = until(all_settled, "every copy is accounted for")
    verified_at = practice.image_of(event).verified_at
    assert verified_at is not None
    return verified_at, max(moments)


def _spread(seconds: list[float]) -> str:
    if len(seconds) < 2:
        return f"{seconds[0]:.2f} s"
    tenths = quantiles(seconds, n=10, method="inclusive")
    return f"{median(seconds):.2f} s median, {tenths[0]:.2f} to {tenths[-1]:.2f} s for 8 of 10"


def _memory(pid: int, what: str) -> str:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        name, _, value = line.partition(":")
        if name == what:
            return f"{int(value.split()[0]) / 1024:.0f} MB"
    return "unknown"
