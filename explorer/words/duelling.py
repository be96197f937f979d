"""The words of the page Duel: pictures made by a metric's gradient."""

from explorer.words.entry import Entry, Source

MAD = Source(
    "Wang, Simoncelli: Maximum differentiation (MAD) competition: A methodology for comparing computational "
    "models of perceptual quantities, Journal of Vision, 2008",
    "https://doi.org/10.1167/8.12.8",
)

ADVERSARIAL = Source(
    "Kettunen, Härkönen, Lehtinen: E-LPIPS: Robust Perceptual Image Similarity via Random Transformation "
    "Ensembles, 2019",
    "https://arxiv.org/abs/1906.03973",
)

INVERSION = Source(
    "Mahendran, Vedaldi: Understanding Deep Image Representations by Inverting Them, CVPR 2015",
    "https://arxiv.org/abs/1412.0035",
)

EIGENDISTORTIONS = Source(
    "Berardino, Ballé, Laparra, Simoncelli: Eigen-Distortions of Hierarchical Representations, NIPS 2017",
    "https://arxiv.org/abs/1710.02266",
)

DUELLING = {
    "duel": Entry(
        "duel",
        "A picture is changed step by step, along a metric’s gradient, to find out what that metric ignores.",
        "The gradient says for every pixel which way the number moves. Whoever follows it long enough finds "
        "pictures that no camera and no codec makes, and on which metrics part. They show what a number can "
        "miss, and not that it errs on ordinary pictures.",
        ("mad-competition", "adversarial", "inversion", "eigendistortion"),
        MAD,
    ),
    "mad-competition": Entry(
        "MAD competition",
        "One metric stays as it is, and another one is lowered and raised as far as that allows.",
        "The letters stand for maximum differentiation. Both pictures are equal to the metric that is held; "
        "if people see at a glance which is worse, it has missed that. Then the two change places. One pair "
        "of pictures can decide between two metrics, where thousands of ordinary ones agree with both.",
        ("held", "duel", "disagreement"),
        MAD,
    ),
    "held": Entry(
        "held",
        "A metric whose value stays the same while another one moves.",
        "After each step the picture is brought back to where the metric has its value. PSNR is held within "
        "0.02 dB, SSIM within 0.002, and a distance within 1%, all of the picture in 8 bits. A lock marks "
        "the metric that is held.",
        ("mad-competition", "psnr", "ssim"),
    ),
    "adversarial": Entry(
        "adversarial",
        "Changed on purpose and hardly visibly, so that a metric says something else.",
        "A change of two or four grey levels in each pixel, in the direction that counts most, can turn "
        "which of two versions a metric finds closer. Nobody sees it. It shows that the metric can be "
        "fooled by who knows it, and little about pictures that nobody has made for it.",
        ("transfer", "duel"),
        ADVERSARIAL,
    ),
    "transfer": Entry(
        "transfer",
        "Whether a picture that was made to fool one metric fools others, too.",
        "Networks that have learned from the same photographs share some of what they overlook, so that "
        "changes made for one work on the next. Where they do not, the two look at different things, and "
        "to ask both is a way to notice that one is being fooled.",
        ("adversarial", "backbone"),
    ),
    "inversion": Entry(
        "inversion",
        "A picture grown from noise until a layer takes it for the reference.",
        "It has all that this layer keeps, and is free in all that it throws away: the first layers keep "
        "nearly everything, later ones let go of place and colour. Two pictures that a layer cannot tell "
        "apart are called metamers of it.",
        ("layer", "feature", "duel"),
        INVERSION,
    ),
    "eigendistortion": Entry(
        "eigendistortion",
        "The small change of a picture that a metric sees most, or least, among all of the same energy.",
        "Near the reference a distance is a squared length, measured by a matrix. Its first eigenvector is "
        "what the metric sees most, its last what it sees least. The larger the ratio of their eigenvalues, "
        "the less changes of one PSNR are alike to it.",
        ("duel", "psnr"),
        EIGENDISTORTIONS,
    ),
}
