"""Seeing that every row of a HEIC decodes. Runs only in the confined child.

Its decoder, `libde265`, hides what it can't read, and notes it in a list that nothing between it and Pillow asks for. Here the
same library, which came with `pi_heif`, is given the compressed data once more, and its list is read.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

import pi_heif  # noqa: F401 - loads the library

from . import libraries
from .child_protocol import Reason, Unviewable
from .heif_boxes import Coded, coded

_LONGEST_LIST, _MOST_STEPS = 100, 100_000
_OUT_OF_MEMORY, _STALLED, _TOO_LARGE, _UNIMPLEMENTED = 7, 13, 19, 502
_OUT_OF_RANGE = 8
_NO_DEBLOCKING, _NO_SMOOTHING = 7, 8  # filtering decoded pixels tells nothing, and takes time
# Its notes about wrong or missing data; the other notes are about threads, and about pictures that move.
_WRONG = {_OUT_OF_RANGE, 1001, 1002, 1004, 1007, 1009, 1010, 1017, 1020, 1021, 1034, 1035}


_DECODER = libraries.loaded("libde265")
_DECODER.de265_new_decoder.restype = ctypes.c_void_p
_DECODER.de265_get_next_picture.restype = ctypes.c_void_p


def check_rows(heif: bytes) -> None:
    """Raise `Unviewable` or `ValueError` when a row of the main picture is missing or wrong, in whichever tile it stands."""
    for part in coded(heif):
        _check(part)


def _check(part: Coded) -> None:
    decoder = ctypes.c_void_p(_DECODER.de265_new_decoder())
    try:
        for option in (_NO_DEBLOCKING, _NO_SMOOTHING):
            _DECODER.de265_set_parameter_bool(decoder, option, 1)
        for unit in _units(part):
            _DECODER.de265_push_NAL(decoder, unit, len(unit), ctypes.c_int64(0), None)
        _DECODER.de265_flush_data(decoder)
        pictures, error = _decoded(decoder)
        notes = {_DECODER.de265_get_warning(decoder) for _ in range(_LONGEST_LIST)}
    finally:
        _DECODER.de265_free_decoder(decoder)
    if error == _OUT_OF_MEMORY:
        raise Unviewable(Reason.REFUSED)
    if error in {_TOO_LARGE, _UNIMPLEMENTED}:
        raise Unviewable(Reason.CODED)
    if error not in {0, _STALLED} or not pictures or notes & _WRONG:
        raise Unviewable(Reason.DAMAGED)


def _decoded(decoder: ctypes.c_void_p) -> tuple[int, int]:
    """Return how many pictures came out, and the error that ended it."""
    more, pictures = ctypes.c_int(1), 0
    for _ in range(_MOST_STEPS):
        error = int(_DECODER.de265_decode(decoder, ctypes.byref(more)))
        while _DECODER.de265_get_next_picture(decoder):
            pictures += 1
        if error or not more.value:
            return pictures, error
    return pictures, 0


def _units(part: Coded) -> Iterator[bytes]:
    """Yield what the decoder is given piece by piece: first the settings, then the data."""
    settings, data = part.settings, part.data
    if len(settings) < 23:
        raise ValueError("no settings")
    at = 23
    for _ in range(settings[22]):
        count, at = int.from_bytes(settings[at + 1 : at + 3], "big"), at + 3
        for _ in range(count):
            length = int.from_bytes(settings[at : at + 2], "big")
            yield settings[at + 2 : at + 2 + length]
            at += 2 + length
    wide, at = (settings[21] & 3) + 1, 0
    while at < len(data):
        length = int.from_bytes(data[at : at + wide], "big")
        if at + wide + length > len(data):
            raise ValueError("a part is cut short")
        yield data[at + wide : at + wide + length]
        at += wide + length
