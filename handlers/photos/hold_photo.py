"""“Delete that pic”, “wrong photo”, “don't use it”: the photo is held, and its writer is asked whether to withdraw it (R34).

Words that are not plain are never obeyed, and never lost: nothing of the photo is filed or leaves before one tap says what was
meant, or a yes that can be about nothing else (R13). Unanswered by the next day a clinician hears of it and decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import partial

from bot.core.consequences import apply
from bot.core.dispatch import Request
from bot.core.documents import write
from bot.core.polls import ask, close_polls
from bot.core.transaction import Transaction
from bot.core.uses.stop import stop_every_use
from bot.core.who_reads import tell_who_reads
from bot.core.wishes import doubt_use, open_wishes, settle_use
from bot.domain import rooms
from bot.domain.choices import Choice
from bot.domain.conversation import About, Answered, PhotoSettled, Question, question_after
from bot.domain.copies import asks
from bot.domain.entries import EntryKind
from bot.domain.errors import Refused
from bot.domain.identifiers import ImageId, QuestionId
from bot.domain.image import AskedBack, HeldFor, Image, KeepAsked, State, WithdrawalAsked
from bot.domain.intents import Hearing
from bot.domain.marks import ASKED_IN_WORDS
from bot.domain.message import Message, together
from bot.domain.people import Person
from bot.domain.use import LIVE
from bot.words import about_whose, phrases, to_whoever_asks_back

from .family_of import whose_they_are
from .own_image import own_images

TIME_TO_ANSWER = timedelta(days=7)
MOST = 10  # photos in one question
ALL, _NONE = "all", "none"
ASKED_ABOUT = frozenset({HeldFor.ASKED_BACK, HeldFor.SENDER_DELETED})


async def hold_photos(
    images: Sequence[Image], words: str, request: Request, tx: Transaction, *, ledger: bool = True
) -> None:
    """Hold these photos, tell all who read it, and ask whether to withdraw them.

    The words are filed with what is kept. A photo's own message, with its caption, is in the ledger already.
    """
    held = [await _hold(image, request, tx) for image in images]
    last = held[-1]
    document = await write(tx, EntryKind.ANSWER, last, last.patient_id, request.person.id, words, {})
    if ledger:
        await tx.ledger_message(request.arrival, image_id=last.id, document_id=document.id)
    refs = [image.ref for image in held]
    told = partial(to_whoever_asks_back.may_want_it_back, refs=refs, text=words)
    await tell_who_reads(document, last, told, tx)
    for first in range(0, len(held), MOST):
        await ask_which(held[first : first + MOST], request.person, tx)


async def _hold(image: Image, request: Request, tx: Transaction) -> Image:
    if not image.in_record:
        return await apply(tx, image, AskedBack(), by=request.person.id)
    for use in await tx.rows.uses_of(image.id):
        if use.state in LIVE:
            await doubt_use(use, request.person.id, tx)
    return image


async def ask_which(
    images: Sequence[Image], person: Person, tx: Transaction, hearing: Hearing = Hearing.SAYS, *, opening: str = ""
) -> None:
    """Ask in words and by a poll, one for all. What was asked before is asked anew with it: so a "no" is for all (R34).

    Of a colleague's photos, and of what only concerns their own sending, that is what was asked about the same photos.
    """
    ids = [image.id for image in images]
    for before in await tx.rows.questions.open_of_person(person.id, About.WITHDRAW):
        together = [*dict.fromkeys((*before.image_ids, *ids))]
        overlap = len(together) < len(before.image_ids) + len(ids)
        asked = await tx.rows.images.among(together)
        as_patient = hearing is Hearing.SAYS and not any(image.from_colleague for image in asked)
        if overlap or (as_patient and len(together) <= MOST):
            ids = together
            await close_polls(tx, before.id)
            await tx.rows.questions.save(question_after(before, Answered()))
    asked = await tx.rows.images.among(ids)
    refs = [image.ref for image in asked]
    whose = await whose_they_are(asked, person, tx)
    names = {image.id: about_whose.called(image.ref, whose.get(image.id)) for image in asked}
    named = [patient.id for patient in whose.values()]
    wait = tx.policy.withdraw_deadline
    question = Question(QuestionId(tx.ids.new()), person.id, About.WITHDRAW, tuple(ids), (), tx.now, tx.now + wait)
    await tx.rows.questions.add(question)
    await tx.remind("question", question.id, wait)
    filed = {names[image.id] for image in asked if image.in_record}
    whole = to_whoever_asks_back.shall_it_be_withdrawn(list(names.values()), filed=filed)
    whole = f"{opening} {whole}".strip()
    first, *others = ids
    spoken = f"{whole} {to_whoever_asks_back.in_words(refs)}"
    own = rooms.own(person.id)
    key = asks(question.id)
    await tx.say(
        own, spoken, image_id=first, others=others, key=key, hearing=hearing, mark=ASKED_IN_WORDS, patient_ids=named
    )
    several = list(names.items())
    answers = (
        [*several, (ALL, to_whoever_asks_back.ALL), (_NONE, to_whoever_asks_back.NONE)]
        if len(several) > 1
        else [(ALL, to_whoever_asks_back.YES), (_NONE, to_whoever_asks_back.NO)]
    )
    await ask(
        tx,
        person,
        whole,
        answers,
        about="withdraw-photo",
        subject=question.id,
        lasts=TIME_TO_ANSWER,
        image_id=first,
        said_already=True,
        hearing=hearing,
        patient_ids=named,
    )


async def tapped(choice: Choice, request: Request, tx: Transaction) -> Message | None:
    """Take the tap of whoever was asked, for the photos that they may still speak about (R28)."""
    question = await tx.rows.questions.get(QuestionId(choice.subject))
    chosen = {ALL: set(question.image_ids), _NONE: set[ImageId]()}.get(choice.value, {ImageId(choice.value)})
    return await settle(question, chosen, set(question.image_ids) - chosen, request, tx)


async def settle(
    question: Question, away: Iterable[ImageId], kept: Iterable[ImageId], request: Request, tx: Transaction
) -> Message | None:
    """Withdraw these photos of the question, and let go on those; the rest of it stays asked."""
    theirs = {image.id: image for image in await own_images(request.person, tx)}
    theirs |= {image.id: image for image in await _sent_as_a_colleague(question, request.person, tx)}
    asked = [image_id for image_id in question.image_ids if image_id in theirs]
    if not asked:
        raise Refused(phrases.not_your_question(), "R28")
    withdrawn = [theirs[image_id] for image_id in asked if image_id in set(away)]
    going_on = [theirs[image_id] for image_id in asked if image_id in set(kept)]
    for image in (*withdrawn, *going_on):
        question = await tx.rows.questions.save(question_after(question, PhotoSettled(image.id)))
    if not question.image_ids:
        await close_polls(tx, question.id)
    await tx.ledger_message(request.arrival, image_id=asked[0])
    for image in withdrawn:
        await take_back(image, request, tx)
    return await _let_go_on(going_on, request, tx) if going_on else None


async def _sent_as_a_colleague(question: Question, person: Person, tx: Transaction) -> list[Image]:
    """Return those of the question that are no patient's yet: a colleague's own, until they are filed (R4)."""
    images = await tx.rows.images.among(question.image_ids)
    return [image for image in images if image.from_colleague and image.sender_id == person.id and not image.in_record]


async def take_back(image: Image, request: Request, tx: Transaction) -> None:
    """Destroy a photo that is not filed; stop every use of one that is, and say why it stays (R13)."""
    if image.in_record:
        text = await stop_every_use(image, request.person, request.proof, tx)
        await tx.say(request.room.address, text, image_id=image.id, hearing=Hearing.SAYS)
        return
    await apply(tx, image, WithdrawalAsked(), by=request.person.id)
    if image.sender_id != request.person.id:
        told = to_whoever_asks_back.is_taken_back(image.ref)
        await tx.say(request.room.address, told, image_id=image.id, hearing=Hearing.SAYS)


async def _let_go_on(images: Sequence[Image], request: Request, tx: Transaction) -> Message | None:
    """Let go of what was held for this answer alone; whatever else holds a photo, or what others asked about it, stands."""
    told: list[str] = []
    waits: list[Message] = []
    for image in images:
        if await open_wishes([image.id], tx):
            await tx.tell_practice(to_whoever_asks_back.two_answers(image.ref), image_id=image.id)
            waits.append(to_whoever_asks_back.stays_on_hold(image.ref, tx.policy.practice))
            continue
        if image.in_record:
            await _let_uses_go_on(image, request, tx)
        elif image.held_for in ASKED_ABOUT:
            await apply(tx, image, KeepAsked(), by=request.person.id)
            if image.state is State.HELD and image.sender_id == request.person.id:
                continue  # they hear so by that
        told.append(image.ref)
    return together([to_whoever_asks_back.stays(told) if told else None, *waits])


async def _let_uses_go_on(image: Image, request: Request, tx: Transaction) -> None:
    for use in await tx.rows.uses_of(image.id):
        if not await open_wishes(use.image_ids, tx):  # another image of it may be asked about still
            await settle_use(use, request.person.id, tx)


async def tell_of_unanswered(image: Image, tx: Transaction) -> None:
    """Tell the practice of a photo in the record that nobody said what to do with."""
    await tx.tell_practice(to_whoever_asks_back.unanswered_in_the_record(image.ref), image_id=image.id)
