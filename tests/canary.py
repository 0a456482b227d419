"""Looking for words and bytes where they must not be, also when they were written in one of the usual ways."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from pathlib import Path


class Canary:
    """What must never be seen in the clear, each under a name that may be printed."""

    def __init__(self) -> None:
        self._needles: list[tuple[str, bytes]] = []

    def add(self, name: str, secret: str | bytes) -> None:
        raw = secret.encode() if isinstance(secret, str) else secret
        assert len(raw) >= 8, f"{name} is too short to be told from chance"
        self._needles += [(name, each) for each in dict.fromkeys(written(raw))]

    def in_bytes(self, data: bytes) -> set[str]:
        return {name for name, needle in self._needles if needle in data}

    def in_files(self, places: Iterable[Path], but: Iterable[Path] = ()) -> list[str]:
        """Every find as "path: name"."""
        passed = set(but)
        found = []
        for path in files_in(places):
            if path not in passed:
                found += [f"{path}: {name}" for name in sorted(self.in_bytes(str(path).encode() + _content(path)))]
        return found

    def in_processes(self, pids: Iterable[int]) -> list[str]:
        """In what any user of the machine sees of a process, and in its environment."""
        found = []
        for pid in pids:
            for what in ("cmdline", "environ"):
                data = _content(Path(f"/proc/{pid}/{what}"))
                found += [f"{what} of {pid}: {name}" for name in sorted(self.in_bytes(data))]
        return found


def written(raw: bytes) -> Iterator[bytes]:
    """The ways in which bytes get into files: as they are, as UTF-16, hexadecimal, and base64 at each alignment."""
    yield raw
    yield b"".join(bytes([byte, 0]) for byte in raw)
    yield raw.hex().encode()
    yield raw.hex().upper().encode()
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + raw)
        whole = encoded[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]  # characters that depend on `raw` alone
        yield whole
        yield whole.translate(bytes.maketrans(b"+/", b"-_"))


def files_in(places: Iterable[Path]) -> Iterator[Path]:
    for place in places:
        if place.is_dir():
            yield from (path for path in place.rglob("*") if path.is_file() and not path.is_symlink())
        elif place.is_file():
            yield place


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        stat = _content(entry / "stat") if entry.name.isdigit() else b""
        if stat:
            parent = int(stat.rpartition(b")")[2].split()[1])
            children.setdefault(parent, []).append(int(entry.name))
    found = [pid]
    for each in found:
        found += children.get(each, [])
    return found


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""  # gone since it was listed
