"""A PDF rebuilt page by page, so that only what can be seen on its pages remains (R19). Runs only in the confined child.

Kept: size, turn and what is drawn, with the fonts, images and patterns it needs; what form fields and stamps show is drawn
onto the page. Gone: information about the document, XMP, scripts, actions, attachments, links, outlines, forms, tags,
private data of programs, comments inside page descriptions, words and streams that nothing draws, and what pictures on the
pages carry (`pdf_pictures`).
`Unviewable`: encrypted, damaged, too many pages, or with layers that can be switched off, since a rebuilt page would show
what the reader was not shown. Deliberately does not draw pages: text stays text.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Pdf, Stream, String

from .pdf_pictures import is_packed, leave_only_colours, leave_only_the_picture
from .protocol import Reason, Unviewable

MOST_PAGES = 500
MOST_OBJECTS = 200_000

_OF_A_PAGE = ("/MediaBox", "/CropBox", "/Rotate", "/Resources", "/Contents", "/Group", "/UserUnit")
# Wherever they stand: what is said about an object, what happens by itself, and what hangs on it unseen.
_NEVER = {
    *("/Metadata", "/PieceInfo", "/LastModified", "/Info", "/AF", "/Measure", "/PtData", "/OPI", "/Alternates", "/ID"),
    *("/A", "/AA", "/OpenAction", "/JS", "/JavaScript", "/URI", "/Launch", "/Names", "/EmbeddedFiles", "/EF"),
    *("/Annots", "/StructParent", "/StructParents", "/Properties", "/OC", "/PZ", "/Thumb", "/B", "/Tabs", "/Parent"),
}
# Dictionaries whose keys are names that the document chose itself.
_OF_NAMES = {"/Font", "/XObject", "/ExtGState", "/ColorSpace", "/Pattern", "/Shading", "/CharProcs", "/Colorants"}
# What a stream can be besides a picture or a form: told by a key it has, or by the key under which it stands.
_DRAWN = {"/PatternType", "/ShadingType", "/FunctionType", "/HalftoneType"}
_STREAMS = {"/Contents", "/FontFile", "/FontFile2", "/FontFile3", "/ToUnicode", "/Encoding", "/UseCMap", "/CIDToGIDMap"}
_WORDS_OF_A_FONT = {"/Registry", "/Ordering"}
_BY_NAME = ("/XObject", "/Font", "/Pattern", "/Shading", "/ExtGState")
_USES_A_NAME = "Do Tf gs sh scn SCN"
_MARKS = {"BMC", "BDC", "EMC", "MP", "DP"}


def rebuilt(data: bytes) -> bytes:
    """The document with nothing but its pages."""
    try:
        with Pdf.open(BytesIO(data)) as source:
            check_rebuildable(source)
            if "/AcroForm" in source.Root:
                source.generate_appearance_streams()
            source.flatten_annotations("screen")
            return _saved(_pages_of(source))
    except Unviewable:
        raise
    except pikepdf.PasswordError:
        raise Unviewable(Reason.PROTECTED) from None
    except Exception:  # malformed documents make the library raise a good dozen kinds of error
        raise Unviewable(Reason.DAMAGED) from None


def check_rebuildable(source: Pdf) -> None:
    """`Unviewable` for what can be told without taking it apart."""
    if source.is_encrypted:
        raise Unviewable(Reason.PROTECTED)
    if not 0 < len(source.pages) <= MOST_PAGES:
        raise Unviewable(Reason.DAMAGED)
    if "/OCProperties" in source.Root:
        raise Unviewable(Reason.HIDDEN_PARTS)


def _pages_of(source: Pdf) -> Pdf:
    fresh = Pdf.new()
    for page in source.pages:
        kept = Dictionary(Type=Name.Page)
        for key in _OF_A_PAGE:
            value = _inherited(page.obj, key)
            if value is not None:
                kept[key] = fresh.copy_foreign(source.make_indirect(value)) if _is_compound(value) else value
        fresh.pages.append(pikepdf.Page(fresh.make_indirect(kept)))
    for page in fresh.pages:
        page.contents_coalesce()
        if "/Contents" in page.obj:
            page.obj.Contents = Stream(fresh, _plain_content(page.obj))
    _leave_only_what_is_named(fresh)
    _scrub(fresh)
    return fresh


def _inherited(page: Any, key: str) -> Any:
    for _ in range(50):
        if key in page:
            return page[key]
        page = page.get("/Parent")
        if page is None:
            return None
    return None


def _leave_only_what_is_named(document: Pdf) -> None:
    """Page descriptions draw by name; what none of those that share a set of names uses is drawn by nobody."""
    used: dict[tuple[int, int], set[str]] = {}
    resources: dict[tuple[int, int], Any] = {}
    inherited: set[str] = set()  # by descriptions without names of their own: they use those of whoever draws them
    for thing, _ in list(_everything(document)):
        names = set[str]().union(*(_names_in(one) for one in _descriptions(thing)))
        if not isinstance(thing, Array) and isinstance(thing.get("/Resources"), Dictionary):
            own = thing.Resources = document.make_indirect(thing.Resources)
            resources[own.objgen] = own
            used.setdefault(own.objgen, set()).update(names)
        else:
            inherited |= names
    for at, own in resources.items():
        for kind in _BY_NAME:
            if isinstance(table := own.get(kind), Dictionary):
                own[kind] = Dictionary({key: one for key, one in table.items() if key in used[at] | inherited})


def _descriptions(thing: Any) -> list[Any]:
    """What of it is drawn: itself, or the letters of a font."""
    if isinstance(thing, Array):
        return []
    if thing.get("/Type") == Name.Page:
        return [thing] if "/Contents" in thing else []
    if isinstance(thing, Stream):
        return [thing] if thing.get("/Subtype") == Name.Form or "/PatternType" in thing else []
    letters = thing.get("/CharProcs", {})
    return list(letters.values()) if isinstance(letters, Dictionary) else []


def _names_in(description: Any) -> set[str]:
    instructions = pikepdf.parse_content_stream(description, _USES_A_NAME)
    return {str(one) for instruction in instructions for one in instruction.operands if isinstance(one, Name)}


def _is_compound(value: object) -> bool:
    return isinstance(value, (Dictionary, Array, Stream))


def _scrub(document: Pdf) -> None:
    """Take out of every object what is not drawn. Form pictures, patterns and drawn letters are page descriptions too."""
    for thing, under in _everything(document):
        if isinstance(thing, Array):
            leave_only_colours(thing)
            continue
        for key, part in list(thing.items()):
            if not _is_drawn(part, key, under):
                del thing[key]
        if under in _OF_NAMES:
            continue
        kind, is_page = thing.get("/Subtype"), thing.get("/Type") == Name.Page
        for key in list(thing.keys()):
            if key in _NEVER and not (is_page and key == "/Parent"):
                del thing[key]
        if isinstance(thing, Stream) and kind == Name.Image:
            leave_only_the_picture(thing)
        elif isinstance(thing, Stream) and (kind == Name.Form or "/PatternType" in thing):
            thing.write(_plain_content(thing))
        for letter in thing.get("/CharProcs", {}).values():
            letter.write(_plain_content(letter))


def _is_drawn(part: Any, key: str, under: str) -> bool:
    """Words and streams only where they mean something to whoever draws the page: any other is a hiding place, or damaged."""
    if isinstance(part, String):
        return key in _WORDS_OF_A_FONT
    if not isinstance(part, Stream) or part.get("/Subtype") == Name.Image:
        return True
    means_something = key in _STREAMS or under == "/CharProcs" or bool(_DRAWN & set(part.keys()))
    return is_packed(part) and (means_something or part.get("/Subtype") == Name.Form)


def _everything(document: Pdf) -> Iterator[tuple[Any, str]]:
    """Every array, dictionary and stream that hangs on the pages, each once, and the key under which it was found."""
    waiting: list[tuple[Any, str]] = [(page.obj, "") for page in document.pages]
    seen: set[tuple[int, int]] = set()
    for _ in range(MOST_OBJECTS):
        if not waiting:
            return
        thing, under = waiting.pop()
        if thing.is_indirect:
            if thing.objgen in seen:
                continue
            seen.add(thing.objgen)
        yield thing, under
        if isinstance(thing, Array):
            parts = [(part, "") for part in thing]
        else:
            parts = [(part, key) for key, part in thing.items() if key != "/Parent"]
        waiting += [(part, key) for part, key in parts if _is_compound(part)]
    raise Unviewable(Reason.DAMAGED)


def _plain_content(page: Any) -> bytes:
    """A page description without comments and marks, as its instructions alone."""
    instructions = []
    for instruction in pikepdf.parse_content_stream(page):
        if isinstance(instruction, pikepdf.ContentStreamInlineImage):
            if any("DCT" in str(one) for one in instruction.iimage.filters):
                raise Unviewable(
                    Reason.DAMAGED
                )  # a JPEG in the middle of a page: nobody writes that, and it may carry more
        elif str(instruction.operator) in _MARKS:
            continue
        instructions.append(instruction)
    return pikepdf.unparse_content_stream(instructions)


def _saved(document: Pdf) -> bytes:
    out = BytesIO()
    for key in list(document.Root.keys()):
        if key not in ("/Type", "/Pages"):
            del document.Root[key]
    # No object streams: the bot looks over what it gets, and must be able to read the names in it.
    document.save(
        out,
        static_id=True,
        fix_metadata_version=False,
        object_stream_mode=ObjectStreamMode.disable,
        compress_streams=True,
        recompress_flate=True,
    )
    return out.getvalue()
