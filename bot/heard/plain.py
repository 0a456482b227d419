"""Words as they are compared: small letters, one space, no accents, marks apart, typed out where a phone shortens them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from .health import AILMENTS, BODY
from .misspelt import put_right
from .phrase_lists import either

LONGEST = 4_000  # characters that are compared: of a longer message its beginning and its end
_HALF = LONGEST // 2

_UNSEEN = frozenset({"Mn", "Me", "Cf", "Cc", "Cs", "Co", "Cn"})
_APOSTROPHES = re.compile(r"(?<=\w)['’‘`´ʼ](?=\w)")
_BODY_IS = re.compile(
    rf"\b({either(sorted(BODY | AILMENTS))}|heart|airway|breathing|windpipe)['’‘`´ʼ]s\b"
)  # "my throat's fine"
_DECIMALS = re.compile(r"(?<=[0-9])[.,][0-9]{1,2}(?![0-9]|[.,][0-9])")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_DICTATED = ((" full stop", "."), (" comma ", ", "), (" question mark", "?"))  # as a phone types what is spoken
_TOKENS = re.compile(r"(?:yes|no|ok|y|n)(?=[0-9]{4}\b)|[^\W_]+|[+&]|[.!;:…()\[\]\n]|[–—]|,|[?？]")
_SIGNS = {"👍": " thumbsup ", "👌": " thumbsup ", "✅": " thumbsup ", "✔": " thumbsup "} | {
    "👎": " thumbsdown ",
    "❌": " thumbsdown ",
    "🙅": " thumbsdown ",
    "🚫": " thumbsdown ",
}
_SHORT = {
    "pls": "please",
    "plz": "please",
    "plse": "please",
    "pleas": "please",
    "kindly": "please",
    "dnt": "dont",
    "dint": "didnt",
    "u": "you",
    "yous": "you",
    "yall": "you",
    "ur": "your",
    "thx": "thanks",
    "sory": "sorry",
    "sry": "sorry",
    "soz": "sorry",
    "cnt": "cant",
    "cannot": "cant",
    "carnt": "cant",
    "couldnt": "cant",
    "hav": "have",
    "wud": "would",
    "wld": "would",
    "cud": "could",
    "cld": "could",
    "shud": "should",
    "shld": "should",
    "tonite": "tonight",
    "2nite": "tonight",
    "tmrw": "tomorrow",
    "2moro": "tomorrow",
    "photograph": "photo",
    "photographs": "photos",
    "snapshot": "photo",
    "foto": "photo",
    "fotos": "photos",
    "fone": "phone",
    "fones": "phones",
    "wat": "what",
    "wen": "when",
    "bcz": "because",
    "cuz": "because",
    "cos": "because",
    "gonna": "going to",
    "wanna": "want to",
    "gotta": "have to",
    "dunno": "dont know",
    "idk": "dont know",
    "lemme": "let me",
    "em": "them",
    "gimme": "give me",
    "nvm": "never mind",
    "tis": "it is",
    "aint": "isnt",
    "alot": "a lot",
}
_TWO_WORDS = (
    ("do not", "dont"),
    ("does not", "doesnt"),
    ("did not", "didnt"),
    ("can not", "cant"),
    ("can t", "cant"),
    ("don t", "dont"),
    ("could not", "cant"),
    ("should not", "shouldnt"),
    ("must not", "mustnt"),
    ("will not", "wont"),
    ("would not", "wouldnt"),
    ("is not", "isnt"),
    ("are not", "arent"),
    ("was not", "wasnt"),
    ("have not", "havent"),
    ("has not", "hasnt"),
    ("am not", "im not"),
    ("i im not", "im not"),
    ("thumbs up", "thumbsup"),
    ("thumbs down", "thumbsdown"),
    ("un send", "unsend"),
    ("some one", "someone"),
    ("no body", "nobody"),
    ("any one", "anyone"),
)
_TOGETHER = re.compile(r"\b(?:" + "|".join(two for two, _ in _TWO_WORDS) + r")\b")
_ONE_FOR_TWO = dict(_TWO_WORDS)
_SIGNED = re.compile(
    r"(?<=[.,?] )(?:sent from (?:my|the) (?:samsung |google )?(?:iphone|ipad|android|galaxy|samsung|phone|mobile|pixel|huawei)"
    r"(?: (?:phone|device|smartphone))?|get outlook for (?:ios|android)) . $"
)


def plain(text: str) -> str:
    """Return the words as they are compared, with one space around each and around each mark: ". my lips , swollen . "

    A full stop stands before the first and behind the last; a comma, a question mark and a full stop are the marks there are.
    """
    if len(text) > LONGEST:
        text = text[:_HALF] + "\n" + text[-_HALF:]
    text = unicodedata.normalize("NFKD", text.casefold())[: 2 * LONGEST]
    for spoken, mark in _DICTATED:
        text = text.replace(spoken, mark)
    if not text.isascii():
        text = "".join(_SIGNS.get(sign, sign) for sign in text)
        text = "".join(sign for sign in text if sign == "\n" or unicodedata.category(sign) not in _UNSEEN)
    text = _DRAWN_OUT.sub(r"\1", _APOSTROPHES.sub("", _BODY_IS.sub(r"\1 is", _DECIMALS.sub("", text))))
    tokens = _once(_token(found) for found in _TOKENS.findall(text))
    words = _TOGETHER.sub(lambda two: _ONE_FOR_TWO[two[0]], " ".join(tokens))
    return without_signature(f". {words} . " if words else ". . ")


def is_whole(text: str) -> bool:
    """Return whether all of a text is compared."""
    return len(text) <= LONGEST


def without_signature(words: str) -> str:
    """Return plain words without what an app or a letter writer puts below them."""
    return _SIGNED.sub("", words)


def bare(text: str) -> str:
    """Return the plain words without any mark: what is left says something by letters and figures alone."""
    return " ".join(word for word in plain(text).split() if word not in {".", ",", "?"})


def sentences(words: str) -> list[str]:
    """Return the sentences of plain words, each as plain words are, with the mark it ends with."""
    parts = re.split(r"(?<=[.?]) ", words.strip())
    return [f". {part} " for part in parts if part not in {".", "?", ""}]


def clauses(words: str) -> list[str]:
    """Return what is said one after another: what is denied in one is not denied in the next."""
    parts = re.split(r" (?:[.,?]|but|though|however) ", words.replace(" ", "  "))
    return [f". {' '.join(part.split())} . " for part in parts if part.strip(" .,?")]


def _once(tokens: Iterable[str]) -> Iterator[str]:
    """Return the tokens without marks that repeat the mark before them, or stand first."""
    before = "."
    for token in tokens:
        if token != before or token not in {".", ",", "?"}:
            yield token
        before = token


def _token(found: str) -> str:
    if found in "?？":
        return "?"
    if found in "+&":
        return "and"
    if found in ",–—":
        return ","
    return _SHORT.get(found) or put_right(found) if found[0].isalnum() else "."
