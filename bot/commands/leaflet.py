"""`consentry leaflet`: a page to print for a patient, with a link of their own."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.domain.errors import Permanent
from bot.domain.invitation_events import TellingChosen
from bot.domain.invitations import Tell
from bot.domain.people import Relation
from bot.domain.staff_deeds import Answering
from bot.durable import new_file
from bot.words import on_a_leaflet, phrases

from .terminal import CONFIG, ConfigFile, configured, console, plain

if TYPE_CHECKING:
    from bot.operate.leaflets import Addressee, Telling

_AS = (Relation.PARENT, Relation.GUARDIAN)  # whom nobody has to confirm, for a child


def leaflet(
    mrn: Annotated[str, typer.Argument(metavar="MRN", help="Medical record number, exactly as enrolled.")],
    file: Annotated[Path, typer.Argument(help="Where the PDF goes; nothing is ever replaced.")],
    answering: Annotated[
        str, typer.Option("--for", help="Who gets it: self, or a child's parent or guardian. Asks for the name.")
    ] = "self",
    config: ConfigFile = CONFIG,
) -> None:
    """Make a leaflet to print, A5: the practice's name, a QR code that opens the page, and three steps.

    It holds a fresh invitation, as `!link` in the chat gives out: it works once, and an earlier one for the same person ends.
    It names no patient; the file can be read by you alone, and is best deleted once it is printed. The bot may be running.

        consentry leaflet 10421 leaflet.pdf
    """
    from bot.imaging.leaflet_pdf import leaflet_pdf
    from bot.operate import leaflets

    settings = configured(config)
    who = _answering(answering)
    whose = asyncio.run(leaflets.meant(settings, mrn, who))
    patient = f"{whose.patient.name}, born {phrases.day(whose.patient.born)}"
    named = patient if who.name is None else f"{who.name}, {who.relation.value} of {patient}"
    console.print(plain(f"{named}, MRN {mrn}."), soft_wrap=True)
    if not typer.confirm("Is that who it is for?"):
        console.print("Nothing was made.")
        raise typer.Exit(1)
    telling = _telling(whose)
    try:
        with new_file(file) as written:
            made = asyncio.run(leaflets.invite(settings, mrn, who, telling))
            written.write(leaflet_pdf(made.words, made.link))
    except FileExistsError:
        raise Permanent("file-exists", f"{file} is there already and is never replaced; choose another name") from None
    if made.ended_another:
        console.print("An earlier invitation for the same person has ended.")
    console.print(plain(on_a_leaflet.handed_to(made.selector, f"{named}.")), soft_wrap=True)


def _answering(said: str) -> Answering:
    if said == Relation.SELF.value:
        return Answering()
    if said not in [relation.value for relation in _AS]:
        raise typer.BadParameter("self, parent or guardian; for anybody else, !link in the chat")
    name = ""
    while not name:
        name = " ".join(str(typer.prompt("Their name")).split())[:120]
    return Answering(Relation(said), name)


def _telling(whose: Addressee) -> Telling | None:
    """Ask whether those who answer already are told (R33a); ask nothing where there is nobody."""
    from bot.operate.leaflets import Telling

    if not whose.others:
        return None
    console.print(plain(f"These answer for the patient already: {', '.join(whose.others.values())}."), soft_wrap=True)
    if typer.confirm("Shall they be told of the new account, once it is there?"):
        chosen = TellingChosen(Tell.TELL)
    else:
        chosen = TellingChosen(Tell.NOT_NOW, " ".join(str(typer.prompt("Why not now")).split())[:200])
    return Telling(tuple(whose.others), chosen)
