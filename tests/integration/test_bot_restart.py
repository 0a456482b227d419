"""Killed with SIGKILL at any moment, the bot ends with one filed image, a clean chat, and nothing said twice."""

from __future__ import annotations

import json
import os
import random
import re
import resource
import secrets
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.copies import SETTLED
from bot.domain.identifiers import NO_PATIENT
from bot.domain.image import State
from bot.operate.kept import opened
from tests.bot_process import Member, RunningPractice, practice_of, until
from tests.homeserver import Homeserver, finish
from tests.patience import PATIENCE
from tests.photos import small

SEED = 20261123  # a failing moment fails again
DEADLY_FOR_A_PHOTO = [
    ("sync:answered",),
    ("sync:stored",),
    ("arrival:decided",),
    ("capture-image:begun",),
    ("capture-image:performed",),
    ("capture-image:committed",),
    ("say:begun", "I have your photo"),
    ("say:performed", "I have your photo"),
    ("say:committed", "I have your photo"),
    ("file-image:begun",),
    ("file-image:performed",),
    ("file-image:committed",),
    ("erase-copy:begun",),
    ("erase-copy:performed",),
    ("erase-copy:committed",),
]


@pytest.fixture(scope="module")
def practice(homeserver: Homeserver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPractice]:
    with practice_of(homeserver, tmp_path_factory.mktemp("restart")) as practice:
        practice.enrol_sam()
        yield practice


@pytest.fixture(autouse=True)
def runs_again(practice: RunningPractice) -> Iterator[None]:
    yield
    if not practice.bot.alive():
        practice.bot.start()


def dies(practice: RunningPractice, *moment: str) -> None:
    """Run the bot until that moment kills it."""
    practice.bot.launch("tests.doomed_bot", str(practice.config_file), *moment)
    assert practice.bot.ended() == -signal.SIGKILL, practice.bot.said()[-2000:].decode()


def send(practice: RunningPractice, tmp_path: Path, number: int, **more: str) -> str:
    picture = tmp_path / f"photo-{number}.jpg"
    picture.write_bytes(small(number))
    return practice.sam.app.send_image(practice.sam.room, picture, caption=f"spot {number}", **more)


def assert_one_filed_and_the_chat_clean(practice: RunningPractice, sent: str, media: list[str], mark: int) -> None:
    image = practice.image_of(sent)
    practice.sam.sees_redacted(sent)
    practice.sam.sees_gone(*media)
    assert practice.sam.app.server_event(practice.sam.room, sent)["content"] == {}
    own = [copy for copy in practice.copies(image_id=image.id) if copy.event_id == sent]
    until(lambda: {copy.state for copy in practice.copies(id=[one.id for one in own])} <= SETTLED, "each accounted for")
    # Alone or with others: how many are told of at once depends on how fast they come.
    practice.sam.hears(f"^I have your photo.*{image.ref}", after=mark)
    practice.lee.hears(f"[Nn]ew image.*{image.ref}", room=practice.team)
    assert len(practice.sam.heard(image.ref, after=mark)) == 1
    assert len(practice.lee.heard(image.ref, room=practice.team)) == 1


def test_a_photo_survives_a_death_at_every_step_of_its_way(practice: RunningPractice, tmp_path: Path) -> None:
    practice.bot.kill()
    mark = practice.sam.app.mark()
    sent = send(practice, tmp_path, 1, thumbnail=str(tmp_path / "photo-1.jpg"))
    media = practice.sam.media_of(sent)
    for moment in DEADLY_FOR_A_PHOTO:
        dies(practice, *moment)
    practice.bot.start()
    assert_one_filed_and_the_chat_clean(practice, sent, media, mark)


def test_a_photo_survives_deaths_at_moments_nobody_chose(practice: RunningPractice, tmp_path: Path) -> None:
    dice = random.Random(SEED)
    mark = practice.sam.app.mark()
    sent = []
    for number in range(100, 104):  # the soak does it more often, to all three processes
        sent.append(send(practice, tmp_path, number))
        time.sleep(dice.uniform(0.0, 0.5))
        practice.bot.kill()
        practice.bot.start()
    for event in sent:
        assert_one_filed_and_the_chat_clean(practice, event, [], mark)


def test_an_enrolment_survives_a_death_at_every_step(practice: RunningPractice) -> None:
    account = practice.homeserver.account("ann")
    mark = practice.kim.app.mark()
    practice.bot.kill()
    practice.kim.says('!enrol patient 20771 "Ann Other" 1990-01-02')
    dies(practice, "reserve-picture:performed")
    dies(practice, "show-picture:performed")
    dies(practice, "show-picture:begun")
    practice.bot.start()
    practice.kim.app.wait(practice.kim.room, msgtype="m.image", after=mark)
    invitation = practice.kim.hears("Code: ", after=mark)
    code = re.search(r"Code: (\S+)", invitation)
    assert code is not None
    assert len(practice.kim.heard("Code: ", after=mark)) == 1

    practice.bot.kill()
    app = practice.app_of(account)
    lobby = app.create_dm(practice.bot_account)
    dies(practice, "join-room:performed")
    dies(practice, "say:performed", "code from your invitation")
    practice.bot.start()
    ann = practice.member(app, lobby)
    ann.hears("code from your invitation", room=lobby)
    assert len(ann.heard("code from your invitation", room=lobby)) == 1
    practice.bot.kill()
    ann.says(code[1], lobby)
    dies(practice, "say:performed", "code is right")
    practice.bot.start()
    ann.hears("code is right", room=lobby)
    practice.bot.kill()
    ann.says("2 January 1990", lobby)
    for moment in ("arrival:decided", "open-room:begun", "open-room:performed", "open-room:committed"):
        dies(practice, moment)
    dies(practice, "erase-copy:performed")
    dies(practice, "leave-room:performed")
    practice.bot.start()
    ann.room = ann.invited()
    ann.hears("^Welcome")
    assert len(ann.heard("^Welcome")) == 1
    rooms = [room for room in ann.app.call("rooms")["rooms"] if room["membership"] in {"join", "invite"}]
    assert {room["room"] for room in rooms} == {lobby, ann.room}


def test_looking_and_talking_survive_a_death_at_every_step(practice: RunningPractice, tmp_path: Path) -> None:
    sam, lee = practice.sam, practice.lee
    ref = practice.image_of(send(practice, tmp_path, 2)).ref
    mark = sam.app.mark()
    practice.bot.kill()
    lee.says(f"!note {ref} clean edges")
    lee.says(f"!reply {ref} keep it dry")
    dies(practice, "file-document:begun")
    dies(practice, "file-document:performed")
    dies(practice, "file-document:committed")
    dies(practice, "say:performed", "keep it dry")
    practice.bot.start()
    sam.hears("keep it dry", after=mark)
    assert len(sam.heard("keep it dry", after=mark)) == 1


def test_a_photo_whose_key_comes_late_is_filed_when_it_comes(practice: RunningPractice, tmp_path: Path) -> None:
    account = practice.homeserver.account("late")
    late = practice.enter(account, practice.enrol('!enrol patient 30881 "Late Comer" 1970-05-06'))
    practice.bot.kill()
    # The homeserver still answers the dead bot's last question, and keeps that answer: let it be about something else.
    for command in ("!status", "!list"):
        practice.kim.says(command)
    picture = tmp_path / "late.jpg"
    picture.write_bytes(small(300))
    sent = late.app.send_image(late.room, picture, caption="a rash")
    asked = late.says("my images")  # under the same key: as unreadable as the photo
    held_back = take_keys_from_the_post(practice)
    with late.app.asleep():  # else it answers at once when the bot asks for the key
        practice.bot.start()
        until(lambda: practice.undecrypted() >= {sent, asked}, "both wait for their key", observed=practice.undecrypted)
        assert practice.images(event_id=sent) == []
    deliver(held_back, practice, late)
    practice.image_of(sent)
    late.sees_redacted(sent)


def test_a_photo_whose_edited_caption_was_read_before_its_key_came_is_filed(
    practice: RunningPractice, tmp_path: Path
) -> None:
    """As Element X edits a caption: the whole message once more, with the photo's own media."""
    account = practice.homeserver.account("edits")
    edits = practice.enter(account, practice.enrol('!enrol patient 30882 "Edith Late" 1970-05-06'))
    practice.bot.kill()
    for command in ("!status", "!list"):
        practice.kim.says(command)
    picture = tmp_path / "edited.jpg"
    picture.write_bytes(small(301))
    sent = edits.app.send_image(edits.room, picture)
    [mxc] = edits.media_of(sent)
    held_back = take_keys_from_the_post(practice)
    edits.app.call("new_room_key", room=edits.room)
    new = edits.app.event(sent)["content"] | {"body": "a graze", "filename": "edited.jpg"}
    content = new | {"m.new_content": new, "m.relates_to": {"rel_type": "m.replace", "event_id": sent}}
    edit = edits.app.call("send_event", room=edits.room, type="m.room.message", content=content)["event_id"]
    mark = edits.app.mark()
    with edits.app.asleep():
        practice.bot.start()
        until(lambda: practice.undecrypted() == {sent}, "the photo alone waits", observed=practice.undecrypted)
        until(practice.has_nothing_to_erase, "what the edit names would be erased by now")
        assert not practice.kim.is_gone(mxc)
    deliver(held_back, practice, edits)
    practice.image_of(sent, State.CAPTURED)
    edits.hears("don't follow edits", after=mark)
    edits.says("a graze")
    practice.image_of(sent)
    for event in (sent, edit):
        edits.sees_redacted(event)
    edits.sees_gone(mxc)


def deliver(held_back: list[dict[str, object]], practice: RunningPractice, member: Member) -> None:
    for content in held_back:
        body = {"messages": {practice.bot_account: {practice.bot_device: content}}}
        path = f"/_matrix/client/v3/sendToDevice/m.room.encrypted/{secrets.token_hex(8)}"
        member.app.http(method="PUT", path=path, body=body)


def take_keys_from_the_post(practice: RunningPractice) -> list[dict[str, object]]:
    """What the homeserver holds ready for the bot's device, taken away as a faulty one would lose it."""
    found = []
    with (
        closing(sqlite3.connect(practice.homeserver.data_dir / "homeserver.db", timeout=PATIENCE)) as database,
        database,
    ):
        rows = database.execute("SELECT message_json FROM device_inbox WHERE user_id = ?", (practice.bot_account,))
        found = [json.loads(row)["content"] for (row,) in rows.fetchall()]
        database.execute("DELETE FROM device_inbox WHERE user_id = ?", (practice.bot_account,))
    assert found
    return found


def test_a_disk_that_is_full_under_the_running_bot_is_said_and_once_there_is_room_all_is_filed(
    practice: RunningPractice, tmp_path: Path
) -> None:
    """Journal, blobs and key store: no file may grow past one page, as on a full disk, until the limit is lifted."""
    os.truncate(practice.bot.log, 0)
    resource.prlimit(practice.bot.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    sent = send(practice, tmp_path, 400)
    until(
        lambda: re.search(rb"at the moment.*(disk-full|disk-error|key store)", practice.bot.said()), "the log says why"
    )
    assert practice.images(event_id=sent) == [] and practice.bot.alive()
    resource.prlimit(practice.bot.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    practice.image_of(sent)
    practice.sam.sees_redacted(sent)
    assert practice.bot.alive()


def test_thirty_photos_sent_while_the_bot_is_down_are_all_filed(practice: RunningPractice, tmp_path: Path) -> None:
    practice.bot.kill()
    mark = practice.sam.app.mark()
    sent = [send(practice, tmp_path, number) for number in range(200, 230)]
    practice.bot.start()
    for event in sent:
        practice.image_of(event)
    for event in sent:
        practice.sam.sees_redacted(event)
    assert len(practice.images(event_id=sent, state=State.VERIFIED)) == 30

    def answers() -> list[str]:
        return practice.sam.heard("^I have your photo", after=mark)

    until(lambda: len(answers()) >= 30, "each is answered: what they are about differs")
    assert len(set(answers())) == len(answers()) == 30


def test_the_doctor_finds_and_mends_from_the_command_line_and_only_with_the_bot_stopped(
    practice: RunningPractice, tmp_path: Path
) -> None:
    """`consentry doctor`, `--deep`, `--repair`, as an operator types them; what a risk is, fails nothing."""
    practice.image_of(send(practice, tmp_path, 90))
    homeserver, doctor = practice.homeserver, practice.bot.command

    async def plant() -> None:
        async with opened(practice.config) as kept:
            await kept.vault.seal("orphan", NO_PATIENT, b"nobody's")

    finish(plant())
    status, answer = homeserver.ask(
        "POST", "/_matrix/media/v3/upload", b"ciphertext", homeserver.token(practice.accounts["consentry"])
    )
    assert status == 200
    mxc = str(json.loads(answer)["content_uri"])
    refused = doctor("doctor", "--deep", "--repair")
    assert refused.returncode == 1 and "another consentry is running" in refused.stderr
    assert practice.bot.stop() == 0
    looked = doctor("doctor")
    assert looked.returncode == 0, looked.stdout
    assert "Nothing is wrong." in looked.stdout
    assert re.search(r"A risk until it is changed: .*audit log.*, second copy", looked.stdout), looked.stdout
    found = doctor("doctor", "--deep")
    assert found.returncode == 1
    assert "belongs to nothing" in found.stdout and "no ledger knows" in found.stdout
    assert found.stdout.count("`consentry doctor --deep --repair` does it") == 2, found.stdout
    assert homeserver.download_status(mxc) == 200, "looking changed something"
    mended = doctor("doctor", "--deep", "--repair")
    assert (mended.returncode, mended.stdout.count("Mended.")) == (0, 2), mended.stdout
    assert homeserver.download_status(mxc) == 404
    assert not list((practice.home / "data" / "objects").rglob("orphan"))
    assert "All that was compared agrees." in doctor("doctor", "--deep").stdout
    practice.bot.start()
    assert "Whole" in doctor("audit", "verify").stdout


def test_photos_sent_while_the_bot_was_away_are_each_answered_and_announced_once(
    practice: RunningPractice, tmp_path: Path
) -> None:
    """By its reference, alone or with others: how many are told of at once depends on how fast they are fetched (R14, R17)."""
    assert practice.bot.stop() == 0
    sam, lee = practice.sam, practice.lee
    mark, team = sam.app.mark(), lee.app.mark()
    pictures = [tmp_path / f"spot-{number}.jpg" for number in range(5)]
    for number, path in enumerate(pictures):
        path.write_bytes(small(900 + number))
    sent = [sam.app.send_image(sam.room, path, caption="the same five spots") for path in pictures]
    practice.bot.start()
    images = [practice.image_of(event) for event in sent]
    for event in sent:
        sam.sees_redacted(event)
    for image in images:
        sam.hears(image.ref, after=mark)
        lee.hears(image.ref, after=team, room=practice.team)
    answers = sam.heard("^I have your photo", after=mark)
    lines = lee.heard("[Nn]ew image", after=team, room=practice.team)
    for said in (answers, lines):
        assert sorted(re.findall(r"IMG-\w{4}(?=[:,.]| and| from)", "\n".join(said))) == sorted(i.ref for i in images)


def test_a_picture_being_shown_survives_a_death_at_every_step(practice: RunningPractice, tmp_path: Path) -> None:
    """The last one here: after it the bot's clock is ahead."""
    lee = practice.lee
    ref = practice.image_of(send(practice, tmp_path, 3)).ref
    mark = lee.app.mark()
    practice.bot.kill()
    lee.says(f"!show {ref}")
    dies(practice, "reserve-picture:performed")
    dies(practice, "reserve-picture:committed")
    dies(practice, "show-picture:begun")
    dies(practice, "show-picture:performed")
    practice.bot.start()
    picture = lee.app.wait(lee.room, msgtype="m.image", after=mark)
    lee.says("!help")
    lee.hears("^!list", after=picture["seq"])  # answered in order: what was to be shown has been

    def shown() -> list[str]:
        return [e["id"] for e in lee.app.timeline(lee.room, after=mark) if e["content"].get("msgtype") == "m.image"]

    assert shown() == [picture["id"]]
    assert lee.heard("I was interrupted", after=mark) == [], "it was found, so it is not said to be missing"
    practice.later("16m")
    until(lambda: not shown(), "no picture and no name stays in Dr Lee's chat", observed=shown)
