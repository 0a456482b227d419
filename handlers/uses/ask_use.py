"""`!use IMG-7F3K for education "registrar teaching" seen by "registrars" until 2027-03-31 recipient @teacher:x`: another purpose.

The requester is first asked for everything that the patient must be told (R9): the purpose, how it will be used, who will see
it, whether they could be recognised, until when, and where, if it is published or posted (R11). One line does it. Whatever the
line lacks is asked for: by taps, and in one message for all that only words can say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import partial

from bot.core.dispatch import Request
from bot.core.polls import ask, close_polls
from bot.core.transaction import Transaction
from bot.core.uses.begin import begin, time_left
from bot.core.uses.judge import barred, decide_for, meant_for
from bot.core.uses.request_consent import request_consent
from bot.core.who_is_meant import a_professional, whom
from bot.domain.choices import Choice
from bot.domain.deeds import Missaid
from bot.domain.errors import Refused
from bot.domain.identifiers import NO_ACCOUNT, Account, UseId
from bot.domain.image import Image
from bot.domain.message import Message, together
from bot.domain.people import Person
from bot.domain.purposes import BEYOND_CARE, Purpose
from bot.domain.staff_deeds import AskUse, UseWanted
from bot.domain.use import NOT_SAID, DetailsSaid, Use, UseState, decide
from bot.domain.use_rules import (
    MOST_IMAGES,
    MOST_RECIPIENTS,
    NEVER_HERE,
    NOT_ENROLLED,
    VENUE_NAMED,
    NeedsConsent,
    NotAllowed,
)
from bot.words import about_barred_uses, about_requests, about_uses, phrases
from bot.words.about_typed_lines import too_many_recipients
from handlers.people.two_people import act_for_the_practice

from .ask_to_enrol import ask_to_enrol

Instead = Callable[[UseWanted, Request, str, Account], str]  # the line to write, with an account instead of a name
PERIODS = ((30, "One month"), (182, "Six months"), (365, "One year"))


async def ask_use(deed: AskUse, request: Request, tx: Transaction) -> Message | None:
    if len(deed.refs) > MOST_IMAGES:
        raise Refused(about_requests.too_many_images(MOST_IMAGES), "R9")
    images = [await tx.image_named(ref) for ref in dict.fromkeys(deed.refs)]
    if len({image.patient_id for image in images}) != 1:
        raise Refused(about_requests.of_different_people(), "R15")
    await act_for_the_practice(request.person, images[0], images[0].patient_id, tx)
    ids = tuple(image.id for image in images)
    draft = Use(UseId(tx.ids.new()), ids, request.person.id, tx.now, Purpose.OTHER, ())
    said, accounts = filled_in(draft, deed.wanted, tx), await _recipients(deed.wanted, request, tx, _in_the_message)
    use = await meant_for(said, accounts, tx)
    if _says_all(use) and not use.recognisable:
        use = decide(use, DetailsSaid(recognisable=NOT_SAID))
    barrier = await _in_the_way(use, tx)
    if barrier is not None:
        unknown = await _not_enrolled(use, images[0], tx)
        if unknown:
            return await ask_to_enrol(unknown, images[0], request, tx)
        raise Refused(barrier.because, barrier.rule, images[0].id)
    use = await begin(use, request, tx)
    return await next_step(use, tx)


def filled_in(use: Use, wanted: UseWanted, tx: Transaction) -> Use:
    """Return the use with what was said of it; what was not said stays as it was. Recipients come by `meant_for`."""
    said = DetailsSaid(
        purpose=wanted.purpose,
        how=wanted.how,
        seen_by=wanted.seen_by,
        recognisable=wanted.recognisable,
        venue=wanted.venue,
        until=datetime.combine(wanted.until, time.max, tx.policy.timezone) if wanted.until is not None else None,
        deidentified=wanted.deidentified,
        intimate=wanted.intimate,
    )
    return decide(use, said)


def _says_all(use: Use) -> bool:
    """Return whether one line says all that only the requester knows: whether somebody could be recognised, nobody knows."""
    return not use.lacks_purpose and use.until is not None and not _in_words(use)


async def _recipients(wanted: UseWanted, request: Request, tx: Transaction, instead: Instead) -> tuple[Account, ...]:
    """Return the accounts of all whom it names; raise `Refused` for nobody's name, for several people's, and for too many."""
    if len(wanted.recipients) + len(wanted.named) > MOST_RECIPIENTS:
        raise Refused(too_many_recipients(MOST_RECIPIENTS), "R9")
    accounts = list(wanted.recipients)
    for name in wanted.named:
        meant = await whom(name, request.content, tx, partial(instead, wanted, request, name), a_professional)
        if not meant.account:
            raise Refused(about_uses.not_an_account(name), "R9")
        accounts.append(meant.account)
    return tuple(dict.fromkeys(accounts))


def _in_the_message(wanted: UseWanted, request: Request, name: str, account: Account) -> str:
    """Return the message as it was written, with the account instead of the name."""
    return request.said.naming(account, name) or f"recipient {account}"


def _in_its_line(wanted: UseWanted, request: Request, name: str, account: Account) -> str:
    return f"recipient: {', '.join(account if named == name else named for named in wanted.named)}"


async def _in_the_way(use: Use, tx: Transaction) -> NotAllowed | None:
    """Return what would refuse it whatever else is said, to be said at once and not after five questions."""
    if not use.lacks_purpose and use.purpose in tx.policy.uses.never:
        return NEVER_HERE
    for image_id in use.image_ids:
        image = await tx.rows.images.get(image_id)
        for account in use.recipients or (NO_ACCOUNT,):
            found = await barred(image, account, use.asked_by, tx)
            if found is not None:
                return replace(found, because=about_barred_uses.named(image.ref, found.because, account))
    return None


async def _not_enrolled(use: Use, image: Image, tx: Transaction) -> Account:
    """Return the first recipient whom nothing keeps out but that nobody has enrolled them; "" if there is none."""
    for account in use.recipients:
        if await barred(image, account, use.asked_by, tx) == NOT_ENROLLED and not await tx.holder(account):
            return account
    return NO_ACCOUNT


async def next_step(use: Use, tx: Transaction) -> Message | None:
    """Ask the requester for the next thing that is missing; with nothing missing, ask the patient."""
    asker = await tx.person(use.asked_by)
    image = await tx.rows.images.get(use.image_ids[0])

    async def taps(question: str, answers: list[tuple[str, str]]) -> None:
        await ask(
            tx,
            asker,
            question,
            answers,
            about="use-detail",
            subject=use.id,
            lasts=time_left(use, tx),
            image_id=image.id,
        )

    if use.lacks_purpose:
        await taps(
            about_requests.what_for(image.ref),
            [(f"purpose:{p.value}", p.value) for p in BEYOND_CARE if p not in tx.policy.uses.never],
        )
        return None
    if not use.recognisable:
        answers = [(f"recognisable:{value}", label) for value, label in about_requests.RECOGNISABLE_ANSWERS]
        await taps(about_requests.RECOGNISABLE, answers)
        return None
    if use.until is None:
        await taps(about_requests.HOW_LONG, [(f"days:{days}", label) for days, label in PERIODS])
        return None
    missing = _in_words(use)
    if missing:
        return about_requests.please_answer(missing, use.intimate)
    return await _decide(use, image, tx)


def _in_words(use: Use) -> tuple[str, ...]:
    """Return what is missing that only words can say, all of it, as it is asked for at once."""
    said = {"how": use.how, "seen by": use.seen_by, "recipient": use.recipients}
    if use.purpose in VENUE_NAMED:
        said["venue"] = use.venue
    return tuple(name for name, value in said.items() if not value)


async def details_meant_for(person: Person, tx: Transaction) -> Use | None:
    """Return the request for use that details in words complete."""
    drafts = await tx.rows.uses.asked_by(person.id, (UseState.ASKED,))
    open_now = [use for use in drafts if not use.is_advice and _in_words(use)]
    return open_now[-1] if open_now else None


async def details_in_words(use: Use, wanted: UseWanted | Missaid, request: Request, tx: Transaction) -> Message | None:
    if isinstance(wanted, Missaid):
        raise Refused(wanted.said, wanted.rule)
    use, trouble = await _with_recipients(filled_in(use, wanted, tx), wanted, request, tx)
    saved = await tx.rows.uses.save(use)
    await tx.ledger_message(request.arrival, image_id=use.image_ids[0])
    await close_polls(tx, use.id)
    asked = await next_step(saved, tx)
    return together((trouble, asked))


async def _with_recipients(
    use: Use, wanted: UseWanted, request: Request, tx: Transaction
) -> tuple[Use, Message | None]:
    """Return the use with the people who are named, or what is wrong with them; the rest of the message stays said."""
    try:
        accounts = await _recipients(wanted, request, tx, _in_its_line)
    except Refused as refused:
        return use, refused.said
    if not accounts:
        return use, None
    with_them = await meant_for(use, accounts, tx)
    barrier = await _in_the_way(with_them, tx)
    return (with_them, None) if barrier is None else (use, barrier.because)


async def detail_by_tap(choice: Choice, request: Request, tx: Transaction) -> Message | None:
    use = await tx.rows.uses.get(UseId(choice.subject))
    if use.state is not UseState.ASKED:
        raise Refused(phrases.answered_already())
    await close_polls(tx, use.id)
    field, _, value = choice.value.partition(":")
    match field:
        case "purpose":
            said = DetailsSaid(purpose=Purpose(value))
        case "recognisable":
            said = DetailsSaid(recognisable=value)
        case _:
            said = DetailsSaid(until=tx.now + timedelta(days=int(value)))
    return await next_step(await tx.rows.uses.save(decide(use, said)), tx)


async def _decide(use: Use, image: Image, tx: Transaction) -> Message | None:
    """Judge by the rules, for every image and recipient; then ask the patient."""
    rule = "R9"
    for account in use.recipients:
        for image_id in use.image_ids:
            asked = await tx.rows.images.get(image_id)
            decision = await decide_for(use, asked, account, tx)
            if isinstance(decision, NotAllowed):
                raise Refused(about_barred_uses.named(asked.ref, decision.because, account), decision.rule, asked.id)
            if isinstance(decision, NeedsConsent):
                rule = decision.rule
    return await request_consent(use, rule, tx)
