"""`consentry wording`: the texts people get, and whether the practice's own ones may be used."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text as Styled

from bot.config.practice_texts import SUFFIX, texts_in
from bot.domain.built_in_texts import AS_THEY_COME, BUILT_IN
from bot.domain.errors import Refused
from bot.domain.texts import Text, Texts
from bot.words import at_the_computer

from .terminal import CONFIG, ConfigFile, configured, console, plain

wording = typer.Typer(no_args_is_help=True, help="The texts people get: list them, read one, check your own.")


@wording.command("list")
def list_(config: ConfigFile = CONFIG) -> None:
    """List the texts a practice may say in its own words.

    Each with its version, which stays with every consent given in it, and whether it is ours or yours. To replace one, put a
    file of its name into the directory that [wording] names in the configuration.

        consentry wording list
    """
    texts = _texts(config)
    table = Table()
    for heading in ("Text", "Said", "Words", "Version"):
        table.add_column(heading)
    for text in BUILT_IN.values():
        whose = "yours" if text.name in texts.replaced else "built in"
        table.add_row(text.name, text.said, whose, texts.version(text.name).partition("@")[2])
    console.print(table)


@wording.command()
def show(
    name: Annotated[str, typer.Argument(help="As `consentry wording list` names it.")], config: ConfigFile = CONFIG
) -> None:
    """Show one text: its words, what may stand in it and what must, and how it reads.

    Redirected into a file without the rest, with `--config`, it is where your own text begins:

        consentry wording show request_for_consent
    """
    if name not in BUILT_IN:
        raise Refused(at_the_computer.unknown_text(name))
    texts, text = _texts(config), BUILT_IN[name]
    console.print(Styled(f"{name}: {text.said}", style="bold"), soft_wrap=True)
    console.print()
    console.print(plain(texts.body(name)), soft_wrap=True)
    console.print()
    console.print(_placeholders(text))
    console.print(Styled("It reads, for example:", style="bold"))
    console.print()
    console.print(plain(texts.render(name, **text.sample)), soft_wrap=True)


@wording.command()
def check(config: ConfigFile = CONFIG) -> None:
    """Check the practice's own texts; with mistakes the bot would not start.

    Every mistake is told, by file. A request for consent must say who asks and in what role, which image, the purpose, how it
    will be used, who will see it, whether they could be recognised, for how long, and that saying no makes no difference.

        consentry wording check
    """
    replaced = _texts(config).replaced
    if not replaced:
        console.print("All texts are the built-in ones: nothing to check.")
        return
    console.print(
        plain(f"{len(replaced)} of {len(BUILT_IN)} texts are yours, and may be used: {', '.join(sorted(replaced))}.")
    )


def _texts(config: ConfigFile) -> Texts:
    """Return the practice's texts; before there is a practice, those that come with the program."""
    if config == CONFIG and not config.exists():
        return AS_THEY_COME
    return texts_in(configured(config).wording.directory)


def _placeholders(text: Text) -> Table:
    table = Table(title=f"What may stand in {text.name}{SUFFIX}", title_justify="left")
    for heading in ("Placeholder", "It says", ""):
        table.add_column(heading)
    for placeholder in text.placeholders:
        table.add_row(
            f"${placeholder.name}", placeholder.says, "must stand in it" if placeholder.must else "may be left out"
        )
    return table
