"""Words as they are compared: small letters, one space, no apostrophes, nothing that people add or leave out on a phone."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 4_000  # characters that are looked at: what comes behind them changes nothing that was said before

_APOSTROPHES = re.compile(r"(?<=\w)['’‘`´](?=\w)")
_SHORT = {"pls": "please", "plz": "please", "plse": "please", "dnt": "dont", "u": "you", "ur": "your", "thx": "thanks"}
_TWO_WORDS = (
    ("do not", "dont"),
    ("does not", "doesnt"),
    ("did not", "didnt"),
    ("can not", "cant"),
    ("cannot", "cant"),
    ("could not", "couldnt"),
    ("should not", "shouldnt"),
    ("will not", "wont"),
    ("would not", "wouldnt"),
    ("is not", "isnt"),
    ("was not", "wasnt"),
    ("have not", "havent"),
    ("has not", "hasnt"),
)


def plain(text: str) -> str:
    """Return the words as they are compared; sentence marks stay, because they part one thing said from the next."""
    words = unicodedata.normalize("NFKC", text[:LONGEST]).casefold()
    words = _APOSTROPHES.sub("", words)
    words = " ".join(_SHORT.get(word, word) for word in words.split())
    for two, one in _TWO_WORDS:
        words = re.sub(rf"\b{two}\b", one, words)
    return words


def bare(text: str) -> str:
    """Return the plain words without any mark or emoji: what is left says something by letters and figures alone."""
    return " ".join(re.sub(r"[^\w\s]|_", " ", plain(text)).split())


def clauses(text: str) -> list[str]:
    """Return the parts of a message that are said one after another: what is denied in one is not denied in the next."""
    return [
        part.strip()
        for part in re.split(
            r"[.;!?\n,:()]+|\bbut\b|\bthough\b"
            r"|\bhowever\b",
            plain(text),
        )
        if part.strip()
    ]
