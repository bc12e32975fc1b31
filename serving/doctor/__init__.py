"""The doctor: all that can be wrong on an installation, and how each is mended."""
