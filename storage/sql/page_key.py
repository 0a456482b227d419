"""The pages of an encrypted database, as SQLCipher 4 writes them: whether a key is theirs, without opening the database.

Opening a database makes files beside it, and SQLCipher says the same of a wrong key and of a damaged first page.
"""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

KEY_SIZE = 32
PAGE, MAC, SALT = 4096, 64, 16
TRIED = 2  # pages: one may be damaged


def fits(path: Path, key: bytes) -> bool:
    """Return whether one of the first pages was written with this raw key; False also when the file can't be read.

    A page ends in its IV and an HMAC-SHA512 over itself and its number. The first begins with the salt, which is not signed.
    """
    try:
        with path.open("rb") as file:
            pages = [file.read(PAGE) for _ in range(TRIED)]
    except OSError:
        return False
    salt = pages[0][:SALT]
    mac_key = hashlib.pbkdf2_hmac("sha512", key, bytes(byte ^ 0x3A for byte in salt), 2, KEY_SIZE)
    for number, page in enumerate(pages, 1):
        signed = page[SALT if number == 1 else 0 : PAGE - MAC] + number.to_bytes(4, "little")
        if len(page) == PAGE and hmac.compare_digest(hmac.digest(mac_key, signed, "sha512"), page[PAGE - MAC :]):
            return True
    return False
