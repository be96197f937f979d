"""Two versions beside their reference: which is closer, and who says so."""
