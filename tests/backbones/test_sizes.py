"""Whether an image is large enough is judged in one place, in a sentence that says who could take it."""

import pytest

from explorer.backbones import BACKBONES, find_backbone
from explorer.backbones.sizes import LARGER_SIZE, too_small

ALEXNET = find_backbone("alexnet")


@pytest.mark.parametrize("name", BACKBONES)
def test_the_smallest_side_is_large_enough_and_one_pixel_less_is_not(name):
    row = BACKBONES[name]
    side = row.smallest_side
    assert too_small(row, (side, side + 9), row.layer_names) == ""
    assert f"{row.label} needs at least {side} on the short side" in too_small(row, (side + 9, side - 1))


def test_a_picture_too_small_is_told_which_networks_could():
    text = too_small(ALEXNET, (20, 40), name="s.png")
    assert text.startswith("s.png measures 20 × 40 pixels, but AlexNet needs at least 31")
    assert "VGG16" in text.partition("which could")[2]
    assert "use a larger image" in text
    assert "DISTS" not in text  # which has no maps and no gradient, and so is refused in many places


def test_where_no_network_could_none_is_named():
    assert too_small(ALEXNET, (2, 2)).endswith("use a larger image.")


def test_a_layer_without_cells_is_named_with_the_mend():
    text = too_small(find_backbone("resnet18"), (32, 32), ("avgpool", "layer4.0.conv1"), mend=LARGER_SIZE)
    assert text == "" or LARGER_SIZE in text
