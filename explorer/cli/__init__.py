"""The explorer's questions from a shell: `lpips-explorer measure | region | report | figure | distort | ...`.

Without a command, `lpips-explorer [REFERENCE DISTORTED | PROJECT]` opens the app.

Results go to standard output, progress and notes to standard error. What a user can mend is one line on
standard error and exit code 2; exit code 1 says that some pairs of many could not be measured. A file is
written whole or not at all; a table that grows row by row can be gone on with.

Nothing in this folder may import torch at the top of a file: its two seconds belong to `measure`, not to
`--help`.
"""

import click

from explorer import __version__
from explorer.cli.calibrating import calibrate
from explorer.cli.catalogue import backbones
from explorer.cli.data import data
from explorer.cli.directing import directions
from explorer.cli.disagreeing import disagree
from explorer.cli.distorting import distort, distortions, samples
from explorer.cli.dueling import duel
from explorer.cli.evaluating import evaluate
from explorer.cli.fetching import weights
from explorer.cli.group import Shell
from explorer.cli.inverting import invert
from explorer.cli.judging import judgments
from explorer.cli.lessons import lessons
from explorer.cli.matching import match
from explorer.cli.measuring import measure
from explorer.cli.opening import open_app
from explorer.cli.projecting import project
from explorer.cli.region import region
from explorer.cli.reporting import figure, report
from explorer.cli.sweeping import sweep
from explorer.cli.turning import verdict

__all__ = ["shell"]


@click.group(
    "python -m explorer",
    cls=Shell,
    no_args_is_help=False,
    subcommand_metavar="[COMMAND ... | REFERENCE DISTORTED | PROJECT]",
    epilog="Each command has its own --help; that of `open` tells how the app opens, as by --port.",
)
@click.version_option(__version__, message="LPIPS Explorer %(version)s")
def shell() -> None:
    """LPIPS Explorer: see where, and in which layer, a perceptual distance arises.

    Without a command the app opens in the browser; with two images, or a project, in its place it opens on
    that.
    """


for command in (
    open_app,
    measure,
    region,
    report,
    figure,
    project,
    backbones,
    weights,
    data,
    distort,
    sweep,
    match,
    disagree,
    duel,
    verdict,
    invert,
    directions,
    evaluate,
    calibrate,
    judgments,
    lessons,
    distortions,
    samples,
):
    shell.add_command(command)
