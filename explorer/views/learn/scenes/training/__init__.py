"""Does training matter? Networks that know more and more, on one ladder beside PSNR, and beside people."""

from explorer.views.learn.scenes.training.scene import draw

__all__ = ["draw"]
