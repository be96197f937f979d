"""What was found of a pair, to print, to show and to cite: a figure, a page, a line.

`panels` says what there is to see, once for both; `figure` lays it out as one picture, `page` as one file.
"""

from explorer.report.citation import citation
from explorer.report.figure import figure_png
from explorer.report.page import report_html

__all__ = ["citation", "figure_png", "report_html"]
