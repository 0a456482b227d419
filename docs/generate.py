"""`python -m docs.generate`: write docs/workflow.md from the transition tables themselves.

Guarantees: what may happen is never told by hand. Every image that can come about is found by running the table from its
beginning, every event is tried on each of them, and the answers are written down, refusals in their own words. A test
compares the committed page with what this makes, so that a rule changed without its page is noticed.

By hand are only the names in `words` and `machines`; a state or consequence without one is a `KeyError`, an event without one
fails a test.
Deliberately more than can happen: an event is tried wherever the table has a cell, whether or not the worker ever sends it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

from bot.domain.errors import Refused
from bot.domain.identifiers import EventId, ImageId, PatientId, PersonId, RoomId
from bot.domain.image import Event, Image, State, decide
from bot.domain.purposes import Purpose
from bot.domain.use_rules import Kind, Source
from bot.words.sentence import in_words

from .machine import Machine
from .machines import MACHINES
from .words import AT, CONDITIONS, EVENTS, NOTED, STATES, THEN

PAGE = Path(__file__).with_name("workflow.md")

Grid = Mapping[tuple[str, str], list[str]]  # (state, event) -> short answers


@dataclass(frozen=True, slots=True)
class Outcome:
    """One answer of a table: a refusal, or the new state and what follows."""

    refused: str = ""
    state: str = ""  # the new one; "" when it stays
    changed: bool = False
    then: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.refused:
            return f"refused: “{self.refused}”"
        first = f"**{self.state}**" if self.state else "noted" if self.changed else ""
        return "; ".join(filter(None, (first, ", ".join(self.then)))) or "nothing"

    @property
    def short(self) -> str:
        if self.refused:
            return "✗"
        return f"→ {self.state}" if self.state else "✓" if self.changed or self.then else "·"


Answer = tuple[Image, Outcome]


# ---- asking the tables


def _why(refused: Refused) -> str:
    said = in_words(refused.said)
    return f"{said} ({refused.rule})" if refused.rule else said


def asked(image: Image, event: Event) -> tuple[Outcome, Image | None]:
    """What the image table answers, and the image after."""
    try:
        new, then = decide(image, event)
    except Refused as refused:
        return Outcome(_why(refused)), None
    moved = new.state.value if new.state is not image.state else ""
    return Outcome("", moved, new != image, tuple(THEN[one] for one in then)), new


def reachable() -> dict[State, list[Image]]:
    """Every image that can come about: from a patient, with or without a reason, of one patient or of somebody's several; from
    a colleague of the practice or from outside; and the signed form of a written consent."""
    begin = Image(ImageId("id"), "IMG-7F3K", PersonId("sender"), RoomId("room"), EventId("event"), AT)
    waiting = [
        replace(begin, purpose=why, patient_id=PatientId(whose))
        for why in (None, Purpose.CARE)
        for whose in ("", "patient")
    ]
    waiting += [replace(begin, source=source) for source in (Source.COLLEAGUE, Source.OUTSIDE)]
    waiting.append(replace(begin, source=Source.COLLEAGUE, kind=Kind.DOCUMENT, form_of=ImageId("image")))
    leading = [event for event in EVENTS.values() if type(event) not in NOTED]
    found: dict[str, Image] = {}
    while waiting:
        image = waiting.pop()
        if repr(image) not in found:
            found[repr(image)] = image
            waiting += [new for event in leading if (new := asked(image, event)[1]) is not None]
    return {state: [image for image in found.values() if image.state is state] for state in State}


def explained(images: Sequence[Image], event: Event) -> list[tuple[str, Outcome]]:
    """(under which condition, what the table answers), with as few conditions as tell the answers apart."""
    answers = [(image, asked(image, event)[0]) for image in images]
    news = {replace(answer, changed=False) for _, answer in answers if answer.changed}
    # The same fact told twice changes nothing, which is no other answer.
    return _told_apart(
        [(image, replace(told, changed=replace(told, changed=False) in news)) for image, told in answers]
    )


def _told_apart(answers: Sequence[Answer]) -> list[tuple[str, Outcome]]:
    outcomes = list(dict.fromkeys(outcome for _, outcome in answers))
    if len(outcomes) == 1:
        return [("", outcomes[0])]
    ways = [_grouped(answers, condition) for condition in CONDITIONS]
    best = min((way for way in ways if len(way) > 1), key=_mixed)
    lines: dict[tuple[str, Outcome], list[str]] = {}
    for words, group in best.items():
        for deeper, outcome in _told_apart(group):
            lines.setdefault((deeper, outcome), []).append(words)
    return [(", ".join(filter(None, (" or ".join(words), deeper))), out) for (deeper, out), words in lines.items()]


def _mixed(way: Mapping[str, Sequence[Answer]]) -> int:
    return sum(len({outcome for _, outcome in group}) > 1 for group in way.values())


def _grouped(answers: Sequence[Answer], condition: Callable[[Image], str]) -> dict[str, list[Answer]]:
    groups: dict[str, list[Answer]] = {}
    for image, outcome in answers:
        groups.setdefault(condition(image), []).append((image, outcome))
    return dict(sorted(groups.items()))


# ---- writing it down


def page() -> str:
    """The text of docs/workflow.md."""
    machines = (line for machine in MACHINES for line in _machine(machine))
    return "\n".join((*_INTRODUCTION, *_images(), *machines))


_INTRODUCTION = (
    "# How an image moves, and what becomes of its words, its uses and its copies",
    "",
    "Made by `python -m docs.generate` from the tables in `bot/domain/`, by running them. Do not edit: change the table, "
    "then make the page again.",
    "",
    "A handler or the worker reports what happened. The table answers with the new state and what follows, or refuses "
    "with one sentence for the person who asked. State, audit entry and what follows are committed together; only then "
    "is anything sent, filed or erased.",
    "",
)


def _images() -> Iterator[str]:
    images = reachable()
    unreached = [state for state, ones in images.items() if not ones]
    for state in unreached:
        images[state] = [replace(images[State.RECEIVED][0], state=state)]
    answers = {
        (state.value, name): explained(images[state], event) for state in State for name, event in EVENTS.items()
    }
    grid = {cell: list(dict.fromkeys(outcome.short for _, outcome in found)) for cell, found in answers.items()}
    yield "## An image"
    yield ""
    yield from _diagram(grid)
    yield ""
    yield from _matrix([state.value for state in State], list(EVENTS), grid)
    yield ""
    yield "→ moves on. ✓ something is noted or follows. · nothing changes. ✗ refused. Several in one cell: it depends, see below."
    for state in State:
        yield from (
            "",
            f"### {state.value}",
            "",
            STATES[state] + (" Nothing leads here yet." * (state in unreached)),
            "",
        )
        yield from ("| When | then |", "|---|---|")
        rows: dict[str, list[str]] = {}
        for name in EVENTS:
            rows.setdefault(_cell(answers[state.value, name]), []).append(name)
        for said, names in rows.items():
            yield f"| {'<br>'.join(names)} | {said} |"
    yield ""


def _cell(found: Sequence[tuple[str, Outcome]]) -> str:
    return "<br>".join(f"*{condition}*: {outcome}" if condition else str(outcome) for condition, outcome in found)


def _machine(machine: Machine) -> Iterator[str]:
    grid: dict[tuple[str, str], list[str]] = {}
    refused: dict[str, dict[str, list[str]]] = {}
    for example, (name, event) in product(machine.examples, machine.events.items()):
        state = machine.state_of(example)
        outcome = _tried(machine, example, event)
        cell = grid.setdefault((state, name), [])
        cell += [outcome.short] * (outcome.short not in cell)
        if outcome.refused:
            of_event = refused.setdefault(outcome.refused, {}).setdefault(name, [])
            of_event += [state] * (state not in of_event)
    yield from (f"## {machine.title}", "", machine.about, "")
    yield from _diagram(grid)
    yield ""
    yield from _matrix(list(machine.states), list(machine.events), grid)
    yield ""
    yield from (f"- **{state}**: {words}" for state, words in machine.states.items())
    if refused:
        yield ""
    for text, cells in refused.items():
        where = "; ".join(f"{name} ({', '.join(states)})" for name, states in cells.items())
        yield f"- ✗ “{text}”: {where}"
    yield ""


def _tried(machine: Machine, example: Any, event: Any) -> Outcome:
    try:
        new = machine.after(example, event)
    except Refused as refused:
        return Outcome(_why(refused))
    state = machine.state_of(new)
    return Outcome("", state if state != machine.state_of(example) else "", new != example)


def _diagram(grid: Grid) -> Iterator[str]:
    edges: dict[tuple[str, str], list[str]] = {}
    for (state, name), answers in grid.items():
        for answer in answers:
            if answer.startswith("→ "):
                edges.setdefault((state, answer.removeprefix("→ ")), []).append(name)
    yield from ("```mermaid", "stateDiagram-v2")
    states = list(dict.fromkeys(state for state, _ in grid))
    yield from (f'    state "{state}" as {_id(state)}' for state in states if _id(state) != state)
    yield f"    [*] --> {_id(states[0])}"
    for (state, new), names in edges.items():
        yield f"    {_id(state)} --> {_id(new)}: {'<br>'.join(names)}"
    yield "```"


def _id(state: str) -> str:
    return state.replace("-", "_")


def _matrix(states: Sequence[str], events: Sequence[str], grid: Grid) -> Iterator[str]:
    yield f"| | {' | '.join(states)} |"
    yield "|---" * (len(states) + 1) + "|"
    for name in events:
        yield f"| {name} | {' | '.join(' / '.join(grid[state, name]) for state in states)} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
