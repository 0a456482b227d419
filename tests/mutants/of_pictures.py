"""Pictures: what is shown is what was sent. A small change to each promise."""

from __future__ import annotations

from .mutant import Mutant

SHOWN = "tests/unit/test_shown_as_sent.py"
HELD = f"{SHOWN}::test_a_picture_is_held_as_browsers_hold_it_wherever_it_goes"
HALF = f"{SHOWN}::test_half_a_picture_is_damaged_and_a_whole_one_is_shown"
BESIDE = f"{SHOWN}::test_what_rides_beside_a_good_picture_never_hides_it"
STAND_IN = f"{SHOWN}::test_a_stand_in_never_passes_as_the_thing"
READ, RENDER, SURVEY = "bot/imaging/read.py", "bot/imaging/render.py", "bot/imaging/survey.py"
SHOWN_AS_SENT = (
    Mutant(
        "pictures: how one is held may be written as a number of any size",
        "bot/domain/tiff.py",
        "_WHOLE_NUMBERS = frozenset({1, 3, 4, 6, 8, 9, 13, 16, 17, 18})",
        "_WHOLE_NUMBERS = frozenset({3})",
        HELD,
    ),
    Mutant(
        "pictures: what is shown is upright",
        RENDER,
        "        return in_srgb(flattened(upright(small, picture.orientation)), picture.profile)",
        "        return in_srgb(flattened(small), picture.profile)",
        HELD,
    ),
    Mutant(
        "pictures: a copy encoded anew is upright",
        RENDER,
        "        turned = flattened(upright(scalable(_pixels(picture, None)), picture.orientation))",
        "        turned = flattened(scalable(_pixels(picture, None)))",
        HELD,
    ),
    Mutant(
        "pictures: what the container says of an AVIF counts",
        READ,
        "    found = read_avif(data)\n    return Picture(*found.pixels.size, found.orientation,",
        "    found = read_avif(data)\n    return Picture(*found.pixels.size, 1,",
        HELD,
    ),
    Mutant(
        "pictures: every row of a JPEG decodes",
        READ,
        "    jpeg_rows.check_rows(plain.data)\n",
        "",
        HALF,
    ),
    Mutant(
        "pictures: data behind the last row of a JPEG means that rows came out short",
        "bot/imaging/jpeg_rows.py",
        '    return length == 1 or (filling in (b"\\0", b"\\xff") and length <= filled <= length + _AT_THE_SEAM)',
        "    return True",
        HALF,
    ),
    Mutant(
        "pictures: what filled up a broken transfer is no padding of a JPEG",
        "bot/imaging/jpeg_rows.py",
        "length <= filled <= length + _AT_THE_SEAM",
        "length <= filled",
        HALF,
    ),
    Mutant(
        "pictures: rows read from zeros are not there",
        "bot/imaging/jpeg_rows.py",
        "    if not said and not _is_filled_up(jpeg):",
        "    if not said:",
        HALF,
    ),
    Mutant(
        "pictures: behind the first complaint there may be another",
        "bot/imaging/jpeg_rows.py",
        "        said = _complaint(jpeg[: -2 - int(more[1])] + _END)",
        '        said = ""',
        HALF,
    ),
    Mutant(
        "pictures: a WebP that ends in zeros is not whole",
        READ,
        "    if ends_in_nothing(found.compressed, ",
        "    if False and ends_in_nothing(found.compressed, ",
        HALF,
    ),
    Mutant(
        "pictures: an AVIF that ends in zeros is not whole",
        "bot/imaging/heifs.py",
        "    if any(ends_in_nothing(part.data, _MOST_ZEROS)",
        "    if any(False",
        HALF,
    ),
    Mutant(
        "pictures: a progressive JPEG has all its scans",
        "bot/imaging/jpeg_segments.py",
        "        return not any(bits_left[coefficient] for coefficient in unknown)\n",
        "        return True\n",
        HALF,
    ),
    Mutant(
        "pictures: a JPEG without its end is shown when every row is there",
        "bot/imaging/jpeg_segments.py",
        'return StrippedJpeg(b"".join([*out, b"\\xff\\xd9"]), ',
        'return StrippedJpeg(b"".join([*out, b"\\xff\\xd9" if ended else b""]), ',
        HALF,
    ),
    Mutant(
        "pictures: every row of a PNG is there",
        READ,
        "    exact = png_rows.check_rows(plain.data)",
        "    exact = True",
        HALF,
    ),
    Mutant(
        "pictures: every strip of a TIFF is there",
        "bot/imaging/tiffs.py",
        "    _check_parts(tiff, first, width, height)\n",
        "",
        HALF,
    ),
    Mutant(
        "pictures: what the library of TIFF complains of is heard",
        "bot/imaging/tiffs.py",
        "    if _complaints:",
        "    if False:",
        HALF,
    ),
    Mutant(
        "pictures: every row of a HEIC decodes",
        "bot/imaging/heifs.py",
        "    hevc_rows.check_rows(data)\n",
        "",
        HALF,
    ),
    Mutant(
        "pictures: what a WebP says of its own length hides nothing",
        "bot/imaging/webp_chunks.py",
        '    plain = b"RIFF" + _length(body) + body',
        "    plain = data[:8] + body",
        HALF,
    ),
    Mutant(
        "pictures: a wrong checksum beside a PNG hides nothing",
        "bot/imaging/png_chunks.py",
        '        if right or name == b"IDAT":  # whether its data is right is told by a checksum of its own\n',
        '        if not right and name != b"IDAT":\n            raise ValueError\n        if True:\n',
        BESIDE,
    ),
    Mutant(
        "pictures: odd EXIF hides no AVIF",
        "bot/imaging/heifs.py",
        "_avif.AvifDecoder(without_exif(data), ",
        "_avif.AvifDecoder(data, ",
        BESIDE,
    ),
    Mutant(
        "pictures: odd notes hide no TIFF",
        "bot/imaging/tiffs.py",
        "        pixels = of_a_file(_picture_alone(tiff, first), ",
        "        pixels = of_a_file(data, ",
        BESIDE,
    ),
    Mutant(
        "pictures: a preview is no raw photo",
        "bot/imaging/tiffs.py",
        "    if tiff.is_raw():",
        "    if False:",
        STAND_IN,
    ),
    Mutant(
        "pictures: the size of a preview is not told",
        SURVEY,
        "            found = replace(found, width=0, height=0)",
        "            pass",
        f"{SHOWN}::test_the_size_of_a_preview_is_not_told_as_that_of_the_raw_photo",
    ),
    Mutant(
        "pictures: the first of several photos is told to be that",
        "bot/imaging/mpo.py",
        "    return sizes.count(sizes[0])",
        "    return 1",
        STAND_IN,
    ),
    Mutant(
        "pictures: the practice hears that the first of several is shown",
        "bot/core/effects/screen.py",
        "    if found.only_the_first_is_shown:",
        "    if False:",
        "tests/unit/test_screening.py::test_who_is_shown_the_first_of_several_photos_hears_that_there_are_more",
    ),
    Mutant(
        "pictures: a still of a film is no picture of it",
        READ,
        "    if plain.pictures > 1:",
        "    if False:",
        STAND_IN,
    ),
    Mutant(
        "pictures: numbers without an agreed brightness are not shown",
        "bot/imaging/pixels.py",
        "        if opened.mode not in _FIT:",
        "        if False:",
        STAND_IN,
    ),
    Mutant(
        "pictures: what the confinement refuses is no damage",
        READ,
        "        raise Unviewable(Reason.REFUSED if refused else Reason.DAMAGED) from None",
        "        raise Unviewable(Reason.DAMAGED) from None",
        f"{SHOWN}::test_what_the_confinement_refuses_is_not_called_damage",
    ),
    Mutant(
        "pictures: viewable means that it was copied here",
        SURVEY,
        "        if len(copy(picture).data) > largest_copy(len(data)):",
        "        if False:",
        f"{SHOWN}::test_viewable_means_that_it_was_shown_and_copied_here",
    ),
    Mutant(
        "pictures: a PNG's own number for brightness counts",
        "bot/imaging/png_chunks.py",
        "    return profile_of_gamma(min(10.0, 100_000 / number))",
        "    return None",
        f"{SHOWN}::test_colours_are_those_that_browsers_show_in_what_is_shown_and_in_the_copy",
    ),
    Mutant(
        "pictures: what decodes them can end no other process",
        "bot/imaging/syscalls.py",
        'calls.add_rule(allowed, "tgkill", pyseccomp.Arg(0, pyseccomp.EQ, os.getpid()))',
        'calls.add_rule(allowed, "tgkill")',
        "tests/unit/test_imaging_screener.py"
        "::test_a_confined_process_can_signal_only_itself_even_where_landlock_can_not_help",
    ),
    Mutant(
        "pictures: a film is refused in words of its own",
        "bot/core/effects/capture.py",
        '        raise Permanent("film" if is_film(data) else "not-kept")',
        '        raise Permanent("not-kept")',
        "tests/unit/test_screening.py::test_a_film_is_refused_in_words_of_its_own",
    ),
)
