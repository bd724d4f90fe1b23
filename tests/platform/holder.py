"""A process that holds: ``python -m tests.platform.holder DIRECTORY [postgres] [redis]``.

It says ``holding`` and stays until its input ends; at a line ``ensure`` it says what had to be started again.
"""

import sys
from pathlib import Path

from invoicehub import embedded

if __name__ == "__main__":
    embedded.hold(Path(sys.argv[1]), postgres="postgres" in sys.argv, redis="redis" in sys.argv)
    sys.stdout.write("holding\n")
    sys.stdout.flush()
    for command in sys.stdin:
        restarted = embedded.ensure(Path(sys.argv[1])) if command.strip() == "ensure" else []
        sys.stdout.write(f"{' '.join(restarted)}\n")
        sys.stdout.flush()
