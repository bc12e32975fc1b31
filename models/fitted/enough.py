"""What is enough to learn from: the fewest accounts that a model is fitted on (docs/adr/0011)."""

FEWEST_OF_EACH = 6
"""The fewest accounts that left, and the fewest that stayed, that a horizon is fitted on."""
FEWEST_QUADRANTS = 100
"""The fewest accounts with a quadrant at the horizon that migration is fitted on, or calibrated on."""
