"""The command line teaches, keeps secrets out of sight, and ends expected failures in one sentence."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import re
import resource
import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import typer
from sqlalchemy import text
from typer.core import TyperGroup

from bot.__main__ import main
from bot.commands import app
from bot.commands.run import OneLine
from bot.commands.terminal import plain, reporting
from bot.config import Config, load
from bot.domain.entries import Entry, EntryKind, PatientIdentity
from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.identifiers import Account, PatientId
from bot.operate.kept import JOURNAL, opened
from bot.operate.setup import Answers, configuration, write_practice
from storage.vault.key_ring import FILE, KeyRing
from storage.vault.recovery_key import decode_recovery_key, encode_recovery_key
from tests.old_recovery_key import mistyped_unnoticed, written_before
from tests.photos import small

ANSWERS = Answers(
    practice='The "Harbour" Practice',
    timezone="Australia/Sydney",
    user=Account("@consentry:localhost"),
    url="http://127.0.0.1:8008",
    embedded=True,
    managers=[Account("@lee:localhost")],
    duty=Account("@lee:localhost"),
)
SAM = PatientIdentity(PatientId("p1"), "10421", "Sam Patel", date(1984, 3, 7))


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


Consentry = Callable[..., Ended]


@pytest.fixture
def consentry(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Consentry:
    """Run a command in an empty directory; `typed` is what a person types."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bot.commands.terminal.console.width", 120)  # as wide for every process of a run

    def run(*words: str, typed: str = "", hidden: str = "") -> Ended:
        monkeypatch.setattr("sys.stdin", StringIO(typed))
        monkeypatch.setattr("getpass.getpass", lambda *_, **__: hidden)
        monkeypatch.setattr("typer._click.termui.hidden_prompt_func", lambda *_: hidden, raising=False)
        capsys.readouterr()
        code = reporting(lambda: app(list(words)))
        out, err = capsys.readouterr()
        return Ended(code, out, err)

    return run


@pytest.fixture
def practice(tmp_path: Path) -> Config:
    """A practice that `init` set up."""
    return write_practice(tmp_path / "config.toml", ANSWERS)[0]


def file_entries(config: Config, *entries: Entry) -> None:
    async def file() -> None:
        async with opened(config) as kept:
            sealed = await kept.vault.seal("o1", SAM.patient_id, small())
            image = {"reason": "rash on my arm", "purpose": "care"}
            at = datetime(2026, 3, 2, 1, 5, tzinfo=UTC)
            await kept.record.file(
                Entry("e1", EntryKind.IMAGE, SAM, "IMG-7F3K", at, "Sam Patel, patient", image, sealed, "image/jpeg")
            )
            for entry in entries:
                await kept.record.file(entry)

    asyncio.run(file())


def below(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def commands() -> list[tuple[str, Any]]:
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    found: list[tuple[str, Any]] = []
    for name, command in group.commands.items():
        inner = getattr(command, "commands", None)
        found += [(f"{name} {n}", c) for n, c in inner.items()] if inner else [(name, command)]
    return found


# ---- help


def test_every_command_explains_itself_with_an_example() -> None:
    names = [name for name, _ in commands()]
    assert {"init", "run", "demo", "homeserver", "doctor", "managers", "backup", "restore"} < set(names)
    assert {
        "keys backup",
        "keys restore",
        "keys rotate",
        "record list",
        "record show",
        "record export",
        "audit verify",
    } < set(names)
    for name, command in commands():
        assert f"    consentry {name}" in (command.help or ""), name


def test_no_command_takes_a_secret_on_the_command_line() -> None:
    for name, command in commands():
        for parameter in command.params:
            assert not any(word in (parameter.name or "") for word in ("password", "secret", "token")) or (
                parameter.name == "password_file"
            ), f"{name} {parameter.name}"


# ---- init and recover


def test_init_by_options_sets_up_a_private_practice(consentry: Consentry, tmp_path: Path) -> None:
    ended = consentry(
        *("init", "--name", "Harbour", "--timezone", "Australia/Sydney", "--embedded", "--url", ANSWERS.url),
        *("--user", ANSWERS.user, "--manager", "@lee:localhost", "--duty", "@lee:localhost"),
    )
    assert ended.code == 0, ended.err
    config = load(tmp_path / "config.toml")
    assert config.practice.name == "Harbour"
    for private in (config.data.directory, config.data.keys_directory):
        assert stat.S_IMODE(private.stat().st_mode) == 0o700
    for private in (tmp_path / "config.toml", config.homeserver.password_file, config.data.keys_directory / FILE):
        assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert len(config.homeserver.password_file.read_text().strip()) >= 32


def test_init_asks_with_defaults_and_asks_again_after_a_wrong_answer(consentry: Consentry, tmp_path: Path) -> None:
    typed = "Hill Street\nSydney\nAustralia/Perth\ny\n\n\nDr Lee\n@lee:localhost\n\n"
    ended = consentry("init", typed=typed)
    assert ended.code == 0, ended.err
    config = load(tmp_path / "config.toml")
    assert (config.practice.name, config.practice.timezone) == ("Hill Street", "Australia/Perth")
    assert (config.managers.accounts, config.duty.person) == (("@lee:localhost",), "@lee:localhost")
    assert "must be an IANA time zone" in ended.out + ended.err


@pytest.mark.parametrize("typed", ["lee", "@lee", "lee:chat.example.org", "@lee:chat.example.org"])
def test_init_warns_that_the_name_is_for_ever_and_takes_a_name_for_an_account_on_it(
    typed: str, consentry: Consentry, tmp_path: Path
) -> None:
    ended = consentry("init", typed=f"Hill Street\n\ny\n\n@consentry:chat.example.org\n{typed}\nkim\n")
    assert ended.code == 0, ended.err
    assert "can never be changed" in " ".join(ended.out.split())
    config = load(tmp_path / "config.toml")
    assert config.managers.accounts == ("@lee:chat.example.org",)
    assert config.duty.person == "@kim:chat.example.org"


def test_init_ends_with_every_next_step_in_order_as_commands_to_copy(consentry: Consentry, tmp_path: Path) -> None:
    ended = consentry(
        *("init", "--name", "Harbour", "--timezone", "Australia/Sydney", "--embedded", "--url", ANSWERS.url),
        *("--user", ANSWERS.user, "--manager", "lee", "--duty", "kim"),
    )
    written = (
        " homeserver\n",
        "--account lee\n",
        "--account kim\n",
        " managers\n",
        "--also-clinician @lee:localhost\n",
        " run\n",
    )
    places = [ended.out.index(step) for step in (*written, " doctor\n", ANSWERS.user, "!enrol", "README")]
    assert places == sorted(places)
    commands = [line.strip() for line in ended.out.splitlines() if " && " in line]
    assert len(commands) == 7 and all(command.startswith(f"cd {tmp_path} && ") for command in commands)


def test_managers_takes_a_name_for_an_account_on_the_practice_s_server(consentry: Consentry, practice: Config) -> None:
    ended = consentry("managers", "--also-clinician", "lee", typed="Dr Lee\n")
    assert ended.code == 0, ended.err
    assert "@lee:localhost" in ended.out
    assert consentry("managers", "--also-clinician", "lee:elsewhere.example", typed="Dr Lee\n").code != 0


def test_the_recovery_key_is_shown_once_and_is_in_no_file(consentry: Consentry, tmp_path: Path) -> None:
    _, key = write_practice(tmp_path / "config.toml", ANSWERS)
    for file in (path for path in tmp_path.rglob("*") if path.is_file()):
        assert key.encode() not in file.read_bytes()
        assert key.replace(" ", "").encode() not in file.read_bytes()


def test_the_recovery_key_is_shown_in_rows_that_can_be_written_down_and_typed(
    consentry: Consentry, tmp_path: Path
) -> None:
    shown = consentry(
        *("init", "--name", "Harbour", "--timezone", "Australia/Sydney", "--embedded", "--url", ANSWERS.url),
        *("--user", ANSWERS.user, "--manager", "@lee:localhost", "--duty", "@lee:localhost"),
    ).out
    rows = [line.strip("│ ") for line in shown[shown.index("consentry1") :].splitlines()[:4]]
    assert [len(row.split()) for row in rows] == [1, 5, 5, 5]
    assert decode_recovery_key(" ".join(rows)) == KeyRing.load(tmp_path / "keys").recovery_secret()


def test_a_mistyped_recovery_key_is_told_by_its_group_and_not_shown(consentry: Consentry, tmp_path: Path) -> None:
    config, key = write_practice(tmp_path / "config.toml", ANSWERS)
    (config.data.keys_directory / FILE).unlink()
    groups = key.split()
    groups[7] = ("q" if groups[7][0] != "q" else "p") + groups[7][1:]
    refused = consentry("keys", "restore", hidden=" ".join(groups))
    assert refused.code == 1 and "look at group 7 after consentry1 again" in refused.err
    assert not any(group in refused.out + refused.err for group in groups[1:15])
    assert below(config.data.keys_directory) == ["homeserver-password"]


@pytest.mark.parametrize("of", ["now", "before"])
def test_the_recovery_key_brings_the_keys_back_and_no_other_key_is_written(
    consentry: Consentry, tmp_path: Path, of: str
) -> None:
    config, key = write_practice(tmp_path / "config.toml", ANSWERS)
    file_entries(config)
    ring = KeyRing.load(config.data.keys_directory)
    old = written_before(ring.recovery_secret())
    (config.data.keys_directory / FILE).unlink()
    for typed in ("EsTc " * 12, key[:-1], mistyped_unnoticed(old), encode_recovery_key(bytes(32))):
        wrong = consentry("keys", "restore", hidden=typed)
        assert wrong.code == 1 and "nothing was written" in wrong.err
        assert below(config.data.keys_directory) == ["homeserver-password"]
    put = consentry("keys", "restore", hidden=key if of == "now" else old)
    assert put.code == 0 and "Put back: master.key." in put.out, put.err
    assert KeyRing.load(config.data.keys_directory).database == ring.database
    again = consentry("keys", "restore", hidden=key)
    assert again.code == 1 and "never replaced" in again.err


def test_init_never_replaces_anything(consentry: Consentry, tmp_path: Path, practice: Config) -> None:
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    ended = consentry("init", "--name", "Other")
    assert ended.code == 1 and "never replaced" in ended.err
    (tmp_path / "config.toml").rename(tmp_path / "elsewhere.toml")
    with pytest.raises(Exception, match="keys-exist"):
        write_practice(tmp_path / "config.toml", ANSWERS)
    assert not (tmp_path / "config.toml").exists()
    assert (practice.data.keys_directory / FILE).read_bytes() == before[practice.data.keys_directory / FILE]


def test_an_impossible_answer_leaves_nothing_behind(consentry: Consentry, tmp_path: Path) -> None:
    ended = consentry(
        *("init", "--name", "Harbour", "--timezone", "Sydney", "--embedded", "--url", ANSWERS.url),
        *("--user", ANSWERS.user, "--manager", "Dr Lee", "--duty", "@lee:localhost"),
    )
    assert ended.code == 2
    assert "practice.timezone" in ended.err and "managers.accounts.0" in ended.err
    assert list(tmp_path.iterdir()) == []


def test_the_written_configuration_says_what_was_answered(tmp_path: Path) -> None:
    assert '"The \\"Harbour\\" Practice"' in configuration(ANSWERS)


# ---- failures


def test_a_wrong_configuration_is_told_line_by_line(consentry: Consentry, tmp_path: Path, practice: Config) -> None:
    file = tmp_path / "config.toml"
    file.write_text(file.read_text().replace("Australia/Sydney", "Sydney") + "\nextra = 1\n")
    for command in (("run",), ("doctor",), ("record", "list"), ("audit", "verify"), ("homeserver",)):
        ended = consentry(*command)
        assert ended.code == 2
        assert [line.split(": ")[1].split()[0] for line in ended.err.splitlines()] == [
            "practice.timezone",
            "data.extra",
        ]


@pytest.mark.parametrize("command", [("run",), ("record", "list"), ("audit", "verify"), ("managers",)])
def test_missing_keys_are_one_sentence_and_no_traceback(
    consentry: Consentry, practice: Config, command: tuple[str, ...]
) -> None:
    (practice.data.keys_directory / FILE).unlink()
    ended = consentry(*command)
    assert ended.code == 1
    assert len(ended.err.splitlines()) == 1 and "recover it with the recovery key" in ended.err


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "/srv/data/journal.db"), "/srv/data/journal.db: Permission denied;"),
        (OSError(errno.EROFS, "Read-only file system", "/srv/data/x"), "/srv/data/x: Read-only file system;"),
        (OutsideFailure("database-not-writable"), "may not open the record's files, or their disk is read-only"),
        (OutsideFailure("disk-full: nothing was exported"), "the disk is full (disk-full: nothing was exported)"),
        (Permanent("damaged", "object o1"), "damaged: object o1; `consentry doctor --deep` says what can be put back"),
        (Permanent("missing", "object o1"), "missing: object o1; `consentry doctor --deep` says what can be put back"),
    ],
)  # fmt: skip
def test_what_the_disk_says_is_one_sentence_that_says_what_to_do(
    error: Exception, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def command() -> None:
        raise error

    assert reporting(command) == 1
    shown = capsys.readouterr().err
    assert said in shown and len(shown.splitlines()) == 1


def test_a_fault_of_our_own_is_not_taken_for_the_disk_s() -> None:
    def command() -> None:
        raise ConnectionResetError("no file in it")

    with pytest.raises(ConnectionResetError):
        reporting(command)


def test_a_second_bot_is_refused(consentry: Consentry, practice: Config) -> None:
    from bot.operate.kept import only_one

    async def beside() -> Ended:
        async with only_one(practice):
            return await asyncio.to_thread(consentry, "managers")

    ended = asyncio.run(beside())
    assert ended.code == 1 and ended.err.startswith("another consentry is running on")


def test_without_a_configuration_the_way_to_one_is_told(consentry: Consentry) -> None:
    ended = consentry("run")
    assert ended.code == 2 and "consentry init" in ended.err


# ---- reading


def test_the_record_is_listed_and_shown(consentry: Consentry, practice: Config) -> None:
    note = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
    file_entries(practice, Entry("e2", EntryKind.NOTE, SAM, "IMG-7F3K", note, "Dr Lee", text="eczema, cream"))
    listed = consentry("record", "list")
    assert listed.code == 0 and "Sam Patel" in listed.out and "1984-03-07" in listed.out
    shown = consentry("record", "show", "10421")
    assert shown.code == 0
    for words in ("IMG-7F3K", "rash on my arm", "eczema, cream", "Dr Lee", "12:05", "14:00"):  # Sydney's clock
        assert words in shown.out


def test_a_receipt_is_shown_as_a_count_of_what_became_of_the_copies(consentry: Consentry, practice: Config) -> None:
    at = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
    lines = [
        {"state": "gone", "hidden_until": None, "detail": ""},
        {"state": "hidden", "hidden_until": "2026-03-02T04:10:00+00:00", "detail": ""},
        {"state": "hidden", "hidden_until": "2026-03-02T05:10:00+00:00", "detail": ""},
        {"state": "beyond-reach", "hidden_until": None, "detail": "no-purger"},
    ]
    receipt = Entry("e2", EntryKind.RECEIPT, SAM, "IMG-7F3K", at, "consentry", {"copies": lines}, text="[]")
    file_entries(practice, receipt)
    shown = consentry("record", "show", "10421").out
    for words in ("accounted for: 4", "1 gone", "2 hidden, until 2026-03-02 16:10", "1 beyond-reach (no-purger)"):
        assert words in shown


def test_an_unknown_number_is_told_without_a_guess(consentry: Consentry, practice: Config) -> None:
    file_entries(practice)
    ended = consentry("record", "show", "1042")
    assert ended.code == 1 and "Sam" not in ended.out + ended.err


def test_a_folder_is_exported_whole(consentry: Consentry, practice: Config, tmp_path: Path) -> None:
    file_entries(practice)
    assert consentry("record", "export", "10421", "out").code == 0
    assert any(path.read_bytes() == small() for path in (tmp_path / "out").rglob("*.jpg"))
    refused = consentry("record", "export", "10421", "out")
    assert refused.code == 1 and "not an empty folder" in refused.err


def test_words_of_a_patient_cannot_steer_the_terminal(consentry: Consentry, practice: Config) -> None:
    evil = "\x1b[2J\x1b]0;owned\x07 [bold red]x[/] \u202egnp.exe"
    at = datetime(2026, 3, 2, tzinfo=UTC)
    file_entries(practice, Entry("e2", EntryKind.ANSWER, SAM, "IMG-7F3K", at, evil, text=evil))
    out = consentry("record", "show", "10421").out
    assert "\x1b" not in out and "\x07" not in out and "\u202e" not in out
    assert "[bold red]x[/]" in out
    assert plain("a\nb").plain == "a\nb"


def test_a_whole_audit_log_is_said_to_be_whole_and_a_changed_one_where_it_breaks(
    consentry: Consentry, practice: Config
) -> None:
    assert consentry("managers").code == 0
    whole = consentry("audit", "verify")
    assert whole.code == 0 and whole.out.startswith("Whole: ")

    async def change() -> None:
        async with opened(practice) as kept, kept.database.transaction() as connection:
            triggers = await connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
            for (name,) in triggers.all():
                await connection.execute(text(f'DROP TRIGGER "{name}"'))
            await connection.execute(text("UPDATE audit SET action = 'nothing' WHERE seq = 1"))

    asyncio.run(change())
    broken = consentry("audit", "verify")
    assert broken.code == 1 and "broken at entry 1" in broken.err


def test_reading_changes_nothing(consentry: Consentry, practice: Config) -> None:
    assert consentry("record", "list").code == 1
    assert list(practice.data.directory.iterdir()) == []  # no database is made by looking for one
    file_entries(practice)
    held = (practice.data.directory / JOURNAL).read_bytes()
    for command in (("record", "list"), ("record", "show", "10421"), ("audit", "verify")):
        assert consentry(*command).code == 0
    assert (practice.data.directory / JOURNAL).read_bytes() == held


def test_an_account_is_not_made_while_the_homeserver_is_stopped(consentry: Consentry, practice: Config) -> None:
    ended = consentry("homeserver", "--account", "lee", hidden="a long password")
    assert ended.code == 1 and "not running" in ended.err


def test_an_id_that_somebody_chose_forges_no_line_of_the_log_and_steers_no_terminal() -> None:
    chosen = "PHONE\n2026-01-01 INFO consentry ready\x1b[2J\u202e\ud800"
    record = logging.LogRecord("consentry", logging.WARNING, "", 0, "device %s", (chosen,), None)
    line = OneLine("%(levelname)s %(message)s").format(record)
    assert line == r"WARNING device PHONE\n2026-01-01 INFO consentry ready\x1b[2J\u202e\ud800"


# ---- backup


def test_a_backup_says_where_it_is_what_went_and_what_is_not_in_it(consentry: Consentry, practice: Config) -> None:
    file_entries(practice)
    first = consentry("backup", "usb")
    assert first.code == 0, first.err
    (old,) = Path("usb").glob("consentry-*")
    assert f"with 1 photos and files: usb/{old.name}" in first.out and "removed" not in first.out
    assert "on the same disk as the record" in first.out
    assert "the recovery key on paper" in first.out
    about = old / "backup.json"
    about.write_text(re.sub(r'(?<="made_at": ")\d{4}', "2020", about.read_text()))
    again = consentry("backup", "usb", "--keep-for", "35d")
    assert again.code == 0, again.err
    assert f"Its time was over, and it is removed: {old.name}" in again.out
    assert not old.exists()


def test_every_command_writes_for_its_owner_only_and_leaves_no_core(
    practice: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = os.umask(0o022)
    try:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr("sys.argv", ["consentry", "keys", "backup", "new/keys"])
        with pytest.raises(SystemExit) as ended:
            main()
    finally:
        os.umask(before)
    assert ended.value.code == 0
    assert stat.S_IMODE(Path("new").stat().st_mode) == 0o700
    assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)


def test_how_long_backups_are_kept_is_asked_for_again_when_it_is_no_duration(
    consentry: Consentry, practice: Config
) -> None:
    ended = consentry("backup", "usb", "--keep-for", "soon")
    assert ended.code == 2 and "such as 35d" in ended.err
    assert not Path("usb").exists()
