"""The recovery key: the root secret as text that a person writes on paper, and types again years later.

Bech32m of its 32 bytes: `consentry1`, then fifteen groups of up to four small letters and digits. Capitals, spaces, dashes and
`consentry1` itself may be typed in any way or left out, and what can only have been a 0 or an l is read as one. Up to four wrong
characters are always noticed, and of a single one the message names the group. Keys as they were written before are read too
(`old_recovery_key`); these notice less.

Pure; whether the secret opens anything is the caller's concern, and is tried before anything is written with it.
"""

from __future__ import annotations

from . import bech32m
from .old_recovery_key import decode_old_recovery_key

NAME = "consentry"
GROUP = 4
SECRET = 32
_VALUES = 52  # of five bits, for 32 bytes
_PADDING = _VALUES * 5 - SECRET * 8
_TYPED = _VALUES + bech32m.CHECKSUM
_LONGEST_OLD = 53  # an old key has 48: this is half-way to a present one that is typed without its name
_DASHES = str.maketrans("", "", "-–—")
_LOOK_ALIKE = str.maketrans("o1i", "0ll")  # none of these is in the alphabet
_BEGINNING = f"{NAME}1".translate(_LOOK_ALIKE)


def encode_recovery_key(secret: bytes) -> str:
    """Return a 32-byte secret as a recovery key, in groups: `consentry1 q9w3 x0fd ...`."""
    if len(secret) != SECRET:
        raise ValueError("a recovery key holds exactly 32 bytes")
    number = int.from_bytes(secret, "big") << _PADDING
    values = [number >> 5 * power & 31 for power in reversed(range(_VALUES))]
    data = bech32m.encode(NAME, values).removeprefix(f"{NAME}1")
    return " ".join([f"{NAME}1", *(data[start : start + GROUP] for start in range(0, len(data), GROUP))])


def decode_recovery_key(text: str) -> bytes:
    """Return the secret; raise `ValueError`, which says what is wrong and where to look again, and never what was typed."""
    typed = "".join(text.translate(_DASHES).split())
    plain = typed.lower().translate(_LOOK_ALIKE)
    named = plain.startswith(_BEGINNING) or len(plain) == len(_BEGINNING) + _TYPED
    if not named and len(plain) <= _LONGEST_OLD:
        return decode_old_recovery_key(typed)
    data = plain[len(_BEGINNING) :] if named else plain
    if len(data) != _TYPED:
        raise ValueError(f"after {NAME}1 a recovery key has {_TYPED} characters, and {len(data)} were typed")
    try:
        _, values = bech32m.decode(f"{NAME}1{data}")
    except bech32m.Mistyped as wrong:
        raise ValueError(f"the recovery key was mistyped: {_where(wrong.place)}") from None
    number = sum(value << 5 * power for power, value in enumerate(reversed(values)))
    if number % (1 << _PADDING):
        raise ValueError("this is not a recovery key")
    return (number >> _PADDING).to_bytes(SECRET, "big")


def _where(place: int | None) -> str:
    if place is None:
        return "more than one character is wrong"
    return f"look at group {place // GROUP + 1} after {NAME}1 again (b, i and o are in none)"
