"""Run every measurement and print one table: `python -m bench [PHOTOS]`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from .latency import measured
from .size import lines_by_folder

PHOTOS = 20


def main() -> None:
    photos = int(sys.argv[1]) if len(sys.argv) > 1 else PHOTOS
    with tempfile.TemporaryDirectory(prefix="consentry-bench-") as directory:
        rows = measured(Path(directory), photos)
    table = Table("Measured", "Value", title="consentry on this machine", title_justify="left")
    for what, value in rows:
        table.add_row(what, value)
    table.add_section()
    for folder, lines in lines_by_folder().items():
        table.add_row(f"lines of Python in {folder}/", f"{lines:,}")
    Console().print(table)


if __name__ == "__main__":
    main()
