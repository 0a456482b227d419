"""When the world fails: nothing is lost, nothing is half done, the right person is told, and it goes on by itself."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.copies import CopyState
from bot.domain.entries import Entry, EntryKind
from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.identifiers import Account, MediaId
from bot.domain.image import HeldFor, State
from bot.domain.planned import Progress
from bot.ports import MediaErased
from storage.records.embedded import EmbeddedRecord
from tests.practice import JPEG, POLICY, Practice, Someone, Staffed, staffed_practice


class SickRecord(EmbeddedRecord):
    """A record that fails as it is told to; otherwise the real one."""

    def __init__(self, practice: Practice) -> None:
        super().__init__(practice.database, practice.vault)
        self.refuses: dict[EntryKind, Exception] = {}
        self.gives_back: str | None = None

    async def file(self, entry: Entry) -> None:
        if entry.kind in self.refuses:
            raise self.refuses[entry.kind]
        await super().file(entry)

    async def read_back(self, entry_id: str) -> str:
        return self.gives_back or await super().read_back(entry_id)


def sicken(people: Staffed) -> SickRecord:
    record, worker = SickRecord(people.practice), people.practice.worker
    worker._world = replace(worker._world, record=record)
    return record


async def minute_by_minute(practice: Practice, minutes: int) -> None:
    for _ in range(minutes):
        await practice.after(minutes=1)


async def test_an_hour_without_the_homeserver_loses_and_repeats_nothing(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, sam = people.practice, people.sam
        await practice.receive(sam.photo(JPEG, "rash"))
        practice.homeserver.down = True
        heard = len(sam.heard)
        await minute_by_minute(practice, 60)
        assert (await practice.only_image()).state is State.RECEIVED
        assert len(sam.heard) == heard
        practice.homeserver.down = False
        await minute_by_minute(practice, 31)
        assert (await practice.only_image()).state is State.VERIFIED
        assert len(sam.heard) == heard + 1
        assert await practice.left() == [] or all(one.attempts == 0 for one in await practice.left())
        room = await practice.practice_room()
        assert len([line for line in practice.seen_in(room) if line.startswith("New image")]) >= 1


async def test_pulling_from_a_homeserver_that_is_away_changes_nothing(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        people.practice.homeserver.timeline.append(people.sam.photo(JPEG, "rash"))
        people.practice.homeserver.down = True
        with pytest.raises(OutsideFailure):
            await people.practice.pull()
        people.practice.homeserver.down = False
        await people.practice.pull()
        await people.practice.settle()
        assert (await people.practice.only_image()).state is State.VERIFIED


async def test_what_was_read_already_and_comes_again_is_not_done_again(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sent = await people.sam.sends_photo(caption="rash")
        await people.practice.receive(sent)
        await people.practice.settle()
        assert len(await people.practice.images()) == 1


async def test_a_purger_that_is_away_is_waited_for_and_the_message_waits_for_its_media(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice = people.practice
        practice.purger.away = True
        sent = await people.sam.sends_photo(caption="rash")
        assert (await practice.only_image()).state is State.VERIFIED
        await minute_by_minute(practice, 30)
        assert practice.homeserver.media and sent.event_id not in practice.homeserver.redacted
        practice.purger.away = False
        await minute_by_minute(practice, 31)
        assert not practice.homeserver.media and sent.event_id in practice.homeserver.redacted


async def receipt_lines(practice: Practice) -> list[dict[str, Any]]:
    image = await practice.only_image()
    entries = await practice.record.entries(image.patient_id)
    receipts = [entry for entry in entries if entry.kind is EntryKind.RECEIPT]
    return [line for receipt in receipts for line in json.loads(receipt.text or "")]


async def test_without_a_purger_every_receipt_says_that_media_is_beyond_reach(tmp_path: Path) -> None:
    """R17: never called gone."""
    async with staffed_practice(tmp_path, replace(POLICY, has_purger=False)) as people:
        people.practice.purger.none = True
        sent = await people.sam.sends_photo(caption="rash")
        lines = await receipt_lines(people.practice)
        assert {(line["state"], line["detail"]) for line in lines if line["mxc"]} == {("beyond-reach", "no-purger")}
        assert sent.event_id in people.practice.homeserver.redacted
        await people.kim.writes("!status")
        assert "beyond my reach: 1" in people.kim.last_heard and "No purger is set up" in people.kim.last_heard


async def test_media_of_another_homeserver_is_named_as_beyond_reach(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sent = people.sam.photo(JPEG, "rash")
        assert sent.content is not None
        elsewhere = "mxc://elsewhere.example/one"
        media = people.practice.homeserver.media
        media[elsewhere] = media.pop(sent.content["file"]["url"])
        sent.content["file"]["url"] = elsewhere
        await people.practice.receive(sent)
        await people.practice.settle()
        lines = await receipt_lines(people.practice)
        assert {(line["state"], line["detail"]) for line in lines if line["mxc"]} == {("beyond-reach", "not-local")}


async def test_where_the_bot_has_no_power_the_receipt_says_so(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        people.practice.homeserver.powerless.add(people.sam.own_room)
        sent = await people.sam.sends_photo(caption="rash")
        lines = await receipt_lines(people.practice)
        (message,) = [line for line in lines if line["event_id"] == sent.event_id and not line["mxc"]]
        assert (message["state"], message["detail"]) == ("beyond-reach", "forbidden")


async def test_media_that_is_still_served_is_never_called_gone(tmp_path: Path) -> None:
    """R17: asked, then observed."""
    async with staffed_practice(tmp_path) as people:
        practice = people.practice
        erase = practice.purger.erase_media

        async def lies(mxc: str, owner: str) -> MediaErased:
            kept = practice.homeserver.media.get(mxc, b"")
            said = await erase(MediaId(mxc), Account(owner))
            practice.homeserver.media[mxc] = kept
            return said

        practice.purger.erase_media = lies
        sent = await people.sam.sends_photo(caption="rash")
        async with practice.journal.reading() as rows:
            copies = await rows.copies.find(event_id=sent.event_id)
        assert CopyState.GONE not in {copy.state for copy in copies}
        assert sent.event_id not in practice.homeserver.redacted
        assert "still-served" in {one.trouble for one in await practice.left()}


async def test_a_record_that_is_away_keeps_the_chat_as_it_is(tmp_path: Path) -> None:
    """R16, R17: nothing is purged that is not safely filed."""
    async with staffed_practice(tmp_path) as people:
        record = sicken(people)
        record.refuses[EntryKind.IMAGE] = OutsideFailure("record is away")
        sent = await people.sam.sends_photo(caption="rash")
        await minute_by_minute(people.practice, 10)
        assert (await people.practice.only_image()).state is State.READY
        assert people.practice.homeserver.media and sent.event_id not in people.practice.homeserver.redacted
        record.refuses.clear()
        await minute_by_minute(people.practice, 20)
        assert (await people.practice.only_image()).state is State.VERIFIED


async def test_a_record_that_refuses_is_a_person_s_to_settle(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        record = sicken(people)
        record.refuses[EntryKind.IMAGE] = Permanent("conflict")
        sent = await people.sam.sends_photo(caption="rash")
        image = await people.practice.only_image()
        assert (image.state, image.held_for) == (State.HELD, HeldFor.FILING_FAILED)
        assert (
            "needs a person: it could not be filed"
            in people.practice.seen_in(await people.practice.practice_room())[-1]
        )
        assert people.practice.homeserver.media and sent.event_id not in people.practice.homeserver.redacted
        record.refuses.clear()
        await people.lee.writes(f"!keep {image.ref}")
        assert (await people.practice.only_image()).state is State.VERIFIED


async def test_a_record_that_gives_back_other_bytes_purges_nothing(tmp_path: Path) -> None:
    """R16."""
    async with staffed_practice(tmp_path) as people:
        record = sicken(people)
        record.gives_back = "0" * 64
        sent = await people.sam.sends_photo(caption="rash")
        image = await people.practice.only_image()
        assert (image.state, image.held_for) == (State.HELD, HeldFor.READ_BACK_DIFFERED)
        assert people.practice.homeserver.media and sent.event_id not in people.practice.homeserver.redacted
        for word in ("keep", "discard"):
            await people.lee.writes(f"!{word} {image.ref}")
            assert "technical help" in people.lee.last_heard
        await people.sam.writes("withdraw")
        assert (await people.practice.only_image()).state is State.HELD
        assert [path for path in (tmp_path / "objects").rglob("*") if path.is_file()]


async def test_withdrawn_after_a_filing_that_was_cut_short_it_stays_and_that_is_said(tmp_path: Path) -> None:
    """The record had taken it: its bytes are not destroyed under the entry."""
    async with staffed_practice(tmp_path) as people:
        record = sicken(people)
        read_back = record.read_back

        async def away(entry_id: str) -> str:
            raise OutsideFailure("record is away")

        record.read_back = away
        await people.sam.sends_photo(caption="rash")
        assert (await people.practice.only_image()).state is State.READY
        await people.sam.writes("withdraw")
        record.read_back = read_back
        await minute_by_minute(people.practice, 10)
        image = await people.practice.only_image()
        assert image.state is State.VERIFIED and await people.practice.record.content(image.id) == JPEG
        assert any("stays there" in line for line in people.sam.heard)
        assert not any("has been destroyed" in line for line in people.sam.heard)


async def test_words_the_record_refuses_are_kept_told_and_tried_again_on_request(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        record = sicken(people)
        await people.sam.sends_photo(caption="rash")
        image = await people.practice.only_image()
        record.refuses[EntryKind.NOTE] = Permanent("conflict")
        sent = await people.lee.writes(f"!note {image.ref} contact dermatitis")
        assert "filing a note" in people.practice.seen_in(await people.practice.practice_room())[-1]
        assert await people.practice.audited("document.held") == 1
        await people.practice.after(hours=30)
        assert sent.event_id not in people.practice.homeserver.redacted, "its only copy outside the bot"
        record.refuses.clear()
        await people.kim.writes("!retry")
        assert "Trying 1 again" in people.kim.last_heard
        texts = [entry.text for entry in await people.practice.record.entries(image.patient_id)]
        assert "contact dermatitis" in texts and sent.event_id in people.practice.homeserver.redacted


async def test_what_was_given_up_is_told_listed_and_tried_again_on_request(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice = people.practice
        practice.purger.away = True
        await people.sam.sends_photo(caption="rash")
        for _ in range(60):
            await practice.after(minutes=31)
        assert [one.intent.kind for one in await practice.left(Progress.HELD)] == ["erase-copy"]
        assert any("(purger is away)" in line for line in practice.seen_in(await practice.practice_room()))
        assert await practice.audited("intent.held") == 1
        await people.kim.writes("!status")
        assert "1 × removing a copy from a chat (purger is away)" in people.kim.last_heard
        practice.purger.away = False
        await people.kim.writes("!retry")
        assert "Trying 1 again" in people.kim.last_heard
        await minute_by_minute(practice, 31)
        assert not practice.homeserver.media and not await practice.left(Progress.HELD)
        await people.kim.writes("!retry")
        assert "Nothing was given up" in people.kim.last_heard


async def test_nothing_is_said_into_a_room_that_is_not_safe(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice = people.practice
        await people.sam.sends_photo(caption="rash")
        ref = (await practice.only_image()).ref
        practice.homeserver.unsafe[people.lee.own_room] = "stranger"
        heard = len(people.lee.heard)
        await people.lee.writes(f"!show {ref}")
        assert len(people.lee.heard) == heard
        told = practice.seen_in(await practice.practice_room())[-1]
        assert "a message to somebody" in told and "Sam" not in told and "10421" not in told
        assert await practice.audited("say.refused") >= 1
        await practice.after(hours=25)
        assert {line["state"] for line in await receipt_lines(practice)} <= {"gone", "hidden"}


async def test_what_could_not_be_said_is_no_copy_and_holds_up_no_receipt(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice = people.practice
        practice.homeserver.unsafe[await practice.practice_room()] = "stranger"
        sent = await people.sam.sends_photo(caption="rash")
        assert sent.event_id in {line["event_id"] for line in await receipt_lines(practice)}


async def test_an_unreadable_message_is_asked_for_again_once(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        from bot.domain.arrivals import ArrivalKind

        sam: Someone = people.sam
        await people.practice.receive(sam.arrival(sam.own_room, {"ciphertext": "…"}, ArrivalKind.UNDECRYPTABLE))
        heard = len(sam.heard)
        for _ in range(5):
            people.practice.clock.move(timedelta(seconds=61))
            await people.practice.inbox.tell_unreadable()
            await people.practice.settle()
        assert len(sam.heard) == heard + 1 and "Please send it again" in sam.last_heard
        assert await people.practice.audited("arrival.unreadable") == 1
