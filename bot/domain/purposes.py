"""What an image may be for. Only `care` can be implied (docs/rules.md)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

NOT_STATED = "reason not stated"


class Purpose(StrEnum):
    CARE = "care"
    EDUCATION = "education"
    RESEARCH = "research"
    PUBLICATION = "publication"
    SOCIAL_MEDIA = "social-media"
    LEGAL = "legal-or-insurance"
    AUDIT = "quality-audit"
    OTHER = "other"


BEYOND_CARE = tuple(purpose for purpose in Purpose if purpose is not Purpose.CARE)
_WORDS = {
    "care": Purpose.CARE,
    "treatment": Purpose.CARE,
    "education": Purpose.EDUCATION,
    "teaching": Purpose.EDUCATION,
    "research": Purpose.RESEARCH,
    "publication": Purpose.PUBLICATION,
    "conference": Purpose.PUBLICATION,
    "social media": Purpose.SOCIAL_MEDIA,
    "legal": Purpose.LEGAL,
    "insurance": Purpose.LEGAL,
    "work cover": Purpose.LEGAL,
    "workcover": Purpose.LEGAL,
    "audit": Purpose.AUDIT,
    "other": Purpose.OTHER,
}
# Alone, or before a mark: "for the other doctor to look at" states none.
_STATED = re.compile(
    rf"^\s*for (?:my |the )?({'|'.join(_WORDS)})(?: purposes?)?(?:(?:\s?[:,.;!]|\s[–—-]\s)(.*)|\s*)$",
    re.IGNORECASE | re.DOTALL,
)


_NAMES = {purpose.value.replace("-", " "): purpose for purpose in Purpose} | _WORDS
MOST_WORDS = max(len(name.split()) for name in _NAMES)


def purpose_named(words: Sequence[str]) -> tuple[Purpose | None, int]:
    """Return the purpose that these words begin with, however it is written, and how many of the words it takes."""
    for count in range(MOST_WORDS, 0, -1):
        written = " ".join(words[:count]).casefold()
        name = " ".join(re.sub(r"[\W_]+", " ", written).split())
        if len(words) >= count and name in _NAMES:
            return _NAMES[name], count
    return None, 0


def states_purpose(text: str) -> bool:
    """Return whether a sender's words begin with what it is for: "for insurance: …"."""
    return bool(_STATED.match(text))


class ReasonGiven(NamedTuple):
    """What a photo is for, and what it is about, in its sender's words."""

    purpose: Purpose
    reason: str


NO_REASON = ReasonGiven(Purpose.CARE, NOT_STATED)


def read_purpose(text: str) -> ReasonGiven:
    """Return the purpose and reason in a sender's words: care, unless they say "for insurance: …" or the like."""
    found = _STATED.match(text)
    if found is None:
        return ReasonGiven(Purpose.CARE, text.strip() or NOT_STATED)
    return ReasonGiven(_WORDS[found[1].lower()], (found[2] or "").strip() or NOT_STATED)


def spoken(purpose: Purpose, whose: str = "your") -> str:
    """Return the purpose as said to a person: to the patient, unless `whose` says whose care it is, or nothing of it."""
    return {
        Purpose.CARE: f"{whose} care".lstrip(),
        Purpose.SOCIAL_MEDIA: "social media",
        Purpose.LEGAL: "legal or insurance matters",
        Purpose.AUDIT: "checking the quality of care",
        Purpose.OTHER: "another purpose",
    }.get(purpose, purpose.value)
