"""Documents: the copy is what a reader saw; what can't be shown whole isn't shown; what is told of a file is true."""

from __future__ import annotations

import json
import re
import zlib
from functools import lru_cache
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image

from bot.domain.screening import Also, Findings, read
from bot.imaging import pdf_pages as module
from bot.imaging.child_protocol import WHY, Form, Reason, Unviewable
from bot.imaging.pdf_letters import LATIN
from bot.imaging.pdf_pages import MOST_PIXELS, SHORTEST_SIDE, USUAL, coded, first_page_jpeg, pages
from bot.imaging.picture_pdf import Sheet, check_sheet, document_of, file_of
from bot.imaging.smallest_pdf import SMALLEST
from bot.imaging.survey import survey
from tests.corpus.documents import NOT_SHOWN, SHOWN, documents, made
from tests.corpus.pages_of_words import letters_by_name
from tests.corpus.paper import full_page, letter, note, page, picture, saved, sheet, text
from tests.corpus.pdfs import document, pdfs
from tests.corpus.specimen import MARKER, Specimen
from tests.photos import corners, encoded, sample_photo

BY_NAME = {one.name: one for one in documents()}


@lru_cache(200)  # most documents are looked at by several tests
def sheets(data: bytes) -> list[Sheet]:
    return pages(data, 0, 500)[1]


def pixels(one: Sheet) -> Image.Image:
    return Image.open(BytesIO(one.data)).convert("RGB")


def refusal(data: bytes) -> Reason:
    with pytest.raises(Unviewable) as caught:
        pages(data, 0, 500)
    return caught.value.reason


def found_in(data: bytes) -> Findings:
    return read(json.loads(survey(data)))


def one_page(drawn: bytes, **options: object) -> bytes:
    pdf = Pdf.new()
    page(pdf, drawn, **options)  # type: ignore[arg-type]  # a size, or what it draws with
    return saved(pdf)


# ---- what is seen is in the copy


@pytest.mark.parametrize(
    "name", [name for name in SHOWN if name not in {"a plan", "the largest page", "a page of no size"}]
)
def test_a_document_that_a_reader_can_see_has_a_page_for_each_of_its_pages(name: str) -> None:
    data = made(name)
    whole = sheets(data)
    assert len(whole) == len(pypdfium2.PdfDocument(data))
    assert all(min(pixels(one).convert("L").tobytes()) < 200 for one in whole)


@pytest.mark.parametrize("name", ["a jbig2 scan with globals", "a jbig2 scan with globals in an array"])
def test_a_scan_whose_pages_share_their_letters_is_no_blank_page(name: str) -> None:
    (scan,) = sheets(made(name))
    black = pixels(scan).convert("L").histogram()[0] / (scan.width * scan.height)
    assert 0.45 < black < 0.55  # laid out like a chessboard


@pytest.mark.parametrize("dots", [200, 300, 400])
@pytest.mark.parametrize("turn", [0, 90, 180])
@pytest.mark.parametrize("size", [(595, 842), (595.276, 841.89), (612, 792)])
def test_a_scan_stays_black_and_white_dot_by_dot(dots: int, turn: int, size: tuple[float, float]) -> None:
    scan = sheet((round(size[0] * dots / 72), round(size[1] * dots / 72)))
    pdf = Pdf.new()
    full_page(pdf, picture(pdf, scan.tobytes(), scan.size, Name.DeviceGray, 1), size).Rotate = turn
    (one,) = sheets(saved(pdf))
    turned = scan.rotate(-turn, expand=True)
    assert (one.form, one.width, one.height) == (Form.PNG, *turned.size)
    assert Image.open(BytesIO(one.data)).tobytes() == turned.tobytes()
    assert (one.across, one.down) == pytest.approx(size if turn != 90 else size[::-1], abs=0.001)


def test_even_in_a_long_document_a_scan_keeps_every_dot() -> None:
    scan, pdf = sheet(), Pdf.new()
    image = picture(pdf, scan.tobytes(), scan.size, Name.DeviceGray, 1)
    for _ in range(70):
        full_page(pdf, image, (595, 842))
    ((_, (one,)),) = [pages(saved(pdf), 69, 1)]
    assert Image.open(BytesIO(one.data)).tobytes() == scan.tobytes()


def test_a_fax_whose_dots_are_not_square_is_no_squashed_picture() -> None:
    (fax,) = sheets(made("a fax"))
    assert fax.width / fax.height == pytest.approx(595 / 842, rel=0.1)


def test_eight_point_letters_have_dots_enough() -> None:
    (one,) = sheets(one_page(text(b"x", 8), size=(595, 842)))
    assert one.width >= 595 / 72 * USUAL - 1
    box = Image.eval(pixels(one).convert("L"), lambda value: 255 * (value < 128)).getbbox()
    assert box is not None and box[3] - box[1] >= 10  # the height of a small x


def test_what_was_written_into_a_form_and_stamped_onto_a_page_is_seen() -> None:
    (plain,) = sheets(
        one_page(b"0 0 1 rg 0 85 30 15 re f 1 0 0 rg 170 0 30 5 re f 0 g " + text(b"consent form", 12, 40, 50))
    )
    for name in (
        "a form filled in",
        "a form that is drawn",
        "a stamp",
        "ink",
        "a box ticked",
        "typed words without looks",
        "a highlight",
    ):
        assert sheets(made(name))[0].data != plain.data, name


# ---- what is not seen is not


@pytest.mark.parametrize("name", ["a crop", "a crop, turned"])
def test_what_lies_outside_the_crop_does_not_leave(name: str) -> None:
    (one,) = sheets(made(name))
    assert {round(one.across), round(one.down)} == {130, 80}
    seen = pixels(one).convert("L").point(lambda value: 255 * (value < 200))
    assert seen.getbbox() is not None
    uncropped = Pdf.open(BytesIO(made(name)))
    del uncropped.pages[0].obj.CropBox
    assert sheets(saved(uncropped))[0].across > one.across


@pytest.mark.parametrize("name", ["a layer off", "layers off until switched on"])
def test_a_layer_that_is_off_by_default_does_not_leave(name: str) -> None:
    assert pixels(sheets(made(name))[0]).tobytes() == pixels(sheets(one_page(text(b"seen", 20, 10, 20)))[0]).tobytes()


def test_a_note_on_a_layer_that_is_off_does_not_leave() -> None:
    """The library that draws would show it."""
    pdf = Pdf.new()
    letter(pdf)
    assert sheets(made("a note on a layer that is off"))[0].data == sheets(saved(pdf))[0].data


def test_a_layer_that_is_on_is_seen() -> None:
    both = one_page(text(b"seen", 20, 10, 20) + text(b"seen too", 20, 10, 60))
    assert pixels(sheets(made("layers all on"))[0]).tobytes() == pixels(sheets(both)[0]).tobytes()


def test_a_hidden_note_does_not_leave() -> None:
    pdf = Pdf.new()
    letter(pdf)
    assert sheets(made("a hidden note"))[0].data == sheets(saved(pdf))[0].data


@pytest.mark.parametrize("one", [*pdfs(), *BY_NAME.values()], ids=lambda one: one.name)
def test_nothing_of_the_original_but_its_pages_is_in_the_copy(one: Specimen) -> None:
    try:
        copy = document_of(sheets(one.data))
    except Unviewable:
        return
    with pikepdf.open(BytesIO(copy)) as opened:
        assert not opened.get_warnings()
        whole = BytesIO()
        opened.save(whole, stream_decode_level=pikepdf.StreamDecodeLevel.generalized, compress_streams=False)
        assert set(opened.trailer.keys()) == {"/Root", "/Size"} and set(opened.Root.keys()) == {"/Type", "/Pages"}
        for each in opened.pages:
            assert each.obj.keys() <= {"/Type", "/Parent", "/MediaBox", "/UserUnit", "/Contents", "/Resources"}
    assert MARKER not in copy and MARKER not in whole.getvalue()


# ---- show = copy


@pytest.mark.parametrize("name", ["a scan", "pages of all sizes", "a quarter turn", "transparency", "other units"])
def test_the_copy_has_the_same_pages_in_size_and_colours_as_are_shown(name: str) -> None:
    shown = sheets(made(name))
    written = document_of(shown)
    copy, laid_out = pypdfium2.PdfDocument(written), pikepdf.open(BytesIO(written)).pages
    assert len(copy) == len(shown)
    for number, one in enumerate(shown):
        unit = float(laid_out[number].obj.get("/UserUnit", 1))
        assert copy[number].get_size() == pytest.approx((one.across / unit, one.down / unit), abs=0.01)
        seen = (
            copy[number]
            .render(scale=one.width / one.across)
            .to_pil()
            .convert("RGB")
            .resize((20, 20), Image.Resampling.BOX)
        )
        meant = pixels(one).resize((20, 20), Image.Resampling.BOX)
        assert max(abs(a - b) for a, b in zip(seen.tobytes(), meant.tobytes(), strict=True)) <= 12


def test_pages_asked_for_one_by_one_are_those_of_the_whole() -> None:
    data = made("pages of all sizes")
    assert [pages(data, number, 1) for number in range(4)] == [(4, [one]) for one in sheets(data)]


# ---- sizes


@pytest.mark.parametrize(
    ("name", "across", "down"),
    [
        ("a quarter turn", 100, 200),
        ("a half turn", 200, 100),
        ("other units", 500, 250),
        ("corners the other way round", 200, 80),
        ("all said above the page", 100, 200),
        ("a unit of nothing", 200, 100),
        ("a page of no size", 612, 792),  # as every reader shows it
        ("a tiny page", 1, 1),
        ("the largest page", 14_400, 14_400),
    ],
)
def test_a_page_has_the_size_that_its_reader_saw(name: str, across: float, down: float) -> None:
    (one,) = sheets(made(name))
    assert (one.across, one.down) == pytest.approx((across, down), abs=0.01)
    assert one.width * one.height <= MOST_PIXELS * 1.01 and max(one.width, one.height) >= SHORTEST_SIDE - 1


def test_a_page_larger_than_readers_take_says_so_in_units() -> None:
    pdf = Pdf.new()
    letter(pdf).UserUnit = 100
    (one,) = sheets(saved(pdf))
    with pikepdf.open(BytesIO(document_of([one]))) as copy:
        told = copy.pages[0].obj
        size = [float(side) * float(told.UserUnit) for side in told.MediaBox[2:]]
        assert max(float(side) for side in told.MediaBox[2:]) <= 14_400
    assert size == pytest.approx([20_000, 10_000], rel=0.001)


def test_a_longer_document_is_drawn_more_coarsely_and_remains_readable() -> None:
    def of(count: int) -> bytes:
        pdf = Pdf.new()
        for _ in range(count):
            page(pdf, text(b"x", 8), (595, 842))
        return saved(pdf)

    assert pages(of(2), 0, 1)[1][0].width > pages(of(61), 0, 1)[1][0].width >= 595 / 72 * 150 - 1


def test_too_many_pages_are_not_shown() -> None:
    pdf = Pdf.new()
    for _ in range(module.MOST_PAGES + 1):
        pdf.add_blank_page()
    assert refusal(saved(pdf)) is Reason.TOO_MANY_PAGES


# ---- codings


def test_each_page_has_the_smaller_coding_and_black_and_white_loses_nothing() -> None:
    scan = sheet().convert("RGB")
    form, data = coded(scan)
    assert form is Form.PNG and Image.open(BytesIO(data)).mode == "1"
    assert Image.open(BytesIO(data)).convert("RGB").tobytes() == scan.tobytes()
    with Image.open(BytesIO(sample_photo(1, 0.5))) as photo:
        assert coded(photo.convert("RGB"))[0] is Form.JPEG
    assert coded(corners())[0] is Form.PNG
    grey = Image.linear_gradient("L").resize((500, 500)).convert("RGB")
    form, data = coded(grey)
    assert (form, Image.open(BytesIO(data)).mode) == (Form.PNG, "L")


@pytest.mark.parametrize("mode", ["1", "L", "RGB"])
def test_each_coding_stands_in_a_pdf_as_it_is(mode: str) -> None:
    drawn = corners((60, 40)).convert(mode)
    one = Sheet(Form.PNG, encoded(drawn, "PNG"), 60, 40, 60, 40)
    check_sheet(one)
    seen = pypdfium2.PdfDocument(document_of([one]))[0].render(scale=1).to_pil().convert("RGB")
    assert seen.tobytes() == drawn.convert("RGB").tobytes()


# ---- what can't be shown is not shown, and why

REASONS = {
    "a line without looks": Reason.NOTES_WITHOUT_LOOKS,
    "a form for one program": Reason.FOR_ONE_PROGRAM,
    "files for pages": Reason.COLLECTION,
    "Cyrillic, not embedded": Reason.LETTERS,
    "Cyrillic in a note": Reason.LETTERS,
    "Cyrillic typed on the page": Reason.LETTERS,
    "a Hungarian letter": Reason.LETTERS,
    "Hungarian among Latin": Reason.LETTERS,
    "letters by odd names": Reason.LETTERS,
    "small pictures for letters": Reason.LETTERS,
    "Chinese, not embedded": Reason.LETTERS,
    "Japanese, not embedded": Reason.LETTERS,
    "letters by number alone": Reason.LETTERS,
}


@pytest.mark.parametrize("name", list(NOT_SHOWN))
def test_what_would_be_shown_in_part_is_not_shown_and_says_why(name: str) -> None:
    data = made(name)
    assert refusal(data) is REASONS.get(name, Reason.DAMAGED)


def test_every_reason_has_a_sentence_of_its_own() -> None:
    assert WHY.keys() == set(Reason) and len(set(WHY.values())) == len(WHY)


@pytest.mark.parametrize("name", [name for name in BY_NAME if "password" in name])
def test_a_password_bars_only_who_must_know_it(name: str) -> None:
    one = BY_NAME[name]
    if one.copied:
        pdf = Pdf.new()
        letter(pdf)
        assert [each.data for each in sheets(one.data)] == [each.data for each in sheets(saved(pdf))]
    else:
        assert refusal(one.data) is Reason.PROTECTED


def test_every_letter_that_counts_as_drawn_is_drawn() -> None:
    """Under whatever name of a font, asked of the library letter by letter."""
    standing_for = {
        "μ": "mu",
        "ˆ": "circumflex",
        "˜": "tilde",
        "ˇ": "caron",
        "˘": "breve",
        "˙": "dotaccent",
        "˚": "ring",
    }
    standing_for |= {"˛": "ogonek", "˝": "hungarumlaut"}
    for letter_drawn in sorted(LATIN - {"\xad"}):
        font = letters_by_name()
        name = standing_for.get(letter_drawn, f"uni{ord(letter_drawn):04X}")
        font.Encoding.Differences = Array([65, Name(f"/{name}")])
        pdf = Pdf.new()
        page(pdf, text(b"A", 30, font=b"O"), (60, 60)).Resources.Font.O = font
        small = Image.open(BytesIO(first_page_jpeg(saved(pdf), 60)[0])).convert("L")
        assert min(small.tobytes()) < 200, letter_drawn


def test_letters_that_nobody_sees_may_be_missing() -> None:
    """A scanner lays what it read under its picture."""
    assert len(sheets(made("unseen Chinese"))) == 1


def test_no_sum_behind_words_that_are_all_there_hides_nothing() -> None:
    assert sheets(made("no sum"))[0].data == sheets(one_page(text(b"consent form")))[0].data


@pytest.mark.parametrize("ending", [b"", b"\n"])
def test_a_description_is_whole_however_it_is_packed(ending: bytes) -> None:
    pdf = Pdf.new()
    packed = zlib.compress(text(b"consent form")).hex().encode() + b">" + ending
    page(pdf, b"").Contents = Stream(pdf, packed, Filter=Array([Name.ASCIIHexDecode, Name.FlateDecode]))
    assert sheets(saved(pdf))[0].data == sheets(one_page(text(b"consent form")))[0].data


@pytest.mark.parametrize("lost", [b"stream", b"/Font", b"/Image", b"/Stamp"])
def test_what_a_repaired_file_lost_fails_the_page(lost: bytes) -> None:
    """Readers show a page whose words are gone as an empty one, and say nothing."""
    pdf = document()
    obj = pdf.pages[0].obj
    obj.Contents = pdf.make_indirect(obj.Contents)
    note(pdf, obj, Name.Stamp, b"0 0 9 9 re f")
    whole = saved(pdf)
    assert len(sheets(whole)) == 1
    objects = list(re.finditer(rb"\d+ 0 obj\n.*?\nendobj\n", whole, re.DOTALL))
    gone = next(one for one in objects if lost in one[0] and b"/Resources" not in one[0])
    assert refusal(whole[: gone.start()] + whole[gone.end() :]) is Reason.DAMAGED


def test_what_a_repaired_file_lost_is_missed_although_its_pages_are_packed() -> None:
    pdf = document()
    whole = saved(pdf, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    objects = list(re.finditer(rb"\d+ 0 obj\n.*?\nendobj\n", whole, re.DOTALL))
    gone = next(one for one in objects if b"/Image" in one[0])
    assert refusal(whole[: gone.start()] + whole[gone.end() :]) is Reason.DAMAGED


def test_a_repaired_file_that_lost_nothing_is_shown() -> None:
    """With a length that is an object of its own, as many programs write it."""
    words = text(b"consent form")
    parts = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>"]
    parts.append(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents 4 0 R /Resources 6 0 R >>")
    parts += [b"<< /Length 5 0 R >>\nstream\n%s\nendstream" % words, b"%d" % len(words)]
    parts.append(b"<< /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>")
    whole = file_of(parts)
    broken = whole[: whole.rindex(b"startxref")] + b"startxref\n3\n%%EOF"
    assert sheets(broken)[0].data == sheets(whole)[0].data == sheets(one_page(words))[0].data


# ---- what is told of a file


@pytest.mark.parametrize(
    ("name", "also"),
    [
        ("a crop", (Also.HIDDEN,)),
        ("a layer off", (Also.HIDDEN,)),
        ("layers off until switched on", (Also.HIDDEN,)),
        ("a hidden note", (Also.HIDDEN,)),
        ("a note on a layer that is off", (Also.HIDDEN,)),
        ("a layer for printing", (Also.HIDDEN,)),
        ("layers all on", ()),
        ("a film", (Also.MEDIA,)),
        ("a sticky note", ()),
        ("files for pages", (Also.ATTACHMENTS,)),
    ],
)
def test_hidden_parts_attachments_and_films_are_told(name: str, also: tuple[Also, ...]) -> None:
    assert found_in(made(name)).also == also


def test_a_crop_that_cuts_nothing_off_hides_nothing() -> None:
    pdf = Pdf.new()
    page(pdf, text(b"inside", 20, 60, 100), (300, 200)).CropBox = Array([50, 50, 180, 130])
    assert found_in(saved(pdf)).also == ()


def _scripted(where: str, action: Dictionary) -> bytes:
    pdf = Pdf.new()
    obj = letter(pdf)
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action)
    match where:
        case "when opened":
            pdf.Root.OpenAction = action
        case "on a page":
            obj.AA = Dictionary(O=action)
        case "on a link":
            obj.Annots = Array([pdf.make_indirect(link)])
        case "after another":
            pdf.Root.OpenAction = Dictionary(S=Name.GoTo, D=Array([obj, Name.Fit]), Next=action)
        case "by name":
            pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([pikepdf.String("a"), action])))
    return saved(pdf)


@pytest.mark.parametrize("where", ["when opened", "on a page", "on a link", "after another", "by name"])
def test_scripts_are_told_wherever_they_hang(where: str) -> None:
    script = Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    assert found_in(_scripted(where, script)).also == (Also.SCRIPTS,)


@pytest.mark.parametrize("where", ["when opened", "on a page", "on a link"])
def test_what_only_leads_to_a_page_is_no_script(where: str) -> None:
    assert found_in(_scripted(where, Dictionary(S=Name.GoTo, D=Array([0, Name.Fit])))).also == ()


def test_what_a_document_calls_its_fonts_is_neither_script_nor_attachment() -> None:
    pdf = Pdf.new()
    obj = letter(pdf)
    for name in ("/JS", "/EF", "/JavaScript", "/AA"):
        obj.Resources.Font[name] = obj.Resources.Font.F
    assert found_in(saved(pdf)).also == ()


def test_a_file_pinned_to_a_page_is_an_attachment() -> None:
    pdf = Pdf.new()
    letter(pdf).Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([0, 0, 9, 9]))])
    assert found_in(saved(pdf)).also == (Also.ATTACHMENTS,)


def test_a_document_is_told_with_its_pages_its_time_and_its_first_page_made_small() -> None:
    found = found_in(made("pages of all sizes"))
    assert (found.viewable, found.format, found.frames) == (True, "PDF", 4)
    assert Image.open(BytesIO(found.small_picture)).size == (320, 160)
    pdf = Pdf.new()
    letter(pdf)
    pdf.docinfo["/CreationDate"], pdf.docinfo["/Producer"] = "D:20260302074116+10'00'", "Scanner 7"
    found = found_in(saved(pdf))
    assert (found.taken, found.software) == ("2026:03:02 07:41:16", "Scanner 7")


def test_the_place_in_a_photo_on_a_page_is_told() -> None:
    assert found_in(saved(document())).place
    assert not found_in(made("a scan")).place


def test_a_small_document_warms_everything_up() -> None:
    assert len(sheets(SMALLEST)) == 1
