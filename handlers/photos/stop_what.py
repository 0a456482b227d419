"""“STOP” alone: what is to be stopped is asked, with a tap for their latest photo and for what they were asked (R34)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.core.dispatch import Request, make_choice
from bot.core.transaction import Transaction
from bot.domain.choices import Choice
from bot.domain.errors import Refused
from bot.domain.identifiers import NO_IMAGE, UseId
from bot.domain.image import Image
from bot.domain.intents import Hearing
from bot.words import phrases, to_whoever_asks_back
from handlers.uses import consent_answer

from .hold_photo import take_back
from .own_image import own_images

TIME_TO_ANSWER = timedelta(days=1)
_NOTHING = "nothing"


async def ask_what_to_stop(latest: Image | None, requests: Sequence[Choice], request: Request, tx: Transaction) -> str:
    """Ask, and return the same in words; `requests` are the answers that they may give to requests for consent."""
    a_no = next((choice for choice in reversed(requests) if choice.value == "no" and choice.number), None)
    if latest is None and a_no is None:
        return to_whoever_asks_back.NOTHING_TO_STOP.format(practice=tx.policy.practice)
    offered: list[tuple[str, str]] = []
    if latest is not None:
        offered.append((latest.id, to_whoever_asks_back.take_back(latest.ref)))
    if a_no is not None:
        use = await tx.rows.uses.get(UseId(a_no.subject))
        images = await tx.rows.images.among(use.image_ids)
        offered.append((use.id, to_whoever_asks_back.say_no_about([image.ref for image in images])))
    await tx.ask(
        request.person,
        to_whoever_asks_back.STOP_WHAT,
        [*offered, (_NOTHING, to_whoever_asks_back.GO_ON)],
        about="stop-what",
        subject=request.person.id,
        lasts=TIME_TO_ANSWER,
        image_id=latest.id if latest is not None else NO_IMAGE,
        said_already=True,
        hearing=Hearing.LISTED if latest is not None else Hearing.SPEAKS,
    )
    return to_whoever_asks_back.stop_in_words(
        latest.ref if latest is not None else "", a_no.number if a_no is not None else ""
    )


async def tapped(choice: Choice, request: Request, tx: Transaction) -> str | None:
    if choice.value == _NOTHING:
        return to_whoever_asks_back.GOING_ON
    image = next((one for one in await own_images(request.person, tx) if one.id == choice.value), None)
    if image is not None:
        await take_back(image, request, tx)
        return None
    offered = await tx.rows.choices.open_about(choice.value, request.person.id)
    a_no = next((one for one in offered if one.about == "specific-consent" and one.value == "no"), None)
    if a_no is None:
        raise Refused(phrases.ANSWERED_ALREADY, "R28")
    await make_choice(a_no, request.person.id, tx)
    return await consent_answer.answer(a_no, request, tx)
