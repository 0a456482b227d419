"""The key ring: made once, kept private, never guessed anew, never shown."""

from __future__ import annotations

import hmac
import os
from pathlib import Path

import pytest

from bot.domain.errors import OutsideFailure, Permanent
from storage.vault.key_ring import FILE, KeyRing, KeysRefused


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def ring(directory: Path) -> KeyRing:
    return KeyRing.create(directory)


def all_keys(ring: KeyRing) -> list[bytes]:
    return [ring.recovery_secret(), ring.database, ring.matrix_store]


def test_a_ring_loaded_again_is_the_same_ring(ring: KeyRing, directory: Path) -> None:
    assert all_keys(KeyRing.load(directory)) == all_keys(ring)


def test_no_two_uses_share_a_key_and_no_two_rings_do(ring: KeyRing, tmp_path: Path) -> None:
    keys = all_keys(ring) + all_keys(KeyRing.create(tmp_path / "other"))
    assert len(set(keys)) == 6
    assert {len(key) for key in keys} == {32}


def test_the_derivation_never_changes() -> None:
    """Vectors computed apart from the code, with HMAC-SHA256 by hand (RFC 5869): data written today opens tomorrow."""
    ring = KeyRing(bytes(range(32)))
    assert ring.database == by_hand(b"consentry/1/database")
    assert ring.matrix_store == by_hand(b"consentry/1/matrix-store")


def by_hand(info: bytes) -> bytes:
    extracted = hmac.digest(bytes(32), bytes(range(32)), "sha256")
    return hmac.digest(extracted, info + b"\x01", "sha256")


def test_only_the_owner_can_open_what_is_created(directory: Path) -> None:
    before = os.umask(0)
    try:
        KeyRing.create(directory)
    finally:
        os.umask(before)
    assert directory.stat().st_mode & 0o777 == 0o700
    assert (directory / FILE).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in directory.iterdir()] == [FILE]


def test_a_key_is_never_replaced(ring: KeyRing, directory: Path) -> None:
    with pytest.raises(KeysRefused, match="never replaced"):
        KeyRing.create(directory)
    with pytest.raises(KeysRefused, match="never replaced"):
        KeyRing.recover(bytes(32), directory)
    assert all_keys(KeyRing.load(directory)) == all_keys(ring)
    assert [path.name for path in directory.iterdir()] == [FILE]


def test_a_missing_key_is_refused_and_not_made_anew(directory: Path) -> None:
    for _ in range(2):
        with pytest.raises(KeysRefused, match=r"is missing; restore .* recovery key"):
            KeyRing.load(directory)
    assert not directory.exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o610])
def test_a_key_file_others_may_open_is_refused_with_the_mending_command(
    ring: KeyRing, directory: Path, mode: int
) -> None:
    (directory / FILE).chmod(mode)
    with pytest.raises(KeysRefused, match=f"chmod 600 {directory / FILE}"):
        KeyRing.load(directory)


@pytest.mark.parametrize("mode", [0o750, 0o705, 0o755, 0o770])
def test_a_keys_directory_others_may_enter_is_refused_for_reading_and_writing(directory: Path, mode: int) -> None:
    directory.mkdir(mode=0o700)
    directory.chmod(mode)
    with pytest.raises(KeysRefused, match=f"chmod 700 {directory}"):
        KeyRing.create(directory)
    assert list(directory.iterdir()) == []


@pytest.mark.parametrize("content", [b"", bytes(31), bytes(33), b"not a key"])
def test_a_file_that_is_no_key_is_refused(ring: KeyRing, directory: Path, content: bytes) -> None:
    (directory / FILE).write_bytes(content)
    with pytest.raises(KeysRefused, match="is not a key file"):
        KeyRing.load(directory)


def test_the_recovery_secret_brings_every_key_back(ring: KeyRing, tmp_path: Path) -> None:
    sealed = ring.seal_secret("session", b"token")
    recovered = KeyRing.recover(ring.recovery_secret(), tmp_path / "new-machine" / "keys")
    assert all_keys(recovered) == all_keys(ring)
    assert KeyRing.load(tmp_path / "new-machine" / "keys").open_secret("session", sealed) == b"token"


def test_an_incomplete_recovery_secret_writes_nothing(directory: Path) -> None:
    with pytest.raises(KeysRefused, match="complete"):
        KeyRing.recover(bytes(31), directory)
    assert not directory.exists()


def test_a_failure_while_writing_leaves_no_key_behind(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flush = os.fsync

    def full(descriptor: int) -> None:
        if not Path(f"/proc/self/fd/{descriptor}").resolve().is_dir():
            raise OSError(28, "No space left on device")
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutsideFailure, match="keys-not-written: errno 28"):
        KeyRing.create(directory)
    assert list(directory.iterdir()) == []


def test_a_sealed_secret_opens_only_whole_under_its_own_name_and_ring(ring: KeyRing, tmp_path: Path) -> None:
    sealed = ring.seal_secret("session", b"syt_token")
    assert b"syt_token" not in sealed
    assert ring.open_secret("session", sealed) == b"syt_token"
    assert ring.seal_secret("session", b"syt_token") != sealed
    other = KeyRing.create(tmp_path / "other")
    attempts = [(other, "session", sealed), (ring, "seeds", sealed), (ring, "session", b"")]
    attempts += [(ring, "session", sealed[:size]) for size in (1, 12, 20, len(sealed) - 1)]
    attempts += [(ring, "session", sealed + b"\0"), (ring, "session", b"\x02" + sealed[1:])]
    attempts += [(ring, "session", sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]) for at in (1, 13, 20)]
    for keys, name, changed in attempts:
        with pytest.raises(Permanent, match="damaged"):
            keys.open_secret(name, changed)


def test_no_key_shows_in_a_repr_or_an_error(ring: KeyRing, directory: Path) -> None:
    (directory / FILE).chmod(0o644)
    with pytest.raises(KeysRefused) as caught:
        KeyRing.load(directory)
    shown = f"{ring!r} {ring} {caught.value!r}"
    for key in all_keys(ring):
        assert key.hex() not in shown
        assert repr(key) not in shown
