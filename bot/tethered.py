"""Run a Python module for as long as the process that started it lives: `python -P tethered.py MODULE ARGUMENT…`.

Guarantees: standard input is the tether. Whoever starts this keeps the other end and never writes to it; the kernel closes it
when they end, however they end, SIGKILL and a lost terminal included. Then this process is told to stop, as by SIGTERM, and
ended if it has not stopped in time. It is one process: the module runs in it, under the id its starter knows.

Rules: only the standard library, because the homeserver's own environment has nothing of ours.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading
import time

ENDS_WITHIN = 25.0  # seconds after the tether is cut


def _end_with_the_starter() -> None:
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(ENDS_WITHIN)
    os._exit(1)


def main() -> None:
    """Hold on to the tether in a thread, and become the module that the first argument names."""
    del sys.argv[0]
    threading.Thread(target=_end_with_the_starter, daemon=True).start()
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
