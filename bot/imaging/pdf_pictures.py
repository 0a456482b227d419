"""Pictures on the pages of a PDF: each holds its pixels and nothing else (R19). Runs only in the confined child.

A JPEG is a file of its own, with metadata of its own; of JPEG 2000 the boxes of the picture stay. Plain pixels are exactly as
many as are drawn: a reader ignores what stands behind them, and whoever gets the copy need not. Fewer than are drawn are no
picture. A colour profile yields to ours where it means a common space, else to the plain colours of as many inks.
Deliberately leaves fax and JBIG2 scans as they are: what they hold can't be told without decoding them.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from pikepdf import Array, Name, Stream, StreamDecodeLevel, String

from .colour import MOST_BYTES, profile_of, recognised
from .jpeg_segments import stripped
from .pixels import MAX_PIXELS
from .protocol import Reason, Unviewable

_OF_AN_IMAGE = {
    *("/Type", "/Subtype", "/Width", "/Height", "/ColorSpace", "/BitsPerComponent", "/Intent", "/ImageMask", "/Mask"),
    *("/Decode", "/Interpolate", "/SMask", "/SMaskInData", "/Matte", "/Filter", "/DecodeParms", "/Length"),
}
_PACKED = {"/FlateDecode", "/LZWDecode", "/RunLengthDecode", "/ASCII85Decode", "/ASCIIHexDecode"}
_OF_SCANS = {"/CCITTFaxDecode", "/JBIG2Decode"}
_PLAIN_COLOURS = {1: Name.DeviceGray, 3: Name.DeviceRGB, 4: Name.DeviceCMYK}
_INKS = {
    **dict.fromkeys(("/DeviceGray", "/CalGray", "/Indexed", "/Separation"), 1),
    **dict.fromkeys(("/DeviceRGB", "/CalRGB", "/Lab"), 3),
    "/DeviceCMYK": 4,
}


def leave_only_the_picture(image: Stream) -> None:
    """Raises whatever a malformed picture makes the library raise."""
    for key in set(image.keys()) - _OF_AN_IMAGE:
        del image[key]
    names = filters(image)
    if is_packed(image):
        _cut_to_size(image)
    elif "/JPXDecode" in names:
        if names != ["/JPXDecode"]:
            raise Unviewable(Reason.DAMAGED)
        image.write(_boxes_of_the_picture(image.read_raw_bytes()), filter=Name.JPXDecode)
    elif names == ["/DCTDecode"]:
        with suppress(ValueError):
            # Its own colour profile, if any, yields to the colour space that the page names.
            plain = stripped(image.read_raw_bytes())
            image.write(plain.data, filter=Name.DCTDecode, decode_parms=image.get("/DecodeParms"))  # type: ignore[arg-type]
            return
        image.write(image.read_bytes(StreamDecodeLevel.all))
    elif "/DCTDecode" in names:
        image.write(image.read_bytes(StreamDecodeLevel.all))
    elif names[-1] not in _OF_SCANS or not set(names[:-1]) <= _PACKED:
        raise Unviewable(Reason.DAMAGED)


def filters(stream: Stream) -> list[str]:
    named = stream.get("/Filter")
    return [str(one) for one in named] if isinstance(named, Array) else [str(named)] if named else []


def is_packed(stream: Stream) -> bool:
    """Whether its bytes are packed in a way that can be undone, or not at all."""
    return set(filters(stream)) <= _PACKED


def leave_only_colours(array: Array) -> None:
    """Of a profile what it means, of a palette its colours. Any other array holds no words, and no streams but functions."""
    kind = array[0] if len(array) and isinstance(array[0], Name) else None
    if kind == Name.ICCBased and len(array) == 2:
        _leave_a_known_profile(array)
    elif kind == Name.Indexed and len(array) == 4:
        _leave_a_palette(array)
    else:
        for at, part in enumerate(array):
            if isinstance(part, String) or (isinstance(part, Stream) and "/FunctionType" not in part):
                array[at] = Array([])


def _leave_a_palette(colours: Array) -> None:
    size, held = (int(colours[2]) + 1) * _inks(colours[1]), colours[3]
    palette = held.read_bytes() if isinstance(held, Stream) else bytes(held)
    colours[3] = String(palette[:size])


def _leave_a_known_profile(colours: Array) -> None:
    profile, inks = colours[1].read_bytes(), int(colours[1].get("/N", 0))
    space = recognised(profile) if inks == 3 and len(profile) <= MOST_BYTES else None
    if space is not None:
        for key in set(colours[1].keys()) - {"/N", "/Length"}:
            del colours[1][key]
        colours[1].write(profile_of(space))
    elif inks in _PLAIN_COLOURS:
        colours[0] = _PLAIN_COLOURS[inks]
        del colours[1]
    else:
        raise Unviewable(Reason.DAMAGED)


def _cut_to_size(image: Stream) -> None:
    is_mask = bool(image.get("/ImageMask", False))
    inks, depth = (1, 1) if is_mask else (_inks(image.ColorSpace), int(image.BitsPerComponent))
    width, height = int(image.Width), int(image.Height)
    if width < 1 or height < 1 or width * height > MAX_PIXELS or depth not in {1, 2, 4, 8, 16}:
        raise Unviewable(Reason.DAMAGED)
    drawn = (width * inks * depth + 7) // 8 * height
    pixels = image.read_bytes(StreamDecodeLevel.specialized)
    if len(pixels) < drawn:
        raise Unviewable(Reason.DAMAGED)
    if len(pixels) > drawn:
        image.write(pixels[:drawn])


def _inks(colours: Any) -> int:
    if not isinstance(colours, Array):
        return _INKS[str(colours)]
    kind = str(colours[0])
    if kind == "/ICCBased":
        return int(colours[1].N)
    return len(colours[1]) if kind == "/DeviceN" else _INKS[kind]


def _boxes_of_the_picture(jp2: bytes) -> bytes:
    """The boxes of a JPEG 2000 file that make the picture; a bare code stream as it is."""
    if not jp2.startswith(b"\0\0\0\x0cjP  "):
        return jp2
    out, at = b"", 0
    while at + 8 <= len(jp2):
        length = int.from_bytes(jp2[at : at + 4], "big") or len(jp2) - at
        if length < 8 or at + length > len(jp2):
            raise Unviewable(Reason.DAMAGED)
        if jp2[at + 4 : at + 8] in (b"jP  ", b"ftyp", b"jp2h", b"jp2c"):
            out += jp2[at : at + length]
        at += length
    return out
