"""A process that is killed at a step of its work: a copy of this one, so that nothing has to be loaded anew."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType


def is_killed(act: Callable[[], object]) -> bool:
    """Do it in a process of its own; return whether it was killed before it had ended."""
    child = os.fork()
    if child == 0:
        try:
            act()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in {0, -signal.SIGKILL}
    return code != 0


def die_at(step: int, modules: Iterable[ModuleType], names: Iterable[str]) -> None:
    """Kill this process before a step: a call of any of these functions, or a renaming. Only inside `is_killed`."""
    done = 0

    def dying(real: object) -> object:
        def one_step(*args: object, **kwargs: object) -> object:
            nonlocal done
            done += 1
            if done == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **kwargs)  # type: ignore[operator]

        return one_step

    for module in modules:
        for name in names:
            if hasattr(module, name):
                setattr(module, name, dying(getattr(module, name)))
    Path.rename = dying(Path.rename)  # type: ignore[assignment]
