"""Words by which a sender says whose photo it is: one of those they were asked about, by number, or nobody they answer for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.conversation import Open
from bot.domain.deeds import StateReason
from bot.domain.purposes import read_purpose
from bot.domain.spelling import folded
from bot.domain.words_said import Numbered

from .given_names import given_names_in, may_be_a_word, whose_given_name
from .health import AILMENTS, BODY, CARE
from .kin import names_kin
from .patient import Written, deed_of
from .phrase_lists import words_of
from .plain import plain

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

    None where a number counts something, or the words choose or name another of those listed too (R15). Who has a name and then
    does something ("Leo cut his knee") is chosen only where nobody else is spoken of: "Mia gave it to her brother" is not of Mia.
    """
    named = given_names_in(text, names)
    first = number_first(text)
    if first is not None:
        others = _numbers_in(text) & set(range(1, len(names) + 1)) - {first.number}
        return first if not others and all(first.number in who for who in named) else None
    alone = frozenset.intersection(*named) if named else frozenset()
    found = _NAME_FIRST.match(text)
    if len(alone) != 1 or found is None or not whose_given_name(found[1], names) & alone or "?" in text:
        return None
    (number,) = alone
    family = _FAMILY_NAME.match(text, found.end(1))
    whole_name = family if family and folded(family[1]) in folded(names[number - 1]).split() else None
    rest = text[(whole_name or found).end() :]
    in_a_sentence = rest and not (found[2].strip() or whole_name)
    of_theirs = rest and "s" in found[2].casefold()  # "Mia's brother cut his knee"
    if in_a_sentence and may_be_a_word(found[1], names):
        return None  # "Mark on his arm"
    if (in_a_sentence or of_theirs) and names_kin(plain(rest)):
        return None
    said = _numbered(number, rest)
    return said if not in_a_sentence or said.reason is not None else None


def number_first(text: str) -> Numbered | None:
    """Return the number that the words begin with, and whether what follows says what the photo is about."""
    found = _NUMBER.match(text)
    if found is not None:
        return None if _counts(found[2]) else _numbered(int(found[1]), found[3])
    spelt = _SPELT.fullmatch(text)
    return Numbered(_SPELT_OUT.index(spelt[1].casefold()) + 1, "") if spelt else None


def _numbers_in(text: str) -> set[int]:
    """Return the numbers that later parts of an answer begin with: the 3 of "2 rash, 3 cut knee", and of "2, 3"."""
    parts = [(part, _NUMBER.match(part)) for part in _PARTS.split(text)[1:]]
    return {
        int(found[1])
        for part, found in parts
        if found and (found[2] or part.strip().isdecimal()) and not _counts(found[2])
    }


def _numbered(number: int, rest: str) -> Numbered:
    """Return the choice of this number, with what is said beside it; that is a reason where it says what the photo is about."""
    rest = rest.strip()
    says_why = isinstance(deed_of(Written(rest, frozenset({Open.REASON}))), StateReason)
    return Numbered(number, rest, read_purpose(rest) if says_why else None)


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
_PARTS = re.compile(
    r"[,;.+\n]+|\b(?:sorry|no|actually|wait|oops|meant)\s|\s(?:and|&)\s|(?<=\d)\s+(?=\d+\s*$)", re.IGNORECASE
)
_SPELT_OUT = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_SPELT = re.compile(rf"\W*(?:number\s+)?({'|'.join(_SPELT_OUT)})(?:\s+please)?\W*", re.IGNORECASE)
_FAMILY_NAME = re.compile(r"\s+([^\W\d_][\w-]*)(?:['’]s\b)?[\s.,:;!–—]*")
_NUMBER = re.compile(
    r"^\s*(?:(?:no\.|nr\.?|number|option|answer|#)\s*)?\(?"
    rf"(\d{{1,2}})\b(?!{_COUNTS})(?=((?:[ \t]+[^\W\d_]+){{0,4}}))[\s.,:;)-]*(.*)$",
    re.DOTALL | re.IGNORECASE,
)
