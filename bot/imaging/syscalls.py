"""The system calls a decoder needs, and no others: an allow-list for the kernel (seccomp), through libseccomp.

Guarantees, once `restrict_to_decoding` has returned True: no file is opened, no socket made, no program started, no memory made
executable, no other process signalled; a new thread may be started (HEIC's decoder insists), a new process may not.
Deliberately answers "not permitted" instead of ending the process: a decoder that tries something optional goes on.
"""

from __future__ import annotations

import errno
import mmap
import os

try:
    import pyseccomp
except (ImportError, OSError, RuntimeError):  # the library of the system, libseccomp, is not there
    pyseccomp = None

_CLONE_THREAD = 0x00010000

_NEEDED = (
    *("read", "readv", "write", "close", "lseek", "fstat"),
    *("brk", "munmap", "mremap", "madvise", "futex", "sched_yield", "sched_getaffinity"),
    *("rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "restart_syscall"),
    *("getpid", "gettid", "getrandom", "clock_gettime", "clock_nanosleep", "nanosleep", "gettimeofday"),
    *("set_robust_list", "rseq", "exit", "exit_group", "set_tid_address"),
)


def restrict_to_decoding() -> bool:
    """Apply the allow-list to this process for good, and to no process forked from it; return False where it cannot be had."""
    if pyseccomp is None:
        return False
    allowed, thread = pyseccomp.ALLOW, pyseccomp.Arg(0, pyseccomp.MASKED_EQ, _CLONE_THREAD, _CLONE_THREAD)
    not_executable = pyseccomp.Arg(2, pyseccomp.MASKED_EQ, mmap.PROT_EXEC, 0)
    try:
        calls = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
        for name in _NEEDED:
            calls.add_rule(allowed, name)
        for name in ("mmap", "mprotect"):
            calls.add_rule(allowed, name, not_executable)
        calls.add_rule(allowed, "clone", thread)
        # How a process aborts itself; without the first number it could end any other of the same user, the bot among them.
        calls.add_rule(allowed, "tgkill", pyseccomp.Arg(0, pyseccomp.EQ, os.getpid()))
        # Its flags lie in memory where the kernel's filter can't see them; without it the C library falls back to clone.
        calls.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
        calls.load()
    except OSError:
        return False
    return True
