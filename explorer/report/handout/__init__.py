"""The handout: a lesson on paper, each chapter a page with this picture's numbers."""

from explorer.report.handout.page import Handout, file_of, handout, handout_html

__all__ = ["Handout", "file_of", "handout", "handout_html"]
