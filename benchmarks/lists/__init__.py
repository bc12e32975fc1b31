"""What lists earn and whether they keep their promises, measured on simulated companies whose truth is known."""
