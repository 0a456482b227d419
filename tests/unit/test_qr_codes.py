"""Whoever points a camera at a QR code of ours gets the link, letter for letter: read by a program that is not ours."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image, ImageFilter

from bot.domain.people import Relation
from bot.imaging.leaflet_pdf import leaflet_pdf
from bot.imaging.qr import SegnoPainter
from bot.words.on_a_leaflet import leaflet
from tests.pages_judge import looks
from tests.qr_judge import says

LINKS = [
    f"https://photos.example/#c=K7M-4QXD-9TRP&t={'t' * 32}&b=@consentry:photos.example&k={'k' * 43}",
    f"https://photos.a-practice-with-a-very-long-name.example.org:8443/#c=K7M-4QXD-9TRP&t={'a-Z_0~9.' * 4}"
    f"&b=@consentry:matrix.a-practice-with-a-very-long-name.example.org&k={'-_Aa0zZ' * 6}w",
]


def photographed(picture: Image.Image) -> Image.Image:
    """As a phone takes it: not straight, not sharp, in poor light, and packed."""
    held = picture.convert("L").rotate(9, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    out = BytesIO()
    held.filter(ImageFilter.GaussianBlur(1.5)).point(lambda shade: 60 + shade // 3).save(out, "JPEG", quality=60)
    return Image.open(out)


@pytest.mark.parametrize("link", LINKS, ids=["usual", "long"])
def test_the_picture_in_a_chat_and_on_a_screen_says_the_link_and_nothing_else(link: str) -> None:
    with Image.open(BytesIO(SegnoPainter().paint(link).data)) as picture:
        assert says(picture) == says(photographed(picture)) == f"{link}\n"


@pytest.mark.parametrize("link", LINKS, ids=["usual", "long"])
def test_the_printed_leaflet_says_the_link_and_nothing_else(link: str) -> None:
    words = leaflet("Hill Street", Relation.SELF, "8 December 2026, 17:00", "Call 000.", "02 9999 0000", "K7M")
    [page] = looks(leaflet_pdf(words, link))
    assert says(page) == says(photographed(page)) == f"{link}\n"


def test_the_judge_sees_none_where_there_is_none() -> None:
    assert says(Image.new("L", (400, 400), 255)) == ""
