"""`python -m tests.mutants [WORDS]`: make each mutant in a copy of the sources, run its test there, and say who survived.

A mutant is killed when its test, which passes on the sources as they are, fails: failing to be collected does not count.
Ends with 1 when one survived, or when what it changes is not there any more.

`python -m tests.mutants histories [WORDS]`: run 150 histories instead of the mutant's test, up to the first rule that is
broken. Without words it tries those that histories must notice, and ends with 1 when one survived; with words any, and others
that survive are only counted.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from .every import EVERY
from .mutant import HISTORIES, SHOWN, Mutant

CORES = os.cpu_count() or 1
SOURCES = Path(__file__).resolve().parents[2]
COPIED = ("bench", "bot", "docs", "handlers", "storage", "tests", "pyproject.toml", "README.md")
PAGE = "bot/page/web"
NODE_PLACES = (PAGE, "tests/browser", "tests/judge", "tests/peer")
PATIENCE = 300  # seconds for one test on a busy machine
MUCH = 3000  # characters of what is printed, from its end
PASSED, FAILED = 0, 1  # of pytest's exit codes


def copied(into: Path) -> None:
    for name in COPIED:
        if (SOURCES / name).is_file():
            shutil.copy(SOURCES / name, into / name)
        else:
            shutil.copytree(SOURCES / name, into / name, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    for place in NODE_PLACES:
        (into / place / "node_modules").symlink_to(SOURCES / place / "node_modules")


def tested(where: Path, tests: Sequence[str]) -> tuple[int, str]:
    """Run these tests on the sources in `where`; return pytest's exit code, and what it printed."""
    command = [sys.executable, "-B", "-m", "pytest", "-x", "--no-header", *tests]
    # The installed package points at the real sources: those of the copy must come before them.
    not_copied = {
        "CONSENTRY_SYNAPSE_VENV": str(SOURCES / ".venv-synapse"),
        "CONSENTRY_RECORDS_VENV": str(SOURCES / ".venv-records"),
        "CONSENTRY_MEDPLUM": str(SOURCES / "tests/medplum"),
    }
    environment = (
        not_copied
        | os.environ
        | {
            "PYTHONPATH": str(where),
            "CONSENTRY_HISTORIES": "150",
            "CONSENTRY_HISTORIES_END": "first",
            "CONSENTRY_CORPUS": "1",  # every document, and not a sample
        }
    )
    patience = PATIENCE * (5 if HISTORIES in tests else 1 + len(tests) // 20)
    done = subprocess.run(
        command, cwd=where, env=environment, capture_output=True, text=True, timeout=patience, check=False
    )
    return done.returncode, done.stdout + done.stderr


def build_page(where: Path) -> None:
    """Build the page of this copy anew: what browsers are given is not its sources."""
    subprocess.run(["node", "build.mjs", "--accept"], cwd=where / PAGE, check=True)


def fate(mutant: Mutant, where: Path) -> str:
    file = where / mutant.file
    whole = file.read_text(encoding="utf-8")
    if whole.count(mutant.text) != 1:
        return f"NOT FOUND: {mutant.file} no longer says this once: {mutant.text.strip()}"
    file.write_text(whole.replace(mutant.text, mutant.instead), encoding="utf-8")
    in_a_browser = mutant.file.startswith(PAGE) and mutant.killed_by.startswith("tests/integration/")
    try:
        if in_a_browser:
            build_page(where)
        code, printed = tested(where, [mutant.killed_by])
    finally:
        file.write_text(whole, encoding="utf-8")
        if in_a_browser:
            build_page(where)
    if code == FAILED and mutant.says not in printed:
        return "ELSEWHERE: it failed before it came to what must notice"
    return {FAILED: "killed", PASSED: "SURVIVED"}.get(code, f"NO TEST: pytest ended with {code}")


def chosen_by(words: list[str], by_histories: bool) -> list[Mutant]:
    """Those with one of these words in what they break; without words all, or all that histories must notice."""
    found = [one for one in EVERY if any(word in one.breaks for word in words)] if words else list(EVERY)
    if not by_histories:
        return found
    asked = found if words else [one for one in found if one.seen_by_histories]
    return [replace(one, killed_by=HISTORIES, says=SHOWN) for one in asked]


def tried(mutants: list[Mutant]) -> list[tuple[Mutant, str]]:
    """Try these, one after another, in a copy of their own; nothing where the tests fail without any mutant."""
    done: list[tuple[Mutant, str]] = []
    with tempfile.TemporaryDirectory(prefix="consentry-mutants-") as directory:
        where = Path(directory)
        copied(where)
        code, printed = tested(where, sorted({one.killed_by for one in mutants}))
        if code != PASSED:
            print(printed[-MUCH:])
            return done
        for mutant in mutants:
            done.append((mutant, fate(mutant, where)))
            print(f"{done[-1][1]:10} {mutant.breaks}  ({mutant.killed_by.rpartition('::')[2]})", flush=True)
    return done


def main(words: list[str]) -> int:
    by_histories = words[:1] == ["histories"]
    chosen, began = chosen_by(words[by_histories:], by_histories), time.monotonic()
    shares = [share for share in (chosen[core::CORES] for core in range(CORES)) if share]
    with ThreadPoolExecutor(CORES) as pool:
        fates = [one for done in pool.map(tried, shares) for one in done]
    if len(fates) < len(chosen):
        print("The tests fail without any mutant: mend that first.")
        return 1
    killed = sum(fate == "killed" for _, fate in fates)
    print(f"{killed} of {len(chosen)} killed in {time.monotonic() - began:.0f} s")
    must = [fate for mutant, fate in fates if mutant.seen_by_histories or not by_histories]
    return 0 if chosen and all(fate == "killed" for fate in must) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
