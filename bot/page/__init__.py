"""The page from which patients send: its files, and the few questions that it may ask the homeserver.

A process of its own, like the purger. It holds no key and opens no database: what passes through it was encrypted in the
browser, and what it serves is the same for everybody. It listens on this machine only; a reverse proxy with a certificate
stands in front.
"""

from .allowed import UPLOAD, is_passed_on
from .bundle import Bundle, ServedFile, load_bundle
from .page_headers import STRICT
from .page_server import PRACTICE, PageServer, PageSettings

__all__ = [
    "PRACTICE",
    "STRICT",
    "UPLOAD",
    "Bundle",
    "PageServer",
    "PageSettings",
    "ServedFile",
    "is_passed_on",
    "load_bundle",
]
