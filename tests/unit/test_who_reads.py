"""What a patient writes stands with its photo in the team's room, reaches who reads it, and its writer hears whom it reached."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.telling import refresh_announcement
from bot.domain.entries import EntryKind
from bot.domain.identifiers import NO_ACCOUNT
from bot.domain.people import Relation
from bot.domain.policy import Policy
from tests.cases import TEACHING, Shared, shared_practice
from tests.fakes import Post
from tests.households import answers_as, documents, enrolled, heard_with, latest_image, moved_to_ann, with_ann
from tests.practice import JPEG, POLICY, Practice, Someone, staffed_practice

ITCHES = "it itches more"
ALWAYS_OPEN = replace(POLICY, hours=())


async def posted(practice: Practice, words: str) -> list[Post]:
    """What the team reads with these words in it."""
    return [post for post in practice.posts_in(await practice.practice_room()) if words in post.body]


def relation(post: Post) -> dict[str, Any]:
    found: dict[str, Any] = post.content.get("m.relates_to", {})
    return found


async def closed(shared: Shared) -> None:
    """It is evening: the practice has closed."""
    shared.practice.clock.move(timedelta(hours=19 - shared.practice.clock.now().hour))


async def chen(shared: Shared) -> Someone:
    return await enrolled(shared, '!enrol clinician @chen:hs.test "Dr Chen"', "chen", "Chen")


# ---- the thread


async def test_words_stand_in_the_thread_of_the_photos_announcement(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        (announced,) = await posted(shared.practice, "New image")
        await shared.sam.writes(ITCHES)
        (told,) = await posted(shared.practice, ITCHES)
        assert relation(told) == {
            "rel_type": "m.thread",
            "event_id": announced.event_id,
            "is_falling_back": True,
            "m.in_reply_to": {"event_id": announced.event_id},
        }


async def test_each_photo_that_was_announced_with_others_has_their_thread(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice = people.practice
        await practice.receive(*(people.sam.photo(JPEG + bytes([number]), "rash") for number in range(2)))
        await practice.settle()
        (announced,) = await posted(practice, "2 new images")
        first, second = await practice.images()
        await people.sam.writes(f"{second.ref} itches")
        await people.sam.writes(f"{first.ref} burns")
        for words in ("itches", "burns"):
            assert relation((await posted(practice, words))[-1])["event_id"] == announced.event_id


async def test_where_the_announcement_is_gone_words_are_a_message_of_their_own(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.practice.after(days=2)
        await shared.sam.writes(ITCHES)
        (told,) = await posted(shared.practice, ITCHES)
        assert relation(told) == {}


async def test_a_photo_that_was_never_announced_changes_no_other_message(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"!note {shared.image.ref} no infection")
        before = len(shared.practice.homeserver.posts)
        await shared.sam.writes(ITCHES)
        async with shared.practice.journal.transaction() as rows:
            for copy in await rows.copies.of_post(
                ""
            ):  # of these some are gone from the chat, and would stand in for the rest
                await rows.copies.save(replace(copy, post_key="of its own"))
            for copy in await rows.copies.of_image(shared.image.id):
                if copy.post_key.startswith("announce:"):
                    await rows.copies.save(replace(copy, post_key=""))
            await refresh_announcement(shared.practice.dispatch.transaction(rows), shared.image)
        await shared.practice.settle()
        assert not [post for post in shared.practice.homeserver.posts[before:] if "m.new_content" in post.content]


async def test_whoever_took_the_photo_hears_the_words_too_in_their_own_chat(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"!mine {shared.image.ref}")
        await shared.sam.writes(ITCHES)
        assert len(heard_with(shared.lee, ITCHES)) == 1 and len(await posted(shared.practice, ITCHES)) == 1


async def test_a_wish_to_have_a_photo_back_is_read_by_the_same_people(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"!mine {shared.image.ref}")
        await shared.sam.writes("please delete that picture")
        assert heard_with(shared.lee, "may want")
        (told,) = await posted(shared.practice, "may want")
        assert relation(told)["rel_type"] == "m.thread"


# ---- what its writer hears


async def test_R29_its_writer_hears_by_name_whom_it_reached_and_when_messages_are_read(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ref = shared.image.ref
        await shared.sam.writes(ITCHES)
        assert f"passed that on to the team ({ref})" in shared.sam.last_heard
        assert "Messages are read Monday to Friday 8–18." in shared.sam.last_heard
        await shared.lee.writes(f"!mine {ref}")
        await shared.sam.writes("and burns")
        assert f"passed that on to Dr Lee ({ref})" in shared.sam.last_heard


async def test_it_is_said_once_and_again_when_another_day_begins(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        for words in (ITCHES, "it burns", "it is red"):
            await shared.sam.writes(words)
        assert len(heard_with(shared.sam, "passed that on")) == 1
        assert "I won't say so each time" in heard_with(shared.sam, "passed that on")[0]
        assert len(await documents(shared, kind=EntryKind.ANSWER)) == 3, "each is filed"
        assert all([await posted(shared.practice, words) for words in (ITCHES, "it burns", "it is red")])
        await shared.practice.after(days=1)
        await shared.sam.writes("today it is better")
        assert len(heard_with(shared.sam, "passed that on")) == 2


async def test_it_is_said_again_when_the_practice_closes_and_when_another_photo_is_meant(tmp_path: Path) -> None:
    async with shared_practice(tmp_path, replace(POLICY, duty=NO_ACCOUNT)) as shared:
        await shared.sam.writes(ITCHES)
        await closed(shared)
        await shared.sam.writes("it burns")
        assert "it is now outside these hours" in shared.sam.last_heard
        await shared.sam.sends_photo(JPEG + b"2", caption="my knee")
        await shared.sam.writes("it is swollen")
        assert f"({(await latest_image(shared)).ref})" in shared.sam.last_heard


async def test_R15_who_answers_for_several_hears_each_time_whose_photo_it_is(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await enrolled(shared, '!enrol patient 10423 "Mia Patel" 2015-12-01 parent "Ann Patel"', "ann", "Ann")
        await shared.kim.writes('!enrol patient 10424 "Tom Patel" 2013-12-01 parent "Ann Patel"')
        await ann.enrol(shared.practice.last_code(shared.kim.own_room))
        await ann.sends_photo(JPEG + b"mia")
        await ann.writes("1 Mia's rash")
        await ann.writes("hers is worse")
        await ann.writes("his hurts less")
        assert len(heard_with(ann, "of Mia Patel). Messages")) == 2
        assert not heard_with(ann, "won't say so each time")


async def test_a_question_is_answered_however_often_it_is_asked(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.writes("has anybody looked at it?")
        assert "passed that on" in shared.sam.last_heard and "Nobody has looked" in shared.sam.last_heard
        await shared.sam.writes("has somebody looked at it now?")
        assert shared.sam.last_heard.startswith("Nobody has looked")


async def test_a_practice_without_hours_makes_no_promise(tmp_path: Path) -> None:
    async with shared_practice(tmp_path, ALWAYS_OPEN) as shared:
        await shared.sam.writes(ITCHES)
        assert "Messages are read" not in shared.sam.last_heard


# ---- whoever is on duty


async def test_outside_the_hours_whoever_is_on_duty_reads_it_at_once_and_is_named(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        doctor = await chen(shared)
        await doctor.writes(f"!mine {shared.image.ref}")
        await closed(shared)
        await shared.sam.writes(ITCHES)
        assert heard_with(doctor, ITCHES) and heard_with(
            shared.lee, "outside the practice's hours. Dr Chen, who took it"
        )
        assert ITCHES in shared.lee.last_heard
        assert "passed that on to Dr Chen and Dr Lee, who is on duty" in shared.sam.last_heard


async def test_whoever_is_on_duty_and_has_the_photo_reads_it_once(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"!mine {shared.image.ref}")
        await closed(shared)
        await shared.sam.writes(ITCHES)
        await shared.practice.after(hours=2)
        assert len(heard_with(shared.lee, ITCHES)) == 1


@pytest.mark.parametrize("taken", [True, False])
async def test_unopened_for_an_hour_it_goes_to_whoever_is_on_duty_once(tmp_path: Path, taken: bool) -> None:
    async with shared_practice(tmp_path, ALWAYS_OPEN) as shared:
        doctor = await chen(shared)
        if taken:
            await doctor.writes(f"!mine {shared.image.ref}")
        await shared.sam.writes(ITCHES)
        await shared.practice.after(minutes=59)
        assert not heard_with(shared.lee, ITCHES)
        await shared.practice.after(minutes=2)
        who = "Dr Chen has" if taken else "anybody has"
        assert len(heard_with(shared.lee, f"nothing shows that {who} opened this")) == 1
        await shared.practice.after(hours=5)
        assert len(heard_with(shared.lee, ITCHES)) == 1
        assert await shared.practice.audited("words.escalated") == 1


async def opens_it(shared: Shared, doctor: Someone) -> None:
    shared.practice.homeserver.read.add(shared.practice.posts_in(doctor.own_room)[-1].event_id)


async def writes_later(shared: Shared, doctor: Someone) -> None:
    await doctor.writes("!help")


async def replies_from_the_teams_room(shared: Shared, doctor: Someone) -> None:
    await doctor.writes(f"!reply {shared.image.ref} use the cream", room=await shared.practice.practice_room())


@pytest.mark.parametrize("does", [opens_it, writes_later, replies_from_the_teams_room])
async def test_what_was_opened_or_answered_goes_to_nobody_else(tmp_path: Path, does: Any) -> None:
    async with shared_practice(tmp_path, ALWAYS_OPEN) as shared:
        doctor = await chen(shared)
        await doctor.writes(f"!mine {shared.image.ref}")
        await shared.sam.writes(ITCHES)
        await shared.practice.after(minutes=5)
        await does(shared, doctor)
        await shared.practice.after(hours=2)
        assert not heard_with(shared.lee, ITCHES)


@pytest.mark.parametrize("policy", [POLICY, ALWAYS_OPEN])
async def test_R33_whoever_is_on_duty_hears_nothing_as_staff_of_a_patient_they_speak_for(
    tmp_path: Path, policy: Policy
) -> None:
    async with shared_practice(tmp_path, replace(policy, duty="@kim:hs.test")) as shared:
        await answers_as(shared.kim, "10421", Relation.PARENT)
        if policy.hours:
            await closed(shared)
        await shared.sam.writes(ITCHES)
        await shared.practice.after(hours=2)
        assert not heard_with(shared.kim, ITCHES) and "Kim" not in shared.sam.last_heard


# ---- what words hang on


async def test_R29_words_that_name_nothing_are_about_what_is_asked(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.sends_photo(JPEG + b"2", caption="my knee")
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        await shared.sam.writes("who are these registrars?")
        (said,) = await documents(shared, kind=EntryKind.ANSWER)
        assert said.image_id == shared.image.id


async def test_R29_else_about_the_photo_a_clinician_last_wrote_about(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.sends_photo(JPEG + b"2", caption="my knee")
        await shared.practice.after(minutes=5)
        await shared.lee.writes(f"!reply {shared.image.ref} use the cream")
        await shared.sam.writes("the cream made it worse")
        (said,) = await documents(shared, kind=EntryKind.ANSWER)
        assert said.image_id == shared.image.id and heard_with(shared.lee, "the cream made it worse")


async def test_R29_else_about_the_latest_also_where_a_clinician_wrote_before_it_was_sent(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"!reply {shared.image.ref} use the cream")
        await shared.practice.after(minutes=5)
        await shared.sam.sends_photo(JPEG + b"2", caption="my knee")
        await shared.sam.writes("it is swollen")
        (said,) = await documents(shared, kind=EntryKind.ANSWER)
        assert said.image_id == (await latest_image(shared)).id


async def test_R29_what_a_clinician_wrote_about_a_photo_that_is_no_more_theirs_counts_for_nothing(
    tmp_path: Path,
) -> None:
    async with with_ann(tmp_path) as (shared, _ann):
        await shared.sam.sends_photo(JPEG + b"2", caption="my knee")
        await shared.practice.after(minutes=5)
        await shared.lee.writes(f"!reply {shared.image.ref} use the cream")
        await moved_to_ann(shared)
        await shared.sam.writes("the cream made it worse")
        (said,) = await documents(shared, kind=EntryKind.ANSWER)
        assert said.image_id == (await latest_image(shared)).id


# ---- words that come with something else


async def test_words_beside_the_number_that_says_whose_it_is_are_read_too(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await enrolled(shared, '!enrol patient 10423 "Mia Patel" 2015-12-01 parent "Ann Patel"', "ann", "Ann")
        await shared.kim.writes('!enrol patient 10424 "Tom Patel" 2013-12-01 parent "Ann Patel"')
        await ann.enrol(shared.practice.last_code(shared.kim.own_room))
        await ann.sends_photo(JPEG + b"mia")
        await ann.writes("1 can the doctor call me today?")
        assert await posted(shared.practice, "can the doctor call me today?")


async def test_a_correction_is_read_by_whoever_took_the_photo_also_when_the_announcement_is_gone(
    tmp_path: Path,
) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"!mine {shared.image.ref}")
        await shared.practice.after(days=2)
        await shared.sam.writes(f"correct {shared.image.ref} rash on my leg")
        assert heard_with(shared.lee, f"corrects what {shared.image.ref} is about. Reason: “rash on my leg”.")
        assert await posted(shared.practice, "rash on my leg")


async def test_of_a_photo_that_is_sent_again_without_words_none_are_said_to_be_passed_on(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo(caption="rash")
        await people.sam.sends_photo()
        assert "it is kept once." in people.sam.last_heard and "passed on" not in people.sam.last_heard
