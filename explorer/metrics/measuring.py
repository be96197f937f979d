"""From two images to a `Comparison` or a `Measurement`, as a `Method` says: maps, ledger, PSNR and SSIM."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from explorer.backbones import HEADS, Backbone, Network
from explorer.cache import ByteBudgetCache
from explorer.images import Picture, Source, as_picture, derive, measured_size, resize, to_one_size
from explorer.jobs import Progress
from explorer.metrics.classic_maps import ClassicMaps, classic_maps, known_classic_maps
from explorer.metrics.dists import network_terms
from explorer.metrics.memory import enough_memory, with_smaller_batches
from explorer.metrics.method import Method
from explorer.metrics.perceptual import LayerMaps, layer_maps
from explorer.metrics.results import Comparison, Measurement
from explorer.metrics.timing import Stopwatch
from explorer.notes import Note

# A comparison tells its progress in percent: the passes of the network, then the squared error, then SSIM.
STEPS, PASS_STEPS = 100, 85

# References at the size they are measured at: the same one is asked about again and again.
_resized: ByteBudgetCache[Picture] = ByteBudgetCache(64_000_000)


def compare(
    reference: Picture,
    distorted: Picture,
    method: Method,
    siblings: bool = False,
    progress: Progress = lambda _done, _total: None,
) -> Comparison:
    """Compare two pictures of one size as a method says, in at most one pass of the network for each.

    Args:
        reference, distorted: As given; they are resized to the method's size.
        siblings: Keep all heads and layers that come in the same pass (`Method.siblings`), so that the choice
            among them is arithmetic; otherwise nothing is computed that the method does not ask for.
        progress: Told the steps that are finished, and `STEPS`; what it raises ends the comparison.

    Raises:
        SizeMismatchError: the sizes differ.
        ImageError: a side is below the backbone's smallest, or the pair does not fit in memory.
        WeightsError: a weights file is missing or damaged.
    """
    heads, layers = method.siblings if siblings else ((method.heads,), method.layers)
    network = method.network
    reference, distorted = to_one_size(reference, distorted)
    with enough_memory(measured_size(reference.size, method.size)):
        pictures = reference_at(reference, method.size), resize(distorted, method.size)
    comparison = compare_on(network, *pictures, heads, layers, progress, known_classic_maps)
    return replace(comparison, given=reference.size, longest_side=method.size)


def compare_on(
    network: Network,
    reference: Picture,
    distorted: Picture,
    heads: Sequence[str],
    layers: Sequence[str] | None = None,
    progress: Progress = lambda _done, _total: None,
    find: Callable[[Picture, Picture, Callable[[], None]], ClassicMaps] = classic_maps,
) -> Comparison:
    """As `compare`, on a network that is loaded, for pictures at the measured size.

    Args:
        heads: Names of heads that share their input scaling (`heads_sharing_a_pass`).
        layers: Those to compute, as `choose_layers` gives them; None means the default set.
        find: Finds PSNR and SSIM; by default they are computed, and what takes the time is timed.
    """
    row = network.backbone
    reference, distorted = (crop_to_multiple(picture, row) for picture in to_one_size(reference, distorted))
    names = row.layer_names if layers is None else tuple(layers)
    watch = Stopwatch()

    def advance(finished: float) -> None:  # it begins anew where the pass does
        progress(int(finished * PASS_STEPS), STEPS)

    def run(
        network: Network, batch: int
    ) -> tuple[Mapping[str, LayerMaps], Mapping[str, tuple[float, float]]]:
        if all(HEADS[name].has_maps for name in heads):
            return layer_maps(network, reference, [distorted], heads, names, batch, advance, watch)[0], {}
        return {}, network_terms(network, reference, distorted, names, advance, watch)

    with enough_memory(reference.size):
        (maps, terms), used, notes = with_smaller_batches(run, network)
        found = find(reference, distorted, lambda: progress(PASS_STEPS + 1, STEPS))
    progress(STEPS, STEPS)
    return Comparison(
        reference=reference,
        distorted=distorted,
        backbone=row,
        weights=network.weights,
        device=used.device,
        precision=used.precision,
        heads=tuple(heads),
        layers=names,
        maps=maps,
        terms=terms,
        squared_error=found.squared_error,
        psnr=found.psnr,
        ssim=found.ssim,
        ssim_map=found.ssim_map,
        pass_seconds=watch.seconds,
        notes=notes,
    )


def reference_at(reference: Picture, longest: int | None) -> Picture:
    """A reference at a longest side, resized once."""
    if measured_size(reference.size, longest) == reference.size:
        return reference
    key = (reference.digest, reference.name, reference.format, reference.notes, longest)
    picture = _resized.get(key)
    if picture is None:
        picture = resize(reference, longest)
        _resized.put(key, picture, picture.pixels.nbytes)
    return picture


def crop_to_multiple(picture: Picture, backbone: Backbone) -> Picture:
    """Cut a picture right and bottom where a backbone takes only multiples of some number of pixels."""
    multiple = backbone.multiple
    width, height = (side // multiple * multiple for side in picture.size)
    if (width, height) == picture.size or 0 in (width, height):  # one too small is refused in words later
        return picture
    words = f"cropped to {width} × {height}, multiples of {multiple} for {backbone.label}"
    return derive(picture, picture.pixels[:height, :width], note=Note("cropped", words))


def measure(
    reference: Source,
    distorted: Source,
    backbone: str = "alexnet",
    heads: str | None = None,
    layers: Sequence[str] | None = None,
    size: int | None = None,
    background: str = "white",
    device: str = "auto",
    fit: str | None = None,
    weights: str = "trained",
    precision: str = "float32",
) -> Measurement:
    """Measure the perceptual distance of two images, with its ledger of layers, PSNR and SSIM.

    Args:
        reference, distorted: A path, the bytes of an image file, a PIL image, a uint8 array of shape
            (H, W, 3) in sRGB, or a `Picture`.
        backbone: The feature network: a name of the catalogue (`explorer.backbones.BACKBONES`), or lpips'
            own, such as "alex".
        heads: "lpips-0.1", "lpips-0.0", "uniform" or what else the backbone has; None takes its first,
            which is "lpips-0.1" for AlexNet, VGG16 and SqueezeNet, and on random weights "uniform".
        layers: Names of the layers to add up; None means all. No layer deeper than these is computed. With
            uniform heads also names of the network's other nodes (`explorer.backbones.graph_of(row).nodes`).
        size: The longest side to measure at, in pixels (Lanczos, never upscaled); None never resizes.
        background: What transparent images are laid on, a colour such as "white" or "#808080".
        device: "auto" (cuda, then mps, then cpu) or one of these.
        fit: What to do with two sizes: "resize" the distorted image to the reference's, "crop" both to the
            common centre, or None, which refuses them.
        weights: "trained", or "random" for the control (the same random weights at each call).
        precision: "float32" is exact; "tf32" (CUDA) and "bf16" are faster and move the score.

    Raises:
        ImageError: an image cannot be read, or is too small for the backbone.
        SizeMismatchError: the sizes differ and no `fit` was given.
        SettingError: an unknown name or a value out of range.
        WeightsError: a weights file is missing or damaged.

    Source: Zhang et al., CVPR 2018, equation 1; agrees with the `lpips` package to 1e-5 * max(1, score).
    """
    method = Method(backbone, heads, layers, weights, size, device, precision)
    pictures = to_one_size(
        as_picture(reference, "reference", background), as_picture(distorted, "distorted", background), fit
    )
    return compare(*pictures, method).measurement(method.heads, method.layers)
