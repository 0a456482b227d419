"""Questions that nobody can answer any more show it in the chat, however they were closed (R13)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.core.polls import ask, close_polls
from bot.domain import rooms
from bot.domain.copies import CopyState, What
from bot.domain.identifiers import EventId
from bot.domain.intents import Ask, CloseQuestion, Say
from tests.cases import POLL, TEACHING, Shared, shared_practice, taps


async def asked_and_numbered(shared: Shared) -> tuple[EventId, str]:
    """A request for consent: its poll, and the number for an answer in words."""
    await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
    words, poll = shared.practice.posts_in(shared.sam.own_room)[-2:]
    return poll.event_id, words.body.rpartition("yes ")[2][:4]


def closed(shared: Shared) -> list[str]:
    posts = shared.practice.posts_in(shared.sam.own_room)
    return [post.closes for post in posts if f"{POLL}.end" in post.content]


async def test_an_answer_in_words_closes_the_poll_beside_them(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        poll, number = await asked_and_numbered(shared)
        await shared.sam.writes("later")
        assert closed(shared) == []
        await shared.sam.writes(f"no {number}")
        assert closed(shared) == [poll]


async def test_a_tap_on_the_reminder_closes_the_poll_that_was_asked_first(tmp_path: Path) -> None:
    """The one that was tapped shows that by itself."""
    async with shared_practice(tmp_path) as shared:
        first, _ = await asked_and_numbered(shared)
        await shared.practice.after(days=4)
        await taps(shared.sam, "No")
        assert closed(shared) == [first]


async def test_what_says_so_leaves_the_chat_with_its_poll(tmp_path: Path) -> None:
    """R17: it is a copy like any other."""
    async with shared_practice(tmp_path) as shared:
        _, number = await asked_and_numbered(shared)
        await shared.sam.writes(f"no {number}")
        [end] = [post for post in shared.practice.posts_in(shared.sam.own_room) if post.closes]
        await shared.practice.after(days=2)
        async with shared.practice.journal.reading() as rows:
            [copy] = await rows.copies.of_event(end.event_id)
        assert (copy.what, copy.image_id, copy.state) == (What.POST, shared.image.id, CopyState.HIDDEN)


async def test_a_poll_that_is_not_sent_yet_is_closed_after_it_was_also_where_a_case_is_discussed(
    tmp_path: Path,
) -> None:
    """What closes a poll before it stands there closes nothing, so it waits in the same lane."""
    async with shared_practice(tmp_path) as shared:
        await shared.forwarded()
        async with shared.practice.journal.reading() as rows:
            (use,) = await rows.uses.find()
        case, answers = rooms.case(use.id), [("stored", "Stored"), ("declined", "Not needed")]
        async with shared.practice.journal.transaction() as rows:
            tx = shared.practice.dispatch.transaction(rows)
            derm = await tx.person(use.recipient_ids[0])
            a_day = timedelta(days=1)
            await ask(tx, derm, "A copy?", answers, about="own-copy", subject=use.id, lasts=a_day, address=case)
            await close_polls(tx, use.id)
            assert [type(planned.intent) for planned in await rows.waiting_in(case)] == [Say, Ask, CloseQuestion]
