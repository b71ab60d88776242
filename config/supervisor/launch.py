"""Becomes another program that cannot outlive the one that started it.

Run by its file name, as ``python -I -S launch.py SIGNAL PARENT UID GID -- COMMAND...``, between the
supervisor and every child. It is no ``preexec_fn`` because that runs Python between fork and exec,
and because the kernel forgets the death signal when the user changes: it is set here, after that.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent(death_signal: int, parent: int) -> None:
    """Ask the kernel for this signal when the parent's thread ends; only Linux can."""
    if sys.platform != "linux":
        return
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent:  # it died before we asked
        os.kill(os.getpid(), signal.SIGKILL)


def main(arguments: list[str]) -> None:
    death_signal, parent, uid, gid = (int(value) for value in arguments[:4])
    command = arguments[5:]
    if uid >= 0:
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)
    die_with_parent(death_signal, parent)
    try:
        os.execvp(command[0], command)
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", file=sys.stderr)
        sys.exit(127 if isinstance(error, FileNotFoundError) else 126)


if __name__ == "__main__":
    main(sys.argv[1:])
