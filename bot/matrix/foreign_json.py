"""JSON that somebody else wrote: read without trusting its shape, its types or its depth.

Guarantees: reading never raises because of the value, and `parse` reads any depth that a homeserver lets through. One message
nested a thousand deep, or holding one invalid number or letter, would otherwise make every sync fail from then on. What it
returns can be written again: a number that JSON doesn't know or nobody can store is read as null; half a character (a lone
surrogate, which an escape can make) and bytes that are no text are replaced. `too_deep` tells what must still not be passed on,
because writing such a value would fail where it is stored. `pruned` leaves that out and keeps the rest.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable
from typing import Any

_DEEPEST = 64  # Matrix events are a handful of levels deep
_PARSER_LIMIT = 12_000


def parse(raw: bytes | str) -> object:
    """Return the value, or None when this is not JSON."""
    text = raw if isinstance(raw, str) else raw.decode(errors="replace")
    try:
        value = _loads(text)
    except RecursionError:
        value = _parse_deep(text)
    except json.JSONDecodeError:
        return None
    except ValueError:
        value = _loads(text, parse_int=_whole_number)  # checks numbers one by one, only when one of them is too long
    return _whole_characters(value) if "\\ud" in text.lower() else value


def as_object(value: object) -> dict[str, Any]:
    """Return the value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    """Return the value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def too_deep(value: object) -> bool:
    """Return whether objects and lists are nested more deeply than in anything honest."""
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


def pruned(value: object) -> object:
    """Return the value itself, with null in place of what is nested too deep.

    What nobody needs must not sink what stands beside it.
    """
    if not too_deep(value):
        return value
    level: list[dict[str, Any] | list[Any]] = [value] if isinstance(value, (dict, list)) else []
    for _ in range(_DEEPEST - 2):
        level = [inner for each in level for _, inner in _items(each) if isinstance(inner, (dict, list))]
    for container in level:
        for place, inner in _items(container):
            if isinstance(inner, (dict, list)):
                container[place] = None
    return value


def _items(container: Any) -> list[tuple[Any, Any]]:
    return list(container.items() if isinstance(container, dict) else enumerate(container))


def _loads(text: str, parse_int: Callable[[str], int | None] = int) -> object:
    return json.loads(text, parse_constant=lambda _: None, parse_float=_finite, parse_int=parse_int)


def _parse_deep(text: str) -> object:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _PARSER_LIMIT))
    try:
        return _loads(text, parse_int=_whole_number)
    except (RecursionError, ValueError):
        return None
    finally:
        sys.setrecursionlimit(before)


def _finite(number: str) -> float | None:
    value = float(number)
    return value if math.isfinite(value) else None


def _whole_number(digits: str) -> int | None:
    try:
        return int(digits)
    except ValueError:  # thousands of digits: Python refuses to read them, and to write them again
        return None


def _whole_characters(value: object) -> object:
    """Return the value with every lone surrogate replaced. Not recursive, because the value may be deep."""
    root: list[Any] = [value]
    open_: list[Any] = [root]
    while open_:
        container = open_.pop()
        if isinstance(container, dict):
            for key in [key for key in container if key != _whole(key)]:
                container[_whole(key)] = container.pop(key)
        for place, inner in _items(container):
            if isinstance(inner, str):
                container[place] = _whole(inner)
            elif isinstance(inner, (dict, list)):
                open_.append(inner)
    return root[0]


def _whole(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
