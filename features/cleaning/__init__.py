"""What becomes of rows before anything is measured: read, bounded, counted, and each kept once."""
