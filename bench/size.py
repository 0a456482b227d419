"""How much there is to read: lines of Python for each folder, everything counted."""

from __future__ import annotations

from pathlib import Path

SOURCES = Path(__file__).resolve().parents[1]
FOLDERS = ("bot", "bot/domain", "bot/matrix", "bot/purger", "bot/imaging", "handlers", "storage", "tests", "bench")


def lines_by_folder() -> dict[str, int]:
    """`bot` counts what lies in its own folders too."""
    return {folder: sum(map(_lines, _python_files(SOURCES / folder))) for folder in FOLDERS}


def _python_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*.py") if "node_modules" not in path.parts]


def _lines(path: Path) -> int:
    return path.read_text(encoding="utf-8").count("\n")
