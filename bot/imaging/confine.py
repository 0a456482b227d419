"""Give up, for good, whatever decoding a picture does not need.

`enclose` is for the process that children are forked from, and lasts for all of them: no privileges, no network, no file that
is not open already. `confine` is for the child itself. Guarantees, once `confine` has returned: this process can open no file,
socket or pipe, start no process, write no file, gain no privilege, dump no core, and is ended by the kernel when it takes too
much memory or processor time. That much holds on every Linux, or `OSError` is raised. The answer says which further layers the
kernel gave: a network namespace, Landlock, a filter of system calls.
Rules: call them after every import and before the first untrusted byte.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import struct
import sys

from .child_protocol import Layer
from .syscalls import restrict_to_decoding

MEMORY = 1_536 * 1024 * 1024
CPU_SECONDS = 15

_NOBODY = 65534
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38
_CLONE_NEWIPC, _CLONE_NEWUSER, _CLONE_NEWNET = 0x08000000, 0x10000000, 0x40000000
# The same on every architecture, because they are newer than the common table of system calls.
_LANDLOCK_CREATE_RULESET, _LANDLOCK_RESTRICT_SELF = 444, 446
_LANDLOCK_ASK_VERSION = 1
# What Landlock can withhold, by its version: rights on files, on the network, and signals and sockets outside.
_LANDLOCK_FILES = (0, 13, 14, 15, 15, 16, 16, 16)  # number of rights
_LANDLOCK_NEWEST = len(_LANDLOCK_FILES) - 1
_CAPABILITIES_VERSION = 0x20080522


def enclose() -> Layer:
    """Shut this process, and all that it will fork, off from network and files; return the layers that the kernel gave.

    Raises `OSError` where privileges can't be dropped.
    """
    if sys.platform != "linux":
        raise OSError("confinement needs Linux")
    libc = ctypes.CDLL(None, use_errno=True)
    layers = Layer.NONE
    if os.geteuid() == 0:
        if libc.unshare(_CLONE_NEWNET | _CLONE_NEWIPC) == 0:
            layers |= Layer.NETWORK
        _stop_being_root()
    for option, value in ((_PR_SET_NO_NEW_PRIVS, 1), (_PR_SET_DUMPABLE, 0)):
        if libc.prctl(option, value, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl")
    if not layers and libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET | _CLONE_NEWIPC) == 0:
        layers |= Layer.NETWORK
        _drop_capabilities(libc)
    if _landlocked(libc):
        layers |= Layer.LANDLOCK
    return layers


def confine(layers: Layer | None = None) -> Layer:
    """Confine this process and return the layers that hold; `layers` is what `enclose` gave before the fork.

    If it raises `OSError` or `ValueError`, decode nothing.
    """
    layers = enclose() if layers is None else layers
    limits = [
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        # 0, 1 and 2 stay open; nothing can ever be opened beside them.
        (resource.RLIMIT_NOFILE, 3),
    ]
    for limit, value in limits:
        resource.setrlimit(limit, (value, value))
    if restrict_to_decoding():
        return layers | Layer.SYSTEM_CALLS
    # Threads count as processes here, so HEIC, whose decoder needs a thread, can't be decoded without the filter.
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    return layers


def _stop_being_root() -> None:
    """Become nobody, because the limit on processes does not apply to root.

    In a rootless container, where nobody may be unmapped, the limit applies to root too.
    """
    with contextlib.suppress(OSError):
        os.setgroups([])
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)


def _drop_capabilities(libc: ctypes.CDLL) -> None:
    """Drop every capability that a new user namespace comes with; nothing here needs one."""
    header = ctypes.create_string_buffer(struct.pack("Ii", _CAPABILITIES_VERSION, 0))
    if libc.capset(header, ctypes.create_string_buffer(bytes(24))) != 0:
        raise OSError(ctypes.get_errno(), "capset")


def _landlocked(libc: ctypes.CDLL) -> bool:
    """Apply rules that allow nothing: no file to open or change, no TCP port, no process outside; False without Landlock."""
    version = libc.syscall(_LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), _LANDLOCK_ASK_VERSION)
    if version < 1:
        return False
    files = (1 << _LANDLOCK_FILES[min(version, _LANDLOCK_NEWEST)]) - 1
    wanted = [files, 0b11 if version >= 4 else None, 0b11 if version >= 6 else None]
    attributes = b"".join(struct.pack("Q", rights) for rights in wanted if rights is not None)
    rules = libc.syscall(
        _LANDLOCK_CREATE_RULESET, ctypes.create_string_buffer(attributes), ctypes.c_size_t(len(attributes)), 0
    )
    if rules < 0:
        return False
    try:
        return bool(libc.syscall(_LANDLOCK_RESTRICT_SELF, rules, 0) == 0)
    finally:
        os.close(rules)
