"""Colour profiles: which of the few common colour spaces a profile means, and a profile of our own for each.

A profile that came with a photo never leaves: it can name the camera, or hold anything at all. The one that leaves is ours, made
from the public numbers of the same space, so that colours stay as they were meant. A space is recognised by what its profile
computes, its primaries and its tone curve, never by the name it gives itself.
Deliberately knows matrix profiles only. Any other profile is unknown, and such a picture is converted, not passed through.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from enum import Enum
from functools import cache

MOST_BYTES = 4_000_000

_WHITE = (0.9642, 1.0, 0.8249)  # D50, the white of every profile
_PROBES = (0.02, 0.1, 0.25, 0.5, 0.75, 0.9)
_COLOURS_APART, _TONES_APART = 0.003, 0.008
_GREATEST = 4  # the largest value that a primary can have
# From X, Y, Z to what the three kinds of cones of an eye see, and back.
_CONES = ((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296))
_FROM_CONES = (
    (0.9869929, -0.1470543, 0.1599627),
    (0.4323053, 0.5183603, 0.0492912),
    (-0.0085287, 0.0400428, 0.9684867),
)


class Space(Enum):
    SRGB = "sRGB"
    DISPLAY_P3 = "Display P3"
    ADOBE_RGB = "Adobe RGB (1998)"


Colour = tuple[float, float, float]
Primaries = tuple[Colour, Colour, Colour]  # red, green and blue as X, Y, Z, adapted to D50
_PRIMARIES: dict[Space, Primaries] = {
    Space.SRGB: ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410)),
    Space.DISPLAY_P3: ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407)),
    Space.ADOBE_RGB: ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457)),
}
_SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)  # gamma, a, b, c, d of a parametric curve, type 3
_ADOBE_GAMMA = 563 / 256
_CURVES: dict[Space, tuple[float, ...]] = {
    Space.SRGB: _SRGB_CURVE,
    Space.DISPLAY_P3: _SRGB_CURVE,
    Space.ADOBE_RGB: (_ADOBE_GAMMA,),
}


def recognised(profile: bytes) -> Space | None:
    """Return the space that `profile` means; None when it is none of these or can't be read."""
    try:
        return _recognised(profile)
    except (struct.error, ValueError, IndexError, ArithmeticError):
        return None


def _recognised(profile: bytes) -> Space | None:
    kind, colours, connection = profile[12:16], profile[16:20], profile[20:24]
    if (kind, colours, connection) != (b"mntr", b"RGB ", b"XYZ ") or profile[36:40] != b"acsp":
        return None
    tags = _tags(profile)
    if tags.keys() & {b"A2B0", b"A2B1", b"A2B2"}:
        return None
    seen = [_xyz(tags[name]) for name in (b"rXYZ", b"gXYZ", b"bXYZ") if name in tags]
    curves = [_curve(tags[name]) for name in (b"rTRC", b"gTRC", b"bTRC") if name in tags]
    if len(seen) != 3 or len(curves) != 3:
        return None
    for space in Space:
        wanted = _parametric(_CURVES[space])
        near = all(_near(a, b, _COLOURS_APART) for a, b in zip(seen, _PRIMARIES[space], strict=True))
        if near and all(_near([c(x) for x in _PROBES], [wanted(x) for x in _PROBES], _TONES_APART) for c in curves):
            return space
    return None


def _tags(profile: bytes) -> dict[bytes, bytes]:
    (count,) = struct.unpack_from(">I", profile, 128)
    tags = {}
    for entry in range(min(count, 100)):
        name, at, size = struct.unpack_from(">4sII", profile, 132 + 12 * entry)
        tags[name] = profile[at : at + min(size, 100_000)]
    return tags


def _xyz(tag: bytes) -> list[float]:
    return [value / 65536 for value in struct.unpack_from(">3i", tag, 8)]


def _curve(tag: bytes) -> Callable[[float], float]:
    if tag[:4] == b"para":
        (form,) = struct.unpack_from(">H", tag, 8)
        count = {0: 1, 3: 5}.get(form)
        if count is None:
            raise ValueError("an unusual curve")
        return _parametric([value / 65536 for value in struct.unpack_from(f">{count}i", tag, 12)])
    if tag[:4] != b"curv":
        raise ValueError("not a curve")
    (count,) = struct.unpack_from(">I", tag, 8)
    if count == 0:
        return lambda x: x
    points = struct.unpack_from(f">{count}H", tag, 12)
    if count == 1:
        return _parametric([points[0] / 256])
    return lambda x: points[round(x * (count - 1))] / 65535


def _parametric(parameters: Sequence[float]) -> Callable[[float], float]:
    gamma, a, b, c, d = [*parameters, 1.0, 0.0, 0.0, 0.0][:5] if len(parameters) < 5 else parameters
    return lambda x: (a * x + b) ** gamma if x >= d else c * x


def _near(seen: Sequence[float], wanted: Sequence[float], apart: float) -> bool:
    return all(abs(a - b) <= apart for a, b in zip(seen, wanted, strict=True))


@cache
def profile_of(space: Space) -> bytes:
    """Return a small profile of our own for `space`; always the same bytes."""
    return _made(space.value, _PRIMARIES[space], _CURVES[space])


def profile_of_numbers(gamma: float, chromaticities: Sequence[float] = ()) -> bytes:
    """Return a profile from what a PNG may say of its colours: brightness, and x and y of white, red, green and blue.

    Without colours, or with impossible ones, they are sRGB's.
    """
    return _made("by its numbers", primaries_of(chromaticities), (gamma,))


def means_srgb(chromaticities: Sequence[float]) -> bool:
    """Return whether x and y of white, red, green and blue are those of sRGB, or can't be any, or are not said."""
    pairs = zip(primaries_of(chromaticities), _PRIMARIES[Space.SRGB], strict=True)
    return all(_near(a, b, _COLOURS_APART) for a, b in pairs)


def primaries_of(chromaticities: Sequence[float]) -> Primaries:
    """Return red, green and blue as X, Y, Z, adapted to the white of profiles (Bradford's numbers);
    sRGB's where there are none.
    """
    try:
        white, *primaries = (
            (x / y, 1.0, (1 - x - y) / y) for x, y in zip(chromaticities[::2], chromaticities[1::2], strict=True)
        )
        together = _volume(primaries)
        shares = [_volume([*primaries[:at], white, *primaries[at + 1 :]]) / together for at in range(3)]
        lit = [to / of for to, of in zip(_times(_CONES, _WHITE), _times(_CONES, white), strict=True)]
        red, green, blue = (
            _times(
                _FROM_CONES,
                [cone * share * light for cone, light in zip(_times(_CONES, primary), lit, strict=True)],
            )
            for primary, share in zip(primaries, shares, strict=True)
        )
    except (ValueError, ZeroDivisionError):
        return _PRIMARIES[Space.SRGB]
    if any(abs(value) > _GREATEST for primary in (red, green, blue) for value in primary):
        return _PRIMARIES[Space.SRGB]
    return red, green, blue


def _volume(sides: Sequence[Sequence[float]]) -> float:
    (a, b, c), (d, e, f), (g, h, i) = sides
    return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)


def _times(matrix: Sequence[Sequence[float]], values: Sequence[float]) -> tuple[float, float, float]:
    x, y, z = (sum(a * b for a, b in zip(row, values, strict=True)) for row in matrix)
    return x, y, z


def _made(words: str, primaries: Primaries, curve: tuple[float, ...]) -> bytes:
    tags = {b"desc": _text(words), b"cprt": _text("Public domain"), b"wtpt": _xyz_tag(_WHITE)}
    tags |= dict(zip((b"rXYZ", b"gXYZ", b"bXYZ"), map(_xyz_tag, primaries), strict=True))
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), _parametric_tag(curve))
    at, table, bodies = 132 + 12 * len(tags), b"", b""
    for tag, body in tags.items():
        table += struct.pack(">4sII", tag, at, len(body))
        bodies += body
        at += len(body)
    header = struct.pack(
        ">I4sI4s4s4s6H4s4s44s", at, b"", 0x04300000, b"mntr", b"RGB ", b"XYZ ", 2026, 1, 1, 0, 0, 0, b"acsp", b"", b""
    )
    header = header[:68] + struct.pack(">3i", *(round(value * 65536) for value in _WHITE))
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + bodies


def _text(words: str) -> bytes:
    encoded = words.encode("utf-16-be")
    return _padded(b"mluc" + struct.pack(">IIIHHII", 0, 1, 12, 0x656E, 0x5553, len(encoded), 28) + encoded)


def _xyz_tag(values: Sequence[float]) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(value * 65536) for value in values))


def _parametric_tag(parameters: Sequence[float]) -> bytes:
    form = 0 if len(parameters) == 1 else 3
    numbers = struct.pack(f">{len(parameters)}i", *(round(value * 65536) for value in parameters))
    return _padded(b"para" + struct.pack(">IHH", 0, form, 0) + numbers)


def _padded(body: bytes) -> bytes:
    return body + bytes(-len(body) % 4)
