"""Give up, for good, whatever decoding a picture does not need.

Guarantees, once `confine` returned: this process can open no file, socket or pipe, start no process, write no file, gain
no privilege, dump no core, and is ended by the kernel when it takes too much memory or processor time.
Rules: call it after every import and before the first untrusted byte.
Deliberately leaves out what not every kernel allows (namespaces, Landlock, seccomp); those are to be added here.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import sys

MEMORY = 1_536 * 1024 * 1024
CPU_SECONDS = 15

_NOBODY = 65534
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38


def confine() -> None:
    """Confine this process; `OSError` or `ValueError` where that fails, and then nothing may be decoded."""
    if sys.platform != "linux":
        raise OSError("confinement needs Linux")
    if os.geteuid() == 0:
        _stop_being_root()
    libc = ctypes.CDLL(None, use_errno=True)
    for option, value in ((_PR_SET_NO_NEW_PRIVS, 1), (_PR_SET_DUMPABLE, 0)):
        if libc.prctl(option, value, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl")
    for limit, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        # 0, 1 and 2 stay open; nothing can ever be opened beside them.
        (resource.RLIMIT_NOFILE, 3),
    ):
        resource.setrlimit(limit, (value, value))


def _stop_being_root() -> None:
    """Root is spared the limit on processes; in a rootless container, where nobody may be unmapped, it is not spared."""
    with contextlib.suppress(OSError):
        os.setgroups([])
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)
