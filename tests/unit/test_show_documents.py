"""A document is shown as a file, and its first pages as pictures, which a phone shows at once. Each is ledgered and goes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from bot.core.effects.show_picture import MOST_PAGES_SHOWN
from bot.domain.copies import What
from bot.domain.errors import Permanent
from bot.domain.image import HeldFor, Image
from bot.domain.screening import Also, Findings, NotShown
from bot.domain.terms import Terms
from bot.ports import Page, Rendition
from bot.words.about_pictures import NOT_SHOWN, WHY_NOT
from bot.words.phrases import TAKEN_BACK
from tests.fakes import PlainScreener, Post
from tests.practice import Someone, Staffed, staffed_practice


def letter(pages: int) -> bytes:
    return b"%PDF-1.7 " + b"/Page " * pages


@dataclass
class Looking(PlainScreener):
    """A screener of a file with attachments, which can fail, and during whose work something can happen."""

    fails: bool = False
    meanwhile: Callable[[], Awaitable[None]] | None = None
    found: Findings = field(default_factory=lambda: Findings(format="PDF"))

    async def screen(self, data: bytes) -> Findings:
        return self.found

    async def clean_copy(self, data: bytes, terms: Terms) -> Rendition:
        if self.fails:
            raise Permanent("not-viewable", "damaged")
        return await super().clean_copy(data, terms)

    async def page(self, data: bytes, number: int) -> Page:
        if number == 1 and self.meanwhile is not None:
            await self.meanwhile()
        return await super().page(data, number)


@asynccontextmanager
async def with_letter(
    directory: Path, pages: int, screener: PlainScreener | None = None
) -> AsyncIterator[tuple[Staffed, Image]]:
    around: Callable[[str, Any], Any] = lambda name, port: (screener or port) if name == "screener" else port  # noqa: E731
    async with staffed_practice(directory, around=around) as people:
        await people.sam.sends_photo(letter(pages), caption="letter from the hospital")
        (image,) = [one for one in await people.practice.images() if one.media_type == "application/pdf"]
        yield people, image


def shown_to(people: Staffed, person: Someone) -> list[Post]:
    return [post for post in people.practice.posts_in(person.own_room) if "file" in post.content]


async def test_the_whole_comes_as_a_file_and_then_the_first_pages_as_pictures(tmp_path: Path) -> None:
    async with with_letter(tmp_path, 12) as (people, image):
        await people.lee.writes(f"!show {image.ref}")
        whole, *pages = shown_to(people, people.lee)
        assert (whole.content["msgtype"], whole.content["info"]["mimetype"]) == ("m.file", "application/pdf")
        assert whole.content["filename"] == "picture.pdf" and "w" not in whole.content["info"]
        assert image.ref in whole.body and "Patel" in whole.body
        assert [page.content["msgtype"] for page in pages] == ["m.image"] * MOST_PAGES_SHOWN
        assert [page.content["filename"] for page in pages] == ["page-1.png", "page-2.png", "page-3.png"]
        assert [page.body for page in pages] == [
            f"{image.ref}, page 1 of 12.",
            f"{image.ref}, page 2 of 12.",
            f"{image.ref}, page 3 of 12. All 12 pages are in the file above.",
        ]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_short_document_names_no_further_pages(count: int) -> None:
    from bot.words.about_pictures import page_shown

    assert page_shown("IMG-7F3K", count, count, is_last=True) == f"IMG-7F3K, page {count} of {count}."


async def test_a_document_of_two_pages_is_two_pictures(tmp_path: Path) -> None:
    async with with_letter(tmp_path, 2) as (people, image):
        await people.lee.writes(f"!show {image.ref}")
        assert len(shown_to(people, people.lee)) == 1 + 2


async def test_every_page_shown_is_ledgered_and_goes_in_its_time(tmp_path: Path) -> None:
    async with with_letter(tmp_path, 12) as (people, image):
        await people.lee.writes(f"!show {image.ref}")
        async with people.practice.journal.reading() as rows:
            media = [one for one in await rows.copies.find(image_id=image.id) if one.what is What.RENDITION]
        assert (
            len(media) == len({one.mxc for one in media}) == len({one.sha256 for one in media}) == 1 + MOST_PAGES_SHOWN
        )
        assert all(one.purge_after and one.post_key for one in media)
        shown = {post.content["file"]["url"] for post in shown_to(people, people.lee)}
        assert shown == {one.mxc for one in media}
        await people.practice.after(hours=2)
        assert {post.event_id for post in shown_to(people, people.lee)} <= people.practice.homeserver.redacted


async def test_where_a_page_cannot_be_drawn_none_is_shown(tmp_path: Path) -> None:
    async with with_letter(tmp_path, 12, Looking(fails=True)) as (people, image):
        await people.lee.writes(f"!show {image.ref}")
        assert shown_to(people, people.lee) == []
        assert [line for line in people.lee.heard if "can't be viewed here" in line] == [people.lee.last_heard]
        assert WHY_NOT[NotShown.DAMAGED] in people.lee.last_heard, "whoever asked hears why, and what can be done"


async def test_what_was_taken_back_between_two_pages_shows_no_further_page(tmp_path: Path) -> None:
    async def taken_back() -> None:
        async with people.practice.journal.transaction() as rows:
            now = await rows.images.get(image.id)
            await rows.images.save(replace(now, held_for=HeldFor.WITHDRAWAL))

    screener = Looking()
    async with with_letter(tmp_path, 12, screener) as (people, image):
        screener.meanwhile = taken_back
        await people.lee.writes(f"!show {image.ref}")
        assert len(shown_to(people, people.lee)) == 1 + 1
        assert people.practice.posts_in(people.lee.own_room)[-1].body == TAKEN_BACK


async def test_who_gets_a_copy_gets_the_file_alone(tmp_path: Path) -> None:
    async with with_letter(tmp_path, 12) as (people, image):
        await people.kim.writes(
            f'!required-by-law {image.ref} basis "subpoena 12" authority "Court" recipient "registrar"'
        )
        files = [
            post.content["msgtype"] for post in shown_to(people, people.kim) if post.content["msgtype"] == "m.file"
        ]
        assert files == ["m.file"]
        assert not [post for post in shown_to(people, people.kim) if "page" in post.content["filename"]]


async def test_what_a_copy_of_pages_cannot_show_is_said_with_it(tmp_path: Path) -> None:
    found = Findings(format="PDF", also=(Also.ATTACHMENTS, Also.MEDIA, Also.HIDDEN, Also.XMP))
    async with with_letter(tmp_path, 1, Looking(found=found)) as (people, image):
        await people.lee.writes(f"!show {image.ref}")
        whole, page = shown_to(people, people.lee)
        assert all(said in whole.body for said in NOT_SHOWN.values())
        assert not any(said in page.body for said in NOT_SHOWN.values())
