"""The built page, held in memory: every file is the one that was shipped, or nothing is served.

`bundle.sha256` is committed and lists each file with its digest, as `sha256sum` does. The build writes compressed copies
beside the files, and their digests into `packed.sha256` there; a browser is given one only as an answer to the file's own name.
"""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.domain.errors import Permanent

BUILT: Final = Path(__file__).with_name("built")
SHIPPED: Final = Path(__file__).with_name("bundle.sha256")
MEND: Final = "install consentry again, from source with `make install`"
PACKED_LIST: Final = "packed.sha256"
START: Final = "index.html"

_KINDS: Final = {
    ".wasm": "application/wasm",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
}
_PACKED: Final = {"br": ".br", "gzip": ".gz"}  # the smaller one first


@dataclass(frozen=True, slots=True)
class ServedFile:
    """One file, plain and packed by content encoding."""

    kind: str
    plain: bytes
    packed: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Bundle:
    """The page's files by the path they are asked for; `/` is the start."""

    files: Mapping[str, ServedFile]

    def at(self, path: str) -> ServedFile | None:
        return self.files.get(f"/{START}" if path == "/" else path)


def load_bundle(built: Path = BUILT, shipped: Path = SHIPPED) -> Bundle:
    """Read the page; raise `Permanent` where a file is missing, or is not the one that was shipped."""
    try:
        digests = _digests(shipped)
        packed = _digests(built / PACKED_LIST)
        files = {f"/{name}": _file(built / name, digest, packed) for name, digest in digests.items()}
    except FileNotFoundError:
        raise Permanent("no-page", f"the page is not there, or not all of it: {MEND}") from None
    return Bundle(files)


def _digests(listed: Path) -> dict[str, str]:
    """Return each file's digest, by name."""
    lines = listed.read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines if line)}


def _file(path: Path, digest: str, packed: Mapping[str, str]) -> ServedFile:
    copies = {coding: path.with_name(path.name + ending) for coding, ending in _PACKED.items()}
    kind = _KINDS.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return ServedFile(
        kind,
        _checked(path, digest),
        {coding: _checked(copy, packed[copy.name]) for coding, copy in copies.items() if copy.name in packed},
    )


def _checked(path: Path, digest: str) -> bytes:
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise Permanent("other-page", f"{path.name} is not the file that was shipped: {MEND}")
    return content
