"""Recovery keys as they were written before: the Matrix format, which stays readable for ever, as paper does.

Base58 of a two-byte prefix, the secret and a parity byte, in groups of four. The parity byte misses about one mistyped
character in 300, so a caller tries such a key on something before it writes anything with it. None is written any more.
"""

from __future__ import annotations

from functools import reduce
from operator import xor

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
PREFIX = b"\x8b\x01"
_LENGTH = len(PREFIX) + 32 + 1


def decode_old_recovery_key(digits: str) -> bytes:
    """Return the secret; raise `ValueError` (without the text) when it is not a whole key, or its parity is wrong."""
    if not digits or len(digits) > 64 or any(digit not in ALPHABET for digit in digits):
        raise ValueError("this is not a recovery key")
    number = reduce(lambda sum_, digit: sum_ * 58 + ALPHABET.index(digit), digits, 0)
    if number.bit_length() > _LENGTH * 8:
        raise ValueError("this is not a recovery key")
    payload = number.to_bytes(_LENGTH, "big")
    if payload[:2] != PREFIX or reduce(xor, payload):
        raise ValueError("the recovery key was mistyped")
    return payload[2:-1]
