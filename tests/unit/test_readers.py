"""Readers of what others write take steps in proportion to its length, and no pattern of ours can be made to try without end.

Steps are counted, not time: lines of Python for the readers; of a pattern, whether two loops in a row can share characters.
`make bench ARGS=readers` measures.
"""

from __future__ import annotations

import gc
import importlib
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import FrameType
from typing import Any

import pytest

import bot
import handlers
import storage
from bench.readers import READERS, TEXTS, read, text_of
from bot.domain.use_rules import MOST_RECIPIENTS
from bot.heard.quoted_words import LONGEST_COMMAND, straight
from bot.heard.statement_line import LONGEST_LINE, MOST_NUMBERS, read_line
from bot.heard.whose import shows_somebody_else
from tests.practice import staffed_practice
from tests.refusals import refused

TODAY = date(2026, 11, 27)
SHORT = 300  # characters; and twice as many


def steps(reader: Callable[[str], object], text: str) -> int:
    """How many lines of Python it takes; each turn of a loop or a comprehension is one at least.

    Nothing that others left behind is cleared away meanwhile, and what is built once (a pattern, a module) is built before: both
    were counted, wherever they fell.
    """
    read(reader, text)
    count = 0

    def tracer(_frame: FrameType, event: str, _arg: object) -> Any:
        nonlocal count
        count += event == "line"
        return tracer

    before, collecting = sys.gettrace(), gc.isenabled()
    gc.disable()
    sys.settrace(tracer)
    try:
        read(reader, text)
    finally:
        sys.settrace(before)
        if collecting:
            gc.enable()
    return count


@pytest.mark.parametrize("name", READERS)
def test_twice_as_much_to_read_takes_twice_the_steps(name: str) -> None:
    reader = READERS[name]
    for kind in TEXTS:
        once, twice = steps(reader, text_of(kind, SHORT)), steps(reader, text_of(kind, 2 * SHORT))
        assert twice <= 2.3 * once + 200, (kind, once, twice)


def test_that_counts_what_is_not_linear() -> None:
    def each_with_each(text: str) -> int:
        return sum(one == other for one in text for other in text)

    assert steps(each_with_each, "a" * 200) > 3 * steps(each_with_each, "a" * 100)


# ---- bounds


def test_what_stands_behind_the_longest_line_is_the_reason_and_nothing_of_it_is_lost() -> None:
    words = ["rash"] * LONGEST_LINE + ["verbal", "10421"]
    said = read_line(" ".join(["body", *words]), TODAY)
    assert said.kind is not None and said.consent is None and said.numbers == ()
    assert list(said.rest) == words


def test_a_long_line_is_divided_between_words() -> None:
    for before in range(8):
        said = read_line("x" * (LONGEST_LINE - before) + " 10421 1984-03-07", TODAY)
        assert "10421" in said.rest and said.numbers in ((), ("10421",)), "whole, or not looked at"


def test_so_many_numbers_are_looked_up_and_no_more() -> None:
    assert len(read_line(" ".join(map(str, range(500))), TODAY).numbers) == MOST_NUMBERS


def test_a_command_longer_than_any_is_refused() -> None:
    assert straight("a " * (LONGEST_COMMAND // 2))
    with refused("too long"):
        straight("a" * (LONGEST_COMMAND + 1))


async def test_so_many_recipients_are_asked_for_and_no_more(tmp_path: Path) -> None:
    many = " ".join(f"@r{number}:hs.test" for number in range(MOST_RECIPIENTS + 1))
    async with staffed_practice(tmp_path) as people:
        await people.lee.writes(f'!use IMG-7F3K for education "teaching" recipient {many}')
        assert f"At most {MOST_RECIPIENTS} recipients" in people.lee.last_heard


@pytest.mark.parametrize("text", ["IMG-7F3K" + " " * 60_000 + "somebody else", "somebody" + " " * 60_000 + "else"])
def test_white_space_without_end_hides_no_doubt(text: str) -> None:
    assert shows_somebody_else(text)


# ---- patterns


def patterns() -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Every pattern that a module of the program keeps."""
    seen = set()
    for root in (bot, handlers, storage):
        for module in pkgutil.walk_packages(root.__path__, f"{root.__name__}."):
            if module.name.endswith("__main__") or ".migrations." in module.name:
                continue
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, re.Pattern) and value not in seen:
                    seen.add(value)
                    yield f"{module.name}.{name}", value


LOOPS = (ops.MAX_REPEAT, ops.MIN_REPEAT)
# A sample of all characters: of every class that a pattern may name there is one.
SAMPLE = [chr(code) for code in range(0x250)] + list("–—’“”👍\u2028\ufe0f")


def matches(item: Any, character: str, flags: int) -> bool:
    """Whether one character can be what this part of a pattern takes."""
    op, what = item
    if op is ops.IN:
        pattern = parser.SubPattern(parser.State(), [item])
        return re._compiler.compile(pattern, flags).fullmatch(character) is not None  # type: ignore[attr-defined]
    if op in {ops.LITERAL, ops.NOT_LITERAL, ops.ANY, ops.CATEGORY}:
        pattern = parser.SubPattern(parser.State(), [item])
        return re._compiler.compile(pattern, flags).fullmatch(character) is not None  # type: ignore[attr-defined]
    raise ValueError(what)


def alphabet(items: Sequence[Any], flags: int) -> frozenset[str]:
    """Every character of the sample that any part of these can take."""
    found: set[str] = set()
    for op, what in items:
        if op in LOOPS:
            found |= alphabet(what[2], flags)
        elif op is ops.SUBPATTERN:
            found |= alphabet(what[3], flags)
        elif op is ops.BRANCH:
            for one in what[1]:
                found |= alphabet(one, flags)
        elif op in {ops.AT, ops.ASSERT, ops.ASSERT_NOT, ops.GROUPREF}:
            continue
        else:
            found |= {one for one in SAMPLE if matches((op, what), one, flags)}
    return frozenset(found)


class Endless(Exception):
    pass


def without_end(op: Any, what: Any) -> bool:
    """Whether there is a loop without end in this part."""
    if op in LOOPS:
        return what[1] is ops.MAXREPEAT or any(without_end(*one) for one in what[2])
    if op is ops.SUBPATTERN:
        return any(without_end(*one) for one in what[3])
    return op is ops.BRANCH and any(without_end(*one) for way in what[1] for one in way)


def behind(items: Sequence[Any], open_: frozenset[str], flags: int) -> frozenset[str]:
    """What loops that end here can take, where `open_` is what those could that ended before these."""
    for op, what in items:
        if op in LOOPS and what[1] is ops.MAXREPEAT:
            mine = alphabet(what[2], flags)
            if any(without_end(*one) for one in what[2]):
                raise Endless("a loop in a loop")
            if open_ & mine:
                raise Endless(f"two loops in a row both take {min(open_ & mine)!r}")
            open_ = mine | open_ if what[0] == 0 else mine
        elif op in LOOPS:
            inner = behind(what[2], open_, flags)
            open_ = inner | open_ if what[0] == 0 else inner
        elif op is ops.SUBPATTERN:
            open_ = behind(what[3], open_, flags)
        elif op is ops.BRANCH:
            open_ = frozenset().union(*(behind(way, open_, flags) for way in what[1]))
        elif op in {ops.ASSERT, ops.ASSERT_NOT}:
            behind(what[1], open_, flags)  # it takes nothing, but is tried anew for every turn of the loop before it
        elif op is not ops.AT:
            open_ = frozenset()
    return open_


def endless(pattern: re.Pattern[Any]) -> str:
    """Why it may try without end: two loops in a row that can take the same characters, or a loop in a loop; "" if it can't."""
    try:
        behind(parser.parse(pattern.pattern, pattern.flags), frozenset(), pattern.flags)
    except Endless as why:
        return str(why)
    return ""


# Read on text that is bounded, or in a process of its own that is bounded in time; each with the bound.
BOUNDED = {
    "bot.heard.whose._SAID": "two hundred characters, white space made one",
    "bot.heard.only_whose._WHOSE": "the same; no turn of a loop can end in two ways",
    "bot.heard.only_whose._NAME_ALONE": "the same",
    "bot.heard.only_whose._NUMBER": "the same",
    "bot.heard.only_whose._NOT_THE_OTHER": "the same",
    "bot.heard.only_whose._TAKEN_BACK": "the same",
    "bot.heard.only_whose._WRONG_CHILD": "the same",
    "bot.heard.whose._NUMBER": "the second loop takes all there is, and then the text is at its end",
    "bot.heard.use_details.DETAIL": "the second run of blanks stands only behind “intimate”, where the first is empty",
}


def test_no_pattern_can_be_made_to_try_without_end() -> None:
    found = {
        name: why for name, pattern in patterns() if isinstance(pattern.pattern, str) and (why := endless(pattern))
    }
    assert set(found) == set(BOUNDED), found


@pytest.mark.parametrize("pattern", [r"^\s*a?\s*$", r"(a+)+b", r"(?:x|\s*)[ ]*y", r"\w*(?:-)?[a-z]+", r"\W*(?=\S*\d)x"])
def test_that_finds_what_can(pattern: str) -> None:
    assert endless(re.compile(pattern))
