"""The words of holding metrics against people."""

from explorer.words.entry import LPIPS, Entry

EVALUATING = {
    "two-afc": Entry(
        "2AFC score",
        "How often a metric finds the same of two versions closer as people do.",
        "A metric that chooses as 80% of people did gets 0.8 for the trial, and one that cannot choose 0.5. "
        "The score is the mean over all trials: a coin reaches 50%. Where people are of two minds it is low, "
        "whatever the metric; so beside it stands how often people agree with each other, which is no limit.",
        ("forced-choice", "judgment", "ceiling", "interval"),
        LPIPS,
    ),
    "interval": Entry(
        "interval",
        "Where a score would lie, in 95 of 100 cases, had other references been judged.",
        "References are drawn again and again from those that there are, each with all of its trials, and "
        "the score is found anew each time (the bootstrap). Two metrics are compared on the same draws, "
        "which tells smaller differences apart than their own intervals do.",
        ("two-afc",),
    ),
}
