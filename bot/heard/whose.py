"""Words by which a sender says whose photo it is: one of those they were asked about, by number, or nobody they answer for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.conversation import Open
from bot.domain.deeds import StateReason
from bot.domain.purposes import read_purpose
from bot.domain.spelling import folded
from bot.domain.words_said import Numbered

from .health import AILMENTS, BODY, CARE
from .patient import Written, deed_of
from .phrase_lists import words_of

_PERSON = r"(?:somebody|someone|some one|another person|a different person|another patient)(?:\s+else)?"
_NOT_ME = r"not\s+(?:of\s+)?(?:me|myself|my\s+(?:own\s+)?body|mine)"
_SUBJECT = r"(?:(?:this|that|it|the photo|the picture|this photo|this picture)(?:\s*(?:is|was|'s|’s|shows))?\s+)?"
_SAID = re.compile(
    rf"^\s*(?:(?:IMG[\s–—-]?[0-9A-Z]{{4,8}})\s*[:,]?\s*)?{_SUBJECT}(?:(?:of|shows)\s+{_PERSON}|{_PERSON}|{_NOT_ME})"
    r"(?=\s*$|\s*[.,:;!–—-])(?!\s*[’'])",
    re.IGNORECASE,
)


LONGEST = 200  # characters, far more than such words have


def shows_somebody_else(text: str) -> bool:
    """Return whether these words say so: they begin with it, but for a reference."""
    return bool(_SAID.match(" ".join(text.split())[:LONGEST]))


_DENIED = re.compile(
    r"\W*(?:no\W+)?(?:(?:this|that|it)\s*)?"
    r"(?:(?:['’]?s\s+not|is\s+not|isn['’]?t|not)\s+me|(?:['’]?s\s+|is\s+)?(?:the\s+)?wrong\s+person)\W*",
    re.IGNORECASE,
)


def says_not_me(text: str) -> bool:
    """Return whether this is all that somebody says: that they are not the person they were taken for."""
    return bool(_DENIED.fullmatch(text[:LONGEST]))


def chosen(text: str, names: Sequence[str]) -> Numbered | None:
    """Return which of those listed the words choose: by number, or by a given name that is one's alone and begins the words.

    None where a number counts something, or the words name another of those listed (R15).
    """
    named = given_names_in(text, names)
    numbered = number_first(text)
    if numbered is not None:
        return numbered if all(numbered.number in who for who in named) else None
    alone = frozenset.intersection(*named) if named else frozenset()
    found = _NAME_FIRST.match(text)
    if len(alone) != 1 or found is None or _given(found[1], names) != alone or "?" in text:
        return None
    rest = text[found.end() :]
    if rest and not found[2].strip():  # "Mia fell": the name stands in a sentence
        return None
    (number,) = alone
    return _numbered(number, rest)


def names_any(text: str, names: Sequence[str]) -> bool:
    """Return whether a given name of one of those listed stands in the words."""
    return bool(given_names_in(text, names))


def number_first(text: str) -> Numbered | None:
    """Return the number that the words begin with, and whether what follows says what the photo is about."""
    found = _NUMBER.match(text)
    return None if found is None or _counts(found[2]) else _numbered(int(found[1]), found[3])


def _numbered(number: int, rest: str) -> Numbered:
    rest = rest.strip()
    says_why = isinstance(deed_of(Written(rest, frozenset({Open.REASON}))), StateReason)
    return Numbered(number, rest, read_purpose(rest) if says_why else None)


def given_names_in(text: str, names: Sequence[str]) -> list[frozenset[int]]:
    """Return for each given name that stands in the words whose it may be, by the numbers of those listed."""
    words = _WORDS.findall(text) if names else []
    return [who for word in words if (who := _given(word, names)) and not _is_a_word(word)]


def _is_a_word(word: str) -> bool:
    """Return whether it may be another word than a name: "red mark", "will it heal"."""
    return word.casefold() in _ALSO_WORDS and word[:1].islower()


def _given(word: str, names: Sequence[str]) -> frozenset[int]:
    """Return the numbers of those whose given name a word is, also as "Mia's"."""
    said = folded(_POSSESSIVE.sub("", word.strip(_MARKS)))
    given = [folded(name).split()[:-1] or folded(name).split() for name in names]
    return frozenset(at for at, parts in enumerate(given, 1) if {said, said.removesuffix("s")} & set(parts))


def _counts(behind: str) -> bool:
    """Return whether these words, right behind a number, are several things that it counts: "small blisters"."""
    for word in map(folded, behind.split()):
        if word in _SEVERAL or (word[-1] == "s" and {word[:-1], word[:-2], f"{word[:-3]}y"} & _THINGS - _SAID_OF_ONE):
            return True
        if word in _BESIDE_ONE:
            return False
    return False


_THINGS = BODY | AILMENTS | CARE
_SAID_OF_ONE = words_of("itch hurt bleed swell smell heal weep ache ooze")  # "2 itches": the second does
_SEVERAL = words_of(
    "kids children boys girls people photos pics pictures images feet teeth areas places more others new"
)
_BESIDE_ONE = words_of(
    """
    a an the his her their its my our your has have had got gets is are was on in at with for and from of to by near under over
    behind rash rashes again still he she it they this that
    """
)
_ALSO_WORDS = words_of(
    """
    angel april art bill bob chase clay dawn drew faith grace grant heath hope hunter iris jack jade joy june lane lily mark may
    mason miles olive pat pearl penny pierce ray rich rob robin rose ruby rusty sandy skip sky skye sonny star stone sue summer
    violet wade will willow
    """
)
_WORDS = re.compile(r"[^\W\d_][\w'’-]*")
_MARKS = '.,;:!?()"“”-–—'
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
_NAME_FIRST = re.compile(
    r"^\W*(?:(?:it|this|that|the\s+photo|photo)(?:\s+is|['’]?s)?\s+)?(?:for\s+|of\s+)?([^\W\d_]+)"
    r"((?:['’]s\b)?[\s.,:;!–—-]*)",
    re.IGNORECASE,
)
# A number that counts something chooses nobody (R15): "2 days now", "1-2 weeks", "2 or 3 days", "1.5 cm".
_COUNTS = (
    r"[.,]\d|\s*(?:[-–—/]\s?\d|(?:to|or|and)\s(?:\d|a\shalf\b)|½|%|°|"
    r"(?:cm|mm|x|times|of|more|min(?:ute)?s?|h(?:ou)?rs?|days?|nights?|w(?:ee)?ks?|fortnights?|months?|mths?|years?|yrs?|yo)\b)"
)
_NUMBER = re.compile(
    rf"^\s*(\d{{1,2}})\b(?!{_COUNTS})(?=((?:[ \t]+[^\W\d_]+){{0,4}}))[\s.,:;)-]*(.*)$", re.DOTALL | re.IGNORECASE
)
