"""``python -m invoicehub.embedded status|stop [DIRECTORY…]``: prints the status of the servers, or stops them."""

import argparse
import os
import sys
from pathlib import Path

from invoicehub.embedded import EmbeddedError, stop
from invoicehub.embedded.servers import Postgres, Redis

CHECKOUT = Path(__file__).resolve().parent.parent.parent


def main() -> None:
    """``stop`` stops the servers even while processes hold them; processes that call `ensure` start them again."""
    parser = argparse.ArgumentParser(prog="python -m invoicehub.embedded", description=main.__doc__)
    parser.add_argument("action", choices=["status", "stop"])
    default = [Path(os.environ.get("INVOICEHUB_DATA_DIR") or CHECKOUT / ".data")]
    parser.add_argument("directories", nargs="*", type=Path, default=default, metavar="DIRECTORY")
    arguments = parser.parse_args()
    for data_dir in arguments.directories:
        if arguments.action == "stop":
            line = f"stopped {' and '.join(stop(data_dir)) or 'nothing, nothing ran'}"
        else:
            servers = (Postgres(data_dir), Redis(data_dir))
            line = ", ".join(f"{server.name} {'answers' if server.answers() else 'is down'}" for server in servers)
        sys.stdout.write(f"{data_dir}: {line}\n")


if __name__ == "__main__":
    try:
        main()
    except EmbeddedError as failure:
        sys.exit(str(failure))
