"""A running bot, with a real homeserver, pictures and archive: the chat waits until the archive gave the photo back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.archives.other_maker import OtherMaker
from tests.archives.tiny_pacs import TinyPacs
from tests.bot_process import RunningPractice
from tests.homeserver import Homeserver
from tests.photos import corners, encoded, small

DESTINATION = '\n[[destinations]]\nname = "Archive"\nkind = "dicomweb"\nurl = "{url}"\ntoken_file = "{token}"\n'


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TinyPacs]:
    process = TinyPacs(tmp_path_factory.mktemp("archive"))
    process.start()
    try:
        OtherMaker(process).stores_a_study("10421", "PATEL^SAM", "19840307")
        yield process
    finally:
        process.kill()


@pytest.fixture(scope="module")
def practice(
    homeserver: Homeserver, archive: TinyPacs, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningPractice]:
    practice = RunningPractice(homeserver, tmp_path_factory.mktemp("practice"))
    configured = DESTINATION.format(url=archive.url, token=archive.token_file())
    practice.config_file.write_text(practice.config_file.read_text() + configured)
    try:
        practice.open_desk()
        practice.enrol_sam()
        yield practice
    finally:
        practice.close()


def test_a_photo_waits_for_an_archive_that_is_away_and_leaves_the_chat_once_it_was_read_back_from_there(
    practice: RunningPractice, archive: TinyPacs, tmp_path: Path
) -> None:
    assert "It works: it answers" in practice.bot.command("destinations", "try", "Archive").stdout
    archive.kill()
    path = tmp_path / "IMG_1_left_arm.jpg"
    path.write_bytes(small(7))
    sent = practice.sam.app.send_image(practice.sam.room, path, caption="itchy patch on my wrist")
    image = practice.image_of(sent)
    practice.kim.hears("“Archive”, which gets copies of the record: it is not there", room=practice.team)
    archive.start()
    practice.sam.sees_redacted(sent)
    found = OtherMaker(archive).photo_of("10421", image.ref, "XC")
    assert found == ("SAM PATEL", path.read_bytes())
    mark = practice.kim.app.mark()
    practice.kim.says(f"!status {image.ref}")
    practice.kim.hears("in “Archive”: verified .original.", after=mark)
    listed = practice.bot.command("destinations", "list").stdout
    assert "Archive" in listed and "verified" in listed


def test_a_png_goes_there_as_a_rendition_and_everybody_is_told_so(
    practice: RunningPractice, archive: TinyPacs, tmp_path: Path
) -> None:
    path = tmp_path / "Screenshot_1.png"
    path.write_bytes(encoded(corners((300, 200)), "PNG"))
    sent = practice.sam.app.send_image(practice.sam.room, path, caption="a spot on my hand")
    image = practice.image_of(sent)
    practice.sam.sees_redacted(sent)
    found = OtherMaker(archive).photo_of("10421", image.ref, "XC")
    assert found is not None and found[1] != path.read_bytes() and found[1].startswith(b"\xff\xd8")
    mark = practice.kim.app.mark()
    practice.kim.says(f"!status {image.ref}")
    practice.kim.hears("in “Archive”: verified .rendition.", after=mark)
