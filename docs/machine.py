"""What a machine of docs/workflow.md is told as."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Machine:
    """What moves, the words for its states and events, and things in each state to try every event on."""

    title: str
    about: str
    states: Mapping[Any, str]  # the first is where it begins
    events: Mapping[str, Any]
    examples: Sequence[Any]
    state_of: Callable[[Any], str]
    after: Callable[[Any, Any], Any]
    kinds: Sequence[type] = ()  # of events, as the domain lists them; none where transitions have names instead


def in_each(example: Any, states: Mapping[Any, str]) -> list[Any]:
    return [replace(example, state=state) for state in states]


def by_name(example: Any, transition: Callable[[Any], Any]) -> Any:
    return transition(example)
