"""When two names, or two record numbers, are the same, however they are typed.

Capitals, the form of a letter ("é" in one piece or two, full width), blanks, the kind of apostrophe or dash, and characters that
nobody sees make no difference. Letters do: "Zoe" is not "Zoë". What is kept is what was typed; only the comparison is folded.
"""

from __future__ import annotations

from unicodedata import category, normalize

_APOSTROPHES = dict.fromkeys(map(ord, "’‘‛ʼʻ`´′"), "'")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_ONE_FORM = _APOSTROPHES | _DASHES


def folded(name: str) -> str:
    """Return the form of a name that is compared."""
    letters = normalize("NFKC", name.translate(_ONE_FORM)).casefold().translate(_ONE_FORM)
    seen = "".join(letter for letter in normalize("NFC", letters) if category(letter) != "Cf")
    return " ".join(seen.split())


def folded_number(number: str) -> str:
    """Return the form of a record number that is compared: "UR 555" is "ur555"."""
    return folded(number).replace(" ", "")


def same_name(one: str, other: str) -> bool:
    return folded(one) == folded(other)


def same_number(one: str, other: str) -> bool:
    return folded_number(one) == folded_number(other)


def has_family_name(name: str, family: str) -> bool:
    """Return whether a whole name has this family name: what stands before the comma in "Patel, Sam", else its last words.

    Whole words only, so that "van der Berg" is the end of "Anna van der Berg", and "Berg" is not the end of "Anna Rosenberg".
    """
    wanted = folded(family)
    before, comma, _ = name.partition(",")
    whole = folded(before if comma else name)
    return bool(wanted) and (whole == wanted or (not comma and whole.endswith(f" {wanted}")))
