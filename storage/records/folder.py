"""What stands in a patient's folder: a file for each entry, one readable page, one index for programs.

The page loads nothing but the pictures beside it, runs no script, and treats every word of the record as text. Every file is
what the record holds, byte for byte, checked against its digest. Whether the files go into a directory or a zip is not decided
here.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path

from jinja2 import ChainableUndefined, Environment, FileSystemLoader, Template

from bot.domain.document import CALLED_BACK
from bot.domain.entries import HELD_BACK, SMALL_PICTURE, EntryKind, PatientIdentity
from bot.domain.errors import Permanent

from .filed import STRUCTURED, FiledEntry

SUFFIXES = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/avif": ".avif",
    "image/gif": ".gif",
    "image/heic": ".heic",
    "image/heif": ".heif",
    "image/tiff": ".tif",
    "application/pdf": ".pdf",
    "application/dicom": ".dcm",
    "text/plain": ".txt",  # what is said where a picture can't be copied
}
VIEWABLE = frozenset({".jpg", ".png", ".webp", ".avif", ".gif"})


@dataclass(frozen=True, slots=True)
class Item:
    """One entry and the file that holds it. `called_back`: the note of a reply that it was taken back (R25)."""

    entry: FiledEntry
    file: str
    called_back: FiledEntry | None = None

    @property
    def viewable(self) -> bool:
        return Path(self.file).suffix in VIEWABLE

    @property
    def small(self) -> str:
        """Return the file of the thumbnail that screening made; "" without one."""
        return f"{Path(self.file).stem}-small.jpg" if SMALL_PICTURE in self.entry.facts else ""


@dataclass(slots=True)
class Section:
    """All about one reference: its pictures (one, unless a reference was ever used twice) and what belongs to them."""

    about: str
    images: list[Item] = field(default_factory=list)
    words: list[Item] = field(default_factory=list)
    consents: list[Item] = field(default_factory=list)
    disclosures: list[Item] = field(default_factory=list)
    receipts: list[Item] = field(default_factory=list)

    @property
    def small(self) -> str:
        return next((item.small for item in self.words if item.small), "")

    def add(self, item: Item) -> None:
        match item.entry.kind:
            case EntryKind.IMAGE:
                self.images.append(item)
            case EntryKind.CONSENT:
                self.consents.append(item)
            case EntryKind.DISCLOSURE:
                self.disclosures.append(item)
            case EntryKind.RECEIPT:
                self.receipts.append(item)
            case _:
                self.words.append(item)


def named(entries: list[FiledEntry]) -> list[Item]:
    """Return a file name for each entry: a picture by its reference, all else by reference, kind and number.

    No two share even the part before the suffix: a picture's consent lies beside it under that part.
    """
    taken: set[str] = set()
    items = []
    notes = calling_back(entries)
    numbered: Iterator[str]
    for entry in entries:
        about = re.sub(r"[^A-Za-z0-9-]", "", entry.about)
        original = SUFFIXES.get(entry.media_type, ".bin")
        if entry.kind is EntryKind.IMAGE:
            first, suffix = about or "image", original
            numbered = chain([first], (f"{first}-{number}" for number in count(2)))
        else:
            first = f"{about or 'patient'}-{entry.kind.value}{'-called-back' if entry.entry_id in notes else ''}"
            suffix = original if entry.sealed else ".json" if entry.kind in STRUCTURED else ".txt"
            numbered = (f"{first}-{number}" for number in count(1))
        name = next(name for name in numbered if name not in taken)
        taken.add(name)
        items.append(Item(entry, name + suffix, notes.get(entry.entry_id)))
    return items


def calling_back(entries: Iterable[FiledEntry]) -> dict[object, FiledEntry]:
    """Return, by the reply's id, the notes of these entries that say who called a reply back, and when."""
    notes = [entry for entry in entries if entry.facts.get("as") == CALLED_BACK and "reply" in entry.facts]
    return {note.facts["reply"]: note for note in notes}


def files_of(item: Item, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the files of one entry, by name; raise `Permanent("damaged")` when the content is not what was filed."""
    entry = item.entry
    if hashlib.sha256(content).hexdigest() != entry.sha256:
        raise Permanent("damaged", f"entry {entry.entry_id}; nothing was exported")
    if entry.kind in STRUCTURED and entry.sealed is None:  # a signed form is kept as it came
        content = _json({**_described(item), "text": entry.text})
    yield item.file, content
    if item.small:
        yield item.small, base64.b64decode(entry.facts[SMALL_PICTURE])
    consent = entry.facts.get("consent")
    if entry.kind is EntryKind.IMAGE and consent:
        yield f"{Path(item.file).stem}-consent.json", _json(consent)


def indexes(
    patient: PatientIdentity, items: list[Item], at: datetime | None, warning: str = ""
) -> Iterator[tuple[str, bytes]]:
    """Yield the page, and the index for programs; `at` is printed as the time of the export, `warning` on the face of both."""
    sections: dict[str, Section] = {}
    for item in items:
        about = item.entry.about
        sections.setdefault(about, Section(about)).add(item)
    pictured = [section for section in sections.values() if section.images]
    others = [section for section in sections.values() if not section.images]
    page = _template().render(patient=patient, sections=pictured, others=others, at=at, warning=warning)
    yield "index.html", page.encode(errors="xmlcharrefreplace")
    person = {"mrn": patient.mrn, "name": patient.name, "born": patient.born.isoformat()}
    yield (
        "record.json",
        _json(
            {
                **({"warning": warning} if warning else {}),
                "patient": person,
                "entries": [_described(item) for item in items],
            }
        ),
    )


def _described(item: Item) -> dict[str, object]:
    entry = item.entry
    return {
        "entry_id": entry.entry_id,
        "kind": entry.kind.value,
        "about": entry.about,
        "at": entry.at.isoformat(),
        "by": entry.by,
        "file": item.file,
        "media_type": entry.media_type,
        "size": entry.size,
        "sha256": entry.sha256,
        **({"called_back": {"by": note.by, "at": note.at.isoformat()}} if (note := item.called_back) else {}),
        "facts": {name: fact for name, fact in entry.facts.items() if name != SMALL_PICTURE},
    }


def _json(value: object) -> bytes:
    # A lone surrogate becomes \udXXX, which is how JSON itself writes it.
    return json.dumps(value, indent=2, ensure_ascii=False).encode(errors="backslashreplace")


def _when(moment: object) -> str:
    """Return a time for a reader, always in UTC and saying so; show anything that is not a time as it is."""
    try:
        parsed = moment if isinstance(moment, datetime) else datetime.fromisoformat(str(moment))
    except ValueError:
        return str(moment)
    if parsed.tzinfo is None:
        return str(moment)
    parsed = parsed.astimezone(UTC)
    return f"{parsed.day} {parsed:%B %Y, %H:%M} UTC"


def _csp_hash(style: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}"


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,  # always: the template's own suffix would switch it off
        undefined=ChainableUndefined,  # a fact nobody recorded is left out
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(HELD_BACK=HELD_BACK)
    environment.filters.update(when=_when, csp_hash=_csp_hash, plain=_plain)
    return environment.get_template("export.html.j2")
