"""Projects: a pair, how it is measured, its boxes and results in one file, which opens again on any machine.

`archive` packs and unpacks the zip, `document` is its `project.json`, `results` its `results.json`,
`project` the value of all of it, and `files` saves and opens one by its path; docs/files.md describes it.
"""

from explorer.projects.files import open_project, save_project
from explorer.projects.project import PictureFile, Project

__all__ = ["PictureFile", "Project", "open_project", "save_project"]
