"""The page that goes with a copy: any reader shows its words and picture, and it never shows half a name as a whole one."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from bot.imaging.summary_pdf import CUT, NOT_WRITTEN, SummaryPage
from bot.ports import Rendition

LINES = ["Clinical image IMG-7F3K", "Patient: Zoë O'Neill (Jr.) \\ \u20ac", "Born: 7 March 1984"]


def picture(mode: str = "RGB", size: tuple[int, int] = (300, 200)) -> Rendition:
    out = BytesIO()
    Image.new(mode, size, 200 if mode == "L" else (200, 200, 200)).save(out, "JPEG")
    return Rendition(out.getvalue(), "image/jpeg", *size)


def words_of(page: bytes) -> str:
    document = pypdfium2.PdfDocument(page)
    assert len(document) == 1
    return str(document[0].get_textpage().get_text_bounded()).replace("\r\n", "\n")


def test_its_words_are_read_as_they_were_written() -> None:
    assert words_of(SummaryPage().page(LINES, None)) == "\n".join(LINES)


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_the_picture_is_shown_below_them(mode: str) -> None:
    page = SummaryPage().page(LINES, picture(mode))
    shown = pypdfium2.PdfDocument(page)[0].render().to_pil().convert("L")
    assert shown.getpixel((300, 300)) == pytest.approx(200, abs=3) and shown.getpixel((300, 830)) == 255
    with pikepdf.open(BytesIO(page)) as document:
        assert len(document.pages) == 1 and document.check_pdf_syntax() == []


@pytest.mark.parametrize("size", [(4000, 10), (10, 4000), (1, 1)])
def test_a_picture_of_any_shape_stays_on_the_page(size: tuple[int, int]) -> None:
    page = SummaryPage().page(LINES, picture(size=size))
    shown = pypdfium2.PdfDocument(page)[0].render().to_pil().convert("L")
    assert {shown.getpixel((x, y)) for x in (5, 590) for y in range(0, 842, 20)} == {255}


@pytest.mark.parametrize("name", ["Nguyễn Thị", "Ольга", "أحمد", "李", "a\u202eb", "a\x00b", "\ud800"])
def test_what_it_can_not_write_it_says_it_can_not_write(name: str) -> None:
    """Half a name may be somebody else's (R15)."""
    said = words_of(SummaryPage().page([*LINES, f"Patient: {name}"], None))
    assert "?" in said and NOT_WRITTEN.split(".")[0] in said


def test_what_does_not_fit_is_said_to_be_left_out_and_nothing_runs_over_the_edge() -> None:
    long = ["a" * 500, "b" * 500, *(f"line {number}" for number in range(200))]
    page = SummaryPage().page(long, picture())
    said = words_of(page)
    assert CUT in said and "line 199" not in said
    text = pypdfium2.PdfDocument(page)[0].get_textpage()
    for number in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(number)
        assert left >= 45 and right <= 552 and bottom >= 45 and top <= 800


def test_words_can_not_act_as_a_part_of_the_page() -> None:
    hostile = ") Tj ET Q /P Do BT ("
    said = words_of(SummaryPage().page([hostile, "endstream endobj"], None))
    assert hostile in said and "endstream endobj" in said


def test_the_same_words_make_the_same_bytes() -> None:
    assert SummaryPage().page(LINES, picture()) == SummaryPage().page(LINES, picture())
