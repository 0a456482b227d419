"""JSON that somebody else wrote: read without trusting its shape, its types or its depth.

Guarantees: reading never raises for what the value is, and `parse` reads whatever depth a homeserver lets through. One
message nested a thousand deep, which Synapse passes on, would otherwise make every sync fail from then on.
What it gives can be written again: no NaN, no infinity, and half a character (a lone surrogate, which an escape can make) is
replaced. `too_deep` tells what must still not go further: writing such a value would fail where it is stored.
"""

from __future__ import annotations

import json
import math
import sys
from typing import Any

_DEEPEST = 64  # Matrix events are a handful of levels deep
_PARSER_LIMIT = 12_000


def parse(raw: bytes | str) -> object:
    """The value, or None when this is no JSON."""
    try:
        value = json.loads(raw, parse_constant=_refuse, parse_float=_finite)
    except RecursionError:
        value = _parse_deep(raw)
    except ValueError:
        return None
    escaped = b"\\ud" in raw.lower() if isinstance(raw, bytes) else "\\ud" in raw.lower()
    return _whole_characters(value) if escaped else value


def as_object(value: object) -> dict[str, Any]:
    """The object, or an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    """The list, or an empty one."""
    return value if isinstance(value, list) else []


def too_deep(value: object) -> bool:
    """Whether objects and lists are nested deeper than anything honest."""
    level: list[object] = [value]
    for _ in range(_DEEPEST):
        level = [
            inner
            for each in level
            if isinstance(each, (dict, list))
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return False
    return True


def _parse_deep(raw: bytes | str) -> object:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _PARSER_LIMIT))
    try:
        return json.loads(raw, parse_constant=_refuse, parse_float=_finite)
    except (RecursionError, ValueError):
        return None
    finally:
        sys.setrecursionlimit(before)


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is no JSON")


def _finite(number: str) -> float:
    value = float(number)
    if not math.isfinite(value):
        raise ValueError("a number too large")
    return value


def _whole_characters(value: object) -> object:
    """The value with every lone surrogate replaced. Not recursive: the value may be deep."""
    root: list[Any] = [value]
    open_: list[Any] = [root]
    while open_:
        container = open_.pop()
        if isinstance(container, dict):
            for key in [key for key in container if key != _whole(key)]:
                container[_whole(key)] = container.pop(key)
        items = container.items() if isinstance(container, dict) else enumerate(container)
        for place, inner in list(items):
            if isinstance(inner, str):
                container[place] = _whole(inner)
            elif isinstance(inner, (dict, list)):
                open_.append(inner)
    return root[0]


def _whole(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
