"""The pages say what is so: the workflow what the tables say, the threat model only tests that there are."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path

import pytest

from bot.domain import image
from bot.domain.command_table import COMMANDS
from bot.domain.image import State
from bot.domain.people import Role
from docs import typed
from docs.generate import PAGE, page, reachable
from docs.machine import Machine
from docs.machines import MACHINES
from docs.words import EVENTS

TOPS = ("bot", "handlers", "storage", "tests", "docs", "bench")


def test_the_committed_page_is_what_the_tables_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "docs/workflow.md is out of date: python -m docs.generate"


def test_the_committed_page_of_commands_is_what_the_table_says() -> None:
    assert typed.COMMANDS_PAGE.read_text(encoding="utf-8") == typed.page(), "out of date: python -m docs.typed"


def test_a_changed_rule_changes_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    cell = (State.VERIFIED, image.WithdrawalAsked)
    monkeypatch.setitem(image.TRANSITIONS, cell, image.TRANSITIONS[State.DISCARDED, image.WithdrawalAsked])
    assert PAGE.read_text(encoding="utf-8") != page()


def test_every_event_is_tried() -> None:
    assert {type(event) for event in EVENTS.values()} == set(image.Event.__args__)


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.title)
def test_every_event_of_a_machine_is_tried_in_every_state(machine: Machine) -> None:
    assert not machine.kinds or {type(event) for event in machine.events.values()} == set(machine.kinds)
    assert {machine.state_of(example) for example in machine.examples} == set(machine.states)
    states = type(next(iter(machine.states)))
    assert not issubclass(states, StrEnum) or set(states) == set(machine.states)


def test_nothing_is_on_its_way_to_the_record_while_something_is_missing() -> None:
    """Holds for every image that can come about, not only for those a test thought of (R14, R15)."""
    ready = reachable()[State.READY]
    assert ready and not any(image.what_is_missing(one) for one in ready)


@pytest.mark.parametrize("name", ["rules.md", "threat-model.md", "reliability.md"])
def test_every_test_that_a_page_names_exists(name: str) -> None:
    named = set(re.findall(r"`(test_\w+)`", (PAGE.parent / name).read_text(encoding="utf-8")))
    written = "\n".join(path.read_text(encoding="utf-8") for path in Path(__file__).parents[1].rglob("test_*.py"))
    assert named and {name for name in named if f"def {name}(" not in written} == set()


def test_every_rule_that_code_or_tests_cite_is_explained_and_each_has_a_test_of_its_name() -> None:
    root, cited = PAGE.parents[1], re.compile(r"\bR([1-9]\d?a?)\b|test_R(\d+a?)_")
    explained = set(
        re.findall(r"^\| R(\d+a?) \|", (PAGE.parent / "rules.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    everything = [path for top in ("bot", "handlers", "storage", "tests") for path in (root / top).rglob("*.py")]
    found = [match for path in everything for match in cited.findall(path.read_text(encoding="utf-8"))]
    assert {name or tested for name, tested in found} == explained
    assert {tested for _, tested in found if tested} == explained


def test_every_file_and_picture_that_the_pages_name_exists() -> None:
    root = PAGE.parents[1]
    for page_file in (root / "README.md", *PAGE.parent.glob("*.md")):
        for link in re.findall(r"(?:\]\(|src=\")([^)#:\"]+)[)\"]", page_file.read_text(encoding="utf-8")):
            assert (page_file.parent / link).exists(), f"{page_file.name}: {link}"


def test_every_file_that_a_page_tells_of_is_where_it_says() -> None:
    """Pages may leave out the first folders of a path; what they say of it must be true."""
    root = PAGE.parents[1]
    packages = [path.parent for top in ("bot", "handlers", "storage") for path in (root / top).rglob("__init__.py")]
    beside = [root, *packages, *(root / "tests").iterdir(), PAGE.parent]
    told = [
        (page.name, span)
        for page in (root / "README.md", *PAGE.parent.glob("*.md"), root / "bench" / "RESULTS.md")
        for span in re.findall(r"`([\w./-]+)`", page.read_text(encoding="utf-8"))
        if span.endswith((".py", ".mjs", ".md")) or span.split("/")[0] in TOPS
    ]
    assert len(told) > 100
    assert [(page, span) for page, span in told if not any((folder / span).exists() for folder in beside)] == []


def test_the_commands_of_the_readme_are_those_of_help() -> None:
    """Each way: none is taught that there is not, none is there that is not taught."""
    text = (
        (PAGE.parents[1] / "README.md")
        .read_text(encoding="utf-8")
        .partition("## Who types what")[2]
        .partition("\n## ")[0]
    )
    typed = [
        span for row in text.splitlines() if row.startswith("| ") for span in re.findall("`([^`]+)`", row.split("|")[2])
    ]
    staff = {one.name for one in COMMANDS if one.roles != {Role.PATIENT}}
    assert {span[1:].split()[0] for span in typed if span.startswith("!")} == staff
    words = {one.name for one in COMMANDS if Role.PATIENT in one.roles} - {"status"}  # the same as "my images"
    assert {name for name in words if any(span.startswith(name) for span in typed)} == words
    known = words | {"of somebody else", "body"}
    assert all(span.startswith(("!", *known)) for span in typed), "taught, and nobody would understand it"
