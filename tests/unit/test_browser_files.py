"""What a browser has compressed is found in its files, and what only looks like it is taken as it is."""

from __future__ import annotations

from pathlib import Path

import imagecodecs
import pytest

from tests.browser_files import held_in
from tests.level_db import NotRead, in_table

SAID = b"violet- -canary violet-canary " * 20
NAMED = b"\xff\x06\x00\x00sNaPpY"


def framed(kind: int, data: bytes) -> bytes:
    return bytes([kind]) + (len(data) + 4).to_bytes(3, "little") + b"sum." + data


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("a value of Chromium's", b"\xff\x11\x02" + bytes(imagecodecs.snappy_encode(SAID))),
        (
            "a session of Firefox's",
            b"mozLz40\0" + len(SAID).to_bytes(4, "little") + bytes(imagecodecs.lz4_encode(SAID)),
        ),
        ("a large value", NAMED + framed(0, bytes(imagecodecs.snappy_encode(SAID[:300]))) + framed(1, SAID[300:])),
    ],
)
def test_what_is_compressed_is_unpacked(tmp_path: Path, name: str, kept: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(kept)
    assert held_in(file) == [kept, SAID]


@pytest.mark.parametrize("kept", [b"", b"\xff\x11\x02", b"\xff\x11\x02\x05broken", b"as it is"])
def test_what_is_not_is_taken_as_it_is(tmp_path: Path, kept: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(kept)
    assert held_in(file)[0] == kept


def test_a_table_that_is_packed_otherwise_is_not_passed_over() -> None:
    """Of a table, all but its index are left out: the index is of a kind that nobody knows yet."""
    footer = (bytes(2) + bytes([0, 1])).ljust(40, b"\0") + bytes.fromhex("57fb808b247547db")
    with pytest.raises(NotRead):
        list(in_table(b"x" + bytes([7]) + bytes(4) + footer))
