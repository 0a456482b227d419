"""A practice installs what the developers tested with, and nothing that only tests need."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions

from tests.bot_process import SOURCES

LOCKS = SOURCES / "requirements"
OURS = {"bot", "handlers", "storage"}
ENTRY = re.compile(r"^([a-z0-9-]+)==(?:.|\n(?= ))*", re.MULTILINE)


def locked(name: str) -> dict[str, str]:
    """Each package's whole entry: version, conditions, hashes."""
    return {found[1]: found[0].rstrip() for found in ENTRY.finditer((LOCKS / name).read_text(encoding="utf-8"))}


def plain(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\[=<>]", distribution)[0]).lower()


def imported() -> Iterator[str]:
    """The top of every name that the product imports, wherever in a file it does."""
    for file in (path for name in OURS for path in (SOURCES / name).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.partition(".")[0]


def test_a_practice_gets_the_versions_that_were_tested_byte_by_byte() -> None:
    build, practice, developers = locked("build.lock"), locked("practice.lock"), locked("consentry.lock")
    assert build.keys() == {"setuptools"}
    assert build.items() | practice.items() < developers.items()
    assert all("--hash=sha256:" in entry for entry in (*build.values(), *practice.values()))


def test_a_practice_gets_no_test_tools() -> None:
    project = tomllib.loads((SOURCES / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    practice = locked("practice.lock").keys()
    assert {plain(name) for name in project["dependencies"]} <= practice
    assert not {plain(name) for name in project["optional-dependencies"]["dev"]} & practice


def test_nothing_that_runs_needs_what_a_practice_does_not_get() -> None:
    foreign = set(imported()) - OURS - sys.stdlib_module_names - {"synapse"}
    comes_with = packages_distributions()
    practice = locked("practice.lock").keys()
    missing = {name for name in foreign if not {plain(each) for each in comes_with.get(name, [name])} & practice}
    assert missing == set()
