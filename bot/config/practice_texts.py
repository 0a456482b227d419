"""The practice's own texts, read from a directory of small files: `welcome_patient.txt` and so on.

Guarantees: every mistake of every file is reported together, by file; nothing is used unless all of it may be. A file's words
are never repeated in a report. Reading does nothing but read.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType

from bot.domain.built_in_texts import AS_THEY_COME, BUILT_IN
from bot.domain.errors import Permanent
from bot.domain.texts import Texts, problems, unknown_name

SUFFIX = ".txt"
_MOST_BYTES = 100_000


class WordingInvalid(Permanent):
    """The practice's texts can't be used; `mistakes` holds a sentence for each, beginning with its file."""

    def __init__(self, mistakes: list[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("bad-wording", "\n".join(mistakes))


def texts_in(directory: Path | None) -> Texts:
    """Return the built-in texts, with those of `directory` in their place.

    Raises `WordingInvalid` unless every file may be used.
    """
    if directory is None:
        return AS_THEY_COME
    replaced: dict[str, str] = {}
    mistakes = [f"{file}: {mistake}" for file, mistake in _read(directory, replaced)]
    if mistakes:
        raise WordingInvalid(mistakes)
    return Texts(BUILT_IN, MappingProxyType(replaced))


def _read(directory: Path, into: dict[str, str]) -> Iterator[tuple[Path, str]]:
    try:
        files = sorted(path for path in directory.iterdir() if not path.name.startswith("."))
    except OSError as error:
        yield (
            directory,
            f"can't be read ({type(error).__name__}): make it a directory of texts, or take it out of [wording]",
        )
        return
    for file in files:
        name = file.stem
        if file.suffix != SUFFIX:
            yield file, f"is not a text: texts are files ending in {SUFFIX}"
        elif name not in BUILT_IN:
            yield file, unknown_name(name, BUILT_IN)
        else:
            body = _body(file)
            if body is None:
                yield file, "can't be read: it must be a small UTF-8 text file this user may read"
                continue
            into[name] = body
            for mistake in problems(BUILT_IN[name], body):
                yield file, mistake


def _body(file: Path) -> str | None:
    """Return the words of one file, without what editors add at the end; None when it can't be read or is too large."""
    try:
        if file.stat().st_size > _MOST_BYTES:
            return None
        return file.read_text(encoding="utf-8-sig").replace("\r\n", "\n").strip("\n")
    except (OSError, UnicodeDecodeError):
        return None
