"""A request goes to the sender if they speak now, else to whom the requester taps; a no holds until it is changed (R29a)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.domain.identifiers import AuthorityId
from bot.domain.image import Image
from bot.domain.people import Authority, Relation
from bot.domain.planned import Progress
from bot.domain.use import UseState
from tests.cases import POLL, TEACHING, Shared, answer_id, pictures_in, polls_in, shared_practice, taps
from tests.colleagues import FILE
from tests.households import heard_with, speaks_no_more
from tests.practice import JPEG, Someone
from tests.unit.test_answers_that_do_not_count import moves
from tests.unit.test_capacity import enrolled, with_mia

OF_MIA = "body 10422 2010-12-01 mine verbal from parent today advice"


async def with_parents(shared: Shared) -> tuple[Someone, Someone]:
    """Mia is 15; Ann and Bob are her parents."""
    ann = await with_mia(shared)
    return ann, await enrolled(shared, '!link 10422 parent "Bob Patel"', "bob", "Bob")


async def photo_of_mia(shared: Shared, sender: Someone) -> Image:
    """Sent by a parent, or by Dr Lee, who attests it."""
    await sender.sends_photo(JPEG + b"2", caption=OF_MIA if sender is shared.lee else "rash")
    if sender is shared.lee:
        await taps(sender, FILE)
    return (await shared.practice.images())[-1]


async def is_asked(shared: Shared, image: Image, asked: Someone, answer: str, whom: str = "") -> None:
    await shared.lee.writes(TEACHING.format(ref=image.ref))
    if whom:
        await taps(shared.lee, whom)
    await taps(asked, answer)
    if answer == "Yes":
        await taps(asked, "Yes, I am sure")


async def test_R29a_the_sender_who_speaks_is_asked_without_a_tap_and_nobody_else_hears(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, bob = await with_parents(shared)
        image = await photo_of_mia(shared, ann)
        heard = len(bob.heard)
        await is_asked(shared, image, ann, "Yes")
        assert (await shared.uses())[-1].state is UseState.RELEASED and len(bob.heard) == heard


async def test_R29a_else_the_requester_taps_whom_and_only_they_are_asked(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, bob = await with_parents(shared)
        image = await photo_of_mia(shared, shared.lee)
        heard = len(ann.heard)
        await shared.lee.writes(TEACHING.format(ref=image.ref))
        labels = [a["org.matrix.msc1767.text"] for a in polls_in(shared.practice, shared.lee.own_room)[-1]["answers"]]
        assert labels == ["Ann Patel, parent", "Bob Patel, parent"]
        await taps(shared.lee, "Bob")
        await taps(bob, "Yes")
        await taps(bob, "Yes, I am sure")
        assert (await shared.uses())[-1].state is UseState.RELEASED and len(ann.heard) == heard


async def test_R29a_whether_they_may_be_asked_is_judged_again_at_the_tap(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, _bob = await with_parents(shared)
        image = await photo_of_mia(shared, shared.lee)
        await shared.lee.writes(TEACHING.format(ref=image.ref))
        await moves(ann, "leave")
        heard = len(ann.heard)
        await taps(shared.lee, "Ann")
        assert "can't be asked any more" in shared.lee.last_heard and len(ann.heard) == heard


async def test_R28_a_question_that_may_not_be_put_any_more_when_it_is_sent_is_not(tmp_path: Path) -> None:
    """Sam's authority ends between the decision to ask and the sending; who asked hears that nobody was."""
    async with shared_practice(tmp_path) as shared:
        polls = len(polls_in(shared.practice, shared.sam.own_room))
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref), settle=False)
        await shared.practice.inbox.drain()
        await speaks_no_more(shared.sam)
        await shared.practice.settle()
        assert len(polls_in(shared.practice, shared.sam.own_room)) == polls
        assert not heard_with(shared.sam, "registrar teaching")
        assert heard_with(shared.lee, "could not deliver the question to Sam Patel")
        assert not await shared.practice.left(Progress.HELD)


async def test_R28_a_second_question_is_not_put_to_a_parent_after_the_birthday(tmp_path: Path) -> None:
    """The first yes came in time; "are you sure?" waited for the homeserver over midnight."""
    async with shared_practice(tmp_path) as shared:
        ann, _ = await with_parents(shared)
        image = await photo_of_mia(shared, ann)
        await shared.lee.writes(TEACHING.format(ref=image.ref))
        polls = len(polls_in(shared.practice, ann.own_room))
        chosen = {f"{POLL}.response": {"answers": [answer_id(shared.practice, ann.own_room, "Yes")]}}
        await shared.practice.receive(replace(ann.arrival(ann.own_room, chosen), type=f"{POLL}.response"))
        await shared.practice.inbox.drain()
        await speaks_no_more(ann)
        await shared.practice.settle()
        assert len(polls_in(shared.practice, ann.own_room)) == polls


async def test_R29a_a_no_of_one_parent_is_not_asked_away_with_the_other(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, bob = await with_parents(shared)
        image = await photo_of_mia(shared, shared.lee)
        await is_asked(shared, image, ann, "No", "Ann")
        heard = len(bob.heard)
        await is_asked(shared, image, ann, "Yes")  # straight to who said no: they may change it
        assert (await shared.uses())[-1].state is UseState.RELEASED and len(bob.heard) == heard


async def test_R29a_where_who_said_no_cannot_be_asked_nobody_is_and_no_reason_is_told(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, bob = await with_parents(shared)
        image = await photo_of_mia(shared, shared.lee)
        await is_asked(shared, image, ann, "No", "Ann")
        await moves(ann, "leave")
        heard = len(bob.heard)
        await shared.lee.writes(TEACHING.format(ref=image.ref))
        assert "not possible" in shared.lee.last_heard and "Ann" not in shared.lee.last_heard
        assert len(bob.heard) == heard and len(await shared.uses()) == 1


async def test_R29a_a_no_said_meanwhile_to_another_request_holds_a_yes_back(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, bob = await with_parents(shared)
        image = await photo_of_mia(shared, shared.lee)
        await shared.lee.writes(TEACHING.format(ref=image.ref))
        await taps(shared.lee, "Bob")
        await is_asked(shared, image, ann, "No", "Ann")
        await taps(bob, "Yes")
        await taps(bob, "Yes, I am sure")
        assert UseState.RELEASED not in {use.state for use in await shared.uses()}
        assert pictures_in(shared.practice, shared.derm.own_room) == []


async def test_R9_a_mature_minors_own_yes_is_needed_beside_the_parents(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await with_mia(shared)
        image = await photo_of_mia(shared, ann)
        mia = await enrolled(shared, "!link 10422 self", "mia", "Mia")
        await shared.lee.writes("!capacity 10422 mature-minor")
        await shared.lee.writes(TEACHING.format(ref=image.ref))
        assert await shared.uses() == [], "nobody has confirmed that it is Mia's account (R33)"
        await shared.lee.writes("!confirm 10422")
        await taps(shared.lee, "Yes")
        await is_asked(shared, image, ann, "Yes")
        assert (await shared.uses())[-1].state is UseState.AWAITING_CONSENT
        await taps(mia, "Yes")
        await taps(mia, "Yes, I am sure")
        assert (await shared.uses())[-1].state is UseState.RELEASED


async def test_R33_who_speaks_for_a_patient_neither_asks_nor_sends_on_as_staff(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        async with shared.practice.journal.transaction() as rows:
            lee = await rows.people.first(account=shared.lee.account)
            assert lee is not None
            await rows.authorities.add(Authority(AuthorityId("a1"), lee.id, shared.image.patient_id, Relation.CHILD))
        for line in (TEACHING, "!forward {ref} @derm:hs.test is this a melanoma?"):
            await shared.lee.writes(line.format(ref=shared.image.ref))
            assert "a colleague has to do this" in shared.lee.last_heard
        assert await shared.uses() == []
