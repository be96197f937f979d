"""The linked image viewers: Streamlit components that show a scene and report how it is looked at.

`viewer` shows one measured pair, `gallery` the maps of several measurements of a pair, `ranking` a table of
pictures by metrics, `candidates` these pictures beside each other, in the table's order, `shares` the bar of
the layers' shares, `agreement_table` how far metrics agree, `versions` equal versions of one
picture, `words` a glossary. Zoom, pan and display settings live in the browser, so that changing them needs
no rerun to be seen; the settings are reported to Python, which can write them into a link. A folder a
component; what they share is in `common/`, and in `common/sheet/` what only sheets do: gallery and
candidates, whose panels stand in cells.
"""

from explorer.viewer.agreement.agreement import agreement_table
from explorer.viewer.gallery.gallery import Gallery, GalleryDisplay, GalleryMap, gallery
from explorer.viewer.pair.display import Display, RegionDisplay
from explorer.viewer.pair.pair import viewer
from explorer.viewer.pair.scene import Field, LayerMap, PixelMap, Scene, Spot
from explorer.viewer.shares.shares import shares

__all__ = [
    "Display",
    "Field",
    "Gallery",
    "GalleryDisplay",
    "GalleryMap",
    "LayerMap",
    "PixelMap",
    "RegionDisplay",
    "Scene",
    "Spot",
    "agreement_table",
    "gallery",
    "shares",
    "viewer",
]
