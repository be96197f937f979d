"""The explorer's questions from a shell: `python -m explorer measure | region | report | distort | ...`.

Results go to standard output, progress and notes to standard error. What a user can mend is one line on
standard error and exit code 2; exit code 1 says that some pairs of many could not be measured. A file is
written whole or not at all; a table that grows row by row can be gone on with.

Nothing in this folder may import torch at the top of a file: its two seconds belong to `measure`, not to
`--help`.
"""

import click

from explorer import __version__
from explorer.cli.catalogue import backbones
from explorer.cli.distorting import distort, distortions, samples
from explorer.cli.fetching import weights
from explorer.cli.group import Shell
from explorer.cli.measuring import measure
from explorer.cli.region import region
from explorer.cli.reporting import report

__all__ = ["shell"]


@click.group(
    "python -m explorer",
    cls=Shell,
    no_args_is_help=False,
    epilog="Each command has its own --help.",
)
@click.version_option(__version__, message="LPIPS Explorer %(version)s")
def shell() -> None:
    """LPIPS Explorer: see where, and in which layer, a perceptual distance arises."""


for command in (measure, region, report, backbones, weights, distort, distortions, samples):
    shell.add_command(command)
