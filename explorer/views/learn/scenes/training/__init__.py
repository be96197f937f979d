"""Does training matter: networks that know more and more, held against PSNR on one ladder, and against people."""

from explorer.views.learn.scenes.training.scene import draw

__all__ = ["draw"]
