"""The component that compares networks by what they know."""
