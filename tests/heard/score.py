"""Score what the reader hears in patients' messages: how many are right, and how many dangerously wrong (R34).

``python -m tests.heard.score`` prints it for every file, each third of it, and each context; ``--wrong`` lists the mistakes.
"""

from __future__ import annotations

import hashlib
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from .messages import Meaning, Open, Who, WrittenMessage, load
from .scored import PATIENTS, read

HERE = Path(__file__).parent
FILES = (
    "messages",
    "fresh",
    "later",
    "last",
    "unseen",
    "alarms",
    "holds",
    "again",
    "frightened",
    "newest",
    "blind",
    "polite",
    "terse",
    "long",
    "held",
    "church",
    "kettle",
)
READ_BY_THIS = PATIENTS | {Who.INVITED}


@dataclass(frozen=True)
class Judged:
    """Hold a message, the file it stands in, and what the reader took it for."""

    file: str
    message: WrittenMessage
    read_as: Meaning

    @property
    def right(self) -> bool:
        return self.message.accepts(self.read_as)

    @property
    def dangerous(self) -> bool:
        return self.read_as in self.message.never


def patients_messages(file: str) -> list[WrittenMessage]:
    """Return what patients, those who answer for them, and the invited write in one file, but to a check of a phone."""
    messages = load(HERE / f"{file}.toml")
    return [message for message in messages if message.who in READ_BY_THIS and message.open is not Open.DEVICE_CHECK]


def judged(file: str) -> list[Judged]:
    """Read every message of a file, and keep what it was taken for."""
    return [Judged(file, message, read(message)) for message in patients_messages(file)]


def third(message: WrittenMessage) -> int:
    """Return 0 for the third of the messages that nobody mends the reader by, else 1 or 2."""
    return hashlib.sha256(message.id.encode()).digest()[0] % 3


def _print(everything: list[Judged], by: str, key: Callable[[Judged], str]) -> None:
    print(f"\n{by:32} {'messages':>8} {'right':>7} {'dangerous':>9}")
    groups: defaultdict[str, list[Judged]] = defaultdict(list)
    for judgement in everything:
        groups[key(judgement)].append(judgement)
    for name in sorted(groups):
        _line(name, groups[name])
    _line("all", everything)


def _line(name: str, judgements: Iterable[Judged]) -> None:
    listed = list(judgements)
    right = sum(judgement.right for judgement in listed)
    dangerous = sum(judgement.dangerous for judgement in listed)
    print(f"{name:32} {len(listed):8} {right / len(listed):7.1%} {dangerous:9}")


def _context(judgement: Judged) -> str:
    message = judgement.message
    return f"{message.who}, {message.open or 'nothing open'}"


def main(wrong: bool, files: Iterable[str]) -> None:
    """Print the figures; with `wrong`, print every mistake first."""
    everything = [judgement for file in files for judgement in judged(file)]
    for mistake in (judgement for judgement in everything if wrong and not judgement.right):
        message = mistake.message
        print(
            "DANGEROUS" if mistake.dangerous else "wrong    ",
            f"{mistake.file}/{third(message)} {message.id}: {message.means} read as {mistake.read_as}: {message.text!r}",
        )
    _print(everything, "file, third", lambda judgement: f"{judgement.file}, {third(judgement.message)}")
    _print(everything, "file", lambda judgement: judgement.file)
    _print(everything, "context", _context)


if __name__ == "__main__":
    main("--wrong" in sys.argv, [name for name in sys.argv[1:] if name in FILES] or FILES)
