"""JSON that somebody else wrote: read without trusting its shape, its types or its depth.

Guarantees: reading never raises for what the value is, and `parse` reads whatever depth a homeserver lets through. One
message nested a thousand deep, which Synapse passes on, would otherwise make every sync fail from then on.
`too_deep` tells what must not go further: writing such a value again would fail where it is stored.
"""

from __future__ import annotations

import json
import sys
from typing import Any

_DEEPEST = 64  # Matrix events are a handful of levels deep
_PARSER_LIMIT = 12_000


def parse(raw: bytes | str) -> object:
    """The value, or None when this is no JSON."""
    try:
        return json.loads(raw)
    except RecursionError:
        return _parse_deep(raw)
    except ValueError:
        return None


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
        return json.loads(raw)
    except (RecursionError, ValueError):
        return None
    finally:
        sys.setrecursionlimit(before)
