"""`python -m explorer`: the explorer's questions from a shell."""

import sys

if __name__ == "__main__":
    try:
        from explorer.cli import shell

        shell(prog_name="python -m explorer")
    except KeyboardInterrupt:  # while the shell itself is still being imported
        sys.exit(130)
