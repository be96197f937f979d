"""The component that shows versions of one picture, ordered by a metric."""
