"""What was found of a pair, to print, to show and to cite: a figure, a page, a line.

`panels` says what there is to see, once for both; `choice` what of it goes into a figure, which `figure` lays
out on one of the `sheets`; `page` is the report as one file.
"""

from explorer.report.choice import (
    COLUMNS_FIRST,
    FIRST,
    PARTS,
    Choice,
    check_parts,
    parts_of,
    parts_of_columns,
)
from explorer.report.citation import citation
from explorer.report.columns import figure_of_columns
from explorer.report.figure import figure
from explorer.report.page import report_html
from explorer.report.sheets import FORMATS

__all__ = [
    "COLUMNS_FIRST",
    "FIRST",
    "FORMATS",
    "PARTS",
    "Choice",
    "check_parts",
    "citation",
    "figure",
    "figure_of_columns",
    "parts_of",
    "parts_of_columns",
    "report_html",
]
