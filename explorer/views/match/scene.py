"""The versions as the viewer shows them."""

from explorer.analysis.candidates import Metric
from explorer.analysis.versions import (
    Equality,
    Version,
    Versions,
    said,
    short_ordinal,
    value_text,
)
from explorer.analysis.versions_job import VIEW_SIDE
from explorer.figures.versions import RankAxis, rank_axes, versions_text
from explorer.images import Picture, resize, times
from explorer.names import cut
from explorer.viewer.versions.versions import VersionMetric, VersionScene, VersionTile, VersionValue

MANY = 12  # from where on pictures are sent smaller: all of the catalogue would be many megabytes
SMALL_SIDE = 224  # pixels
FEW = 3  # that are named one by one


def scene_of(reference: Picture, versions: Versions) -> VersionScene:
    """All of it.

    Args:
        reference: As given.
    """
    axes = {axis.metric.name: axis for axis in rank_axes(versions)}
    metrics = [axis.metric for axis in axes.values()]
    metrics += [metric for metric in versions.metrics if metric not in metrics]
    side = VIEW_SIDE if len(versions.names) <= MANY else SMALL_SIDE
    size = versions.reference.size
    measured = f"{times(size)}, as given" if size == reference.size else f"at {times(size)}"
    opposed = versions.disagreement or ()
    return VersionScene(
        reference=resize(versions.reference, side).pixels,
        reference_name=cut(reference.name),
        reference_note=measured,
        metrics=tuple(_metric(versions, metric, axes.get(metric.name)) for metric in metrics),
        tiles=tuple(_tile(versions, each, metrics, axes, side) for each in versions.found),
        coming=len(versions.names) - len(versions.found) - len(versions.refused),
        opposed=tuple(each.name for each in opposed),
        notes=_notes(reference, versions),
        orders={metric.name: versions_text(versions, metric.name) for metric in metrics},
    )


def _metric(versions: Versions, metric: Metric, axis: RankAxis | None) -> VersionMetric:
    ends = axis.ends if axis else ("", "")
    held = ""
    if metric is versions.held:
        held = said(metric, versions.equality.target)
        held += f", all {len(versions.equal)}" if versions.is_complete else ""
    return VersionMetric(metric.name, metric.label, metric.direction, *ends, held)


def _tile(
    versions: Versions, version: Version, metrics: list[Metric], axes: dict[str, RankAxis], side: int
) -> VersionTile:
    return VersionTile(
        key=version.name,
        name=version.entry.label,
        picture=resize(version.seen, side).pixels,
        parameters=version.step.label,
        remark=versions.remark(version),
        nearest=versions.nearest(version),
        values=tuple(
            VersionValue(
                value_text(metric, version.value(metric.name)),
                rank := versions.rank(version, metric.name),
                short_ordinal(rank) if rank else "",
                axes[metric.name].place(version.value(metric.name)) if metric.name in axes else None,
            )
            for metric in metrics
        ),
    )


def _said(versions: Versions) -> str:
    found, whole = len(versions.found), len(versions.names)
    if not versions.is_complete:
        return f"{found} of {whole} are made."
    if versions.held is None:
        return f"{found} versions."
    return f"{len(versions.equal)} of {whole} reach it."


def _notes(reference: Picture, versions: Versions) -> tuple[str, ...]:
    """What must be known to read the pictures."""
    notes = [f"{_how(versions.equality, versions.held)} {_said(versions)}"]
    others = [each for each in versions.found if not versions.is_equal(each)]
    if 0 < len(others) <= FEW:
        notes += [f"{each.entry.label}: {versions.remark(each)}." for each in others]
    elif others:
        notes.append(f"{len(others)} do not reach it: they stand last, without a number.")
    size = versions.reference.size
    if size != reference.size:
        notes.append(
            f"Distorted and measured at {times(size)}. Inspect distorts the picture as given, so its numbers "
            "differ a little."
        )
    return tuple(notes)


def _how(equality: Equality, held: Metric | None) -> str:
    if held is None:
        return f"Each has severity {equality.target:.2f}."
    name = "" if held.unit else f"{held.label} "
    return f"Each is tuned until it has {name}{value_text(held, equality.target)}."
