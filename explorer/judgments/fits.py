"""The curve from distances to opinion scores by which Pearson's correlation is taken: 5 parameters, logistic.

Sheikh, Sabir, Bovik: A Statistical Evaluation of Recent Full Reference Image Quality Assessment Algorithms,
IEEE TIP 2006, equation 1, as the Video Quality Experts Group has proposed it:

    f(x) = b1 * (1/2 - 1 / (1 + exp(b2 * (x - b3)))) + b4 * x + b5
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import OptimizeResult, least_squares
from scipy.special import expit

from explorer.analysis.wording import counted

FEWEST = 6  # different distances, one more than there are parameters
SLOPES = (1.0, -1.0, 4.0, -4.0)  # of where the search begins, for distances of standard deviation 1
# Of the parameters, for distances and scores of mean 0 and standard deviation 1. Without them the best curve
# of nearly straight data is a straight one at infinity, towards which a search goes on for ever.
LARGEST = np.array([50.0, 50.0, 5.0, 50.0, 50.0])
ENOUGH = 1e-6  # of the squares' sum, which a step that ends the search takes away
LONGEST = 300  # steps of a search


@dataclass(frozen=True)
class Logistic:
    """A fitted curve.

    Attributes:
        parameters: b1 .. b5 of the equation above, in the units of distances and opinion scores; NaN where
            there is no curve.
        has_converged: Whether the search has come to its end.
        why: Where it has not: a clause such as "only 3 distances differ, and a fit takes 6".
    """

    parameters: tuple[float, float, float, float, float]
    has_converged: bool
    why: str = ""

    def __call__(self, distance: np.ndarray) -> np.ndarray:
        """The opinion score that a distance (n,) stands for."""
        return _curve(np.asarray(self.parameters), np.asarray(distance, float))


def fit_logistic(distance: np.ndarray, mos: np.ndarray) -> Logistic:
    """Fit the curve by least squares (trust region, within LARGEST), from several slopes; the best counts.

    Args:
        distance: (n,), no NaN.
        mos: (n,), finite.
    """
    distance, mos = np.asarray(distance, float), np.asarray(mos, float)
    if not np.isfinite(distance).all():
        return _none("a distance is infinite")
    different = len(np.unique(distance))
    if different < FEWEST:
        count = counted(different, "distance differs", "distances differ")
        return _none(f"only {count}, and a fit takes {FEWEST}")
    if np.ptp(mos) == 0:
        return _none("all opinion scores are equal")
    # Standard units, in which one step of the search means the same for all parameters.
    x, scale_x, scale_y = distance - distance.mean(), distance.std(), mos.std()
    x, y = x / scale_x, (mos - mos.mean()) / scale_y
    found = [_search(x, y, slope) for slope in SLOPES]
    ended = [result for result in found if result.status > 0 and np.isfinite(result.x).all()]
    if not ended:
        return _none("the search for its parameters found no minimum")
    b1, b2, b3, b4, b5 = min(ended, key=lambda result: result.cost).x
    rise = scale_y / scale_x
    parameters = (
        b1 * scale_y,
        b2 / scale_x,
        b3 * scale_x + distance.mean(),
        b4 * rise,
        b5 * scale_y + mos.mean() - b4 * rise * distance.mean(),
    )
    return Logistic(tuple(map(float, parameters)), True)


def _search(x: np.ndarray, y: np.ndarray, slope: float) -> OptimizeResult:
    return least_squares(
        lambda b: _curve(b, x) - y,
        np.array([np.ptp(y), slope, 0.0, 0.0, 0.0]),
        lambda b: _slopes(b, x),
        bounds=(-LARGEST, LARGEST),
        ftol=ENOUGH,
        max_nfev=LONGEST,
    )


def _curve(b: np.ndarray, x: np.ndarray) -> np.ndarray:
    # 1 - 1 / (1 + exp(z)) is expit(z), which does not overflow.
    return b[0] * (expit(b[1] * (x - b[2])) - 0.5) + b[3] * x + b[4]


def _slopes(b: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Derivatives of the curve by its parameters, (n, 5)."""
    s = expit(b[1] * (x - b[2]))
    bell = b[0] * s * (1 - s)
    return np.stack([s - 0.5, bell * (x - b[2]), -bell * b[1], x, np.ones_like(x)], axis=1)


def _none(why: str) -> Logistic:
    return Logistic((float("nan"),) * 5, False, why)
