"""Questions with answers to tap: asked in words and by a poll, bound to the words in their event, and closed again (R13, R32)."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import timedelta

from bot.domain import rooms
from bot.domain.choices import Choice, TapAbout, digest_of, spent
from bot.domain.conversation import Question
from bot.domain.copies import Copy, CopyState, What, asks, asks_whose, gone_by
from bot.domain.errors import Refused
from bot.domain.identifiers import (
    NO_ADDRESS,
    NO_COPY,
    NO_IMAGE,
    Address,
    ChoiceId,
    CopyId,
    ImageId,
    PatientId,
    PollId,
    UseId,
)
from bot.domain.intents import Ask, CloseQuestion, EraseCopy, Hearing, Say
from bot.domain.marks import ASKED_IN_WORDS, Mark, Meaning
from bot.domain.people import Person
from bot.words import phrases

from .transaction import Transaction

NUMBERS_REST = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class _Bound:
    """What a post's answers are bound to."""

    text: str
    number: str
    needs_number: bool


async def ask(
    tx: Transaction,
    person: Person,
    question: str,
    answers: Sequence[tuple[str, str]],
    *,
    about: TapAbout,
    subject: str,
    lasts: timedelta,
    image_id: ImageId = NO_IMAGE,
    address: Address = NO_ADDRESS,
    needs_number: bool = False,
    said_already: bool = False,
    hearing: Hearing = Hearing.SPEAKS,
    stays: Set[str] = frozenset(),
    patient_ids: Sequence[PatientId] = (),
) -> None:
    """Ask `person` for one of (value, label) in their own room, or at `address`. It stays as long as it is open.

    It stands there twice, in words and as a poll, because some apps show no polls; either is whole, and carries answers of
    its own, bound to the words in its event (R32). Each is good once, and one answer uses up all. `about` names the
    handler. With `needs_number`, words count only with the number that stands there; `said_already` leaves the words to the
    caller. `stays` are the values that leave the question open: a page lets another answer be tapped after them. `patient_ids`
    are the patients it names, where it is about no image.
    """
    where = address or rooms.own(person.id)
    poll_id = PollId(tx.ids.new())
    asked = (person, answers, about, subject, lasts, image_id, poll_id)
    if not said_already:
        number = await free_number(tx, person)
        text = phrases.asked_in_words(question, [label for _, label in answers], number)
        said = await _choices(tx, _Bound(text, number, needs_number), *asked)
        copy_ids = (said[0].copy_id,)
        spoken = Say(where, text, copy_ids, hearing=hearing, mark=ASKED_IN_WORDS, patient_ids=tuple(patient_ids))
        await tx.plan(spoken, lane=where)
    choices = await _choices(tx, _Bound(question, "", needs_number or said_already), *asked)
    options = tuple((choice.id, choice.label) for choice in choices)
    kept = tuple(choice.id for choice in choices if choice.value in stays)
    mark = Mark(Meaning.CAN_BE_PUT_OFF, stays=kept) if kept else None
    await tx.plan(Ask(where, question, options, choices[0].copy_id, hearing, mark, tuple(patient_ids)), lane=where)


async def ask_in_words(
    tx: Transaction,
    person: Person,
    text: str,
    answers: Sequence[tuple[str, str]],
    *,
    about: TapAbout,
    subject: str,
    lasts: timedelta,
    image_id: ImageId,
    number: str,
    hearing: Hearing = Hearing.SPEAKS,
) -> None:
    """Ask in the caller's own words: `text` is whole, and its number counts only for what stands in it (R32)."""
    where = rooms.own(person.id)
    bound = _Bound(text, number, needs_number=True)
    poll_id = PollId(tx.ids.new())
    choices = await _choices(tx, bound, person, answers, about, subject, lasts, image_id, poll_id)
    await tx.plan(Say(where, text, (choices[0].copy_id,), hearing=hearing, mark=ASKED_IN_WORDS), lane=where)


async def _choices(
    tx: Transaction,
    bound: _Bound,
    person: Person,
    answers: Sequence[tuple[str, str]],
    about: TapAbout,
    subject: str,
    lasts: timedelta,
    image_id: ImageId,
    poll_id: PollId,
) -> list[Choice]:
    """Return the answers to one post, and ledger the post they are bound to."""
    until = tx.now + max(tx.policy.keep_messages, lasts)
    copy = Copy(CopyId(tx.ids.new()), What.POST, image_id=image_id, post_key=asks(subject), purge_after=until)
    await tx.rows.copies.add(copy)
    choices = [
        Choice(
            ChoiceId(tx.ids.new()),
            poll_id,
            bound.number,
            person.id,
            about,
            subject,
            value,
            label,
            tx.now + lasts,
            needs_number=bound.needs_number,
            digest=digest_of(bound.text),
            copy_id=copy.id,
        )
        for value, label in answers
    ]
    await tx.rows.choices.add(*choices)
    return choices


async def free_number(tx: Transaction, person: Person) -> str:
    """Return four digits that no question to this person has, nor had lately: an answer that comes late answers no other."""
    for _ in range(1000):
        number = tx.ids.number()
        had = await tx.rows.choices.numbered(person.id, number)
        if not any(tx.now < choice.expires_at + NUMBERS_REST for choice in had):
            return number
    raise Refused(phrases.too_many_questions())


async def close_polls(tx: Transaction, subject: str) -> None:
    """Close what was asked about this subject: nothing can be tapped any more, and the polls leave
    the chat as other words do.
    """
    await close(tx, await tx.rows.choices.open_about(subject))
    await _fade(await tx.rows.copies.of_post(asks(subject), state=CopyState.KNOWN), tx)


async def fade_posts(copy_ids: Set[CopyId], tx: Transaction) -> None:
    """Let these posts go when other words go."""
    await _fade([copy for copy in await tx.rows.copies.among(copy_ids) if copy.state is CopyState.KNOWN], tx)


async def _fade(copies: Sequence[Copy], tx: Transaction) -> None:
    until = tx.now + tx.policy.keep_messages
    for copy in copies:
        sooner = gone_by(copy, until)
        if sooner != copy:
            await tx.rows.copies.save(sooner)
            if copy.event_id:
                await tx.plan(EraseCopy(copy.id), due=until)


async def close(tx: Transaction, choices: Sequence[Choice]) -> None:
    """Let none of these be made any more, and have the polls that offer them show it, wherever they stand."""
    polls = {choice.copy_id: _stands_in(choice) for choice in choices if not choice.number}
    for choice in choices:
        await tx.rows.choices.save(spent(choice, tx.now))
    for asked in await tx.rows.copies.among(polls.keys() - {NO_COPY}):
        await close_post(tx, asked, polls[asked.id], is_poll=True)


async def close_asking_whose(tx: Transaction, question: Question) -> str:
    """Have all words that ask whose a photo is show that they wait for no answer, once each; return the key to ask again with."""
    await close_polls(tx, question.id)
    again = 0
    while posts := await tx.rows.copies.of_post(asks_whose(question.id, again)):
        if len(posts) == 1:
            await close_post(tx, posts[0], rooms.own(question.person_id), is_poll=False)
        again += 1
    return asks_whose(question.id, again)


def _stands_in(choice: Choice) -> Address:
    """Return where it is asked: in their own room, but whether they keep a copy of a case, where it was discussed."""
    return rooms.case(UseId(choice.subject)) if choice.about == "own-copy" else rooms.own(choice.person_id)


async def close_post(tx: Transaction, asked: Copy, where: Address, *, is_poll: bool) -> None:
    """Have a post show that what it asks is closed, as long as it stands; one that is not sent yet comes first."""
    if not asked.stands_at(tx.now):
        return
    until = tx.now + tx.policy.keep_messages
    with_it = min(asked.purge_after or until, until)
    about = asked.image_id
    closing = Copy(CopyId(tx.ids.new()), What.POST, image_id=about, post_key=asked.post_key, purge_after=with_it)
    await tx.rows.copies.add(closing)
    lane = NO_ADDRESS if asked.event_id else where
    await tx.plan(CloseQuestion(asked.id, closing.id, is_poll), lane=lane)
