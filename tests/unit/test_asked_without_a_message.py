"""A page or a console can ask what a chat can: what they ask is done by the same handler, though it came in no message."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from bot.core.dispatch import Answer, Request, make_choice
from bot.core.transaction import Transaction
from bot.domain.consent import Answer as ConsentGiven
from bot.domain.copies import What
from bot.domain.deeds import HoldPhoto
from bot.domain.document import DocumentState
from bot.domain.entries import EntryKind
from bot.domain.image import HeldFor, State
from bot.domain.staff_deeds import TakePhoto, WriteNote, WriteReply
from bot.domain.words_said import WordsSaid
from bot.heard.patient import Heard
from bot.words import about_handling
from bot.words.sentence import in_words
from handlers import HOUSE
from handlers.photos import listen
from handlers.photos.around import look_around
from tests.cases import TEACHING, Shared, shared_practice, taps
from tests.colleagues import FILE, LINE, image_of
from tests.households import documents, heard_with
from tests.practice import JPEG, Someone, staffed_practice
from tests.refusals import refused

Ask = Callable[[Request, Transaction], Awaitable[Answer]]


async def asks(shared: Shared, someone: Someone, ask: Ask) -> str | None:
    """Have somebody ask something from elsewhere than a chat; return the answer, in words."""
    async with shared.practice.journal.transaction() as rows:
        person = await rows.people.first(account=someone.account)
        assert person is not None
        answer = await ask(
            Request(person, await rows.rooms.get(someone.own_room)), shared.practice.dispatch.transaction(rows)
        )
    await shared.practice.settle()
    return in_words(answer) if answer is not None else None


async def does(shared: Shared, someone: Someone, deed: object) -> str | None:
    return await asks(shared, someone, lambda request, tx: HOUSE.deeds[type(deed)](deed, request, tx))


async def messages(shared: Shared) -> int:
    async with shared.practice.journal.reading() as rows:
        return len([copy for copy in await rows.copies.find() if copy.what is What.MESSAGE])


async def test_a_deed_is_done_and_there_is_no_message_to_account_for(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        before, ref = await messages(shared), shared.image.ref
        assert await does(shared, shared.lee, TakePhoto(ref)) == about_handling.taken.english(ref)
        assert await does(shared, shared.lee, WriteNote(ref, "benign")) is None
        assert await does(shared, shared.lee, WriteReply(ref, "use the cream")) is None
        assert heard_with(shared.sam, "use the cream")
        for kind in (EntryKind.NOTE, EntryKind.REPLY):
            (document,) = await documents(shared, kind=kind)
            assert document.state is DocumentState.VERIFIED
        assert await messages(shared) == before


def answered(label: str) -> Ask:
    """Give the answer with this label to what somebody is asked."""

    async def answer(request: Request, tx: Transaction) -> Answer:
        offered = await tx.rows.choices.open_of_person(request.person.id)
        choice = next(choice for choice in offered if choice.label == label)
        await make_choice(choice, request.person.id, tx)
        return await HOUSE.taps[choice.about](choice, request, tx)

    return answer


async def test_R13_a_no_counts_wherever_it_is_said(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        before = await messages(shared)
        assert "you don't agree" in str(await asks(shared, shared.sam, answered("No")))
        async with shared.practice.journal.reading() as rows:
            (given,) = await rows.consent_answers.find()
        assert (given.answer, given.proof) == (ConsentGiven.REFUSED, {})
        assert await messages(shared) == before


async def test_R13_a_yes_is_signed_by_who_gives_it_so_it_needs_a_message(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        with refused("in your own chat"):
            await asks(shared, shared.sam, answered("Yes"))
        async with shared.practice.journal.reading() as rows:
            assert await rows.consent_answers.find() == []
        await taps(shared.sam, "Yes")
        async with shared.practice.journal.reading() as rows:
            (given,) = await rows.consent_answers.find()
        assert given.answer is ConsentGiven.GRANTED and given.proof


async def test_R2_nor_is_a_photo_attested_without_a_message(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        photo = JPEG + b" of a wound"
        await shared.lee.sends_photo(photo, caption=LINE)
        with refused("in your own chat"):
            await asks(shared, shared.lee, answered("File it under my name"))
        assert (await image_of(shared.practice, photo)).state is State.CAPTURED
        await taps(shared.lee, FILE)
        assert (await image_of(shared.practice, photo)).state is State.VERIFIED


async def test_R34_a_patient_takes_a_photo_back_without_a_word(tmp_path: Path) -> None:
    """What a page lets them point at is the same deed that their words would be heard as."""
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo()
        await people.sam.sends_photo(JPEG + b" of something else")
        first, second = await people.practice.images()
        async with people.practice.journal.transaction() as rows:
            person = await rows.people.first(account=people.sam.account)
            assert person is not None
            asked = Request(
                person, await rows.rooms.get(people.sam.own_room), said=WordsSaid(refs=frozenset({first.ref}))
            )
            around = await look_around(asked, people.practice.dispatch.transaction(rows))
            assert await listen.do(replace(around, heard=Heard(HoldPhoto()))) is None
        await people.practice.settle()
        first, second = await people.practice.images()
        assert (first.held_for, second.held_for) == (HeldFor.ASKED_BACK, None)
        await taps(people.sam, "Yes")
        first, second = await people.practice.images()
        assert (first.state, second.state) == (State.DISCARDED, State.CAPTURED)
