"""A line that breaks: it passes bytes between a browser and the page's process, and cuts uploads where a test says."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections import deque
from typing import Final, Self

UPLOAD: Final = b"POST /_matrix/media/v3/upload"
ANSWER_LOST: Final = -1  # everything arrives, and nothing comes back
_PIECE = 65_536


class BreakingLine:
    """`url` is what the browser takes for the page. Each upload takes the next of `cuts`: after how many bytes it breaks."""

    def __init__(self, port: int) -> None:
        self.cuts: deque[int] = deque()
        self._to = ("127.0.0.1", port)
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                browser, _ = self._server.accept()
                threading.Thread(target=_Connection(self, browser, self._to).run, daemon=True).start()


class _Connection:
    def __init__(self, line: BreakingLine, browser: socket.socket, to: tuple[str, int]) -> None:
        self._line = line
        self._browser = browser
        self._page = socket.create_connection(to)
        self._left: int | None = None  # bytes until it breaks

    def run(self) -> None:
        threading.Thread(target=self._back, daemon=True).start()
        with contextlib.suppress(OSError):
            while piece := self._browser.recv(_PIECE):
                if UPLOAD in piece and self._line.cuts:
                    self._left = self._line.cuts.popleft()
                if self._left is not None and 0 <= self._left <= len(piece):
                    self._page.sendall(piece[: self._left])
                    break
                if self._left is not None and self._left > 0:
                    self._left -= len(piece)
                self._page.sendall(piece)
        self._end()

    def _back(self) -> None:
        with contextlib.suppress(OSError):
            while piece := self._page.recv(_PIECE):
                if self._left == ANSWER_LOST:
                    break
                self._browser.sendall(piece)
        self._end()

    def _end(self) -> None:
        for end in (self._browser, self._page):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
