"""Bech32m (BIP-350): a name and five-bit values as text that people can copy, with a checksum of six characters.

Promises: in a text of at most 90 characters, up to four wrong ones after the name are always noticed, and more of them all but
once in a thousand million times. A text is read in one case only, as the standard has it; a caller that allows more mends the
text first.

Pure. What the values mean is the caller's concern.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
CHECKSUM = 6  # characters
LONGEST = 90
_FINAL = 0x2BC830A3
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


class Mistyped(ValueError):
    """A character after the name is wrong: the one at `place`, counted from 0, or more than one if `place` is None."""

    def __init__(self, place: int | None) -> None:
        super().__init__("mistyped")
        self.place = place


def encode(name: str, values: Sequence[int]) -> str:
    """Write the values under a name, in small letters."""
    rest = _remainder([*_of_name(name), *values, *[0] * CHECKSUM]) ^ _FINAL
    checksum = [rest >> 5 * place & 31 for place in reversed(range(CHECKSUM))]
    return f"{name}1{''.join(ALPHABET[value] for value in [*values, *checksum])}"


def decode(text: str) -> tuple[str, list[int]]:
    """Return the name and the values; raise `Mistyped` or another `ValueError`, both without the text."""
    name, _, data = text.lower().rpartition("1")
    if text not in (text.lower(), text.upper()) or len(text) > LONGEST or not name or len(data) < CHECKSUM:
        raise ValueError("this is no Bech32m text")
    if any(not "!" <= character <= "~" for character in name):
        raise ValueError("a name has letters, digits and signs only")
    for place, character in enumerate(data):
        if character not in ALPHABET:
            raise Mistyped(place)
    values = [ALPHABET.index(character) for character in data]
    out_by = _remainder([*_of_name(name), *values]) ^ _FINAL
    if out_by:
        raise Mistyped(_wrong_place(out_by, len(values)))
    return name, values[:-CHECKSUM]


def _wrong_place(searched: int, length: int) -> int | None:
    """Return the place of the one wrong character; None when it was more than one. Two or three wrong ones never mislead it.

    The checksum is linear: how far one wrong character puts it out depends on its place and its difference alone.
    """
    for difference in range(1, 32):
        out_by = difference
        for place in reversed(range(length)):
            if out_by == searched:
                return place
            out_by = _next(out_by, 0)
    return None


def _of_name(name: str) -> list[int]:
    return [ord(letter) >> 5 for letter in name] + [0] + [ord(letter) & 31 for letter in name]


def _remainder(values: Iterable[int]) -> int:
    rest = 1
    for value in values:
        rest = _next(rest, value)
    return rest


def _next(rest: int, value: int) -> int:
    carried, rest = rest >> 25, (rest & 0x1FFFFFF) << 5 ^ value
    for bit, term in enumerate(_GENERATOR):
        if carried >> bit & 1:
            rest ^= term
    return rest
