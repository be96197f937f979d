"""`lpips-explorer` and `python -m explorer`, which are the same: the app, and its questions from a shell."""

import sys

from explorer.waiting import wait_asleep


def main(program: str = "lpips-explorer") -> None:
    """Run the command line, which exits; `program` is what it calls itself in its help and its errors."""
    wait_asleep()
    try:
        from explorer.cli import shell

        shell(prog_name=program)
    except KeyboardInterrupt:  # while the shell itself is still being imported
        sys.exit(130)


if __name__ == "__main__":
    main("python -m explorer")
