"""`!use IMG-7F3K for education "registrar teaching" seen by "registrars" until 2027-03-31 recipient @teacher:x`: another purpose.

Everything the patient must be told is asked of the requester first (R9): the purpose, how it will be used, who will see it,
whether they could be recognised, until when, and where, if it is published or posted (R11). One line does it; whatever the
line lacks is asked for: by taps, and all that only words can say in one message.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from bot.dispatch import Request
from bot.domain import wording
from bot.domain.choices import Choice
from bot.domain.errors import Refused
from bot.domain.image import Image
from bot.domain.purposes import Purpose
from bot.domain.use import Use, UseState
from bot.domain.uses import MOST_IMAGES, VENUE_NAMED, NeedsConsent, NotAllowed, UseAsked
from bot.transaction import Transaction, as_reference

from .begin_use import begin, time_left
from .consent_request import request_consent
from .enrol import words_of
from .use_rules import decide_for

USAGE = (
    '!use IMG-7F3K for PURPOSE "how" seen by "who" until YYYY-MM-DD recipient @account:server [at "venue"] [intimate]'
)
PURPOSES = tuple(purpose for purpose in Purpose if purpose is not Purpose.CARE)
PERIODS = ((30, "One month"), (182, "Six months"), (365, "One year"))


async def ask_use(request: Request, tx: Transaction) -> str | None:
    words = words_of(request.argument, USAGE)
    refs = [word for word in words if as_reference(word)]
    _nothing_left_out(words)
    if not refs:
        raise Refused(f"Which image? Please write: {USAGE}")
    if len(refs) > MOST_IMAGES:
        raise Refused(
            f"At most {MOST_IMAGES} images in one request, so that the patient can see what they agree to.", "R9"
        )
    images = [await tx.image_named(ref) for ref in dict.fromkeys(refs)]
    if len({image.patient_id for image in images}) != 1:
        raise Refused("These images are of different people. Please ask each of them separately.", "R15")
    use = _read(words, Use(tx.ids.new(), tuple(i.id for i in images), request.person.id, tx.now, Purpose.OTHER, ()), tx)
    await begin(use, request, tx)
    return await next_step(use, tx)


def _read(words: list[str], draft: Use, tx: Transaction) -> Use:
    """What one line says of the use; whatever it does not say stays empty."""
    use = draft
    for at, word in enumerate(words):
        rest = words[at + 1 :]
        key = word.casefold()
        if key == "for" and rest:
            use = replace(use, purpose=_purpose(rest[0]), rule="purpose-said")
            if len(rest) > 1 and not _is_keyword(rest[1]) and not as_reference(rest[1]):
                use = replace(use, how=rest[1])
        elif key == "by" and rest:
            use = replace(use, seen_by=rest[0])
        elif key == "until" and rest:
            use = replace(use, until=_end_of(rest[0], tx))
        elif key in {"recipient", "recipients", "to"}:
            use = replace(use, recipients=tuple(word.strip(",;") for word in rest if word.startswith("@")))
        elif key in {"at", "in"} and rest and not _is_keyword(rest[0]):
            use = replace(use, venue=rest[0])
        elif key == "recognisable" and rest:
            use = replace(use, recognisable=rest[0].casefold())
        elif key == INTIMATE:
            use = replace(use, intimate=True)
        elif key in _DEIDENTIFIED:
            use = replace(use, deidentified=True)
    return use


def _nothing_left_out(words: list[str]) -> None:
    """Every word has its place: “for education registrar teaching” without quotes would tell the patient half of it (R9)."""
    for before, word in pairwise(words):
        placed = (
            _is_keyword(word)
            or _is_keyword(before)
            or word.startswith("@")
            or as_reference(word)
            or word.casefold() in {INTIMATE, *_DEIDENTIFIED}
            or before.casefold() in {one.value for one in Purpose}
        )
        if not placed:
            raise Refused(
                f"Where does “{word[:40]}” belong? Please put words that belong together in quotation marks: {USAGE}",
                "R9",
            )


INTIMATE = "intimate"
_DEIDENTIFIED = frozenset({"de-identified", "deidentified", "anonymous"})
_KEYWORDS = frozenset({"for", "seen", "by", "until", "recipient", "recipients", "to", "at", "in", "recognisable"})


def _is_keyword(word: str) -> bool:
    return word.casefold() in _KEYWORDS


def _purpose(word: str) -> Purpose:
    try:
        purpose = Purpose(word.casefold())
    except ValueError:
        purpose = Purpose.CARE
    if purpose is Purpose.CARE:
        raise Refused(
            f"Please name one of: {', '.join(one.value for one in PURPOSES)}. For advice about care: !forward", "R9"
        )
    return purpose


def _end_of(word: str, tx: Transaction) -> datetime:
    try:
        day = date.fromisoformat(word)
    except ValueError as wrong:
        raise Refused(f"“{word[:20]}” is not a date I understand. Please write it as YYYY-MM-DD.") from wrong
    end = datetime.combine(day, time.max, tx.policy.timezone)
    if end <= tx.now:
        raise Refused("That date has passed. Please name a later one.", "R12")
    return end


async def next_step(use: Use, tx: Transaction) -> str | None:
    """Ask the requester for the next thing that is missing; with nothing missing, ask the patient."""
    asker = await tx.person(use.asked_by)
    image = await tx.rows.images.get(use.image_ids[0])

    async def taps(question: str, answers: list[tuple[str, str]], field: str) -> None:
        await tx.ask(
            asker,
            question,
            answers,
            about="use-detail",
            subject=use.id,
            lasts=time_left(use, tx),
            image_id=image.id,
        )

    if use.rule != "purpose-said":
        await taps(
            f"{image.ref}: what is it to be used for?",
            [(f"purpose:{p.value}", p.value) for p in PURPOSES if p not in tx.policy.uses.never],
            "purpose",
        )
        return None
    if not use.recognisable:
        answers = [
            ("recognisable:no", "Probably not"),
            ("recognisable:possibly", "Possibly"),
            ("recognisable:yes", "Yes"),
        ]
        await taps("Could the patient be recognised: face, tattoo, rare condition, the story?", answers, "recognisable")
        return None
    if use.until is None:
        await taps("For how long?", [(f"days:{days}", label) for days, label in PERIODS], "until")
        return None
    missing = await _in_words(use)
    if missing is not None:
        return missing
    return await _decide(use, image, tx)


async def _in_words(use: Use) -> str | None:
    """All that only words can say, asked at once: the exact lines to answer with."""
    lines = []
    if not use.how:
        lines.append("how: registrar teaching, 12 March")
    if not use.seen_by:
        lines.append("seen by: registrars of the clinic")
    if not use.recipients:
        lines.append("recipient: @teacher:hospital.org")
    if use.purpose in VENUE_NAMED and not use.venue:
        lines.append("venue: Journal of Dermatology")
    return "\n".join(("Please answer in your words, for example:", *lines)) if lines else None


_DETAIL = re.compile(r"^[ \t]*(how|seen by|recipients?|venue)[ \t]*:[ \t]*", re.IGNORECASE | re.MULTILINE)


async def detail_in_words(request: Request, tx: Transaction) -> tuple[bool, str | None]:
    """(whether the words completed a request for use, what to say)."""
    before, *parts = _DETAIL.split(request.text)
    if before.strip() or not parts:
        return False, None
    drafts = await tx.rows.uses.find(asked_by=request.person.id, state=UseState.ASKED)
    open_now = [use for use in drafts if use.rule == "purpose-said" and await _in_words(use) is not None]
    if not open_now:
        return False, None
    use = open_now[-1]
    for field, said in zip(parts[::2], parts[1::2], strict=True):
        words = said.strip()
        match field.casefold():
            case "how":
                use = replace(use, how=words)
            case "seen by":
                use = replace(use, seen_by=words)
            case "venue":
                use = replace(use, venue=words)
            case _:
                use = replace(use, recipients=tuple(w.strip(",;") for w in words.split() if w.startswith("@")))
    saved = await tx.rows.uses.save(use)
    await tx.ledger_message(request.arrival, image_id=use.image_ids[0])
    return True, await next_step(saved, tx)


async def detail_by_tap(choice: Choice, request: Request, tx: Transaction) -> str | None:
    use = await tx.rows.uses.get(choice.subject)
    if use.state is not UseState.ASKED:
        raise Refused(wording.ANSWERED_ALREADY)
    await tx.close_polls(use.id)
    field, _, value = choice.value.partition(":")
    match field:
        case "purpose":
            use = replace(use, purpose=Purpose(value), rule="purpose-said")
        case "recognisable":
            use = replace(use, recognisable=value)
        case _:
            use = replace(use, until=tx.now + timedelta(days=int(value)))
    return await next_step(await tx.rows.uses.save(use), tx)


async def _decide(use: Use, image: Image, tx: Transaction) -> str | None:
    """The rules, for every image and recipient; then the patient is asked."""
    asked = UseAsked(use.purpose, use.relatedness, use.venue, use.deidentified)
    rule = "R9"
    for account in use.recipients:
        for image_id in use.image_ids:
            one = await tx.rows.images.get(image_id)
            decision = await decide_for(one, asked, account, use.image_ids, tx)
            if isinstance(decision, NotAllowed):
                raise Refused(f"{account}, {one.ref}: {decision.because}", decision.rule, one.id)
            if isinstance(decision, NeedsConsent):
                rule = decision.rule
    return await request_consent(use, rule, tx)
