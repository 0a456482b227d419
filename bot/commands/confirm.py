"""`consentry confirm`: what takes two people, at the computer, where there is no second person who could."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from bot.config import Config
from bot.domain.people import Patient
from bot.words.phrases import day

from .terminal import CONFIG, ConfigFile, configured, console, plain

NOTHING = "Nothing was changed."


def confirm(
    mrn: Annotated[str, typer.Argument(help="The patient's record number.")],
    reason: Annotated[str, typer.Option(help="Why no second person can do it; kept in the audit log.")],
    config: ConfigFile = CONFIG,
) -> None:
    """Confirm who answers for a patient, or undo a death that was recorded by mistake, where there is no second person who could.

    Where there is one, they write `!confirm` or `!not-dead` to the bot instead, and this refuses. What is confirmed here is
    marked as not seen by a second person, in the audit log and wherever consents are shown. The bot may be running.

        consentry confirm 10421 --reason "nobody else works here"
    """
    from bot.operate import confirmations

    settings = configured(config)
    dead = asyncio.run(confirmations.recorded_as_dead(settings, mrn))
    if dead is not None:
        _undo_death(settings, dead, reason)
        return
    found = asyncio.run(confirmations.who_waits(settings, mrn))
    if not found:
        console.print("Nobody waits to be confirmed for this record number.")
        raise typer.Exit(1)
    for waiting in found:
        who = f"{waiting.newcomer.name}, {waiting.newcomer.account}, as {waiting.relation.value} for {waiting.patient.name}"
        console.print(plain(who), soft_wrap=True)
        if typer.confirm("Do you know who this is, and is it right?"):
            asyncio.run(confirmations.confirm(settings, waiting.authority_id, reason))
            console.print("Confirmed, and noted as not seen by a second person.")
        else:
            console.print(NOTHING)


def _undo_death(settings: Config, patient: Patient, reason: str) -> None:
    from bot.operate import confirmations

    console.print(plain(f"{patient.name}, born {day(patient.born)}, is recorded as dead."), soft_wrap=True)
    if typer.confirm("Was that a mistake?"):
        asyncio.run(confirmations.is_alive(settings, patient.mrn, reason))
        console.print("Put right, and noted as not seen by a second person. Who answers for them is linked anew: !link")
    else:
        console.print(NOTHING)
