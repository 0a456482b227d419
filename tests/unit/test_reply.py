"""A reply reaches somebody who speaks for the image's patient, and whoever wrote it reads by name whom (R28, R29)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.effects import EFFECTS
from bot.domain.document import DocumentState
from bot.domain.entries import EntryKind
from bot.domain.identifiers import Account
from bot.domain.people import Relation, Standing
from bot.domain.planned import Progress
from tests.cases import TEACHING, answer_id, polls_in, shared_practice, taps
from tests.colleagues import FILE, LINE, answers, asked, image_of, with_derm
from tests.households import (
    answers_as,
    documents,
    enrolled,
    heard_with,
    latest_image,
    moved_to_ann,
    speaks_no_more,
    with_ann,
)
from tests.practice import JPEG, Someone, open_practice, staffed_practice

CREAM = "use the cream"


async def test_R29_a_reply_to_a_sender_who_speaks_goes_at_once_and_names_them(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        polls = len(polls_in(shared.practice, shared.lee.own_room))
        await shared.lee.writes(f"!reply {shared.image.ref} {CREAM}")
        assert heard_with(shared.sam, CREAM)
        assert shared.lee.last_heard == f"On its way to Sam Patel, and to the record ({shared.image.ref})."
        assert len(polls_in(shared.practice, shared.lee.own_room)) == polls, "one question fewer"
        (reply,) = await documents(shared, kind=EntryKind.REPLY)
        assert reply.state is DocumentState.VERIFIED


async def test_R29_written_in_the_teams_room_it_names_nobody_there(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        room = await shared.practice.practice_room()
        await shared.lee.writes(f"!reply {shared.image.ref} {CREAM}", room=room)
        assert heard_with(shared.sam, CREAM)
        assert heard_with(shared.lee, "On its way to Sam Patel")
        assert not any("Sam" in line for line in shared.practice.seen_in(room))


async def test_R29_after_a_refile_nobody_reads_it_before_the_clinician_tapped_a_name(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, ann):
        await moved_to_ann(shared)
        await shared.lee.writes(f"!reply {shared.image.ref} {CREAM}")
        assert not heard_with(shared.sam, CREAM) and not heard_with(ann, CREAM)
        assert answers(shared.lee) == ["Ann Patel, the patient", "Don't send it"]
        assert CREAM not in asked(shared.lee)
        (draft,) = await documents(shared, kind=EntryKind.REPLY)
        assert draft.state is DocumentState.DRAFT
        await taps(shared.lee, "Ann Patel")
        assert heard_with(ann, CREAM) and not heard_with(shared.sam, CREAM)
        assert "On its way to Ann Patel" in shared.lee.last_heard
        (reply,) = await documents(shared, kind=EntryKind.REPLY)
        assert reply.state is DocumentState.VERIFIED
        assert [
            e.text for e in await shared.practice.record.entries(reply.patient_id) if e.kind is EntryKind.REPLY
        ] == [CREAM]


async def test_R29_a_draft_that_is_not_sent_is_nowhere_kept(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, ann):
        await moved_to_ann(shared)
        await shared.lee.writes(f"!reply {shared.image.ref} {CREAM}")
        await taps(shared.lee, "Don't send it")
        (draft,) = await documents(shared, kind=EntryKind.REPLY)
        assert (draft.state, draft.text) == (DocumentState.DROPPED, "")
        assert "Not sent, and not kept" in shared.lee.last_heard
        heard = len(shared.lee.heard)
        await shared.practice.after(hours=2)
        assert len(shared.lee.heard) == heard and not heard_with(ann, CREAM)


async def test_R29_a_draft_nobody_chose_for_is_dropped_within_the_hour_and_its_author_hears_once(
    tmp_path: Path,
) -> None:
    async with with_ann(tmp_path) as (shared, ann):
        await moved_to_ann(shared)
        await shared.lee.writes(f"!reply {shared.image.ref} {CREAM}")
        secret = answer_id(shared.practice, shared.lee.own_room, "Ann")
        await shared.practice.after(hours=1, minutes=1)
        (draft,) = await documents(shared, kind=EntryKind.REPLY)
        assert (draft.state, draft.text) == (DocumentState.DROPPED, "")
        assert len(heard_with(shared.lee, "neither sent nor kept")) == 1
        await taps(shared.lee, "Ann", secret=secret)
        assert not heard_with(ann, CREAM), "too late"


async def test_R29_a_draft_survives_a_restart_and_is_sent_by_the_tap(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, ann):
        await moved_to_ann(shared)
        await shared.lee.writes(f"!reply {shared.image.ref} {CREAM}")
        before = shared.practice
    async with open_practice(tmp_path, reopen=before) as practice:
        await taps(Someone(practice, shared.lee.account, shared.lee.identity, shared.lee.own_room), "Ann")
        assert any(CREAM in line for line in practice.seen_in(ann.own_room))


async def test_R28_at_the_tap_it_is_judged_again(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, ann):
        await moved_to_ann(shared)
        await shared.lee.writes(f"!reply {shared.image.ref} {CREAM}")
        await speaks_no_more(ann)
        await taps(shared.lee, "Ann")
        assert not heard_with(ann, CREAM)
        assert "Ann Patel is not the one to hear" in shared.lee.last_heard
        (draft,) = await documents(shared, kind=EntryKind.REPLY)
        assert draft.state is DocumentState.DROPPED


async def test_R28_a_draft_written_before_another_refile_reaches_nobody(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, ann):
        await moved_to_ann(shared)
        await shared.lee.writes(f"!reply {shared.image.ref} {CREAM}")
        secret = answer_id(shared.practice, shared.lee.own_room, "Ann")
        await shared.kim.writes(f"!refile {shared.image.ref} 10421 1984-03-07")
        await taps(shared.kim, "Move")
        await taps(shared.lee, "Ann", secret=secret)
        assert not heard_with(ann, CREAM) and not heard_with(shared.sam, CREAM)


async def test_R29_nobody_who_may_hear_it_has_an_account_and_what_to_do_is_said(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await speaks_no_more(shared.sam)
        await shared.lee.writes(f"!reply {shared.image.ref} {CREAM}")
        assert "call them" in shared.lee.last_heard and "!note" in shared.lee.last_heard
        assert not heard_with(shared.sam, CREAM)
        assert not await documents(shared, kind=EntryKind.REPLY)


async def test_R29_after_the_eighteenth_birthday_the_young_person_is_offered_and_the_parent_is_not(
    tmp_path: Path,
) -> None:
    async with shared_practice(tmp_path) as shared:
        mum = await enrolled(shared, '!enrol patient 10423 "Mia Patel" 2010-12-01 parent "Ann Patel"', "ann", "Ann")
        await mum.sends_photo(JPEG + b"m", caption="her rash")
        ref = (await shared.practice.images())[-1].ref
        mia = await enrolled(shared, "!link 10423 self", "mia", "Mia")
        await answers_as(mia, "10423", Relation.SELF)
        await shared.practice.after(days=366 * 3)
        await shared.lee.writes(f"!reply {ref} {CREAM}")
        assert answers(shared.lee) == ["Mia Patel, the patient", "Don't send it"]
        await taps(shared.lee, "Mia")
        assert heard_with(mia, CREAM) and not heard_with(mum, CREAM)


async def test_R29_an_account_that_is_two_patients_own_is_named_as_the_one_it_reaches(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, ann):
        await answers_as(ann, "10421", Relation.SELF)
        await speaks_no_more(shared.sam)
        await shared.lee.writes(f"!reply {shared.image.ref} {CREAM}")
        assert answers(shared.lee) == ["Sam Patel, here as Ann Patel, the patient", "Don't send it"]
        await taps(shared.lee, "Sam Patel")
        assert heard_with(ann, CREAM)
        assert "On its way to Sam Patel, here as Ann Patel" in shared.lee.last_heard


async def test_R29_and_so_is_it_where_it_is_asked_for_consent(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, ann):
        await answers_as(ann, "10421", Relation.SELF)
        await speaks_no_more(shared.sam)
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        assert answers(shared.lee) == ["Sam Patel, here as Ann Patel, the patient"]
        await taps(shared.lee, "Sam Patel")
        assert heard_with(ann, "registrar teaching")


async def test_R5_a_reply_about_a_colleagues_photo_goes_to_that_colleague_by_name(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (practice, people, derm):
        await derm.sends_photo(caption=LINE)
        await taps(derm, FILE)
        ref = (await image_of(practice)).ref
        await people.lee.writes(f"!reply {ref} {CREAM}")
        assert heard_with(derm, CREAM) and not heard_with(people.sam, CREAM)
        assert "On its way to Dr Derm" in people.lee.last_heard
        async with practice.journal.transaction() as rows:
            person = await rows.people.first(account=derm.account)
            assert person is not None
            await rows.people.save(replace(person, standing=Standing.LEFT))
        await people.lee.writes(f"!reply {ref} {CREAM} twice")
        assert "Dr Derm" in people.lee.last_heard and "can't be reached" in people.lee.last_heard


@pytest.mark.parametrize("back", [False, True])
async def test_R5_after_a_refile_a_colleague_is_written_to_with_a_tap(tmp_path: Path, back: bool) -> None:
    async with with_derm(tmp_path) as (practice, people, derm):
        await people.kim.writes('!enrol patient 10422 "Ann Patel" 1990-05-02')
        await derm.sends_photo(caption=LINE)
        await taps(derm, FILE)
        ref = (await image_of(practice)).ref
        await people.kim.writes(f"!refile {ref} 10422 1990-05-02")
        await taps(people.kim, "Move")
        if back:
            await people.kim.writes(f"!refile {ref} 10421 1984-03-07")
            await taps(people.kim, "Move")
        await people.lee.writes(f"!reply {ref} {CREAM}")
        assert not heard_with(derm, CREAM)
        assert answers(people.lee) == ["Dr Derm, who sent it", "Don't send it"]
        await taps(people.lee, "Dr Derm")
        assert heard_with(derm, CREAM)


async def test_R15_words_about_an_image_wait_until_it_is_known_whose_it_is(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.kim.writes('!enrol patient 10422 "Mia Patel" 2015-05-02 parent "Sam Patel"')
        await people.sam.enrol(people.practice.last_code(people.kim.own_room))
        await answers_as(people.sam, "10422", Relation.PARENT)
        await people.sam.sends_photo()
        ref = (await people.practice.only_image()).ref
        await people.lee.writes(f"!reply {ref} {CREAM}")
        assert "isn't known yet whose photo" in people.lee.last_heard
        assert not heard_with(people.sam, CREAM)


async def test_R28_what_may_not_be_said_any_more_is_not_sent_and_its_author_hears_so(tmp_path: Path) -> None:
    """Authority ends between the decision and the sending."""
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"!reply {shared.image.ref} {CREAM}", settle=False)
        await shared.practice.inbox.drain()
        await speaks_no_more(shared.sam)
        await shared.practice.settle()
        assert not heard_with(shared.sam, CREAM)
        assert heard_with(shared.lee, "did not reach Sam Patel")
        assert await shared.practice.audited("say.not-said") == 1
        said = [e.text or "" for e in await shared.practice.record.entries(shared.image.patient_id)]
        assert any("did not reach" in text for text in said), "the record does not claim that it arrived"
        assert not await shared.practice.left(Progress.HELD)


async def test_R28_a_first_try_that_got_through_is_found_and_taken_back(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"!reply {shared.image.ref} {CREAM}", settle=False)
        await shared.practice.inbox.drain()
        (say,) = [
            one
            for one in await shared.practice.left()
            if getattr(one.intent, "reply_id", "") and CREAM in getattr(one.intent, "text", "")
        ]
        await EFFECTS[type(say.intent)].perform(shared.practice.worker._world, say.intent, say)  # and then it died
        (first,) = [post for post in shared.practice.posts_in(shared.sam.own_room) if CREAM in post.body]
        await speaks_no_more(shared.sam)
        await shared.practice.settle()
        assert first.event_id in shared.practice.homeserver.redacted


async def test_R28a_who_left_the_practice_hears_nothing_more_of_images(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"!mine {shared.image.ref}")
        before = len(shared.lee.heard)
        await shared.sam.writes("it itches more", settle=False)
        await shared.practice.inbox.drain()
        async with shared.practice.journal.transaction() as rows:
            person = await rows.people.first(account=shared.lee.account)
            assert person is not None
            await rows.people.save(replace(person, standing=Standing.LEFT))
        await shared.practice.settle()
        assert len(shared.lee.heard) == before
        await shared.sam.writes("and now it hurts")
        assert any("it hurts" in line for line in shared.practice.seen_in(await shared.practice.practice_room()))


async def test_R29_where_somebody_else_wrote_last_the_sender_does_not_read_the_answer_unasked(tmp_path: Path) -> None:
    """What one parent says in confidence is not answered to the other."""
    async with shared_practice(tmp_path) as shared:
        ann = await enrolled(shared, '!enrol patient 10423 "Mia Patel" 2020-12-01 parent "Ann Patel"', "ann", "Ann")
        await shared.kim.writes('!link 10423 parent "Bob Quill"')
        code = shared.practice.last_code(shared.kim.own_room)
        await taps(shared.kim, "Not now: it could")
        bob = Someone(shared.practice, Account("@bob:hs.test"), "BobIdentity")
        await bob.enrol(code)
        await ann.sends_photo(JPEG + b"ann's", caption="bruise, she fell")
        image = await latest_image(shared)
        await bob.writes("She did not fall, I am afraid for her")
        await shared.lee.writes(f"!reply {image.ref} {CREAM}")
        assert not heard_with(ann, CREAM) and not heard_with(bob, CREAM)
        assert "Somebody who did not send it has written about it" in asked(shared.lee)
        assert answers(shared.lee)[0].startswith("Bob Quill")
        await taps(shared.lee, "Bob Quill")
        assert heard_with(bob, CREAM) and not heard_with(ann, CREAM)
        await shared.lee.writes(f"!reply {image.ref} come on Monday")
        assert heard_with(ann, "come on Monday"), "who sent it, as before: nobody else has written since"
