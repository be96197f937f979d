"""`python -m explorer`: the explorer's questions from a shell."""

from explorer.cli import shell

if __name__ == "__main__":
    shell(prog_name="python -m explorer")
