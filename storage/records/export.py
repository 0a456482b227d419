"""A patient's copy of the record: all that is filed about one patient, as a directory or as zips made in memory (R24).

A directory appears whole or not at all: it is built beside its place, under a hidden name, and renamed into it; a place that
is not empty is refused. Directory and files are readable by their owner alone (0700, 0600). A zip touches no disk.

Neither is encrypted, and originals still hold the metadata they came with: the person who exports is responsible for both.
"""

from __future__ import annotations

import asyncio
import errno
import io
import os
import secrets
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.domain.document import WHOLE_CAPTION
from bot.domain.entries import CONCEALED, PatientIdentity
from bot.domain.errors import OutsideFailure, Permanent

from .filed import FiledEntry
from .folder import Item, files_of, indexes, named

if TYPE_CHECKING:
    from .embedded import EmbeddedRecord

ANOTHER = "somebody else"  # shown as the sender
NOT_FOR_EVERYBODY = (
    "This folder was written at the practice's computer. It also holds what the assistant holds back from some of the patient's "
    "people: a mature minor's own photos, and what one parent sent or wrote from the other. Whoever hands it over decides who "
    "may have it."
)


def for_the_patient(patient: PatientIdentity, entries: Sequence[FiledEntry]) -> list[FiledEntry]:
    """Return what the patient reads: not what the law forbids (R13a), nor who sent a photo under another name (R30).

    The record keeps both: the origin of a photo that came from another record names the patient it was filed under by mistake.
    """
    others = {entry.entry_id for entry in _from_others(patient, entries)}
    shown = [entry for entry in entries if not entry.facts.get(CONCEALED)]
    return [_without_origin(entry) if entry.entry_id in others else entry for entry in shown]


def without_words_of_others(patient: PatientIdentity, entries: Sequence[FiledEntry]) -> list[FiledEntry]:
    """Return the same without what was written with a photo that came from another record (R29).

    At the computer nobody can say whether its sender speaks for this patient too.
    """
    others = _from_others(patient, entries)
    ids, refs = {entry.entry_id for entry in others}, {entry.about for entry in others}
    return [
        replace(entry, facts=entry.facts | {"reason": ""}) if entry.entry_id in ids else entry
        for entry in entries
        if not (entry.about in refs and entry.facts.get("as") == WHOLE_CAPTION)
    ]


def _from_others(patient: PatientIdentity, entries: Sequence[FiledEntry]) -> list[FiledEntry]:
    """Return the photos that were sent for another patient, and not by a colleague."""
    first_moves: dict[object, object] = {}
    for entry in sorted(entries, key=lambda entry: entry.at):
        if "moved" in entry.facts:
            first_moves.setdefault(entry.facts.get("image"), entry.facts["moved"])
    return [entry for entry in entries if first_moves.get(entry.entry_id) == "here" and _of_another(entry, patient)]


def _of_another(entry: FiledEntry, patient: PatientIdentity) -> bool:
    from_colleague = "source" in entry.facts
    return not from_colleague and entry.facts.get("sent_by", {}).get("name") != patient.name


def _without_origin(entry: FiledEntry) -> FiledEntry:
    said = {name: fact for name, fact in entry.facts.items() if name not in {"sent_by", "consent", "proof"}}
    return replace(entry, by=ANOTHER, facts=said)


def zipped(patient: PatientIdentity, entries: list[FiledEntry], contents: Sequence[bytes], at: datetime) -> bytes:
    """Return these entries as one zip: their files, a page to read, an index.

    Raises `Permanent("damaged")` as for a directory.
    """
    items = named(entries)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for item, content in zip(items, contents, strict=True):
            for name, data in files_of(item, content):
                _add(archive, name, data, at)
        for name, data in indexes(patient, items, at):
            _add(archive, name, data, at)
    return buffer.getvalue()


def _add(archive: zipfile.ZipFile, name: str, data: bytes, at: datetime) -> None:
    when = at.astimezone(UTC)
    info = zipfile.ZipInfo(name, (when.year, when.month, when.day, when.hour, when.minute, when.second))
    words = Path(name).suffix in {".html", ".json", ".txt"}
    archive.writestr(info, data, zipfile.ZIP_DEFLATED if words else zipfile.ZIP_STORED)


async def export_patient(
    record: EmbeddedRecord, mrn: str, directory: Path, *, at: datetime | None = None, everything: bool = False
) -> PatientIdentity:
    """Write the folder of the patient with this record number; `at` is printed on the page as the time of the export.

    With `everything` it also holds what the law forbids to tell the patient: then it is no copy to hand to them (R13a).

    Raises `Permanent`: "unknown-patient", "not-empty", "damaged" (what is filed no longer reads back), or `OutsideFailure`.
    """
    patient = await record.find(mrn)
    if patient is None:
        raise Permanent(
            "unknown-patient", "nobody is filed under this record number; `consentry record list` shows all"
        )
    filed = await record.entries(patient.patient_id)
    entries = filed if everything else for_the_patient(patient, without_words_of_others(patient, filed))
    directory = await asyncio.to_thread(directory.resolve)
    building = directory.with_name(f".{directory.name}.{secrets.token_hex(8)}")
    try:
        await asyncio.to_thread(_begin, directory, building)
        items = named(entries)
        for item in items:
            content = await record.content(item.entry.entry_id)
            await asyncio.to_thread(_write_entry, building, item, content)
        await asyncio.to_thread(_write_indexes, building, patient, items, at)
        await asyncio.to_thread(building.rename, directory)  # onto an empty folder or none, by POSIX; else it refuses
    except OSError as error:
        raise _explained(error) from None
    finally:
        await asyncio.shield(asyncio.to_thread(shutil.rmtree, building, ignore_errors=True))
    return patient


def _begin(directory: Path, building: Path) -> None:
    if directory.exists() and any(directory.iterdir()):
        raise OSError(errno.ENOTEMPTY, "not empty")
    directory.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    building.mkdir(mode=0o700)


def _explained(error: OSError) -> OutsideFailure:
    match error.errno:
        case errno.ENOTEMPTY | errno.EEXIST | errno.ENOTDIR:
            return Permanent("not-empty", "the folder to write to is not an empty folder; name a new one")
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            return OutsideFailure("disk-full: nothing was exported")
    return OutsideFailure(f"disk-error: errno {error.errno}; nothing was exported")


def _write_entry(building: Path, item: Item, content: bytes) -> None:
    _write(building, files_of(item, content))


def _write_indexes(building: Path, patient: PatientIdentity, items: list[Item], at: datetime | None) -> None:
    _write(building, indexes(patient, items, at, NOT_FOR_EVERYBODY))


def _write(building: Path, files: Iterator[tuple[str, bytes]]) -> None:
    for name, content in files:
        path = building / name
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(content)
