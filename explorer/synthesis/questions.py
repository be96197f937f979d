"""The page Duel's questions as one function each, for Python: from files or arrays to what is made."""

from collections.abc import Sequence

from explorer.images import Source, as_picture, resize
from explorer.jobs import Progress
from explorer.metrics import Method
from explorer.synthesis.journey import Journey, travel
from explorer.synthesis.keeping import STEPS as GROWING
from explorer.synthesis.keeping import Keeping, read_groups, usual_groups
from explorer.synthesis.process import check_steps
from explorer.synthesis.starts import STARTS


def _untold(_done: int, _total: int) -> None:
    """Nobody asks how far it is."""


def invert(
    reference: Source,
    layers: str | Sequence[str] | None = None,
    start: Source = "noise",
    by: str = "pixels",
    steps: int = GROWING,
    seed: int = 0,
    backbone: str = "alexnet",
    heads: str | None = None,
    size: int | None = None,
    background: str = "white",
    device: str = "auto",
    weights: str = "trained",
    told: Progress = _untold,
) -> Journey:
    """Ask what layers keep of a picture: another one is grown until they take it for the reference.

    Args:
        layers: A picture is grown for each, at most five; layers that are to be met together are written
            "conv1,conv2". None takes the first, the middle and the last.
        start: "noise", "grey", a sample's name, or a picture, which is scaled and cropped to the reference.
        by: How it is drawn: "pixels" by the raw gradient, "fourier" as waves, or "smooth", with little
            variation.
        steps: For each picture.
        seed: Of the noise.
        heads: "uniform" compares without heads; None takes the backbone's first.
        reference, backbone, size, background, device, weights: As in `explorer.measure`.
        told: Told the steps that are finished, and all.

    Returns:
        `Journey`: `frames("conv3")` from the start, step 0, to the end; each has its `picture`, and by
        `standing` what every layer says of that.

    Raises:
        SettingError: an unknown name, more than five pictures, a metric without a gradient, or a start that
            is the reference; and as `explorer.measure`.
        ImageError, WeightsError: as `explorer.measure`.
    """
    method = Method(backbone, heads, None, weights, device=device)
    check_steps(steps)
    base = resize(as_picture(reference, "reference", background), size)
    if not (isinstance(start, str) and start in STARTS):
        start = as_picture(start, "start", background)
    named = [layers] if isinstance(layers, str) else layers
    groups = usual_groups(method.layers) if named is None else read_groups(";".join(named))
    return travel(Keeping(base, groups, method, start, by, seed).plan(), steps, told)
