"""What all commands share at the terminal: how they print, where the configuration is, how failures end.

Guarantees: words that people sent cannot steer the terminal. An expected failure is one sentence on stderr and an exit code
(1: it did not work, 2: the configuration or the command is wrong), never a traceback.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.text import Text

from bot.config import Config, ConfigInvalid, load
from bot.domain.errors import OutsideFailure, Permanent, Refused
from bot.words.sentence import in_words

console = Console()
errors = Console(stderr=True)

ConfigFile = Annotated[
    Path,
    typer.Option("--config", "-c", envvar="CONSENTRY_CONFIG", help="The configuration file.", show_default=True),
]
CONFIG = Path("config.toml")

# Codes that are used elsewhere, in words for people.
CODES = {
    "database-not-writable": "this user may not open the record's files, or their disk is read-only",
    "database-busy": "another command is writing",
    "disk-full": "the disk is full",
    "disk-error": "the disk can't be read or written",
}
_DEEP = "`consentry doctor --deep` says what can be put back"
OF_ONE_THING = {"damaged": _DEEP, "missing": _DEEP}


def configured(file: Path) -> Config:
    """Return the configuration; raise `ConfigInvalid`, which `reporting` tells, when it has mistakes."""
    return load(file)


def account_on(server: str, typed: str) -> str:
    """Return the whole account that was typed: `lee` is @lee on the practice's own server."""
    name = typed.strip().removeprefix("@")
    return f"@{name}" if ":" in name else f"@{name}:{server}"


def plain(words: object) -> Text:
    """Return other people's words as they are: no markup, no escape sequence, no change of writing direction."""
    return Text("".join(_harmless(character) for character in str(words)))


def recovery_secret() -> bytes:
    """Ask for the recovery key at a prompt, because other users of this machine could read it as an option."""
    from storage.vault.recovery_key import decode_recovery_key

    try:
        return decode_recovery_key(typer.prompt("Recovery key", hide_input=True))
    except ValueError as wrong:
        raise Permanent("bad-recovery-key", f"{wrong}; nothing was written") from None


@contextmanager
def working() -> Iterator[Callable[[str, int, int], None]]:
    """Show bars of how far long work has come: what is being done, how much is done, how much there is."""
    with Progress(console=errors, transient=True) as progress:
        bars = {}

        def told(what: str, done: int, every: int) -> None:
            if what not in bars:
                bars[what] = progress.add_task(what)
            progress.update(bars[what], completed=done, total=max(every, 1))

        yield told


def _harmless(character: str) -> str:
    if character == "\n":
        return character
    return "\N{REPLACEMENT CHARACTER}" if unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs") else character


def say(sentence: str) -> None:
    """Print one sentence of our own on stderr."""
    errors.print(Text(sentence), style="red", soft_wrap=True)


def reporting(command: Callable[[], None]) -> int:
    """Run the command line and return the exit code. Expected failures are told, each in its own words."""
    try:
        command()
    except ConfigInvalid as invalid:
        for line in str(invalid).splitlines():
            say(line)
        return 2
    except Refused as refused:
        say(in_words(refused.said))
    except Permanent as failure:
        mend = OF_ONE_THING.get(failure.code)
        say(f"{failure}; {mend}" if mend else str(failure).removeprefix(f"{failure.code}: "))
    except OutsideFailure as failure:
        means = CODES.get(str(failure).partition(":")[0])
        say(f"{f'{means} ({failure})' if means else failure}; try again, `consentry doctor` helps to find the cause")
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone: nothing is left to say, not even at exit
    except OSError as error:
        if error.filename is None:
            raise
        say(
            f"{error.filename}: {error.strerror}; see that this user may use it, and that its disk is there and writable"
        )
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    else:
        return 0
    return 1
