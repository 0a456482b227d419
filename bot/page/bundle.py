"""The built page, held in memory: every file is the one that was shipped, or nothing is served.

`bundle.sha256` is committed and lists each file with its digest, as `sha256sum` does. The build writes compressed copies
beside the files; a browser is given one only as an answer to the file's own name.
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


def shipped_digests(listed: str) -> dict[str, str]:
    """Return each file's digest, by name."""
    return {name: digest for digest, _, name in (line.partition("  ") for line in listed.splitlines() if line)}


def load_bundle(built: Path = BUILT, shipped: Path = SHIPPED) -> Bundle:
    """Read the page; raise `Permanent` where a file is missing, or is not the one that was shipped."""
    try:
        digests = shipped_digests(shipped.read_text(encoding="utf-8"))
        files = {f"/{name}": _file(built / name, digest) for name, digest in digests.items()}
    except FileNotFoundError:
        raise Permanent("no-page", "the page has not been built: run `make install`") from None
    return Bundle(files)


def _file(path: Path, digest: str) -> ServedFile:
    plain = path.read_bytes()
    if hashlib.sha256(plain).hexdigest() != digest:
        raise Permanent("other-page", f"{path.name} is not the file that was shipped: run `make install`")
    packed = {coding: path.with_name(path.name + ending) for coding, ending in _PACKED.items()}
    kind = _KINDS.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return ServedFile(kind, plain, {coding: copy.read_bytes() for coding, copy in packed.items() if copy.is_file()})
