"""`python -m tests.mutants [WORDS]`: make each mutant in a copy of the sources, run its test there, and say who survived.

A mutant is killed when its test, which passes on the sources as they are, fails: failing to be collected does not count.
Ends with 1 when one survived, or when what it changes is not there any more.

`python -m tests.mutants histories [WORDS]`: run twenty histories instead of the mutant's test, up to the first rule that is
broken. Not every mutant shows in twenty histories, so survivors are only counted.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from .every import EVERY
from .mutant import Mutant

SOURCES = Path(__file__).resolve().parents[2]
COPIED = ("bot", "docs", "handlers", "storage", "tests", "pyproject.toml")
PATIENCE = 300  # seconds for one test on a busy machine
HISTORIES = "tests/histories/test_histories.py"
SHOWN = "broken: "  # what is printed where a history breaks a rule
PASSED, FAILED = 0, 1  # of pytest's exit codes


def copied(into: Path) -> None:
    for name in COPIED:
        if (SOURCES / name).is_file():
            shutil.copy(SOURCES / name, into / name)
        else:
            shutil.copytree(SOURCES / name, into / name, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))


def tested(where: Path, tests: Iterable[str]) -> tuple[int, str]:
    """These tests, run on the sources in `where`: pytest's exit code, and what it printed."""
    command = [sys.executable, "-B", "-m", "pytest", "-x", "--no-header", *tests]
    # The installed package points at the real sources: those of the copy must come before them.
    environment = os.environ | {"PYTHONPATH": str(where), "CONSENTRY_HISTORIES_END": "first"}
    patience = 5 * PATIENCE if HISTORIES in tests else PATIENCE
    done = subprocess.run(
        command, cwd=where, env=environment, capture_output=True, text=True, timeout=patience, check=False
    )
    return done.returncode, done.stdout


def fate(mutant: Mutant, where: Path) -> str:
    file = where / mutant.file
    whole = file.read_text(encoding="utf-8")
    if whole.count(mutant.text) != 1:
        return f"NOT FOUND: {mutant.file} no longer says this once: {mutant.text.strip()}"
    file.write_text(whole.replace(mutant.text, mutant.instead), encoding="utf-8")
    try:
        code, printed = tested(where, [mutant.killed_by])
    finally:
        file.write_text(whole, encoding="utf-8")
    if code == FAILED and mutant.says not in printed:
        return "ELSEWHERE: it failed before it came to what must notice"
    return {FAILED: "killed", PASSED: "SURVIVED"}.get(code, f"NO TEST: pytest ended with {code}")


def main(words: list[str]) -> int:
    by_histories = words[:1] == ["histories"]
    words = words[by_histories:]
    chosen = [one for one in EVERY if not words or any(word in one.breaks for word in words)]
    if by_histories:
        chosen = [replace(one, killed_by=HISTORIES, says=SHOWN) for one in chosen]
    began, fates = time.monotonic(), []
    with tempfile.TemporaryDirectory(prefix="consentry-mutants-") as directory:
        where = Path(directory)
        copied(where)
        if tested(where, sorted({one.killed_by for one in chosen}))[0] != PASSED:
            print("The tests fail without any mutant: mend that first.")
            return 1
        for mutant in chosen:
            fates.append(fate(mutant, where))
            print(f"{fates[-1]:10} {mutant.breaks}  ({mutant.killed_by.rpartition('::')[2]})", flush=True)
    killed = fates.count("killed")
    print(f"{killed} of {len(chosen)} killed in {time.monotonic() - began:.0f} s")
    return 0 if chosen and (by_histories or killed == len(chosen)) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
