"""What people said and sent, and the keys to it, are nowhere in the clear: on disk, in logs, in what processes show.

The homeserver's database does hold access tokens, as every Synapse's does: they are looked for everywhere but there.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.operate.kept import opened
from bot.operate.sealed_files import SESSION
from storage.vault.key_ring import KeyRing
from storage.vault.recovery_key import encode_recovery_key
from tests.bot_process import RunningPractice, practice_of, until
from tests.canary import Canary, family, written
from tests.homeserver import Homeserver, finish
from tests.photos import small

MARK = secrets.token_hex(4)  # nobody else's file can hold these
NAME = f"Zyxwina Quokkasson-{MARK}"
MRN = f"QX-{MARK}-10421"
CAPTION = f"violet rash {MARK} below the left knee"
REASON = f"a bite {MARK} while gardening"
FILE_NAME = f"IMG_{MARK}_left_knee.jpg"
NOTE = f"cellulitis {MARK}, marked the edge"
REPLY = f"keep the leg up {MARK}"
ANSWER = f"it is warmer {MARK} than yesterday"


@pytest.fixture(scope="module")
def began() -> float:
    return time.time()


@pytest.fixture(scope="module")
def told(
    began: float, homeserver: Homeserver, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[RunningPractice, Canary]]:
    """A practice in which everything was said, by a bot that logs all it can, died once, and runs; and what to look for."""
    canary = Canary()
    words = {"name": NAME, "mrn": MRN, "caption": CAPTION, "reason": REASON, "file name": FILE_NAME}
    for name, secret in (words | {"note": NOTE, "reply": REPLY, "answer": ANSWER}).items():
        canary.add(name, secret)
    nobody_is_reminded = {"unread_first": "72h", "unread_duty": "96h"}  # else the words are said again before they fade
    with practice_of(homeserver, tmp_path_factory.mktemp("canary"), **nobody_is_reminded) as practice:
        practice.bot.stop()
        practice.bot.afresh = True
        practice.bot.start("tests.debugged_bot", str(practice.config_file))
        _tell(practice, canary, tmp_path_factory.mktemp("phone"))
        _know_keys(practice, canary)
        yield practice, canary


def _tell(practice: RunningPractice, canary: Canary, phone: Path) -> None:
    code = practice.enrol(f'!enrol patient {MRN} "{NAME}" 1984-03-07')
    canary.add("invitation code", code)
    practice.sam = practice.enter(practice.accounts["sam"], code)
    sam, lee = practice.sam, practice.lee
    photo = phone / FILE_NAME
    data = small(int(MARK, 16))
    pixels = data.rindex(b"\xff\xda") + 100
    for start in range(pixels, len(data) - 48, 3000):
        canary.add(f"image at {start}", data[start : start + 48])
    comment = f"taken by {MARK} at home".encode()
    canary.add("metadata", comment)
    photo.write_bytes(data[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + data[2:])

    practice.bot.kill()
    sent = sam.app.send_image(sam.room, photo, caption=CAPTION, thumbnail=str(photo))
    content = sam.app.event(sent)["content"]
    for name, file in (("file", content["file"]), ("thumbnail", content["info"]["thumbnail_file"])):
        key = file["key"]["k"]
        canary.add(f"key of the {name}", key)
        canary.add(f"key of the {name}, raw", base64.urlsafe_b64decode(key + "="))
    for moment in ("capture-image:performed", "file-image:performed"):  # what a death leaves behind counts too
        practice.bot.launch("tests.doomed_bot", str(practice.config_file), moment)
        assert practice.bot.ended() == -signal.SIGKILL
    practice.bot.start("tests.debugged_bot", str(practice.config_file))
    ref = practice.image_of(sent).ref

    mark = lee.app.mark()
    lee.says(f"!show {ref}")
    shown = lee.app.wait(lee.room, msgtype="m.image", after=mark)
    canary.add("key of what was shown", shown["content"]["file"]["key"]["k"])
    lee.app.download(lee.room, shown["id"], phone / "shown")
    rendition = (phone / "shown").read_bytes()
    canary.add("what was shown", rendition[len(rendition) // 2 :][:48])
    lee.says(f"!note {ref} {NOTE}")
    lee.says(f"!reply {ref} {REPLY}")
    sam.hears(REPLY)
    sam.says(ANSWER)
    lee.hears(ANSWER)
    sam.app.send_image(sam.room, _another(phone))
    sam.hears("What is the photo about")
    sam.says(REASON)
    sam.hears(f"^I have your photo.*{REASON}")


def _another(phone: Path) -> Path:
    path = phone / f"second-{FILE_NAME}"
    path.write_bytes(small(int(MARK, 16) + 1))
    return path


def _know_keys(practice: RunningPractice, canary: Canary) -> None:
    ring = KeyRing.load(practice.home / "keys")
    for name, key in (
        ("root key", ring.recovery_secret()),
        ("database key", ring.database),
        ("vault key", finish(_vault_key(practice))),
        ("key of the Matrix store", ring.matrix_store),
    ):
        canary.add(name, key)
    recovery_key = encode_recovery_key(ring.recovery_secret())
    canary.add("recovery key", recovery_key)
    canary.add("recovery key, closed up", recovery_key.replace(" ", ""))


async def _vault_key(practice: RunningPractice) -> bytes:
    async with opened(practice.config, read_only=True) as kept:
        return (await kept.masters.current())[1]


def _tokens(practice: RunningPractice) -> Canary:
    canary = Canary()
    ring = KeyRing.load(practice.home / "keys")
    session = json.loads(ring.open_secret(SESSION, (practice.home / "data" / f"{SESSION}.sealed").read_bytes()))
    canary.add("the bot's access token", session["access_token"])
    canary.add("the bot's password", practice.accounts["consentry"].password)
    canary.add("the purger's access token", practice.purger.token_file.read_text())
    return canary


def _secret_files(practice: RunningPractice) -> list[Path]:
    return [practice.home / "keys" / "master.key", practice.home / "keys" / "bot-password", practice.purger.token_file]


def test_nothing_is_in_the_clear_on_disk(told: tuple[RunningPractice, Canary]) -> None:
    practice, canary = told
    assert (practice.home / "data" / "journal.db").stat().st_size > 100_000
    assert len(practice.bot.said()) > 1000, "the bot has logged"
    places = [practice.home, practice.homeserver.data_dir]
    assert canary.in_files(places, but=_secret_files(practice)) == []


def test_tokens_and_passwords_are_in_their_own_files_only(told: tuple[RunningPractice, Canary]) -> None:
    practice, _ = told
    assert _tokens(practice).in_files([practice.home], but=_secret_files(practice)) == []


def test_nothing_is_in_what_processes_show(told: tuple[RunningPractice, Canary]) -> None:
    practice, canary = told
    synapse = int((practice.homeserver.data_dir / "homeserver.lock").read_text())
    pids = [*family(practice.bot.pid), practice.purger.pid, synapse]
    assert len(pids) > 2
    assert canary.in_processes(pids) == []
    assert _tokens(practice).in_processes(pids) == []


def test_nothing_is_left_in_temporary_directories(
    told: tuple[RunningPractice, Canary], began: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    practice, canary = told
    assert list((practice.home / "tmp").rglob("*")) == []
    ours = tmp_path_factory.getbasetemp()
    new = [
        path
        for place in (Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"))
        for path in place.glob("*")
        if ours not in path.parents and _changed(path) >= began
    ]
    assert canary.in_files(new) == []


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime if path.is_file() else 0.0
    except FileNotFoundError:
        return 0.0  # another program's, gone since it was listed


def test_when_everything_has_faded_nothing_is_in_the_clear_either(told: tuple[RunningPractice, Canary]) -> None:
    practice, canary = told
    practice.bot.stop()
    practice.bot.start("tests.debugged_bot", str(practice.config_file), "49h")  # a reply stays longest
    words = re.compile("|".join(map(re.escape, (CAPTION, NOTE, REPLY, ANSWER, REASON, NAME))))
    rooms = ((practice.sam, practice.sam.room), (practice.lee, practice.lee.room), (practice.kim, practice.team))

    def left() -> list[str]:
        events = [event for member, room in rooms for event in member.app.timeline(room) if not event["redacted"]]
        return [str(event["content"]) for event in events if words.search(str(event["content"]))]

    until(lambda: not left(), "all words are redacted", observed=left)
    assert practice.bot.stop() == 0
    places = [practice.home, practice.homeserver.data_dir]
    assert canary.in_files(places, but=_secret_files(practice)) == []


@pytest.mark.parametrize("way", range(len(list(written(b"0123456789")))))
def test_the_canary_finds_what_is_planted(way: int, tmp_path: Path) -> None:
    canary = Canary()
    canary.add("planted", NAME)
    planted = list(written(NAME.encode()))[way]
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_bytes(secrets.token_bytes(999) + planted + secrets.token_bytes(999))
    (tmp_path / "clean").write_bytes(secrets.token_bytes(999))
    assert canary.in_files([tmp_path]) == [f"{tmp_path}/deep/file: planted"]


@pytest.mark.parametrize("before", range(4))
def test_the_canary_finds_what_lies_within_something_encoded(before: int, tmp_path: Path) -> None:
    canary = Canary()
    canary.add("planted", NAME)
    (tmp_path / "file").write_bytes(base64.b64encode(bytes(before) + NAME.encode() + b"more"))
    assert canary.in_files([tmp_path]) == [f"{tmp_path}/file: planted"]


def test_the_canary_finds_what_a_process_shows() -> None:
    canary = Canary()
    canary.add("planted", NAME)
    with subprocess.Popen(["sleep", "60"], env={"SECRET": NAME, "PATH": "/usr/bin:/bin"}) as process:
        until(lambda: canary.in_processes([process.pid]), "it is seen")
        process.kill()
