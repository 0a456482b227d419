"""`consentry`, and `python -m bot`."""

from __future__ import annotations

import sys

from .commands import app
from .commands.terminal import reporting


def main() -> None:
    """Run the command line and end the process with its exit code."""
    sys.exit(reporting(app))


if __name__ == "__main__":
    main()
