"""Pictures through a network: whole passes, plain or fused, and passes of one changed window."""
