"""`!use IMG-7F3K for education "registrar teaching" seen by "registrars" until 2027-03-31 recipient @teacher:x`: another purpose.

The requester is first asked for everything that the patient must be told (R9): the purpose, how it will be used, who will see
it, whether they could be recognised, until when, and where, if it is published or posted (R11). One line does it. Whatever the
line lacks is asked for: by taps, and in one message for all that only words can say.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from bot.core.dispatch import Request
from bot.core.transaction import Transaction
from bot.core.uses.begin import begin, time_left
from bot.core.uses.judge import barred, decide_for, meant_for
from bot.core.uses.request_consent import request_consent
from bot.domain.choices import Choice
from bot.domain.errors import Refused
from bot.domain.identifiers import NO_ACCOUNT, Account, UseId
from bot.domain.image import Image
from bot.domain.people import as_account
from bot.domain.purposes import Purpose
from bot.domain.use import NOT_SAID, Use, UseState
from bot.domain.use_rules import MOST_IMAGES, NEVER_HERE, VENUE_NAMED, NeedsConsent, NotAllowed
from bot.heard.mentions import with_accounts
from bot.heard.quoted_words import LONGEST_COMMAND
from bot.heard.use_line import (
    INTIMATE,
    MOST_RECIPIENTS,
    PURPOSE_SAID,
    PURPOSES,
    TOO_MANY_RECIPIENTS,
    USAGE,
    end_of,
    not_an_account,
    read_use_line,
)
from bot.words import phrases
from handlers.people.two_people import act_for_the_practice
from handlers.people.who_is_meant import a_professional, whom

_AND = re.compile(r"[,;\n]| and ", re.IGNORECASE)
PERIODS = ((30, "One month"), (182, "Six months"), (365, "One year"))


async def ask_use(request: Request, tx: Transaction) -> str | None:
    argument = with_accounts(request.argument, request.content)
    draft = Use(UseId(tx.ids.new()), (), request.person.id, tx.now, Purpose.OTHER, ())
    line = read_use_line(argument, draft, tx.now, tx.policy.timezone)
    refs, said = line.refs, line.use
    if not refs:
        raise Refused(f"Which image? Please write: {USAGE}")
    if len(refs) > MOST_IMAGES:
        raise Refused(
            f"At most {MOST_IMAGES} images in one request, so that the patient can see what they agree to.", "R9"
        )
    images = [await tx.image_named(ref) for ref in dict.fromkeys(refs)]
    if len({image.patient_id for image in images}) != 1:
        raise Refused("These images are of different people. Please ask each of them separately.", "R15")
    await act_for_the_practice(request.person, images[0], images[0].patient_id, tx)
    if len(said.recipients) + len(line.named) > MOST_RECIPIENTS:
        raise Refused(TOO_MANY_RECIPIENTS, "R9")
    accounts = [*said.recipients, *[await _colleague(name, f"!use {argument}", request, tx) for name in line.named]]
    asked = replace(said, image_ids=tuple(image.id for image in images))
    use = await meant_for(asked, tuple(dict.fromkeys(accounts)), tx)
    if _says_all(use) and not use.recognisable:
        use = replace(use, recognisable=NOT_SAID)
    trouble, rule = await _in_the_way(use, tx)
    if trouble:
        raise Refused(trouble, rule, images[0].id)
    use = await begin(use, request, tx)
    return await next_step(use, tx)


def _says_all(use: Use) -> bool:
    """Return whether one line says all that only the requester knows: whether somebody could be recognised, nobody knows."""
    return use.rule == PURPOSE_SAID and use.until is not None and _in_words(use) is None


async def _colleague(name: str, line: str, request: Request, tx: Transaction) -> Account:
    """Return the account of a colleague who is named; raise `Refused` for nobody, and for several."""
    meant = await whom(name, request.content, tx, lambda account: line.replace(name, account, 1), a_professional)
    if not meant.account:
        raise Refused(not_an_account(name), "R9")
    return meant.account


async def _in_the_way(use: Use, tx: Transaction) -> tuple[str, str]:
    """Return what would refuse it whatever else is said, and the rule, to be said at once and not after five questions."""
    if use.rule == PURPOSE_SAID and use.purpose in tx.policy.uses.never:
        return NEVER_HERE.because, NEVER_HERE.rule
    for image_id in use.image_ids:
        image = await tx.rows.images.get(image_id)
        for account in use.recipients or (NO_ACCOUNT,):
            found = await barred(image, account, tx)
            if found is not None:
                return f"{f'{account}, ' if account else ''}{image.ref}: {found.because}", found.rule
    return "", ""


async def next_step(use: Use, tx: Transaction) -> str | None:
    """Ask the requester for the next thing that is missing; with nothing missing, ask the patient."""
    asker = await tx.person(use.asked_by)
    image = await tx.rows.images.get(use.image_ids[0])

    async def taps(question: str, answers: list[tuple[str, str]]) -> None:
        await tx.ask(
            asker,
            question,
            answers,
            about="use-detail",
            subject=use.id,
            lasts=time_left(use, tx),
            image_id=image.id,
        )

    if use.rule != PURPOSE_SAID:
        await taps(
            f"{image.ref}: what is it to be used for?",
            [(f"purpose:{p.value}", p.value) for p in PURPOSES if p not in tx.policy.uses.never],
        )
        return None
    if not use.recognisable:
        answers = [
            ("recognisable:no", "Probably not"),
            ("recognisable:possibly", "Possibly"),
            ("recognisable:yes", "Yes"),
        ]
        await taps("Could the patient be recognised: face, tattoo, rare condition, the story?", answers)
        return None
    if use.until is None:
        await taps("For how long?", [(f"days:{days}", label) for days, label in PERIODS])
        return None
    missing = _in_words(use)
    if missing is not None:
        return missing
    return await _decide(use, image, tx)


def _in_words(use: Use) -> str | None:
    """Return the exact lines to answer with, for all that only words can say, asked at once; None when nothing is missing."""
    lines = []
    if not use.how:
        lines.append("how: registrar teaching, 12 March")
    if not use.seen_by:
        lines.append("seen by: registrars of the clinic")
    if not use.recipients:
        lines.append("recipient: @teacher:hospital.org")
    if use.purpose in VENUE_NAMED and not use.venue:
        lines.append("venue: Journal of Dermatology")
    if not lines:
        return None
    if not use.intimate:
        lines.append("(If the photo is intimate, add a line: intimate. A yes is then asked for twice.)")
    return "\n".join(("Please answer in your words, for example:", *lines))


DETAIL = re.compile(
    r"^[ \t•·*-]*(how|seen by|recipients?|venue|until|intimate)[ \t]*(?::|(?<=intimate)[.!]?[ \t]*$)[ \t]*",
    re.IGNORECASE | re.MULTILINE,
)


async def detail_in_words(request: Request, tx: Transaction) -> tuple[bool, str | None]:
    """Return whether the words completed a request for use, and what to say."""
    before, *parts = DETAIL.split(request.text)
    if before.strip() or not parts:
        return False, None
    drafts = await tx.rows.uses.asked_by(request.person.id, (UseState.ASKED,))
    open_now = [use for use in drafts if not use.is_advice and _in_words(use) is not None]
    if not open_now:
        return False, None
    if len(request.text) > LONGEST_COMMAND:
        raise Refused("That is too long to show to a patient. Please put it in fewer words.", "R9")
    use, trouble = open_now[-1], ""
    last_said = {field.casefold(): said.strip() for field, said in zip(parts[::2], parts[1::2], strict=True)}
    for field, words in last_said.items():
        match field:
            case "how":
                use = replace(use, how=words)
            case "seen by":
                use = replace(use, seen_by=words)
            case "venue":
                use = replace(use, venue=words)
            case "until":
                use = replace(use, until=end_of(words, tx.now, tx.policy.timezone))
            case "intimate":
                use = replace(use, intimate=words.casefold().strip(".! ") not in {"no", "not"})
            case _:
                use, trouble = await _with_recipients(use, words, request, tx)
    saved = await tx.rows.uses.save(use)
    await tx.ledger_message(request.arrival, image_id=use.image_ids[0])
    await tx.close_polls(use.id)
    asked = await next_step(saved, tx)
    return True, " ".join(filter(None, (trouble, asked))) or None


async def _with_recipients(use: Use, words: str, request: Request, tx: Transaction) -> tuple[Use, str]:
    """Return the use with the people among these words, and what is wrong with them; the rest of the message stays said."""
    words = with_accounts(words, request.content)
    accounts = tuple(account for word in words.split() if (account := as_account(word)))
    if not accounts:
        try:
            named = [name for name in _AND.split(words) if name.strip()]
            accounts = tuple([await _colleague(name, f"recipient: {words}", request, tx) for name in named])
        except Refused as refused:
            return use, refused.text
    if not accounts:
        return use, not_an_account(words)
    if len(accounts) > MOST_RECIPIENTS:
        return use, TOO_MANY_RECIPIENTS
    with_them = await meant_for(use, accounts, tx)
    with_them = replace(with_them, intimate=use.intimate or INTIMATE in words.casefold().split())
    trouble, _ = await _in_the_way(with_them, tx)
    return (use, trouble) if trouble else (with_them, "")


async def detail_by_tap(choice: Choice, request: Request, tx: Transaction) -> str | None:
    use = await tx.rows.uses.get(UseId(choice.subject))
    if use.state is not UseState.ASKED:
        raise Refused(phrases.ANSWERED_ALREADY)
    await tx.close_polls(use.id)
    field, _, value = choice.value.partition(":")
    match field:
        case "purpose":
            use = replace(use, purpose=Purpose(value), rule=PURPOSE_SAID)
        case "recognisable":
            use = replace(use, recognisable=value)
        case _:
            use = replace(use, until=tx.now + timedelta(days=int(value)))
    return await next_step(await tx.rows.uses.save(use), tx)


async def _decide(use: Use, image: Image, tx: Transaction) -> str | None:
    """Judge by the rules, for every image and recipient; then ask the patient."""
    rule = "R9"
    for account in use.recipients:
        for image_id in use.image_ids:
            asked = await tx.rows.images.get(image_id)
            decision = await decide_for(use, asked, account, tx)
            if isinstance(decision, NotAllowed):
                raise Refused(f"{account}, {asked.ref}: {decision.because}", decision.rule, asked.id)
            if isinstance(decision, NeedsConsent):
                rule = decision.rule
    return await request_consent(use, rule, tx)
