"""What tells a command to stop, in one place: SIGTERM, Ctrl-C, and SIGHUP, which comes when its terminal is closed.

Guarantees: the first one cancels the task that asked, so that everything it started is ended in order; a second one does not
wait for that. A command that was started with `nohup` goes on when its terminal is closed.
"""

from __future__ import annotations

import asyncio
import signal


def stop_when_told() -> None:
    """Let the first signal cancel the running task."""
    loop, running = asyncio.get_running_loop(), asyncio.current_task()
    heard = [signal.SIGTERM, signal.SIGINT]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        heard.append(signal.SIGHUP)

    def stop() -> None:
        for name in heard:
            loop.remove_signal_handler(name)
        if running is not None:
            running.cancel()

    for name in heard:
        loop.add_signal_handler(name, stop)
