"""What somebody wrote, with what is open for them; and what was heard in it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.conversation import Open
from bot.domain.deeds import Deed, PlainAnswer, Puzzle
from bot.domain.purposes import Purpose
from bot.domain.references import as_reference
from bot.domain.words_said import Numbered
from bot.heard.alarm import alarm_words, alarms_answered
from bot.heard.given_names import without_name
from bot.heard.kin import shows_another
from bot.heard.leaning import Lean
from bot.heard.plain import plain


class HangsOn(StrEnum):
    """What a message replies to in the app. A reply to a question of the bot is an answer like any other."""

    PHOTO = "photo"
    CLINICIAN = "clinician"


@dataclass(frozen=True, slots=True)
class Written:
    """Words somebody wrote themselves, with what they hang on and what is open for them."""

    text: str
    open: frozenset[Open] = frozenset()
    hangs_on: HangsOn | None = None
    photos: int = 0  # of patients they speak for
    refs: frozenset[str] = frozenset()  # those photos' references
    numbers: frozenset[str] = frozenset()  # of the open requests for consent
    in_use: frozenset[Purpose] = frozenset()  # what their photos are used for, beside their care
    agreed: bool = False  # they have just said yes to a use that is under way
    name: str = ""  # that was asked about: "are you Sam Patel?"
    whom: tuple[str, ...] = ()  # names of the patients they were asked to choose from, as they were listed
    chose_from: tuple[str, ...] = ()  # and of those they chose from, while it is asked still what the photo is about
    chose_last: tuple[str, ...] = ()  # and of those they chose from last, since when nothing else was talked of
    family: tuple[str, ...] = ()  # names of all patients they answer for
    answers_for_others: bool = False
    answers_for_self: bool = False  # beside others
    quoted: str = ""  # by their app: what they reply to


@dataclass(frozen=True, slots=True)
class Heard:
    """What was meant, and the alarm words that stand in it; `under` is the open question that it answers, if any.

    `told`: the words are about a body too, whatever they ask for or answer. Then people read them. `chosen`: whose photo it is,
    of those listed, where they say so; `again`: instead of whom they chose before; `by_number`: and they say only a number.
    `picks_one`: they point at one of several photos by its place.
    """

    deed: Deed | Puzzle
    alarm: tuple[str, ...] = ()
    under: Open | None = None
    told: bool = False
    chosen: Numbered | None = None
    again: bool = False
    by_number: bool = False
    picks_one: bool = False


_ANSWERS = {Lean.YES: PlainAnswer.YES, Lean.NO: PlainAnswer.NO, Lean.LATER: PlainAnswer.LATER}
REFERENCE = re.compile(r"\bimg[\s–—-]{0,3}[0-9a-z]{4,8}\b", re.IGNORECASE)
_OF_WHICH = re.compile(rf"\s*{REFERENCE.pattern}[\s:,–—-]*", re.IGNORECASE)  # which photo, before what is said of it
# Beside a yes and its number: nothing that casts doubt on it.
_MAY_STAND_THERE = frozenset(" \t\n,.!;'’“”\"#:–—-👍👌🙂😊😀😃😄😁🙏✅\ufe0f")


def alarm_of(said: Written, more_alarms: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the alarm words that stand in it, also those that only say yes to what it replies to (R34)."""
    words, more = plain(said.text), tuple(more_alarms)
    return alarm_words(said.text, more, words) or alarms_answered(said.quoted, words, more)


def answer_of(lean: Lean) -> PlainAnswer:
    """Return the answer that words are which lean one way."""
    return _ANSWERS[lean]


def reference_in(text: str) -> str:
    """Return the first reference of a photo that stands in it, or ""."""
    return next((ref for found in REFERENCE.findall(text[:4_000]) if (ref := as_reference(found))), "")


def without_reference(text: str) -> str:
    """Return what is said of a photo that the words name first."""
    named = _OF_WHICH.match(text)
    return text[named.end() :] if named else text


def casts_no_doubt(text: str) -> bool:
    """Return whether nothing stands there that casts doubt on a yes: no question mark, no face that thinks."""
    return all(sign.isalpha() or sign.isdigit() or sign in _MAY_STAND_THERE for sign in text)


def says_it_shows_another(said: Written, words: str) -> bool:
    """Return whether plain words say that the photo shows somebody whom whoever wrote them does not answer for."""
    return shows_another(
        without_name(words, said.family),
        answers_for_others=said.answers_for_others,
        answers_for_self=said.answers_for_self,
    )
