"""Recovery keys as they were written before, for trying that they still open; and typed so that the parity does not notice."""

from __future__ import annotations

from functools import reduce
from operator import xor

from storage.vault.old_recovery_key import ALPHABET, PREFIX, decode_old_recovery_key


def written_before(secret: bytes) -> str:
    payload = PREFIX + secret
    number, digits = int.from_bytes(payload + bytes([reduce(xor, payload)]), "big"), ""
    while number:
        number, digit = divmod(number, 58)
        digits = ALPHABET[digit] + digits
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def mistyped_unnoticed(key: str) -> str:
    """Mistype one character such that the key is taken for another."""
    secret = decode_old_recovery_key(key.replace(" ", ""))
    for place in range(len(key)):
        for wrong in ALPHABET:
            typed = key[:place] + wrong + key[place + 1 :]
            try:
                if key[place] != " " and decode_old_recovery_key(typed.replace(" ", "")) != secret:
                    return typed
            except ValueError:
                continue
    raise AssertionError("one in some 300 passes, and none did")
