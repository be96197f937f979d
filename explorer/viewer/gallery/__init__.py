"""The component that shows the maps of several measurements of a pair."""
