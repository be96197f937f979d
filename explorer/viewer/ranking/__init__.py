"""The component that shows candidates by metrics."""
