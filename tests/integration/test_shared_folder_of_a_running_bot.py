"""A running bot, with a real homeserver and real pictures, puts copies into a folder, and says where they are."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from tests.bot_process import RunningPractice, until
from tests.homeserver import Homeserver
from tests.integration.consulting import asks
from tests.photos import small

DESTINATION = '\n[[destinations]]\nname = "Practice software"\nkind = "folder"\ndirectory = "share"\nwait = "taken"\n'


@pytest.fixture
def practice(homeserver: Homeserver, tmp_path: Path) -> Iterator[RunningPractice]:
    practice = RunningPractice(homeserver, tmp_path)
    (tmp_path / "share").mkdir()
    practice.config_file.write_text(practice.config_file.read_text() + DESTINATION)
    try:
        practice.open_desk()
        practice.enrol_sam()
        yield practice
    finally:
        practice.close()


def test_a_photo_is_put_there_clean_and_the_chat_is_cleared_once_it_was_taken(
    practice: RunningPractice, tmp_path: Path
) -> None:
    path, share = tmp_path / "IMG_1_left_arm.jpg", tmp_path / "share"
    path.write_bytes(small(7))
    sent = practice.sam.app.send_image(practice.sam.room, path, caption="itchy patch on my wrist")
    image = practice.image_of(sent)

    def dropped() -> Path | None:
        return next(
            (found for found in share.glob(f"10421_{image.ref}_*") if (found / f"{image.ref}.jpg").exists()), None
        )

    folder = until(dropped, "the copy lies there")
    index = json.loads((folder / "index.json").read_text())
    assert index["patient"]["name"] == "Sam Patel" and index["entries"][0]["form"] == "clean"
    assert "proof" not in json.dumps(index)
    copy = (folder / f"{image.ref}.jpg").read_bytes()
    assert Image.open(BytesIO(copy)).size == Image.open(path).size
    words = pypdfium2.PdfDocument((folder / "summary.pdf").read_bytes())[0].get_textpage().get_text_bounded()
    assert "Sam Patel" in words and image.ref in words and "itchy patch on my wrist" in words
    until(
        lambda: "waiting (written there and read back; nobody" in asks(practice.kim, f"!status {image.ref}", image.ref),
        "it was read back",
    )
    listed = practice.bot.command("destinations", "list").stdout
    assert "Practice software" in listed and "waiting" in listed
    for found in share.glob("10421_*"):
        shutil.rmtree(found)
    until(lambda: "taken" in practice.bot.command("destinations", "list").stdout or None, "it counts as taken")
    practice.sam.sees_redacted(sent)
