"""Each test of the page is played in Chromium and in Firefox, or the table says why not."""

from __future__ import annotations

import inspect
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from tests.browser.installed import Engine
from tests.browser.played import ALL, CHROMIUM_ALONE, IN_BOTH, engines_of

INTEGRATION = Path(__file__).parents[1] / "integration"
# `test_pages_soak.py` has no browser: its pages are the page's code under Node.
FILES = [INTEGRATION / "test_page.py", *sorted(INTEGRATION.glob("test_page_*.py"))]
MODULES = [import_module(f"tests.integration.{path.stem}") for path in FILES]
TESTS = {name: test for module in MODULES for name, test in vars(module).items() if name.startswith("test_")}


@pytest.mark.parametrize("name", TESTS)
def test_each_test_of_the_page_visits_the_practice_in_the_browser_that_it_is_given(name: str) -> None:
    """`practice` asks for `engine`, which is every browser that `engines_of` names."""
    assert "practice" in inspect.signature(TESTS[name]).parameters


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_no_file_has_a_practice_or_a_browser_of_its_own(module: ModuleType) -> None:
    assert not {"practice", "engine", "opened_practice", "pytest_generate_tests"} & vars(module).keys()


def test_all_are_played_in_both_browsers_but_those_that_say_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ALL, "1")
    assert {name for name in TESTS if engines_of(name) != list(Engine)} == CHROMIUM_ALONE.keys()
    assert all(CHROMIUM_ALONE.values())


def test_each_row_is_of_a_test_that_there_is() -> None:
    assert CHROMIUM_ALONE.keys() | IN_BOTH <= TESTS.keys()
    assert not CHROMIUM_ALONE.keys() & IN_BOTH


def test_of_the_rest_each_browser_plays_a_good_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ALL, raising=False)
    rest = [engines_of(name) for name in TESTS.keys() - IN_BOTH - CHROMIUM_ALONE.keys()]
    assert all(len(engines) == 1 for engines in rest)
    assert all(rest.count([engine]) >= len(rest) // 3 for engine in Engine)
