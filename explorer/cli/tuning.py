"""What `calibrate --tune` and `--scratch` do: train a whole metric on people's votes, into a file."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from explorer.analysis.tables import table
from explorer.cli.files import output
from explorer.cli.group import naming, note
from explorer.cli.progress import ProgressBar

if TYPE_CHECKING:
    from explorer.judgments.calibration import Voted
    from explorer.judgments.calibration.sources import OfPeople
    from explorer.judgments.calibration.tuning import Tuned


def train(
    backbone: str,
    source: "OfPeople",
    named: str,
    way: str,
    out: Path,
    device: str,
    seed: int,
    as_json: bool,
) -> None:
    """Train, write the file, and say what came of it; who stops it gets the best metric so far.

    Args:
        named: The flag or argument that named the source.
        way: "tune" or "scratch".
    """
    from explorer.backbones import find_device  # brings torch
    from explorer.judgments.calibration import training
    from explorer.judgments.calibration.tuning import tune

    with naming("--device"):
        device = find_device(device)
    with output(out, "--out") as write, naming(named):
        name, trials = _trials(source)
        found, epochs = None, training.FULL + training.FALLING
        try:
            with ProgressBar(epochs, lambda done, total: f"{done} of {total} epochs") as bar:
                for found in tune(trials, name, backbone, way, device, seed, source.size or 0, epochs):
                    bar.at(len(found.epochs))
        except KeyboardInterrupt:
            if found is None:
                raise
            note(f"Stopped after epoch {len(found.epochs)}; the best metric so far is taken.")
        write(found.metric.to_bytes())
    if as_json:
        click.echo(json.dumps(found.to_dict() | {"file": str(out)}, indent=2, allow_nan=False))
        return
    click.echo(_text(found))
    click.echo(f"\nIn {click.format_filename(out)}; in Python explorer.Lpips.from_file(...) loads it.")


def _trials(source: "OfPeople") -> "tuple[str, list[Voted]]":
    """The set in a few words, and its trials with their pictures; what cannot be used is noted."""
    from explorer.judgments.calibration import check_enough
    from explorer.judgments.sets import Skipped

    reading = source.trials()
    for sentence in reading.notes:
        note(sentence)
    check_enough(reading.count, reading.count)  # before any picture is read; a reference has a trial at least
    found = []
    with ProgressBar(reading.count, lambda done, total: f"{done} of {total} read") as bar:
        for place, each in enumerate(reading.trials, 1):
            if isinstance(each, Skipped):
                note(f"{each.what} is left out: {each.why}")
            else:
                found.append(each)
            bar.at(place)
    return reading.name, found


def _text(found: "Tuned") -> str:
    rows = [("epoch", "loss", "agreement", "loss of others", "agreement")]
    rows += [
        (
            f"{each.number}{'*' if each.number == found.best else ''}",
            f"{each.teaching_loss:.4f}",
            f"{each.teaching:.1%}",
            f"{each.stopping_loss:.4f}",
            f"{each.stopping:.1%}",
        )
        for each in found.epochs
    ]
    best = "* the best by the loss on others, which say when to stop; this one is kept."
    return "\n\n".join((found.sentence, table(rows, "<>>>>"), best, found.metric.provenance.sentence))
