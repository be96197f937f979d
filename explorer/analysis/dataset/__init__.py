"""A data set at a glance: many measured pairs, from a table or from two folders, as arrays to be asked."""

from explorer.analysis.dataset.overview import (
    LayerMean,
    Spread,
    answer,
    as_text,
    count_of,
    drawn,
    layer_means,
    order,
    spread,
)
from explorer.analysis.dataset.reading import MOST_BYTES, MOST_ROWS, check_bytes, read_rows, read_table
from explorer.analysis.dataset.values import Dataset, How, Metric

__all__ = [
    "MOST_BYTES",
    "MOST_ROWS",
    "Dataset",
    "How",
    "LayerMean",
    "Metric",
    "Spread",
    "answer",
    "as_text",
    "check_bytes",
    "count_of",
    "drawn",
    "layer_means",
    "order",
    "read_rows",
    "read_table",
    "spread",
]
