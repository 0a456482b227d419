"""What a patient writes, or somebody who answers for one, is heard as a deed and done; what is unclear is asked about (R34).

`bot.heard.patient` says what is meant, from the words and what is open for them. Here stands what they may be about, and what
is done: never more for good than a tap, a number or a reference allows. Words that do nothing else are filed and passed on.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from bot.core.dispatch import Request, make_choice
from bot.core.documents import REPLY
from bot.core.transaction import Transaction
from bot.domain.choices import Choice, almost_chosen
from bot.domain.conversation import About, Question
from bot.domain.deeds import (
    AskPractice,
    CorrectReason,
    Deed,
    GetCopy,
    GiveAnswer,
    HoldPhoto,
    LosePhone,
    PassOn,
    PlainAnswer,
    Puzzle,
    RedeemCode,
    SayStop,
    SayWhoseItIsNot,
    SeeHelp,
    SeeImages,
    StateReason,
    WriteAbout,
)
from bot.domain.entries import EntryKind
from bot.domain.identifiers import EventId, UseId
from bot.domain.image import HeldFor, Image, what_is_missing
from bot.domain.statement import Missing
from bot.heard.codes import code_in
from bot.heard.patient import HangsOn, Heard, Open, Written, hear
from bot.heard.whose import shows_somebody_else
from bot.words import about_uses, greetings, to_patients, to_whoever_asks_back
from handlers.command_table import show_help
from handlers.incidents.lost import ask_whether_lost
from handlers.uses import consent_answer

from . import hold_photo
from .answer_question import answers_another, choose_patient, state_reason
from .correct import correct
from .my_copy import my_copy
from .my_images import my_images
from .own_image import answers_for_others, own_images
from .pass_on import latest_sent, pass_on, taker_of
from .photo_meant import event_replied_to, photo_meant, photos_meant
from .somebody_else import shows_another
from .stop_what import ask_what_to_stop

_OPEN = {About.WITHDRAW: Open.WITHDRAW, About.PATIENT: Open.WHICH, About.REASON: Open.REASON}
_BEGINS_WITH_A_NUMBER = re.compile(r"\s*[0-9]{1,2}\b")
_ORDER = (Open.CONSENT, Open.WITHDRAW, Open.WHICH, Open.REASON)  # a wrong answer would do the most harm to the first


@dataclass(frozen=True, slots=True)
class _Around:
    """What their words may be about, as it stands now."""

    request: Request
    tx: Transaction
    theirs: list[Image]  # oldest first
    questions: Mapping[Open, Question]  # the first of each kind
    requests: list[Choice]  # answers to requests for consent that they may still give
    heard: Heard = field(default_factory=lambda: Heard(PassOn()))
    under: Open | None = None  # the question that the words were heard to answer

    @property
    def reason(self) -> Question | None:
        return self.questions.get(Open.REASON)

    @property
    def withdraw(self) -> Question | None:
        return self.questions.get(Open.WITHDRAW)


async def listen(request: Request, tx: Transaction) -> str | None:
    """Hear the words, do what is meant, and return what to say."""
    around = await _around(request, tx)
    heard, under = await _hear(around)
    if not isinstance(heard.deed, HoldPhoto | LosePhone) and shows_somebody_else(request.text)[0]:
        heard = replace(heard, deed=SayWhoseItIsNot())  # in the words that the help shows, whatever is open
    around = replace(around, heard=heard, under=under)
    if heard.alarm and type(heard.deed) in _PASSES_NOTHING_ON:
        await pass_on(request, tx)  # such words reach the team, whatever else they are
    return await _DOING[type(heard.deed)](around)


async def _around(request: Request, tx: Transaction) -> _Around:
    open_now = await tx.rows.choices.open_of_person(request.person.id)
    requests = [choice for choice in open_now if choice.about == "specific-consent" and tx.now < choice.expires_at]
    questions: dict[Open, Question] = {}
    for question in await tx.rows.questions.open_of_person(request.person.id):
        if question.about in _OPEN:
            questions.setdefault(_OPEN[question.about], question)
    return _Around(request, tx, await own_images(request.person, tx), questions, requests)


async def _hear(around: _Around) -> tuple[Heard, Open | None]:
    """Hear the words as an answer to what is open, the gravest first, until they are one; or else as words about a photo."""
    said = await _said(around)
    waiting = [kind for kind in _ORDER if kind in around.questions or (kind is Open.CONSENT and around.requests)]
    if Open.REASON in waiting and not _BEGINS_WITH_A_NUMBER.match(around.request.text):
        waiting = [kind for kind in waiting if kind is not Open.WHICH]
    more = around.tx.policy.alarm_words
    if waiting[:1] == [Open.CONSENT] and isinstance((alone := hear(said, more)).deed, SayStop):
        return alone, None  # what is to be stopped is asked: the request, or a photo
    for last, one in zip([False] * (len(waiting) - 1) + [True], waiting, strict=False):
        heard = hear(replace(said, open=frozenset({one})), more)
        if last or not _answers_nothing(heard.deed):
            return heard, one
    return hear(said, more), None


def _answers_nothing(deed: Deed | Puzzle) -> bool:
    """Whether it may be meant for something else that is open."""
    return isinstance(deed, WriteAbout) or (isinstance(deed, Puzzle) and "pass on" in deed.likely)


async def _said(around: _Around) -> Written:
    request, tx = around.request, around.tx
    return Written(
        request.text,
        hangs_on=await _hangs_on(around),
        photos=len(around.theirs),
        refs=frozenset(image.ref for image in around.theirs),
        numbers=frozenset(choice.number for choice in around.requests if choice.number),
        name=request.person.name,
        answers_for_others=await answers_for_others(request.person, tx),
    )


async def _hangs_on(around: _Around) -> HangsOn | None:
    event_id = event_replied_to(around.request)
    if not event_id:
        return None
    copies = await around.tx.rows.copies.of_event(EventId(event_id), around.request.room.id)
    if any(copy.post_key.startswith(REPLY) for copy in copies):
        return HangsOn.CLINICIAN
    if any(copy.post_key.startswith("asked:") for copy in copies):
        return None  # a question: the reply is an answer like any other
    sent = any(image.event_id == event_id for image in around.theirs)
    return HangsOn.PHOTO if sent or any(copy.image_id for copy in copies) else None


# ---- doing it


async def _answer(around: _Around) -> str | None:
    answer = around.heard.deed
    assert isinstance(answer, GiveAnswer)
    if around.under is Open.CONSENT:
        return await _answer_request(answer, around)
    if around.under is Open.WITHDRAW and around.withdraw is not None:
        return await _answer_withdraw(answer, around.withdraw, around)
    if around.under is Open.WHICH:
        return await _choose(around)
    if around.under is Open.REASON:
        await around.tx.ledger_message(around.request.arrival)
        return to_patients.NO_HURRY
    return await _pass_on(around)


async def _answer_request(answer: GiveAnswer, around: _Around) -> str | None:
    """Give an answer that is clear; a yes has its number, and a no too where several requests are open (R13, R32)."""
    choice = await _choice_meant(answer, around)
    if choice is None:
        return await _unclear_about_request(around)
    await make_choice(choice, around.request.person.id, around.tx)
    return await consent_answer.answer(choice, around.request, around.tx)


async def _choice_meant(answer: GiveAnswer, around: _Around) -> Choice | None:
    if answer.answer is PlainAnswer.YES and not answer.number:
        return None
    values = {PlainAnswer.YES: ("yes", "sure"), PlainAnswer.NO: ("no",), PlainAnswer.LATER: ("later",)}[answer.answer]
    able = [
        choice
        for choice in around.requests
        if choice.value in values and choice.number and answer.number in {"", choice.number}
    ]
    if len({choice.subject for choice in able}) != 1:
        return None
    if answer.ref:
        use = await around.tx.rows.uses.get(UseId(able[-1].subject))
        if answer.ref not in {image.ref for image in await around.tx.rows.images.among(use.image_ids)}:
            return None
    return able[-1]


async def _unclear_about_request(around: _Around) -> str | None:
    await pass_on(around.request, around.tx)
    return await _only_a_clear_answer(around)


async def _only_a_clear_answer(around: _Around) -> str:
    numbers = [choice.number for choice in around.requests if choice.number]
    latest = around.requests[-1]
    await around.tx.audit(around.request.person.id, "answer.unclear", latest.poll_id)
    return about_uses.UNCLEAR_ANSWER.format(number=numbers[-1] if numbers else "")


async def _answer_withdraw(answer: GiveAnswer, question: Question, around: _Around) -> str | None:
    request, tx = around.request, around.tx
    images = await tx.rows.images.among(question.image_ids)
    refs = [image.ref for image in images]
    named = {image.id for image in images if image.ref in {answer.ref, *(image.ref for image in await _named(around))}}
    if answer.answer is PlainAnswer.LATER:
        await tx.ledger_message(request.arrival, image_id=images[0].id)
        return to_whoever_asks_back.until_you_answer(refs)
    if answer.answer is PlainAnswer.NO:
        return await hold_photo.settle(question, (), named or question.image_ids, request, tx)
    if answer.ref and named:
        return await hold_photo.settle(question, named, (), request, tx)
    # Perhaps said before, and held back by the homeserver until it could be an answer to this.
    await tx.ledger_message(request.arrival, image_id=images[0].id)
    return to_patients.which_to_withdraw(refs[0])


async def _named(around: _Around) -> list[Image]:
    return await photos_meant(around.request, around.tx)


async def _hold(around: _Around) -> str | None:
    request, tx = around.request, around.tx
    meant = await _photos_to_hold(around)
    if not meant:
        await tx.ledger_message(request.arrival)
        return to_whoever_asks_back.NOTHING_TO_TAKE_BACK.format(practice=tx.policy.practice)
    await hold_photo.hold_photos(meant, request.text, request, tx)
    return None


async def _photos_to_hold(around: _Around) -> list[Image]:
    """Return the photos meant: named or replied to, else those of what is open, else what was last sent or written about."""
    theirs = [image for image in around.theirs if image.held_for is not HeldFor.WITHDRAWAL]
    known = {image.id: image for image in theirs}
    if await photo_meant(around.request, around.tx) is not None:
        return [image for image in await _named(around) if image.id in known]
    for asked in (around.requests, around.withdraw, around.questions.get(Open.WHICH), around.reason):
        if isinstance(asked, Question):
            found = [known[image_id] for image_id in asked.image_ids if image_id in known]
        elif asked:
            use = await around.tx.rows.uses.get(UseId(asked[-1].subject))
            found = [known[image_id] for image_id in use.image_ids if image_id in known]
        else:
            continue
        if found:
            return found
    latest = await _last_talked_of(theirs, around)
    return [latest] if latest is not None else []


async def _last_talked_of(theirs: list[Image], around: _Around) -> Image | None:
    """Return the photo that a clinician wrote to them about, unless they have sent another since."""
    sent = latest_sent(theirs, around.request.person)
    known = {image.id: image for image in theirs}
    written = [
        document
        for document in await around.tx.rows.documents.of_images(list(known))
        if document.kind is EntryKind.REPLY and document.reader_id == around.request.person.id
    ]
    latest = max(written, key=lambda document: document.at, default=None)
    if latest is None or (sent is not None and sent.received_at > latest.at):
        return sent
    return known[latest.image_id]


async def _stop(around: _Around) -> str | None:
    await around.tx.ledger_message(around.request.arrival)
    latest = latest_sent(around.theirs, around.request.person)
    return await ask_what_to_stop(latest, around.requests, around.request, around.tx)


async def _lose_phone(around: _Around) -> str | None:
    await around.tx.ledger_message(around.request.arrival)
    return await ask_whether_lost(around.request, around.tx)


async def _ask_practice(around: _Around) -> str | None:
    """Pass a question on, and say what is known; what was asked of them stays asked."""
    image, passed_on = await pass_on(around.request, around.tx, await _of_question(around))
    if image is None:
        return passed_on
    if around.under is Open.CONSENT and almost_chosen(around.request.text, around.requests, around.tx.now) is not None:
        return await _only_a_clear_answer(around)  # "yes 4821?"
    answered = f"{passed_on} {to_patients.how_it_stands(image, await taker_of(image, around.tx))}"
    return f"{answered} {to_patients.WHAT_IS_IT_ABOUT}" if around.reason is not None else answered


async def _of_question(around: _Around) -> Image | None:
    """Return the photo that is asked about, where the words name no other."""
    asked = around.reason or around.questions.get(Open.WHICH) or around.withdraw
    if asked is None or await _named(around):
        return None
    return next((image for image in reversed(around.theirs) if image.id in asked.image_ids), None)


async def _not_theirs(around: _Around) -> str | None:
    named = await photo_meant(around.request, around.tx)
    done, say = await shows_another(named.ref if named is not None else "", around.request, around.tx)
    return say if done else await _pass_on(around)


async def _reason(around: _Around) -> str | None:
    """Take the words for what the photos are about, or for whose they are, unless they name another (R15)."""
    if around.under is Open.WHICH:
        return await _choose(around)
    question = around.reason
    if (
        question is None
        or around.under is not Open.REASON
        or await answers_another(question, around.request, around.tx)
    ):
        return await _pass_on(around)
    await around.tx.ledger_message(around.request.arrival, image_id=question.image_ids[0])
    await state_reason(question, around.request.text, around.tx)
    return None


async def _choose(around: _Around) -> str | None:
    question = around.questions[Open.WHICH]
    if await answers_another(question, around.request, around.tx):
        return await _pass_on(around)
    return await choose_patient(question, around.request, around.tx)


async def _pass_on(around: _Around) -> str | None:
    if around.under is Open.WHICH and not await answers_another(
        around.questions[Open.WHICH], around.request, around.tx
    ):
        return await choose_patient(around.questions[Open.WHICH], around.request, around.tx)
    _, passed_on = await pass_on(around.request, around.tx)
    numbered = await around.tx.rows.choices.open_of_person(around.request.person.id, needs_number=True)
    almost = almost_chosen(around.request.text, numbered, around.tx.now)
    if almost is None:
        return passed_on
    await around.tx.audit(around.request.person.id, "answer.unclear", almost.poll_id)
    return about_uses.UNCLEAR_ANSWER.format(number=almost.number)


async def _images(around: _Around) -> str | None:
    await around.tx.ledger_message(around.request.arrival)
    return await my_images(around.request, around.tx)


async def _copy(around: _Around) -> str | None:
    await around.tx.ledger_message(around.request.arrival)
    return await my_copy(around.request, around.tx)


async def _help(around: _Around) -> str | None:
    await around.tx.ledger_message(around.request.arrival)
    return await show_help(around.request, around.tx)


async def _correct(around: _Around) -> str | None:
    deed = around.heard.deed
    assert isinstance(deed, CorrectReason)
    return await correct(replace(around.request, argument=f"{deed.ref} {deed.words}"), around.tx)


async def _code(around: _Around) -> str | None:
    return greetings.CODE_ELSEWHERE


async def _puzzle(around: _Around) -> str | None:
    """Pass unclear words on and ask; where they may take a photo back more than anything else, it is held meanwhile."""
    deed = around.heard.deed
    assert isinstance(deed, Puzzle)
    likely = deed.likely
    if likely[0] == "hold":
        return await _hold(around)
    if around.under is Open.WHICH:
        return await _choose(around)
    image, passed_on = await pass_on(around.request, around.tx, await _of_question(around))
    if around.under is Open.CONSENT:
        return await _only_a_clear_answer(around)
    if around.under is Open.WITHDRAW and around.withdraw is not None:
        images = await around.tx.rows.images.among(around.withdraw.image_ids)
        return f"{passed_on} {to_patients.which_to_withdraw(images[0].ref)}"
    if "lost phone" in likely:
        if passed_on:
            await around.tx.say(around.request.room.address, passed_on)
        return await ask_whether_lost(around.request, around.tx)
    more = [to_patients.PERHAPS_NOT_THEIRS] if "not me" in likely else []
    more += [to_patients.HOW_TO_WITHDRAW] if "hold" in likely and image is not None else []
    if around.reason is not None and image is not None and Missing.PURPOSE in what_is_missing(image):
        more.append(to_patients.STILL_TO_SAY if "hold" in likely else to_patients.WHAT_IS_IT_ABOUT)
    return " ".join([passed_on, *more])


async def is_a_code(request: Request, tx: Transaction) -> bool:
    """Whether an invitation's code stands in the words: as it is shown, or of an invitation that there is."""
    code = code_in(request.text)
    return code is not None and await tx.rows.invitations.with_selector(code.selector) is not None


_PASSES_NOTHING_ON = frozenset({GiveAnswer, SayStop, LosePhone, SeeImages, GetCopy, SeeHelp})
_DOING: Mapping[type, Callable[[_Around], Awaitable[str | None]]] = MappingProxyType(
    {
        GiveAnswer: _answer,
        HoldPhoto: _hold,
        SayStop: _stop,
        LosePhone: _lose_phone,
        AskPractice: _ask_practice,
        SayWhoseItIsNot: _not_theirs,
        StateReason: _reason,
        WriteAbout: _pass_on,
        PassOn: _pass_on,
        RedeemCode: _code,
        SeeImages: _images,
        GetCopy: _copy,
        CorrectReason: _correct,
        SeeHelp: _help,
        Puzzle: _puzzle,
    }
)
