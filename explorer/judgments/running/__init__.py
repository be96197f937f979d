"""Measuring a set of judgments by many metrics: in batches, resumable, on one machine or a cluster."""
