"""Nothing shows within a day that a reply was opened: its author is asked to call, once, and nothing more is claimed (R28a)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.arrivals import ArrivalKind
from bot.domain.identifiers import NO_ACCOUNT
from bot.domain.people import Relation, Standing
from tests.cases import Shared, shared_practice, taps
from tests.colleagues import FILE, LINE, image_of, with_derm
from tests.households import answers_as, enrolled, heard_with, moved_to_ann, speaks_no_more, with_ann
from tests.practice import POLICY, Someone, open_practice

CREAM = "use the cream"
CALL = "Nothing shows that"


async def replied(shared: Shared) -> None:
    await shared.lee.writes(f"!reply {shared.image.ref} {CREAM}")


def told(someone: Someone) -> list[str]:
    return heard_with(someone, CALL)


async def test_within_a_day_nothing_is_said_and_after_it_once(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await replied(shared)
        await shared.practice.after(hours=23)
        assert not told(shared.lee)
        await shared.practice.after(hours=2)
        (said,) = told(shared.lee)
        assert f"has opened what you wrote to them about {shared.image.ref} over a day ago. Please call them." in said
        assert "Sam Patel" in said and CREAM not in said
        await shared.practice.after(days=3)
        assert len(told(shared.lee)) == 1 and await shared.practice.audited("reply.unopened") == 1


async def test_the_reply_is_still_there_when_its_reader_is_called(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await replied(shared)
        (post,) = [post for post in shared.practice.posts_in(shared.sam.own_room) if CREAM in post.body]
        await shared.practice.after(hours=47)
        assert post.event_id not in shared.practice.homeserver.redacted
        await shared.practice.after(hours=2)
        assert post.event_id in shared.practice.homeserver.redacted


async def reads(shared: Shared) -> None:
    (post,) = [post for post in shared.practice.posts_in(shared.sam.own_room) if CREAM in post.body]
    shared.practice.homeserver.read.add(post.event_id)


async def answers(shared: Shared) -> None:
    await shared.sam.writes("thank you")


async def reacts(shared: Shared) -> None:
    reaction = shared.sam.arrival(shared.sam.own_room, {"m.relates_to": {}}, ArrivalKind.PLAINTEXT)
    await shared.practice.receive(replace(reaction, type="m.reaction"))
    await shared.practice.settle()


async def asks_for_the_list(shared: Shared) -> None:
    await shared.sam.writes("my images")


@pytest.mark.parametrize("does", [reads, answers, reacts, asks_for_the_list])
async def test_a_receipt_an_answer_a_reaction_or_any_later_message_is_enough(
    tmp_path: Path, does: Callable[[Shared], Awaitable[None]]
) -> None:
    async with shared_practice(tmp_path) as shared:
        await replied(shared)
        await shared.practice.after(hours=2)
        await does(shared)
        await shared.practice.after(days=2)
        assert not told(shared.lee)


async def test_it_survives_a_restart_and_a_homeserver_that_was_away(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await replied(shared)
        before = shared.practice
    async with open_practice(tmp_path, reopen=before) as practice:
        lee = Someone(practice, shared.lee.account, shared.lee.identity, shared.lee.own_room)
        practice.homeserver.down = True
        await practice.after(hours=25)
        practice.homeserver.down = False
        await practice.after(hours=1)
        assert len(told(lee)) == 1


async def its_authority_ends(shared: Shared) -> None:
    await speaks_no_more(shared.sam)


async def the_patient_dies(shared: Shared) -> None:
    await shared.kim.writes("!died 10421")
    await taps(shared.kim, "Has died")


async def the_patient_leaves(shared: Shared) -> None:
    await shared.kim.writes("!patient-leaves 10421")
    await taps(shared.kim, "Leaves")


@pytest.mark.parametrize("happens", [its_authority_ends, the_patient_dies, the_patient_leaves])
async def test_R28a_nobody_is_asked_to_call_somebody_who_may_not_hear_it_any_more(
    tmp_path: Path, happens: Callable[[Shared], Awaitable[None]]
) -> None:
    async with shared_practice(tmp_path) as shared:
        await replied(shared)
        await happens(shared)
        await shared.practice.after(days=2)
        assert not told(shared.lee) and not told(shared.kim)


async def test_R15_nor_somebody_in_whose_record_it_lay_by_mistake(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, _ann):
        await replied(shared)
        await moved_to_ann(shared)
        await shared.practice.after(days=2)
        assert not told(shared.lee)


async def test_R28_nor_where_it_did_not_reach_its_reader_and_the_author_knows(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"!reply {shared.image.ref} {CREAM}", settle=False)
        await shared.practice.inbox.drain()
        await speaks_no_more(shared.sam)
        await shared.practice.after(days=2)
        assert heard_with(shared.lee, "did not reach") and not told(shared.lee)


async def leaves(shared: Shared, author: Someone) -> None:
    async with shared.practice.journal.transaction() as rows:
        person = await rows.people.first(account=author.account)
        assert person is not None
        await rows.people.save(replace(person, standing=Standing.LEFT))


async def test_R28a_once_its_author_has_left_whoever_is_on_duty_is_told(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        chen = await enrolled(shared, '!enrol clinician @chen:hs.test "Dr Chen"', "chen", "Chen")
        await chen.writes(f"!reply {shared.image.ref} {CREAM}")
        await leaves(shared, chen)
        await shared.practice.after(days=2)
        assert not told(chen)
        (said,) = told(shared.lee)
        assert "Sam Patel has opened what Dr Chen, who can't be told now, wrote to them" in said


async def test_where_nobody_is_on_duty_the_team_is_told_without_a_name_of_the_patient(tmp_path: Path) -> None:
    async with shared_practice(tmp_path, replace(POLICY, duty=NO_ACCOUNT)) as shared:
        await replied(shared)
        await leaves(shared, shared.lee)
        await shared.practice.after(days=2)
        (said,) = [line for line in shared.practice.seen_in(await shared.practice.practice_room()) if CALL in line]
        assert "Dr Lee" in said and "Sam" not in said


async def test_R33_whoever_is_on_duty_is_not_told_as_staff_of_whom_they_speak_for(tmp_path: Path) -> None:
    async with shared_practice(tmp_path, replace(POLICY, duty="@kim:hs.test")) as shared:
        await answers_as(shared.kim, "10421", Relation.PARENT)
        await replied(shared)
        await leaves(shared, shared.lee)
        await shared.practice.after(days=2)
        assert not told(shared.kim)


async def test_a_reply_to_a_colleague_is_theirs_to_read_when_they_read(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (practice, people, derm):
        await derm.sends_photo(caption=LINE)
        await taps(derm, FILE)
        await people.lee.writes(f"!reply {(await image_of(practice)).ref} {CREAM}")
        await practice.after(days=2)
        assert not told(people.lee)
