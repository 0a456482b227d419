"""What a patient writes, or somebody who answers for one, is heard as a deed and done; what is unclear is asked about (R34).

`around` has them heard, by what they may be about. Here stands what is done: never more for good than a tap, a number or a
reference allows. Words that do nothing else are filed and passed on.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType

from bot.core.dispatch import Request
from bot.core.transaction import Transaction
from bot.core.unopened import taker_of
from bot.domain.conversation import About, Open
from bot.domain.deeds import (
    NOT_UNDERSTOOD,
    AskPractice,
    CorrectReason,
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
from bot.domain.image import Image, what_is_missing
from bot.domain.message import Message
from bot.domain.people import Role
from bot.domain.statement import Missing
from bot.words import about_somebody_else, about_whose, greetings, phrases, to_patients, to_whoever_asks_back
from handlers.incidents.lost import ask_whether_lost
from handlers.people.not_me import not_me
from handlers.team.show_help import show_help

from . import hold_photo
from .answer_open import answer_open, choose, only_a_clear_answer, pass_on_or_choose
from .answer_question import choose_again, state_reason
from .around import Surroundings, hear_around
from .ask_what_is_missing import ask_next
from .correct import correct
from .family_of import whose_they_are
from .my_copy import send_copy
from .my_images import my_images
from .pass_on import pass_on, say_passed_on
from .somebody_else import shows_another
from .stop_what import ask_what_to_stop, photos_to_stop
from .which_to_hold import photos_of_somebody_else, photos_they_speak_of, photos_to_hold
from .whose_after_all import doubt_whose
from .whose_again import naming_another, reason_of_another
from .written_about import latest_sent


async def listen(request: Request, tx: Transaction) -> Message | None:
    """Hear the words, do what is meant, and return what to say."""
    return await do(await hear_around(request, tx))


async def do(around: Surroundings) -> Message | None:
    """Do what was heard, and return what to say."""
    if around.is_told and type(around.heard.deed) in _PASSES_NOTHING_ON:
        await pass_on(around)  # such words reach the team, whatever else they are
    return await _DOING[type(around.heard.deed)](around)


def is_certain(around: Surroundings) -> bool:
    """Return whether somebody who works here clearly answers about a photo they sent, or speaks as the patient they are too.

    Unsaid, it is said as staff (R33), and what is not certain of staff does nothing.
    """
    deed, under, named = around.heard.deed, around.under, around.request.said.refs
    if isinstance(deed, GiveAnswer) and around.asked_otherwise and not (deed.numbers or named):
        return False
    if not around.request.person.may_act_as(Role.PATIENT):
        return under is Open.WITHDRAW and isinstance(deed, GiveAnswer)
    match deed:
        case SayWhoseItIsNot() if around.heard.again or around.whose_said:  # a colleague's photo has a name too
            return bool(around.meant or around.last_choice)
        case HoldPhoto() | SayWhoseItIsNot():
            return any(not named or image.ref in named for image in around.theirs)
        case SayStop():
            return bool(around.theirs or around.requests)
        case GiveAnswer() | StateReason():
            return under is not None
        case LosePhone() | CorrectReason():
            return True
        case WriteAbout() | AskPractice():  # only what they name, or reply to, is clearly their own
            return bool(around.meant)
    return bool(around.heard.alarm and around.theirs)


# ---- doing it


async def _hold(around: Surroundings) -> Message | None:
    request, tx = around.request, around.tx
    meant = await photos_to_hold(around)
    if not meant and around.theirs:
        return await say_passed_on(await pass_on(around), around, to_patients.how_to_withdraw())
    if not meant:
        await tx.ledger_message(request.arrival)
        return to_whoever_asks_back.nothing_to_take_back(tx.policy.practice)
    await hold_photo.hold_photos(meant, request.said.words, request, tx)
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
    if around.under is Open.CONSENT and around.almost_consents:
        return await only_a_clear_answer(around)  # "yes 4821?"
    taker = await taker_of(around.tx, passed.image)
    stands = to_patients.how_it_stands(passed.image, taker.name if taker else "")
    return await say_passed_on(passed, around, stands, to_patients.what_is_it_about() if around.reason else None)


async def _not_theirs(around: Surroundings) -> Message | None:
    if around.under is Open.WITHDRAW and around.names_some_asked_back:
        return await say_passed_on(await pass_on(around), around, _which_to_withdraw(around))
    meant = await photos_of_somebody_else(around)
    if not meant:
        return await _theirs_already(around) or await pass_on_or_choose(around)
    if around.heard.picks_one and len(around.theirs) > 1 and not around.meant:
        return await _ask_which_is_not_theirs(meant, around)
    if around.heard.again or around.whose_said:
        return await doubt_whose(meant, around.whose_said, around.request, around.tx)
    return await shows_another(meant, around.request, around.tx)


async def _theirs_already(around: Surroundings) -> Message | None:
    """Answer words that say no more than whose a photo is, where it is in that name."""
    meant = [image for image in await photos_they_speak_of(around) if image.patient_id in around.whose_said]
    whose = await whose_they_are(meant, around.request.person, around.tx)
    if not whose:
        return None
    await around.tx.ledger_message(around.request.arrival, image_id=meant[0].id)
    return about_whose.theirs_already([image.ref for image in meant], whose[meant[0].id])


async def _ask_which_is_not_theirs(likely: Sequence[Image], around: Surroundings) -> Message | None:
    """Ask which of several photos "the first one" is; whoever reads them has the words meanwhile."""
    passed = await pass_on(around)
    return await say_passed_on(passed, around, about_somebody_else.which_is_not_theirs([one.ref for one in likely]))


async def _reason(around: Surroundings) -> Message | None:
    """Take the words for what the photos are about, or for whose they are, unless they name another (R15)."""
    question = around.questions[Open.WHICH] if around.under is Open.WHICH else around.reason
    if question is None or around.under not in {Open.WHICH, Open.REASON} or around.of_another(question):
        return await (_not_theirs if around.whose_said else pass_on_or_choose)(around)
    if around.under is Open.WHICH:
        return await choose(around)
    if around.heard.again:
        return await _chosen_again(around)
    meant = around.part_of(question)
    await around.tx.ledger_message(around.request.arrival, image_id=meant[0])
    images = await around.tx.rows.images.among(meant)
    if another := await _naming_another(images, around):
        return await reason_of_another(question, another, around.request, around.tx)
    await state_reason(question, meant, around.request.said.reason, around.tx)
    await ask_next(around.request.person.id, around.tx)
    return None


async def _chosen_again(around: Surroundings) -> Message | None:
    """Take another choice in place of the last one they made, or of that for the photo which they name or reply to (R15)."""
    asked = [
        one
        for one in await around.tx.rows.questions.open_of_person(around.request.person.id, About.REASON)
        if one.choices
    ]
    last = max((one for one in asked if not around.of_another(one)), key=lambda one: (one.asked_at, one.id))
    meant, said = around.part_of(last), around.heard.chosen
    if around.heard.by_number and len(meant) > 1:
        said = None  # of several photos a second number may be for the second
    return await choose_again(last, meant, said, around.request, around.tx)


async def _naming_another(images: Sequence[Image], around: Surroundings) -> list[Image]:
    words, person = around.request.said.words, around.request.person
    return await naming_another(images, words, images[0].patient_id, person, around.tx)


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
        return await only_a_clear_answer(around, passed=image is not None)
    if around.under is Open.WITHDRAW and around.withdraw is not None:
        return await say_passed_on(passed, around, _which_to_withdraw(around))
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


def _which_to_withdraw(around: Surroundings) -> Message:
    return to_patients.which_to_withdraw([image.ref for image in around.asked_back])


async def holds_a_code(request: Request, tx: Transaction) -> bool:
    """Return whether the code of an invitation that there is stands in the words."""
    code = request.said.code
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
