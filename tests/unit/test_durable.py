"""A file is there whole, flushed and private, or it is not there at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.durable import appearing, copy_durably, create_empty, new_file, write_durably, write_new

WRITE: list[Callable[[Path], None]] = [
    lambda path: write_durably(path, b"new"),
    lambda path: write_new(path, b"new"),
    lambda path: copy_durably(Path(__file__), path),
    create_empty,
]


@pytest.fixture
def flushed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was flushed and given its name, in order."""
    done: list[str] = []
    flush, replace, link = os.fsync, Path.replace, os.link

    def fsync(descriptor: int) -> None:
        done.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        flush(descriptor)

    def replaced(self: Path, target: Path) -> Path:
        done.append("named")
        return replace(self, target)

    def linked(source: Path, target: Path) -> None:
        done.append("named")
        link(source, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", replaced)
    monkeypatch.setattr(os, "link", linked)
    return done


@pytest.mark.parametrize("replaces", [True, False])
def test_the_content_is_flushed_before_it_has_its_name_and_the_name_after(
    tmp_path: Path, flushed: list[str], replaces: bool
) -> None:
    with appearing(tmp_path / "file", replaces=replaces) as file:
        file.write(b"new")
    assert flushed == ["file.part", "named", tmp_path.name]
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_what_is_there_stays_until_the_new_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with appearing(path) as file:
        file.write(b"new")
        file.flush()
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"


def test_what_fails_leaves_the_old_and_nothing_half_written(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt), appearing(path) as file:
        file.write(b"ne")
        raise KeyboardInterrupt
    with pytest.raises(KeyboardInterrupt), new_file(tmp_path / "other") as file:
        file.write(b"ne")
        raise KeyboardInterrupt
    assert [(left.name, left.read_bytes()) for left in tmp_path.iterdir()] == [("file", b"old")]


def test_what_a_crash_left_beside_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "file.part").write_bytes(b"half of something longer")
    write_durably(tmp_path / "file", b"new")
    assert [(left.name, left.read_bytes()) for left in tmp_path.iterdir()] == [("file", b"new")]


def test_what_replaces_nothing_leaves_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with pytest.raises(FileExistsError), appearing(path, replaces=False) as file:
        file.write(b"new")
    for write in WRITE[1:]:
        with pytest.raises(FileExistsError):
            write(path)
    assert [(left.name, left.read_bytes()) for left in tmp_path.iterdir()] == [("file", b"old")]


@pytest.mark.parametrize("write", WRITE)
def test_only_the_owner_can_read_it_from_the_first_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path], None]
) -> None:
    modes, opened = [], os.open

    def looked_at(path: Path, flags: int, mode: int = 0o777) -> int:
        descriptor = opened(path, flags, mode)
        if flags & os.O_CREAT:
            modes.append(stat.S_IMODE(os.fstat(descriptor).st_mode))
        return descriptor

    monkeypatch.setattr(os, "open", looked_at)
    before = os.umask(0)
    try:
        write(tmp_path / "file")
    finally:
        os.umask(before)
    assert modes == [0o600]
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "file.part").symlink_to(tmp_path / "elsewhere")
    write_durably(tmp_path / "file", b"new")
    (tmp_path / "another").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "another", b"new")
    assert not (tmp_path / "elsewhere").exists()
