"""What is said to a command that is not clear, and to words that are none: which line would be. Nothing is done for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from bot.core.transaction import Transaction
from bot.domain.choices import almost_chosen, told_apart
from bot.domain.command import Takes
from bot.domain.image import IN_REACH
from bot.domain.message import Message
from bot.heard.staff import CommandRead, NotClear, Typed, Unclear, perhaps_a_reply, read, suggest
from bot.heard.written_days import EARLIEST_BIRTHDAY, days_in, spelt
from bot.words import about_commands as words
from bot.words import phrases
from bot.words.about_typed_lines import not_a_birthday

from .ear import photos_replied_to
from .house import Request


async def hint(request: Request, tx: Transaction) -> Message:
    """Return what to do about a colleague's words that were not understood.

    Perhaps they are a command without its mark, words for the patient, or a bare "yes" to a question that wants its number.
    """
    typed = Typed(request.said.words, request.person.roles, request.room.kind, tx.today)
    almost_a_command = suggest(typed)
    if almost_a_command is not None:
        return words.did_you_mean(almost_a_command.lines)
    mine = await tx.rows.choices.open_of_person(request.person.id)
    almost = almost_chosen(typed.text, mine, tx.now)
    if almost is None:
        reply = perhaps_a_reply(replace(typed, about=await photos_replied_to(request, tx)))
        return words.not_understood() if reply is None else words.did_you_mean(reply.lines)
    answers = told_apart([choice.label for choice in mine if choice.number == almost.number])
    return phrases.which_answer(answers, almost.number if almost.needs_number else "")


async def what_to_write(unclear: NotClear, typed: Typed, tx: Transaction) -> Message:
    """Say what is not clear, and the exact line to write."""
    if unclear.lacks is Takes.PHOTO and not unclear.said and not typed.about:
        return await _with_the_only_one(unclear, typed, tx)
    if unclear.why is Unclear.OTHERWISE:
        return words.one_of_both(typed.about, unclear.said, unclear.lines)
    if unclear.lacks in _OF_PHOTOS and typed.about:
        return words.one_of_these(typed.about, unclear.lines)
    match unclear.lacks:
        case Takes.PHOTO:
            return words.no_reference(unclear.said, unclear.lines)
        case Takes.BIRTHDAY:
            return _which_day(typed) or words.no_day(unclear.said, unclear.lines)
    return _SAYING[unclear.why](unclear.said, unclear.lines)


async def _with_the_only_one(unclear: NotClear, typed: Typed, tx: Transaction) -> Message:
    """Offer the one photo that waits for somebody, where there is just one; nothing is done to it for that."""
    waiting = await tx.rows.images.in_states_of_nobody(IN_REACH)
    again = read(replace(typed, waiting=(waiting[0].ref,))) if len(waiting) == 1 else None
    if isinstance(again, CommandRead) and isinstance(again.deed, NotClear):
        return words.only_one_waits(waiting[0].ref, again.deed.lines)
    return words.no_reference("", unclear.lines)


def _which_day(typed: Typed) -> Message | None:
    """Return what is unclear about the day that was written, with a line for each day it may be (R15)."""
    for found in days_in(typed.text):
        day = found.between(EARLIEST_BIRTHDAY, typed.today)
        lines = [typed.text.strip().replace(day.written, spelt(meant), 1) for meant in day.readings or day.turned]
        if day.doubt and lines:
            return words.which_day(day.doubt, lines)
        if not day.doubt and not EARLIEST_BIRTHDAY <= day.readings[0] <= typed.today:
            return not_a_birthday(day.written)
    return None


_OF_PHOTOS = frozenset({Takes.PHOTO, Takes.PHOTO_OR_NUMBER, Takes.PHOTOS})
_SAYING: Mapping[Unclear, Callable[[str, Sequence[str]], Message]] = MappingProxyType(
    {
        Unclear.UNKNOWN: lambda said, lines: words.unknown(said),
        Unclear.ALMOST: lambda said, lines: words.did_you_mean(lines),
        Unclear.LACKS: lambda said, lines: words.write_this(lines),
        Unclear.TOO_MUCH: words.too_much,
    }
)
