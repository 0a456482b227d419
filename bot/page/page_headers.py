"""The headers of every answer: the browser is told to load nothing from anywhere else, and to give nothing away."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

# 'wasm-unsafe-eval' allows WebAssembly to be compiled, nothing more: the encryption is WebAssembly.
_CONTENT: Final = (
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
)

STRICT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Content-Security-Policy": "; ".join(_CONTENT),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
        "Server": "consentry",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
    }
)
FOR_EVER: Final = "public, max-age=31536000, immutable"  # the name holds a digest of the content
ASK_AGAIN: Final = "no-cache"
KEEP_NOTHING: Final = "no-store"
