"""Screening runs beside filing: what the file says of itself is filed, its sender hears one line, and nothing waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from bot.domain.entries import SMALL_PICTURE, EntryKind
from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.image import State
from bot.domain.screening import Also, Findings, Hint, NotShown
from bot.words import about_pictures
from bot.words.about_pictures import ITS_PLACE, TIPS
from bot.words.phrases import TAKEN_BACK
from storage.records.filed import FiledEntry
from tests.corpus.heifs import HEIC
from tests.fakes import PlainScreener
from tests.patience import PATIENCE
from tests.practice import JPEG, Practice, Staffed, staffed_practice

PHONE = Findings(
    format="JPEG",
    width=4000,
    height=3000,
    camera="Pomelo 11",
    taken="2026:03:02 07:41:16",
    place=True,
    also=(Also.SERIAL,),
    hints=(Hint.BLURRED, Hint.DARK),
)
CRASHED = Permanent("not-viewable", "ended by a limit")


@dataclass
class Finding(PlainScreener):
    """A screener that answers the same for every file, or fails."""

    answer: Findings | OutsideFailure

    async def screen(self, data: bytes) -> Findings:
        if isinstance(self.answer, OutsideFailure):
            raise self.answer
        return self.answer


def with_screener(answer: Findings | OutsideFailure) -> Callable[[str, Any], Any]:
    return lambda name, port: Finding(answer) if name == "screener" else port


@asynccontextmanager
async def practice_where(directory: Path, answer: Findings | OutsideFailure) -> AsyncIterator[Staffed]:
    async with staffed_practice(directory, around=with_screener(answer)) as people:
        yield people


async def filed(practice: Practice, kind: EntryKind) -> list[FiledEntry]:
    image = (await practice.images())[-1]
    return [one for one in await practice.record.entries(image.patient_id) if one.kind is kind]


async def test_what_a_file_claims_is_filed_in_words_as_a_claim(tmp_path: Path) -> None:
    """R14: date taken and device belong to the origin, and the file is only believed to claim them. R19: what was found."""
    async with practice_where(tmp_path, PHONE) as people:
        await people.sam.sends_photo(caption="rash on my arm")
        (entry,) = await filed(people.practice, EntryKind.ORIGIN)
        assert entry.facts["device"] == "Pomelo 11, as the file claims"
        assert entry.facts["taken"] == "2 March 2026, 07:41:16, as the file claims"
        assert "Device: Pomelo 11, as the file claims" in (entry.text or "")
        assert "the place where it was taken, the serial number of the device" in (entry.text or "")
        assert "33" not in (entry.text or ""), "where it was taken is never told"


async def test_one_line_is_put_to_the_acknowledgement_and_no_message_is_added(tmp_path: Path) -> None:
    async with practice_where(tmp_path, PHONE) as people:
        await people.sam.sends_photo(caption="rash on my arm")
        practice = people.practice
        first, edit = practice.posts_in(people.sam.own_room)[-2:]
        assert ITS_PLACE not in first.body and "call 000" in first.body
        after = edit.content["m.new_content"]["body"]
        assert after == f"{first.body}\n{ITS_PLACE} {TIPS[Hint.DARK]}", "the words agreed to still stand, whole"
        async with practice.journal.reading() as rows:
            (screening,) = await rows.screenings.find()
        assert screening.answered == "", "kept only until the line is put to it"


async def test_an_acknowledgement_that_comes_later_says_it_all_at_once(tmp_path: Path) -> None:
    async with practice_where(tmp_path, PHONE) as people:
        await people.sam.sends_photo()
        await people.sam.writes("rash on my arm")
        said = people.practice.posts_in(people.sam.own_room)
        assert said[-1].body.endswith(f"{ITS_PLACE} {TIPS[Hint.DARK]}")
        assert not any("m.new_content" in post.content for post in said)


async def test_a_file_with_nothing_to_tell_of_adds_nothing(tmp_path: Path) -> None:
    async with practice_where(tmp_path, Findings(format="JPEG", width=4000, height=3000)) as people:
        await people.sam.sends_photo(caption="rash on my arm")
        assert await filed(people.practice, EntryKind.ORIGIN) == []
        assert not any("m.new_content" in post.content for post in people.practice.posts_in(people.sam.own_room))


async def test_where_a_web_page_cannot_show_the_original_a_small_picture_is_filed_with_it(tmp_path: Path) -> None:
    """R24: the page of somebody's copy shows it. Of what a page can show none is kept, and never in the journal."""
    found = Findings(format="HEIC", width=64, height=96, small="/9j/")
    async with practice_where(tmp_path, found) as people:
        await people.sam.sends_photo(HEIC, caption="rash on my arm")
        (entry,) = await filed(people.practice, EntryKind.ORIGIN)
        assert (entry.facts[SMALL_PICTURE], entry.text) == ("/9j/", "File: HEIC, 64 × 96 pixels")
        await people.sam.sends_photo(JPEG, caption="rash on my leg")
        assert SMALL_PICTURE not in (await filed(people.practice, EntryKind.ORIGIN))[-1].facts
        async with people.practice.journal.reading() as rows:
            assert {one.findings["small"] for one in await rows.screenings.find() if one.findings} == {""}


async def test_a_hint_never_refuses_and_the_first_one_is_told(tmp_path: Path) -> None:
    for hints, tip in (((Hint.SMALL, Hint.BRIGHT), Hint.BRIGHT), ((Hint.SMALL, Hint.BLURRED), Hint.BLURRED)):
        assert about_pictures.about_the_file([Findings(hints=hints)]) == TIPS[tip]
    async with practice_where(tmp_path, Findings(hints=tuple(Hint))) as people:
        await people.sam.sends_photo(caption="rash on my arm")
        assert (await people.practice.only_image()).state is State.VERIFIED


@pytest.mark.parametrize("answer", [CRASHED, Findings(viewable=False, why="damaged", format="JPEG")])
async def test_what_cannot_be_viewed_is_filed_all_the_same_and_a_person_is_told(
    tmp_path: Path, answer: Findings | Permanent
) -> None:
    async with practice_where(tmp_path, answer) as people:
        await people.sam.sends_photo(caption="rash on my arm")
        image = await people.practice.only_image()
        assert image.state is State.VERIFIED
        (entry,) = await filed(people.practice, EntryKind.ORIGIN)
        assert "Viewable: not here: " in (entry.text or "")
        told = people.practice.seen_in(await people.practice.practice_room())
        assert sum("is filed as it came, but can't be viewed here" in line for line in told) == 1
        assert image.ref in told[-1] and "rash" not in told[-1]


@pytest.mark.parametrize("why", list(NotShown))
def test_each_kind_that_is_not_shown_has_its_own_sentence(why: NotShown) -> None:
    words = about_pictures.not_viewable("IMG-7F3K", "image/jpeg", Findings(viewable=False, why=why))
    assert words.startswith("IMG-7F3K is filed as it came, but can't be viewed here: ")
    others = [about_pictures.why_not(other) for other in NotShown if other is not why]
    assert about_pictures.why_not(why) not in [*others, about_pictures.why_not("never heard of")]


async def test_who_is_shown_the_first_of_several_photos_hears_that_there_are_more(tmp_path: Path) -> None:
    async with practice_where(tmp_path, Findings(format="HEIC", width=64, height=96, frames=9)) as people:
        await people.sam.sends_photo(HEIC, caption="rash on my arm")
        image = await people.practice.only_image()
        told = people.practice.seen_in(await people.practice.practice_room())
        assert sum(f"{image.ref} is a file of 9 photos. The main one is shown here" in line for line in told) == 1


@pytest.mark.parametrize(
    "film", [b"GIF89a" + bytes(90), b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", b"\0\0\0\x18ftypmp42" + bytes(90)]
)
async def test_a_film_is_refused_in_words_of_its_own(tmp_path: Path, film: bytes) -> None:
    async with practice_where(tmp_path, PHONE) as people:
        await people.sam.sends_photo(film, caption="how I walk")
        assert (await people.practice.only_image()).state is State.DISCARDED
        told = people.practice.seen_in(people.sam.own_room)[-1]
        assert told.startswith(
            "I can't keep videos, GIFs or other moving pictures. Please send a photo. Nothing was kept"
        )


async def test_filing_waits_for_no_screener_that_is_away(tmp_path: Path) -> None:
    async with practice_where(tmp_path, OutsideFailure("screener could not be confined")) as people:
        await people.sam.sends_photo(caption="rash on my arm")
        assert (await people.practice.only_image()).state is State.VERIFIED
        assert [one.intent.kind for one in await people.practice.left()].count("screen-image") == 1, "it is tried again"


async def test_filing_never_waits_for_a_decoder_that_hangs(tmp_path: Path) -> None:
    """One hand of the worker waits for it, and no photo does: not even what is still to be filed about this one."""
    looked_at: list[bytes] = []

    class Hanging(PlainScreener):
        async def screen(self, data: bytes) -> Findings:
            looked_at.append(data)
            await asyncio.Event().wait()
            return Findings()

    around = lambda name, port: Hanging() if name == "screener" else port  # noqa: E731
    async with staffed_practice(tmp_path, around=around) as people:
        practice = people.practice
        photos = [people.sam.photo(JPEG + bytes([number]), "a rash") for number in range(6)]
        working = asyncio.create_task(practice.worker.run_for_ever())
        try:
            async with asyncio.timeout(PATIENCE):
                await practice.receive(photos[0])
                await practice.inbox.drain()
                while not looked_at:
                    await asyncio.sleep(0)
                await practice.receive(*photos[1:])
                await practice.inbox.drain()
                while [one.state for one in await practice.images()] != [State.VERIFIED] * 6:
                    await practice.journal.news("test", timedelta(seconds=1))
                (hanging,) = [one for one in await practice.images() if one.sha256 == sha256(looked_at[0]).hexdigest()]
                await people.sam.writes(f"correct {hanging.ref} a bite on my leg", settle=False)
                await practice.inbox.drain()
                while not await filed(practice, EntryKind.CORRECTION):
                    await practice.journal.news("test", timedelta(seconds=1))
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
    assert len(looked_at) == 1


async def test_a_photo_taken_back_leaves_nothing_of_what_was_found(tmp_path: Path) -> None:
    async with practice_where(tmp_path, PHONE) as people:
        await people.sam.sends_photo()  # without words it is not filed yet
        image = await people.practice.only_image()
        await people.sam.writes(f"withdraw {image.ref}")
        assert (await people.practice.only_image()).state is State.DISCARDED
        async with people.practice.journal.reading() as rows:
            assert [one.findings for one in await rows.screenings.find()] == [None]
            assert all(one.text == "" for one in await rows.documents.find(image_id=image.id))


@dataclass
class Late:
    """What the bot looks with, and what it speaks through, once they answer."""

    sees: bool = False
    speaks: bool = True
    chat: Any = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.chat, name)

    async def screen(self, _data: bytes) -> Findings:
        if not self.sees:
            raise OutsideFailure("screener could not be confined")
        return PHONE

    async def send(self, room_id: str, content: dict[str, Any], *rest: Any, **more: Any) -> str:
        if "m.new_content" in content and not self.speaks:
            raise OutsideFailure("homeserver: TimeoutError")
        sent: str = await self.chat.send(room_id, content, *rest, **more)
        return sent

    def around(self, name: str, port: Any) -> Any:
        self.chat = port if name == "chat" else self.chat
        return self if name in {"chat", "screener"} else port


def put_to(people: Staffed) -> list[str]:
    posts = people.practice.posts_in(people.sam.own_room)
    return [str(post.content["m.new_content"]["body"]) for post in posts if "m.new_content" in post.content]


async def test_the_line_leaves_the_chat_with_the_words_it_is_put_to(tmp_path: Path) -> None:
    """R25: its own day does not begin when the file was looked at."""
    late = Late()
    async with staffed_practice(tmp_path, around=late.around) as people:
        await people.sam.sends_photo(caption="rash on my arm")
        await people.practice.after(hours=15)
        late.sees = True
        await people.practice.after(hours=8)
        assert put_to(people)[-1].endswith(f"{ITS_PLACE} {TIPS[Hint.DARK]}")
        await people.practice.after(hours=1, minutes=1)
        posts = people.practice.posts_in(people.sam.own_room)
        gone = people.practice.homeserver.redacted
        assert not [post.body for post in posts if "rash" in post.body and post.event_id not in gone]


async def test_nothing_is_put_to_words_whose_time_is_over(tmp_path: Path) -> None:
    late = Late()
    async with staffed_practice(tmp_path, around=late.around) as people:
        await people.sam.sends_photo(caption="rash on my arm")
        await people.practice.after(hours=25)
        late.sees = True
        await people.practice.after(hours=12)
        assert put_to(people) == []


async def test_a_line_that_could_not_be_sent_in_time_repeats_nothing(tmp_path: Path) -> None:
    """A first try may have got through: it is found under its transaction id, and erased (R25)."""
    late = Late(sees=True, speaks=False)
    async with staffed_practice(tmp_path, around=late.around) as people:
        await people.sam.sends_photo(caption="rash on my arm")
        await people.practice.after(hours=20)
        assert put_to(people) == []
        late.speaks = True
        await people.practice.after(hours=12)
        posts = people.practice.posts_in(people.sam.own_room)
        assert put_to(people) == [TAKEN_BACK]
        assert posts[-1].event_id in people.practice.homeserver.redacted
