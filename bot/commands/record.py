"""`consentry record`: what is filed, read with the bot running or stopped, and never changed from here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from bot.config import Config
from bot.domain.assurance import CopyForm, Level
from bot.domain.copies import CopyState
from bot.domain.entries import EntryKind, PatientIdentity
from bot.domain.retention_rules import Destruction
from bot.words import about_further_copies

from .terminal import CONFIG, ConfigFile, configured, console, plain

if TYPE_CHECKING:
    from bot.operate.kept import Kept
    from storage.records.embedded import EmbeddedRecord
    from storage.records.filed import FiledEntry

record = typer.Typer(
    no_args_is_help=True, help="Read the patient record: who is in it, what is filed, a copy as files."
)

Mrn = Annotated[str, typer.Argument(metavar="MRN", help="Medical record number, exactly as enrolled.")]


@record.command("list")
def list_(config: ConfigFile = CONFIG) -> None:
    """List everyone anything is filed for.

    By name, with date of birth and how much is filed. Names appear on your screen: mind who else sees it. The bot may
    be running or stopped.

        consentry record list
    """
    settings = configured(config)
    patients, counts = asyncio.run(_everyone(settings))
    if not patients:
        console.print("Nothing is filed yet.")
        return
    table = Table(title=f"{len(patients)} in the record", title_justify="left")
    for heading in ("MRN", "Name", "Born"):
        table.add_column(heading)
    table.add_column("Filed", justify="right")
    for patient, count in zip(patients, counts, strict=True):
        table.add_row(plain(patient.mrn), plain(patient.name), patient.born.isoformat(), str(count))
    console.print(table)


@record.command()
def show(mrn: Mrn, config: ConfigFile = CONFIG) -> None:
    """Show all that is filed for one patient, in the order it happened.

    Pictures appear by size and digest; `export` writes them out. Times are those of the practice's clock, words are
    shown as people wrote them.

        consentry record show 10421
    """
    settings = configured(config)
    patient, entries = asyncio.run(_patient(settings, mrn))
    console.print(Text.assemble(("", "bold"), plain(patient.name), f", born {patient.born}, MRN ", plain(patient.mrn)))
    console.print(_listing(entries, settings.practice.zone))


@record.command()
def export(
    mrn: Mrn,
    folder: Annotated[Path, typer.Argument(help="A folder to make; it must not exist, or be empty.")],
    everything: Annotated[
        bool,
        typer.Option("--everything", help="Also what the law forbids to tell the patient; never hand this to them."),
    ] = False,
    config: ConfigFile = CONFIG,
) -> None:
    """Write one patient's folder: originals, notes, consents, disclosures, receipts, and one readable page.

    The folder is not encrypted, and originals hold what the camera put into them (perhaps where they were taken). It is
    the patient's copy, or the next practice's: hand it over accordingly. It also holds what is held back in the
    chat from some of the patient's people: a mature minor's own photos, what one parent sent or wrote from the
    other. Whoever hands it over decides who may have it. What the assistant sends for `my copy` leaves that out.

        consentry record export 10421 ./sam-patel
    """
    from bot.ids import SystemClock
    from storage.records.export import export_patient

    async def exported() -> PatientIdentity:
        async with _record(settings) as record:
            return await export_patient(record, mrn, folder, at=SystemClock().now(), everything=everything)

    settings = configured(config)
    asyncio.run(exported())
    console.print(plain(f"Written to {folder}; begin with index.html. It is not encrypted."), soft_wrap=True)


@record.command()
def due(config: ConfigFile = CONFIG) -> None:
    """List what is due for destruction, because its time of keeping is over.

    The time runs from the last entry about a patient; a child's record is kept longer. Nothing is destroyed by itself:
    a manager looks, and writes !destroy in their chat with the assistant. What is under a legal hold says so.

        consentry record due
    """
    from bot.config.policy_of import policy_of
    from bot.core.retention_due import KeptImage, KeptWords, kept_images, kept_words
    from bot.ids import SystemClock

    async def found() -> tuple[list[KeptImage], list[KeptWords]]:
        async with _opened(settings) as kept, kept.journal.reading() as rows:
            rule = policy_of(settings).retention
            images, words = await kept_images(rows, rule, zone), await kept_words(rows, rule, zone)
        over = [candidate for candidate in images if candidate.until <= today and not candidate.image.form_of]
        return over, [candidate for candidate in words if candidate.until <= today]

    settings = configured(config)
    zone = settings.practice.zone
    today = SystemClock().now().astimezone(zone).date()
    over, words = asyncio.run(found())
    if not over and not words:
        console.print("Nothing is due for destruction.")
        return
    table = Table(title=f"{len(over) + len(words)} due for destruction", title_justify="left")
    for heading in ("Image", "Received", "MRN", "Name", "Kept until", "Legal hold"):
        table.add_column(heading)
    for entry in over:
        received = entry.image.received_at.astimezone(zone).date().isoformat()
        hold = plain(entry.hold.why) if entry.hold else ""
        mrn, name = plain(entry.patient.mrn), plain(entry.patient.name)
        table.add_row(entry.image.ref, received, mrn, name, entry.until.isoformat(), hold)
    for alone in words:
        count = f"{len(alone.documents)} of no image"
        hold = plain(alone.hold.why) if alone.hold else ""
        mrn, name = plain(alone.patient.mrn), plain(alone.patient.name)
        table.add_row(count, "", mrn, name, alone.until.isoformat(), hold)
    console.print(table)


@record.command()
def destroyed(config: ConfigFile = CONFIG) -> None:
    """Show the destruction register: what was destroyed, whose record number, when, by whom, on which basis.

    It holds nothing clinical, and is kept for good.

        consentry record destroyed
    """

    async def register() -> list[Destruction]:
        async with _opened(settings) as kept, kept.journal.reading() as rows:
            return await rows.destructions.every()

    settings = configured(config)
    lines = asyncio.run(register())
    if not lines:
        console.print("Nothing was destroyed yet.")
        return
    table = Table(title=f"{len(lines)} in the destruction register", title_justify="left", show_lines=True)
    for heading in ("What", "MRN", "Decided", "By", "Basis", "Done"):
        table.add_column(heading, ratio=1 if heading == "Basis" else None)
    for line in lines:
        what = f"{line.ref}\n{line.what} of {line.received_on}"
        done = _when(line.done_at, settings.practice.zone) if line.done_at else "not yet: the bot must run"
        done += f"\n{line.elsewhere}" if line.elsewhere else ""
        decided = _when(line.decided_at, settings.practice.zone)
        table.add_row(what, plain(line.mrn), decided, plain(line.decided_by), plain(line.basis), plain(done))
    console.print(table)


@asynccontextmanager
async def _opened(settings: Config) -> AsyncIterator[Kept]:
    from bot.operate.kept import opened

    async with opened(settings, read_only=True) as kept:
        yield kept


@asynccontextmanager
async def _record(settings: Config) -> AsyncIterator[EmbeddedRecord]:
    async with _opened(settings) as kept:
        yield kept.record


async def _everyone(settings: Config) -> tuple[list[PatientIdentity], list[int]]:
    async with _record(settings) as record:
        patients = await record.patients()
        return patients, [len(await record.entries(patient.patient_id)) for patient in patients]


async def _patient(settings: Config, mrn: str) -> tuple[PatientIdentity, list[FiledEntry]]:
    from bot.domain.errors import Refused
    from bot.words.at_the_computer import nobody_filed_so

    async with _record(settings) as record:
        patient = await record.find(mrn)
        if patient is None:
            raise Refused(nobody_filed_so())
        return patient, await record.entries(patient.patient_id)


def _listing(entries: Sequence[FiledEntry], zone: tzinfo) -> Table:
    from storage.records.folder import calling_back

    table = Table(show_lines=True)
    table.add_column("When", no_wrap=True)
    table.add_column("Filed", no_wrap=True)
    table.add_column("By")
    table.add_column("Content", ratio=1)
    notes = calling_back(entries)
    for entry in entries:
        reference = Text.assemble((entry.kind.value, "bold"), "\n", plain(entry.about))
        table.add_row(
            _when(entry.at, zone), reference, plain(entry.by), _content(entry, zone, notes.get(entry.entry_id))
        )
    return table


def _when(at: datetime, zone: tzinfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d\n%H:%M")


def _content(entry: FiledEntry, zone: tzinfo, called_back: FiledEntry | None) -> Text:
    """Return what is filed, and of a reply that was taken back from whom it was sent to, who called it back and when (R25)."""
    back = called_back and f"Called back by {called_back.by}, {_when(called_back.at, zone).replace(chr(10), ' ')}."
    told = [back] if back else []
    told += [f"{name}: {entry.facts[name]}" for name in ("purpose", "reason") if isinstance(entry.facts.get(name), str)]
    if entry.sealed is not None:
        told.append(f"{entry.media_type}, {entry.size:,} bytes, SHA-256 {entry.sha256[:16]}…")
    elif entry.kind is EntryKind.RECEIPT:
        told.append(_receipt(entry, zone))
    else:
        told.append(entry.text or "")
    return plain("\n".join(told))


def _receipt(entry: FiledEntry, zone: tzinfo) -> str:
    """Return the copies counted by what became of them; the folder that `export` writes has them one by one."""
    copies = entry.facts.get("copies", [])
    lines = []
    for state in CopyState:
        these = [copy for copy in copies if copy["state"] == state.value]
        until = max((copy["hidden_until"] or "" for copy in these), default="")
        why = sorted({copy["detail"] for copy in these if copy["detail"]})
        note = f", until {datetime.fromisoformat(until).astimezone(zone):%Y-%m-%d %H:%M}" if until else ""
        note += f" ({', '.join(why)})" if why else ""
        lines += [f"{len(these)} {state.value}{note}"] if these else []
    further = [
        about_further_copies.copy_at(
            copy["in"], about_further_copies.assured(Level(copy["level"]), CopyForm(copy["of"]), copy["why"])
        )
        for copy in entry.facts.get("further_copies", [])
    ]
    return "\n".join([f"chat copies accounted for: {len(copies)}", *lines, *further])
