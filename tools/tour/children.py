"""Child processes that end with this one, whatever ends it."""
import ctypes
import os
import signal
import subprocess

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def ending_with_us():
    """For a child before it is executed: when this process dies, even by SIGKILL, the kernel tells
    the child to stop."""
    parent = os.getpid()

    def prepare():
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died before the kernel was told
            os._exit(1)

    return prepare


def spawn(command, log):
    """Starts a program apart from the terminal's signals, which ends with us."""
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                            start_new_session=True, preexec_fn=ending_with_us())
