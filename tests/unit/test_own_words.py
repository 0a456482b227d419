"""A person's own words: without what their app quotes or names for them, and with everything else they wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.dispatch import caption_of, words_said
from tests.practice import staffed_practice

QUOTED = "> <@lee:hs.test> Dr Lee about IMG-7F3K:\n> does it itch?\n\n"


@pytest.mark.parametrize("relation", [{}, {"m.relates_to": {"m.in_reply_to": {"event_id": "$asked"}}}])
@pytest.mark.parametrize(
    ("body", "own"),
    [
        (f"{QUOTED}yes, at night", "yes, at night"),
        ("> * <@lee:hs.test> waves\n\nhello", "hello"),
        ("> 39 fever since Monday, left leg", "> 39 fever since Monday, left leg"),
        ("> 39 fever\n> and a rash", "> 39 fever\n> and a rash"),
        ("worse\n> <@lee:hs.test> is no quote here", "worse\n> <@lee:hs.test> is no quote here"),
    ],
)
def test_only_a_real_fallback_is_cut_whatever_it_says_it_replies_to(
    body: str, own: str, relation: dict[str, object]
) -> None:
    assert words_said({"body": body, **relation}) == own


async def test_a_reason_that_begins_with_a_sign_of_more_is_filed_whole(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo()
        reply = {"m.relates_to": {"m.in_reply_to": {"event_id": "$asked"}}}
        words = "> 39 fever since Monday, left leg"
        await people.practice.receive(
            people.sam.arrival(people.sam.own_room, {"msgtype": "m.text", "body": words, **reply})
        )
        await people.practice.settle()
        assert (await people.practice.only_image()).reason == words


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("photo.jpg", "photo.jpg"),
        ("IMG_0001.HEIC", "IMG_0001.jpg"),
        ("WhatsApp Image 2026-11-30 at 10.11.12 (1).jpeg", "1000012345.jpg"),
        ("Screenshot 2026-11-30 at 9.41.07 AM.png", "image.png"),
        ("IMG_0001", "IMG_0001.jpg"),
        ("Left knee.png", "Left knee.webp"),
        ("20261123_101500.jpg", "image.jpeg"),
        (f"{QUOTED}photo.jpg", "photo.jpg"),
    ],
)
def test_a_file_name_is_no_caption(body: str, name: str) -> None:
    assert caption_of({"body": body, "filename": name}) == ""


@pytest.mark.parametrize("body", ["rash on my arm", "see photo.jpg", "It is red. Since 3 days", "mole.", "v. 2"])
def test_words_beside_a_file_name_are(body: str) -> None:
    assert caption_of({"body": body, "filename": "photo.jpg"}) == body


def test_a_word_is_a_caption_also_under_a_file_of_that_name() -> None:
    assert caption_of({"body": "knee", "filename": "knee.jpg"}) == "knee"
