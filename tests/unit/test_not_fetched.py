"""A photo that can't be fetched is tried again; its message stays in the chat until a person decides, and all hear the truth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.core.consequences import apply
from bot.core.effects.capture import FINAL
from bot.domain.arrivals import Arrival
from bot.domain.errors import OutsideFailure
from bot.domain.image import HeldFor, SomebodyElse, State
from bot.domain.planned import Progress
from bot.words.to_patients import CAPTURE_FAILED
from tests.practice import JPEG, Practice, Someone, Staffed, staffed_practice

LOST = ("gone", "wrong-hash")


def spoils(practice: Practice, sent: Arrival, how: str) -> None:
    """The homeserver does not serve what was sent: it says 404, or serves other bytes."""
    url = str((sent.content or {})["file"]["url"])
    if how == "gone":
        del practice.homeserver.media[url]
    else:
        practice.homeserver.media[url] = b"something else"


def mends(practice: Practice, sent: Arrival) -> None:
    practice.homeserver.media[str((sent.content or {})["file"]["url"])] = JPEG


async def sends_spoilt(sam: Someone, how: str, **more: Any) -> Arrival:
    sent = sam.photo(caption="rash", **more)
    spoils(sam.practice, sent, how)
    await sam.practice.receive(sent)
    await sam.practice.settle()
    return sent


async def given_up(people: Staffed, how: str) -> Arrival:
    sent = await sends_spoilt(people.sam, how)
    for _ in range(60):
        await people.practice.after(seconds=10)
    return sent


async def team(practice: Practice) -> str:
    return "\n".join(practice.seen_in(await practice.practice_room()))


@pytest.mark.parametrize("how", LOST)
async def test_what_cannot_be_fetched_at_first_is_fetched_later_and_nobody_is_told_of_it(
    tmp_path: Path, how: str
) -> None:
    async with staffed_practice(tmp_path) as people:
        sent = await sends_spoilt(people.sam, how)
        await people.practice.after(seconds=20)
        assert sent.event_id not in people.practice.homeserver.redacted
        mends(people.practice, sent)
        await people.practice.after(minutes=2)
        await people.practice.after(minutes=2)
        assert (await people.practice.only_image()).state is State.VERIFIED
        assert "again" not in "\n".join(people.sam.heard) and "fetch" not in await team(people.practice)


@pytest.mark.parametrize("how", LOST)
async def test_what_cannot_be_fetched_for_minutes_stays_in_the_chat_and_both_sides_hear_it(
    tmp_path: Path, how: str
) -> None:
    async with staffed_practice(tmp_path) as people:
        sent = await given_up(people, how)
        image, homeserver = await people.practice.only_image(), people.practice.homeserver
        assert image.in_reach and sent.event_id not in homeserver.redacted
        assert people.practice.purger.erased.count(str((sent.content or {})["file"]["url"])) == 0
        assert "send it again" in people.sam.last_heard and "Nothing is filed" in people.sam.last_heard
        assert "stays" in people.sam.last_heard and image.ref in people.sam.last_heard
        told = await team(people.practice)
        assert f"!keep {image.ref}" in told and f"!discard {image.ref}" in told and "Sam" not in told
        heard = people.sam.last_heard
        await people.practice.after(days=3)
        assert sent.event_id not in homeserver.redacted, "until somebody decides"
        assert people.sam.heard.count(heard) == 1
        await people.sam.writes("my images")
        assert "not here yet" in people.sam.last_heard and "kept safely" not in people.sam.last_heard


async def test_fetched_again_on_the_word_of_the_practice_it_is_filed(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sent = await given_up(people, "gone")
        image = await people.practice.only_image()
        mends(people.practice, sent)
        await people.lee.writes(f"!keep {image.ref}")
        await people.practice.after(minutes=1)
        assert (await people.practice.only_image()).state is State.VERIFIED
        assert not await people.practice.left(Progress.HELD)


@pytest.mark.parametrize("how", LOST)
async def test_discarded_by_the_practice_its_message_and_media_go(tmp_path: Path, how: str) -> None:
    async with staffed_practice(tmp_path) as people:
        sent = await given_up(people, how)
        image = await people.practice.only_image()
        await people.lee.writes(f"!discard {image.ref}")
        await people.practice.after(minutes=1)
        assert (await people.practice.only_image()).state is State.DISCARDED
        assert sent.event_id in people.practice.homeserver.redacted
        assert str((sent.content or {})["file"]["url"]) not in people.practice.homeserver.media
        assert f"{image.ref} was withdrawn" in "\n".join(people.sam.heard)
        assert not await people.practice.left(Progress.HELD)


async def test_withdrawn_by_its_sender_it_goes_too(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sent = await given_up(people, "wrong-hash")
        await people.sam.writes(f"withdraw {(await people.practice.only_image()).ref}")
        assert (await people.practice.only_image()).state is State.DISCARDED
        await people.practice.after(minutes=1)
        assert sent.event_id in people.practice.homeserver.redacted


async def test_what_is_withdrawn_while_it_is_tried_again_is_not_fetched_any_more(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sent = await sends_spoilt(people.sam, "gone")
        await people.practice.after(seconds=40)
        mends(people.practice, sent)
        await people.sam.writes(f"withdraw {(await people.practice.only_image()).ref}")
        assert (await people.practice.only_image()).state is State.DISCARDED


async def test_what_its_sender_deleted_and_the_server_does_not_have_is_dropped_without_a_word(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sent = await sends_spoilt(people.sam, "gone")
        await people.sam.deletes(sent)
        heard = len(people.sam.heard)
        for _ in range(60):
            await people.practice.after(seconds=10)
        assert (await people.practice.only_image()).state is State.DISCARDED
        assert len(people.sam.heard) == heard


async def test_what_it_is_to_be_held_for_outlasts_that_it_could_not_be_fetched(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sent = await given_up(people, "gone")
        image = await people.practice.only_image()
        async with people.practice.journal.transaction() as rows:
            await apply(people.practice.dispatch.transaction(rows), image, SomebodyElse(), by=image.sender_id)
        mends(people.practice, sent)
        await people.lee.writes(f"!keep {image.ref}")
        held = await people.practice.only_image()
        assert (held.state, held.held_for) == (State.HELD, HeldFor.SOMEBODY_ELSE)


async def test_what_a_colleague_leaves_with_themselves_is_not_tried_any_more(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sent = people.lee.photo(caption="rash")
        spoils(people.practice, sent, "gone")
        await people.practice.receive(sent)
        for _ in range(60):
            await people.practice.after(seconds=10)
        assert len(await people.practice.left(Progress.HELD)) == 1
        ref = (await people.practice.only_image()).ref
        assert f"or you write “leave {ref}”" in people.lee.last_heard
        await people.lee.writes(f"leave {ref}")
        await people.practice.after(minutes=1)
        assert (await people.practice.only_image()).state is State.LEFT_WITH_SENDER
        assert not await people.practice.left(Progress.HELD)
        assert sent.event_id in people.practice.homeserver.redacted


async def test_sent_again_it_is_filed_and_the_first_waits_for_a_decision(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        first = await given_up(people, "gone")
        await people.sam.sends_photo(caption="rash")
        states = [one.state for one in await people.practice.images()]
        assert states == [State.RECEIVED, State.VERIFIED]
        assert first.event_id not in people.practice.homeserver.redacted


async def test_a_homeserver_that_is_away_for_a_day_is_told_of_in_the_same_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with staffed_practice(tmp_path) as people:
        sent = people.sam.photo(caption="rash")
        await people.practice.receive(sent)

        async def away(*_: object) -> bytes:
            raise OutsideFailure("HTTP 502")

        with monkeypatch.context() as broken:
            broken.setattr(people.practice.homeserver, "fetch", away)
            for _ in range(60):
                await people.practice.after(hours=1)
        assert "I could not fetch your photo" in people.sam.last_heard
        await people.kim.writes("!retry")
        await people.practice.after(minutes=1)
        assert (await people.practice.only_image()).state is State.VERIFIED


def test_everything_that_ends_a_capture_at_once_has_a_sentence_of_its_own() -> None:
    assert set(CAPTURE_FAILED) == FINAL
