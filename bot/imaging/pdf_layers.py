"""Which layers of a PDF are off when a reader opens it. Runs only in the confined child."""

from __future__ import annotations

from typing import Any

from pikepdf import Array, Name

Layers = frozenset[tuple[int, int]]
NONE: Layers = frozenset()


def off_by_default(root: Any) -> Layers:
    """Return the layers that a reader doesn't see at first, named by their objects."""
    layers = root.get("/OCProperties")
    if layers is None:
        return NONE
    every, default = _named(layers.get("/OCGs")), layers.get("/D", {})
    off, on = _named(default.get("/OFF")), _named(default.get("/ON"))
    if default.get("/BaseState") == Name.OFF:
        off |= every - on
    return frozenset(off | _not_for_screens(default))


def is_off(belongs_to: Any, off: Layers) -> bool:
    """Return whether something that belongs to a layer, or to a group of layers, is not seen.

    Where a formula decides, it is not seen if any of the layers is off.
    """
    if belongs_to is None or not off:
        return False
    if belongs_to.get("/Type") != Name.OCMD:
        return belongs_to.objgen in off
    members = belongs_to.get("/OCGs")
    named = _named(members if isinstance(members, Array) else Array([members] if members is not None else []))
    match str(belongs_to.get("/P", "/AnyOn")):
        case "/AllOn":
            return bool(named & off)
        case "/AnyOff":
            return not named & off
        case "/AllOff":
            return bool(named - off)
    return bool(named) and named <= off


def _not_for_screens(default: Any) -> set[tuple[int, int]]:
    """Return the layers that are for printing alone."""
    found = set()
    for rule in default.get("/AS", []):
        if rule.get("/Event") == Name.View:
            for layer in rule.get("/OCGs", []):
                if layer.get("/Usage", {}).get("/View", {}).get("/ViewState") == Name.OFF:
                    found.add(layer.objgen)
    return found


def _named(layers: Any) -> set[tuple[int, int]]:
    return {layer.objgen for layer in layers} if isinstance(layers, Array) else set()
