"""A running bot, killed meanwhile, puts messages into a folder; practice software, a process of its own, acknowledges them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import hl7_receiver
from tests.bot_process import RunningPractice, until
from tests.hl7_judge import judged
from tests.homeserver import Homeserver
from tests.photos import small

DESTINATION = (
    '\n[[destinations]]\nname = "Best Practice"\nkind = "hl7-folder"\ndirectory = "share"\nacknowledgements = "said"\n'
    'send = "clean"\nwait = "accepted"\n'
)


@pytest.fixture
def practice(homeserver: Homeserver, tmp_path: Path) -> Iterator[RunningPractice]:
    practice = RunningPractice(homeserver, tmp_path)
    for name in ("share", "said", "taken"):
        (tmp_path / name).mkdir()
    practice.config_file.write_text(practice.config_file.read_text() + DESTINATION)
    try:
        practice.open_desk()
        practice.enrol_sam("Patel, Sam")
        yield practice
    finally:
        practice.close()


@pytest.fixture
def software(tmp_path: Path) -> Iterator[Path]:
    """Where the messages are that it took."""
    places = [str(tmp_path / name) for name in ("share", "said")]
    command = [sys.executable, hl7_receiver.__file__, *places, "AA", str(tmp_path / "taken")]
    with subprocess.Popen(command) as process:
        yield tmp_path / "taken"
        process.kill()


def test_a_photo_is_accepted_once_and_then_leaves_the_chat_though_the_bot_is_killed_meanwhile(
    practice: RunningPractice, software: Path, tmp_path: Path
) -> None:
    path = tmp_path / "IMG_1_left_arm.jpg"
    path.write_bytes(small(7))
    sent = practice.sam.app.send_image(practice.sam.room, path, caption="itchy patch on my wrist")
    image = practice.image_of(sent)
    until(lambda: next(software.iterdir(), None), "a first message is taken")
    practice.bot.kill()
    practice.bot.start()
    practice.sam.sees_redacted(sent)
    mark = practice.kim.app.mark()
    practice.kim.says(f"!status {image.ref}")
    practice.kim.hears("in “Best Practice”: accepted", after=mark)
    found = judged(*(path.read_bytes() for path in software.iterdir()))
    photos = [message for message in found if message["observed"][0]["about"][1:2] == ["image"]]
    assert [(message["name"], message["number"]) for message in photos] == [(["Patel", "Sam"], "10421")]
    assert len({message["control"] for message in found}) == len(found), "nothing twice"
    assert all(message["faults"] == [] for message in found)
