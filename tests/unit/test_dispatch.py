"""Dispatch: one arrival, one commit. Poison stops nobody, a conflict is decided again, a refusal leaves nothing behind."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.core.dispatch import CONFLICT_TRIES, Answer, Dispatch, House, Request
from bot.core.transaction import Transaction
from bot.domain.arrivals import Arrival, ArrivalKind
from bot.domain.errors import OutsideFailure, Refused
from bot.domain.image import State
from bot.domain.staff_deeds import SeeList
from bot.ports import Conflict
from bot.words.phrases import as_configured
from handlers import HOUSE
from tests.practice import JPEG, Practice, staffed_practice


def house_with(handle: Callable[[Request, Transaction], Awaitable[Answer]]) -> House:
    """The house, with `!list` done otherwise."""

    async def do(deed: SeeList, request: Request, tx: Transaction) -> Answer:
        return await handle(request, tx)

    return replace(HOUSE, deeds={**HOUSE.deeds, SeeList: do})


def live_in(practice: Practice, house: House) -> None:
    dispatch = Dispatch(practice.journal, house, practice.clock, practice.ids, practice.policy)
    practice.inbox._dispatch = dispatch


async def test_a_poison_arrival_is_quarantined_told_audited_and_the_next_is_handled(tmp_path: Path) -> None:
    async def poison(request: Request, tx: Transaction) -> Answer:
        await tx.say(request.room.address, "half done")
        raise RuntimeError("Sam Patel has a rash")

    async with staffed_practice(tmp_path) as people:
        live_in(people.practice, house_with(poison))
        bad = people.lee.arrival(people.lee.own_room, {"msgtype": "m.text", "body": "!list"})
        good = people.sam.photo(JPEG, "rash")
        await people.practice.receive(bad, good)
        await people.practice.settle()
        assert (await people.practice.only_image()).state is State.VERIFIED
        assert "half done" not in people.lee.heard
        assert await people.practice.audited("quarantined") == 1
        assert any(
            "could not be understood" in line for line in people.practice.seen_in(await people.practice.practice_room())
        )
        assert not await people.practice.journal.next_arrivals(1), "and is never tried again"


async def test_poison_leaves_only_its_kind_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def poison(request: Request, tx: Transaction) -> Answer:
        raise RuntimeError("Sam Patel has a rash")

    async with staffed_practice(tmp_path) as people:
        live_in(people.practice, house_with(poison))
        await people.lee.writes("!list")
    assert "RuntimeError" in caplog.text and "rash" not in caplog.text


async def test_a_conflict_is_decided_again_from_the_start(tmp_path: Path) -> None:
    tries = 0

    async def conflicting(request: Request, tx: Transaction) -> Answer:
        nonlocal tries
        tries += 1
        await tx.say(request.room.address, f"try {tries}")
        if tries < CONFLICT_TRIES:
            raise Conflict("somebody was faster")
        return as_configured("done")

    async with staffed_practice(tmp_path) as people:
        live_in(people.practice, house_with(conflicting))
        await people.lee.writes("!list")
        assert tries == CONFLICT_TRIES
        assert people.lee.heard[-2:] == [f"try {CONFLICT_TRIES}", "done"], "what lost the race was never said"


async def test_a_conflict_that_does_not_end_leaves_the_arrival_for_later(tmp_path: Path) -> None:
    async def conflicting(request: Request, tx: Transaction) -> Answer:
        raise Conflict("somebody was faster")

    async with staffed_practice(tmp_path) as people:
        live_in(people.practice, house_with(conflicting))
        await people.practice.receive(people.lee.arrival(people.lee.own_room, {"msgtype": "m.text", "body": "!list"}))
        with pytest.raises(Conflict):
            await people.practice.inbox.drain()
        assert len(await people.practice.journal.next_arrivals(2)) == 1


async def test_a_refusal_rolls_everything_back_and_answers_in_one_sentence(tmp_path: Path) -> None:
    async def refuse(request: Request, tx: Transaction) -> Answer:
        await tx.rows.images.add(replace(await one_image(tx), id="another", ref="IMG-0000", event_id="$another"))
        await tx.say(request.room.address, "half done")
        raise Refused(as_configured("That can't be."), "R15")

    async def one_image(tx: Transaction) -> Any:
        return (await tx.rows.images.find())[0]

    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo(caption="rash")
        live_in(people.practice, house_with(refuse))
        heard = len(people.lee.heard)
        await people.lee.writes("!list")
        assert people.lee.heard[heard:] == ["That can't be."]
        assert len(await people.practice.images()) == 1
        assert await people.practice.audited("refused") == 1


async def test_a_full_disk_leaves_the_arrival_for_later_and_nothing_is_lost(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice = people.practice
        await practice.receive(people.sam.photo(JPEG, "rash"))
        transaction = practice.database.transaction

        @asynccontextmanager
        async def full() -> Any:
            async with transaction() as connection:
                yield connection
                raise OutsideFailure("disk-full")

        practice.database.transaction = full
        with pytest.raises(OutsideFailure, match="disk-full"):
            await practice.inbox.drain()
        assert await practice.images() == []
        practice.database.transaction = transaction
        await practice.settle()
        assert (await practice.only_image()).state is State.VERIFIED
        assert await practice.audited("quarantined") == 0


async def test_a_full_disk_while_syncing_moves_no_token(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice = people.practice
        before, transaction = await practice.journal.token(), practice.database.transaction

        @asynccontextmanager
        async def full() -> Any:
            async with transaction() as connection:
                yield connection
                raise OutsideFailure("disk-full")

        practice.database.transaction = full
        with pytest.raises(OutsideFailure):
            await practice.receive(people.sam.photo(JPEG, "rash"))
        assert await practice.journal.token() == before
        practice.database.transaction = transaction
        await practice.pull()
        await practice.settle()
        assert (await practice.only_image()).state is State.VERIFIED


@pytest.mark.parametrize("kind", [ArrivalKind.MALFORMED])
async def test_what_cannot_be_parsed_is_counted_and_passed_over(kind: ArrivalKind, tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.practice.receive(people.sam.arrival(people.sam.own_room, {"error": "KeyError"}, kind))
        await people.practice.settle()
        assert await people.practice.audited(f"arrival.{kind.value}") == 1


async def test_words_in_a_room_that_is_not_the_bot_s_are_only_noted(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        posts = len(people.practice.homeserver.posts)
        await people.sam.writes("my images", room="!elsewhere")
        assert len(people.practice.homeserver.posts) == posts
        assert await people.practice.audited("arrival.elsewhere") == 1


async def test_every_arrival_is_heard_in_the_order_it_came(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        room = people.sam.own_room
        batch: list[Arrival] = [people.sam.photo(JPEG + bytes([n]), f"mole {n}") for n in range(5)]
        batch.insert(3, people.sam.arrival(room, {"msgtype": "m.text", "body": "help"}))
        await people.practice.receive(*batch)
        await people.practice.settle()
        assert [image.reason for image in await people.practice.images()] == [f"mole {n}" for n in range(5)]


@pytest.mark.parametrize("quote", ["> <@bot:hs.test> What is the photo about?\n> A few words\n\n", ""])
async def test_what_a_reply_quotes_is_not_taken_for_words_of_who_replies(tmp_path: Path, quote: str) -> None:
    """R15: “yes 4821” under the question is an answer, a command is one, and the bot's words are nobody's reason."""
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo()
        relation = {"m.in_reply_to": {"event_id": "$asked"}}
        for who, words in ((people.sam, "my toe > my thumb\n> and blue"), (people.lee, "!list")):
            content = {"msgtype": "m.text", "body": quote + words, "m.relates_to": relation}
            await people.practice.receive(who.arrival(who.own_room, content))
        await people.practice.settle()
        assert (await people.practice.only_image()).reason == "my toe > my thumb\n> and blue"
        assert "IMG-" in people.lee.last_heard
