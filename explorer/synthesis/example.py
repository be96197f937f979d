"""The competition that comes with the project, made beforehand: the page's first screen, before any click.

Pictures and curves are stored, and nothing else: every number that is told of a picture is measured when it
is read. `python -m explorer.synthesis.example` makes the files anew.
"""

import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from explorer.analysis.rulers import PSNR
from explorer.cache import ByteBudgetCache
from explorer.errors import ImageError
from explorer.images import Picture, derive, load, resize
from explorer.metrics import Method
from explorer.places import assets
from explorer.samples import load_sample
from explorer.synthesis.competition import LOWERED, RAISED, RUNS, Competition, CompetitionPlan
from explorer.synthesis.journey import Frame, Journey, travel
from explorer.synthesis.standing import said_of, standing_of

FOLDER = assets("duel")
CURVES = "curves.json"
SAMPLE, SIDE, AT, START, STEPS = "cat", 256, 24.0, "gaussian_noise", 200
# Of the frames that a journey keeps: each takes 150 KB, for noise cannot be packed.
STEPS_KEPT = (1, 2, 4, 8, 16, 32, 64, 128, STEPS)
DIGITS = 6  # of the curves' values

_measured: ByteBudgetCache[Journey] = ByteBudgetCache(16_000_000)  # for all users, who only read it


def asked() -> Competition:
    """What the example is of."""
    return Competition(resize(load_sample(SAMPLE), SIDE), PSNR, AT, Method(), START, Method())


def is_example(competition: Competition) -> bool:
    """Whether this asks for what the example has, on whatever device."""
    own, other = asked(), competition
    if own.reference.digest != other.reference.digest or not isinstance(other.moved, Method):
        return False
    names = ("hold", "at", "start", "seed", "runs")
    is_same = all(getattr(own, name) == getattr(other, name) for name in names)
    return is_same and own.moved.to_dict() == other.moved.to_dict()


def example(plan: CompetitionPlan) -> Journey | None:
    """The example as the journey of a plan, measured now; None where the plan asks for something else.

    It has no points, and so cannot be gone on with.

    Args:
        plan: Its witnesses are asked of the start and of both ends.

    Raises:
        ImageError: a file is missing or damaged.
        WeightsError: as `explorer.measure`.
    """
    if not is_example(plan.competition):
        return None
    journey = _measured.get(plan.key)
    if journey is None:
        journey = _read(plan)
        _measured.put(plan.key, journey, _bytes_of(journey))
    return journey


def write(folder: Path = FOLDER) -> None:
    """Make the files anew."""
    made = travel(asked().plan(), STEPS)
    folder.mkdir(exist_ok=True)
    for run in RUNS:
        for frame in made.frames(run):
            if frame.step in STEPS_KEPT or (run == RUNS[0] and frame.step == 0):
                (folder / _file(run, frame.step)).write_bytes(_webp(frame.picture.pixels))
    curves = {run: [float(f"{value:.{DIGITS}g}") for value in made.curves[run]] for run in RUNS}
    (folder / CURVES).write_text(json.dumps(curves) + "\n")


def _read(plan: CompetitionPlan) -> Journey:
    """The journey of the files, with all its numbers."""
    curves = _curves()
    start = _frame(plan, LOWERED, 0)
    frames = {run: [replace(start, run=run)] for run in RUNS}
    for run, own in frames.items():
        own += [_frame(plan, run, step) for step in STEPS_KEPT]
    journey = Journey(plan, curves=curves, _kept=frames)
    if plan.witnesses:
        told = [(run, frames[run][place]) for run, place in ((LOWERED, 0), (LOWERED, -1), (RAISED, -1))]
        said = said_of(plan.reference, [frame.picture for _, frame in told], plan.witnesses)
        journey.said |= {(run, frame.step): each for (run, frame), each in zip(told, said, strict=True)}
        journey.said[RAISED, 0] = journey.said[LOWERED, 0]
    return journey


def _frame(plan: CompetitionPlan, run: str, step: int) -> Frame:
    pixels = load(FOLDER / _file(run, step)).pixels
    picture: Picture = derive(plan.reference, pixels)
    return Frame(run, step, picture, standing_of(plan.reference, picture, plan.method))


def _curves() -> dict[str, list[float]]:
    path = FOLDER / CURVES
    try:
        curves = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise ImageError(
            f"{path.name} of the bundled example is missing or damaged; install anew."
        ) from error
    return {run: list(map(float, curves[run])) for run in RUNS}


def _file(run: str, step: int) -> str:
    return f"{run}-{step:03}.webp" if step else "start.webp"


def _webp(pixels: np.ndarray) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "WEBP", lossless=True, quality=100, method=6)
    return stream.getvalue()


def _bytes_of(journey: Journey) -> int:
    """About how much memory it takes: pictures and maps."""
    frames = [frame for run in RUNS for frame in journey.frames(run)]
    maps = [each.nbytes for frame in frames for each in frame.standing.maps.values()]
    return sum(frame.picture.pixels.nbytes for frame in frames) + sum(maps)


if __name__ == "__main__":
    write()
