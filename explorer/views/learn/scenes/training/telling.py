"""What is said of the networks: taken from what the catalogue says each was trained on, so true for all."""

from explorer.backbones import HEADS
from explorer.lessons import kmeans
from explorer.lessons.emergence import Way
from explorer.lessons.sides import Sides
from explorer.metrics import Method

UNTRAINED, PATCHES, VOTES, NAMED = ABOUT = "untrained", "from patches", "from votes", "from labels"
SAID = UNSEEN, FADING = "no vote was ever seen", "Those that fade count less."
PEOPLE = "human"  # in what something was trained on, where people have judged


def about(way: Way) -> str:
    """What a network has learned from, in two words."""
    if way.kind == "random":
        return UNTRAINED
    if way.kind == "k-means":
        return PATCHES
    heads = HEADS[way.method.heads].trained_on if way.kind == "learned" else ""
    return VOTES if heads or PEOPLE in way.method.row.trained_on else NAMED


def sentence(way: Way, weighs_first: bool) -> str:
    """The same in a sentence.

    Args:
        weighs_first: Whether the heads weigh the very filters that are shown.
    """
    if way.kind == "random":
        return f"{way.method.row.label} with random weights, before any training."
    if way.kind == "k-means":
        return f"Learned on this machine from patches of photographs, {' and '.join(kmeans.LAYERS)} alone."
    row = way.method.row
    votes = PEOPLE in row.trained_on
    if way.kind == "trained":
        return f"Trained on {row.trained_on}" + ("." if votes else f": {UNSEEN}.")
    on = HEADS[way.method.heads].trained_on
    told = f"The same filters, weighed by heads learned from {on}." if on else "Learned with the network."
    return told + (f" {FADING}" if weighs_first else "")


def printed(sides: Sides, method: Method) -> str:
    """What must be known of the paper's table."""
    table = (
        f"Table 5: PSNR {sides.squared_error.mean:.1%}, people themselves {sides.people.mean:.1%}; "
        "bars begin at 50%, a coin."
    )
    if not sides.rows:
        return f"{table} It has no {method.row.label}."
    return table


def counted(sides: Sides) -> str:
    """What the bundled votes say today; "" where they have no metric of this backbone."""
    if sides.counted is None:
        return ""
    own = sides.counted
    return (
        f"Counted now on the {own.trials:,} bundled votes: {own.metric.label} trained on votes "
        f"{own.score:.1%}, people {own.people:.1%}."
    )
