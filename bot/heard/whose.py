"""Words by which a sender says whose photo it is: one of those they were asked about, by number, or nobody they answer for."""

from __future__ import annotations

import re

from bot.domain.conversation import Open
from bot.domain.deeds import StateReason
from bot.domain.purposes import read_purpose
from bot.domain.words_said import Numbered

from .patient import Written, deed_of

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


def number_first(text: str) -> Numbered | None:
    """Return the number that the words begin with, and whether what follows says what the photo is about."""
    found = _NUMBER.match(text)
    if found is None:
        return None
    rest = found[2].strip()
    says_why = isinstance(deed_of(Written(rest, frozenset({Open.REASON}))), StateReason)
    return Numbered(int(found[1]), rest, read_purpose(rest) if says_why else None)


# A number that counts something chooses nobody (R15): "2 days now", "1-2 weeks", "2 or 3 days", "1.5 cm".
_COUNTS = (
    r"[.,]\d|\s*(?:[-–—/]\s?\d|(?:to|or|and)\s(?:\d|a\shalf\b)|½|%|°|"
    r"(?:cm|mm|x|times|of|more|min(?:ute)?s?|h(?:ou)?rs?|days?|nights?|w(?:ee)?ks?|fortnights?|months?|mths?|years?|yrs?|yo)\b)"
)
_NUMBER = re.compile(rf"^\s*(\d{{1,2}})\b(?!{_COUNTS})[\s.,:;)-]*(.*)$", re.DOTALL | re.IGNORECASE)
