"""Questions asked of the metrics, one file a question; plain Python on frozen results."""
