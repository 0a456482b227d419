"""A command's words; those in quotation marks of any kind belong together."""

from __future__ import annotations

from bot.domain.errors import Refused

LONGEST_COMMAND = 4_000  # characters
_MARKS = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "″": '"', "＂": '"', "’": "'", "‘": "'"}
)


def straight(text: str) -> str:
    """Return the words with straight quotation marks, also where a phone makes them curly."""
    if len(text) > LONGEST_COMMAND:
        raise Refused("That is too long for one command. Please put it in fewer words.")
    words = text.translate(_MARKS)
    if words.count('"') % 2:
        raise Refused("A quotation mark is missing.")
    return words
