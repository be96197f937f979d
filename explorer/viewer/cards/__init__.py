"""The component that asks which of two versions of a picture is closer to it."""
