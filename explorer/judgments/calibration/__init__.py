"""Heads learned from people's votes, as the paper's *lin*."""
