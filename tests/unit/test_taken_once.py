"""What a page sends again, because the answer to it was lost, is taken once: also days later, under another transaction's id."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.domain.arrivals import Arrival
from bot.domain.entries import EntryKind
from bot.domain.marks import KEY
from tests.cases import Shared, shared_practice
from tests.households import documents
from tests.practice import JPEG, Someone, staffed_practice

WORDS = "zebra itches more"


def named(once: object) -> dict[str, Any]:
    """What the page adds to what it sends."""
    return {KEY: {"once": once}}


async def passed_on(shared: Shared, words: str) -> int:
    return sum(words in line for line in shared.practice.seen_in(shared.lee.own_room))


async def test_words_that_come_twice_are_filed_and_passed_on_once_and_both_leave_the_chat(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        practice, sam = shared.practice, shared.sam
        heard = len(practice.seen_in(sam.own_room))
        first = await sam.writes(WORDS, **named("one"))
        answers = len(practice.seen_in(sam.own_room)) - heard
        await practice.after(days=3)
        again = await sam.writes(WORDS, **named("one"))
        assert len(practice.seen_in(sam.own_room)) - heard == answers, "nothing more is said to them"
        (filed,) = await documents(shared, kind=EntryKind.ANSWER)
        assert await passed_on(shared, WORDS) == 1 and filed.image_id == shared.image.id
        assert await practice.audited("message.sent-again") == 1
        await practice.after(days=40)
        assert {first.event_id, again.event_id} <= set(practice.homeserver.redacted)


async def test_a_correction_that_comes_twice_is_made_once(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        for _ in range(2):
            await shared.sam.writes(f"correct {shared.image.ref} my left arm", **named("one"))
        assert len(await documents(shared, kind=EntryKind.CORRECTION)) == 1


async def test_the_same_words_under_another_name_or_of_somebody_else_or_under_none_are_heard(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        for more in (named("one"), named("two"), {}, {}, named(7), named(7), named("long" * 20), named("long" * 20)):
            await shared.sam.writes(WORDS, **more)
        assert len(await documents(shared, kind=EntryKind.ANSWER)) == 8
        before = len(shared.practice.seen_in(shared.lee.own_room))
        await shared.lee.writes("!help", **named("one"))
        assert len(shared.practice.seen_in(shared.lee.own_room)) > before


async def test_what_was_refused_is_not_decided_anew(tmp_path: Path) -> None:
    """What it asks for may be theirs to ask by then, and it is not what they ask for now."""
    async with staffed_practice(tmp_path) as people:
        practice, sam = people.practice, people.sam
        await sam.writes("!enrol 10999 1990-01-01 Jo Low", **named("one"))
        heard = practice.seen_in(sam.own_room)
        await sam.writes("!enrol 10999 1990-01-01 Jo Low", **named("one"))
        assert practice.seen_in(sam.own_room) == heard


async def test_a_bot_that_dies_before_it_has_decided_takes_it_when_it_is_back(tmp_path: Path) -> None:
    """That it was taken stands in the same commit as what came of it."""
    async with shared_practice(tmp_path) as shared:
        arrival = _words_of(shared.sam)
        async with shared.practice.journal.transaction() as rows:
            assert await rows.is_first(arrival.event_id, "one") is False, "it has not arrived"
        await shared.practice.receive(arrival)
        try:
            async with shared.practice.journal.transaction() as rows:
                assert await rows.is_first(arrival.event_id, "one")
                raise KeyboardInterrupt
        except KeyboardInterrupt:
            pass
        await shared.practice.settle()
        assert len(await documents(shared, kind=EntryKind.ANSWER)) == 1


def _words_of(sender: Someone) -> Arrival:
    return sender.arrival(sender.own_room, {"msgtype": "m.text", "body": WORDS, **named("one")})


async def test_a_photo_is_known_by_its_bytes_and_each_copy_is_accounted_for(tmp_path: Path) -> None:
    """A second upload of it has to be erased too."""
    async with staffed_practice(tmp_path) as people:
        sent = [await people.sam.sends_photo(JPEG, "rash on my arm", **named("one")) for _ in range(2)]
        await people.practice.after(hours=2)
        (image,) = [image for image in await people.practice.images() if not image.duplicate_of]
        assert image.ref
        assert {photo.event_id for photo in sent} <= set(people.practice.homeserver.redacted)
        assert not any((photo.content or {})["file"]["url"] in people.practice.homeserver.media for photo in sent)
