"""The component that shows candidates beside each other, with their maps on one scale."""
