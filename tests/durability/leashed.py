"""Runs a Python program that gets SIGTERM when the test process that started it dies, even by ``kill -9``.

``python -m tests.durability.leashed NUMBER_OF_THE_TESTS_PROCESS ARGUMENT_OF_PYTHON…``
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # Linux: signal at the death of the parent process; the setting survives exec

if __name__ == "__main__":
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() == int(sys.argv[1]):  # otherwise the parent died before prctl was called
        os.execv(sys.executable, [sys.executable, *sys.argv[2:]])  # noqa: S606 - the purpose of this module
