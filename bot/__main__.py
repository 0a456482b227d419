"""`consentry`, and `python -m bot`."""

from __future__ import annotations

import os
import resource
import sys

from bot.commands.terminal import reporting

from .commands import app


def main() -> None:
    """Run the command line and end the process with its exit code. Each command may hold keys, and write files."""
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.exit(reporting(app))


if __name__ == "__main__":
    main()
