"""Give the answer that words hold to what is open: a request for consent, a wish to have a photo back, whose it is (R13, R32)."""

from __future__ import annotations

from bot.core.dispatch import make_choice
from bot.domain.choices import Choice, spoken
from bot.domain.conversation import Open, Question
from bot.domain.copies import asks
from bot.domain.deeds import GiveAnswer, PlainAnswer
from bot.domain.identifiers import UseId
from bot.domain.message import Message, together
from bot.domain.purposes import Purpose
from bot.words import about_requests, about_whose, to_patients, to_whoever_asks_back
from bot.words.phrases import many
from handlers.uses import consent_answer

from . import hold_photo
from .answer_question import choose_patient
from .around import Surroundings
from .family_of import whose_they_are
from .pass_on import pass_on, say_passed_on
from .replies import replies_to
from .which_photo import ask_which_photo, fits

_LONGEST_ANSWER = 3  # words that say no more than whose a photo is


async def answer_open(around: Surroundings) -> Message | None:
    answer = around.heard.deed
    assert isinstance(answer, GiveAnswer)
    if around.under is Open.CONSENT:
        return await _answer_request(answer, around)
    if around.under is Open.WITHDRAW and around.withdraw is not None:
        return await _answer_withdraw(answer, around.withdraw, around)
    if around.under is Open.WHICH:
        return await choose(around)
    if around.under is Open.REASON:
        await around.tx.ledger_message(around.request.arrival)
        return to_patients.no_hurry()
    return await pass_on_or_choose(around)


async def _answer_request(answer: GiveAnswer, around: Surroundings) -> Message | None:
    """Give an answer that is clear; a yes has its number, and a no too where it may be for several requests (R13, R32).

    A no that may be about what is in use already holds that, whatever else it answers.
    """
    chosen = await _choices_meant(answer, around)
    in_use = around.photos_in_use if answer.answer is PlainAnswer.NO and not answer.numbers else []
    if in_use:
        words, request = around.request.said.words, around.request
        await hold_photo.hold_photos(in_use, words, request, around.tx, ledger=not chosen)
        if not chosen:
            return await only_a_clear_answer(around) if around.requests_refused else None
    if not chosen:
        if answer.numbers and all(choice.number not in answer.numbers for choice in around.requests_meant):
            await around.tx.ledger_message(around.request.arrival)
            return about_requests.which_request()
        return await _unclear_about_request(around)
    said: list[Message | None] = []
    for choice in chosen:
        await make_choice(choice, around.request.person.id, around.tx)
        said.append(await consent_answer.answer(choice, around.request, around.tx))
    return together(said)


async def _choices_meant(answer: GiveAnswer, around: Surroundings) -> list[Choice]:
    """Return the answer that is meant; of several requests only a no, with the number of each, or to all of them."""
    if answer.answer is PlainAnswer.YES and not answer.numbers:
        return []
    left_out = around.family.left_out_in(around.request.said.words)
    if left_out.whose or left_out.refs:
        return []  # "no to everything except Leo's" refuses what it does not name
    values = {PlainAnswer.YES: ("yes", "sure"), PlainAnswer.NO: ("no",), PlainAnswer.LATER: ("later",)}[answer.answer]
    refuses = answer.answer is PlainAnswer.NO
    by_number = refuses and answer.numbers  # whatever it replies to, it says which it refuses
    able = [
        choice
        for choice in (around.requests if by_number else around.requests_refused if refuses else around.requests_meant)
        if choice.value in values and choice.number and (not answer.numbers or choice.number in answer.numbers)
    ]
    latest = {choice.subject: choice for choice in able}
    to_all = refuses and not answer.numbers and around.request.said.of_all
    if not latest or (not to_all and len(latest) != max(1, len(answer.numbers))):
        return []
    for choice in latest.values():
        use = await around.tx.rows.uses.get(UseId(choice.subject))
        if answer.ref and answer.ref not in {image.ref for image in await around.tx.rows.images.among(use.image_ids)}:
            return []
    return list(latest.values())


async def _unclear_about_request(around: Surroundings) -> Message | None:
    passed = around.is_told or (await pass_on(around)).image is not None
    return await only_a_clear_answer(around, passed=passed)


async def only_a_clear_answer(around: Surroundings, *, passed: bool = True) -> Message:
    """Say what counts as an answer; of several requests with which number is for which photos (R15)."""
    meant = around.requests_meant or around.requests
    numbered = {choice.subject: choice for choice in meant if choice.number}
    await around.tx.audit(around.request.person.id, "answer.unclear", meant[-1].poll_id)
    if len(numbered) <= 1:
        return about_requests.unclear_answer("".join(choice.number for choice in numbered.values()), passed=passed)
    about: list[tuple[str, str, Purpose]] = []
    for choice in numbered.values():
        use = await around.tx.rows.uses.get(UseId(choice.subject))
        images = await around.tx.rows.images.among(use.image_ids)
        whose = await whose_they_are(images, around.request.person, around.tx)
        called = many([about_whose.called(one.ref, whose.get(one.id)) for one in images])
        about.append((choice.number, called, use.purpose))
    return about_requests.unclear_of_several(about, passed=passed)


async def _answer_withdraw(answer: GiveAnswer, question: Question, around: Surroundings) -> Message | None:
    request, tx = around.request, around.tx
    images = await tx.rows.images.among(question.image_ids)
    refs = [image.ref for image in images]
    meant = {answer.ref, *(image.ref for image in around.meant)}
    named = {image.id for image in images if image.ref in meant}
    if answer.answer is PlainAnswer.LATER:
        await tx.ledger_message(request.arrival, image_id=images[0].id)
        return to_whoever_asks_back.until_you_answer(refs)
    if answer.answer is PlainAnswer.NO:
        return await hold_photo.settle(question, (), named or question.image_ids, request, tx)
    if answer.ref and named:
        return await hold_photo.settle(question, named, (), request, tx)
    if others := [image for image in around.meant if image.id not in question.image_ids]:
        await hold_photo.hold_photos(others, request.said.words, request, tx)
        return None
    if answer.bare and await _stands_alone(question, around):
        return await hold_photo.settle(question, question.image_ids, (), request, tx)
    await tx.ledger_message(request.arrival, image_id=images[0].id)
    return to_patients.which_to_withdraw(refs)


async def _stands_alone(question: Question, around: Surroundings) -> bool:
    """Return whether a bare yes can answer nothing but this question, about one photo.

    It stands in their chat, no other yes or no is asked of them, and no clinician has written to them since. Else the yes may be
    meant for that.
    """
    tx, person_id = around.tx, around.request.person.id
    posts = await tx.rows.copies.of_post(asks(question.id))
    if len(question.image_ids) != 1 or around.requests or not any(post.event_id for post in posts):
        return False
    open_now = await tx.rows.choices.open_of_person(person_id)
    others = [choice for choice in open_now if choice.subject != question.id and tx.now < choice.expires_at]
    if any(spoken(choice.label) in {"yes", "no"} for choice in others):
        return False
    return not any(reply.at >= question.asked_at for reply in await replies_to(person_id, around.theirs, tx))


async def choose(around: Surroundings) -> Message | None:
    question = around.questions[Open.WHICH]
    if around.of_another(question):
        return await pass_on_or_choose(around)
    if around.heard.chosen is None and _tells_of_it(around):
        await pass_on(around)  # they tell of a photo, and nothing else keeps them
    able = [one for one in around.whose_each if not around.of_another(one)]  # a reply to an album may answer several
    said, others = around.heard.chosen, [one for one in able if one.id != question.id]
    if said is not None and others:
        found = await fits(said, question, others, around.tx)
        if len(found) > 1:
            await ask_which_photo(found, around.request, around.tx)
            return None
        question = found[0].question if found else question
    return await choose_patient(question, around.part_of(question), said, around.request, around.tx)


def _tells_of_it(around: Surroundings) -> bool:
    """Return whether words that choose nobody are to be kept: with a name they might lie in another's record."""
    names_somebody = around.family.whom_they_name(around.request.said.words)
    return not names_somebody and (around.is_told or len(around.request.said.words.split()) > _LONGEST_ANSWER)


async def pass_on_or_choose(around: Surroundings) -> Message | None:
    """Pass words on that do nothing else; while it is open whose photo it is, they may have answered that."""
    if around.under is Open.WHICH and not around.of_another(around.questions[Open.WHICH]):
        return await choose(around)
    passed = await pass_on(around)
    if around.almost is None:
        return await say_passed_on(passed, around)
    await around.tx.audit(around.request.person.id, "answer.unclear", around.almost.poll_id)
    return about_requests.unclear_answer(around.almost.number, passed=passed.image is not None)
