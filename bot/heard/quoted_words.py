"""A command's words; those in quotation marks of any kind belong together."""

from __future__ import annotations

import shlex

from bot.domain.errors import Refused

LONGEST_COMMAND = 4_000  # characters
_MARKS = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "″": '"', "＂": '"', "’": "'", "‘": "'"}
)


def straight(argument: str, usage: str) -> str:
    """Return the words with straight quotation marks, also where a phone makes them curly."""
    if len(argument) > LONGEST_COMMAND:
        raise Refused(f"That is too long for one command. Please write: {usage}")
    words = argument.translate(_MARKS)
    if words.count('"') % 2:
        raise Refused(f"A quotation mark is missing. Please write: {usage}")
    return words


def words_of(argument: str, usage: str) -> list[str]:
    """Split a command into words, respecting quotes."""
    lexer = shlex.shlex(straight(argument, usage), posix=True)
    lexer.whitespace_split, lexer.quotes, lexer.commenters = True, '"', ""
    try:
        return list(lexer)
    except ValueError as unclosed:
        raise Refused(f"A quotation mark is missing. Please write: {usage}") from unclosed
