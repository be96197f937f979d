"""The causal map as work in the background: its restore scores stream, tile by tile."""

from explorer.analysis.region.causal import restore_each, tiles
from explorer.backbones import graph_of
from explorer.images import Picture, measured_size
from explorer.jobs import Job, Task
from explorer.metrics import Method
from explorer.metrics.memory import pass_bytes
from explorer.metrics.window_scores import LARGEST


def causal_task(reference: Picture, distorted: Picture, side: int, method: Method) -> Task[float]:
    """The restore checks of a grid of tiles; results are scores of the first tiles, in the order of `tiles`.

    Args:
        reference, distorted: As given, of one size.
        side: Tiles a side.
        method: How scores are taken.

    Raises:
        SettingError: the image has fewer pixels than tiles.
    """
    boxes = tiles(reference.size, side)

    def work(job: Job[float]) -> None:
        for scores in restore_each(reference, distorted, boxes, method):
            job.add(*scores)

    size = pass_bytes(graph_of(method.row), measured_size(reference.size, method.size), LARGEST)
    return Task("Measuring the causal map", work, size=size, total=len(boxes), unit="tiles")
