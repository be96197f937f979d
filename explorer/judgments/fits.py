"""The curve from distances to opinion scores by which Pearson's correlation is taken: 5 parameters, logistic.

Sheikh, Sabir, Bovik: A Statistical Evaluation of Recent Full Reference Image Quality Assessment Algorithms,
IEEE TIP 2006, equation 1, as the Video Quality Experts Group has proposed it:

    f(x) = b1 * (1/2 - 1 / (1 + exp(b2 * (x - b3)))) + b4 * x + b5
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.optimize import OptimizeResult, minimize
from scipy.special import expit

from explorer.analysis.wording import counted

FEWEST = 6  # different distances, one more than there are parameters
# Slopes b2 for distances of standard deviation 1: from nearly straight to nearly a step. Without ends the
# best curve of straight data lies at infinity, towards which a search goes on for ever.
SLOPES = (0.1, 100.0)
STARTS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)  # slopes from which the search begins
MIDDLES = np.linspace(0.05, 0.95, 10)  # and where in the distances' ranks the middle b3 lies there
CLOSE = 1e-5  # how near to each other curves are when the search ends, in these units
LONGEST = 500  # curves that a search looks at


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
    """Fit the curve by least squares.

    For a slope and a middle the other three are a linear fit, so that two are searched for, from the best of
    a grid (variable projection: Golub and Pereyra 1973).

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
    result = _search(x, y)
    if not result.success:
        return _none("the search for its parameters found no end")
    b2, b3 = np.exp(result.x[0]), result.x[1]
    (b1, b4, b5), _ = _linear(b2, b3, x, y)
    rise = scale_y / scale_x
    parameters = (
        b1 * scale_y,
        b2 / scale_x,
        b3 * scale_x + distance.mean(),
        b4 * rise,
        b5 * scale_y + mos.mean() - b4 * rise * distance.mean(),
    )
    return Logistic(tuple(map(float, parameters)), True)


def _search(x: np.ndarray, y: np.ndarray) -> OptimizeResult:
    """Slope, as its logarithm, and middle of the best curve; by a simplex, for steep curves have kinks."""

    def mean_square(each: np.ndarray) -> float:
        return np.mean(_linear(np.exp(each[0]), each[1], x, y)[1] ** 2)

    start = min(product(np.log(STARTS), np.quantile(x, MIDDLES)), key=mean_square)
    return minimize(
        mean_square,
        start,
        method="Nelder-Mead",
        bounds=[np.log(SLOPES), (x.min(), x.max())],
        options={"xatol": CLOSE, "fatol": CLOSE**2, "maxfev": LONGEST},
    )


def _linear(b2: float, b3: float, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The best b1, b4 and b5 for a slope and a middle, and the curve less the scores, (n,)."""
    parts = np.stack([_sigmoid(b2 * (x - b3)), x, np.ones_like(x)], axis=1)
    found = np.linalg.lstsq(parts, y, rcond=None)[0]
    return found, parts @ found - y


def _curve(b: np.ndarray, x: np.ndarray) -> np.ndarray:
    return b[0] * _sigmoid(b[1] * (x - b[2])) + b[3] * x + b[4]


def _sigmoid(z: np.ndarray) -> np.ndarray:
    """1/2 - 1 / (1 + exp(z)), which does not overflow."""
    return expit(z) - 0.5


def _none(why: str) -> Logistic:
    return Logistic((float("nan"),) * 5, False, why)
