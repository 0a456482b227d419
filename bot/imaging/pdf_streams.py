"""Whether a stream of a PDF unpacks to its end, with all the pixels of its picture. Runs only in the confined child."""

from __future__ import annotations

import base64
import struct
import zlib
from contextlib import suppress
from io import BytesIO
from typing import Any

from pikepdf import Array, Name, Stream, StreamDecodeLevel
from PIL import Image, Jpeg2KImagePlugin, JpegImagePlugin

from .child_protocol import Reason, Unviewable
from .fax import Coding, has_every_row
from .jpeg_rows import check_rows
from .jpeg_segments import stripped

PLUGINS = (Jpeg2KImagePlugin, JpegImagePlugin)  # imported for their effect, before the child is confined

_PIECE = 1 << 20
_MOST_UNPACKED = 600_000_000  # bytes: a picture of 200 megapixels
_LONG_NAMES = {"/Fl": "/FlateDecode", "/LZW": "/LZWDecode", "/RL": "/RunLengthDecode", "/A85": "/ASCII85Decode"} | {
    "/AHx": "/ASCIIHexDecode",
    "/DCT": "/DCTDecode",
    "/CCF": "/CCITTFaxDecode",
}
_OTHERS = {"/LZWDecode", "/RunLengthDecode", "/Crypt"}
_PHOTOS = {"/DCTDecode": "JPEG", "/JPXDecode": "JPEG2000"}
_INKS = {
    **dict.fromkeys(("/DeviceGray", "/CalGray", "/Indexed", "/Separation", "/G", "/I"), 1),
    **dict.fromkeys(("/DeviceRGB", "/CalRGB", "/Lab", "/RGB"), 3),
    **dict.fromkeys(("/DeviceCMYK", "/CMYK"), 4),
}
_PNG_PREDICTOR = 10
_SUM = 4  # bytes


def check_unpacks(stream: Stream) -> None:
    """Raise `Unviewable`, or whatever a malformed stream makes the library raise, when something of it is missing."""
    data, names = stream.read_raw_bytes(), filters(stream)
    is_picture = stream.get("/Subtype") == Name.Image
    size = len(data)
    for at, name in enumerate(names):
        is_last = at == len(names) - 1
        if name == "/FlateDecode":
            data, size = _inflated(data, keep=not is_last)
        elif name == "/ASCII85Decode":
            data = base64.a85decode(data.strip().removeprefix(b"<~").split(b"~")[0])
            size = len(data)
        elif name == "/ASCIIHexDecode":
            data = bytes.fromhex(data.split(b">")[0].decode("ascii"))
            size = len(data)
        elif name in _OTHERS:
            if not set(names[at:]) <= _OTHERS | {"/FlateDecode", "/ASCII85Decode", "/ASCIIHexDecode"}:
                return  # a photo or a fax packed again, in ways that nobody uses any more: not looked into
            size = len(stream.read_bytes(StreamDecodeLevel.specialized))
            break
        else:
            _check_coded(name, data, stream)
            if not is_last:
                raise Unviewable(Reason.DAMAGED)
            return
    if is_picture and size < _needed(stream):
        raise Unviewable(Reason.DAMAGED)


def filters(stream: Stream) -> list[str]:
    """Return the names of what it is packed with, in the order in which it is unpacked."""
    named = stream.get("/Filter")
    names = [str(name) for name in named] if isinstance(named, Array) else [str(named)] if named else []
    return [_LONG_NAMES.get(name, name) for name in names]


def _inflated(data: bytes, *, keep: bool) -> tuple[bytes, int]:
    """Return what is packed, if it is to be kept, and how much it is.

    The checksum behind it may be missing, as readers allow, but not wrong.
    """
    whole, size, total = BytesIO(), 0, 1
    if data and int.from_bytes(data[:2], "big") % 31:
        raise Unviewable(Reason.DAMAGED)  # readers don't even begin
    inflate, rest = zlib.decompressobj(wbits=-15), data[2:]
    while rest and not inflate.eof:
        piece = inflate.decompress(rest, _PIECE)  # zlib.error: a wrong byte
        rest, size, total = inflate.unconsumed_tail, size + len(piece), zlib.adler32(piece, total)
        if size > _MOST_UNPACKED:
            raise Unviewable(Reason.TOO_MANY_PIXELS)
        if keep:
            whole.write(piece)
    told = inflate.unused_data[:_SUM]
    if data and (not inflate.eof or (len(told) == _SUM and told != total.to_bytes(_SUM, "big"))):
        raise Unviewable(Reason.DAMAGED)
    return whole.getvalue(), size


def _check_coded(name: str, data: bytes, stream: Stream) -> None:
    if name == "/DCTDecode":
        with suppress(ValueError):  # coded in a rare way: then only as far as its decoder tells
            check_rows(stripped(data).data)
    if name in _PHOTOS:
        with Image.open(BytesIO(data), formats=(_PHOTOS[name],)) as photo:
            photo.draft(None, (max(1, photo.width // 8), max(1, photo.height // 8)))
            photo.load()
    elif name == "/JBIG2Decode":
        _check_segments(data)
    elif name == "/CCITTFaxDecode":
        told = _parameters(stream)
        coding, width = (
            Coding.GROUP_4 if int(told.get("/K", 0)) < 0 else Coding.GROUP_3,
            int(told.get("/Columns", 1728)),
        )
        is_aligned = bool(told.get("/EncodedByteAlign", False))
        if not is_aligned and not has_every_row(data, width, int(stream.Height), coding):
            raise Unviewable(Reason.DAMAGED)
    else:
        raise Unviewable(Reason.DAMAGED)


def _check_segments(data: bytes) -> None:
    """Raise `Unviewable` unless all is there of each segment of JBIG2, which says how long it is."""
    at = 0
    while at < len(data):
        number, flags, shape = struct.unpack_from(">IBB", data, at)
        count, at = shape >> 5, at + 5
        if count == 7:
            count = struct.unpack_from(">I", data, at)[0] & 0x1FFFFFFF
            at += 4 + (count + 8) // 8
        else:
            at += 1
        at += count * (1 if number <= 256 else 2 if number <= 65536 else 4) + (4 if flags & 0x40 else 1)
        (length,) = struct.unpack_from(">I", data, at)
        at += 4
        if length == 0xFFFFFFFF:  # a segment that ends by itself
            return
        at += length
    if at > len(data):
        raise Unviewable(Reason.DAMAGED)


def _parameters(stream: Stream) -> Any:
    """Return the parameters of the last coder."""
    parameters: Any = stream.get("/DecodeParms", stream.get("/DP", {}))
    if isinstance(parameters, Array):
        parameters = parameters[-1] if len(parameters) else {}
    return {} if parameters is None else parameters


def _needed(picture: Stream) -> int:
    """Return how many bytes its pixels are; 0 when that can't be told."""
    width, height = int(picture.Width), int(picture.Height)
    if width < 1 or height < 1:
        raise Unviewable(Reason.DAMAGED)
    if bool(picture.get("/ImageMask", False)):
        inks, depth = 1, 1
    else:
        inks, depth = _inks(picture.ColorSpace), int(picture.BitsPerComponent)
    predicted = int(_parameters(picture).get("/Predictor", 1)) >= _PNG_PREDICTOR
    return ((width * inks * depth + 7) // 8 + predicted) * height if inks else 0


def _inks(colours: Any) -> int:
    if not isinstance(colours, Array):
        return _INKS.get(str(colours), 0)
    kind = str(colours[0])
    if kind == "/ICCBased":
        return int(colours[1].N)
    return len(colours[1]) if kind == "/DeviceN" else _INKS.get(kind, 0)
