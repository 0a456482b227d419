"""`consentry verify`: compare emoji with somebody, at the computer the bot runs on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence

import typer
from rich.table import Table

from bot.config import Config
from bot.domain.people import Person
from bot.domain.verification import OPEN, Stage, Verification

from .terminal import CONFIG, ConfigFile, configured, console, plain

_LOOK_EVERY = 1.0  # seconds
_PATIENCE = 120  # looks, until their app has answered


def verify(config: ConfigFile = CONFIG) -> None:
    """Show the emoji of whoever compares now, and record what you say about them.

    The person begins: they write `!verify` (patients: `verify`) to the bot, or choose to verify it in their app. They stand
    beside you or are on the phone, and read out what their app shows. Nothing is confirmed by itself; your answer is in the
    audit log. This is how a manager is verified; managers do the same for everybody else from their own chat.

        consentry verify
    """
    from bot.operate import emoji_checks

    settings = configured(config)
    asyncio.run(emoji_checks.require_running_bot(settings))
    check, person = _next(settings)
    _show(check, person)
    answer = typer.prompt("Do they read out the same, in this order? (same / different)").strip().casefold()
    while answer not in ("same", "different"):
        answer = typer.prompt("Please write same or different").strip().casefold()
    asyncio.run(emoji_checks.decide(settings, check.id, answer == "same"))
    if answer == "different":
        console.print(
            "Noted: not the same. Nothing was changed. Check that you have the right person and try again. If it happens "
            "again, somebody may be listening in between.",
            soft_wrap=True,
        )
        raise typer.Exit(1)
    _finish(settings, check, person)


def _next(settings: Config) -> tuple[Verification, Person]:
    """Return the check to compare: wait for one; ask which if there are several."""
    from bot.operate import emoji_checks

    found = asyncio.run(emoji_checks.waiting(settings))
    if not found:
        console.print("Nobody compares emoji at this moment. Ask the person to begin; I wait here (Ctrl-C ends).")
    while not found:
        time.sleep(_LOOK_EVERY)
        found = asyncio.run(emoji_checks.waiting(settings))
    return found[0] if len(found) == 1 else _choose(found)


def _choose(found: Sequence[tuple[Verification, Person]]) -> tuple[Verification, Person]:
    for place, (_, person) in enumerate(found, 1):
        console.print(plain(f"{place}. {person.name}, {person.account}"))
    offered = {str(place): pair for place, pair in enumerate(found, 1)}

    def chosen(answer: str) -> tuple[Verification, Person]:
        if answer.strip() not in offered:
            raise typer.BadParameter(f"choose a number from 1 to {len(found)}")
        return offered[answer.strip()]

    read: Callable[[str], tuple[Verification, Person]] = chosen  # typer's prompt no longer knows click's types
    who: tuple[Verification, Person] = typer.prompt("Who is with you? Number", value_proc=read)
    return who


def _show(check: Verification, person: Person) -> None:
    console.print(plain(f"{person.name}, {person.account}"), style="bold")
    table = Table(show_header=False)
    for number, emoji in enumerate(check.emoji, 1):
        picture, _, name = emoji.partition(" ")
        table.add_row(str(number), picture, name)
    console.print(table)
    if check.identity != person.identity:
        console.print("Their security identity is a new one. If you say the same, they are heard under it from now on.")


def _finish(settings: Config, check: Verification, person: Person) -> None:
    from bot.operate import emoji_checks

    console.print("Noted: the same. They should tap “they match” in their app now.")
    for _ in range(_PATIENCE):
        stage = asyncio.run(emoji_checks.stage_of(settings, check.id))
        if stage is Stage.VERIFIED:
            console.print(plain(f"Verified: {person.name}, {person.account}."))
            return
        if stage not in OPEN:
            console.print("Their app ended the check, so nothing was changed. They can begin again.")
            raise typer.Exit(1)
        time.sleep(_LOOK_EVERY)
    console.print("Their app has not answered yet. It may still do so; otherwise the check ends by itself.")
    raise typer.Exit(1)
