"""The line under a report and a figure that says exactly what was measured with."""

from explorer.analysis.region import Findings
from explorer.metrics.provenance import citation_of


def citation(found: Findings) -> str:
    """The citable line: metric, network, weights with their checksums, sizes, resize filter, versions."""
    return citation_of(found.measurement)
