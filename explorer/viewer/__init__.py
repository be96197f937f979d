"""The linked image viewers: Streamlit components that show a scene and report how it is looked at.

`viewer` shows one measured pair, `gallery` the maps of several measurements of a pair, `ranking` a table of
pictures by metrics, and `candidates` these pictures beside each other, in the table's order. Zoom, pan and
display settings live in the browser, so that changing them needs no rerun to be seen; the settings are
reported to Python, which can write them into a link. A folder a component; what they share is in `common/`.
"""

from explorer.viewer.gallery.gallery import Gallery, GalleryDisplay, GalleryMap, gallery
from explorer.viewer.pair.display import Display, RegionDisplay
from explorer.viewer.pair.pair import viewer
from explorer.viewer.pair.scene import Field, LayerMap, PixelMap, Scene, Spot

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
    "gallery",
    "viewer",
]
