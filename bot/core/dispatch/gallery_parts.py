"""What a gallery holds: each item as the message it would be if it came alone (MSC4274).

An item has the fields of such a message, with its kind in `itemtype`. The gallery's own words stand under each item that has no
caption itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .reading import caption_of

_UNSTABLE = "dm.filament."


def parts_of(gallery: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the items in their order; what is no item at all is a message of no kind."""
    items = gallery.get("itemtypes")
    return [_alone(item, gallery.get("body")) for item in items] if isinstance(items, list) else []


def _alone(item: object, words: object) -> dict[str, Any]:
    if not isinstance(item, dict):
        return {}
    name = item.get("filename") or item.get("body")
    named = {**item, "msgtype": _kind(item.get("itemtype")), "filename": name if isinstance(name, str) else ""}
    return {**named, "body": caption_of(item) or (words if isinstance(words, str) else "")}


def _kind(said: object) -> str:
    kind = said if isinstance(said, str) else ""
    return f"m.{kind.removeprefix(_UNSTABLE)}" if kind.startswith(_UNSTABLE) else kind
