"""What a distortion's parameters are at a severity."""

from explorer.distortions import CATALOGUE


def value(name, severity, parameter):
    """One physical parameter of a distortion at a severity."""
    return dict(CATALOGUE[name].values(severity))[parameter]
