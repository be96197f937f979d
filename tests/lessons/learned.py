"""What k-means learns from few patches of two photographs, once for all tests of a process."""

from functools import lru_cache

from explorer.lessons import kmeans
from explorer.samples import load_sample

FEW = (1_500, 600)  # patches: enough for a group each


def photographs():
    return [load_sample("cat"), load_sample("coffee")]


@lru_cache(1)
def few():
    """AlexNet's tensors, and what was told on the way: (done, conv1's filters)."""
    told = []
    state = kmeans.learned_state(photographs(), patches=FEW, progress=lambda *step: told.append(step))
    return state, told
