"""What somebody agrees to stands whole in the event they answer, and the answer is bound to it (R32)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.choices import Choice
from bot.domain.identifiers import NO_COPY, NO_EVENT
from bot.domain.use import UseState
from tests.cases import TEACHING, Shared, pictures_in, polls_in, shared_practice, taps

TOLD = ("registrar teaching, 12 March", "registrars of the clinic", "Dr Derm", "31 March 2027", "free to say no")


async def open_choices(shared: Shared) -> list[Choice]:
    async with shared.practice.journal.reading() as rows:
        return await rows.choices.find(about="specific-consent", used_at=None)


def is_whole(text: str) -> bool:
    return all(words in text for words in TOLD)


def questions(shared: Shared) -> list[str]:
    return [str(poll["question"]["body"]) for poll in polls_in(shared.practice, shared.sam.own_room)]


async def test_R32_the_answer_is_bound_to_the_whole_text_in_its_event(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        assert is_whole(questions(shared)[-1]), "the homeserver may have dropped every other event"
        await taps(shared.sam, "Yes")
        async with shared.practice.journal.reading() as rows:
            (answer,) = await rows.consent_answers.find()
        assert answer.wording == questions(shared)[-1], "kept as it stood there"


async def test_R32_in_words_a_number_counts_for_the_text_its_own_message_carried(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        number = next(choice.number for choice in await open_choices(shared) if choice.number)
        (message,) = [words for words in shared.sam.heard if f"yes {number}" in words]
        assert is_whole(message) and number not in questions(shared)[-1]
        await shared.sam.writes(f"yes {number}")
        async with shared.practice.journal.reading() as rows:
            (answer,) = await rows.consent_answers.find()
        assert answer.wording == message


async def test_R32_an_answer_to_another_text_releases_nothing_and_the_whole_is_asked_again(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        (use,) = await shared.uses()
        async with shared.practice.journal.transaction() as rows:
            await rows.uses.save(replace(use, wording=use.wording.replace("registrars", "journalists")))
        await taps(shared.sam, "Yes")
        assert (await shared.uses())[0].state is UseState.AWAITING_CONSENT
        assert pictures_in(shared.practice, shared.derm.own_room) == []
        assert "journalists of the clinic" in questions(shared)[-1]
        await taps(shared.sam, "Yes")
        assert (await shared.uses())[0].state is UseState.RELEASED


async def test_R32_a_question_of_before_that_was_in_two_events_is_asked_again(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        async with shared.practice.journal.transaction() as rows:
            for choice in await rows.choices.find(about="specific-consent"):
                await rows.choices.save(replace(choice, digest="", copy_id=NO_COPY))
        await taps(shared.sam, "Yes")
        assert (await shared.uses())[0].state is UseState.AWAITING_CONSENT


async def test_R32_a_number_whose_message_was_never_sent_counts_for_nothing(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        said = next(choice for choice in await open_choices(shared) if choice.number)
        async with shared.practice.journal.transaction() as rows:
            await rows.copies.save(replace(await rows.copies.get(said.copy_id), event_id=NO_EVENT))
        await shared.sam.writes(f"yes {said.number}")
        assert (await shared.uses())[0].state is UseState.AWAITING_CONSENT


async def test_R32_are_you_sure_asks_the_whole_again(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"{TEACHING.format(ref=shared.image.ref)} intimate")
        await taps(shared.sam, "Yes")
        assert "are you sure?" in questions(shared)[-1] and is_whole(questions(shared)[-1])
        number = next(choice.number for choice in await open_choices(shared) if choice.number)
        await shared.sam.writes(f"yes {number}")
        assert (await shared.uses())[0].state is UseState.RELEASED


async def test_R32_the_reminder_repeats_the_whole_question(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        await shared.practice.after(days=4)
        (reminder,) = [words for words in shared.sam.heard if "still open" in words]
        assert is_whole(reminder) and is_whole(questions(shared)[-1]) and len(questions(shared)) == 2
        await taps(shared.sam, "Yes")
        assert (await shared.uses())[0].state is UseState.RELEASED


async def test_R32_what_could_not_be_sent_is_sent_once_more_and_then_who_asked_hears(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        shared.practice.homeserver.unsafe[shared.sam.own_room] = "stranger"
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        assert sum("could not deliver" in words for words in shared.lee.heard) == 1
        assert "Sam Patel" in shared.lee.last_heard and questions(shared) == []
        async with shared.practice.journal.reading() as rows:
            posts = {choice.copy_id for choice in await rows.choices.find(about="specific-consent")}
        assert len(posts) == 4, "in words and by a poll, twice"


async def test_R32_a_shared_picture_carries_its_terms_itself(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.taught()
        (caption,) = [post.body for post in shared.practice.posts_in(shared.derm.own_room) if "file" in post.content]
        assert "registrar teaching, 12 March" in caption and "nothing else" in caption and "31 March 2027" in caption


async def test_R32_a_picture_in_a_case_carries_the_question_and_what_may_not_be_done(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        case = await shared.forwarded()
        (caption,) = [post.body for post in shared.practice.posts_in(case) if "file" in post.content]
        assert "is this a melanoma?" in caption and "for this advice only" in caption


async def test_R32_what_a_tap_attests_names_to_whom_it_sends_and_with_what_question(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"!forward {shared.image.ref} @derm:hs.test is this a melanoma?")
        assert "@derm:hs.test" in shared.lee.last_heard and "is this a melanoma?" in shared.lee.last_heard


async def test_two_open_questions_never_draw_the_same_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with shared_practice(tmp_path) as shared:
        drawn = iter([4821, 4821, 4822, 4822, 4823, *range(5000, 6000)])
        monkeypatch.setattr(shared.practice.ids, "number", lambda: str(next(drawn)))
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref).replace("education", "research"))
        numbers = [choice.number for choice in await open_choices(shared) if choice.number]
        by_poll = {choice.poll_id: choice.number for choice in await open_choices(shared) if choice.number}
        assert len(set(by_poll.values())) == len(by_poll) == 2, numbers
