"""What a no or a stop says it is about: a purpose, all that was asked, or what goes on already (R13, R29a)."""

from __future__ import annotations

from bot.domain.purposes import Purpose

from .phrase_lists import Phrases, any_of
from .plain import plain

_NAMES: dict[Purpose, Phrases] = {
    Purpose.EDUCATION: any_of(
        "teach*|taught|education|educational|student|students|registrar|registrars|trainee|trainees|"
        "training|lesson|lessons|lecture|lectures|class|classes"
    ),
    Purpose.RESEARCH: any_of("research*|study|studies|trial|trials|science|scientific|scientists"),
    Purpose.PUBLICATION: any_of(
        "publication|publications|publish*|journal|journals|article|articles|conference|conferences|textbook|textbooks"
    ),
    Purpose.SOCIAL_MEDIA: any_of("social media", "facebook|instagram|tiktok|youtube|twitter|website|internet"),
    Purpose.LEGAL: any_of("insurance|insurer|insurers|lawyer|lawyers|solicitor|court|legal|workcover", "work cover"),
    Purpose.AUDIT: any_of("audit|audits", "quality check|control|audit"),
}
_ALL = any_of("both|neither|either|none", "all|any|each|every of? them|these|those|requests|three", "to|for all")
_GOES_ON = any_of(
    "stop|stopped|stopping|anymore|longer|withdraw|withdrawn|withdrawing|revoke|cancel",
    "any more",
    "take|taking|took ... back",
)

_A_YES = any_of("my|our yes|consent|permission|agreement|approval|answer")


def purposes_named(text: str) -> frozenset[Purpose]:
    """Return the purposes beyond care that the words name."""
    words = plain(text)
    return frozenset(purpose for purpose, names in _NAMES.items() if names.search(words))


def names_all(text: str) -> bool:
    """Return whether the words are about all that is asked: "no to both", "neither"."""
    return _ALL.search(plain(text))


def names_what_goes_on(text: str) -> bool:
    """Return whether the words are about what goes on already: "stop", "any more", "I take it back"."""
    return _GOES_ON.search(plain(text))


def names_a_yes(text: str) -> bool:
    """Return whether the words are about a yes that was given: "my consent"."""
    return _A_YES.search(plain(text))
