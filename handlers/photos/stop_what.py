"""“STOP” alone: what is to be stopped is asked (R34).

There is a tap for each photo that somebody uses, for their latest, and for each thing they were asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.core.dispatch import Request, make_choice
from bot.core.polls import ask
from bot.core.transaction import Transaction
from bot.domain.choices import Choice
from bot.domain.errors import Refused
from bot.domain.identifiers import NO_IMAGE, UseId
from bot.domain.image import Image
from bot.domain.intents import Hearing
from bot.domain.marks import ASKED_IN_WORDS
from bot.domain.message import Message
from bot.domain.use import LIVE, UseState
from bot.words import about_whose, phrases, to_whoever_asks_back
from handlers.uses import consent_answer

from .family_of import whose_they_are
from .hold_photo import take_back
from .own_image import own_images

TIME_TO_ANSWER = timedelta(days=1)
MOST_OFFERED = 3  # photos in use
MOST_ASKED = 10  # requests
_NOTHING = "nothing"
_GOES_ON = LIVE - {UseState.ASKED, UseState.AWAITING_CONSENT}


async def ask_what_to_stop(
    photos: Sequence[Image], requests: Sequence[Choice], request: Request, tx: Transaction
) -> Message | None:
    """Ask, in words and with a tap; `requests` are the answers that they may give to requests for consent."""
    noes = {choice.subject: choice for choice in requests if choice.value == "no" and choice.number}
    if not photos and not noes:
        return to_whoever_asks_back.nothing_to_stop(tx.policy.practice)
    whose = await whose_they_are(photos, request.person, tx)
    called = {image.id: about_whose.called(image.ref, whose.get(image.id)) for image in photos}
    offered: list[tuple[str, str]] = [(image.id, to_whoever_asks_back.take_back(called[image.id])) for image in photos]
    asked: list[tuple[str, str]] = []
    for a_no in list(noes.values())[-MOST_ASKED:]:
        use = await tx.rows.uses.get(UseId(a_no.subject))
        images = await tx.rows.images.among(use.image_ids)
        about = to_whoever_asks_back.request_about([image.ref for image in images], use.purpose)
        offered.append((use.id, to_whoever_asks_back.say_no_to(about)))
        asked.append((a_no.number, about))
    first, *others = [image.id for image in photos] or [NO_IMAGE]
    hearing = Hearing.SAYS if photos else Hearing.SPEAKS
    spoken = to_whoever_asks_back.stop_in_words({image.ref: called[image.id] for image in photos}, asked)
    here, named = request.room.address, [patient.id for patient in whose.values()]
    await tx.say(here, spoken, image_id=first, others=others, hearing=hearing, mark=ASKED_IN_WORDS, patient_ids=named)
    await ask(
        tx,
        request.person,
        to_whoever_asks_back.STOP_WHAT,
        [*offered, (_NOTHING, to_whoever_asks_back.GO_ON)],
        about="stop-what",
        subject=request.person.id,
        lasts=TIME_TO_ANSWER,
        image_id=first,
        said_already=True,
        hearing=hearing,
        patient_ids=named,
    )
    return None


async def photos_to_stop(theirs: Sequence[Image], latest: Image | None, tx: Transaction) -> list[Image]:
    """Return the latest of their photos that somebody uses, or is to get, and the latest that they sent."""
    uses = await tx.rows.uses_of(*(image.id for image in theirs)) if theirs else []
    in_use = {image_id for use in uses if use.state in _GOES_ON for image_id in use.image_ids}
    found = [image for image in theirs if image.id in in_use and not image.stopped][-MOST_OFFERED:]
    return found if latest is None or latest in found else [*found, latest]


async def tapped(choice: Choice, request: Request, tx: Transaction) -> Message | None:
    if choice.value == _NOTHING:
        return to_whoever_asks_back.going_on()
    image = next((one for one in await own_images(request.person, tx) if one.id == choice.value), None)
    if image is not None:
        await take_back(image, request, tx)
        return None
    offered = await tx.rows.choices.open_about(choice.value, request.person.id)
    a_no = next((one for one in offered if one.about == "specific-consent" and one.value == "no"), None)
    if a_no is None:
        raise Refused(phrases.answered_already(), "R28")
    await make_choice(a_no, request.person.id, tx)
    return await consent_answer.answer(a_no, request, tx)
