"""A practice in one small file. Of its database the pages are kept in clear, and what SQLCipher chose for each beside them: put
together again it is the same file, byte for byte, and a sixth of the size on the way.
"""

from __future__ import annotations

import hashlib
import hmac
import tarfile
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from storage.sql.page_key import KEY_SIZE, MAC, PAGE
from storage.vault.key_ring import KeyRing
from tests.pages import RESERVE, SALT, decrypted

JOURNAL, PLAIN, CHOSEN, DIGEST = "data/journal.db", "journal.pages", "journal.chosen", "journal.sha256"
IV = RESERVE - MAC


def pack(directory: Path, file: Path) -> None:
    journal, key = directory / JOURNAL, KeyRing.load(directory / "keys").database
    sealed = journal.read_bytes()
    pages = [sealed[start : start + PAGE] for start in range(0, len(sealed), PAGE)]
    (directory / PLAIN).write_bytes(decrypted(journal, key))
    (directory / CHOSEN).write_bytes(sealed[:SALT] + b"".join(page[PAGE - RESERVE : PAGE - MAC] for page in pages))
    (directory / DIGEST).write_text(hashlib.sha256(sealed).hexdigest())
    journal.unlink()
    with tarfile.open(file, "w:xz", preset=9) as tar:
        tar.add(directory, ".", filter=_of_nobody)


def _of_nobody(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uname = entry.gname = ""
    entry.uid = entry.gid = 0
    return entry


def unpack(file: Path, directory: Path) -> None:
    with tarfile.open(file) as tar:
        tar.extractall(directory, filter="data")
    for path in directory.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    chosen, plain = (directory / CHOSEN).read_bytes(), (directory / PLAIN).read_bytes()
    key = KeyRing.load(directory / "keys").database
    sealed = _sealed(plain, chosen[:SALT], chosen[SALT:], key)
    assert hashlib.sha256(sealed).hexdigest() == (directory / DIGEST).read_text(), "not the file that was packed"
    (directory / JOURNAL).write_bytes(sealed)
    (directory / JOURNAL).chmod(0o600)
    for name in (PLAIN, CHOSEN, DIGEST):
        (directory / name).unlink()


def _sealed(plain: bytes, salt: bytes, ivs: bytes, key: bytes) -> bytes:
    """As SQLCipher 4 seals pages with a raw key."""
    mac_key = hashlib.pbkdf2_hmac("sha512", key, bytes(byte ^ 0x3A for byte in salt), 2, KEY_SIZE)
    file, read = b"", 0
    for number in range(1, len(ivs) // IV + 1):
        begins = salt if number == 1 else b""
        length, iv = PAGE - RESERVE - len(begins), ivs[(number - 1) * IV : number * IV]
        encryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
        body = encryptor.update(plain[read : read + length]) + encryptor.finalize() + iv
        read += length
        file += begins + body + hmac.digest(mac_key, body + number.to_bytes(4, "little"), "sha512")
    return file
