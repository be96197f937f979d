"""From what became of the trials to the distances of a set, which are then held against people."""

from collections.abc import Iterable, Mapping

import numpy as np

from explorer.errors import SettingError
from explorer.judgments.distances import Distances
from explorer.judgments.running.measuring import Outcome
from explorer.judgments.running.reading import count_of
from explorer.judgments.running.way import Way
from explorer.judgments.sets import Couple, Opinion, Skipped, Trial, TrialSet, Triplet
from explorer.names import cut, harmless

Values = Mapping[int, tuple[tuple[float, ...], ...]]  # by the trial's place, for each metric its distances


def gathered(trials: TrialSet, way: Way, found: Iterable[Outcome]) -> Distances:
    """What a run has found; trials that could not be measured are among the skipped.

    Raises:
        SettingError: none could be measured.
    """
    values, errors = {}, {}
    for each in found:
        if each.distances is None:
            errors[each.place] = each.error
        else:
            values[each.place] = each.distances
    return distances_of(trials, way, values, errors)


def distances_of(trials: TrialSet, way: Way, values: Values, errors: Mapping[int, str]) -> Distances:
    """A set's trials with their distances.

    Args:
        trials, way: What was measured.
        values: Of the trials that could be measured.
        errors: The sentences of the others, by place.

    Raises:
        SettingError: there are no values.
    """
    if not values:
        why = f": {next(iter(errors.values()))}" if errors else "."
        raise SettingError(f"No trial of {cut(harmless(trials.name))} could be measured{why}")
    places = sorted(values)
    measured = [trials.trials[place] for place in places]
    table = np.array([values[place] for place in places])  # (trials, metrics, 1 or 2)
    failed = tuple(
        Skipped(_called(trials.trials[place]), error.removesuffix(".")) for place, error in errors.items()
    )
    first = measured[0]
    return Distances(
        trials.name,
        trials.kind,
        way.names,
        np.array([trial.subset for trial in measured], object),
        np.array([trial.name for trial in measured], object),
        np.array([trial.group for trial in measured], object),
        np.array([_people(trial) for trial in measured], float),
        table[..., 0].T,
        table[..., 1].T if count_of(first) == 2 else None,
        higher_is_closer=first.higher_is_closer if isinstance(first, Opinion) else True,
        skipped=(*trials.skipped, *failed),
        notes=(*trials.notes, f"{way.words[0].upper()}{way.words[1:]}."),
    )


def _people(trial: Trial) -> float:
    if isinstance(trial, Triplet):
        return trial.judge
    return trial.same if isinstance(trial, Couple) else trial.mos


def _called(trial: Trial) -> str:
    return cut(harmless(f"{trial.subset}/{trial.name}"))
