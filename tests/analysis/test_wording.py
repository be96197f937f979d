"""What a distance is comparable with is said in the same words wherever it is said."""

from pathlib import Path

from explorer.analysis.wording import COMPARABLE


def test_the_readme_says_it_as_the_pages_do():
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
    assert COMPARABLE in " ".join(readme.split())


def test_all_that_a_distance_depends_on_is_named():
    for word in ("reference", "size", "network", "weights", "layers", "heads"):
        assert word in COMPARABLE
