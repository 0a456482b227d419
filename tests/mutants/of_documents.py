"""Documents: what of a PDF is shown and sent on, what is not shown and why, and what is told of it."""

from __future__ import annotations

from .mutant import Mutant

NEVER = "    if False:"
DRAWN = "tests/unit/test_imaging_documents.py"
JUDGED = "tests/integration/test_documents.py"
SHOWN = "tests/unit/test_show_documents.py"
SCREENER = "tests/unit/test_imaging_screener.py"
NOT_IN_PART = f"{DRAWN}::test_what_would_be_shown_in_part_is_not_shown_and_says_why"

DOCUMENTS = (
    Mutant(
        "R19: nothing of a document but its pages is in the copy",
        "bot/imaging/picture_pdf.py",
        'if chunk.name == b"IDAT")',
        'if chunk.name != b"IEND")',
        f"{DRAWN}::test_each_coding_stands_in_a_pdf_as_it_is",
    ),
    Mutant(
        "R19: what lies outside the crop does not leave",
        "bot/imaging/pdf_pages.py",
        "    page = page_at(document, number)\n    if min",
        "    page = page_at(document, number)\n    page.set_cropbox(*page.get_mediabox())\n"
        "    page = page_at(document, number)\n    if min",
        f"{DRAWN}::test_what_lies_outside_the_crop_does_not_leave",
    ),
    Mutant(
        "R19: a note on a layer that is off does not leave",
        "bot/imaging/pdf_pages.py",
        "        hide_note(page, unseen)",
        "        pass",
        f"{DRAWN}::test_a_note_on_a_layer_that_is_off_does_not_leave",
    ),
    Mutant(
        "R19: a child that lies about pages is not believed",
        "bot/imaging/picture_pdf.py",
        "    if size != (sheet.width, sheet.height) or not min(size):",
        NEVER,
        f"{SCREENER}::test_a_child_that_lies_about_pages_is_not_believed",
    ),
    Mutant(
        "annotations are drawn as a reader sees them",
        "bot/imaging/pdfium.py",
        "width, height, 0, raw.FPDF_ANNOT)",
        "width, height, 0, 0)",
        f"{JUDGED}::test_every_copy_shows_what_its_original_shows",
    ),
    Mutant(
        "what was filled into a form is drawn",
        "bot/imaging/pdfium.py",
        "        document.init_forms()\n",
        "",
        f"{DRAWN}::test_what_was_written_into_a_form_and_stamped_onto_a_page_is_seen",
    ),
    Mutant(
        "no letter vanishes unsaid",
        "bot/imaging/pdf_letters.py",
        "    return known and alphabet is _Alphabet.LATIN and letter in LATIN",
        "    return True",
        NOT_IN_PART,
    ),
    Mutant(
        "no letter without a width vanishes unsaid",
        "bot/imaging/pdf_letters.py",
        "            right - left < _NO_WIDTH\n",
        "            False\n",
        NOT_IN_PART,
    ),
    Mutant(
        "no letter of a note vanishes unsaid",
        "bot/imaging/pdf_pages.py",
        "    if raw.FPDFPage_GetAnnotCount(page):",
        NEVER,
        NOT_IN_PART,
    ),
    Mutant(
        "half a page does not pass as whole",
        "bot/imaging/pdf_streams.py",
        "(not inflate.eof or (",
        "(False and (",
        NOT_IN_PART,
    ),
    Mutant(
        "half a picture within a description does not pass as whole",
        "bot/imaging/pdf_whole.py",
        "            check_inline_pictures(thing, self._document)\n",
        "",
        NOT_IN_PART,
    ),
    Mutant(
        "half a fax does not pass as whole",
        "bot/imaging/pdf_streams.py",
        "        if not is_aligned and not has_every_row(",
        "        if False and not has_every_row(",
        NOT_IN_PART,
    ),
    Mutant(
        "what a repaired file lost is missed",
        "bot/imaging/pdf_whole.py",
        "self._was_repaired = bool(document.get_warnings())",
        "self._was_repaired = False",
        f"{DRAWN}::test_what_a_repaired_file_lost_fails_the_page",
    ),
    Mutant(
        "no sum behind words that are all there hides nothing",
        "bot/imaging/pdf_streams.py",
        "zlib.decompressobj(wbits=-15), data[2:]",
        "zlib.decompressobj(), data",
        f"{DRAWN}::test_no_sum_behind_words_that_are_all_there_hides_nothing",
    ),
    Mutant(
        "black and white loses nothing",
        "bot/imaging/pdf_pages.py",
        "    if is_scan:\n        page = wider",
        "    if False:\n        page = wider",
        f"{DRAWN}::test_a_scan_stays_black_and_white_dot_by_dot",
    ),
    Mutant(
        "eight-point letters have dots enough",
        "bot/imaging/pdf_pages.py",
        "USUAL = 200 ",
        "USUAL = 90 ",
        f"{DRAWN}::test_eight_point_letters_have_dots_enough",
    ),
    Mutant(
        "a page has the size that its reader saw",
        "bot/imaging/pdf_pages.py",
        "(side * parts.unit_of(number) for side in page.get_size())",
        "(side for side in page.get_size())",
        f"{DRAWN}::test_a_page_has_the_size_that_its_reader_saw",
    ),
    Mutant(
        "viewable means that every page was drawn",
        "bot/imaging/screener.py",
        "        if media_type(data) is MediaType.PDF and found.viewable:",
        "        if False:",
        f"{JUDGED}::test_viewable_is_what_was_drawn_and_shown_is_what_is_copied",
    ),
    Mutant(
        "what only leads to a page is no script",
        "bot/imaging/document_survey.py",
        "    return kind in _SCRIPTED or",
        "    return bool(kind) or",
        f"{DRAWN}::test_what_only_leads_to_a_page_is_no_script",
    ),
    Mutant(
        "a crop that cuts nothing off hides nothing",
        "bot/imaging/document_survey.py",
        "            if ImageChops.invert(seen).getbbox() is not None:",
        "            if True:",
        f"{DRAWN}::test_a_crop_that_cuts_nothing_off_hides_nothing",
    ),
    Mutant(
        "the first pages come as pictures, at once",
        "bot/core/effects/show_picture.py",
        "        return copy, intent.caption, 1 if is_document and not _leaves(intent) else 0",
        "        return copy, intent.caption, 0",
        f"{SHOWN}::test_the_whole_comes_as_a_file_and_then_the_first_pages_as_pictures",
    ),
    Mutant(
        "R28: whether a page may be shown is asked for each page",
        "bot/core/effects/show_picture.py",
        "    content, digest, next_page = await _content_or_words(world, intent)\n"
        "    room, audience, may_see = await _may_be_shown(world, intent)\n"
        "    if not may_see:",
        "    content, digest, next_page = await _content_or_words(world, intent)\n    if False:",
        f"{SHOWN}::test_what_was_taken_back_between_two_pages_shows_no_further_page",
    ),
    Mutant(
        "what pictures of pages can't show is said with them",
        "bot/core/caution.py",
        "    if found is not None and (missing := not_shown(found)):",
        "    if False and (missing := ''):",
        f"{SHOWN}::test_what_a_copy_of_pages_cannot_show_is_said_with_it",
    ),
)
