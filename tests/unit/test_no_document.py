"""A picture held as a body, or made from one, is no document (R3)."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from bot.domain.image import Image, State
from bot.domain.use_rules import Kind
from tests.cases import Shared, shared_practice, taps
from tests.colleagues import FILE, said
from tests.practice import JPEG, Someone

DOCUMENT = "document 10421 1984-03-07 mine"


async def shown_to_lee(shared: Shared) -> bytes:
    """The bytes that Dr Lee's app shows, and can save."""
    await shared.lee.writes(f"!show {shared.image.ref}")
    shown = shared.practice.posts_in(shared.lee.own_room)[-1]
    picture = shared.practice.homeserver.media[shown.content["file"]["url"]]
    assert isinstance(picture, bytes)
    return picture


async def sent(shared: Shared, sender: Someone, data: bytes, caption: str = "") -> Image:
    await sender.sends_photo(data, caption=caption)
    return (await shared.practice.images())[-1]


async def is_taken_as_body(shared: Shared, sender: Someone, image: Image) -> bool:
    async with shared.practice.journal.reading() as rows:
        image = await rows.images.get(image.id)
    assert image.state is not State.VERIFIED and image.attested_at is None
    return image.kind is Kind.BODY and said(shared.practice, sender.own_room, "held here as one of a body") > 0


async def test_R3_the_same_bytes_as_a_held_body_are_no_document(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        image = await sent(shared, shared.lee, JPEG, DOCUMENT)
        assert await is_taken_as_body(shared, shared.lee, image)


async def test_R3_a_picture_that_was_shown_saved_and_sent_back_is_no_document(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        shown = await shown_to_lee(shared)
        jpeg = b"\xff\xd8\xff\xe0" + shown
        async with (
            shared.practice.journal.transaction() as rows
        ):  # the fake's rendition is no picture: its digest is made one
            (media,) = [copy for copy in await rows.copies.find(image_id=shared.image.id) if copy.sha256]
            assert media.sha256 == hashlib.sha256(shown).hexdigest()
            await rows.copies.save(replace(media, sha256=hashlib.sha256(jpeg).hexdigest()))
        image = await sent(shared, shared.derm, jpeg, DOCUMENT)
        assert await is_taken_as_body(shared, shared.derm, image)


async def test_R3_said_after_it_came_it_is_no_document_either(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        image = await sent(shared, shared.lee, JPEG)
        await shared.lee.writes(DOCUMENT)
        assert await is_taken_as_body(shared, shared.lee, image)
        await shared.lee.writes("verbal today advice")
        await taps(shared.lee, FILE)
        assert (await shared.practice.images())[-1].state is State.VERIFIED


async def test_R3_what_nobody_held_as_a_body_is_a_document(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        image = await sent(shared, shared.lee, JPEG + b" an ECG", DOCUMENT)
        await taps(shared.lee, FILE)
        assert (await shared.practice.images())[-1].kind is Kind.DOCUMENT and image.state is not State.HELD
