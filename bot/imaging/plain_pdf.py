"""Whether a rebuilt PDF is what it should be: pages, and nothing that acts or tells (R19). Safe on hostile bytes.

Guarantees: what passes names, outside its compressed data, no script, action, attachment, form, layer, annotation, document
information or metadata, and hides no name behind escapes. It is looked over after a child that a document may have taken
over; so it reads text only, in one pass, and decodes nothing.
"""

from __future__ import annotations

import re

_FORBIDDEN = frozenset(
    b"JS JavaScript OpenAction AA A Launch URI SubmitForm ImportData GoToR GoToE RichMedia Movie Sound Rendition XFA AcroForm "
    b"Annots EmbeddedFile EmbeddedFiles EF Filespec AF Names Outlines Metadata PieceInfo Info OCProperties ObjStm Encrypt "
    b"Collection StructTreeRoot MarkInfo Perms Legal".split()
)
_STREAM = re.compile(rb"\bstream\r?\n")
_TEXT = re.compile(rb"\((?:[^()\\]|\\.)*\)")
_NAME = re.compile(rb"/([^\s()<>\[\]{}/%]+)")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
# Names the document chose for its own fonts and pictures may be any word.
_CHOSEN = re.compile(rb"/(?:Font|XObject|ExtGState|ColorSpace|Pattern|Shading|CharProcs|Colorants) <<[^<>]*>>")


def check_plain(pdf: bytes) -> None:
    """`ValueError` when more stands in it than pages."""
    if not pdf.startswith(b"%PDF-1.") or not pdf.rstrip().endswith(b"%%EOF"):
        raise ValueError("not one document from its first byte to its last")
    outside = _CHOSEN.sub(b"", _TEXT.sub(b"", _without_streams(pdf)))
    for name in _NAME.findall(outside):
        if _ESCAPED.sub(lambda code: bytes([int(code[1], 16)]), name) in _FORBIDDEN:
            raise ValueError("holds more than pages")


def _without_streams(pdf: bytes) -> bytes:
    outside, at = [], 0
    while (begins := _STREAM.search(pdf, at)) is not None:
        outside.append(pdf[at : begins.start()])
        at = pdf.find(b"endstream", begins.end()) + len(b"endstream")
        if at < len(b"endstream"):
            raise ValueError("a stream without an end")
    return b"".join([*outside, pdf[at:]])
