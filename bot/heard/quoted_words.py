"""A command's words; those in quotation marks of any kind belong together."""

from __future__ import annotations

from bot.domain.errors import Refused
from bot.domain.message import message

LONGEST_COMMAND = 4_000  # characters
_MARKS = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "″": '"', "＂": '"', "’": "'", "‘": "'"}
)


def straight(text: str) -> str:
    """Return the words with straight quotation marks, also where a phone makes them curly."""
    if len(text) > LONGEST_COMMAND:
        raise Refused(message("about_typed_lines.too_long"))
    words = text.translate(_MARKS)
    if words.count('"') % 2:
        raise Refused(message("about_typed_lines.mark_is_missing"))
    return words
