"""The Matrix recovery-key format: 32 bytes as text that a person can write down and type again.

Base58 of a two-byte prefix, the secret and a parity byte, in groups of four. The parity byte catches a single mistyped
character. Pure; what the secret unlocks is the caller's concern.
"""

from __future__ import annotations

from functools import reduce
from operator import xor

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_PREFIX = b"\x8b\x01"
_LENGTH = len(_PREFIX) + 32 + 1


def encode_recovery_key(secret: bytes) -> str:
    """A 32-byte secret as a recovery key, e.g. `EsTc LW2K ...`."""
    if len(secret) != 32:
        raise ValueError("a recovery key holds exactly 32 bytes")
    payload = _PREFIX + secret
    number = int.from_bytes(payload + bytes([reduce(xor, payload)]), "big")
    digits = ""
    while number:
        number, digit = divmod(number, 58)
        digits = _ALPHABET[digit] + digits
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def decode_recovery_key(text: str) -> bytes:
    """The secret; `ValueError` (without the text) when it is not a whole, correctly typed recovery key."""
    digits = "".join(text.split())
    if not digits or len(digits) > 64 or any(digit not in _ALPHABET for digit in digits):
        raise ValueError("this is not a recovery key")
    number = reduce(lambda sum_, digit: sum_ * 58 + _ALPHABET.index(digit), digits, 0)
    if number.bit_length() > _LENGTH * 8:
        raise ValueError("this is not a recovery key")
    payload = number.to_bytes(_LENGTH, "big")
    if payload[:2] != _PREFIX or reduce(xor, payload):
        raise ValueError("the recovery key was mistyped")
    return payload[2:-1]
