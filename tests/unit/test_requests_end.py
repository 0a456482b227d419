"""A request ends with the authority it was asked under, and is answered only where its text stands (R28, R31, R32)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.domain.copies import CopyState
from bot.domain.identifiers import ChoiceId
from bot.domain.use import UseState
from bot.words import about_requests
from bot.words.sentence import in_words
from tests.cases import TEACHING, Shared, answer_id, pictures_in, polls_in, shared_practice, taps
from tests.households import latest_image
from tests.practice import JPEG, Someone
from tests.unit.test_two_people import authority_of, holds, linked


async def _asked(shared: Shared, born: str = "2015-12-01") -> tuple[Someone, str]:
    """Ann, who was asked about her photo of Mia, and the secret of her yes."""
    ann = await linked(shared, f'!enrol patient 10423 "Mia Patel" {born} parent "Ann Patel"', "ann")
    await ann.sends_photo(JPEG + b"a", caption="rash")
    await shared.lee.writes(TEACHING.format(ref=(await latest_image(shared)).ref))
    return ann, answer_id(shared.practice, ann.own_room, "Yes")


async def _state(shared: Shared) -> UseState:
    return (await shared.uses())[-1].state


async def test_R28_a_request_ends_with_the_authority_of_whom_it_was_asked_and_the_requester_hears(
    tmp_path: Path,
) -> None:
    async with shared_practice(tmp_path) as shared:
        _, yes = await _asked(shared)
        await shared.kim.writes("!unlink 10423 @ann:hs.test")
        await taps(shared.kim, "End it quietly")
        image = await latest_image(shared)
        assert await _state(shared) is UseState.EXPIRED
        assert about_requests.nobody_left_to_answer([image]) in shared.lee.heard
        again = await linked(shared, '!link 10423 parent "Ann Patel"', "ann")
        assert not (await authority_of(again)).is_open
        await taps(again, "", secret=yes)
        await taps(again, "Yes")  # a photo of a child takes two
        assert not pictures_in(shared.practice, shared.derm.own_room)


async def test_R28_a_request_ends_on_the_18th_birthday_of_the_child_it_is_about(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await linked(shared, '!enrol patient 10423 "Mia Patel" 2008-12-01 parent "Ann Patel"', "ann")
        await ann.sends_photo(JPEG + b"a", caption="rash")
        await shared.practice.after(days=6)
        await shared.lee.writes(TEACHING.format(ref=(await latest_image(shared)).ref))
        assert await _state(shared) is UseState.AWAITING_CONSENT
        await shared.practice.after(days=3)
        assert await _state(shared) is UseState.EXPIRED
        assert about_requests.nobody_left_to_answer([await latest_image(shared)]) in shared.lee.heard


async def test_R9_a_request_ends_when_the_child_is_found_mature_and_was_not_asked(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await _asked(shared, "2010-12-01")
        await shared.lee.writes("!capacity 10423 mature-minor")
        assert await _state(shared) is UseState.EXPIRED


async def test_R31_what_was_asked_under_an_authority_that_ran_out_is_not_answered_under_another(tmp_path: Path) -> None:
    """It ends by its date; they are linked anew before anybody is told that it ended."""
    async with shared_practice(tmp_path) as shared:
        ann, yes = await _asked(shared)
        async with shared.practice.journal.transaction() as rows:
            held = await authority_of(ann)
            await rows.authorities.save(replace(held, until=shared.practice.clock.now().date()))
        again = await linked(shared, '!link 10423 parent "Ann Patel"', "ann")
        assert await holds(again)
        await taps(again, "", secret=yes)
        await taps(again, "Yes")  # a photo of a child takes two
        assert not pictures_in(shared.practice, shared.derm.own_room)


async def test_R32_a_question_taken_back_with_a_lost_phone_is_sent_anew_before_anybody_answers_it(
    tmp_path: Path,
) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        yes = answer_id(shared.practice, shared.sam.own_room, "Yes")
        await shared.kim.writes("!lost @sam:hs.test")
        assert await _state(shared) is UseState.AWAITING_CONSENT, "whoever lost a phone only waits"
        asked = len(polls_in(shared.practice, shared.sam.own_room))
        back = Someone(shared.practice, shared.sam.account, "SamNew")
        await back.enrol(shared.practice.last_code(shared.kim.own_room))
        assert len(polls_in(shared.practice, shared.sam.own_room)) > asked, "it is asked once more"
        await taps(back, "", secret=yes)
        assert not pictures_in(shared.practice, shared.derm.own_room)
        await taps(back, "Yes")
        assert pictures_in(shared.practice, shared.derm.own_room)


async def test_R32_a_yes_to_a_text_that_no_longer_stands_in_the_chat_is_asked_for_again(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        yes = answer_id(shared.practice, shared.sam.own_room, "Yes")
        async with shared.practice.journal.transaction() as rows:
            choice = await rows.choices.get(ChoiceId(yes))
            post = await rows.copies.get(choice.copy_id)
            await rows.copies.save(replace(post, state=CopyState.HIDDEN))
        await taps(shared.sam, "", secret=yes)
        assert await _state(shared) is UseState.AWAITING_CONSENT
        assert in_words(about_requests.asked_whole_again()) in shared.sam.heard


async def test_R13_whoever_agrees_while_nothing_can_be_shared_hears_that_nothing_was(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        await shared.kim.writes("!lost @derm:hs.test")
        await taps(shared.sam, "Yes")
        assert await _state(shared) is UseState.REFUSED
        assert in_words(about_requests.thanks_yes_not_shared()) in shared.sam.heard
