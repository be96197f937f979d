"""The words of asking people."""

from explorer.words.entry import LPIPS, Entry, Source

JOD = Source(
    "Perez-Ortiz, Mantiuk: A practical guide and software for analysing pairwise comparison experiments, "
    "2017",
    "https://arxiv.org/abs/1712.03686",
)

QUEST_PLUS = Source(
    "Watson: QUEST+: A general multidimensional Bayesian adaptive psychometric method, Journal of Vision, "
    "2017",
    "https://doi.org/10.1167/17.3.10",
)

PEOPLE = {
    "judgment": Entry(
        "judgment",
        "What one person says of one trial, such as that A is closer to the reference.",
        "People see the pictures and not what was done to them, in an order and on sides that are drawn for "
        "each. One judgment says little, and many of one trial how sure people are: at 50% they guess.",
        ("forced-choice", "jnd", "sentinel", "disagreement"),
        LPIPS,
    ),
    "forced-choice": Entry(
        "2AFC",
        "Two versions of a picture are shown beside it, and one must be chosen as the closer one.",
        "The letters stand for two-alternative forced choice. “Both alike” cannot be said, so that small "
        "differences show when many are asked. A metric is held against the choices: it scores where it "
        "finds the version closer that most people chose.",
        ("judgment", "jnd", "sentinel"),
        LPIPS,
    ),
    "jnd": Entry(
        "JND",
        "Two pictures are shown one after the other, and people say whether they are the same.",
        "The letters stand for just noticeable difference. Each picture is shown for a second, with a "
        "quarter of a second between them, so that there is no time to search. What most take for the "
        "same is below what can just be noticed.",
        ("judgment", "forced-choice", "sentinel"),
        LPIPS,
    ),
    "sentinel": Entry(
        "sentinel",
        "A trial whose answer is plain, which shows who does not look.",
        "In 2AFC it is the reference itself against a distortion at its strongest, in JND the same picture "
        "twice, or one that is ruined. Who fails several of them may have tapped at random, and can be left "
        "out of the results.",
        ("judgment", "forced-choice", "jnd"),
    ),
    "ceiling": Entry(
        "ceiling",
        "How often people agree with what people said, against which metrics are held.",
        "It is the mean of h² + (1 − h)², where h is the part of people who chose one of two versions. With "
        "few answers a trial it is too high, for everybody agrees with themselves. It is no limit: a metric "
        "that sided with the majority each time would score more.",
        ("judgment", "forced-choice"),
        LPIPS,
    ),
    "jod": Entry(
        "JOD",
        "A unit of quality: at a difference of one, three of four people choose the same version.",
        "The letters stand for just-objectionable difference. A scale in JOD is made of many choices between "
        "two. Its zero is free, and versions that no chain of choices joins cannot be held against one "
        "another.",
        ("judgment", "forced-choice"),
        JOD,
    ),
    "threshold": Entry(
        "threshold",
        "The severity from which on one person notices a distortion of one picture.",
        "They are asked which of two pictures is distorted, now weaker and now stronger. Who sees nothing is "
        "right half of the time; at the threshold 82% of the answers are right. Each severity is the one "
        "whose answer is expected to teach most.",
        ("jnd", "severity", "forced-choice"),
        QUEST_PLUS,
    ),
}
