"""A Python program that is told to end when the test that started it is gone, after ``kill -9`` too.

``python -m tests.durability.leashed NUMBER_OF_THE_TESTS_PROCESS ARGUMENT_OF_PYTHON…``
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # of Linux: a signal at the death of the parent, kept by the program that is started

if __name__ == "__main__":
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() == int(sys.argv[1]):  # otherwise it was gone before the signal was asked for
        os.execv(sys.executable, [sys.executable, *sys.argv[2:]])  # noqa: S606 - that is the purpose
