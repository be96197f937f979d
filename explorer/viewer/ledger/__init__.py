"""The component of a ledger that builds up: maps, their means, and the sum."""
