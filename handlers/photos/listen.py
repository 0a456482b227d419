"""What a patient writes, or somebody who answers for one, is heard as a deed and done; what is unclear is asked about (R34).

`bot.heard.patient` says what is meant; `around` is what it may be about. Here stands what is done: never more for good than a
tap, a number or a reference allows. Words that do nothing else are filed and passed on.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.core.dispatch import Request
from bot.core.transaction import Transaction
from bot.core.unopened import taker_of
from bot.domain.choices import almost_chosen
from bot.domain.conversation import Open
from bot.domain.deeds import (
    NOT_UNDERSTOOD,
    AskPractice,
    CorrectReason,
    Deed,
    DenyBeing,
    GetCopy,
    GiveAnswer,
    HoldPhoto,
    LosePhone,
    PassOn,
    Puzzle,
    RedeemCode,
    SayStop,
    SayWhoseItIsNot,
    SeeHelp,
    SeeImages,
    StateReason,
    WriteAbout,
)
from bot.domain.image import what_is_missing
from bot.domain.message import Message
from bot.domain.people import Role
from bot.domain.references import references_in
from bot.domain.statement import Missing
from bot.heard.codes import code_in
from bot.heard.patient import Heard, hear
from bot.heard.whose import says_not_me, shows_somebody_else
from bot.words import greetings, phrases, to_patients, to_whoever_asks_back
from handlers.incidents.lost import ask_whether_lost
from handlers.people.not_me import is_newcomer, not_me
from handlers.team.show_help import show_help

from . import hold_photo
from .answer_open import answer_open, choose, only_a_clear_answer, pass_on_or_choose
from .answer_question import answers_another, state_reason
from .around import Surroundings, look_around, written_in
from .correct import correct
from .my_copy import send_copy
from .my_images import my_images
from .pass_on import pass_on, say_passed_on
from .photo_meant import photo_meant
from .somebody_else import shows_another
from .stop_what import ask_what_to_stop, photos_to_stop
from .which_to_hold import photos_to_hold
from .written_about import latest_sent

_BEGINS_WITH_A_NUMBER = re.compile(r"\s*[0-9]{1,2}\b")
_ORDER = (Open.CONSENT, Open.WITHDRAW, Open.WHICH, Open.REASON)  # a wrong answer would do the most harm to the first


async def listen(request: Request, tx: Transaction) -> Message | None:
    """Hear the words, do what is meant, and return what to say."""
    return await do(await hear_around(request, tx))


async def hear_around(request: Request, tx: Transaction) -> Surroundings:
    """Hear the words, by what they may be about; nothing is done yet."""
    around = await look_around(request, tx)
    heard, under = await _hear(around)
    if not isinstance(heard.deed, HoldPhoto | LosePhone) and shows_somebody_else(request.text):
        heard = replace(heard, deed=SayWhoseItIsNot())  # in the words that the help shows, whatever is open
    if says_not_me(request.text) and await is_newcomer(request.person, tx):
        heard = replace(heard, deed=DenyBeing())
    return replace(around, heard=heard, under=under)


async def do(around: Surroundings) -> Message | None:
    """Do what was heard, and return what to say."""
    if around.heard.alarm and type(around.heard.deed) in _PASSES_NOTHING_ON:
        await pass_on(around)  # such words reach the team, whatever else they are
    return await _DOING[type(around.heard.deed)](around)


def is_certain(around: Surroundings) -> bool:
    """Return whether somebody who works here clearly answers about a photo they sent, or speaks as the patient they are too.

    Unsaid, it is said as staff (R33), and what is not certain of staff does nothing.
    """
    deed, under, named = around.heard.deed, around.under, references_in(around.request.text)
    if isinstance(deed, GiveAnswer) and around.asked_otherwise and not (deed.number or named):
        return False
    if not around.request.person.may_act_as(Role.PATIENT):
        return under is Open.WITHDRAW and isinstance(deed, GiveAnswer)
    match deed:
        case HoldPhoto() | SayWhoseItIsNot():
            return any(not named or image.ref in named for image in around.theirs)
        case SayStop():
            return bool(around.theirs or around.requests)
        case GiveAnswer() | StateReason():
            return under is not None
        case LosePhone() | CorrectReason():
            return True
    return bool(around.heard.alarm and around.theirs)


async def _hear(around: Surroundings) -> tuple[Heard, Open | None]:
    """Hear the words as an answer to what is open, the gravest first, until they are one; or else as words about a photo."""
    said = await written_in(around)
    waiting = [kind for kind in _ORDER if kind in around.questions or (kind is Open.CONSENT and around.requests)]
    if Open.REASON in waiting and not _BEGINS_WITH_A_NUMBER.match(around.request.text):
        waiting = [kind for kind in waiting if kind is not Open.WHICH]
    withdraw = around.withdraw
    if withdraw is not None and await answers_another(withdraw, around.request, around.tx):
        waiting = [kind for kind in waiting if kind is not Open.WITHDRAW]
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


# ---- doing it


async def _hold(around: Surroundings) -> Message | None:
    request, tx = around.request, around.tx
    meant = await photos_to_hold(around)
    if not meant:
        await tx.ledger_message(request.arrival)
        return to_whoever_asks_back.nothing_to_take_back(tx.policy.practice)
    await hold_photo.hold_photos(meant, request.text, request, tx)
    return None


async def _stop(around: Surroundings) -> Message | None:
    await around.tx.ledger_message(around.request.arrival)
    latest = latest_sent(around.theirs, around.request.person)
    photos = await photos_to_stop(around.theirs, latest, around.tx)
    return await ask_what_to_stop(photos, around.requests, around.request, around.tx)


async def _lose_phone(around: Surroundings) -> Message | None:
    await around.tx.ledger_message(around.request.arrival)
    await ask_whether_lost(around.request, around.tx)
    return None


async def _ask_practice(around: Surroundings) -> Message | None:
    """Pass a question on, and say what is known; what was asked of them stays asked."""
    passed = await pass_on(around)
    if passed.image is None:
        return passed.said
    if around.under is Open.CONSENT and almost_chosen(around.request.text, around.requests, around.tx.now) is not None:
        return await only_a_clear_answer(around)  # "yes 4821?"
    taker = await taker_of(around.tx, passed.image)
    stands = to_patients.how_it_stands(passed.image, taker.name if taker else "")
    return await say_passed_on(passed, around, stands, to_patients.what_is_it_about() if around.reason else None)


async def _not_theirs(around: Surroundings) -> Message | None:
    named = await photo_meant(around.request, around.tx)
    said = await shows_another(named, around.request, around.tx)
    return said if said is not None else await pass_on_or_choose(around)


async def _reason(around: Surroundings) -> Message | None:
    """Take the words for what the photos are about, or for whose they are, unless they name another (R15)."""
    if around.under is Open.WHICH:
        return await choose(around)
    question = around.reason
    if (
        question is None
        or around.under is not Open.REASON
        or await answers_another(question, around.request, around.tx)
    ):
        return await pass_on_or_choose(around)
    await around.tx.ledger_message(around.request.arrival, image_id=question.image_ids[0])
    await state_reason(question, around.request.text, around.tx)
    return None


async def _images(around: Surroundings) -> Message | None:
    await around.tx.ledger_message(around.request.arrival)
    await my_images(SeeImages(), around.request, around.tx)
    return None


async def _copy(around: Surroundings) -> Message | None:
    await around.tx.ledger_message(around.request.arrival)
    return await send_copy(GetCopy(), around.request, around.tx)


async def _help(around: Surroundings) -> Message | None:
    await around.tx.ledger_message(around.request.arrival)
    return await show_help(SeeHelp(), around.request, around.tx)


async def _correct(around: Surroundings) -> Message | None:
    deed = around.heard.deed
    assert isinstance(deed, CorrectReason)
    return await correct(deed, around.request, around.tx)


async def _not_me(around: Surroundings) -> Message | None:
    await not_me(around.request, around.tx)
    return None


async def _code(around: Surroundings) -> Message | None:
    return greetings.code_elsewhere()


async def _puzzle(around: Surroundings) -> Message | None:
    """Pass unclear words on and ask; where they may take a photo back more than anything else, it is held meanwhile."""
    deed = around.heard.deed
    assert isinstance(deed, Puzzle)
    likely = deed.likely
    if likely[0] == "hold":
        return await _hold(around)
    if around.under is Open.WHICH:
        return await choose(around)
    passed = await pass_on(around)
    image = passed.image
    if around.under is Open.CONSENT:
        return await only_a_clear_answer(around)
    if around.under is Open.WITHDRAW and around.withdraw is not None:
        images = await around.tx.rows.images.among(around.withdraw.image_ids)
        return await say_passed_on(passed, around, to_patients.which_to_withdraw([image.ref for image in images]))
    if "lost phone" in likely:
        if (left := await say_passed_on(passed, around)) is not None:
            await around.tx.say(around.request.room.address, left)
        await ask_whether_lost(around.request, around.tx)
        return None
    more = [to_patients.perhaps_not_theirs()] if "not me" in likely else []
    more += [to_patients.how_to_withdraw()] if "hold" in likely and image is not None else []
    # It may be an emergency in words that nobody thought of: the sentence does no harm where it is none.
    if set(NOT_UNDERSTOOD) <= set(likely) and not around.heard.alarm:
        more.append(phrases.as_configured(around.tx.policy.emergency_text))
    if around.reason is not None and image is not None and Missing.PURPOSE in what_is_missing(image):
        more.append(to_patients.still_to_say() if "hold" in likely else to_patients.what_is_it_about())
    return await say_passed_on(passed, around, *more)


async def is_a_code(request: Request, tx: Transaction) -> bool:
    """Whether an invitation's code stands in the words: as it is shown, or of an invitation that there is."""
    code = code_in(request.text)
    return code is not None and await tx.rows.invitations.with_selector(code.selector) is not None


_PASSES_NOTHING_ON = frozenset({GiveAnswer, SayStop, LosePhone, SeeImages, GetCopy, SeeHelp})
_DOING: Mapping[type, Callable[[Surroundings], Awaitable[Message | None]]] = MappingProxyType(
    {
        GiveAnswer: answer_open,
        HoldPhoto: _hold,
        SayStop: _stop,
        LosePhone: _lose_phone,
        AskPractice: _ask_practice,
        SayWhoseItIsNot: _not_theirs,
        StateReason: _reason,
        WriteAbout: pass_on_or_choose,
        PassOn: pass_on_or_choose,
        RedeemCode: _code,
        DenyBeing: _not_me,
        SeeImages: _images,
        GetCopy: _copy,
        CorrectReason: _correct,
        SeeHelp: _help,
        Puzzle: _puzzle,
    }
)
