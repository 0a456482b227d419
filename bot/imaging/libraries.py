"""Libraries that are loaded already, reached for what their Python bindings don't pass on. Before the child is confined."""

from __future__ import annotations

import ctypes
from pathlib import Path


def loaded(name: str) -> ctypes.CDLL:
    """Return the very library that the bindings use, wherever it came from; raise `ImportError` when none is loaded."""
    lines = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    paths = [line.split(maxsplit=5)[5] for line in lines if f"/{name}" in line]
    if not paths:
        raise ImportError(f"{name} is not loaded")
    return ctypes.CDLL(paths[0])
