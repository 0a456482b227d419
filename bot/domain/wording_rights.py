"""What is told of an image to those it belongs to: every consent and every disclosure, in plain words (R24).

Part of `wording`, under its version. What the law forbids to tell is not given to this page (R13a).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from .consents import Answer, Consent, ConsentAnswer, Disclosure
from .purposes import spoken
from .use import Use
from .wording import many, moment, quoted

MOST_LINES = 12  # of one image, in one message
_SAID = {Answer.GRANTED: "said yes", Answer.REFUSED: "said no", Answer.WITHDRAWN: "took it back"}


def consents_told(
    implied: Iterable[tuple[Consent, str]], asked: Iterable[tuple[ConsentAnswer, Use, str]], zone: ZoneInfo
) -> Iterator[str]:
    """Each with the name of who gave it."""
    for consent, who in implied:
        yield f"{moment(consent.at, zone)}: {who} sent it for {spoken(consent.purpose)}, and for nothing else."
    for answer, use, who in asked:
        until = f", until {moment(use.until, zone)}" if use.until else ""
        purpose = "advice" if use.is_advice else spoken(use.purpose)
        yield (
            f"{moment(answer.at, zone)}: {who} {_SAID[answer.answer]}: {purpose}, {quoted(use.how)}, "
            f"for {many(list(use.recipients))}{until}."
        )


def disclosures_told(disclosures: Iterable[tuple[Disclosure, str]], zone: ZoneInfo) -> Iterator[str]:
    """Each with the name of who got it. Who looked at it, and with whom it was shared, is told beside the image."""
    for one, who in disclosures:
        when = moment(one.at, zone)
        match one.how:
            case "own-copy-stored":
                yield f"{when}: {who} keeps a copy in their own record, as their duties ask."
            case "required-by-law":
                yield f"{when}: given to {one.detail}, as the law requires."
            case "copy":
                yield f"{when}: {who} got a copy."


def whole_story(head: str, lines: Iterable[str]) -> str:
    told = list(lines)
    left_out = len(told) - MOST_LINES
    if left_out > 0:
        told = [f"({left_out} earlier lines are left out; “my copy” has them all)", *told[-MOST_LINES:]]
    return "\n".join((head, *(f"· {line}" for line in told)))
