"""Run tiny-pacs so that all it opens is on loopback, until standard input ends. For the interpreter of `.venv-records`.

python serve_tiny_pacs.py CONFIG
"""

import os
import runpy
import socket
import sys
import threading
from typing import Any

_bind = socket.socket.bind


def _on_loopback(self: socket.socket, address: Any) -> None:
    _bind(
        self,
        ("127.0.0.1", *address[1:]) if self.family == socket.AF_INET and address[0] in {"", "0.0.0.0"} else address,
    )


def _end_with_the_one_who_started_this() -> None:
    while os.read(0, 1024):
        pass
    os._exit(0)


if __name__ == "__main__":
    socket.socket.bind = _on_loopback  # type: ignore[assignment]
    threading.Thread(target=_end_with_the_one_who_started_this, daemon=True).start()
    sys.argv = ["tiny-pacs", "run", "-c", sys.argv[1]]
    runpy.run_module("tiny_pacs", run_name="__main__")
