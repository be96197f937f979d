"""What was made in a duel, to take away: contact sheet, animation, table, and all frames with their numbers.

`account` says what is told, once for all of them.
"""

from explorer.report.duel.account import Account, Told
from explorer.report.duel.animation import ANIMATIONS, animation
from explorer.report.duel.archive import archive, to_json
from explorer.report.duel.history import history
from explorer.report.duel.sheet import contact_sheet

__all__ = ["ANIMATIONS", "Account", "Told", "animation", "archive", "contact_sheet", "history", "to_json"]
