"""`consentry consents`: who agreed to what, when, in which words; read with the bot running or stopped, changed by nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from bot.config import Config
from bot.domain import identifiers
from bot.domain.errors import Refused
from bot.operate.agreements.listing import Agreement, Wanted, agreements
from bot.words.at_the_computer import whose_consents

from .terminal import CONFIG, ConfigFile, configured, console, plain

consents = typer.Typer(no_args_is_help=True, help="Who agreed to what, when, in which words.")

OfPatient = Annotated[str, typer.Option("--patient", "-p", metavar="MRN", help="Of this patient.")]
OfImage = Annotated[str, typer.Option("--image", "-i", metavar="IMG-7F3K", help="For this image.")]
OfRecipient = Annotated[
    str, typer.Option("--recipient", "-r", metavar="@ACCOUNT", help="Shown to this person, or asked for.")
]


@consents.command("list")
def list_(
    patient: OfPatient = "", image: OfImage = "", recipient: OfRecipient = "", config: ConfigFile = CONFIG
) -> None:
    """List every consent: implied, attested by a colleague, granted, refused, withdrawn, or asked for without an answer.

    One line each, oldest first, of everybody or of one patient, image or recipient. Names appear on your screen.

        consentry consents list --recipient @derm:hospital.org
    """
    settings = configured(config)
    found, _ = asyncio.run(_found(settings, Wanted(patient, image, identifiers.Account(recipient))))
    if not found:
        console.print("Nothing was agreed to or asked.")
        return
    table = Table(title=f"{len(found)} in all", title_justify="left")
    for heading in ("When", "Who", "What", "Answer", "Recipients"):
        table.add_column(heading, no_wrap=heading == "When")
    for agreement in found:
        what = f"{', '.join(agreement.refs)} of {agreement.patient.name}\n{agreement.purpose}"
        table.add_row(
            _when(agreement.at, settings.practice.zone),
            plain(_who(agreement)),
            plain(what),
            agreement.answer,
            plain("\n".join(agreement.recipients)),
        )
    console.print(table)


@consents.command()
def show(
    patient: OfPatient = "",
    image: OfImage = "",
    recipient: OfRecipient = "",
    export: Annotated[
        Path | None, typer.Option(help="Write a page to print and sign off to this file, which must not exist.")
    ] = None,
    config: ConfigFile = CONFIG,
) -> None:
    """Show the consents of one patient, image or recipient, each in the exact words the person saw.

    With --export they become a page to print and sign. It is not encrypted.

        consentry consents show --patient 10421 --export sam-patel.html
    """
    wanted = Wanted(patient, image, identifiers.Account(recipient))
    if wanted == Wanted():
        raise Refused(whose_consents())
    settings = configured(config)
    found, head = asyncio.run(_found(settings, wanted))
    about = ", ".join(part for part in (_named(wanted.mrn, found), wanted.ref, wanted.recipient) if part)
    if export is None:
        _print(found, about, settings.practice.zone)
        return
    from bot.ids import SystemClock
    from bot.operate.agreements.sign_off_page import write_page

    write_page(
        export,
        about,
        found,
        practice=settings.practice.name,
        at=SystemClock().now(),
        zone=settings.practice.zone,
        audit_head=head,
    )
    console.print(plain(f"Written to {export}. It is not encrypted."), soft_wrap=True)


def _named(mrn: str, found: Sequence[Agreement]) -> str:
    return f"{found[0].patient.name}, MRN {mrn}" if mrn and found else mrn


async def _found(settings: Config, wanted: Wanted) -> tuple[list[Agreement], str]:
    """Return the agreements, and the audit log's last hash at that time."""
    from bot.operate.kept import opened
    from storage.journal.audit_chain import verify

    async with opened(settings, read_only=True) as kept:
        async with kept.journal.reading() as rows:
            found = await agreements(rows, wanted)
        async with kept.database.reading() as connection:
            return found, (await verify(connection)).head


def _print(found: Sequence[Agreement], about: str, zone: tzinfo) -> None:
    console.print(Text.assemble(("Who agreed to what: ", "bold"), plain(about)))
    for agreement in found:
        console.print()
        console.print(
            Text.assemble(
                (f"{', '.join(agreement.refs)}: ", "bold"), plain(agreement.purpose), "  ", (agreement.answer, "bold")
            )
        )
        facts = {
            "of": f"{agreement.patient.name}, born {agreement.patient.born}, MRN {agreement.patient.mrn}",
            "by": _who(agreement),
            "confirmed": "at the computer, not seen by a second person" if agreement.unseen else "",
            "at": _when(agreement.at, zone),
            "asked by": agreement.asked_by,
            "recipients" if agreement.asked_by else "shown to": ", ".join(agreement.recipients),
            "until": _when(agreement.until, zone) if agreement.until else "",
            "now": agreement.state,
            "wording": agreement.version,
        }
        for name, value in facts.items():
            if value:
                console.print(plain(f"  {name}: {value}"), soft_wrap=True)
        console.print(plain("\n".join(f"  │ {line}" for line in agreement.words.splitlines())), soft_wrap=True)
    if not found:
        console.print("Nothing was agreed to or asked.")


def _who(agreement: Agreement) -> str:
    if not agreement.by:
        return f"asked by {agreement.asked_by}"
    return agreement.by if agreement.capacity == "self" else f"{agreement.by}, as {agreement.capacity}"


def _when(at: datetime, zone: tzinfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
